"""What is asked for, which lots are picked for it, and the planned lines that come out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from compounding.active_powder import powder_mg
from compounding.arithmetic import ONE, ZERO
from compounding.errors import Refusal
from compounding.strength import names_a_hydrate
from compounding.worksheet import (
    BenchTolerances,
    CapsuleInputs,
    Conversion,
    DropsInputs,
    TriturateInputs,
    Worksheet,
    WorksheetLine,
)
from pharmacy.batches.picking import WHOLE, Measure, Part, offer_for, one_lot, split
from pharmacy.batches.policies import PlanningPolicies
from pharmacy.formulations.models import (
    FormulaLine,
    Ingredient,
    LineRole,
    MasterFormulationRecord,
)
from pharmacy.formulations.queries import lines_of
from pharmacy.inventory.models import Balance, IngredientLot
from pharmacy.inventory.queries import LotOffer, certificate_of, least_by, lots_of


class NotInFormula(Refusal):
    """The active was to be brought by something that the formula does not allow."""


@dataclass(frozen=True, kw_only=True)
class BatchRequest:
    """What is to be made: units of one strength of a formula, weighed on one balance, on one day.

    `active` is the ingredient that brings the active where it is not the formula's own: a triturate of it.
    """

    formula: MasterFormulationRecord
    strength: Decimal
    units: int
    balance: Balance
    doses_mg: tuple[Decimal, ...]
    on: date
    needed_until: date
    policies: PlanningPolicies
    active: Ingredient | None = None

    @property
    def bench(self) -> BenchTolerances:
        """How exact the bench is: one weighing is taken to be off by the balance's sensitivity requirement."""
        return replace(self.policies.bench, balance_mg=self.balance.sensitivity_mg)


@dataclass(frozen=True, kw_only=True)
class PlannedLine:
    """One line of the batch from one lot, in the ingredient's unit."""

    line: FormulaLine
    lot: IngredientLot
    wanted: Decimal
    lowest: Decimal
    highest: Decimal
    fills_up: bool = False


@dataclass(frozen=True, kw_only=True)
class BatchPlan:
    """What a batch was worked out from and what came out."""

    inputs: CapsuleInputs | DropsInputs | TriturateInputs
    sheet: Worksheet
    lines: tuple[PlannedLine, ...]


@dataclass
class Picker:
    """Picks the lots of a request, line by line, and remembers which came under which worksheet key."""

    request: BatchRequest
    lots: Mapping[int, Sequence[IngredientLot]]
    """The lots of each ingredient, by its id."""
    capsule_size: str = ""
    picked: dict[str, tuple[FormulaLine, IngredientLot]] = field(default_factory=dict)

    @cached_property
    def mass(self) -> Measure:
        """How masses are measured out: on the balance of the request."""
        balance = self.request.balance
        least = least_by(balance, self.request.policies.weighing).mg
        return Measure(step=balance.readability_mg, least=least)

    def parts(
        self,
        line: FormulaLine,
        *,
        need: Decimal,
        brings: Callable[[IngredientLot], Decimal],
        measure: Measure,
    ) -> list["Picked"]:
        """Return the lots of a line with their shares of the need; see `split`."""
        offer = self._offer(line)
        found = split(line, offer, need=need, brings=brings, measure=measure)
        return [self._remember(line, part, number, found) for number, part in enumerate(found, 1)]

    def whole(self, line: FormulaLine, *, need: Decimal) -> "Picked":
        """Return the one lot that meets the whole need of a line; see `one_lot`."""
        part = Part(one_lot(line, self._offer(line), need=need), need)
        return self._remember(line, part, 1, [part])

    def strength_in_a_mg(self, line: FormulaLine, lot: IngredientLot) -> Decimal:
        """Return the mg of the strength's substance in one mg of a lot's powder (unrounded)."""
        as_it_is = powder_mg(
            ONE,
            certificate=certificate_of(lot),
            conversion=conversion_for(self.request.formula, line),
            cap_assay_at_100=self.request.policies.cap_assay_at_100,
        )
        return ONE / as_it_is

    def _offer(self, line: FormulaLine) -> LotOffer:
        request = self.request
        return offer_for(
            line,
            self.lots[line.ingredient_id],
            request.on,
            capsule_size=self.capsule_size,
            needed_until=request.needed_until,
        )

    def _remember(
        self, line: FormulaLine, part: Part, number: int, found: Sequence[Part]
    ) -> "Picked":
        key = f"{line.position}.{number}"
        self.picked[key] = (line, part.lot)
        label = line.ingredient.label_name
        if len(found) > 1:
            label = _("%(ingredient)s, lot %(lot)s") % {
                "ingredient": label,
                "lot": part.lot.lot_number,
            }
        return Picked(key, label, part.lot, part.need)


