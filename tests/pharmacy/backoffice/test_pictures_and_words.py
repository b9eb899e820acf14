"""What pictures show and what short words say: the same, and never wrong at the edges."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from pharmacy.audit.transitions import StateTable
from pharmacy.backoffice import pictures, words
from pharmacy.backoffice.history import EVENT_WORDS
from pharmacy.batches.states import BATCH_STATES
from pharmacy.contacts.states import ENQUIRY_STATES
from pharmacy.formulations.states import FORMULA_STATES
from pharmacy.inventory.states import LOT_STATES
from pharmacy.leaflets.states import EDITION_STATES
from pharmacy.orders.states import ORDER_STATES

D = Decimal
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("amount", "tone", "said"),
    [
        ("193.414789", "ok", "within its limits"),
        ("201.309269", "ok", "within its limits"),
        ("193.414788", "bad", "0.000001 mg too little"),
        ("201.309270", "bad", "0.000001 mg too much"),
        ("19740", "bad", "19,538.690731 mg too much"),
    ],
)
def test_a_weighing_lies_where_it_lies(amount: str, tone: str, said: str) -> None:
    shown = pictures.gauge(amount=D(amount), low=D("193.414789"), high=D("201.309269"), unit="mg")
    assert (shown.tone, shown.said) == (tone, said)
    assert D(4) <= D(shown.at) <= D(236)
    low, high = D(shown.low), D(shown.low) + D(shown.width)
    # Rounded to a tenth of a pixel, what lies just outside may touch the limit, never cross it.
    assert (low <= D(shown.at) <= high) or tone == "bad"


@pytest.mark.parametrize(
    ("amount", "at", "tone"),
    [("130", "120.0", "ok"), ("131", "236.0", "bad"), ("129", "4.0", "bad")],
)
def test_counted_pieces_have_one_limit(amount: str, at: str, tone: str) -> None:
    shown = pictures.gauge(amount=D(amount), low=D(130), high=D(130), unit="")
    assert (shown.at, shown.tone) == (at, tone)


def test_the_earliest_date_wins_and_has_the_shortest_bar() -> None:
    limits = [
        {"reason": "The class", "date": "2027-05-20"},
        {"reason": "A lot", "date": "2027-06-29"},
    ]
    shown = pictures.limits_picture(limits, made_on=TODAY)
    assert shown is not None
    assert [bar.wins for bar in shown.bars] == [True, False]
    assert D(shown.bars[0].width) < D(shown.bars[1].width) == 100
    assert shown.said == "The earliest of these dates counts: 20 May 2027. The class."
    assert pictures.limits_picture([], made_on=TODAY) is None


def test_a_date_on_the_day_of_making_still_has_a_bar() -> None:
    shown = pictures.limits_picture([{"reason": "x", "date": "2026-11-22"}], made_on=TODAY)
    assert shown is not None
    assert D(shown.bars[0].width) > 0


def test_ten_capsules_stay_on_their_strip() -> None:
    units = [
        {"number": n, "pct": pct, "within": D(90) <= D(pct) <= D(110)}
        for n, pct in enumerate(("90", "110", "100", "12.5", "250"), 1)
    ]
    shown = pictures.strip_of(units, low_pct=D(90), high_pct=D(110))
    assert [dot.x for dot in shown.dots] == ["112.0", "448.0", "280.0", "8.0", "552.0"]
    assert (shown.low_x, shown.high_x) == ("112.0", "448.0")


@pytest.mark.parametrize(
    ("pct", "x"), [("0", "0.0"), ("50", "58.0"), ("100", "116.0"), ("140", "116.0")]
)
def test_a_capsule_is_never_fuller_than_full(pct: str, x: str) -> None:
    assert pictures.capsule_fill(D(pct)).x == x


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(-5, "0 min"), (0, "0 min"), (59, "59 min"), (60, "1 h"), (2879, "47 h"), (2880, "2 days")],
)
def test_ages(minutes: int, said: str) -> None:
    assert words.age(NOW - timedelta(minutes=minutes), now=NOW) == said


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-2, "2 days late"),
        (-1, "1 day late"),
        (0, "today"),
        (1, "tomorrow"),
        (2, "24 Nov"),
        (60, "21 Jan 2027"),
    ],
)
def test_due_days(days: int, said: str) -> None:
    assert words.due(TODAY + timedelta(days=days), today=TODAY) == said


@pytest.mark.parametrize(
    "table",
    [ORDER_STATES, BATCH_STATES, LOT_STATES, FORMULA_STATES, ENQUIRY_STATES, EDITION_STATES],
    ids=lambda table: table.record,
)
def test_every_move_has_words_in_the_history(table: StateTable) -> None:
    assert {move.event for move in table.transitions} - set(EVENT_WORDS) == set()
