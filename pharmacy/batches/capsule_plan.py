"""A batch of capsules: powders by potency, filler by displacement, one lot of shells."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from compounding.active_powder import powder_mg, triturate_mg
from compounding.arithmetic import ONE, ZERO, exactly
from compounding.capsules import Powder, batch_units, fraction_occupied
from compounding.errors import Refusal
from compounding.worksheet import (
    CapsuleActive,
    CapsuleExcipient,
    CapsuleInputs,
    CapsuleTriturate,
    Filler,
    Shell,
    plan_capsule_worksheet,
)
from pharmacy.batches.plans import (
    BatchPlan,
    BatchRequest,
    Picked,
    Picker,
    by_role,
    conversion_for,
    fixed_amount,
    in_order,
    lots_by_ingredient,
    planned_line,
)
from pharmacy.formulations.models import FormulaLine, LineRole
from pharmacy.formulations.queries import is_made_in_house
from pharmacy.inventory.models import IngredientLot
from pharmacy.inventory.queries import certificate_of, pack_statistic_of


class NoPackStatistic(Refusal):
    """A powder has no pack statistic for the capsule size. A lot without one is never offered."""


@exactly
def plan_capsules(request: BatchRequest) -> BatchPlan:
    """Return the plan of a batch of capsules; raises NotEnoughStock or a refusal of the worksheet."""
    roles = by_role(request)
    (shell_line,) = roles[LineRole.SHELL]
    units = batch_units(request.units, overage_pct=request.formula.overage_pct)
    picker = Picker(
        request, lots_by_ingredient(roles), capsule_size=shell_line.ingredient.capsule_size
    )
    shell = picker.whole(shell_line, need=Decimal(units))
    actives, triturates = _actives(picker, roles[LineRole.ACTIVE], units)
    excipients = _capsule_excipients(picker, roles.get(LineRole.EXCIPIENT, []), units)
    powders = _powders(picker, actives, triturates, excipients)
    early_fillers, filler = _fillers(picker, roles[LineRole.FILLER], units, powders)
    inputs = CapsuleInputs(
        units_wanted=request.units,
        overage_pct=request.formula.overage_pct,
        actives=actives,
        filler=filler,
        shell=_shell(shell_line, shell),
        cap_assay_at_100=request.policies.cap_assay_at_100,
        minimum_weighable_mg=picker.mass.least,
        weighing_tolerance_pct=request.policies.weighing_tolerance_pct,
        excipients=(*excipients, *early_fillers),
        weigh_to_mg=picker.mass.step,
        triturates=triturates,
        bench=request.bench,
    )
    sheet = plan_capsule_worksheet(inputs)
    lines = tuple(planned_line(line, picker) for line in sheet.lines)
    return BatchPlan(inputs=inputs, sheet=sheet, lines=in_order(lines))


def _actives(
    picker: Picker, lines: Sequence[FormulaLine], units: int
) -> tuple[tuple[CapsuleActive, ...], tuple[CapsuleTriturate, ...]]:
    """Return the active as powders with their certificates, or as triturates by their labeled strength."""
    (line,) = lines
    picked = picker.parts(
        line,
        need=picker.request.strength,
        brings=lambda lot: picker.strength_in_a_mg(line, lot) / units,
        measure=picker.mass,
    )
    if is_made_in_house(line):
        return (), tuple(_triturate(picker, line, part) for part in picked)
    return tuple(_active(picker, line, part) for part in picked), ()


def _active(picker: Picker, line: FormulaLine, part: Picked) -> CapsuleActive:
    return CapsuleActive(
        key=part.key,
        name=part.name,
        strength_mg=part.share,
        certificate=certificate_of(part.lot),
        conversion=conversion_for(picker.request.formula, line),
        pack_stat_mg=_pack_stat_mg(part.lot, picker.capsule_size),
        substance=line.ingredient.label_name,
    )


def _triturate(picker: Picker, line: FormulaLine, part: Picked) -> CapsuleTriturate:
    """The strength on the label of a lot stands as its assay as is; it was corrected when it was made."""
    return CapsuleTriturate(
        key=part.key,
        name=part.name,
        strength_mg=part.share,
        triturate_pct=certificate_of(part.lot).assay_pct,
        conversion=conversion_for(picker.request.formula, line),
        pack_stat_mg=_pack_stat_mg(part.lot, picker.capsule_size),
        substance=line.ingredient.label_name,
    )


def _capsule_excipients(
    picker: Picker, lines: Sequence[FormulaLine], units: int
) -> tuple[CapsuleExcipient, ...]:
    return tuple(
        CapsuleExcipient(
            key=part.key,
            name=part.name,
            mg_per_capsule=part.share,
            pack_stat_mg=_pack_stat_mg(part.lot, picker.capsule_size),
        )
        for line in lines
        for part in picker.parts(
            line, need=fixed_amount(line), brings=lambda lot: ONE / units, measure=picker.mass
        )
    )


def _fillers(
    picker: Picker,
    lines: Sequence[FormulaLine],
    units: int,
    powders: Sequence[Powder],
) -> tuple[tuple[CapsuleExcipient, ...], Filler]:
    """Return the filler, and before it the lots of it that are not enough, each as so many mg per capsule.

    Every lot of filler packs differently, so each takes up its own share of the room that is left.
    """
    (line,) = lines
    room = ONE - fraction_occupied(powders)
    size = picker.capsule_size
    if room <= ZERO:
        unused = picker.whole(line, need=ZERO)
        pack_stat_mg = _pack_stat_mg(unused.lot, size)
        return (), Filler(key=unused.key, name=unused.name, pack_stat_mg=pack_stat_mg)
    *early, last = picker.parts(
        line,
        need=room,
        brings=lambda lot: ONE / (_pack_stat_mg(lot, size) * units),
        measure=picker.mass,
    )
    fixed = tuple(
        CapsuleExcipient(
            key=part.key,
            name=part.name,
            mg_per_capsule=part.share * _pack_stat_mg(part.lot, size),
            pack_stat_mg=_pack_stat_mg(part.lot, size),
        )
        for part in early
    )
    return fixed, Filler(key=last.key, name=last.name, pack_stat_mg=_pack_stat_mg(last.lot, size))


def _powders(
    picker: Picker,
    actives: Sequence[CapsuleActive],
    triturates: Sequence[CapsuleTriturate],
    excipients: Sequence[CapsuleExcipient],
) -> list[Powder]:
    cap = picker.request.policies.cap_assay_at_100
    plain = [
        Powder(
            active.name,
            powder_mg(
                active.strength_mg,
                certificate=active.certificate,
                conversion=active.conversion,
                cap_assay_at_100=cap,
            ),
            active.pack_stat_mg,
        )
        for active in actives
    ]
    diluted = [
        Powder(
            one.name,
            triturate_mg(
                one.strength_mg, triturate_pct=one.triturate_pct, conversion=one.conversion
            ),
            one.pack_stat_mg,
        )
        for one in triturates
    ]
    fixed = [Powder(one.name, one.mg_per_capsule, one.pack_stat_mg) for one in excipients]
    return [*plain, *diluted, *fixed]


def _shell(line: FormulaLine, shell: Picked) -> Shell:
    return Shell(
        key=shell.key,
        name=shell.name,
        size=line.ingredient.capsule_size,
        volume_ml=line.ingredient.capsule_volume_ml or ZERO,
        mean_shell_mg=shell.lot.mean_shell_mg or ZERO,
    )


def _pack_stat_mg(lot: IngredientLot, capsule_size: str) -> Decimal:
    measured = pack_statistic_of(lot, capsule_size)
    if measured is None:
        raise NoPackStatistic(
            _("Lot %(lot)s has no pack statistic for capsule size %(size)s.")
            % {"lot": lot.lot_number, "size": capsule_size}
        )
    return measured.mg_per_capsule
