"""The audit trail of a record, in the words of the trade."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pharmacy.audit.models import AuditEvent
from pharmacy.batches.models import CompoundingRecord

EVENT_WORDS: dict[str, Promise] = {
    "prescription_received": gettext_lazy("Prescription received"),
    "prescription_clarified": gettext_lazy("Prescription clarified"),
    "order_received": gettext_lazy("Order received"),
    "order_intake_received": gettext_lazy("The patient's answers came in"),
    "order_findings_raised": gettext_lazy("The safety rules raised findings"),
    "order_finding_overridden": gettext_lazy("A finding was let pass"),
    "order_question_asked": gettext_lazy("A question was asked"),
    "order_question_answered": gettext_lazy("The question was answered"),
    "order_approved": gettext_lazy("Approved"),
    "order_compounding_started": gettext_lazy("Its batch was planned"),
    "order_batch_rejected": gettext_lazy("Its batch was rejected; to be made again"),
    "order_ready": gettext_lazy("Released; ready to dispense"),
    "order_batch_recalled": gettext_lazy("Its batch was recalled"),
    "order_dispensed": gettext_lazy("Dispensed"),
    "order_held": gettext_lazy("Put on hold"),
    "order_hold_returns_elsewhere": gettext_lazy("The hold leads elsewhere when lifted"),
    "order_start_set": gettext_lazy("Day of the first dose set"),
    "order_hold_lifted": gettext_lazy("Hold lifted"),
    "order_cancelled": gettext_lazy("Cancelled"),
    "link_replaced": gettext_lazy("A fresh link was sent to the patient"),
    "refill_started": gettext_lazy("A refill was started"),
    "patient_called": gettext_lazy("The patient was called"),
    "check_in_received": gettext_lazy("The patient said how it goes"),
    "check_in_seen": gettext_lazy("Somebody looked at it"),
    "policy_drafted": gettext_lazy("Drafted"),
    "policy_changed": gettext_lazy("Draft changed"),
    "policy_approved": gettext_lazy("Approved"),
    "batch_planned": gettext_lazy("Planned"),
    "batch_weighing_started": gettext_lazy("Weighing begun"),
    "batch_weighed": gettext_lazy("An ingredient was weighed"),
    "batch_wrong_container": gettext_lazy("A wrong container was stopped"),
    "batch_step_done": gettext_lazy("A step was done"),
    "batch_steps_followed": gettext_lazy("Its steps were entered in the trail"),
    "batch_deviation_reported": gettext_lazy("A deviation was written down"),
    "batch_deviation_closed": gettext_lazy("A deviation was closed"),
    "batch_photo_kept": gettext_lazy("A photograph was kept"),
    "batch_compounded": gettext_lazy("Compounded"),
    "batch_check_recorded": gettext_lazy("A quality check was recorded"),
    "batch_checked": gettext_lazy("Quality checks complete"),
    "batch_released": gettext_lazy("Released"),
    "batch_rejected": gettext_lazy("Rejected"),
    "batch_recalled": gettext_lazy("Recalled"),
    "batch_planned_ahead": gettext_lazy("Planned ahead of orders"),
    "batch_looked_at_again": gettext_lazy("Looked at again before dispensing"),
    "line_set_aside": gettext_lazy("Set aside for this order"),
    "order_container_taken": gettext_lazy("Handed out in a container"),
    "order_filled": gettext_lazy("Filled from finished stock"),
    "balance_token_made": gettext_lazy("A token was made"),
    "balance_token_withdrawn": gettext_lazy("Its token was withdrawn"),
    "document_requested": gettext_lazy("A paper was asked for"),
    "document_opened": gettext_lazy("A paper was opened"),
    "stock_settled": gettext_lazy("What was set aside left"),
    "batch_units_settled": gettext_lazy("Units that were set aside left"),
    "batch_put_on_shelf": gettext_lazy("Put on the ingredients’ shelf"),
    "lot_received": gettext_lazy("Received"),
    "lot_released": gettext_lazy("Released"),
    "lot_exhausted": gettext_lazy("Used up"),
    "lot_reopened": gettext_lazy("In use again"),
    "lot_expired": gettext_lazy("Expired"),
    "lot_recalled": gettext_lazy("Recalled"),
    "lot_file_kept": gettext_lazy("A file was kept"),
    "reorder_point_set": gettext_lazy("Minimum set"),
    "balance_calibrated": gettext_lazy("Calibrated"),
    "balance_failed_calibration": gettext_lazy("Failed its calibration"),
    "balance_repeatability_tested": gettext_lazy("Repeatability tested"),
    "recall_opened": gettext_lazy("Opened"),
    "recall_approved": gettext_lazy("Approved; stopped everything, queued the messages"),
    "recall_withdrawn": gettext_lazy("Withdrawn"),
    "recall_drilled": gettext_lazy("A drill was run"),
    "recall_closed": gettext_lazy("Closed"),
    "recall_tried": gettext_lazy("Tried to reach them"),
    "recall_reached": gettext_lazy("Reached"),
    "recall_given_up": gettext_lazy("Written down as not reachable"),
    "order_hold_extended": gettext_lazy("Held for a recall too"),
    "line_set_aside_withdrawn": gettext_lazy("Its batch was taken away"),
    "pack_statistic_measured": gettext_lazy("Pack statistic measured"),
    "intake_submitted": gettext_lazy("The patient signed the answers"),
    "stock_discarded": gettext_lazy("Discarded"),
    "stock_corrected": gettext_lazy("Stock corrected after a count"),
    "formula_drafted": gettext_lazy("Drafted"),
    "formula_changed": gettext_lazy("Changed"),
    "formula_approved": gettext_lazy("Approved"),
    "formula_retired": gettext_lazy("Retired"),
    "dropper_calibrated": gettext_lazy("Dropper calibrated"),
    "edition_drafted": gettext_lazy("Drafted"),
    "edition_changed": gettext_lazy("Changed"),
    "edition_approved": gettext_lazy("Approved"),
    "edition_retired": gettext_lazy("Retired"),
    "study_read": gettext_lazy("Ticked as read"),
    "enquiry_received": gettext_lazy("Received"),
    "enquiry_answered": gettext_lazy("Answered"),
    "enquiry_closed": gettext_lazy("Closed without an answer"),
}
_TOLD = ("note", "reason", "lot", "quantity", "how")


@dataclass(frozen=True)
class Happening:
    """One line of a history."""

    at: datetime
    what: str
    who: str
    note: str


def history_of(*records: models.Model | None) -> tuple[Happening, ...]:
    """Return what happened to these records, newest first: one query."""
    return tuple(_line(event) for event in _events_of(*records).order_by("-id")[:200])


def _events_of(*records: models.Model | None) -> models.QuerySet[AuditEvent]:
    asked = Q()
    for record in records:
        if record is not None:
            asked |= Q(record_type=record._meta.label_lower, record_id=str(record.pk))
    return AuditEvent.objects.filter(asked)


def history_of_batch(record: CompoundingRecord) -> tuple[Happening, ...]:
    """Return what happened to a batch with each step that was done, newest first: two queries.

    The trail holds the steps of a batch in one event, written when they end; here each stands at its own time.
    """
    steps = [
        Happening(
            at=step.at,
            what=in_words("batch_step_done"),
            who=step.by.signed_name,
            note=_(", ").join(
                filter(None, [_("step %(number)s") % {"number": step.position}, step.entry])
            ),
        )
        for step in record.steps_done.select_related("by").order_by("-position")
    ]
    events = _events_of(record).exclude(event__in=("batch_step_done", "batch_steps_followed"))
    happened = [*(_line(event) for event in events.order_by("-id")[:200]), *steps]
    return tuple(sorted(happened, key=lambda each: each.at, reverse=True))


def _line(event: AuditEvent) -> Happening:
    return Happening(
        at=event.at, what=in_words(event.event), who=event.actor_name, note=_note(event.new)
    )


def in_words(event: str) -> str:
    """Return what an event is called; one that has no words yet keeps its name, without underscores."""
    return str(EVENT_WORDS.get(event) or event.replace("_", " ").capitalize())


def _note(new: dict[str, str | None]) -> str:
    told: Sequence[str] = [str(new[key]) for key in _TOLD if new.get(key) and key != "note"]
    note = new.get("note")
    if note and not str(note).isdigit():
        told = [*told, str(note)]
    return _(", ").join(told)
