"""A plan at a glance: the staircase, the totals, the formula, how long it keeps."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from compounding import wording
from compounding.beyond_use import fills_needed
from pharmacy.documents.staircase import Staircase, Tread, draw
from pharmacy.orders.models import Order
from pharmacy.orders.plans import Plan, plan_of_order
from pharmacy.orders.queries import first_dose_allowed_from
from pharmacy.workflow.check_prescription import days_it_keeps


@dataclass(frozen=True)
class Fact:
    """One line of a list of facts."""

    label: str
    value: str


@dataclass(frozen=True)
class PlanStep:
    """One step as it would be taken."""

    number: int
    dose: str
    amount: str
    days: str
    dates: str


@dataclass(frozen=True)
class PlanPanel:
    """The plan of an order, computed, with the dates it would have from `starts_on`."""

    plan: Plan
    staircase: Staircase
    steps: tuple[PlanStep, ...]
    facts: tuple[Fact, ...]
    begins: str


def plan_panel(order: Order, *, today: date) -> PlanPanel:
    """Return the plan of an order from its first day: the one set, or the first that is allowed. Reads one policy."""
    plan = plan_of_order(order)
    starts_on = first_day(order, today=today)
    treads = [Tread(days=step.days, dose_mg=step.dose_mg) for step in plan.steps]
    return PlanPanel(
        plan=plan,
        staircase=draw(treads, starts_on=starts_on, key=f"plan-{order.pk}"),
        steps=tuple(_steps(plan, starts_on)),
        facts=tuple(_facts(plan, today)),
        begins=_begins(order, starts_on, today),
    )


def first_day(order: Order, *, today: date) -> date:
    """Return the day of the first dose: the one set, or today, or the earliest that the findings allow."""
    if order.start_on is not None:
        return order.start_on
    return max(today, first_dose_allowed_from(order) or today)


def _begins(order: Order, starts_on: date, today: date) -> str:
    if order.start_on is not None:
        return _("From and to")
    if starts_on == today:
        return _("If begun tonight")
    return _("If begun on %(day)s") % {"day": wording.day(starts_on)}


def _steps(plan: Plan, starts_on: date) -> list[PlanStep]:
    return [
        PlanStep(
            number=step.position,
            dose=wording.mass(step.dose_mg),
            amount=step.amount,
            days=wording.days(step.days),
            dates=_("%(first)s to %(last)s")
            % {"first": wording.day(dated.first_on), "last": wording.full_day(dated.last_on)},
        )
        for step, dated in zip(plan.steps, plan.dated(starts_on), strict=True)
    ]


def _facts(plan: Plan, today: date) -> list[Fact]:
    keeps = days_it_keeps(plan.formula, on=today)
    fills = fills_needed(days_of_therapy=plan.total_days, bud_days=keeps)
    in_all = _("%(mass)s in %(days)s") % {
        "mass": wording.milligrams(plan.total_mg),
        "days": wording.days(plan.total_days),
    }
    facts = [Fact(_("Total dose"), in_all)]
    if plan.formula.is_liquid and plan.volume_ml is not None:
        facts.append(Fact(_("Taken"), wording.millilitres(plan.volume_ml)))
    return [
        *facts,
        Fact(_("To make"), plan.quantity_words),
        Fact(
            _("Formula"),
            _("%(name)s, version %(version)s")
            % {"name": plan.formula.name, "version": plan.formula.version},
        ),
        Fact(_("Keeps"), f"{wording.days(keeps)}: {plan.formula.get_bud_class_display()}"),
        Fact(_("Fills needed"), _fills_in_words(fills, plan, keeps)),
    ]


def _fills_in_words(fills: int, plan: Plan, keeps: int) -> str:
    if fills == 1:
        return "1"
    return _("%(fills)s (the plan runs %(plan)s, it keeps %(keeps)s)") % {
        "fills": fills,
        "plan": wording.days(plan.total_days),
        "keeps": wording.days(keeps),
    }
