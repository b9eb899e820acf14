"""The measuring itself: turns, ratio, queries, names; and the most that the paths of every day may ask."""

import time

import pytest
from django.db import connection

from tests.benchmarks import bench_batches, bench_orders, frame
from tests.benchmarks.frame import BENCHES, Bench, Pair, measure, queries_of

SPARE = 3
"""A ceiling that lies further above what is asked holds nothing; bring it down."""


def asks_twice() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.execute("SELECT 1")


@pytest.mark.django_db
def test_it_counts_queries_and_compares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "ROUNDS", 3)
    monkeypatch.setattr(frame, "ROUND_SECONDS", 0.001)
    pair = Pair(ours=asks_twice, other=lambda: time.sleep(0.02))
    result = measure(Bench("asks", "two questions", "a nap", lambda: pair))
    assert result.queries == 2
    assert result.ratio is not None
    assert result.ratio > 2


@pytest.mark.django_db
def test_nothing_to_compare_with_is_said_so() -> None:
    result = measure(Bench("nap", "a short nap", "", lambda: Pair(ours=lambda: time.sleep(0.001))))
    assert result.ratio is None
    assert result.seconds >= 0.001


def test_two_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "BENCHES", {})

    def label() -> Pair:
        return Pair(ours=lambda: None)

    frame.bench(what="one")(label)
    with pytest.raises(ValueError, match="two benchmarks called label"):
        frame.bench(what="another")(label)


@pytest.mark.django_db
def test_the_paths_of_every_day_ask_no_more_than_their_benchmarks_may() -> None:
    for path in (bench_batches.batch, bench_batches.capsules, bench_orders.order):
        most = BENCHES[path.__name__].most_queries
        assert most is not None
        asked, _transactions = queries_of(path().ours)
        assert most - SPARE <= asked <= most, path.__name__
