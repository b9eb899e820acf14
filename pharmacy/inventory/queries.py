"""Reading the shelf: which lots may be used and why the others may not, certificates, balances, droppers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from compounding import wording
from compounding.errors import Refusal
from compounding.potency import AssayBasis as CertificateBasis
from compounding.potency import Certificate
from compounding.weighing import minimum_weighable_mg as prescription_minimum_mg
from compounding.weighing import usp41_minimum
from pharmacy.formulations.models import Ingredient, IngredientKind, MasterFormulationRecord
from pharmacy.inventory.models import (
    IN_STOCK,
    Balance,
    DropperCalibration,
    IngredientLot,
    PackStatistic,
    Place,
    StockLevel,
    StockMove,
)
from pharmacy.inventory.states import LotState
from pharmacy.policies.models import PolicyVersion
from pharmacy.policies.queries import in_force

WEIGHING_ERROR = "mwq_error_pct"
"""The policy that says how large the error of the smallest weighing may be, in percent."""
WEIGHING_USP41 = "weighing.usp41_minimum"
"""The policy that says whether a balance's own repeatability sets a minimum too: yes or no."""
WEIGHING_POLICIES = (WEIGHING_ERROR, WEIGHING_USP41)


class MissingCertificate(Refusal):
    """A lot of an active substance has no assay, or no basis for it."""


class CalibrationOverdue(Refusal):
    """The balance has to be calibrated before it is used again."""


@dataclass(frozen=True)
class UsableLot:
    """A lot that may be used now, and how much of it lies on the shelf (in the ingredient's unit)."""

    lot: IngredientLot
    on_shelf: Decimal


@dataclass(frozen=True)
class RefusedLot:
    """A lot that may not be used now, and why, in a sentence."""

    lot: IngredientLot
    why: str


@dataclass(frozen=True)
class LotOffer:
    """The usable lots, first expiry first, and the others with their reasons."""

    usable: tuple[UsableLot, ...]
    refused: tuple[RefusedLot, ...]


def lots_for(
    ingredient: Ingredient,
    on: date,
    *,
    capsule_size: str = "",
    needed_until: date | None = None,
) -> LotOffer:
    """Return the lots of an ingredient as they may be used on that day: first expiry first, then first received.

    With `capsule_size`, a powder also needs a pack statistic for that size. With `needed_until`, a lot
    that expires before that day is not offered.
    """
    return offer_of(
        lots_of([ingredient])[ingredient.pk],
        on,
        capsule_size=capsule_size,
        needed_until=needed_until,
    )


_LEVEL = (
    "SELECT l.quantity FROM inventory_stocklevel l "
    "WHERE l.lot_id = inventory_ingredientlot.id AND l.place = %s"
)


def lots_of(
    ingredients: Iterable[Ingredient], *, packed: bool = True
) -> dict[int, list[IngredientLot]]:
    """Return every lot of each ingredient, by its id: first expiry first, then first received.

    Each comes with what of it is in stock; `packed` brings its pack statistics, by a second query.
    """
    by_id = {ingredient.pk: ingredient for ingredient in ingredients}
    found: dict[int, list[IngredientLot]] = {key: [] for key in by_id}
    quantity = StockLevel._meta.get_field("quantity")
    lots = (
        IngredientLot.objects.filter(ingredient__in=found)
        .select_related("supplier")
        .annotate(**{place.value: RawSQL(_LEVEL, [place.value], quantity) for place in IN_STOCK})
    )
    first_out = sorted(
        lots.prefetch_related("pack_statistics") if packed else lots,
        key=lambda lot: (lot.expires_on, lot.received_on, lot.pk),
    )
    for lot in first_out:
        lot.ingredient = by_id[lot.ingredient_id]
        found[lot.ingredient_id].append(lot)
    return found


def offer_of(
    lots: Iterable[IngredientLot],
    on: date,
    *,
    capsule_size: str = "",
    needed_until: date | None = None,
) -> LotOffer:
    """Return those of the lots that may be used, in their order, and the others with the reason; see `lots_for`."""
    usable: list[UsableLot] = []
    refused: list[RefusedLot] = []
    for lot in lots:
        why = _why_not(lot, on, capsule_size=capsule_size, needed_until=needed_until)
        if why:
            refused.append(RefusedLot(lot, why))
        else:
            usable.append(UsableLot(lot, quantity_at(lot, Place.SHELF)))
    return LotOffer(tuple(usable), tuple(refused))


def why_not_offered(lot: IngredientLot, on: date) -> str:
    """Return why the shelf would not offer a lot to any batch on that day, or nothing when it would."""
    return _why_not(lot, on, capsule_size="", needed_until=None)


