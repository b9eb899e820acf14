"""A batch of drops: powders by potency, liquids by volume, made up to volume with the vehicle."""

from collections.abc import Sequence
from decimal import Decimal

from compounding.arithmetic import ONE, ZERO, exactly, round_up
from compounding.drops import DropperCalibration, batch_volume_ml
from compounding.worksheet import (
    AmountUnit,
    Container,
    DropsInputs,
    LiquidActive,
    LiquidExcipient,
    LiquidTriturate,
    Vehicle,
    Worksheet,
    plan_drops_worksheet,
)
from pharmacy.batches.picking import Measure
from pharmacy.batches.plans import (
    BatchPlan,
    BatchRequest,
    Picked,
    Picker,
    PlannedLine,
    by_role,
    conversion_for,
    counted,
    fixed_amount,
    in_order,
    lots_by_ingredient,
    planned_line,
)
from pharmacy.formulations.models import (
    BudClass,
    FormulaLine,
    LineRole,
    MasterFormulationRecord,
    Unit,
)
from pharmacy.formulations.queries import is_made_in_house
from pharmacy.inventory.queries import certificate_of, dropper_calibration

_ML_PLACES = 2
_ML = Measure(step=Decimal("0.01"))


@exactly
def plan_drops(request: BatchRequest) -> BatchPlan:
    """Return the plan of a batch of drops; raises NotEnoughStock or a refusal of the worksheet."""
    formula, roles = request.formula, by_role(request)
    label_ml, fill_ml = formula.package_ml or ZERO, formula.fill_ml or ZERO
    batch_ml = batch_volume_ml(
        bottles=request.units,
        label_volume_ml=label_ml,
        fill_volume_ml=fill_ml,
        process_overage_pct=formula.overage_pct,
    )
    picker = Picker(request, lots_by_ingredient(roles))
    actives, triturates = _actives(picker, roles[LineRole.ACTIVE], batch_ml)
    (vehicle_line,), (bottle_line,) = roles[LineRole.VEHICLE], roles[LineRole.CONTAINER]
    inputs = DropsInputs(
        bottles=request.units,
        label_volume_ml=label_ml,
        fill_volume_ml=fill_ml,
        process_overage_pct=formula.overage_pct,
        actives=actives,
        triturates=triturates,
        vehicle=_vehicle_of(vehicle_line),
        container=Container(key=str(bottle_line.position), name=bottle_line.ingredient.label_name),
        dropper=_dropper(formula, bottle_line),
        doses_mg=request.doses_mg,
        cap_assay_at_100=request.policies.cap_assay_at_100,
        minimum_weighable_mg=picker.mass.least,
        weighing_tolerance_pct=request.policies.weighing_tolerance_pct,
        excipients=_liquid_excipients(picker, roles.get(LineRole.EXCIPIENT, []), batch_ml),
        weigh_to_mg=picker.mass.step,
        measure_to_ml=_ML.step,
        drop_error_limit_pct=request.policies.drop_error_flag_pct,
        bench=request.bench,
    )
    sheet = plan_drops_worksheet(inputs)
    weighed = [planned_line(line, picker) for line in sheet.lines if line.key in picker.picked]
    vehicle = _vehicle(picker, vehicle_line, sheet)
    bottles = counted(picker, bottle_line, request.units)
    return BatchPlan(inputs=inputs, sheet=sheet, lines=in_order((*weighed, *vehicle, *bottles)))


def _actives(
    picker: Picker, lines: Sequence[FormulaLine], batch_ml: Decimal
) -> tuple[tuple[LiquidActive, ...], tuple[LiquidTriturate, ...]]:
    """Return the active as powders with their certificates, or as triturates by their labeled strength."""
    (line,) = lines
    picked = picker.parts(
        line,
        need=picker.request.strength,
        brings=lambda lot: picker.strength_in_a_mg(line, lot) / batch_ml,
        measure=picker.mass,
    )
    if is_made_in_house(line):
        return (), tuple(_triturate(picker, line, part) for part in picked)
    return tuple(_active(picker, line, part) for part in picked), ()


def _active(picker: Picker, line: FormulaLine, part: Picked) -> LiquidActive:
    return LiquidActive(
        key=part.key,
        name=part.name,
        strength_mg_per_ml=part.share,
        certificate=certificate_of(part.lot),
        conversion=conversion_for(picker.request.formula, line),
        substance=line.ingredient.label_name,
        solubility_mg_per_ml=line.ingredient.solubility_mg_per_ml,
        displacement_ml_per_g=line.ingredient.displacement_ml_per_g,
    )


def _triturate(picker: Picker, line: FormulaLine, part: Picked) -> LiquidTriturate:
    """The strength on the label of a lot stands as its assay as is; it was corrected when it was made."""
    return LiquidTriturate(
        key=part.key,
        name=part.name,
        strength_mg_per_ml=part.share,
        triturate_pct=certificate_of(part.lot).assay_pct,
        conversion=conversion_for(picker.request.formula, line),
        substance=line.ingredient.label_name,
        solubility_mg_per_ml=line.ingredient.solubility_mg_per_ml,
        displacement_ml_per_g=line.ingredient.displacement_ml_per_g,
    )


def _liquid_excipients(
    picker: Picker, lines: Sequence[FormulaLine], batch_ml: Decimal
) -> tuple[LiquidExcipient, ...]:
    return tuple(
        LiquidExcipient(
            key=part.key,
            name=part.name,
            amount_per_100_ml=part.share,
            unit=AmountUnit(line.ingredient.unit),
            displacement_ml_per_g=line.ingredient.displacement_ml_per_g,
        )
        for line in lines
        for part in picker.parts(
            line,
            need=fixed_amount(line),
            brings=lambda lot: Decimal(100) / batch_ml,
            measure=_ML if line.ingredient.unit == Unit.ML else picker.mass,
        )
    )


def _vehicle_of(line: FormulaLine) -> Vehicle:
    """An oil dissolves no salt: the formula's characteristics say so, and its class is a nonaqueous liquid."""
    return Vehicle(
        key=str(line.position),
        name=line.ingredient.label_name,
        suspends=line.formula.bud_class == BudClass.NONAQUEOUS_LIQUID,
    )


def _dropper(formula: MasterFormulationRecord, bottle: FormulaLine) -> DropperCalibration | None:
    counted = dropper_calibration(formula, bottle.ingredient)
    if counted is None:
        return None
    return DropperCalibration(drops_counted=counted.drops, volume_ml=counted.volume_ml)


def _vehicle(picker: Picker, line: FormulaLine, sheet: Worksheet) -> list[PlannedLine]:
    """The estimate is for picking stock; at the bench the batch is made up to its volume."""
    estimate = round_up(sheet.vehicle_estimate_ml or ZERO, _ML_PLACES)
    batch_ml = sheet.batch_volume_ml or ZERO
    return [
        PlannedLine(
            line=line,
            lot=part.lot,
            wanted=part.share,
            lowest=ZERO,
            highest=batch_ml,
            fills_up=True,
        )
        for part in picker.parts(line, need=estimate, brings=lambda lot: ONE, measure=_ML)
    ]
