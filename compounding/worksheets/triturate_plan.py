"""The first calculator for a stock triturate. Nothing is rounded here."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from compounding import wording
from compounding.active_powder import powder_mg, triturate_mg
from compounding.arithmetic import HUNDRED, ZERO, exactly, settle, total
from compounding.errors import Refusal
from compounding.worksheets.inputs import Component
from compounding.worksheets.record import Role
from compounding.worksheets.triturate_inputs import TriturateInputs


class NoRoomForDiluent(Refusal):
    """The actives of the triturate, as they are, leave nothing for the diluent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TrituratePart:
    """A powder of the triturate: as it is in 100 mg, and in the batch (mg, unrounded)."""

    key: str
    name: str
    role: Role
    in_100_mg: Decimal
    batch_mg: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class TrituratePlan:
    """The first calculator's figures, unrounded: actives, triturates, excipients, then the diluent."""

    batch_mg: Decimal
    parts: tuple[TrituratePart, ...]


@exactly
def work_out_triturate(inputs: TriturateInputs) -> TrituratePlan:
    """Return the triturate: every powder in percent of the whole, and the diluent for the rest.

    Raises `NoRoomForDiluent`.
    """
    batch_mg = inputs.total_mg * (HUNDRED + inputs.overage_pct) / HUNDRED
    fixed: list[tuple[Component, Role, Decimal]] = [
        (
            active,
            Role.ACTIVE,
            powder_mg(
                active.strength_pct,
                certificate=active.certificate,
                conversion=active.conversion,
                cap_assay_at_100=inputs.cap_assay_at_100,
            ),
        )
        for active in inputs.actives
    ]
    fixed += [
        (
            stock,
            Role.ACTIVE,
            triturate_mg(
                stock.strength_pct,
                triturate_pct=stock.triturate_pct,
                conversion=stock.conversion,
            ),
        )
        for stock in inputs.triturates
    ]
    fixed += [(extra, Role.EXCIPIENT, extra.pct) for extra in inputs.excipients]
    rest = HUNDRED - total(share for _, _, share in fixed)
    if settle(rest) <= ZERO:
        raise NoRoomForDiluent(
            f"100 mg of the triturate would hold {wording.rounded(HUNDRED - rest, 3)} mg of "
            f"{' and '.join(part.name for part, _, _ in fixed)}: nothing is left for "
            f"{inputs.diluent.name}. Make it weaker."
        )
    return TrituratePlan(
        batch_mg=batch_mg,
        parts=tuple(
            TrituratePart(
                key=part.key,
                name=part.name,
                role=role,
                in_100_mg=share,
                batch_mg=batch_mg * share / HUNDRED,
            )
            for part, role, share in (*fixed, (inputs.diluent, Role.FILLER, rest))
        ),
    )
