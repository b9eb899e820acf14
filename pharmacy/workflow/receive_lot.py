"""A lot comes in, with the file of its certificate when there is one: both or neither is kept."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pharmacy.audit.actions import writing
from pharmacy.formulations.models import Ingredient
from pharmacy.inventory import actions
from pharmacy.inventory.actions import LotCertificate
from pharmacy.inventory.lot_files import keep_file
from pharmacy.inventory.models import IngredientLot, Supplier
from pharmacy.people.actors import Actor


@dataclass(frozen=True, kw_only=True)
class Received:
    """What stands on the package and in its papers."""

    ingredient: Ingredient
    supplier: Supplier
    lot_number: str
    quantity: Decimal
    expires: str
    certificate: LotCertificate | None = None
    mean_shell_mg: Decimal | None = None
    file_name: str = ""
    file_content: bytes | None = None


@writing()
def receive_lot(*, received: Received, by: Actor, at: datetime) -> IngredientLot:
    """Return the lot, in quarantine. Raises what `inventory.actions.receive_lot` and `keep_file` raise."""
    lot = actions.receive_lot(
        ingredient=received.ingredient,
        supplier=received.supplier,
        lot_number=received.lot_number,
        quantity=received.quantity,
        expires=received.expires,
        certificate=received.certificate,
        mean_shell_mg=received.mean_shell_mg,
        by=by,
        at=at,
    )
    if received.file_content is not None:
        keep_file(lot=lot, name=received.file_name, content=received.file_content, by=by, at=at)
    return lot
