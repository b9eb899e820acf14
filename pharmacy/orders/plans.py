"""A titration plan in units of a formula: how much a dose is, how many to make, what the directions say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from compounding import wording
from compounding.errors import Refusal
from compounding.titration import (
    DatedStep,
    TitrationStep,
    pack_capsules,
    pack_liquid,
    plan_schedule,
)
from pharmacy.formulations.models import DosageForm, MasterFormulationRecord
from pharmacy.formulations.queries import check_strength
from pharmacy.formulations.words import forms_words
from pharmacy.orders.models import Order, Prescription, TimeOfDay

SYRINGE_MARK_ML = Decimal("0.05")
LONGEST_PLAN_DAYS = 366


class PlanOutlastsBottle(Refusal):
    """The plan is longer than the preparation keeps."""


class DoseNotMeasurable(Refusal):
    """The dose falls between the marks of an oral syringe."""


class PlanTooLong(Refusal):
    """The plan is longer than a prescription may run."""


@dataclass(frozen=True)
class PlannedStep:
    """One step as it is taken: the dose in mg and in units, for how many days."""

    position: int
    dose_mg: Decimal
    days: int
    units: Decimal
    amount: str


@dataclass(frozen=True)
class Plan:
    """A whole plan. `quantity` counts capsules or bottles; `volume_ml` is what drops add up to."""

    formula: MasterFormulationRecord
    strength: Decimal
    steps: tuple[PlannedStep, ...]
    total_days: int
    total_mg: Decimal
    quantity: int
    quantity_words: str
    volume_ml: Decimal | None
    directions: str

    def dated(self, start_on: date) -> tuple[DatedStep, ...]:
        """Return the steps with the days they run from and to, when the first dose is on `start_on`."""
        return plan_schedule(self._bare(), start_on=start_on)

    def _bare(self) -> tuple[TitrationStep, ...]:
        return tuple(TitrationStep(dose_mg=step.dose_mg, days=step.days) for step in self.steps)


def make_plan(
    *,
    formula: MasterFormulationRecord,
    strength: Decimal,
    steps: Sequence[TitrationStep],
    time_of_day: str,
    keeps_days: int,
    extra: str = "",
) -> Plan:
    """Return the plan in units of this formula and strength.

    `keeps_days` is how long the preparation keeps. Raises StrengthOutOfRange, PlanOutlastsBottle,
    PlanTooLong, DoseNotMeasurable, or compounding's refusals when a dose cannot be made.
    """
    check_strength(formula, strength)
    total_days = sum(step.days for step in steps)
    if total_days > LONGEST_PLAN_DAYS:
        raise PlanTooLong(
            _("This plan runs %(days)s days. A prescription runs at most a year.")
            % {"days": total_days}
        )
    if total_days > keeps_days:
        raise PlanOutlastsBottle(
            _(
                "This plan runs %(days)s days, but the %(form)s can be used for %(keeps)s days. "
                "Shorten the plan, or choose another form."
            )
            % {
                "days": total_days,
                "form": forms_words(formula),
                "keeps": keeps_days,
            }
        )
    if formula.dosage_form == DosageForm.CAPSULE:
        return _capsule_plan(formula, strength, steps, time_of_day, extra)
    return _drops_plan(formula, strength, steps, time_of_day, extra)


def steps_from(prescription: Prescription, first: int) -> list[TitrationStep]:
    """Return the steps of a prescription from the one at position `first` to the last."""
    return [
        TitrationStep(dose_mg=step.dose_mg.normalize(), days=step.days)
        for step in sorted(prescription.steps.all(), key=lambda step: step.position)
        if step.position >= first
    ]


def plan_of(
    prescription: Prescription, formula: MasterFormulationRecord, *, from_step: int = 1
) -> Plan:
    """Return the plan of a prescription that was received; it was checked then, so it is only computed here.

    A refill of a plan that builds up goes on from a later step than the first.
    """
    steps = steps_from(prescription, from_step)
    return make_plan(
        formula=formula,
        strength=prescription.strength.normalize(),
        steps=steps,
        time_of_day=prescription.time_of_day,
        keeps_days=sum(step.days for step in steps),
        extra=prescription.extra_directions,
    )


def plan_of_order(order: Order) -> Plan:
    """Return the plan of an order from its first line's formula."""
    line = min(order.lines.all(), key=lambda line: line.position)
    return plan_of(order.prescription, line.formula, from_step=order.from_step)


