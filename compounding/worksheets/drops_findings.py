"""What a pharmacist should look at before a batch of drops is made."""

from __future__ import annotations

from decimal import Decimal

from compounding import wording
from compounding.arithmetic import settle
from compounding.findings import Finding, Severity
from compounding.potency import certificate_findings
from compounding.worksheets.drops_plan import DoseRow, DropsPlan
from compounding.worksheets.inputs import DropsInputs, LiquidActive, LiquidTriturate

_FEWEST_DROPS_COUNTED = 20


def drops_findings(inputs: DropsInputs, plan: DropsPlan) -> list[Finding]:
    """Return every doubt about the batch: certificates first."""
    found: list[Finding] = []
    for active in inputs.actives:
        found += certificate_findings(
            active.name, active.certificate, cap_assay_at_100=inputs.cap_assay_at_100
        )
        found += _solubility_findings(inputs, active, active.name)
    for stock in inputs.triturates:
        found += _solubility_findings(inputs, stock, stock.substance or stock.name)
        found.append(_diluent_finding(plan, stock))
    found += _dropper_findings(inputs)
    for row in plan.rows:
        found += _row_findings(row, inputs.drop_error_limit_pct)
    return found


def _diluent_finding(plan: DropsPlan, stock: LiquidTriturate) -> Finding:
    (each_ml,) = (part.per_ml for part in plan.components if part.key == stock.key)
    text = (
        f"Each mL takes {wording.rounded(each_ml, 3)} mg of {stock.name}, and the diluent in it. "
        f"Check that it suits this liquid: what does not dissolve has to be shaken."
    )
    return Finding("triturate-in-liquid", Severity.NOTE, text)


def _solubility_findings(
    inputs: DropsInputs, active: LiquidActive | LiquidTriturate, name: str
) -> list[Finding]:
    if inputs.vehicle.suspends:
        text = f"{name} does not dissolve in {inputs.vehicle.name}: shake well before each dose."
        return [Finding("suspension", Severity.NOTE, text)]
    limit, strength = active.solubility_mg_per_ml, inputs.strength_of(active)
    if limit is None or strength <= limit:
        return []
    text = (
        f"{wording.concentration(strength)} of {name} is more than the "
        f"{wording.concentration(limit)} that dissolves: this is a suspension."
    )
    return [Finding("does-not-dissolve", Severity.WARNING, text)]


def _dropper_findings(inputs: DropsInputs) -> list[Finding]:
    if inputs.dropper is None or inputs.dropper.drops_counted >= _FEWEST_DROPS_COUNTED:
        return []
    text = (
        f"The dropper was calibrated with {wording.number(inputs.dropper.drops_counted)} drops; "
        f"count at least {wording.number(_FEWEST_DROPS_COUNTED)}."
    )
    return [Finding("few-drops-counted", Severity.CAUTION, text)]


def _row_findings(row: DoseRow, limit_pct: Decimal) -> list[Finding]:
    if row.drops is None or row.error_pct is None or row.delivered_mg is None:
        return []
    if abs(settle(row.error_pct)) <= limit_pct:
        return []
    text = (
        f"{wording.mass(row.dose_mg)} in {wording.number(row.drops)} {wording.plural(row.drops, 'drop')} comes to "
        f"{wording.rounded(row.delivered_mg, 3)} mg ({wording.signed_percent(row.error_pct)}). Use an oral syringe."
    )
    return [Finding("drops-inexact", Severity.CAUTION, text)]
