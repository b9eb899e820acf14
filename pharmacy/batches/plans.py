"""What is asked for, which lots are picked for it, and the planned lines that come out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from compounding.active_powder import powder_mg
from compounding.arithmetic import ONE, ZERO
from compounding.worksheet import CapsuleInputs, Conversion, DropsInputs, Worksheet, WorksheetLine
from pharmacy.batches.picking import Measure, Part, offer_for, one_lot, split
from pharmacy.batches.policies import PlanningPolicies
from pharmacy.formulations.models import FormulaLine, LineRole, MasterFormulationRecord
from pharmacy.formulations.queries import lines_of
from pharmacy.inventory.models import Balance, IngredientLot
from pharmacy.inventory.queries import LotOffer, certificate_of, least_weighable_mg


@dataclass(frozen=True, kw_only=True)
class BatchRequest:
    """What is to be made: units of one strength of a formula, weighed on one balance, on one day."""

    formula: MasterFormulationRecord
    strength: Decimal
    units: int
    balance: Balance
    doses_mg: tuple[Decimal, ...]
    on: date
    needed_until: date
    policies: PlanningPolicies


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

    inputs: CapsuleInputs | DropsInputs
    sheet: Worksheet
    lines: tuple[PlannedLine, ...]


@dataclass
class Picker:
    """Picks the lots of a request, line by line, and remembers which came under which worksheet key."""

    request: BatchRequest
    capsule_size: str = ""
    picked: dict[str, tuple[FormulaLine, IngredientLot]] = field(default_factory=dict)

    @property
    def mass(self) -> Measure:
        """How masses are measured out: on the balance of the request."""
        balance = self.request.balance
        least = least_weighable_mg(balance, self.request.on)
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
            line, request.on, capsule_size=self.capsule_size, needed_until=request.needed_until
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


def by_role(formula: MasterFormulationRecord) -> dict[LineRole, list[FormulaLine]]:
    """Return the formula's lines, in their order, by role."""
    roles: dict[LineRole, list[FormulaLine]] = {}
    for line in lines_of(formula):
        roles.setdefault(LineRole(line.role), []).append(line)
    return roles


def conversion_for(formula: MasterFormulationRecord, line: FormulaLine) -> Conversion | None:
    """Return the conversion from the substance of the strength to the one in the jar; None when they are the same.

    An approved formula has both molecular weights wherever the two differ.
    """
    wanted, supplied = formula.strength_substance, line.ingredient.substance
    if supplied is None or supplied == wanted:
        return None
    return Conversion(
        strength_mw=wanted.molecular_weight or ZERO, supplied_mw=supplied.molecular_weight or ZERO
    )


def fixed_amount(line: FormulaLine) -> Decimal:
    """Return an excipient's amount; a constraint of the table says that it is there."""
    return line.amount or ZERO
