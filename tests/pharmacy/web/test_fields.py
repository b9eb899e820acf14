"""Telephone numbers, dates and numbers as people write them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.template import Context, Template

from pharmacy.web.fields import MonthDayYearField, PhoneField
from pharmacy.web.templatetags.telephone import phone_uri


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("207 555 0142", "(207) 555-0142"),
        ("(207) 555-0142", "(207) 555-0142"),
        ("2075550142", "(207) 555-0142"),
        ("+1 207.555.0142", "(207) 555-0142"),
        ("1-207-555-0142", "(207) 555-0142"),
        ("207 555 0142 ext. 12", "(207) 555-0142 ext. 12"),
        ("207 555 0142 x12", "(207) 555-0142 ext. 12"),
        ("  ", ""),
    ],
)
def test_a_telephone_number_is_kept_in_one_way(typed: str, kept: str) -> None:
    assert PhoneField(required=False).clean(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["555 0142", "107 555 0142", "207 155 0142", "44 20 7946 0958 1", "٢٠٧٥٥٥٠١٤٢", "x" * 50],
)
def test_what_cannot_be_dialled_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="with its area code"):
        PhoneField().clean(typed)


@pytest.mark.parametrize(
    ("number", "uri"),
    [
        ("(212) 555-0100", "+12125550100"),
        ("+1 212 555 0100", "+12125550100"),
        ("1 212 555 0100", "+12125550100"),
    ],
)
def test_a_number_can_be_tapped(number: str, uri: str) -> None:
    assert phone_uri(number) == uri


def test_a_date_is_month_day_year() -> None:
    field = MonthDayYearField(label="Date of birth", missing="Enter it")
    assert field.clean(["3", "14", "1971"]) == date(1971, 3, 14)
    assert field.clean(["2", "29", "2024"]) == date(2024, 2, 29)


@pytest.mark.parametrize(
    "parts", [["2", "29", "2023"], ["13", "1", "1971"], ["3", "0", "1971"], ["3", "1", "71x"]]
)
def test_a_day_that_is_none_is_refused(parts: list[str]) -> None:
    with pytest.raises(ValidationError, match="real day"):
        MonthDayYearField(label="Date of birth", missing="Enter it").clean(parts)


def test_a_number_keeps_its_unit() -> None:
    template = Template("{% load typography %}{{ text|together }}")
    shown = template.render(Context({"text": "two 1.5 mg capsules, 5 December, <b>"}))
    assert shown == "two 1.5\xa0mg capsules, 5\xa0December, &lt;b&gt;"
