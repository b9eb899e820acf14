"""The DataMatrix of a container label: what it says is read back, and nothing else is in it."""

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from pharmacy.documents.symbols import (
    ContainerCode,
    NotOurSymbol,
    container_code,
    data_matrix,
    read_container_code,
)

CODE = ContainerCode(order_number="10482-0", line=1, lot="B-2026-0412")


def drawn(text: str) -> Image.Image:
    """The symbol of a text, eight dots to a module."""
    symbol = data_matrix(text)
    side = (symbol.size + 4) * 8
    picture = Image.new("L", (side, side), 255)
    pencil = ImageDraw.Draw(picture)
    for bar in symbol.path.removesuffix("z").split("z"):
        start, rest = bar.removeprefix("M").split("h", 1)
        x, y = (int(part) for part in start.split())
        width, height = (int(part) for part in rest.split("h-")[0].split("v"))
        box = [(x + 2) * 8, (y + 2) * 8, (x + width + 2) * 8 - 1, (y + height + 2) * 8 - 1]
        pencil.rectangle(box, fill=0)
    return picture


def test_what_is_written_is_read_back_as_gs1() -> None:
    (found,) = zxingcpp.read_barcodes(drawn(container_code(CODE)))
    assert found.text == "(91)10482-0-1(92)B-2026-0412"
    assert found.content_type == zxingcpp.ContentType.GS1
    assert read_container_code(found.text) == CODE


def test_a_scanner_that_sends_the_raw_data_is_understood_too() -> None:
    (found,) = zxingcpp.read_barcodes(drawn(container_code(CODE)))
    assert read_container_code(found.bytes.decode()) == CODE
    assert read_container_code("]d2" + found.bytes.decode() + "\n") == CODE


def test_a_line_beyond_the_first_and_a_long_lot_come_back() -> None:
    code = ContainerCode(order_number="4294967295-11", line=12, lot="B-2026-012345678901Z")
    (found,) = zxingcpp.read_barcodes(drawn(container_code(code)))
    assert read_container_code(found.text) == code


@pytest.mark.parametrize(
    "scanned",
    [
        "",
        "10482-0",
        "(01)00312345678906",
        "(91)10482-0-1",
        "(91)10482(92)B-2026-0412",
        "(91)10482-0-1(92)B-2026-0412(10)X",
        "https://example.org/91/10482-0-1/92/B-2026-0412",
    ],
)
def test_anything_else_is_refused(scanned: str) -> None:
    with pytest.raises(NotOurSymbol, match="not a container label of ours"):
        read_container_code(scanned)
