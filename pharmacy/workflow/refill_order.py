"""A refill is started: another order of the same prescription, with the safety questions asked again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from compounding import wording
from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.followups.actions import schedule
from pharmacy.followups.models import FollowUpKind
from pharmacy.formulations.queries import approved_formula
from pharmacy.orders.actions import NewFinding, create_order, raise_findings
from pharmacy.orders.models import Order, OrderLine, Prescription, Severity
from pharmacy.orders.plans import Plan, make_plan, steps_from
from pharmacy.orders.states import OrderState
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role
from pharmacy.policies.queries import whole_of
from pharmacy.workflow.check_prescription import (
    days_it_keeps,
    dose_findings,
    leaflet_findings,
    not_verified,
    written_findings,
)

REFILL_GOES_ON = "REFILL-GOES-ON"


class NothingToRefill(Refusal):
    """Nothing of the prescription has been dispensed yet."""


class FillUnderWay(Refusal):
    """Another fill of the prescription is on its way."""


class NoRefillLeft(Refusal):
    """The prescriber allowed no more."""


class PrescriptionExpired(Refusal):
    """The prescription is older than the law lets it be filled."""


class RefillTooEarly(Refusal):
    """The patient still has enough of the last fill."""


@dataclass(frozen=True)
class Refills:
    """How far a prescription has been filled: its fills in their order, and how many refills are left."""

    fills: tuple[Order, ...]
    allowed: int
    left: int
    why_not: str
    """Why no refill can be started today; empty when one can."""


def refills_of(prescription: Prescription, *, on: date) -> Refills:
    """Return how far a prescription has been filled, and whether a refill can be started on that day."""
    fills = _fills(prescription)
    why_not = ""
    try:
        _check(prescription, fills, on=on)
    except Refusal as refusal:
        why_not = str(refusal)
    return Refills(
        fills=tuple(fills),
        allowed=prescription.refills,
        left=_left(prescription, fills),
        why_not=why_not,
    )


@writing()
def start_refill(*, prescription: Prescription, by: Actor, at: datetime) -> Order:
    """Return the order of the next refill; its patient is asked the safety questions by a link, opioids first.

    A plan that builds up goes on with its last step, and a pharmacist confirms that. Raises NotYourRole,
    NothingToRefill, FillUnderWay, NoRefillLeft, PrescriptionExpired, RefillTooEarly, or the refusals of the plan.
    """
    person_in(Role.of_staff(), by)
    prescription = Prescription.objects.select_for_update().get(pk=prescription.pk)
    on = timezone.localdate(at)
    fills = _fills(prescription)
    last = _check(prescription, fills, on=on)
    from_step = prescription.steps.count()
    plan = _plan(prescription, from_step, on=on)
    order = create_order(
        prescription=prescription,
        plan=plan,
        due_on=on + timedelta(days=whole_of("order_due_days", on=on)),
        fill_number=max(fill.fill_number for fill in fills) + 1,
        from_step=from_step,
        by=by,
        at=at,
    )
    line = last.lines.get(position=1)
    raise_findings(
        order, findings=list(_findings(prescription, plan, line, from_step, on)), by=by, at=at
    )
    schedule(kind=FollowUpKind.INVITE_PATIENT, due_at=at, order=order)
    record_event(
        event="refill_started", record=prescription, by=by, at=at, new={"rx": order.number}
    )
    return order


def _fills(prescription: Prescription) -> list[Order]:
    fills = prescription.orders.prefetch_related("lines").order_by("fill_number")
    return list(fills.select_related("prescription"))


def _left(prescription: Prescription, fills: list[Order]) -> int:
    """The first fill is no refill, and one that was cancelled uses none up."""
    counted = [fill for fill in fills if fill.state != OrderState.CANCELLED]
    return max(0, prescription.refills - max(0, len(counted) - 1))


def _check(prescription: Prescription, fills: list[Order], *, on: date) -> Order:
    """Return the fill before this one. Raises what stands in the way."""
    dispensed = [fill for fill in fills if fill.state == OrderState.DISPENSED]
    if not dispensed:
        raise NothingToRefill(_("Nothing of this prescription has been dispensed yet."))
    over = (OrderState.DISPENSED, OrderState.CANCELLED)
    under_way = next((fill for fill in fills if fill.state not in over), None)
    if under_way is not None:
        raise FillUnderWay(
            _("Order %(rx)s of this prescription is under way.") % {"rx": under_way.number}
        )
    if _left(prescription, fills) == 0:
        raise NoRefillLeft(_("No refill is left. The prescriber has to write a new prescription."))
    valid_until = timezone.localdate(prescription.received_at) + timedelta(
        days=whole_of("prescription_valid_days", on=on)
    )
    if on > valid_until:
        raise PrescriptionExpired(
            _(
                "This prescription could be filled until %(day)s. The prescriber has to write a new one."
            )
            % {"day": wording.full_day(valid_until)}
        )
    last = dispensed[-1]
    earliest = _runs_out_on(last) - timedelta(days=whole_of("refill_early_days", on=on))
    if on < earliest:
        raise RefillTooEarly(
            _("The last fill lasts until %(last)s. A refill may be started from %(earliest)s.")
            % {
                "last": wording.full_day(_runs_out_on(last) - timedelta(days=1)),
                "earliest": wording.full_day(earliest),
            }
        )
    return last


def _runs_out_on(fill: Order) -> date:
    """The first day for which nothing of a dispensed fill is left."""
    if fill.dispensed_at is None:
        raise ValueError("a dispensed order says when")
    start_on = fill.start_on or timezone.localdate(fill.dispensed_at)
    return start_on + timedelta(days=max(line.days_supply for line in fill.lines.all()))


def _plan(prescription: Prescription, from_step: int, *, on: date) -> Plan:
    formula = approved_formula(prescription.formula_code)
    return make_plan(
        formula=formula,
        strength=prescription.strength.normalize(),
        steps=steps_from(prescription, from_step),
        time_of_day=prescription.time_of_day,
        keeps_days=days_it_keeps(formula, on=on),
        extra=prescription.extra_directions,
    )


def _findings(
    prescription: Prescription, plan: Plan, before: OrderLine, from_step: int, on: date
) -> Iterator[NewFinding]:
    yield from not_verified(prescription)
    yield from leaflet_findings(prescription.substance)
    yield from dose_findings(plan, on=on)
    if before.formula_id != plan.formula.pk:
        yield from written_findings(prescription, plan.formula)
    if from_step > 1:
        dose = wording.mass(plan.steps[0].dose_mg)
        yield NewFinding(
            kind=REFILL_GOES_ON,
            severity=Severity.RELATIVE,
            phrase=f"Refill goes on with {dose} a day",
            evidence=(
                f"The plan built up to {dose} a day. The refill does not begin it again: "
                f"it is the last step, {wording.days(plan.total_days)} at {dose}."
            ),
            pharmacist_text=(
                "Confirm with the patient that this is the dose they take now, and with the prescriber that it "
                "goes on. If the patient takes less, a new prescription is needed."
            ),
        )