def _why_not(lot: IngredientLot, on: date, *, capsule_size: str, needed_until: date | None) -> str:
    """Return why the lot may not be used, or nothing."""
    if lot.state == LotState.RECALLED:
        return _NOT_RELEASED[LotState.RECALLED]()
    if lot.expires_on < on or lot.state == LotState.EXPIRED:
        return _("It expired on %(day)s.") % {"day": wording.full_day(lot.expires_on)}
    if lot.state != LotState.RELEASED:
        return _NOT_RELEASED[LotState(lot.state)]()
    if quantity_at(lot, Place.SHELF) <= 0:
        return _("All of it is reserved for other batches.")
    if needed_until is not None and lot.expires_on < needed_until:
        return _(
            "It expires on %(day)s, before %(until)s, when the preparation is still needed."
        ) % {
            "day": wording.full_day(lot.expires_on),
            "until": wording.full_day(needed_until),
        }
    return _unmeasured(lot, capsule_size)


_NOT_RELEASED = {
    LotState.QUARANTINED: lambda: _("It is in quarantine until a pharmacist releases it."),
    LotState.EXHAUSTED: lambda: _("It is used up."),
    LotState.RECALLED: lambda: _("It is recalled."),
}


def _unmeasured(lot: IngredientLot, capsule_size: str) -> str:
    ingredient = lot.ingredient
    if ingredient.substance_id is not None and lot.assay_pct is None:
        return _("Its certificate has not been entered.")
    if ingredient.kind == IngredientKind.SHELL and lot.mean_shell_mg is None:
        return _("The mean weight of its empty shells has not been measured.")
    is_filled_in = capsule_size and ingredient.kind == IngredientKind.POWDER
    if is_filled_in and pack_statistic_of(lot, capsule_size) is None:
        return _("It has no pack statistic for capsule size %(size)s.") % {"size": capsule_size}
    return ""


def levels_of(lots: Iterable[IngredientLot]) -> dict[tuple[int, str], Decimal]:
    """Return how much of each of `lots_of` is at each place of the stock, by (lot id, place)."""
    return {(lot.pk, place.value): quantity_at(lot, place) for lot in lots for place in IN_STOCK}


def quantity_at(lot: IngredientLot, place: Place) -> Decimal:
    """Return how much of a lot is at a place, in the ingredient's unit; asks only when it did not come with the lot."""
    if place.value in vars(lot):
        return vars(lot)[place.value] or Decimal(0)
    return next((level.quantity for level in lot.levels.all() if level.place == place), Decimal(0))


def pack_statistic_of(lot: IngredientLot, capsule_size: str) -> PackStatistic | None:
    """Return the newest pack statistic of a lot for a capsule size, or None."""
    measured = [one for one in lot.pack_statistics.all() if one.capsule_size == capsule_size]
    return max(measured, key=lambda one: one.measured_on, default=None)


def certificate_of(lot: IngredientLot) -> Certificate:
    """Return what the lot's certificate says.

    Raises MissingCertificate without an assay, or the refusals of `Certificate`, for instance when
    the assay is stated on the anhydrous basis and there is no water content.
    """
    if lot.assay_pct is None:
        raise MissingCertificate(
            _(
                "Lot %(lot)s of %(ingredient)s has no assay. Enter its certificate of analysis first."
            )
            % {"lot": lot.lot_number, "ingredient": lot.ingredient.label_name}
        )
    return Certificate(
        assay_pct=lot.assay_pct,
        basis=CertificateBasis(lot.assay_basis),
        water_pct=lot.water_pct,
        lod_pct=lot.loss_on_drying_pct,
        solvents_pct=lot.solvents_pct,
    )


def check_calibrated(balance: Balance, on: date) -> None:
    """Raise CalibrationOverdue when the balance's calibration was due before that day."""
    if balance.calibration_due_on < on:
        raise CalibrationOverdue(
            _("%(balance)s was due for calibration on %(day)s. Use another balance.")
            % {"balance": balance.name, "day": wording.full_day(balance.calibration_due_on)}
        )


