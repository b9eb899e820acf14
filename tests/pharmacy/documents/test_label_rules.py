"""What a container label must say and how large: rule by rule, and measured on the printed label."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import page as pdf_ua
import pytest
from pypdf import PdfReader

from pharmacy.documents.contexts.label import label_context
from pharmacy.documents.contexts.parts import Context
from pharmacy.documents.label_formats import FORMATS, LOT_FORMATS, LabelFormat, StockPlace
from pharmacy.documents.label_sizes import settings_for
from pharmacy.documents.label_templates import (
    LabelIncomplete,
    NoSuchTemplate,
    label_template,
    templates,
)
from pharmacy.documents.models import Document, DocumentKind
from pharmacy.documents.rendering import render_pdf
from pharmacy.intake.models import Patient
from pharmacy.policies.models import PolicyVersion
from pharmacy.policies.values import CHOICES
from pharmacy.workflow.demonstration import Bench
from pharmacy.workflow.print_papers import print_lot_labels, print_papers
from tests.factories.job import AT, fresh
from tests.factories.papers import (
    DAY,
    LONG_NAME,
    Said,
    page_of,
    page_texts,
    pictures_of,
    said_for,
    squeezed,
    symbols_in,
    words_off_the_paper,
)
from tests.factories.triggers import without_triggers
from tests.pharmacy.documents.test_rendering import NINE_STEPS

pytestmark = pytest.mark.django_db

LABEL = DocumentKind.CONTAINER_LABEL


@pytest.fixture(scope="module")
def said(bench: Bench) -> Said:
    return said_for(bench, "capsules")


def label_of(said: Said, *, stock: str = "roll-4x2", start_position: int = 1) -> Context:
    """What the label says under the policies as they are now."""
    line = said.order.lines.select_related("formula").get()
    line.order = fresh(said.order)
    return label_context(
        line=line,
        record=said.record,
        start_on=DAY,
        filled_on=DAY,
        stock=StockPlace(stock, start_position),
    )


def decide(**values: str) -> None:
    """Give policies of labels another value."""
    with without_triggers("policies_policyversion"):
        for name, value in values.items():
            assert PolicyVersion.objects.filter(key=f"label.{name}").update(value=value)


# --- what it must say -------------------------------------------------------------------------------------------------


def test_every_field_of_every_template_has_a_source_and_a_place() -> None:
    for template in templates().values():
        placed = {*template.cluster, *template.facts, *template.notes}
        placed |= {"pharmacy", "rx", "warnings", "use_by"}
        assert {field.name for field in template.fields} == placed, template.key
        assert all(field.source for field in template.fields)
        assert settings_for(template.frozen())


def test_what_a_policy_may_say_is_what_there_is() -> None:
    assert set(CHOICES["label.state"]) == set(templates())
    assert set(CHOICES["label.stock"]) == set(FORMATS)
    assert set(CHOICES["label.lot_stock"]) == set(LOT_FORMATS)


def test_california_asks_for_the_purpose_in_the_cluster_and_for_the_looks(said: Said) -> None:
    everywhere = label_of(said)
    assert everywhere["template"]["key"] == "US"
    assert everywhere["purpose"] == ""
    decide(state="CA")
    there = label_of(said)
    assert there["template"]["rules"].endswith("16 CCR 1707.5; Business and Professions Code 4076")
    assert there["template"]["cluster"] == ["patient", "medicine", "directions", "purpose"]
    assert there["purpose"] == "For: Fibromyalgia"
    assert len(there["notes"]) == len(everywhere["notes"]) + 1
    assert any(note.startswith("Looks like this: ") for note in there["notes"])
    text = squeezed("".join(page_texts(render_pdf(LABEL, there))))
    assert squeezed("For: Fibromyalgia") in text
    assert "For: Fibromyalgia" in page_of(LABEL, there)


def test_the_patients_state_counts_where_the_pharmacist_says_so(said: Said) -> None:
    Patient.objects.update(state="ca")
    assert label_of(said)["template"]["key"] == "US"
    decide(patients_state="yes")
    assert label_of(said)["template"]["key"] == "CA"
    Patient.objects.update(state="ME")
    assert label_of(said)["template"]["key"] == "US"
    decide(state="NJ")
    assert label_of(said)["template"]["key"] == "NJ"
    decide(state="XX")
    with pytest.raises(NoSuchTemplate, match="There are: US, CA, NJ"):
        label_of(said)


def test_a_label_without_a_field_it_needs_is_refused_by_its_name(
    said: Said, bench: Bench, settings: Any
) -> None:
    settings.PHARMACY_ADDRESS = " "
    with pytest.raises(LabelIncomplete, match='no "pharmacy".*21 USC 353'):
        print_papers(order=said.order, start_on=None, by=bench.pharmacist, at=AT)
    assert not Document.objects.exists()


@pytest.mark.parametrize("key", templates())
def test_each_required_field_is_asked_for(key: str) -> None:
    template = label_template(key)
    whole: dict[str, Any] = {field.name: "said" for field in template.fields}
    whole["pharmacy"] = {"name": "A", "address": "B", "phone": "C"}
    template.check_complete(whole)
    for field in template.fields:
        nothing: Any
        for nothing in ("", "  ", []):
            without = {**whole, field.name: nothing}
            if field.only_if_any:
                template.check_complete(without)
            else:
                with pytest.raises(LabelIncomplete, match=field.name.replace("_", " ")):
                    template.check_complete(without)


# --- how large, measured on the printed label -------------------------------------------------------------------------


@dataclass(frozen=True)
class Placed:
    """A piece of text on a label: its size, and how far it stands from the upper edge of the page. In points."""

    text: str
    size: float
    down: float


def placed_on(pdf: bytes, stock: LabelFormat) -> list[Placed]:
    """What stands on the first label of the first page."""
    found: list[Placed] = []
    first = PdfReader(io.BytesIO(pdf)).pages[0]
    left, top = stock.place(0)

    def note(text: str, cm: list[float], tm: list[float], _font: Any, size: float) -> None:
        down = stock.page_height - (tm[5] * cm[3] + cm[5])
        across = tm[4] * cm[0] + cm[4]
        on_label = left <= across < left + stock.width and top <= down < top + stock.height
        if text.strip() and on_label:
            found.append(Placed(text, abs(size * tm[3] * cm[3]), down))

    first.extract_text(visitor_text=note)
    return found


def rules_on(pdf: bytes, stock: LabelFormat, folder: Path) -> Iterator[float]:
    """Give how far each ruled line of the first label stands from the upper edge of the page, in points."""
    picture = next(iter(pictures_of(pdf, folder, dpi=300)))
    scale, (left, top) = 300 / 72, stock.place(0)
    begin, end = round(left * scale), round((left + stock.width) * scale)
    before = False
    for row in range(round(top * scale), round((top + stock.height) * scale)):
        line = picture.crop((begin, row, end, row + 1)).tobytes()
        ruled = line.count(0) > 0.85 * len(line)
        if ruled and not before:
            yield row / scale
        before = ruled


@pytest.mark.parametrize(
    ("key", "changed"),
    [
        ("roll-4x2", {"patient": LONG_NAME, "directions": NINE_STEPS}),
        *((stock, {}) for stock in FORMATS),
    ],
)
def test_the_cluster_is_12_points_alone_and_half_of_the_label(
    said: Said, tmp_path: Path, key: str, changed: dict[str, str]
) -> None:
    """16 CCR 1707.5: only those, in that order, in 12 points or more, in half of the label or more."""
    # Three inches do not hold California's purpose beside a plan of steps, nor four beside a name of two lines.
    decide(state="US" if key == "roll-3x2" or changed else "CA")
    context, stock = {**label_of(said, stock=key), **changed}, FORMATS[key]
    pdf = render_pdf(LABEL, context)
    placed = placed_on(pdf, stock)
    top, bottom = list(rules_on(pdf, stock, tmp_path))[:2]
    inside = [each for each in placed if top < each.down < bottom]
    assert min(each.size for each in inside) >= 11.99
    assert min(each.size for each in placed) >= 6
    spoken = squeezed("".join(each.text for each in inside))
    assert spoken in (
        squeezed(context["patient"] + context["medicine"] + context[direction] + context["purpose"])
        for direction in ("directions", "first_direction")
    )
    side = 5.76 if stock.width < 288 else 8.64
    assert (bottom - top) * (stock.width - 2 * side) >= stock.width * stock.height / 2 - 1
    if stock.a_page > 1:
        assert pdf_ua.validate_pdf_bytes(pdf, profile="ua1").is_compliant


# --- rolls and sheets -------------------------------------------------------------------------------------------------


def test_an_order_printed_on_a_sheet_begins_at_the_free_label(said: Said, tmp_path: Path) -> None:
    two = {**label_of(said, stock="sheet-4x2", start_position=10), "containers": ["1", "2"]}
    pdf = render_pdf(LABEL, two)
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert [(each.mediabox.width, each.mediabox.height) for each in pages] == [(612, 792)] * 2
    last, first = pictures_of(pdf, tmp_path, dpi=100)
    for picture, (left, upper) in ((last, (434, 850)), (first, (15, 50))):
        box = (left, upper, left + 401, upper + 201)
        assert symbols_in(picture.crop(box)) == [two["code"]]
        picture.paste(255, box)
        assert min(picture.tobytes()) == 255
    assert words_off_the_paper(pdf, tmp_path, margin=3) == []


def test_another_stock_is_another_paper_that_still_was_printed(said: Said, bench: Bench) -> None:
    asked = {"order": said.order, "start_on": None, "by": bench.pharmacist, "at": AT}
    roll, leaflet = print_papers(**asked)  # type: ignore[arg-type]
    sheet, same = print_papers(**asked, stock="sheet-4x3", start_position=4)  # type: ignore[arg-type]
    assert same == leaflet
    assert sheet.corrects == roll
    assert sheet.context["stock"] == {"key": "sheet-4x3", "start_position": 4}


@pytest.mark.parametrize("stock", LOT_FORMATS)
def test_a_lot_label_is_whole_and_scanned_on_every_stock(
    said: Said, bench: Bench, stock: str, tmp_path: Path
) -> None:
    lot = said.record.lines.select_related("lot__ingredient", "lot__supplier").first().lot  # type: ignore[union-attr]
    asked = {"lot": lot, "by": bench.technician, "at": AT, "stock": stock}
    label = print_lot_labels(**asked, copies=3, start_position=min(2, LOT_FORMATS[stock].a_page))  # type: ignore[arg-type]
    pdf = render_pdf(label.kind, label.context)
    pages = page_texts(pdf)
    assert len(pages) == (3 if LOT_FORMATS[stock].a_page == 1 else 1)
    text = squeezed("".join(pages))
    for part in (lot.ingredient.name, lot.lot_number, label.context["use_by"]):
        assert text.count(squeezed(part)) >= 3
    read = [each for picture in pictures_of(pdf, tmp_path) for each in symbols_in(picture)]
    assert read == [label.context["code"]] * 3
    assert words_off_the_paper(pdf, tmp_path, margin=3) == []
