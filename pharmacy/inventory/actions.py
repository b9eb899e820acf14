"""Writing the shelf: lots come in, are released, counted, recalled, expire."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from compounding import given, wording
from compounding.arithmetic import ZERO
from compounding.beyond_use import parse_expiry
from compounding.errors import Refusal
from compounding.potency import potency_factor
from pharmacy.audit.actions import record_event, writing
from pharmacy.audit.transitions import move
from pharmacy.formulations.models import Ingredient, IngredientKind
from pharmacy.inventory.models import (
    IngredientLot,
    Place,
    StockLevel,
    StockMove,
    Supplier,
)
from pharmacy.inventory.moves import ReasonMissing, move_stock
from pharmacy.inventory.queries import certificate_of, expired_by
from pharmacy.inventory.states import LOT_STATES, LotState
from pharmacy.people.actors import SYSTEM, Actor, person_in
from pharmacy.people.roles import Role
from pharmacy.policies.queries import whole_of

DAYS_WITHOUT_EXPIRY = "component_without_expiry_days"
"""The policy for a component that carries no maker's date: so many days from its receipt."""


class LotReceivedBefore(Refusal):
    """The same lot of the same supplier is there already."""


class LotExpired(Refusal):
    """The lot's last day has passed."""


class ShellsNotWeighed(Refusal):
    """A lot of capsule shells has no mean weight of an empty shell."""


@dataclass(frozen=True, kw_only=True)
class LotCertificate:
    """What is read off a certificate of analysis, in percent. Which figures are needed follows from the basis."""

    certificate_number: str
    assay_pct: Decimal
    assay_basis: str
    water_pct: Decimal | None = None
    loss_on_drying_pct: Decimal | None = None
    solvents_pct: Decimal | None = None
    certificate_form: str | None = None
    """Salt and hydrate as the certificate names them."""


@writing()
def receive_lot(
    *,
    ingredient: Ingredient,
    supplier: Supplier,
    lot_number: str,
    quantity: Decimal,
    expires: str,
    by: Actor,
    at: datetime,
    certificate: LotCertificate | None = None,
    mean_shell_mg: Decimal | None = None,
) -> IngredientLot:
    """Return a new lot, in quarantine, with its quantity (in the ingredient's unit) on the shelf.

    `expires` is what the package says: "2028-03-31", or "2028-03" for the last day of that month, or
    nothing, and then the date counts from the receipt (policy). Raises LotReceivedBefore, LotExpired,
    NotWhole, or a refusal of `compounding` for a quantity, date or certificate that cannot be.
    """
    person_in(Role.of_staff(), by)
    on = timezone.localdate(at)
    given.positive(quantity, _("The quantity received"))
    lot = IngredientLot(
        ingredient=ingredient,
        supplier=supplier,
        lot_number=lot_number.strip(),
        received_on=on,
        expires_on=_last_day(expires, received_on=on),
        expiry_from_receipt=not expires.strip(),
        mean_shell_mg=mean_shell_mg,
        **({} if certificate is None else asdict(certificate)),
    )
    _check_new(lot, on)
    lot.save(force_insert=True)
    new = {"lot": lot.lot_number, "quantity": quantity, "expires": lot.expires_on}
    record_event(event="lot_received", record=lot, by=by, at=at, new=new)
    move_stock(
        lot=lot,
        quantity=quantity,
        from_place=Place.SUPPLIER,
        to_place=Place.SHELF,
        reference=_("receipt"),
        by=by,
        at=at,
    )
    return lot


@writing()
def release_lot(*, lot: IngredientLot, by: Actor, at: datetime) -> IngredientLot:
    """Release a lot from quarantine; only a pharmacist may.

    Raises LotExpired; for an active MissingCertificate or what its certificate lacks; for capsule
    shells ShellsNotWeighed; or a refusal of the state table.
    """
    return _release(_locked(lot), by=by, at=at)


@writing()
def receive_and_release(
    *,
    ingredient: Ingredient,
    supplier: Supplier,
    lot_number: str,
    quantity: Decimal,
    expires: str,
    certificate: LotCertificate,
    by: Actor,
    at: datetime,
) -> IngredientLot:
    """Return a new lot, received and released in one change: what the pharmacy made itself and has just verified.

    Raises what `receive_lot` and `release_lot` raise.
    """
    lot = receive_lot(
        ingredient=ingredient,
        supplier=supplier,
        lot_number=lot_number,
        quantity=quantity,
        expires=expires,
        certificate=certificate,
        by=by,
        at=at,
    )
    return _release(lot, by=by, at=at)


