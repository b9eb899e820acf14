"""What a move of stock does that is written past the ORM."""

from tests.factories.lab import NOW, Lab
from tests.factories.raw_sql import write


def test_a_move_written_by_hand_moves_the_level_too(here: Lab) -> None:
    lot = here.lot("GL-412")
    write(
        "INSERT INTO inventory_stockmove (lot_id, quantity, from_place, to_place, at, by_id, reference, reason) "
        "VALUES (%s, 1, 'shelf', 'waste', %s, %s, 'x', '')",
        [lot.pk, NOW, here.technician.user_id],
    )
    assert lot.levels.get(place="waste").quantity == 1
    assert lot.levels.get(place="shelf").quantity == 999
