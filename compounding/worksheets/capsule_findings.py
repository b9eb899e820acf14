"""What a pharmacist should look at before a batch of capsules is made."""

from __future__ import annotations

from decimal import Decimal

from compounding import wording
from compounding.arithmetic import exactly
from compounding.findings import Finding, Severity
from compounding.potency import certificate_findings
from compounding.worksheets.capsule_plan import CapsulePlan
from compounding.worksheets.inputs import CapsuleInputs

_LOOSE_PCT = Decimal(80)
_ALMOST_FULL_PCT = Decimal(95)
_LIGHTEST_G_PER_ML = Decimal("0.1")
_HEAVIEST_G_PER_ML = Decimal(2)


def capsule_findings(inputs: CapsuleInputs, plan: CapsulePlan) -> list[Finding]:
    """Return every doubt about the batch: certificates first."""
    found: list[Finding] = []
    for active in inputs.actives:
        found += certificate_findings(
            active.name, active.certificate, cap_assay_at_100=inputs.cap_assay_at_100
        )
    return found + _room_findings(inputs, plan) + _pack_findings(inputs)


def _room_findings(inputs: CapsuleInputs, plan: CapsulePlan) -> list[Finding]:
    used = plan.utilisation_pct
    if inputs.filler is None and used < _LOOSE_PCT:
        text = f"The capsule has no filler and is {wording.percent(used, 1)} full. A smaller size fills more evenly."
        return [Finding("capsule-loosely-filled", Severity.CAUTION, text)]
    if used <= _ALMOST_FULL_PCT:
        return []
    text = f"Without filler the capsule is already {wording.percent(used, 1)} full. A larger size fills more evenly."
    return [Finding("capsule-almost-full", Severity.CAUTION, text)]


@exactly
def _pack_findings(inputs: CapsuleInputs) -> list[Finding]:
    found: list[Finding] = []
    for part in (*inputs.powders, *inputs.fillers):
        density = part.pack_stat_mg / inputs.shell.volume_ml / 1000
        if not _LIGHTEST_G_PER_ML <= density <= _HEAVIEST_G_PER_ML:
            text = (
                f"A pack statistic of {wording.number(part.pack_stat_mg)} mg in "
                f"{wording.number(inputs.shell.volume_ml)} mL makes {part.name} weigh "
                f"{wording.rounded(density, 3)} g/mL. Check that it was measured with this size."
            )
            found.append(Finding("pack-statistic-doubtful", Severity.WARNING, text))
    return found
