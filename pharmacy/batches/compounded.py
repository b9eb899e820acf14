"""Triturates: a released batch goes on the shelf as a lot, and what was made from that lot is found again."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from compounding import wording
from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.batches.actions import move_units
from pharmacy.batches.models import CompoundedLot, CompoundingRecord, UnitPlace
from pharmacy.batches.queries import units_at
from pharmacy.inventory.actions import LotCertificate, receive_and_release
from pharmacy.inventory.models import AssayBasis, IngredientLot, Supplier
from pharmacy.people.actors import Actor

IN_HOUSE = "Compounded in house"
"""The supplier of every lot that was compounded here."""

_MG_IN_A_GRAM = Decimal(1000)


class NotForTheShelf(Refusal):
    """The batch is for patients, or nothing of it is left for the shelf."""


@writing()
def put_on_shelf(
    *, record: CompoundingRecord, by: Actor, at: datetime, left: Decimal | None = None
) -> IngredientLot:
    """Return the released lot that a verified batch of a triturate becomes, with all that is left of it.

    `left` is how many grams that is, if the same change has read it already.
    Its number is the batch's, its expiry the batch's beyond-use date; its strength stands as an assay as is, because
    the batch was corrected for potency when it was made. Raises NotForTheShelf.
    """
    made = record.formula.makes
    left = units_at(record, UnitPlace.STOCK) if left is None else left
    if made is None or record.beyond_use_on is None or left <= 0:
        raise NotForTheShelf(
            _("Nothing of batch %(number)s goes on the shelf.") % {"number": record.number}
        )
    move_units(
        record=record,
        quantity=left,
        there=left,
        from_place=UnitPlace.STOCK,
        to_place=UnitPlace.SHELF,
        reference=record.number,
        by=by,
        at=at,
    )
    lot = receive_and_release(
        ingredient=made,
        supplier=Supplier.objects.get_or_create(name=IN_HOUSE)[0],
        lot_number=record.number,
        quantity=left * _MG_IN_A_GRAM,
        expires=record.beyond_use_on.isoformat(),
        certificate=LotCertificate(
            certificate_number=record.number,
            assay_pct=record.strength,
            assay_basis=AssayBasis.AS_IS,
        ),
        by=by,
        at=at,
    )
    CompoundedLot.objects.create(record=record, lot=lot)
    new = {"lot": lot.lot_number, "quantity": wording.grams(left * _MG_IN_A_GRAM)}
    record_event(event="batch_put_on_shelf", record=record, by=by, at=at, new=new)
    return lot


def batches_from(lots: Iterable[IngredientLot]) -> list[CompoundingRecord]:
    """Return every batch that any of the lots went into, directly or through a triturate made of it, oldest first.

    Two queries for each level of triturates.
    """
    found: dict[int, CompoundingRecord] = {}
    asked = [lot.pk for lot in lots]
    while asked:
        records = CompoundingRecord.objects.filter(lines__lot__in=asked).distinct()
        new = {record.pk: record for record in records if record.pk not in found}
        found |= new
        asked = list(CompoundedLot.objects.filter(record__in=new).values_list("lot_id", flat=True))
    return [found[key] for key in sorted(found)]
