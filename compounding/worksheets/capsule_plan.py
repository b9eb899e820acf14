"""The first calculator for a batch of capsules. Nothing is rounded here."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from compounding.active_powder import supplied_mg, triturate_mg
from compounding.arithmetic import HUNDRED, exactly, settle, total
from compounding.capsule_fill import Powder, batch_units, fraction_occupied, share_left
from compounding.potency import as_is_mg, potency_factor
from compounding.worksheets.inputs import (
    CapsuleActive,
    CapsuleExcipient,
    CapsuleInputs,
    CapsuleTriturate,
)
from compounding.worksheets.record import Role


@dataclass(frozen=True, kw_only=True, slots=True)
class CapsulePart:
    """A powder of the batch: as it is, in one capsule and in all of them (mg, unrounded)."""

    key: str
    name: str
    role: Role
    each_mg: Decimal
    batch_mg: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class CapsulePlan:
    """The first calculator's figures, unrounded; a potency factor for each active that comes as powder.

    `taken` is the share of the capsule that is taken without any filler, `utilisation_pct` the same in percent.
    """

    units: int
    factors: tuple[Decimal, ...]
    components: tuple[CapsulePart, ...]
    taken: Decimal
    utilisation_pct: Decimal
    fill_mg: Decimal
    gross_mg: Decimal


@exactly
def work_out_capsules(inputs: CapsuleInputs) -> CapsulePlan:
    """Return the batch: actives, triturates and fixed excipients, then the filler if there is room for one.

    A triturate displaces the filler as the mixture it is, its own diluent included. Raises
    `CapsuleOverfilled`.
    """
    units = batch_units(inputs.units_wanted, overage_pct=inputs.overage_pct)
    factors = tuple(
        potency_factor(active.certificate, cap_assay_at_100=inputs.cap_assay_at_100)
        for active in inputs.actives
    )
    fixed: list[tuple[CapsuleActive | CapsuleTriturate | CapsuleExcipient, Role, Decimal]]
    fixed = [
        (active, Role.ACTIVE, _each_mg(active, factor))
        for active, factor in zip(inputs.actives, factors, strict=True)
    ]
    fixed += [(stock, Role.ACTIVE, _each_triturate_mg(stock)) for stock in inputs.triturates]
    fixed += [(extra, Role.EXCIPIENT, extra.mg_per_capsule) for extra in inputs.excipients]
    powders = [Powder(part.name, mg, part.pack_stat_mg) for part, _, mg in fixed]
    stronger = " or a stronger triturate" if inputs.triturates else ""
    left = share_left(powders, remedy=f"choose a larger size{stronger}")
    filler = [
        (filler, Role.FILLER, left * filler.pack_stat_mg) for filler in inputs.fillers if left > 0
    ]
    components = tuple(
        CapsulePart(key=part.key, name=part.name, role=role, each_mg=mg, batch_mg=mg * units)
        for part, role, mg in (*fixed, *filler)
    )
    fill = total(component.each_mg for component in components)
    taken = fraction_occupied(powders)
    return CapsulePlan(
        units=units,
        factors=factors,
        components=components,
        taken=taken,
        utilisation_pct=settle(taken) * HUNDRED,
        fill_mg=fill,
        gross_mg=fill + inputs.shell.mean_shell_mg,
    )


def _each_mg(active: CapsuleActive, factor: Decimal) -> Decimal:
    return as_is_mg(supplied_mg(active.strength_mg, active.conversion), factor)


def _each_triturate_mg(stock: CapsuleTriturate) -> Decimal:
    return triturate_mg(
        stock.strength_mg, triturate_pct=stock.triturate_pct, conversion=stock.conversion
    )
