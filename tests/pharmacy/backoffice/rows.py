"""Rows of the follow-up pages, made by the pharmacy's own commands where there is one."""

from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

from django.db.models import Max, Model

from pharmacy.audit.actions import writing
from pharmacy.batches.models import CompoundingRecord, Deviation
from pharmacy.contacts.models import Enquiry, EnquiryTopic
from pharmacy.documents.models import PrintRun
from pharmacy.followups.actions import create_check_in, expect_call
from pharmacy.followups.models import CheckIn, FollowUp, FollowUpKind, OutgoingMessage, PatientCall
from pharmacy.followups.states import MessageState
from pharmacy.orders.models import Order, Prescription, TitrationStep
from pharmacy.workflow.demonstration import Bench
from pharmacy.workflow.print_labels import print_labels
from pharmacy.workflow.receive_enquiry import EnquiryForm, receive_enquiry
from tests.factories.job import AT

Row = TypeVar("Row", bound=Model)


def an_enquiry(
    message: str = "Who near Portland prescribes this?", *, at: datetime = AT
) -> Enquiry:
    """Return an open enquiry."""
    form = EnquiryForm(
        idempotency_key=uuid4().hex,
        topic=EnquiryTopic.FIND_PRESCRIBER,
        needs_prescriber=True,
        name="Noor Haddad",
        email="noor.haddad@example.org",
        phone="",
        residence_state="ME",
        message=message,
    )
    return receive_enquiry(form=form, at=at)


def a_check_in(order: Order, *, opioid: str = "yes", side_effects: str = "Vivid dreams") -> CheckIn:
    """Return a check-in that somebody should look at."""
    with writing():
        return create_check_in(
            order=order,
            feeling="worse",
            opioid_since=opioid,
            side_effects=side_effects,
            wants_call=True,
            at=AT,
        )


def a_call(order: Order) -> PatientCall:
    """Return a call that is due."""
    return expect_call(order=order, because="One check-in without an answer", due_at=AT)


def a_failed_message(order: Order) -> OutgoingMessage:
    """Return a message that no mail server took."""
    followup, _made = FollowUp.objects.get_or_create(
        kind=FollowUpKind.SEND_PLAN, order=order, defaults={"due_at": AT, "done_at": AT}
    )
    return OutgoingMessage.objects.create(
        followup=followup,
        state=MessageState.FAILED,
        message_id=f"<{uuid4().hex}@example.org>",
        recipient="grace.okonkwo@example.org",
        subject="Your order",
        body_text="Your papers are ready.",
        body_html="<p>Your papers are ready.</p>",
        queued_at=AT - timedelta(hours=1),
        send_after=AT,
        attempts=6,
        last_error="550 no such mailbox",
    )


def more_orders_like(order: Order, count: int, **changed: Any) -> list[Order]:
    """Return so many copies of an order, each with its own prescription, steps, line and findings."""
    rx, line = order.prescription, order.lines.get()
    start = (Prescription.objects.aggregate(newest=Max("number"))["newest"] or 0) + 1
    made = []
    for number in range(start, start + count):
        copy = _copied(rx, number=number, idempotency_key=uuid4().hex)
        another = _copied(order, prescription=copy, **changed)
        TitrationStep.objects.bulk_create(
            TitrationStep(prescription=copy, position=s.position, dose_mg=s.dose_mg, days=s.days)
            for s in rx.steps.all()
        )
        _copied(line, order=another)
        for finding in order.findings.all():
            _copied(finding, order=another)
        made.append(another)
    return made


def _copied(row: Row, **changed: Any) -> Row:
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    del fields["id"]
    fresh = type(row)(**fields)
    for name, value in changed.items():
        setattr(fresh, name, value)
    fresh.save(force_insert=True)
    return fresh


def a_deviation(record: CompoundingRecord) -> Deviation:
    """Return an open deviation of a batch, as somebody at the bench wrote it down."""
    return Deviation.objects.create(
        record=record,
        what_happened="The hood was off for a minute.",
        what_was_done="Waited until it ran again.",
        at=AT,
        by=record.planned_by,
    )


def a_run(order: Order, bench: Bench) -> PrintRun:
    """Return a print run with the label of one ready order, as a technician asks for it."""
    return print_labels(
        orders=[order],
        stock="roll-4x2",
        start_position=1,
        by=bench.technician,
        at=AT,
    )