def _release(lot: IngredientLot, *, by: Actor, at: datetime) -> IngredientLot:
    _check_in_date(lot, timezone.localdate(at))
    if lot.ingredient.substance_id is not None:
        potency_factor(certificate_of(lot), cap_assay_at_100=False)
    if lot.ingredient.kind == IngredientKind.SHELL and lot.mean_shell_mg is None:
        raise ShellsNotWeighed(
            _("Weigh empty shells of lot %(lot)s and enter their mean first.")
            % {"lot": lot.lot_number}
        )
    move(
        lot,
        table=LOT_STATES,
        to=LotState.RELEASED,
        by=by,
        at=at,
        released_by_id=by.user_id,
        released_at=at,
    )
    return lot


@writing()
def discard_stock(
    *, lot: IngredientLot, quantity: Decimal, reason: str, by: Actor, at: datetime
) -> StockMove:
    """Return the move of a quantity from the shelf to waste, with its audit event."""
    if not reason.strip():
        raise ReasonMissing(_("Write down why it is discarded."))
    moved = move_stock(
        lot=lot,
        quantity=quantity,
        from_place=Place.SHELF,
        to_place=Place.WASTE,
        reference=_("discarded"),
        reason=reason,
        by=by,
        at=at,
    )
    new = {"quantity": quantity, "reason": reason.strip()}
    record_event(event="stock_discarded", record=lot, by=by, at=at, new=new)
    return moved


@writing()
def correct_stock(
    *, lot: IngredientLot, counted: Decimal, reason: str, by: Actor, at: datetime
) -> StockMove | None:
    """Bring the shelf to what was counted on it; returns the adjustment, or None when it agreed already."""
    given.not_negative(counted, _("The quantity counted"))
    lot = _locked(lot)
    on_shelf = _level(lot, Place.SHELF)
    if counted == on_shelf:
        return None
    more = counted > on_shelf
    if more and lot.state == LotState.EXHAUSTED:
        move(lot, table=LOT_STATES, to=LotState.RELEASED, by=by, at=at)
    moved = move_stock(
        lot=lot,
        quantity=abs(counted - on_shelf),
        from_place=Place.ADJUSTMENT if more else Place.SHELF,
        to_place=Place.SHELF if more else Place.ADJUSTMENT,
        reference=_("count"),
        reason=reason,
        by=by,
        at=at,
    )
    record_event(
        event="stock_corrected",
        record=lot,
        by=by,
        at=at,
        old={"on_shelf": on_shelf},
        new={"on_shelf": counted, "reason": reason.strip()},
    )
    return moved


@writing()
def recall_lot(*, lot: IngredientLot, reason: str, by: Actor, at: datetime) -> IngredientLot:
    """Mark a lot as recalled, so that it is never offered again; returns it."""
    if not reason.strip():
        raise ReasonMissing(_("Write down why the lot is recalled."))
    lot = _locked(lot)
    move(lot, table=LOT_STATES, to=LotState.RECALLED, by=by, at=at, note=reason.strip())
    return lot


@writing()
def expire_lots(*, at: datetime) -> list[IngredientLot]:
    """Mark every lot whose last day has passed; returns them. The last day itself may still be used."""
    lots = list(expired_by(timezone.localdate(at)).select_for_update())
    for lot in lots:
        move(lot, table=LOT_STATES, to=LotState.EXPIRED, by=SYSTEM, at=at)
    return lots


def _check_new(lot: IngredientLot, on: date) -> None:
    known = IngredientLot.objects.filter(
        ingredient=lot.ingredient, supplier=lot.supplier, lot_number=lot.lot_number
    )
    if known.exists():
        raise LotReceivedBefore(
            _("Lot %(lot)s of %(ingredient)s from %(supplier)s was received before.")
            % {
                "lot": lot.lot_number,
                "ingredient": lot.ingredient.label_name,
                "supplier": lot.supplier,
            }
        )
    _check_in_date(lot, on)
    if lot.mean_shell_mg is not None:
        given.positive(lot.mean_shell_mg, _("The mean weight of a shell"))
    if lot.assay_pct is not None:
        certificate_of(lot)


def _last_day(expires: str, *, received_on: date) -> date:
    if expires.strip():
        return parse_expiry(expires)
    return received_on + timedelta(days=whole_of(DAYS_WITHOUT_EXPIRY, on=received_on))


def _check_in_date(lot: IngredientLot, on: date) -> None:
    if lot.expires_on < on:
        raise LotExpired(
            _("Lot %(lot)s of %(ingredient)s expired on %(day)s.")
            % {
                "lot": lot.lot_number,
                "ingredient": lot.ingredient.label_name,
                "day": wording.full_day(lot.expires_on),
            }
        )


def _locked(lot: IngredientLot) -> IngredientLot:
    return (
        IngredientLot.objects.select_related("ingredient")
        .select_for_update(of=("self",))
        .get(pk=lot.pk)
    )


def _level(lot: IngredientLot, place: Place) -> Decimal:
    level = StockLevel.objects.select_for_update().filter(lot=lot, place=place).first()
    return ZERO if level is None else level.quantity
