"""How a benchmark is written, and how it is measured.

    @bench(what="one label to PDF", against="a new font configuration each time")
    def label() -> Pair:
        html = ...                                   # made once, not measured
        return Pair(ours=lambda: render(html), other=lambda: render_afresh(html))

Only the two callables are measured, in turns, so that a machine that slows down slows both. What counts is the ratio;
the seconds belong to the machine they were measured on. Queries do not: more than `most_queries` fail the run.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from django.db import connection
from django.test.utils import CaptureQueriesContext

ROUNDS = 7
ROUND_SECONDS = 0.15

_ROUND_A_TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
"""These ask for no row; transactions are counted apart."""

Work = Callable[[], object]


@dataclass(frozen=True)
class Pair:
    """What is measured, and what it is compared with, if anything."""

    ours: Work
    other: Work | None = None
    ours_times: int = 1
    """How many things one run of `ours` makes; seconds are said for one of them."""
    other_times: int = 1
    note: Callable[[], str] = str
    """What else is to be said, measured after the rounds."""


@dataclass(frozen=True)
class Bench:
    """A benchmark by name."""

    name: str
    what: str
    against: str
    make: Callable[[], Pair]
    most_queries: int | None = None
    """More than these fail the run; None sets no limit."""


@dataclass(frozen=True)
class Result:
    """The median of one run, in seconds, of both; how many queries ours takes, and in how many transactions.

    `own_seconds` is the least that our own process worked for one run: what else the machine does is not in it.
    """

    bench: Bench
    seconds: float
    own_seconds: float
    other_seconds: float | None
    queries: int
    transactions: int
    note: str

    @property
    def ratio(self) -> float | None:
        """Return how many times longer the other takes."""
        return None if self.other_seconds is None else self.other_seconds / self.seconds

    @property
    def asks_too_much(self) -> bool:
        """Say whether ours takes more queries than it may."""
        return self.bench.most_queries is not None and self.queries > self.bench.most_queries


BENCHES: dict[str, Bench] = {}


def bench(
    *, what: str, against: str = "", most_queries: int | None = None
) -> Callable[[Callable[[], Pair]], Callable[[], Pair]]:
    """Register the function as a benchmark under its own name. Raises ValueError for a name that is taken."""

    def register(make: Callable[[], Pair]) -> Callable[[], Pair]:
        name = make.__name__
        if name in BENCHES:
            raise ValueError(f"There are two benchmarks called {name}.")
        BENCHES[name] = Bench(name, what, against, make, most_queries)
        return make

    return register


def measure(subject: Bench) -> Result:
    """Return what the benchmark measures."""
    pair = subject.make()
    # Counted first: the requests of the rounds below empty the log.
    queries, begun = queries_of(pair.ours)
    times = _runs_a_round(pair.ours)
    other_times = _runs_a_round(pair.other) if pair.other else 0
    ours, own, others = [], [], []
    for _ in range(ROUNDS):
        worked = time.process_time()
        ours.append(_seconds(pair.ours, times))
        own.append((time.process_time() - worked) / times)
        if pair.other:
            others.append(_seconds(pair.other, other_times))
    return Result(
        subject,
        median(ours) / pair.ours_times,
        min(own) / pair.ours_times,
        median(others) / pair.other_times if others else None,
        queries,
        begun,
        pair.note(),
    )


def queries_of(work: Work) -> tuple[int, int]:
    """Run it once; return how many queries it takes, and in how many transactions."""
    with CaptureQueriesContext(connection) as captured:
        work()
    asked = [query["sql"] for query in captured]
    begun = sum(sql.startswith("BEGIN") for sql in asked)
    return sum(not sql.startswith(_ROUND_A_TRANSACTION) for sql in asked), begun


def _runs_a_round(work: Work) -> int:
    """Run it once, which also warms it up, and return how often it fits into a round."""
    return max(1, int(ROUND_SECONDS / max(_seconds(work, 1), 1e-9)))


def _seconds(work: Work, times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - began) / times
