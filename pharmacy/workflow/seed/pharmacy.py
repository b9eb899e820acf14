"""The demonstration pharmacy: its people, formulas, lots and policies, and a working day's orders."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from pharmacy.contacts.models import EnquiryTopic
from pharmacy.orders.models import Order, Prescription
from pharmacy.workflow.demonstration import (
    Bench,
    answer_for,
    approve,
    bench_of,
    finish_and_check,
    order_from,
    plan,
    release,
    weigh,
)
from pharmacy.workflow.receive_enquiry import EnquiryForm, receive_enquiry
from pharmacy.workflow.seed.answers import answers
from pharmacy.workflow.seed.content import seed_leaflets, seed_policies
from pharmacy.workflow.seed.lab import seed_lab
from pharmacy.workflow.seed.orders import (
    ELENA,
    GRACE,
    JO,
    MAI,
    PER,
    WANDA,
    capsules_form,
    drops_form,
)
from pharmacy.workflow.seed.people import seed_people

D = Decimal


@dataclass(frozen=True)
class DemoOrder:
    """One order of the demonstration day and how far it has come."""

    key: str
    make: Callable[[Bench, datetime], None]


def seed_house(*, at: datetime) -> Bench:
    """Put everything in place that a pharmacy needs before its first order; return the bench. Idempotent."""
    staff = seed_people(at=at)
    author, approver = staff.second_pharmacist, staff.pharmacist
    seed_policies(author=author, approver=approver, at=at)
    seed_leaflets(author=author, approver=approver, at=at)
    balance = seed_lab(author=author, approver=approver, technician=staff.technician, at=at)
    return bench_of(staff, balance)


def seed_day(*, bench: Bench, at: datetime) -> int:
    """Add the orders and enquiries of a working day that are not there yet; return how many orders were added."""
    known = set(Prescription.objects.values_list("idempotency_key", flat=True))
    missing = [order for order in DEMO_ORDERS if order.key not in known]
    for order in missing:
        order.make(bench, at)
    _enquiries(at)
    return len(missing)


def _ready(bench: Bench, at: datetime) -> None:
    """Made, verified and released; waiting to be dispensed."""
    order = _approved(bench, at - timedelta(days=2), "demo-grace")
    record = plan([order], bench=bench, at=at - timedelta(days=1))
    weigh(record, bench=bench, at=at - timedelta(days=1))
    record = finish_and_check(record, bench=bench, at=at - timedelta(days=1))
    release(record, bench=bench, at=at - timedelta(hours=20))


def _to_make(bench: Bench, at: datetime) -> None:
    """Approved, waiting for a batch."""
    form = capsules_form(patient=PER, key="demo-per", steps=((D("4.5"), 90),), strength=D("4.5"))
    order = order_from(form, bench=bench, at=at - timedelta(days=1))
    answer_for(order, answers(sex_at_birth="male"), at=at - timedelta(hours=23))
    approve(order, bench=bench, at=at - timedelta(hours=22))


def _opioid(bench: Bench, at: datetime) -> None:
    """On hold: an opioid three days ago."""
    order = order_from(
        capsules_form(patient=ELENA, key="demo-elena"), bench=bench, at=at - timedelta(hours=5)
    )
    three_days_ago = timezone.localdate(at) - timedelta(days=3)
    answer_for(
        order,
        answers(opioid_last_date=three_days_ago.isoformat(), opioid_last_name="tramadol 50 mg"),
        at=at - timedelta(hours=4),
    )


def _unsure(bench: Bench, at: datetime) -> None:
    """On hold: not sure about opioids, with a cough syrup among the medicines."""
    form = capsules_form(
        patient=MAI,
        key="demo-mai",
        steps=((D("0.25"), 7), (D("0.5"), 7), (D("1"), 14)),
        strength=D("0.25"),
    )
    order = order_from(form, bench=bench, at=at - timedelta(hours=30))
    answer_for(
        order,
        answers(opioid_now="not_sure", medicines=["cough syrup"], allergy=["lactose"]),
        at=at - timedelta(hours=26),
    )


def _clean(bench: Bench, at: datetime) -> None:
    """Drops, nothing found, waiting for review."""
    order = order_from(
        drops_form(patient=JO, key="demo-jo"), bench=bench, at=at - timedelta(hours=4)
    )
    answer_for(order, answers(), at=at - timedelta(hours=3))


def _waiting(bench: Bench, at: datetime) -> None:
    """The patient has not answered yet."""
    order_from(
        capsules_form(patient=WANDA, key="demo-wanda"), bench=bench, at=at - timedelta(hours=1)
    )


def _approved(bench: Bench, at: datetime, key: str) -> Order:
    order = order_from(capsules_form(patient=GRACE, key=key), bench=bench, at=at)
    answer_for(order, answers(), at=at + timedelta(hours=1))
    return approve(Order.objects.get(pk=order.pk), bench=bench, at=at + timedelta(hours=2))


DEMO_ORDERS = (
    DemoOrder("demo-grace", _ready),
    DemoOrder("demo-per", _to_make),
    DemoOrder("demo-mai", _unsure),
    DemoOrder("demo-elena", _opioid),
    DemoOrder("demo-jo", _clean),
    DemoOrder("demo-wanda", _waiting),
)


def _enquiries(at: datetime) -> None:
    receive_enquiry(
        form=EnquiryForm(
            idempotency_key="demo-enquiry-1",
            topic=EnquiryTopic.FIND_PRESCRIBER,
            needs_prescriber=True,
            name="Noor Haddad",
            email="noor.haddad@example.org",
            phone="",
            residence_state="ME",
            message="My rheumatologist does not prescribe this. Who near Portland does?",
        ),
        at=at - timedelta(hours=6),
    )
