"""The beyond-use date is the earliest of several, and says which one won."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from compounding.beyond_use import (
    BudLimit,
    ComponentDate,
    ComponentExpired,
    DatedLimit,
    DayCount,
    ExpirySource,
    Extension,
    NoLimit,
    NotADate,
    NotYetReceived,
    StabilityStudy,
    beyond_use_date,
    days_after,
    expiry_from_receipt,
    fills_needed,
    parse_expiry,
)
from compounding.errors import Refusal
from compounding.given import OutOfRange
from tests.compounding.refusals import assert_refused

_PREPARED = datetime.date(2026, 11, 2)
_TABLE_4 = BudLimit(
    key="table4_35d", days=35, reason="USP <795> Table 4", storage="refrigerator", extendable=True
)
_OWN = BudLimit(key="formula", days=60, reason="The master formulation record")


def _date(day: str) -> datetime.date:
    return datetime.date.fromisoformat(day)


def test_the_day_of_compounding_is_day_one_unless_told_otherwise() -> None:
    result = beyond_use_date(prepared_on=_PREPARED, limits=[_TABLE_4])
    assert result.date == _date("2026-12-06")
    by_day_0 = beyond_use_date(prepared_on=_PREPARED, limits=[_TABLE_4], day_count=DayCount.DAY0)
    assert by_day_0.date == _date("2026-12-07")


def test_the_earliest_limit_wins_and_all_are_kept() -> None:
    result = beyond_use_date(
        prepared_on=_PREPARED,
        limits=[_OWN, _TABLE_4],
        component_expiries=[ComponentDate(name="Glycerin", last_day=_date("2026-11-30"))],
        compounded_component_buds=[
            ComponentDate(
                name="Triturate", last_day=_date("2026-12-20"), source=ExpirySource.COMPOUNDED
            )
        ],
    )
    assert (result.limit_key, result.reason) == (
        "component_expiry:Glycerin",
        "Glycerin expires on that day",
    )
    assert result.storage == "refrigerator"
    assert result.competing == (
        DatedLimit(
            "component_expiry:Glycerin", "Glycerin expires on that day", _date("2026-11-30")
        ),
        DatedLimit("table4_35d", "USP <795> Table 4", _date("2026-12-06"), "refrigerator"),
        DatedLimit(
            "compounded_component_bud:Triturate",
            "Triturate was compounded, and that is its beyond-use date",
            _date("2026-12-20"),
        ),
        DatedLimit("formula", "The master formulation record", _date("2026-12-31")),
    )


def test_a_component_without_a_makers_date_says_so() -> None:
    component = ComponentDate(name="Dye", last_day=_date("2026-11-10"), source=ExpirySource.RECEIPT)
    result = beyond_use_date(prepared_on=_PREPARED, limits=[_OWN], component_expiries=[component])
    assert (result.limit_key, result.reason, result.storage) == (
        "component_no_vendor_expiry:Dye",
        "Dye has no maker's expiry and counts from its receipt",
        "",
    )


def test_of_two_limits_on_one_day_the_limit_of_days_is_named() -> None:
    component = ComponentDate(name="Glycerin", last_day=_date("2026-12-06"))
    result = beyond_use_date(
        prepared_on=_PREPARED, limits=[_TABLE_4], component_expiries=[component]
    )
    assert result.limit_key == "table4_35d"


def test_a_component_may_be_used_up_to_its_last_day() -> None:
    last = ComponentDate(name="Glycerin", last_day=_PREPARED)
    result = beyond_use_date(prepared_on=_PREPARED, limits=[_OWN], component_expiries=[last])
    assert result.date == _PREPARED
    past = ComponentDate(name="Glycerin", last_day=_date("2026-11-01"))
    sentence = (
        "Glycerin could be used until 1 November 2026, before the preparation on 2 November 2026."
    )
    assert_refused(
        ComponentExpired,
        sentence,
        lambda: beyond_use_date(prepared_on=_PREPARED, limits=[_OWN], component_expiries=[past]),
    )
    assert_refused(
        ComponentExpired,
        sentence,
        lambda: beyond_use_date(
            prepared_on=_PREPARED, limits=[_OWN], compounded_component_buds=[past]
        ),
    )


def test_components_alone_make_no_date() -> None:
    assert_refused(
        NoLimit,
        "A beyond-use date needs at least one limit of days.",
        lambda: beyond_use_date(prepared_on=_PREPARED, limits=[]),
    )


def _extended(
    days: int,
    *,
    aqueous: bool = True,
    indicating: bool = True,
    same: bool = True,
    effective: bool = True,
    storage: str = "refrigerator",
    limits: tuple[BudLimit, ...] = (_TABLE_4,),
) -> tuple[str, str, str, str]:
    study = StabilityStudy(
        days=days,
        reference="Fawcett 1997",
        stability_indicating=indicating,
        same_formulation_and_container=same,
        antimicrobial_effectiveness=effective,
        storage=storage,
    )
    ceiling = BudLimit(
        key="cap_180d", days=180, reason="The longest extension", storage="as the ceiling says"
    )
    result = beyond_use_date(
        prepared_on=_PREPARED,
        limits=limits,
        extension=Extension(study=study, aqueous=aqueous, ceiling=ceiling),
        day_count=DayCount.DAY0,
    )
    return result.date.isoformat(), result.limit_key, result.reason, result.storage


def test_a_study_extends_the_limit_and_brings_its_storage() -> None:
    assert _extended(60) == (
        "2027-01-01",
        "stability_study_60d (refrigerator)",
        "Fawcett 1997 supports 60 days (refrigerator)",
        "refrigerator",
    )
    assert _extended(60, storage="") == (
        "2027-01-01",
        "stability_study_60d",
        "Fawcett 1997 supports 60 days",
        "",
    )


@pytest.mark.parametrize("days", [180, 360])
def test_no_extension_goes_past_the_ceiling(days: int) -> None:
    assert _extended(days) == (
        "2027-05-01",
        "cap_180d",
        "The longest extension",
        "refrigerator",
    )
    assert _extended(days, storage="")[3] == "as the ceiling says"


def test_one_day_below_the_ceiling_the_study_stands() -> None:
    assert _extended(179)[:2] == ("2027-04-30", "stability_study_179d (refrigerator)")


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ("indicating", "the method is not stability-indicating"),
        ("same", "another formulation or container was studied"),
        ("effective", "no <51> evidence"),
    ],
)
def test_a_study_that_lacks_something_extends_nothing(lacking: str, said: str) -> None:
    def extended(days: int) -> tuple[str, str, str, str]:
        return _extended(
            days,
            indicating=lacking != "indicating",
            same=lacking != "same",
            effective=lacking != "effective",
        )

    assert extended(60) == (
        "2026-12-07",
        f"table4_35d ({said})",
        f"USP <795> Table 4 ({said})",
        "refrigerator",
    )
    assert extended(35)[1] == f"table4_35d ({said})"


def test_a_dry_preparation_needs_no_antimicrobial_evidence() -> None:
    assert _extended(60, aqueous=False, effective=False)[0] == "2027-01-01"


def test_a_study_that_shows_less_always_counts() -> None:
    assert _extended(20, indicating=False)[:2] == (
        "2026-11-22",
        "stability_study_20d (refrigerator)",
    )


def test_a_limit_that_is_not_extendable_stands() -> None:
    assert _extended(90, limits=(_TABLE_4, _OWN))[:2] == ("2027-01-01", "formula")


def test_a_month_alone_means_its_last_day() -> None:
    assert parse_expiry("2026-11") == _date("2026-11-30")
    assert parse_expiry("2028-02") == _date("2028-02-29")
    assert parse_expiry(" 2027-03-31 ") == _date("2027-03-31")


_NOT_DATES: list[tuple[str, str]] = [
    ("11/2026", "“11/2026” is not a date such as 2027-03-31 or 2027-03."),
    ("2026", "“2026” is not a date such as 2027-03-31 or 2027-03."),
    ("2026-13", "2026-13 is a day that no calendar has."),
    ("2026-00", "2026-00 is a day that no calendar has."),
    ("0000-01", "0000-01 is a day that no calendar has."),
    ("2027-02-29", "2027-02-29 is a day that no calendar has."),
    ("2027-02-00", "2027-02-00 is a day that no calendar has."),
]


@pytest.mark.parametrize(("text", "sentence"), _NOT_DATES)
def test_what_is_no_date(text: str, sentence: str) -> None:
    assert_refused(NotADate, sentence, lambda: parse_expiry(text))


def test_receipt_counts_in_whole_years() -> None:
    assert expiry_from_receipt(_date("2026-03-15"), years=1) == _date("2027-03-15")
    assert expiry_from_receipt(_date("2028-02-29"), years=1) == _date("2029-02-28")
    assert expiry_from_receipt(_date("2028-02-29"), years=4) == _date("2032-02-29")


def test_fills() -> None:
    assert [fills_needed(days_of_therapy=days, bud_days=35) for days in (1, 35, 36, 90)] == [
        1,
        1,
        2,
        3,
    ]


def _study(days: int) -> StabilityStudy:
    return StabilityStudy(
        days=days,
        reference="A study",
        stability_indicating=True,
        same_formulation_and_container=True,
    )


_IMPOSSIBLE: list[tuple[str, Callable[[], object]]] = [
    (
        "The days of Table 4 must be at least 1, not 0.",
        lambda: BudLimit(key="x", days=0, reason="Table 4"),
    ),
    (
        "3661 days is longer than any preparation keeps.",
        lambda: BudLimit(key="x", days=3661, reason="Table 4"),
    ),
    ("The days of the stability study must be at least 1, not 0.", lambda: _study(0)),
    ("No study of 3661 days has been made.", lambda: _study(3661)),
    (
        "The years from receipt must be at least 1, not 0.",
        lambda: expiry_from_receipt(_PREPARED, years=0),
    ),
    (
        "The days of therapy must be at least 1, not 0.",
        lambda: fills_needed(days_of_therapy=0, bud_days=1),
    ),
    (
        "The beyond-use days must be at least 1, not 0.",
        lambda: fills_needed(days_of_therapy=1, bud_days=0),
    ),
]


@pytest.mark.parametrize(("sentence", "act"), _IMPOSSIBLE)
def test_days_that_cannot_be(sentence: str, act: Callable[[], object]) -> None:
    kind: type[Refusal] = OutOfRange
    assert_refused(kind, sentence, act)


def test_ten_years_are_still_taken() -> None:
    assert BudLimit(key="x", days=3660, reason="x").days == _study(3660).days == 3660


def test_a_component_that_came_in_later_was_not_there() -> None:
    def made(received: str) -> object:
        lot = ComponentDate(
            name="Filler", last_day=_date("2027-09-30"), received_on=_date(received)
        )
        return beyond_use_date(prepared_on=_PREPARED, limits=[_TABLE_4], component_expiries=[lot])

    made("2026-11-02")
    assert_refused(
        NotYetReceived,
        "Filler was received on 3 November 2026, after the preparation on 2 November 2026.",
        lambda: made("2026-11-03"),
    )


def test_no_date_lies_past_the_calendar() -> None:
    last = datetime.date.max
    assert days_after(last, 0) == last
    assert days_after(_PREPARED, 30) == _date("2026-12-02")
    assert_refused(
        NotADate,
        "1 day after 31 December 9999 is a day that no calendar has.",
        lambda: days_after(last, 1),
    )
    with pytest.raises(NotADate):
        beyond_use_date(prepared_on=last, limits=[_TABLE_4])
    assert expiry_from_receipt(_date("9998-02-01"), years=1) == _date("9999-02-01")
    assert_refused(
        NotADate,
        "The year 10000 is in no calendar.",
        lambda: expiry_from_receipt(last, years=1),
    )
