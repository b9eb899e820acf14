"""What is on the shelf: lots with their certificates, stock moves, balances, dropper calibrations."""

from pharmacy.inventory.models.instruments import (
    Balance,
    BalanceCalibration,
    DropperCalibration,
    RepeatabilityTest,
)
from pharmacy.inventory.models.lots import (
    AssayBasis,
    IngredientLot,
    LotDocument,
    PackStatistic,
    Supplier,
)
from pharmacy.inventory.models.stock import (
    IN_STOCK,
    OUTSIDE,
    Place,
    ReorderPoint,
    StockLevel,
    StockMove,
)

__all__ = [
    "IN_STOCK",
    "OUTSIDE",
    "AssayBasis",
    "Balance",
    "BalanceCalibration",
    "DropperCalibration",
    "IngredientLot",
    "LotDocument",
    "PackStatistic",
    "Place",
    "ReorderPoint",
    "RepeatabilityTest",
    "StockLevel",
    "StockMove",
    "Supplier",
]
