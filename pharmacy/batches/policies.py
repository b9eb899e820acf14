"""The pharmacy's own numbers for the lab, read once and kept together with the versions they came from."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from compounding.beyond_use import DayCount
from pharmacy.formulations.models import BudClass
from pharmacy.inventory.queries import WEIGHING_ERROR
from pharmacy.policies.queries import decimal_of, text_of, versions_used, whole_of

_TOLERANCE = "weighing_tolerance_pct"
_CAP_ASSAY = "cap_assay_at_100"
_DROP_ERROR = "drop_error_flag_pct"
_DAY_COUNT = "bud_day_count"
_FILL_WEIGHT = {
    name: f"fill_weight.{name}" for name in ("sample", "low_pct", "high_pct", "mean_pct", "rsd_pct")
}


@dataclass(frozen=True, kw_only=True)
class PlanningPolicies:
    """What a worksheet is planned with. `versions` is policy key -> version in force."""

    weighing_tolerance_pct: Decimal
    cap_assay_at_100: bool
    drop_error_flag_pct: Decimal
    versions: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class BeyondUsePolicies:
    """The days of a beyond-use class, and whether the day of compounding is day 1."""

    days: int
    day_count: DayCount


@dataclass(frozen=True, kw_only=True)
class FillWeightPolicies:
    """How many capsules are weighed, and the limits in percent."""

    sample: int
    limits_pct: tuple[Decimal, Decimal]
    mean_limit_pct: Decimal
    rsd_limit_pct: Decimal


def planning_policies(bud_class: str, *, on: date) -> PlanningPolicies:
    """Return the policies for planning on that day; raises NoPolicy when one is not approved."""
    keys = (_TOLERANCE, _CAP_ASSAY, _DROP_ERROR, WEIGHING_ERROR, _DAY_COUNT, _days_key(bud_class))
    return PlanningPolicies(
        weighing_tolerance_pct=decimal_of(_TOLERANCE, on=on),
        cap_assay_at_100=text_of(_CAP_ASSAY, on=on) == "yes",
        drop_error_flag_pct=decimal_of(_DROP_ERROR, on=on),
        versions=versions_used(keys, on=on),
    )


def beyond_use_policies(bud_class: str, *, on: date) -> BeyondUsePolicies:
    """Return the policies for a beyond-use date on that day."""
    return BeyondUsePolicies(
        days=whole_of(_days_key(bud_class), on=on),
        day_count=DayCount(text_of(_DAY_COUNT, on=on)),
    )


def fill_weight_policies(*, on: date) -> FillWeightPolicies:
    """Return the policies for weighing capsules on that day."""
    return FillWeightPolicies(
        sample=whole_of(_FILL_WEIGHT["sample"], on=on),
        limits_pct=(
            decimal_of(_FILL_WEIGHT["low_pct"], on=on),
            decimal_of(_FILL_WEIGHT["high_pct"], on=on),
        ),
        mean_limit_pct=decimal_of(_FILL_WEIGHT["mean_pct"], on=on),
        rsd_limit_pct=decimal_of(_FILL_WEIGHT["rsd_pct"], on=on),
    )


def _days_key(bud_class: str) -> str:
    return f"bud_days.{BudClass(bud_class).value}"
