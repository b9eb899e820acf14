"""From a formula, a strength and the lots on the shelf to a worksheet that is frozen with its digest."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from compounding.worksheet import Worksheet
from pharmacy.batches.capsule_plan import plan_capsules
from pharmacy.batches.drops_plan import plan_drops
from pharmacy.batches.plans import BatchPlan, BatchRequest, PlannedLine
from pharmacy.batches.triturate_plan import plan_triturate
from pharmacy.formulations.models import DosageForm

_PLANNERS = {
    DosageForm.CAPSULE: plan_capsules,
    DosageForm.DROPS: plan_drops,
    DosageForm.SUSPENSION: plan_drops,
    DosageForm.TRITURATE: plan_triturate,
}
_SHEET = tuple(field.name for field in fields(Worksheet))


def plan_batch_of(request: BatchRequest) -> BatchPlan:
    """Return the plan of the batch. Raises NotEnoughStock, or the refusals of `compounding.worksheet`."""
    plan = _PLANNERS[DosageForm(request.formula.dosage_form)]
    return plan(request)


def frozen(request: BatchRequest, plan: BatchPlan) -> dict[str, Any]:
    """Return the worksheet as it is kept: what came out, what went in, from which lots, on which balance.

    The figures of `compounding.worksheet.Worksheet` stand at the top; `sheet_from` reads them back.
    """
    formula = request.formula
    return {
        **plan.sheet.to_json(),
        "inputs": plan.inputs.to_json(),
        "lots": [_lot_facts(planned) for planned in plan.lines],
        "balance": {"name": request.balance.name, "serial_number": request.balance.serial_number},
        "formula": {
            "code": formula.code,
            "version": str(formula.version),
            "name": formula.name,
            "substance": formula.strength_substance.name,
            "strength": format(request.strength, "f"),
            "strength_unit": formula.strength_unit,
        },
    }


def sheet_from(worksheet: Mapping[str, Any]) -> Worksheet:
    """Return the figures of a frozen worksheet, exactly as they were worked out."""
    return Worksheet.from_json({name: worksheet[name] for name in _SHEET if name in worksheet})


def digest_of(worksheet: dict[str, Any]) -> str:
    """Return the SHA-256 (hex) of a frozen worksheet, whatever order a database keeps its keys in."""
    canonical = json.dumps(worksheet, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _lot_facts(planned: PlannedLine) -> dict[str, str]:
    lot = planned.lot
    return {
        "ingredient": lot.ingredient.name,
        "lot": lot.lot_number,
        "supplier": lot.supplier.name,
        "expires_on": lot.expires_on.isoformat(),
        "certificate": lot.certificate_number,
        "wanted": format(planned.wanted, "f"),
        "unit": lot.ingredient.unit,
    }
