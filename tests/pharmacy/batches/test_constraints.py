"""What a move of units does that is written past the ORM."""

from tests.factories.lab import NOW, Lab, compounding_record_at
from tests.factories.raw_sql import check_refused, write


def test_units_do_not_go_below_zero(here: Lab) -> None:
    released = compounding_record_at("released")
    move = (
        "INSERT INTO batches_unitmove (record_id, quantity, from_place, to_place, at, by_id, reference) "
        "VALUES (%s, %s, %s, %s, %s, %s, 'x')"
    )
    person = here.pharmacist.user_id

    def values(quantity: int, source: str, target: str) -> list[object]:
        return [released.pk, quantity, source, target, NOW, person]

    check_refused(move, values(131, "stock", "patient"), by="batches_units_never_below_zero")
    check_refused(move, values(1, "waste", "stock"), by="batches_units_never_below_zero")
    write(move, values(130, "stock", "patient"))
    assert released.unit_levels.get(place="stock").quantity == 0
