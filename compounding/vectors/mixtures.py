"""Topics of mixing, scaling, yield and cost. Each public function answers a topic, unrounded, or refuses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from compounding import alligation, costing, scaling, yields
from compounding.arithmetic import HUNDRED, ONE, ZERO, exactly
from compounding.quantity import Mass, Volume
from compounding.reading import (
    parse_concentration,
    parse_mass,
    parse_number_or_zero,
    parse_percent,
    parse_volume,
)
from compounding.vectors.inputs import Answers, VectorInputs, VectorUnreadable, to_number

_AMOUNT = re.compile(r"(?P<qs>q\.s\.\s+(?:ad\s+)?)?(?P<number>[0-9.]+)\s*(?P<unit>[^\W\d_]+)")
_PRICE = re.compile(r"\$?(?P<number>[0-9.]+)\s*/\s*(?P<unit>[^\W\d_]+)")
_COUNTED = ("ea", "each", "drop", "drops", "tablet", "tablets", "capsule", "capsules")


def c1v1(inputs: VectorInputs) -> Answers:
    volume = inputs.number("target_volume_ml")
    stock = alligation.stock_needed_ml(
        stock_mg_per_ml=inputs.number("stock_mg_per_ml"),
        target_mg_per_ml=inputs.number("target_mg_per_ml"),
        target_volume_ml=volume,
    )
    return {"stock_ml": stock, "diluent_qs_to_ml": volume}


@exactly
def alligation_alternate(inputs: VectorInputs) -> Answers:
    high, low = inputs.number("high_pct"), inputs.number("low_pct")
    parts = alligation.alternate(high=high, low=low, target=inputs.number("target_pct"))
    answers: Answers = {"parts_high": parts.high, "parts_low": parts.low}
    for unit in ("ml", "g"):
        if f"total_{unit}" in inputs:
            of_high, of_low = parts.of_total(inputs.number(f"total_{unit}"))
            answers[f"high_{unit}"] = of_high
            answers[f"low_{unit}"] = of_low
            answers["check_drug_g"] = (of_high * high + of_low * low) / HUNDRED
    return answers


def alligation_medial(inputs: VectorInputs) -> Answers:
    mix = inputs.text_rows("mix", 2)
    if all(strength.strip().endswith("%") for _, strength in mix):
        amounts = _alike([amount for amount, _ in mix])
        strengths = [parse_percent(strength) for _, strength in mix]
        return {"final_pct": alligation.medial(list(zip(amounts, strengths, strict=True)))}
    parts = [(parse_volume(amount).ml, _concentration(strength)) for amount, strength in mix]
    return {"final_mg_per_ml": alligation.medial(parts)}


def _alike(amounts: Sequence[str]) -> list[Decimal]:
    """Return the amounts in one unit: all of them masses, or all of them volumes."""
    if all(_is_volume(amount) for amount in amounts):
        return [parse_volume(amount).ml for amount in amounts]
    return [parse_mass(amount).mg for amount in amounts]


def _is_volume(amount: str) -> bool:
    return amount.strip().lower().endswith("l")


def _concentration(text: str) -> Decimal:
    """Return the strength in mg/mL; a diluent without any drug has one too."""
    number, _, unit = text.strip().partition(" ")
    if unit.lower() == "mg/ml" and parse_number_or_zero(number) == 0:
        return ZERO
    return parse_concentration(text).mg_per_ml


def scale_formula(inputs: VectorInputs) -> Answers:
    for name in inputs:
        base = re.fullmatch(r"formula_([0-9.]+)_(ml|g)", name)
        if base is not None:
            size = to_number(base[1], name)
            _check_made_up_to(inputs, name, size)
            return _scaled(inputs, name, size, inputs.number(f"target_{base[2]}"))
    raise VectorUnreadable("There is no formula to scale.")


def _check_made_up_to(inputs: VectorInputs, name: str, size: Decimal) -> None:
    for row in inputs.text_rows(name, 2):
        line = _formula_line(*row)
        if line.qs and line.amount != size:
            raise VectorUnreadable(f"{name} is made up to {line.amount} {line.unit}.")


def scale_formula_capsules(inputs: VectorInputs) -> Answers:
    return _scaled(inputs, "base", inputs.number("base_units"), inputs.number("target_units"))


def _scaled(inputs: VectorInputs, name: str, base: Decimal, target: Decimal) -> Answers:
    by = scaling.factor(base=base, target=target)
    rows = inputs.text_rows(name, 2)
    lines = scaling.scale([_formula_line(*row) for row in rows], by=by)
    return {
        "factor": by,
        "quantities": [
            [line.name, _as_written(line, text)]
            for line, (_, text) in zip(lines, rows, strict=True)
        ],
    }


def _formula_line(name: str, text: str) -> scaling.FormulaLine:
    written = _AMOUNT.fullmatch(text)
    if written is None:
        raise VectorUnreadable(f"“{text}” is not an amount of {name}.")
    if written["unit"] not in _COUNTED:
        _one(written["unit"])
    return scaling.FormulaLine(
        name, to_number(written["number"], name), written["unit"], written["qs"] is not None
    )


def _as_written(line: scaling.FormulaLine, text: str) -> str:
    """Return the scaled line, with "q.s. ad" where the formula said so."""
    return str(line).replace("q.s.", "q.s. ad") if "q.s. ad" in text else str(line)


def yield_of_batch(inputs: VectorInputs) -> Answers:
    result = yields.reconcile(
        theoretical=inputs.number("theoretical_units"),
        usable=inputs.number("usable_units"),
        destroyed_in_testing=inputs.number_or("qc_destroyed_units", ZERO),
        waste=inputs.number_or("waste_units", ZERO),
    )
    return {"yield_pct": result.pct, "reconciled": result.reconciled}


def cost_rollup(inputs: VectorInputs) -> Answers:
    cost = costing.batch_cost(
        [_cost_line(*row) for row in inputs.text_rows("lines", 3)],
        labour_minutes=inputs.number("labour_min"),
        labour_rate_per_hour=inputs.number("labour_rate_per_h"),
        overhead_pct=inputs.number("overhead_pct"),
    )
    units = inputs.whole("units_yielded")
    price = costing.price(
        cost.total,
        markup_factor=inputs.number("markup_factor"),
        dispensing_fee=inputs.number("dispensing_fee"),
    )
    return {
        "materials": cost.materials,
        "labour": cost.labour,
        "overhead": cost.overhead,
        "total_cost": cost.total,
        "cost_per_unit": costing.cost_per_unit(cost.total, units_yielded=units),
        "price": price,
    }


@exactly
def _cost_line(name: str, amount: str, price: str) -> costing.CostLine:
    bought, priced = _AMOUNT.fullmatch(amount), _PRICE.fullmatch(price)
    if bought is None or priced is None:
        raise VectorUnreadable(f"{amount} of {name} cannot be priced at {price}.")
    return costing.CostLine(
        name,
        to_number(bought["number"], name) * _times(bought["unit"], priced["unit"]),
        to_number(priced["number"], name),
    )


def _times(bought: str, priced: str) -> Decimal:
    """Return what an amount is multiplied by to count in the unit of its price."""
    if bought == priced:
        return ONE
    one, other = _one(bought), _one(priced)
    if one.unit != other.unit:
        raise VectorUnreadable(f"What comes by the {bought} has no price by the {priced}.")
    return one.amount / other.amount


def _one(unit: str) -> Mass | Volume:
    """Return one of a unit of mass or volume. Raises `UnitUnknown`."""
    return parse_volume(f"1 {unit}") if _is_volume(unit) else parse_mass(f"1 {unit}")


def cost_per_unit_actual_yield(inputs: VectorInputs) -> Answers:
    each = costing.cost_per_unit(
        inputs.number("total_cost_unrounded"), units_yielded=inputs.whole("units_yielded")
    )
    return {"cost_per_unit": each}
