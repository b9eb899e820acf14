"""A prescriber's form becomes a prescription, an order and an invitation, once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from compounding.errors import Refusal
from compounding.prescriber_numbers import NpiWrongCheckDigit
from pharmacy.audit.queries import events_of
from pharmacy.contacts.models import Prescriber
from pharmacy.followups.models import FollowUp
from pharmacy.intake.models import Patient
from pharmacy.orders.models import Order, Prescription
from pharmacy.orders.plans import PlanOutlastsBottle
from pharmacy.orders.states import OrderState
from pharmacy.people.actors import GUEST_PRESCRIBER
from pharmacy.workflow.check_prescription import DoseRefused
from pharmacy.workflow.demonstration import Bench
from pharmacy.workflow.receive_prescription import NotInTheForm, receive_prescription
from tests.factories.job import AT, form, received

pytestmark = pytest.mark.django_db
D = Decimal


def kinds(order: Order) -> set[str]:
    return set(order.findings.values_list("kind", flat=True))


def test_the_capsules_order_of_the_job(bench: Bench) -> None:
    order = received(bench)
    line = order.lines.get()
    assert (line.strength, line.quantity, line.days_supply) == (D("1.5"), 126, 56)
    assert order.state == OrderState.RECEIVED
    assert [(s.dose_mg, s.days) for s in order.prescription.steps.order_by("position")] == [
        (D("1.5"), 14),
        (D("3"), 14),
        (D("4.5"), 28),
    ]
    assert kinds(order) == set()


def test_the_drops_order_of_the_job(bench: Bench) -> None:
    line = received(bench, "drops").lines.get()
    assert (line.strength, line.quantity, line.days_supply) == (D("1"), 1, 28)


@pytest.mark.parametrize("strength", ["0.1", "0.25", "1.5", "4.5"])
def test_a_strength_is_kept_to_the_last_digit(bench: Bench, strength: str) -> None:
    order = received(bench, strength=D(strength), steps=((D(strength), 7),))
    assert Prescription.objects.get(pk=order.prescription_id).strength == D(strength)
    assert order.lines.get().strength == D(strength)


def test_a_second_press_sends_nothing_twice(bench: Bench) -> None:
    first, second = received(bench), received(bench)
    assert first == second
    assert Order.objects.count() == 1
    assert FollowUp.objects.filter(order=first).count() == 1


def test_the_patient_is_invited_when_the_order_comes(bench: Bench) -> None:
    followup = FollowUp.objects.get(order=received(bench))
    assert (followup.kind, followup.due_at) == ("invite_patient", AT)


def test_the_same_patient_is_found_again(bench: Bench) -> None:
    received(bench)
    received(bench, key="second", patient_name="GRACE OKONKWO")
    received(bench, key="third", patient_name="Grace Okonkwo-Hill")
    assert Patient.objects.count() == 2


def test_a_form_never_changes_a_prescriber_we_know(bench: Bench) -> None:
    received(bench, prescriber_email="someone.else@example.org", prescriber_name="Somebody Else")
    known = Prescriber.objects.get(npi="1234567893")
    assert (known.full_name, known.email) == ("Lily Chen", "chen@example.org")


def test_a_prescriber_we_do_not_know_is_a_finding(bench: Bench) -> None:
    order = receive_prescription(form=form(npi="1558598797"), by=GUEST_PRESCRIBER, at=AT)
    assert kinds(order) == {"PRESCRIBER-NOT-VERIFIED"}


@pytest.mark.parametrize("who", ["guest", "pharmacist"])
def test_a_known_npi_typed_by_somebody_else_is_a_finding(bench: Bench, who: str) -> None:
    by = GUEST_PRESCRIBER if who == "guest" else bench.pharmacist
    order = receive_prescription(form=form(), by=by, at=AT)
    assert kinds(order) == {"SENT-WITHOUT-SIGN-IN"}


@pytest.mark.parametrize(
    ("dose", "finding"),
    [
        ("0.05", "DOSE-LOW"),
        ("4.5", None),
        ("4.6", "DOSE-HIGH"),
        ("6", "DOSE-HIGH"),
        ("6.1", "DOSE-VERY-HIGH"),
    ],
)
def test_doses_outside_the_usual_are_findings(bench: Bench, dose: str, finding: str | None) -> None:
    kind, strength = ("drops", D("1")) if dose == "0.05" else ("capsules", D("0.1"))
    order = received(bench, kind, strength=strength, steps=((D(dose), 7),))
    assert kinds(order) == ({finding} if finding else set())


@pytest.mark.parametrize(
    ("changed", "refusal", "told"),
    [
        ({"npi": "1234567890"}, NpiWrongCheckDigit, "1234567890"),
        ({"says_opioid_free": False}, NotInTheForm, "no opioid"),
        ({"date_of_birth": date(2026, 11, 22)}, NotInTheForm, "not in the past"),
        ({"reason": "other", "reason_text": " "}, NotInTheForm, "in words"),
        ({"condition_code": "", "condition_text": ""}, NotInTheForm, "for"),
        ({"strength": D("0.5"), "steps": ((D("10.5"), 7),)}, DoseRefused, "10 mg"),
        ({"steps": ((D("1.5"), 178),)}, PlanOutlastsBottle, "used for 177 days"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    bench: Bench, changed: dict[str, object], refusal: type[Refusal], told: str
) -> None:
    with pytest.raises(refusal, match=told):
        receive_prescription(form=replace(form(), **changed), by=bench.prescriber, at=AT)  # type: ignore[arg-type]
    assert not Order.objects.exists()
    assert not Patient.objects.exists()


def test_the_trail_tells_of_it_without_names(bench: Bench) -> None:
    order = received(bench)
    events = [*events_of(order), *events_of(order.prescription)]
    assert [event.event for event in events] == ["order_received", "prescription_received"]
    assert "Grace" not in str([(event.new, event.actor_name) for event in events])