@dataclass(frozen=True, kw_only=True)
class LeastWeighable:
    """The least a balance may weigh (mg, unrounded), by each of its two rules; the larger one holds.

    `by_repeatability_mg` is None while no repeatability is recorded, or the pharmacy does not go by it.
    """

    balance: Balance
    by_error_mg: Decimal
    by_repeatability_mg: Decimal | None

    @property
    def mg(self) -> Decimal:
        """The least that may be weighed."""
        return max(self.by_error_mg, self.by_repeatability_mg or self.by_error_mg)

    def __str__(self) -> str:
        by_error = {"balance": self.balance.name, "error": _milligrams(self.by_error_mg)}
        if self.by_repeatability_mg is None:
            return _(
                "%(balance)s weighs no less than %(error)s by the permitted error. "
                "Make a larger batch, use a triturate, or take a balance that weighs less."
            ) % {**by_error}
        return _(
            "%(balance)s weighs no less than %(error)s by the permitted error and "
            "%(repeatability)s by its repeatability after USP <41>. "
            "Make a larger batch, use a triturate, or take a balance that weighs less."
        ) % {**by_error, "repeatability": _milligrams(self.by_repeatability_mg)}


def least_weighable(balance: Balance, on: date) -> LeastWeighable:
    """Return the least this balance may weigh: by the permitted error, and by its own repeatability.

    Sources: minimum weighable quantity = sensitivity requirement × 100 / permitted error %; the minimum
    weight of USP <41> from the newest repeatability test, if the pharmacy's policy goes by it.
    """
    return least_by(balance, in_force(WEIGHING_POLICIES, on=on))


def least_by(balance: Balance, policies: Mapping[str, PolicyVersion]) -> LeastWeighable:
    """Return what `least_weighable` returns, by WEIGHING_POLICIES that have been read."""
    sd_mg = balance.repeatability_sd_mg
    by_repeatability = None
    if policies[WEIGHING_USP41].value == "yes" and sd_mg is not None:
        least = usp41_minimum(sd_mg=sd_mg, readability_mg=balance.readability_mg)
        by_repeatability = least.minimum_mg
    return LeastWeighable(
        balance=balance,
        by_error_mg=prescription_minimum_mg(
            sensitivity_mg=balance.sensitivity_mg,
            max_error_pct=Decimal(policies[WEIGHING_ERROR].value),
        ),
        by_repeatability_mg=by_repeatability,
    )


def least_weighable_mg(balance: Balance, on: date) -> Decimal:
    """Return the least this balance may weigh (mg, unrounded); see `least_weighable`."""
    return least_weighable(balance, on).mg


def _milligrams(mg: Decimal) -> str:
    return f"{wording.rounded(mg, 3)} mg"


def dropper_calibration(
    formula: MasterFormulationRecord, dropper: Ingredient
) -> DropperCalibration | None:
    """Return the newest calibration of this dropper with this version of the formula, or None."""
    return (
        DropperCalibration.objects.filter(formula=formula, dropper=dropper)
        .order_by("-measured_on", "-id")
        .first()
    )


def expired_by(on: date) -> QuerySet[IngredientLot]:
    """Return the lots whose last day lies before that day and which are not marked so yet."""
    return IngredientLot.objects.filter(
        expires_on__lt=on, state__in=[LotState.QUARANTINED, LotState.RELEASED]
    ).order_by("expires_on", "id")


def balances() -> QuerySet[Balance]:
    """Return the balances by name."""
    return Balance.objects.order_by("name")


def lots_in_stock(states: Iterable[LotState] = ()) -> QuerySet[IngredientLot]:
    """Return lots with their ingredient, supplier and levels, first expiry first; all of them, or in these states."""
    lots = IngredientLot.objects.select_related(
        "ingredient__substance", "supplier"
    ).prefetch_related("levels")
    wanted = list(states)
    return (lots.filter(state__in=wanted) if wanted else lots).order_by("expires_on", "id")


@dataclass(frozen=True)
class Mismatch:
    """A stock level that is not the sum of its moves."""

    lot_id: int
    place: str
    level: Decimal
    moved: Decimal


def levels_beside_moves() -> list[Mismatch]:
    """Return every stock level that differs from the sum of the moves; there should be none."""
    moved: dict[tuple[int, str], Decimal] = {}
    for move in StockMove.objects.values_list("lot_id", "quantity", "from_place", "to_place"):
        lot_id, quantity, source, target = move
        moved[lot_id, target] = moved.get((lot_id, target), Decimal(0)) + quantity
        moved[lot_id, source] = moved.get((lot_id, source), Decimal(0)) - quantity
    levels = {(level.lot_id, level.place): level.quantity for level in StockLevel.objects.all()}
    return [
        Mismatch(*key, levels.get(key, Decimal(0)), moved.get(key, Decimal(0)))
        for key in sorted(levels.keys() | moved.keys())
        if levels.get(key, Decimal(0)) != moved.get(key, Decimal(0))
    ]