def _capsule_plan(
    formula: MasterFormulationRecord,
    strength: Decimal,
    steps: Sequence[TitrationStep],
    time_of_day: str,
    extra: str,
) -> Plan:
    pack = pack_capsules(steps, [strength])
    planned = tuple(
        PlannedStep(
            position=position,
            dose_mg=packed.step.dose_mg,
            days=packed.step.days,
            units=Decimal(packed.each_day[strength]),
            amount=wording.capsules(packed.each_day[strength], strength),
        )
        for position, packed in enumerate(pack.steps, start=1)
    )
    return Plan(
        formula=formula,
        strength=strength,
        steps=planned,
        total_days=sum(step.days for step in planned),
        total_mg=sum((step.dose_mg * step.days for step in planned), Decimal(0)),
        quantity=pack.total_capsules,
        quantity_words=_("%(count)s capsules of %(strength)s")
        % {"count": pack.total_capsules, "strength": wording.mass(strength)},
        volume_ml=None,
        directions=_directions(_("Take"), formula.route, planned, time_of_day, extra),
    )


def _drops_plan(
    formula: MasterFormulationRecord,
    strength: Decimal,
    steps: Sequence[TitrationStep],
    time_of_day: str,
    extra: str,
) -> Plan:
    pack = pack_liquid(steps, strength_mg_per_ml=strength, bottle_ml=formula.package_ml)
    planned = []
    for position, packed in enumerate(pack.steps, start=1):
        if packed.dose_ml % SYRINGE_MARK_ML:
            raise DoseNotMeasurable(
                _(
                    "%(dose)s of %(strength)s is %(ml)s mL, which falls between the 0.05 mL "
                    "marks of an oral syringe. Choose another dose or strength."
                )
                % {
                    "dose": wording.mass(packed.step.dose_mg),
                    "strength": wording.concentration(strength),
                    "ml": wording.rounded(packed.dose_ml, 4),
                }
            )
        planned.append(
            PlannedStep(
                position=position,
                dose_mg=packed.step.dose_mg,
                days=packed.step.days,
                units=packed.dose_ml,
                amount=wording.liquid_dose(dose_mg=packed.step.dose_mg, volume_ml=packed.dose_ml),
            )
        )
    bottles = pack.bottles or 1
    return Plan(
        formula=formula,
        strength=strength,
        steps=tuple(planned),
        total_days=pack.total_days,
        total_mg=sum((step.dose_mg * step.days for step in planned), Decimal(0)),
        quantity=bottles,
        quantity_words=_bottle_words(formula, strength, bottles),
        volume_ml=pack.total_ml,
        directions=_directions(_("Place"), formula.route, planned, time_of_day, extra),
    )


def _bottle_words(formula: MasterFormulationRecord, strength: Decimal, bottles: int) -> str:
    volume = wording.millilitres(formula.package_ml or Decimal(0))
    noun = wording.plural(bottles, "bottle")
    return f"{wording.count_word(bottles)} {volume} {noun} of {wording.concentration(strength)}"


def _directions(
    verb: str, route: str, steps: Sequence[PlannedStep], time_of_day: str, extra: str
) -> str:
    """The sig: one sentence, the first step with how and when, the others with what changes."""
    when = str(TimeOfDay(time_of_day).label)
    parts = []
    for step in steps:
        how = f"{verb} {step.amount} {route} {when}" if step.position == 1 else step.amount
        parts.append(
            how
            if len(steps) == 1
            else _("%(how)s for %(days)s") % {"how": how, "days": wording.days(step.days)}
        )
    sentence = _(", then ").join(parts) + "."
    return f"{sentence} {extra}".strip()
