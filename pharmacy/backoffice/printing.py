"""What one press of "Print" asked for, kept in the session until the papers are open: which papers, and why again."""

from collections.abc import MutableMapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import ngettext

from pharmacy.documents.models import PrintEvent

Session = MutableMapping[str, Any]

_KEY = "papers_printing"
_MOST_KEPT = 20
_UNDER_WAY = timedelta(minutes=1)
"""So long a page looks again by itself; a press that was not followed to its end is forgotten then."""


def say_what_stock_lacked(request: HttpRequest, events: Sequence[PrintEvent]) -> None:
    """Tell whoever printed how many of the labels no lot on the shelf had, if any; they are printed all the same."""
    missing = sum(event.labels_not_in_stock for event in events)
    if missing:
        messages.warning(
            request,
            ngettext(
                "%(count)s label was taken from no lot: the shelf has none of these. Receive a lot, or count it.",
                "%(count)s labels were taken from no lot: the shelf has too few of these. Receive a lot, or count it.",
                missing,
            )
            % {"count": missing},
        )


@dataclass(frozen=True)
class PrintJob:
    """Papers that are printed together, in their order."""

    document_ids: list[int]
    reason: str
    asked_at: str
    """When it was asked for, as ISO 8601."""
    is_open: bool = False
    """Whether the papers were noted as printed and may be read."""

    def is_under_way(self, *, at: datetime) -> bool:
        """Say whether somebody pressed a moment ago and the papers are not open yet."""
        return not self.is_open and at - datetime.fromisoformat(self.asked_at) < _UNDER_WAY


def remember(
    session: Session, order_id: int, *, document_ids: list[int], reason: str, at: datetime
) -> None:
    """Keep what is being printed for an order, in place of what was printed for it before."""
    _keep(session, order_id, PrintJob(document_ids, reason, at.isoformat()))


def note_open(session: Session, order_id: int, job: PrintJob) -> None:
    """Keep that the papers of a job may now be read."""
    _keep(session, order_id, replace(job, is_open=True))


def job_of(session: Session, order_id: int) -> PrintJob | None:
    """Return what was last printed, or is being printed, for an order in this session."""
    kept = session.get(_KEY, {}).get(str(order_id))
    return None if kept is None else PrintJob(**kept)


def _keep(session: Session, order_id: int, job: PrintJob) -> None:
    jobs = {key: each for key, each in session.get(_KEY, {}).items() if key != str(order_id)}
    newest = list(jobs.items())[-_MOST_KEPT:]
    session[_KEY] = {**dict(newest), str(order_id): asdict(job)}
