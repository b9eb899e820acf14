"""What stands in the gaps of a leaflet edition: from the order, the batch and the policies in force."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from compounding import wording
from compounding.arithmetic import whole_at_least
from pharmacy.batches.models import CompoundingRecord
from pharmacy.documents.contexts.parts import storage_sentence
from pharmacy.letterhead import get_letterhead
from pharmacy.orders.models import Order
from pharmacy.orders.plans import Plan
from pharmacy.policies.queries import decimal_of, text_of

_HOURS_A_DAY = Decimal(24)
_POLICIES: Mapping[str, str] = {
    "opioid_free_days_short": "opioid_free_days.short",
    "opioid_free_days_long": "opioid_free_days.long",
    "after_opioid_restart_days_short": "after_opioid_restart_days.short",
    "surgery_hold_hours": "surgery_hold_hours",
    "half_dose_days": "half_dose_days",
    "missed_days_restart": "missed_days_restart",
    "benefit_weeks": "benefit_review_weeks",
}
"""Gap -> policy whose value is a number."""
_TEXT_POLICIES = ("emergency_number", "crisis_line", "poison_line", "fda_report_line")


def gap_values(order: Order, plan: Plan, record: CompoundingRecord, *, on: date) -> dict[str, str]:
    """Return gap -> words. The gaps about a condition are missing when the prescription names none.

    Raises NoPolicy.
    """
    prescription = order.prescription
    return {
        "pharmacy_phone": get_letterhead().phone,
        "patient_name": prescription.patient.full_name,
        "prescriber_name": str(prescription.prescriber),
        "current_dose": _daily_dose(plan),
        "storage": storage_sentence(record.formula),
        "beyond_use_date": _bud(record),
        **{gap: wording.number(decimal_of(key, on=on)) for gap, key in _POLICIES.items()},
        **{gap: text_of(gap, on=on) for gap in _TEXT_POLICIES},
        **_dose_limits(prescription.substance.rule_set, on),
        "surgery_hold_days": wording.number(
            whole_at_least(decimal_of("surgery_hold_hours", on=on) / _HOURS_A_DAY)
        ),
        "followup_days": _(" and ").join(text_of("followup_days", on=on).split(",")),
        **_about_condition(order),
    }


def _dose_limits(rule_set: str, on: date) -> dict[str, str]:
    """A substance without rules has no limits: a sentence about them is then left out."""
    if not rule_set:
        return {}
    return {
        name: wording.number(decimal_of(f"dose_limits.{rule_set}.{name}", on=on))
        for name in ("warn_above_mg", "override_above_mg")
    }


def _about_condition(order: Order) -> dict[str, str]:
    condition = order.prescription.condition
    if condition is None or not condition.patient_line:
        return {}
    return {
        "condition_name": condition.name,
        "condition_line": condition.patient_line,
        "condition_because": condition.because,
    }


def _daily_dose(plan: Plan) -> str:
    """The most a plan comes to: on a card that is carried for weeks, the first step would soon be wrong."""
    highest = wording.mass(max(step.dose_mg for step in plan.steps))
    if len(plan.steps) == 1:
        return _("%(dose)s a day") % {"dose": highest}
    return _("up to %(dose)s a day") % {"dose": highest}


def _bud(record: CompoundingRecord) -> str:
    if record.beyond_use_on is None:
        raise ValueError("a released batch has a beyond-use date")
    return wording.full_day(record.beyond_use_on)
