"""The working of aliquots and of a stock diluted once more (`compounding.weighing`, `compounding.alligation`)."""

from __future__ import annotations

from decimal import Decimal

from compounding import weighing
from compounding.alligation import diluted_mg_per_ml
from compounding.drops import dose_volume_ml
from compounding.working import WorkingStep
from compounding.workings.figures import mg, ml, number, per_ml


def solid(
    *, needed_mg: Decimal, minimum_mg: Decimal, aliquot_mg: Decimal
) -> tuple[WorkingStep, ...]:
    """Return how drug, diluent and the part to take come about (`solid_aliquot`)."""
    made = weighing.solid_aliquot(needed_mg=needed_mg, minimum_mg=minimum_mg, aliquot_mg=aliquot_mg)
    times, drug, mixture = number(made.multiple), mg(made.weigh_drug_mg), mg(made.total_mg)
    return (
        _multiple(needed_mg, minimum_mg, made.multiple),
        WorkingStep("Drug", f"{mg(needed_mg)} × {times}", drug),
        WorkingStep("Mixture", f"{mg(aliquot_mg)} × {times}", mixture),
        WorkingStep("Diluent", f"{mixture} − {drug}", mg(made.diluent_mg)),
        WorkingStep(
            "Drug in the aliquot",
            f"{drug} × {mg(aliquot_mg)} ÷ {mixture}",
            mg(made.drug_in_aliquot_mg),
        ),
    )


def liquid(
    *, needed_mg: Decimal, minimum_mg: Decimal, aliquot_ml: Decimal, solubility_mg_per_ml: Decimal
) -> tuple[WorkingStep, ...]:
    """Return how the stock solution and its strength come about (`liquid_aliquot`)."""
    made = weighing.liquid_aliquot(
        needed_mg=needed_mg,
        minimum_mg=minimum_mg,
        aliquot_ml=aliquot_ml,
        solubility_mg_per_ml=solubility_mg_per_ml,
    )
    times, drug, stock = number(made.multiple), mg(made.weigh_drug_mg), ml(made.stock_volume_ml)
    return (
        _multiple(needed_mg, minimum_mg, made.multiple),
        WorkingStep("Drug", f"{mg(needed_mg)} × {times}", drug),
        WorkingStep("Stock", f"{ml(aliquot_ml)} × {times}", stock),
        WorkingStep("Strength of the stock", f"{drug} ÷ {stock}", per_ml(made.stock_mg_per_ml)),
    )


def dilution(
    *,
    stock_mg_per_ml: Decimal,
    stock_ml: Decimal,
    final_volume_ml: Decimal,
    dose_mg: Decimal | None = None,
) -> tuple[WorkingStep, ...]:
    """Return the strength after one dilution (`diluted_mg_per_ml`), and the volume of a dose of it."""
    strength = diluted_mg_per_ml(
        stock_mg_per_ml=stock_mg_per_ml, stock_ml=stock_ml, final_volume_ml=final_volume_ml
    )
    step = WorkingStep(
        "Strength",
        f"{per_ml(stock_mg_per_ml)} × {ml(stock_ml)} ÷ {ml(final_volume_ml)}",
        per_ml(strength),
    )
    if dose_mg is None:
        return (step,)
    volume = dose_volume_ml(dose_mg=dose_mg, strength_mg_per_ml=strength)
    return (
        step,
        WorkingStep("Volume of the dose", f"{mg(dose_mg)} ÷ {per_ml(strength)}", ml(volume)),
    )


def _multiple(needed_mg: Decimal, minimum_mg: Decimal, multiple: int) -> WorkingStep:
    expression = f"{mg(minimum_mg)} ÷ {mg(needed_mg)}, up to a whole number"
    return WorkingStep("Multiple", expression, number(multiple))
