"""The pharmacy's own numbers for the lab, read once and kept together with the versions they came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from compounding.arithmetic import HUNDRED
from compounding.beyond_use import DayCount
from compounding.worksheet import BenchTolerances
from pharmacy.formulations.models import BudClass
from pharmacy.inventory.queries import WEIGHING_POLICIES
from pharmacy.policies.models import PolicyVersion
from pharmacy.policies.queries import find_policy, in_force, text_of

_TOLERANCE = "weighing_tolerance_pct"
_CAP_ASSAY = "cap_assay_at_100"
_DROP_ERROR = "drop_error_flag_pct"
_DAY_COUNT = "bud_day_count"
_CEILING = "bud_extension_ceiling_days"
_FILL_HIGH = "fill_weight.high_pct"
_BENCH_ERRORS = {
    "measure_ml": "bench_error.graduate_ml",
    "syringe_ml": "bench_error.oral_syringe_ml",
    "triturate_pct": "bench_error.triturate_pct",
    "drop_pct": "drop_volume_limit_pct",
}
"""How exact the bench is, by the names of `BenchTolerances`."""
_SCAN = "bench.scan_required"
_TYPED = "bench.typed_weights"
_ZERO = "bench.first_reading_zero"
_SECONDS = "bench.reading_seconds"
_ACCEPTABLE = "checks_that_may_be_accepted"
_FILL_WEIGHT = {
    name: f"fill_weight.{name}" for name in ("sample", "low_pct", "high_pct", "mean_pct", "rsd_pct")
}


@dataclass(frozen=True, kw_only=True)
class BeyondUsePolicies:
    """The days of a beyond-use class, whether the day of compounding is day 1, and how far a study may extend."""

    days: int
    ceiling_days: int
    day_count: DayCount


@dataclass(frozen=True, kw_only=True)
class PlanningPolicies:
    """What a worksheet is planned with. `versions` is policy key -> version in force; `weighing` for `least_by`.

    `bench` is how exact measures, syringes, drops, filling and triturates are; the balance adds itself.
    """

    weighing: Mapping[str, PolicyVersion]
    weighing_tolerance_pct: Decimal
    cap_assay_at_100: bool
    drop_error_flag_pct: Decimal
    bench: BenchTolerances
    beyond_use: BeyondUsePolicies
    versions: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class FillWeightPolicies:
    """How many capsules are weighed, and the limits in percent."""

    sample: int
    limits_pct: tuple[Decimal, Decimal]
    mean_limit_pct: Decimal
    rsd_limit_pct: Decimal


@dataclass(frozen=True, kw_only=True)
class BenchPolicies:
    """How a weight is taken: what has to be scanned, what may be typed, how a balance's reading is used.

    `weighing` is what `least_by` asks for.
    """

    weighing: Mapping[str, PolicyVersion]
    scan_required: bool
    typed_weights: bool
    first_reading_zero: bool
    reading_seconds: int


def planning_policies(bud_class: str, *, on: date) -> PlanningPolicies:
    """Return the policies for planning on that day; raises NoPolicy when one is not approved."""
    days = _days_key(bud_class)
    errors = (*_BENCH_ERRORS.values(), _FILL_HIGH)
    keys = (
        _TOLERANCE,
        _CAP_ASSAY,
        _DROP_ERROR,
        *WEIGHING_POLICIES,
        _DAY_COUNT,
        _CEILING,
        days,
        *errors,
    )
    found = in_force(keys, on=on)
    bench = {name: Decimal(found[key].value) for name, key in _BENCH_ERRORS.items()}
    return PlanningPolicies(
        weighing={key: found[key] for key in WEIGHING_POLICIES},
        weighing_tolerance_pct=Decimal(found[_TOLERANCE].value),
        cap_assay_at_100=found[_CAP_ASSAY].value == "yes",
        drop_error_flag_pct=Decimal(found[_DROP_ERROR].value),
        # A capsule filled further off than this fails its batch, so none in a patient's hand is.
        bench=BenchTolerances(fill_pct=Decimal(found[_FILL_HIGH].value) - HUNDRED, **bench),
        beyond_use=_beyond_use(found, days),
        versions={key: found[key].version for key in keys},
    )


def beyond_use_policies(bud_class: str, *, on: date) -> BeyondUsePolicies:
    """Return the policies for a beyond-use date on that day."""
    days = _days_key(bud_class)
    return _beyond_use(in_force((days, _DAY_COUNT, _CEILING), on=on), days)


def _beyond_use(found: Mapping[str, PolicyVersion], days: str) -> BeyondUsePolicies:
    return BeyondUsePolicies(
        days=int(found[days].value),
        ceiling_days=int(found[_CEILING].value),
        day_count=DayCount(found[_DAY_COUNT].value),
    )


def fill_weight_policies(*, on: date) -> FillWeightPolicies:
    """Return the policies for weighing capsules on that day."""
    found = in_force(_FILL_WEIGHT.values(), on=on)
    value = {name: Decimal(found[key].value) for name, key in _FILL_WEIGHT.items()}
    return FillWeightPolicies(
        sample=int(value["sample"]),
        limits_pct=(value["low_pct"], value["high_pct"]),
        mean_limit_pct=value["mean_pct"],
        rsd_limit_pct=value["rsd_pct"],
    )


def bench_policies(*, on: date) -> BenchPolicies:
    """Return the policies for weighing at the bench on that day."""
    found = in_force((*WEIGHING_POLICIES, _SCAN, _TYPED, _ZERO, _SECONDS), on=on)
    return BenchPolicies(
        weighing={key: found[key] for key in WEIGHING_POLICIES},
        scan_required=found[_SCAN].value == "yes",
        typed_weights=found[_TYPED].value == "yes",
        first_reading_zero=found[_ZERO].value == "yes",
        reading_seconds=int(found[_SECONDS].value),
    )


def weights_may_be_typed(*, on: date) -> bool:
    """Say whether a person may type a mass on that day; otherwise only a balance records one.

    Yes while nobody has decided: the weighing itself then asks for the decision.
    """
    found = find_policy(_TYPED, on=on)
    return found is None or found.value == "yes"


def acceptable_checks(*, on: date) -> frozenset[str]:
    """Return the kinds of failed checks that a pharmacist may accept with a reason on that day."""
    return frozenset(text_of(_ACCEPTABLE, on=on).replace(",", " ").split())


def _days_key(bud_class: str) -> str:
    return f"bud_days.{BudClass(bud_class).value}"
