"""From the strength of an active to its powder as it is, with the working of each correction."""

from __future__ import annotations

from decimal import Decimal

from compounding import wording
from compounding.arithmetic import HUNDRED, exactly, round_half_up
from compounding.potency import Certificate, as_is_mg, counted_assay, potency_factor
from compounding.strength import Conversion, equivalent_mg
from compounding.working import WorkingStep

SHOWN_PLACES = 6


@exactly
def powder_mg(
    strength_mg: Decimal,
    *,
    certificate: Certificate,
    conversion: Conversion | None,
    cap_assay_at_100: bool,
) -> Decimal:
    """Return the powder as it is (mg, unrounded) that holds so much of the strength's substance."""
    return as_is_mg(
        supplied_mg(strength_mg, conversion),
        potency_factor(certificate, cap_assay_at_100=cap_assay_at_100),
    )


def supplied_mg(strength_mg: Decimal, conversion: Conversion | None) -> Decimal:
    """Return the pure supplied substance (mg, unrounded) for so much of the strength's substance."""
    if conversion is None:
        return strength_mg
    return equivalent_mg(strength_mg, from_mw=conversion.strength_mw, to_mw=conversion.supplied_mw)


@exactly
def triturate_mg(
    strength_mg: Decimal, *, triturate_pct: Decimal, conversion: Conversion | None
) -> Decimal:
    """Return the triturate (mg, unrounded) that holds so much of the strength's substance.

    By its labelled strength: its potency was corrected when it was made.
    """
    return supplied_mg(strength_mg, conversion) * HUNDRED / triturate_pct


def potency_step(name: str, certificate: Certificate, *, cap_assay_at_100: bool) -> WorkingStep:
    """Return the line of arithmetic that gives the potency factor."""
    factor = potency_factor(certificate, cap_assay_at_100=cap_assay_at_100)
    counted = counted_assay(certificate, cap_assay_at_100=cap_assay_at_100)
    return _factor_step(name, certificate, counted, factor)


def _factor_step(
    name: str, certificate: Certificate, counted_assay_pct: Decimal, factor: Decimal
) -> WorkingStep:
    assay = wording.percent(counted_assay_pct, SHOWN_PLACES)
    taken = [wording.percent(part, SHOWN_PLACES) for part in certificate.taken_away_pct()]
    return WorkingStep(
        f"Potency factor of {name}",
        f"{assay} × ({' − '.join(['100%', *taken])})" if taken else f"{assay} as is",
        wording.rounded(factor, SHOWN_PLACES),
    )


def powder_steps(
    name: str,
    strength_mg: Decimal,
    *,
    certificate: Certificate,
    conversion: Conversion | None,
    cap_assay_at_100: bool,
    each: str,
) -> list[WorkingStep]:
    """Return the lines of arithmetic from the strength to the powder as it is in each capsule or mL."""
    factor = potency_factor(certificate, cap_assay_at_100=cap_assay_at_100)
    counted = counted_assay(certificate, cap_assay_at_100=cap_assay_at_100)
    pure = supplied_mg(strength_mg, conversion)
    potency = _factor_step(name, certificate, counted, factor)
    return [
        potency,
        *_conversion_steps(name, strength_mg, conversion, each),
        WorkingStep(
            f"{name} as it is, in each {each}",
            f"{_mg(pure)} ÷ {potency.result}",
            _mg(as_is_mg(pure, factor)),
        ),
    ]


def triturate_steps(
    name: str,
    strength_mg: Decimal,
    *,
    triturate_pct: Decimal,
    conversion: Conversion | None,
    each: str,
) -> list[WorkingStep]:
    """Return the lines of arithmetic from the strength to the triturate in each capsule or 100 mg."""
    taken = triturate_mg(strength_mg, triturate_pct=triturate_pct, conversion=conversion)
    pct = wording.percent(triturate_pct, SHOWN_PLACES)
    divided = f"{_mg(supplied_mg(strength_mg, conversion))} ÷ {pct}"
    return [
        *_conversion_steps(name, strength_mg, conversion, each),
        WorkingStep(f"{name} in each {each}", divided, _mg(taken)),
    ]


def _conversion_steps(
    name: str, strength_mg: Decimal, conversion: Conversion | None, each: str
) -> list[WorkingStep]:
    if conversion is None:
        return []
    ratio = f"{wording.number(conversion.supplied_mw)} ÷ {wording.number(conversion.strength_mw)}"
    return [
        WorkingStep(
            f"{name} as supplied, pure, in each {each}",
            f"{_mg(strength_mg)} × {ratio}",
            _mg(supplied_mg(strength_mg, conversion)),
        )
    ]


def _mg(mg: Decimal) -> str:
    return wording.milligrams(round_half_up(mg, SHOWN_PLACES))
