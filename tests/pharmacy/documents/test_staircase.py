"""The picture of a dose plan, and the words that say the same."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string

from pharmacy.documents.staircase import Tread, draw

PLAN = [Tread(14, Decimal("1.5")), Tread(14, Decimal(3)), Tread(28, Decimal("4.5"))]
SVG = "{http://www.w3.org/2000/svg}"


def corners(line: str) -> list[tuple[Decimal, Decimal]]:
    numbers = line.replace("M", "").replace("L", "").split()
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return [(Decimal(x), Decimal(y)) for x, y in pairs]


def test_it_says_what_it_shows_over_dates() -> None:
    picture = draw(PLAN, starts_on=date(2026, 11, 22))
    assert picture.description == (
        "1.5 mg from 22 November to 5 December, then 3 mg from 6 December to 19 December, "
        "then 4.5 mg from 20 December to 16 January."
    )
    assert [tick.text for tick in picture.ticks] == ["22 Nov", "6 Dec", "20 Dec", "16 Jan"]


def test_without_a_date_it_counts_days() -> None:
    picture = draw(PLAN)
    assert [tick.text for tick in picture.ticks] == ["day 1", "day 15", "day 29", "day 56"]
    assert "3 mg from day 15 to day 28" in picture.description


def test_the_line_is_to_scale() -> None:
    (x0, y0), (x1, y1), (x2, y2), (x3, _), (_, y4), (x5, y5) = corners(draw(PLAN).line)
    assert y0 == y1
    assert x1 == x2
    assert (x1 - x0) * 2 == x5 - x3
    floor = Decimal(168)
    assert abs((floor - y2) - 2 * (floor - y0)) < Decimal("0.2")
    assert y4 == y5
    assert abs((floor - y4) - 3 * (floor - y0)) < Decimal("0.2")


def test_it_goes_down_as_well() -> None:
    down = corners(draw([Tread(7, Decimal(3)), Tread(7, Decimal("1.5"))]).line)
    assert down[2][1] > down[1][1]


def test_labels_never_run_into_each_other() -> None:
    many = draw(
        [Tread(7, Decimal(number)) for number in range(1, 13)], starts_on=date(2026, 11, 22)
    )
    places = [Decimal(tick.at) for tick in many.ticks]
    assert all(right - left >= 60 for left, right in pairwise(places))
    heights = sorted(Decimal(rung.at) for rung in many.rungs)
    assert all(lower - upper >= 15 for upper, lower in pairwise(heights))


@pytest.mark.parametrize("treads", [[], [Tread(0, Decimal(1))], [Tread(5, Decimal(0))]])
def test_nothing_to_draw_is_refused(treads: list[Tread]) -> None:
    with pytest.raises(ValueError, match="at least one day and one dose"):
        draw(treads)


def test_the_template_is_an_image_with_a_name_and_a_text() -> None:
    root = ElementTree.fromstring(
        render_to_string("components/staircase.svg", {"staircase": draw(PLAN, key="mine")})
    )
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "mine-title mine-text"
    title, text = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert title.get("id") == "mine-title"
    assert text is not None
    assert text.text == draw(PLAN).description
    assert "style" not in {name for element in root.iter() for name in element.attrib}
