"""An order that is being written: what was typed, kept in the session until it is signed.

Each order has a key of its own in its address, so that two tabs with two patients never mix. The key is also
what makes a second press of "Sign and send" send nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict

from pharmacy.web.prescriber.forms import step_values

MOST_DRAFTS = 6
MOST_STEPS = 12
_DRAFTS = "prescription_drafts"
_SENT = "prescriptions_sent"
_NOT_KEPT = {"csrfmiddlewaretoken", "action", "signed_name"}


@dataclass(frozen=True)
class Draft:
    """What was typed so far, by input name."""

    key: str
    typed: Mapping[str, str]
    is_new: bool = False
    """Nobody has sent anything yet."""

    @property
    def steps(self) -> int:
        """How many steps the plan shows: at least one, at most MOST_STEPS."""
        shown = self.typed.get("steps", "")
        wanted = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 4 else 1
        return max(1, min(wanted, MOST_STEPS))

    def with_steps(self, steps: list[dict[str, str]]) -> "Draft":
        """Return the draft with these steps in place of the ones it has."""
        kept = {name: value for name, value in self.typed.items() if not name.startswith("step-")}
        for number, step in enumerate(steps):
            kept |= {f"step-{number}-{name}": value for name, value in step.items()}
        return Draft(key=self.key, typed=kept | {"steps": str(len(steps))})

    def step_list(self) -> list[dict[str, str]]:
        """Return what was typed into each step."""
        return step_values(self.typed, self.steps)


def typed_draft(key: str, post: QueryDict) -> Draft:
    """Return the draft that a form was sent with."""
    typed = {name: str(value) for name, value in post.items() if name not in _NOT_KEPT}
    return Draft(key=key, typed=typed)


def kept_draft(session: SessionBase, key: str) -> Draft | None:
    """Return the draft kept under this key, if it is this browser's and not sent yet."""
    typed: dict[str, str] | None = session.get(_DRAFTS, {}).get(key)
    return None if typed is None else Draft(key=key, typed=typed)


def keep_draft(session: SessionBase, draft: Draft) -> None:
    """Keep the draft in the session; the oldest goes when there are more than MOST_DRAFTS."""
    drafts: dict[str, Any] = session.get(_DRAFTS, {})
    drafts.pop(draft.key, None)
    drafts[draft.key] = dict(draft.typed)
    while len(drafts) > MOST_DRAFTS:
        del drafts[next(iter(drafts))]
    session[_DRAFTS] = drafts


def mark_sent(session: SessionBase, key: str, order_id: int) -> None:
    """Remember that this draft became an order, and forget what was typed."""
    drafts: dict[str, Any] = session.get(_DRAFTS, {})
    drafts.pop(key, None)
    session[_DRAFTS] = drafts
    session[_SENT] = {**session.get(_SENT, {}), key: order_id}


def sent_order_id(session: SessionBase, key: str) -> int | None:
    """Return the order that this draft became, if it was sent from this browser."""
    sent: int | None = session.get(_SENT, {}).get(key)
    return sent
