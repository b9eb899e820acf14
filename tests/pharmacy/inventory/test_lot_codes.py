"""The label of a received lot: what it says, and that a scan finds the lot it is on and no other."""

import pytest

from pharmacy.documents.symbols import data_matrix
from pharmacy.inventory.lot_codes import (
    LabelDisagrees,
    LotNumberShared,
    NotALotLabel,
    UnknownLot,
    lot_from_scan,
    lot_symbol_text,
)
from pharmacy.inventory.models import IngredientLot
from tests.factories.lab import Lab, new_lot


def test_it_says_lot_last_day_and_our_own_number(here: Lab) -> None:
    lot = here.lot("NX-2201")
    day = lot.expires_on.strftime("%y%m%d")
    assert lot_symbol_text(lot) == f"(17){day}(10)NX-2201(91)LOT{lot.pk}"
    assert data_matrix(lot_symbol_text(lot)).size > 10


@pytest.mark.parametrize(
    "sent",
    [
        "(17){day}(10){lot}(91)LOT{id}",
        "]d217{day}10{lot}\x1d91LOT{id}",
        "\x1d17{day}10{lot}\x1d91LOT{id}",
        "(91)LOT{id}",
        "(10){lot}",
        "010061414111111417{day}10{lot}",
        "{lot}",
        " nx-2201\n",
    ],
)
def test_every_way_to_say_it_finds_the_lot(here: Lab, sent: str) -> None:
    lot = here.lot("NX-2201")
    day = lot.expires_on.strftime("%y%m%d")
    assert lot_from_scan(sent.format(day=day, lot=lot.lot_number, id=lot.pk)) == lot


def test_a_lot_number_gs1_cannot_spell_is_left_out(here: Lab) -> None:
    lot = new_lot(here, "glycerin", "ÄB (7)", "1", is_released=False)
    assert "(10)" not in lot_symbol_text(lot)
    assert lot_from_scan(lot_symbol_text(lot)) == lot


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        ("", NotALotLabel),
        ("(91)10482-0-1(92)B-2026-0412", NotALotLabel),
        ("\x1d9110482-0-1\x1d92B-2026-0412", NotALotLabel),
        ("(91)LOT999999", UnknownLot),
        ("(17)280331(10)NX-0000", UnknownLot),
        ("NX-0000", UnknownLot),
    ],
)
def test_what_is_no_lot_of_ours_is_refused(here: Lab, sent: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        lot_from_scan(sent)


def test_a_label_stuck_over_another_is_refused(here: Lab) -> None:
    lot = here.lot("NX-2201")
    with pytest.raises(LabelDisagrees, match="NX-2234"):
        lot_from_scan(f"(10)NX-2234(91)LOT{lot.pk}")


def test_a_number_that_two_lots_have_needs_our_own_label(here: Lab) -> None:
    other = new_lot(here, "glycerin", "NX-2201", "1", is_released=False)
    with pytest.raises(LotNumberShared):
        lot_from_scan("NX-2201")
    assert lot_from_scan(lot_symbol_text(other)) == other
    assert IngredientLot.objects.filter(lot_number="NX-2201").count() == 2
