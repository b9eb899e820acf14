"""The short words of the staff pages: how old an order is, when it is due, what a finding amounts to."""

from datetime import date, datetime
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from compounding import wording
from pharmacy.formulations.models import MasterFormulationRecord
from pharmacy.formulations.words import forms_words, strength_words, units_words
from pharmacy.orders.models import Order, OrderFinding, Severity
from pharmacy.orders.plans import Plan

TONES = {Severity.ABSOLUTE: "stop", Severity.RELATIVE: "hold", Severity.COUNSEL: "plain"}


def age(since: datetime, *, now: datetime) -> str:
    """Return how long ago that was, in the one unit that matters: "25 min", "3 h", "2 days"."""
    minutes = max(int((now - since).total_seconds()) // 60, 0)
    if minutes < 60:
        return _("%(count)s min") % {"count": minutes}
    if minutes < 48 * 60:
        return _("%(count)s h") % {"count": minutes // 60}
    return wording.days(minutes // (24 * 60))


def due(on: date, *, today: date) -> str:
    """Return when something is due: "today", "tomorrow", "24 November", "3 days late"."""
    ahead = (on - today).days
    if ahead < 0:
        return _("%(days)s late") % {"days": wording.days(-ahead)}
    if ahead == 0:
        return _("today")
    if ahead == 1:
        return _("tomorrow")
    return date_format(on, "j M" if on.year == today.year else "j M Y")


def fill_word(order: Order) -> str:
    """Return whether this is a first fill or which refill: "new", "refill 2"."""
    if order.fill_number == 0:
        return _("new")
    return _("refill %(number)s") % {"number": order.fill_number}


def strength(value: Decimal, formula: MasterFormulationRecord) -> str:
    """Return a strength of a formula with its unit: "1.5 mg", "1 mg/mL"."""
    return strength_words(formula, value)


def units(count: int | Decimal, formula: MasterFormulationRecord) -> str:
    """Return a number of a formula's units: "126 capsules", "2 bottles"."""
    return units_words(formula, count)


def medicine(plan: Plan) -> str:
    """Return the medicine of a plan: "Naltrexone HCl capsules, 1.5 mg to 4.5 mg"."""
    form = forms_words(plan.formula)
    name = capfirst(f"{plan.formula.strength_substance.short_name} {form}")
    if plan.formula.is_liquid:
        name = f"{name} {wording.concentration(plan.strength)}"
    return f"{name}, {dose_range(plan)}"


def dose_range(plan: Plan) -> str:
    """Return the doses a plan runs through: "4.5 mg", or "1.5 mg to 4.5 mg" in the order they are taken."""
    first, last = plan.steps[0].dose_mg, plan.steps[-1].dose_mg
    if all(step.dose_mg == first for step in plan.steps):
        return wording.mass(first)
    return _("%(first)s to %(last)s") % {"first": wording.mass(first), "last": wording.mass(last)}


def plan_in_short(plan: Plan) -> str:
    """Return how long a plan runs and what is made for it: "56 days, 126 capsules of 1.5 mg"."""
    return f"{wording.days(plan.total_days)}, {plan.quantity_words}"


def tone(finding: OrderFinding) -> str:
    """Return how loud a finding is: "stop", "hold", "plain", or "done" once it was let pass."""
    if finding.overridden_at is not None:
        return "done"
    return TONES[Severity(finding.severity)]
