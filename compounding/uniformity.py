"""Are the capsules alike? Fill weights, USP <2091> and the acceptance value of USP <905>.

A fill-weight check shows that the capsules were filled evenly. It does not show that each holds its
dose: naltrexone is about 3 % of the fill, and USP <905> lets weight stand in for content only from
25 mg and 25 % of the fill upward. Ten capsules are weighed one by one; their mean hides the odd one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from compounding import given, wording
from compounding.arithmetic import HUNDRED, exactly, settle
from compounding.errors import Refusal
from compounding.spread import mean, sample_sd


class WrongNumberOfUnits(Refusal):
    """Not as many units as the test asks for."""


class LighterThanItsShell(Refusal):
    """A filled capsule weighs no more than an empty one."""


class LimitsReversed(Refusal):
    """The lower limit is not below the upper one."""


@dataclass(frozen=True, slots=True)
class UnitWeight:
    """One capsule: its number from 1, gross and net mg, and net in percent of theoretical (unrounded)."""

    number: int
    gross_mg: Decimal
    net_mg: Decimal
    pct: Decimal
    within: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class FillWeights:
    """The verdict on a fill-weight check; masses in mg and percentages unrounded."""

    units: tuple[UnitWeight, ...]
    mean_net_mg: Decimal
    sd_mg: Decimal
    rsd_pct: Decimal
    mean_pct: Decimal
    units_ok: bool
    rsd_ok: bool
    mean_ok: bool

    @property
    def passes(self) -> bool:
        """Whether every limit is kept."""
        return self.units_ok and self.rsd_ok and self.mean_ok

    @property
    def failing(self) -> tuple[UnitWeight, ...]:
        """The capsules outside their limits."""
        return tuple(unit for unit in self.units if not unit.within)


@exactly
def check_fill_weights(
    gross_mg: Sequence[Decimal],
    *,
    mean_shell_mg: Decimal,
    theoretical_fill_mg: Decimal,
    limits_pct: tuple[Decimal, Decimal],
    rsd_limit_pct: Decimal | None = None,
    mean_limit_pct: Decimal | None = None,
) -> FillWeights:
    """Return the verdict on capsules weighed one by one, each against the theoretical fill.

    `mean_limit_pct` is how far the mean may lie from 100 %. The limits are the pharmacy's own
    (90 to 110 % is the former USP <795> check); they are compared unrounded.
    Raises `TooFewValues`, `LighterThanItsShell` or `LimitsReversed`.
    """
    given.positive(theoretical_fill_mg, "The theoretical fill")
    given.positive(mean_shell_mg, "The mean empty shell")
    limits = _ordered(limits_pct)
    units = tuple(
        _unit(number, gross, mean_shell_mg, theoretical_fill_mg, limits)
        for number, gross in enumerate(gross_mg, 1)
    )
    net = [unit.net_mg for unit in units]
    sd, centre = sample_sd(net), mean(net)
    rsd = sd * HUNDRED / centre
    mean_pct = centre * HUNDRED / theoretical_fill_mg
    return FillWeights(
        units=units,
        mean_net_mg=centre,
        sd_mg=sd,
        rsd_pct=rsd,
        mean_pct=mean_pct,
        units_ok=all(unit.within for unit in units),
        rsd_ok=_within(rsd, rsd_limit_pct, "The limit of the spread"),
        mean_ok=_within(settle(mean_pct) - HUNDRED, mean_limit_pct, "The limit of the mean"),
    )


def _within(off_pct: Decimal, limit_pct: Decimal | None, what: str) -> bool:
    """Return whether that is no farther off than the limit allows; without a limit it is not."""
    return limit_pct is None or abs(settle(off_pct)) <= given.not_negative(limit_pct, what)


def _unit(
    number: int,
    gross_mg: Decimal,
    shell_mg: Decimal,
    theoretical_mg: Decimal,
    limits: tuple[Decimal, Decimal],
) -> UnitWeight:
    net = given.positive(gross_mg, f"The weight of capsule {number}") - shell_mg
    if net <= 0:
        raise LighterThanItsShell(
            f"Capsule {number} weighs {wording.number(gross_mg)} mg, no more than an empty shell "
            f"of {wording.number(shell_mg)} mg."
        )
    pct = net * HUNDRED / theoretical_mg
    return UnitWeight(number, gross_mg, net, pct, limits[0] <= settle(pct) <= limits[1])


def _ordered(limits_pct: tuple[Decimal, Decimal]) -> tuple[Decimal, Decimal]:
    low, high = limits_pct
    given.not_negative(low, "The lower limit")
    if given.positive(high, "The upper limit") <= low:
        raise LimitsReversed(
            f"The limits {wording.number(low)}% to {wording.number(high)}% are the wrong way round."
        )
    return low, high


# USP <2091>: weight variation of hard capsules in two stages and a half

_UNITS_2091 = 20
_UNITS_2091_EXTENDED = 60
_INNER_PCT = Decimal(10)
_OUTER_PCT = Decimal(25)
_NEXT_NET_CONTENTS = "weigh the net contents of the same 20"
_NEXT_FORTY_MORE = "weigh contents of 40 more; of 60, NMT 6 over 10 % and none over 25 %"


@dataclass(frozen=True, kw_only=True, slots=True)
class IntactWeights:
    """The first stage of <2091>: intact capsules against their own average (mg, unrounded)."""

    average_mg: Decimal
    low_mg: Decimal
    high_mg: Decimal
    passes: bool

    @property
    def next_stage(self) -> str | None:
        """What to do next, or None when the capsules have passed."""
        return None if self.passes else _NEXT_NET_CONTENTS


@exactly
def check_intact_weights(
    weights_mg: Sequence[Decimal], *, limits_pct: tuple[Decimal, Decimal]
) -> IntactWeights:
    """Return the verdict of the first stage: each of 20 within the limits around their average."""
    _check_units(weights_mg, _UNITS_2091)
    low, high = _ordered(limits_pct)
    average = mean(weights_mg)
    within = [low <= settle(weight * HUNDRED / average) <= high for weight in weights_mg]
    return IntactWeights(
        average_mg=average,
        low_mg=average * low / HUNDRED,
        high_mg=average * high / HUNDRED,
        passes=all(within),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class NetContents:
    """The second or third stage of <2091>: net contents against their own average (mg, unrounded)."""

    average_mg: Decimal
    over_10_pct: int
    over_25_pct: int
    passes: bool
    next_stage: str | None


@exactly
def check_net_contents(net_mg: Sequence[Decimal]) -> NetContents:
    """Return the verdict on 20 net contents, or on 60 when 40 more were weighed.

    Of 20 not more than 2, of 60 not more than 6, may lie over 10 % from the average, and none over
    25 %. Three to six of 20 call for 40 more.
    """
    sixty = len(net_mg) == _UNITS_2091_EXTENDED
    _check_units(net_mg, _UNITS_2091_EXTENDED if sixty else _UNITS_2091)
    average = mean(net_mg)
    off = [settle(abs(net - average) * HUNDRED / average) for net in net_mg]
    over_10 = sum(pct > _INNER_PCT for pct in off)
    over_25 = sum(pct > _OUTER_PCT for pct in off)
    passes = over_25 == 0 and over_10 <= (6 if sixty else 2)
    goes_on = not sixty and not passes and over_25 == 0 and over_10 <= 6
    return NetContents(
        average_mg=average,
        over_10_pct=over_10,
        over_25_pct=over_25,
        passes=passes,
        next_stage=_NEXT_FORTY_MORE if goes_on else None,
    )


def _check_units(weights_mg: Sequence[Decimal], wanted: int) -> None:
    if len(weights_mg) != wanted:
        raise WrongNumberOfUnits(
            f"The test weighs {wording.number(wanted)} capsules, and there are "
            f"{wording.number(len(weights_mg))} weights."
        )
    for number, weight in enumerate(weights_mg, 1):
        given.positive(weight, f"The weight of capsule {number}")


# USP <905>: the acceptance value

_TARGET_LOW_PCT = Decimal("98.5")
_TARGET_HIGH_PCT = Decimal("101.5")
_K_OF_UNITS = {10: Decimal("2.4"), 30: Decimal("2.0")}
_LEAST_DRUG_MG = Decimal(25)
_LEAST_DRUG_PCT = Decimal(25)


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptanceValue:
    """The acceptance value of <905> and the reference value M it was taken from (percent, unrounded)."""

    reference_pct: Decimal
    value: Decimal
    limit: Decimal

    @property
    def passes(self) -> bool:
        """Whether the value keeps its limit; compared unrounded."""
        return settle(self.value) <= self.limit


def acceptability_constant(units: int) -> Decimal:
    """Return the k of <905>: 2.4 for 10 units, 2.0 for 30. Raises `WrongNumberOfUnits` for any other."""
    if units not in _K_OF_UNITS:
        raise WrongNumberOfUnits(
            f"The acceptance value is taken from 10 or from 30 units, not from {wording.number(units)}."
        )
    return _K_OF_UNITS[units]


def reference_range(target_pct: Decimal) -> tuple[Decimal, Decimal]:
    """Return between which two values the reference value M lies (percent): from 98.5 to 101.5, or to the target."""
    return _TARGET_LOW_PCT, max(_TARGET_HIGH_PCT, given.positive(target_pct, "The target"))


@exactly
def acceptance_value(
    *,
    mean_pct: Decimal,
    sd_pct: Decimal,
    k: Decimal,
    limit: Decimal,
    target_pct: Decimal = HUNDRED,
) -> AcceptanceValue:
    """Return AV = |M − mean| + k s against the limit L1.

    M is the mean where it lies from 98.5 % to 101.5 % (or to the target, if that is higher), and the
    nearer end of that range where it does not. k is 2.4 for 10 units and 2.0 for 30.
    """
    given.positive(mean_pct, "The mean")
    given.not_negative(sd_pct, "The standard deviation")
    given.positive(k, "The acceptability constant")
    given.positive(limit, "The limit")
    lowest, highest = reference_range(target_pct)
    reference = min(max(mean_pct, lowest), highest)
    return AcceptanceValue(
        reference_pct=reference, value=abs(reference - mean_pct) + k * sd_pct, limit=limit
    )


@exactly
def acceptance_of_contents(
    contents_pct: Sequence[Decimal],
    *,
    k: Decimal,
    limit: Decimal,
    target_pct: Decimal = HUNDRED,
) -> AcceptanceValue:
    """Return the acceptance value of the contents of single units, in percent of the label.

    Raises `WrongNumberOfUnits` unless k is that of so many units.
    """
    units = len(contents_pct)
    if acceptability_constant(units) != k:
        raise WrongNumberOfUnits(
            f"For {wording.number(units)} units k is "
            f"{wording.number(acceptability_constant(units))}, not {wording.number(k)}."
        )
    for number, content in enumerate(contents_pct, 1):
        given.not_negative(content, f"The content of unit {number}")
    return acceptance_value(
        mean_pct=mean(contents_pct),
        sd_pct=sample_sd(contents_pct),
        k=k,
        limit=limit,
        target_pct=target_pct,
    )


@dataclass(frozen=True, slots=True)
class UnitLimits:
    """Within what every single unit must lie: (1 ± L2 / 100) M, in percent (unrounded)."""

    low_pct: Decimal
    high_pct: Decimal

    def hold(self, *, lowest_pct: Decimal, highest_pct: Decimal) -> bool:
        """Return whether the lowest and the highest unit lie within the limits."""
        given.not_negative(lowest_pct, "The lowest unit")
        if given.positive(highest_pct, "The highest unit") < lowest_pct:
            raise LimitsReversed(
                f"The lowest unit of {wording.number(lowest_pct)}% is above the highest of "
                f"{wording.number(highest_pct)}%."
            )
        return settle(self.low_pct) <= lowest_pct and highest_pct <= settle(self.high_pct)


@exactly
def unit_limits(*, reference_pct: Decimal, l2_pct: Decimal) -> UnitLimits:
    """Return the limits of <905> for single units, around the reference value M."""
    given.positive(reference_pct, "The reference value")
    margin = (
        reference_pct
        * given.share(given.positive(l2_pct, "The limit L2"), "The limit L2")
        / HUNDRED
    )
    return UnitLimits(reference_pct - margin, reference_pct + margin)


@dataclass(frozen=True, slots=True)
class UniformityMethod:
    """The drug in percent of the fill (unrounded), and whether weight may stand in for content."""

    drug_pct: Decimal
    weight_variation_allowed: bool

    @property
    def required(self) -> str:
        """The method that <905> asks for."""
        return "weight_variation" if self.weight_variation_allowed else "content_uniformity"


@exactly
def uniformity_method(*, drug_mg: Decimal, fill_mg: Decimal) -> UniformityMethod:
    """Return whether weighing may prove the content of a hard capsule filled with powder.

    Only from 25 mg and 25 % of the fill upward (USP <905>, Table 1), so never for low doses.
    """
    given.positive(drug_mg, "The drug")
    if given.positive(fill_mg, "The fill") < drug_mg:
        raise given.OutOfRange(
            f"{wording.milligrams(drug_mg)} of drug is more than the fill of {wording.milligrams(fill_mg)}."
        )
    pct = drug_mg * HUNDRED / fill_mg
    return UniformityMethod(pct, drug_mg >= _LEAST_DRUG_MG and settle(pct) >= _LEAST_DRUG_PCT)


@dataclass(frozen=True, slots=True)
class AssayResult:
    """What the laboratory found, in percent of the label (unrounded), and whether it may be released."""

    pct: Decimal
    passes: bool


@exactly
def assay_pct(*, label_mg: Decimal, found_mg: Decimal) -> Decimal:
    """Return the amount found in percent of the label (unrounded)."""
    given.positive(label_mg, "The labelled amount")
    return given.not_negative(found_mg, "The amount found") * HUNDRED / label_mg


@exactly
def check_assay(
    *, label_mg: Decimal, found_mg: Decimal, limits_pct: tuple[Decimal, Decimal]
) -> AssayResult:
    """Return the assay of a finished preparation against its limits; compared unrounded."""
    low, high = _ordered(limits_pct)
    pct = assay_pct(label_mg=label_mg, found_mg=found_mg)
    return AssayResult(pct, low <= settle(pct) <= high)
