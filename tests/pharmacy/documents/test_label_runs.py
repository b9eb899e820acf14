"""Many labels as one file: each whole, each symbol readable, sheets begun where they are free, nothing cut."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from pypdf import PdfReader

from pharmacy.documents.contexts.parts import Context
from pharmacy.documents.label_formats import FORMATS, NoSuchLabelStock, label_format
from pharmacy.documents.label_runs import labels_pdf
from pharmacy.documents.label_sizes import LabelTooSmall
from pharmacy.documents.rendering import NotInOurType
from pharmacy.workflow.demonstration import Bench
from tests.factories.job import AT
from tests.factories.papers import (
    LONG_NAME,
    Said,
    page_texts,
    pictures_of,
    said_for,
    squeezed,
    symbols_in,
    words_off_the_paper,
)
from tests.pharmacy.documents.test_rendering import NINE_STEPS

pytestmark = pytest.mark.django_db

ROLL = FORMATS["roll-4x2"]


@pytest.fixture(scope="module")
def said(bench: Bench) -> Said:
    return said_for(bench, "capsules")


@pytest.fixture(scope="module")
def labels(said: Said) -> list[Context]:
    """A short label, a long name, nine steps, two bottles."""
    changed: list[dict[str, Any]] = [
        {},
        {"patient": LONG_NAME},
        {"directions": NINE_STEPS},
        {"containers": ["Bottle 1 of 2", "Bottle 2 of 2"]},
    ]
    return [
        {**said.label, **each, "rx": f"Rx 2000{number}-0", "code": _code(number)}
        for number, each in enumerate(changed)
    ]


@pytest.fixture(scope="module")
def run(labels: list[Context]) -> bytes:
    return labels_pdf(labels, stock=ROLL, made_at=AT)


def _code(number: int) -> str:
    return f"(91)2000{number}-0-1(92)B-2026-0001"


def test_every_label_is_whole_and_each_begins_on_its_own_page(
    run: bytes, labels: list[Context]
) -> None:
    texts = page_texts(run)
    for text, number in zip(texts, (0, 1, 1, 2, 2, 3, 3), strict=True):
        assert squeezed(f"Rx 2000{number}-0") in squeezed(text)
    for label in labels:
        printed = squeezed("".join(text for text in texts if label["rx"] in text))
        for said in (label["patient"], label["medicine"], label["directions"], label["use_by"]):
            assert squeezed(said) in printed
        for note in (*label["notes"], *label["warnings"], *label["facts"], *label["containers"]):
            assert squeezed(note) in printed


def test_a_number_is_never_torn_from_its_word(run: bytes) -> None:
    lines = [
        line.split()
        for page in PdfReader(_file(run)).pages
        for line in page.extract_text().splitlines()
        if line.split()
    ]
    assert not [line for line in lines if line[0] in ("days,", "days", "mg", "mL")]


def test_nothing_comes_near_the_edge(run: bytes, tmp_path: Path) -> None:
    assert words_off_the_paper(run, tmp_path, margin=3) == []


def test_a_scanner_reads_every_symbol(run: bytes, tmp_path: Path) -> None:
    read = [text for picture in pictures_of(run, tmp_path) for text in symbols_in(picture)]
    assert read == [_code(number) for number in (0, 1, 2, 3, 3)]


def test_the_same_labels_give_the_same_bytes(run: bytes, labels: list[Context]) -> None:
    assert labels_pdf(iter(labels), stock=ROLL, made_at=AT) == run
    assert labels_pdf(labels, stock=ROLL, made_at=AT + timedelta(days=1)) != run


def test_our_own_type_and_nothing_of_the_machine(run: bytes) -> None:
    fonts = set()
    for each in PdfReader(_file(run)).pages:
        resources = cast(dict[str, Any], each["/Resources"])
        fonts |= {str(font.get_object()["/BaseFont"]) for font in resources["/Font"].values()}
    assert fonts
    assert {font for font in fonts if "AtkinsonHyperlegible" not in font} == set()


def test_a_sheet_begins_where_labels_are_left(labels: list[Context], tmp_path: Path) -> None:
    stock = label_format("sheet-4x2", start_position=9)
    sheets = labels_pdf(labels, stock=stock, start_position=9, made_at=AT)
    pages = PdfReader(_file(sheets)).pages
    assert [(page.mediabox.width, page.mediabox.height) for page in pages] == [(612, 792)] * 2
    assert [text.count("Rx 2000") for text in page_texts(sheets)] == [2, 5]
    first, second = pictures_of(sheets, tmp_path)
    assert sorted(symbols_in(first)) == [_code(0), _code(1)]
    assert sorted(symbols_in(second)) == [_code(2), _code(3), _code(3)]
    upper = first.crop((0, 0, first.width, round(first.height * 8.4 / 11)))
    assert upper.getextrema() == (255, 255)


def test_a_small_roll_keeps_every_word_on_two_labels(
    said: Said, bench: Bench, tmp_path: Path
) -> None:
    drops = said_for(bench, "drops").label
    small = labels_pdf([said.label, drops], stock=FORMATS["roll-3x2"], made_at=AT)
    texts = page_texts(small)
    assert len(texts) == 4
    for label, printed in ((said.label, texts[:2]), (drops, texts[2:])):
        whole = squeezed("".join(printed))
        for each in (label["patient"], label["directions"], *label["notes"], *label["facts"]):
            assert squeezed(each) in whole
    read = [text for picture in pictures_of(small, tmp_path) for text in symbols_in(picture)]
    assert read == [said.label["code"], drops["code"]]
    assert words_off_the_paper(small, tmp_path, margin=1) == []


def test_a_place_the_sheet_has_not_is_refused() -> None:
    for key, start in (("sheet-4x2", 11), ("sheet-4x2", 0), ("roll-4x2", 2), ("parchment", 1)):
        with pytest.raises(NoSuchLabelStock):
            label_format(key, start_position=start)


@pytest.mark.parametrize("key", FORMATS)
def test_no_label_leaves_its_sheet(key: str) -> None:
    stock = FORMATS[key]
    for slot in range(stock.a_page):
        left, top = stock.place(slot)
        assert left + stock.width <= stock.page_width
        assert top + stock.height <= stock.page_height + 0.01


def test_what_cannot_be_printed_whole_is_refused_by_name(said: Said) -> None:
    endless = {**said.label, "directions": NINE_STEPS * 3, "first_direction": NINE_STEPS * 3}
    with pytest.raises(LabelTooSmall, match=str(said.label["rx"])):
        labels_pdf([endless], stock=ROLL, made_at=AT)
    with pytest.raises(NotInOurType, match="U\\+6F22"):
        labels_pdf([{**said.label, "patient": "漢"}], stock=ROLL, made_at=AT)


def test_nothing_outside_our_folders_is_read(said: Said) -> None:
    """A name is text and stays text; an address in a style is not followed."""
    name = '<img src="file:///etc/hostname">'
    (text,) = page_texts(labels_pdf([{**said.label, "patient": name}], stock=ROLL, made_at=AT))
    assert squeezed(name) in squeezed(text)


def test_the_moment_is_the_only_date(said: Said) -> None:
    pdf = labels_pdf([said.label], stock=ROLL, made_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    found = PdfReader(_file(pdf)).metadata
    assert found is not None
    assert found.creation_date == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def _file(pdf: bytes) -> io.BytesIO:
    return io.BytesIO(pdf)
