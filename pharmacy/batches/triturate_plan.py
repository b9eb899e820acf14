"""A batch of a triturate: powder by potency, diluent to the mass of the batch. Its units are grams."""

from collections.abc import Sequence
from decimal import Decimal

from compounding.active_powder import powder_mg
from compounding.arithmetic import HUNDRED, ONE, exactly, total
from compounding.worksheet import (
    Diluent,
    TriturateActive,
    TriturateExcipient,
    TriturateInputs,
    plan_triturate_worksheet,
)
from pharmacy.batches.plans import (
    BatchPlan,
    BatchRequest,
    Picker,
    by_role,
    conversion_for,
    counted,
    in_order,
    lots_by_ingredient,
    planned_line,
)
from pharmacy.formulations.models import FormulaLine, LineRole
from pharmacy.inventory.queries import certificate_of

MG_IN_A_GRAM = Decimal(1000)


@exactly
def plan_triturate(request: BatchRequest) -> BatchPlan:
    """Return the plan of a triturate of so many grams; raises NotEnoughStock or a refusal of the worksheet."""
    roles = by_role(request)
    picker = Picker(request, lots_by_ingredient(roles))
    total_mg = request.units * MG_IN_A_GRAM
    batch_mg = total_mg * (HUNDRED + request.formula.overage_pct) / HUNDRED
    actives = _actives(picker, roles[LineRole.ACTIVE], batch_mg)
    early, diluent = _diluents(picker, roles[LineRole.FILLER], batch_mg, actives)
    inputs = TriturateInputs(
        total_mg=total_mg,
        overage_pct=request.formula.overage_pct,
        actives=actives,
        excipients=early,
        diluent=diluent,
        cap_assay_at_100=request.policies.cap_assay_at_100,
        minimum_weighable_mg=picker.mass.least,
        weighing_tolerance_pct=request.policies.weighing_tolerance_pct,
        weigh_to_mg=picker.mass.step,
        bench=request.bench,
    )
    sheet = plan_triturate_worksheet(inputs)
    weighed = [planned_line(line, picker) for line in sheet.lines]
    jars = [jar for line in roles.get(LineRole.CONTAINER, []) for jar in counted(picker, line, 1)]
    return BatchPlan(inputs=inputs, sheet=sheet, lines=in_order((*weighed, *jars)))


def _actives(
    picker: Picker, lines: Sequence[FormulaLine], batch_mg: Decimal
) -> tuple[TriturateActive, ...]:
    """`need` is percent of the whole; a mg of powder brings its pure share of 100 ÷ batch."""
    (line,) = lines
    picked = picker.parts(
        line,
        need=picker.request.strength,
        brings=lambda lot: picker.strength_in_a_mg(line, lot) * HUNDRED / batch_mg,
        measure=picker.mass,
    )
    return tuple(
        TriturateActive(
            key=part.key,
            name=part.name,
            strength_pct=part.share,
            certificate=certificate_of(part.lot),
            conversion=conversion_for(picker.request.formula, line),
            substance=line.ingredient.label_name,
        )
        for part in picked
    )


def _diluents(
    picker: Picker,
    lines: Sequence[FormulaLine],
    batch_mg: Decimal,
    actives: Sequence[TriturateActive],
) -> tuple[tuple[TriturateExcipient, ...], Diluent]:
    """Return the last lot of the diluent, and before it the lots that are not enough, each in percent."""
    (line,) = lines
    rest = HUNDRED - total(_powder_pct(picker, active) for active in actives)
    *early, last = picker.parts(
        line,
        need=max(rest, ONE),
        brings=lambda lot: HUNDRED / batch_mg,
        measure=picker.mass,
    )
    fixed = tuple(
        TriturateExcipient(key=part.key, name=part.name, pct=part.share) for part in early
    )
    return fixed, Diluent(key=last.key, name=last.name)


def _powder_pct(picker: Picker, active: TriturateActive) -> Decimal:
    return powder_mg(
        active.strength_pct,
        certificate=active.certificate,
        conversion=active.conversion,
        cap_assay_at_100=picker.request.policies.cap_assay_at_100,
    )