@dataclass(frozen=True)
class Picked:
    """One lot of one line: its key and name on the worksheet, and its share of the need."""

    key: str
    name: str
    lot: IngredientLot
    share: Decimal


def planned_line(sheet_line: WorksheetLine, picker: Picker) -> PlannedLine:
    """Return a line of the worksheet as a line of the batch."""
    line, lot = picker.picked[sheet_line.key]
    return PlannedLine(
        line=line,
        lot=lot,
        wanted=sheet_line.amount,
        lowest=sheet_line.low,
        highest=sheet_line.high,
    )


def in_order(lines: Sequence[PlannedLine]) -> tuple[PlannedLine, ...]:
    """Return the lines in the order of the formula."""
    return tuple(sorted(lines, key=lambda planned: planned.line.position))


def by_role(request: BatchRequest) -> dict[LineRole, list[FormulaLine]]:
    """Return the lines that the batch is made by, in their order, by role; the active is the one asked for."""
    roles: dict[LineRole, list[FormulaLine]] = {}
    for line in lines_of(request.formula):
        if line.role != LineRole.ACTIVE or _is_wanted(line, request.active):
            roles.setdefault(LineRole(line.role), []).append(line)
    if LineRole.ACTIVE not in roles:
        raise NotInFormula(
            _("%(formula)s is not made with %(ingredient)s.")
            % {"formula": request.formula, "ingredient": request.active}
        )
    return roles


def lots_by_ingredient(
    roles: Mapping[LineRole, Sequence[FormulaLine]],
) -> dict[int, list[IngredientLot]]:
    """Return the lots of everything that the batch is made of, by ingredient id."""
    ingredients = (line.ingredient for lines in roles.values() for line in lines)
    return lots_of(ingredients, packed=LineRole.SHELL in roles)


def _is_wanted(line: FormulaLine, active: Ingredient | None) -> bool:
    if active is None:
        return not line.is_alternative
    return line.ingredient_id == active.pk


def conversion_for(formula: MasterFormulationRecord, line: FormulaLine) -> Conversion | None:
    """Return the conversion from the substance of the strength to the one in the jar; None when they are the same.

    An approved formula has both molecular weights wherever the two differ.
    """
    wanted, supplied = formula.strength_substance, line.ingredient.substance
    if supplied is None or supplied == wanted:
        return None
    return Conversion(
        strength_mw=wanted.molecular_weight or ZERO,
        supplied_mw=supplied.molecular_weight or ZERO,
        supplied_mw_holds_hydrate_water=names_a_hydrate(supplied.name),
    )


def counted(picker: Picker, line: FormulaLine, count: int) -> list[PlannedLine]:
    """Return the pieces of a line that is counted, from one lot or several."""
    return [
        PlannedLine(
            line=line, lot=part.lot, wanted=part.share, lowest=part.share, highest=part.share
        )
        for part in picker.parts(line, need=Decimal(count), brings=lambda lot: ONE, measure=WHOLE)
    ]


def fixed_amount(line: FormulaLine) -> Decimal:
    """Return an excipient's amount; a constraint of the table says that it is there."""
    return line.amount or ZERO
