"""The working of fill weights, of USP <2091> and <905>, and of an assay (`compounding.uniformity`)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from compounding import uniformity
from compounding.arithmetic import total
from compounding.spread import mean, sample_sd
from compounding.uniformity import FillWeights, reference_range
from compounding.working import WorkingStep
from compounding.workings import spread
from compounding.workings.figures import mg, number, pct


def fill_weights(
    *, found: FillWeights, mean_shell_mg: Decimal, theoretical_fill_mg: Decimal
) -> tuple[WorkingStep, ...]:
    """Return how the net fill, its mean and its spread come about (`check_fill_weights`), by the first capsule."""
    shell, theoretical, mean = mg(mean_shell_mg), mg(theoretical_fill_mg), mg(found.mean_net_mg)
    steps: list[WorkingStep] = []
    for unit in found.units[:1]:
        net = mg(unit.net_mg)
        label = f"Net of capsule {number(unit.number)}"
        steps.append(WorkingStep(label, f"{mg(unit.gross_mg)} − {shell}", net))
        steps.append(WorkingStep("Of theoretical", f"{net} ÷ {theoretical} × 100%", pct(unit.pct)))
    return (
        *steps,
        *spread.readings(values=[unit.net_mg for unit in found.units], unit="mg"),
        WorkingStep(
            "Relative standard deviation",
            f"{mg(found.sd_mg)} ÷ {mean} × 100%",
            pct(found.rsd_pct),
        ),
        WorkingStep("Mean of theoretical", f"{mean} ÷ {theoretical} × 100%", pct(found.mean_pct)),
    )


def intact(
    *, weights_mg: Sequence[Decimal], limits_pct: tuple[Decimal, Decimal]
) -> tuple[WorkingStep, ...]:
    """Return the limits around the average of the first stage of USP <2091> (`check_intact_weights`)."""
    found = uniformity.check_intact_weights(weights_mg, limits_pct=limits_pct)
    average, (low, high) = mg(found.average_mg), limits_pct
    return (
        _average("Average", weights_mg, found.average_mg),
        WorkingStep("Lowest allowed", f"{average} × {pct(low)}", mg(found.low_mg)),
        WorkingStep("Highest allowed", f"{average} × {pct(high)}", mg(found.high_mg)),
    )


def net_contents(*, net_mg: Sequence[Decimal]) -> tuple[WorkingStep, ...]:
    """Return the average of the later stages of USP <2091> (`check_net_contents`)."""
    found = uniformity.check_net_contents(net_mg)
    return (_average("Average", net_mg, found.average_mg),)


def acceptance(
    *, mean_pct: Decimal, sd_pct: Decimal, k: Decimal, limit: Decimal, target_pct: Decimal
) -> tuple[WorkingStep, ...]:
    """Return the reference value M and the acceptance value of USP <905> (`acceptance_value`)."""
    found = uniformity.acceptance_value(
        mean_pct=mean_pct, sd_pct=sd_pct, k=k, limit=limit, target_pct=target_pct
    )
    lowest, highest = reference_range(target_pct)
    raised = number(max(mean_pct, lowest))
    expression = (
        f"|{number(found.reference_pct)} − {number(mean_pct)}| + {number(k)} × {number(sd_pct)}"
    )
    return (
        WorkingStep(
            "Mean, or the least M", f"the larger of {number(mean_pct)} and {number(lowest)}", raised
        ),
        WorkingStep(
            "Reference value M",
            f"the smaller of {raised} and {number(highest)}",
            number(found.reference_pct),
        ),
        WorkingStep("Acceptance value", expression, number(found.value)),
    )


def acceptance_of_contents(
    *, contents_pct: Sequence[Decimal], k: Decimal, limit: Decimal, target_pct: Decimal
) -> tuple[WorkingStep, ...]:
    """Return the same from single contents: first their mean and spread (`acceptance_of_contents`)."""
    uniformity.acceptance_of_contents(contents_pct, k=k, limit=limit, target_pct=target_pct)
    return (
        *spread.readings(values=contents_pct),
        *acceptance(
            mean_pct=mean(contents_pct),
            sd_pct=sample_sd(contents_pct),
            k=k,
            limit=limit,
            target_pct=target_pct,
        ),
    )


def unit_limits(*, reference_pct: Decimal, l2_pct: Decimal) -> tuple[WorkingStep, ...]:
    """Return within what every single unit must lie (`unit_limits`)."""
    found = uniformity.unit_limits(reference_pct=reference_pct, l2_pct=l2_pct)
    reference, margin = pct(reference_pct), pct(l2_pct)
    return (
        WorkingStep("Lowest unit", f"{reference} × (100% − {margin})", pct(found.low_pct)),
        WorkingStep("Highest unit", f"{reference} × (100% + {margin})", pct(found.high_pct)),
    )


def method(*, drug_mg: Decimal, fill_mg: Decimal) -> tuple[WorkingStep, ...]:
    """Return the share of drug that says whether weight may stand in for content (`uniformity_method`)."""
    found = uniformity.uniformity_method(drug_mg=drug_mg, fill_mg=fill_mg)
    expression = f"{mg(drug_mg)} ÷ {mg(fill_mg)} × 100%"
    return (WorkingStep("Drug in the fill", expression, pct(found.drug_pct)),)


def assay(*, label_mg: Decimal, found_mg: Decimal) -> tuple[WorkingStep, ...]:
    """Return the amount found in percent of the label (`assay_pct`)."""
    found = uniformity.assay_pct(label_mg=label_mg, found_mg=found_mg)
    expression = f"{mg(found_mg)} ÷ {mg(label_mg)} × 100%"
    return (WorkingStep("Of the label", expression, pct(found)),)


def _average(label: str, weights_mg: Sequence[Decimal], average_mg: Decimal) -> WorkingStep:
    together = mg(total(weights_mg))
    return WorkingStep(label, f"{together} ÷ {number(len(weights_mg))}", mg(average_mg))
