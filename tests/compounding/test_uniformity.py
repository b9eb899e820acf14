"""Fill weights, USP <2091>, USP <905> and assay."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from compounding.errors import Refusal
from compounding.given import OutOfRange
from compounding.spread import TooFewValues, mean, sample_sd
from compounding.strength import equivalent_mg
from compounding.uniformity import (
    LighterThanItsShell,
    LimitsReversed,
    WrongNumberOfUnits,
    acceptance_of_contents,
    acceptance_value,
    check_assay,
    check_fill_weights,
    check_intact_weights,
    check_net_contents,
    uniformity_method,
    unit_limits,
)
from tests.compounding.refusals import assert_refused

D = Decimal
_LIMITS = (D(90), D(110))


def _fill(*gross: str, rsd: str | None = None, mean_off: str | None = None) -> object:
    return check_fill_weights(
        [D(weight) for weight in gross],
        mean_shell_mg=D(50),
        theoretical_fill_mg=D(100),
        limits_pct=_LIMITS,
        rsd_limit_pct=None if rsd is None else D(rsd),
        mean_limit_pct=None if mean_off is None else D(mean_off),
    )


def test_mean_and_sample_spread() -> None:
    values = [D(2), D(4), D(9)]
    assert mean(values) == 5
    assert str(sample_sd(values)).startswith("3.60555127546398929311922126747049594625")
    assert sample_sd([D(1), D(1)]) == 0
    assert_refused(TooFewValues, "There is nothing to take a mean of.", lambda: mean([]))
    assert_refused(
        TooFewValues,
        "A spread needs at least two values, and there are 1.",
        lambda: sample_sd([D(1)]),
    )


def test_each_capsule_is_held_against_the_theoretical_fill() -> None:
    verdict = check_fill_weights(
        [D(140), D(160), D("139.9")],
        mean_shell_mg=D(50),
        theoretical_fill_mg=D(100),
        limits_pct=_LIMITS,
    )
    assert [unit.within for unit in verdict.units] == [True, True, False]
    assert [(unit.number, unit.gross_mg, unit.net_mg, unit.pct) for unit in verdict.failing] == [
        (3, D("139.9"), D("89.9"), D("89.9"))
    ]
    assert not verdict.units_ok
    assert not verdict.passes


def test_half_a_milligram_of_powder_is_a_fill() -> None:
    verdict = check_fill_weights(
        [D("50.5"), D("50.5")],
        mean_shell_mg=D(50),
        theoretical_fill_mg=D("0.5"),
        limits_pct=_LIMITS,
    )
    assert verdict.passes


def test_a_limit_holds_on_its_edge_when_the_fill_never_ends() -> None:
    third = equivalent_mg(D(100), from_mw=D(3), to_mw=D(1))
    verdict = check_fill_weights(
        [D(80), D(80)], mean_shell_mg=D(50), theoretical_fill_mg=third, limits_pct=(D(90), D(91))
    )
    assert verdict.passes


def test_spread_and_mean_have_limits_of_their_own() -> None:
    def check(rsd: str | None, mean_off: str | None) -> tuple[bool, bool, bool, bool]:
        verdict = check_fill_weights(
            [D(151), D(155)],
            mean_shell_mg=D(50),
            theoretical_fill_mg=D(100),
            limits_pct=_LIMITS,
            rsd_limit_pct=None if rsd is None else D(rsd),
            mean_limit_pct=None if mean_off is None else D(mean_off),
        )
        return verdict.units_ok, verdict.rsd_ok, verdict.mean_ok, verdict.passes

    assert check(None, None) == (True, True, True, True)
    assert check("2.75", "3") == (True, True, True, True)
    assert check("2.74", "3") == (True, False, True, False)
    assert check("2.75", "2.9") == (True, True, False, False)


def test_a_mean_below_the_target_counts_like_one_above() -> None:
    low = check_fill_weights(
        [D(146), D(148)],
        mean_shell_mg=D(50),
        theoretical_fill_mg=D(100),
        limits_pct=_LIMITS,
        mean_limit_pct=D("2.9"),
    )
    assert (low.mean_pct, low.mean_ok) == (D(97), False)


_TWENTY = [D(200)] * 18


def test_intact_capsules_are_held_against_their_own_average() -> None:
    verdict = check_intact_weights([*_TWENTY, D(180), D(220)], limits_pct=_LIMITS)
    assert (verdict.average_mg, verdict.low_mg, verdict.high_mg) == (D(200), D(180), D(220))
    assert (verdict.passes, verdict.next_stage) == (True, None)
    failing = check_intact_weights([*_TWENTY, D("179.9"), D("220.1")], limits_pct=_LIMITS)
    assert (failing.passes, failing.next_stage) == (False, "weigh the net contents of the same 20")


def _net(*odd: int, of: int = 20) -> tuple[int, int, bool, str | None]:
    """Weigh that many, most of them near 1000; a pair of odd ones leaves the average at 1000."""
    verdict = check_net_contents([D(1000)] * (of - len(odd)) + [D(weight) for weight in odd])
    return verdict.over_10_pct, verdict.over_25_pct, verdict.passes, verdict.next_stage


_FORTY_MORE = "weigh contents of 40 more; of 60, NMT 6 over 10 % and none over 25 %"


def test_net_contents_of_twenty() -> None:
    assert _net(900, 1100) == (0, 0, True, None)
    assert _net(899, 1101) == (2, 0, True, None)
    assert _net(890, 1110, 880, 1120) == (4, 0, False, _FORTY_MORE)
    assert _net(890, 1110, 880, 1120, 870, 1130) == (6, 0, False, _FORTY_MORE)
    assert _net(890, 1110, 880, 1120, 870, 1130, 860, 1140) == (8, 0, False, None)
    assert _net(890, 1110, 880, 1120, 870, 1130, 880) == (7, 0, False, None)
    assert _net(750, 1250) == (2, 0, True, None)
    assert _net(749, 1251) == (2, 2, False, None)


def test_net_contents_of_sixty() -> None:
    assert _net(890, 1110, 880, 1120, 870, 1130, of=60) == (6, 0, True, None)
    assert _net(890, 1110, 880, 1120, 870, 1130, 860, 1140, of=60) == (8, 0, False, None)
    assert _net(890, 1110, 880, 1120, 870, 1130, 880, of=60) == (7, 0, False, None)
    assert _net(740, 1260, of=60) == (2, 2, False, None)


@pytest.mark.parametrize("units", [0, 19, 21, 59, 61])
def test_the_test_names_how_many_it_weighs(units: int) -> None:
    sentence = f"The test weighs 20 capsules, and there are {units} weights."
    weights = [D(1)] * units
    assert_refused(
        WrongNumberOfUnits, sentence, lambda: check_intact_weights(weights, limits_pct=_LIMITS)
    )
    assert_refused(WrongNumberOfUnits, sentence, lambda: check_net_contents(weights))


def test_a_weight_of_nothing_is_no_weight() -> None:
    assert_refused(
        OutOfRange,
        "The weight of capsule 20 must be more than 0, not 0.",
        lambda: check_net_contents([D(1)] * 19 + [D(0)]),
    )


def _av(mean_pct: str, sd_pct: str, *, target: str = "100") -> tuple[Decimal, Decimal, bool]:
    result = acceptance_value(
        mean_pct=D(mean_pct), sd_pct=D(sd_pct), k=D("2.4"), limit=D(15), target_pct=D(target)
    )
    return result.reference_pct, result.value, result.passes


def test_the_reference_value_is_the_mean_or_the_nearer_end() -> None:
    assert _av("99.2", "2.1") == (D("99.2"), D("5.04"), True)
    assert _av("98.5", "0") == (D("98.5"), D(0), True)
    assert _av("97", "0") == (D("98.5"), D("1.5"), True)
    assert _av("103", "0") == (D("101.5"), D("1.5"), True)
    assert _av("103", "0", target="105") == (D(103), D(0), True)


def test_an_acceptance_value_of_fifteen_still_passes() -> None:
    assert _av("100", "6.25")[1:] == (D(15), True)
    assert _av("100", "6.26")[2] is False


def test_the_acceptance_value_of_single_contents() -> None:
    ten = [D(99)] * 5 + [D(101)] * 5
    found = acceptance_of_contents(ten, k=D("2.4"), limit=D(15))
    assert (found.reference_pct, found.limit, found.passes) == (D(100), D(15), True)
    assert str(found.value).startswith("2.5298221281347034655")
    thirty = acceptance_of_contents(
        [D(104)] * 15 + [D(106)] * 15, k=D("2.0"), limit=D(15), target_pct=D(104)
    )
    assert (thirty.reference_pct, str(thirty.value)[:8]) == (D(104), "3.034190")
    assert acceptance_of_contents([D(0), *[D(100)] * 9], k=D("2.4"), limit=D(15)).passes is False


def test_as_many_contents_as_their_constant_is_for() -> None:
    assert_refused(
        WrongNumberOfUnits,
        "The acceptance value is taken from 10 or from 30 units, not from 9.",
        lambda: acceptance_of_contents([D(100)] * 9, k=D("2.4"), limit=D(15)),
    )
    assert_refused(
        WrongNumberOfUnits,
        "For 10 units k is 2.4, not 2.",
        lambda: acceptance_of_contents([D(100)] * 10, k=D(2), limit=D(15)),
    )
    assert_refused(
        OutOfRange,
        "The content of unit 10 must not be negative, and -1 is.",
        lambda: acceptance_of_contents([*[D(100)] * 9, D(-1)], k=D("2.4"), limit=D(15)),
    )


def test_every_unit_lies_within_25_percent_of_the_reference() -> None:
    limits = unit_limits(reference_pct=D("98.5"), l2_pct=D(25))
    assert (limits.low_pct, limits.high_pct) == (D("73.875"), D("123.125"))
    assert limits.hold(lowest_pct=D("73.875"), highest_pct=D("123.125"))
    assert not limits.hold(lowest_pct=D("73.874"), highest_pct=D(100))
    assert not limits.hold(lowest_pct=D(100), highest_pct=D("123.126"))
    assert limits.hold(lowest_pct=D(100), highest_pct=D(100))
    assert_refused(
        LimitsReversed,
        "The lowest unit of 101% is above the highest of 100%.",
        lambda: limits.hold(lowest_pct=D(101), highest_pct=D(100)),
    )


@pytest.mark.parametrize(
    ("drug", "fill", "pct", "allowed"),
    [
        ("4.5", "150", "3", False),
        ("25", "100", "25", True),
        ("24.9", "30", "83", False),
        ("25", "100.1", "24.975024975", False),
        ("100", "100", "100", True),
    ],
)
def test_weight_stands_in_for_content_from_25_mg_and_25_percent(
    drug: str, fill: str, pct: str, allowed: bool
) -> None:
    method = uniformity_method(drug_mg=D(drug), fill_mg=D(fill))
    assert str(method.drug_pct).startswith(pct)
    assert method.weight_variation_allowed is allowed
    assert method.required == ("weight_variation" if allowed else "content_uniformity")


def test_an_assay_is_compared_unrounded() -> None:
    result = check_assay(label_mg=D("4.5"), found_mg=D("4.05"), limits_pct=_LIMITS)
    assert (result.pct, result.passes) == (D(90), True)
    assert check_assay(label_mg=D("4.5"), found_mg=D("4.95"), limits_pct=_LIMITS).passes
    assert not check_assay(label_mg=D("4.5"), found_mg=D("4.0499"), limits_pct=_LIMITS).passes
    assert not check_assay(label_mg=D("4.5"), found_mg=D("4.9501"), limits_pct=_LIMITS).passes
    assert not check_assay(label_mg=D("4.5"), found_mg=D(0), limits_pct=_LIMITS).passes


def _weights(**changes: object) -> object:
    usual: dict[str, object] = {
        "mean_shell_mg": D(50),
        "theoretical_fill_mg": D(100),
        "limits_pct": _LIMITS,
    }
    return check_fill_weights([D(150), D(151)], **{**usual, **changes})  # type: ignore[arg-type]


def _value(**changes: Decimal) -> object:
    usual = {"mean_pct": D(100), "sd_pct": D(1), "k": D("2.4"), "limit": D(15)}
    return acceptance_value(**{**usual, **changes})


_IMPOSSIBLE: list[tuple[type[Refusal], str, Callable[[], object]]] = [
    (
        OutOfRange,
        "The theoretical fill must be more than 0, not 0.",
        lambda: _weights(theoretical_fill_mg=D(0)),
    ),
    (
        OutOfRange,
        "The mean empty shell must be more than 0, not 0.",
        lambda: _weights(mean_shell_mg=D(0)),
    ),
    (
        OutOfRange,
        "The lower limit must not be negative, and -1 is.",
        lambda: _weights(limits_pct=(D(-1), D(110))),
    ),
    (
        OutOfRange,
        "The upper limit must be more than 0, not 0.",
        lambda: _weights(limits_pct=(D(0), D(0))),
    ),
    (
        LimitsReversed,
        "The limits 110% to 90% are the wrong way round.",
        lambda: _weights(limits_pct=(D(110), D(90))),
    ),
    (
        LimitsReversed,
        "The limits 90% to 90% are the wrong way round.",
        lambda: _weights(limits_pct=(D(90), D(90))),
    ),
    (OutOfRange, "The weight of capsule 1 must be more than 0, not 0.", lambda: _fill("0", "151")),
    (
        LighterThanItsShell,
        "Capsule 2 weighs 50 mg, no more than an empty shell of 50 mg.",
        lambda: _fill("151", "50"),
    ),
    (
        TooFewValues,
        "A spread needs at least two values, and there are 1.",
        lambda: _fill("151"),
    ),
    (TooFewValues, "A spread needs at least two values, and there are 0.", _fill),
    (OutOfRange, "The mean must be more than 0, not 0.", lambda: _value(mean_pct=D(0))),
    (
        OutOfRange,
        "The standard deviation must not be negative, and -1 is.",
        lambda: _value(sd_pct=D(-1)),
    ),
    (OutOfRange, "The acceptability constant must be more than 0, not 0.", lambda: _value(k=D(0))),
    (OutOfRange, "The limit must be more than 0, not 0.", lambda: _value(limit=D(0))),
    (OutOfRange, "The target must be more than 0, not 0.", lambda: _value(target_pct=D(0))),
    (
        OutOfRange,
        "The reference value must be more than 0, not 0.",
        lambda: unit_limits(reference_pct=D(0), l2_pct=D(25)),
    ),
    (
        OutOfRange,
        "The limit L2 must be below 100%, not 100%.",
        lambda: unit_limits(reference_pct=D(100), l2_pct=D(100)),
    ),
    (
        OutOfRange,
        "The lowest unit must not be negative, and -1 is.",
        lambda: unit_limits(reference_pct=D(100), l2_pct=D(25)).hold(
            lowest_pct=D(-1), highest_pct=D(1)
        ),
    ),
    (
        OutOfRange,
        "The highest unit must be more than 0, not 0.",
        lambda: unit_limits(reference_pct=D(100), l2_pct=D(25)).hold(
            lowest_pct=D(0), highest_pct=D(0)
        ),
    ),
    (
        OutOfRange,
        "The drug must be more than 0, not 0.",
        lambda: uniformity_method(drug_mg=D(0), fill_mg=D(1)),
    ),
    (
        OutOfRange,
        "The fill must be more than 0, not 0.",
        lambda: uniformity_method(drug_mg=D(1), fill_mg=D(0)),
    ),
    (
        OutOfRange,
        "2 mg of drug is more than the fill of 1 mg.",
        lambda: uniformity_method(drug_mg=D(2), fill_mg=D(1)),
    ),
    (
        OutOfRange,
        "The labelled amount must be more than 0, not 0.",
        lambda: check_assay(label_mg=D(0), found_mg=D(1), limits_pct=_LIMITS),
    ),
    (
        OutOfRange,
        "The amount found must not be negative, and -1 is.",
        lambda: check_assay(label_mg=D(1), found_mg=D(-1), limits_pct=_LIMITS),
    ),
]


@pytest.mark.parametrize(("kind", "sentence", "act"), _IMPOSSIBLE)
def test_what_cannot_be(kind: type[Refusal], sentence: str, act: Callable[[], object]) -> None:
    assert_refused(kind, sentence, act)


def test_a_spread_that_is_its_limit_is_within() -> None:
    weights = [Decimal(weight) for weight in (146, 150, 154)]
    verdict = check_fill_weights(
        weights,
        mean_shell_mg=Decimal(50),
        theoretical_fill_mg=Decimal(100),
        limits_pct=(Decimal(90), Decimal(110)),
        rsd_limit_pct=Decimal(4),
    )
    assert verdict.rsd_pct == 4
    assert verdict.rsd_ok
