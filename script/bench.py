"""Measures the benchmarks in tests/benchmarks over a database of its own, and prints them as a table."""

import argparse
import os
import sys
from importlib import import_module

import django
from django.test.utils import setup_databases, setup_test_environment, teardown_databases

from script.processes import ROOT


def in_words(seconds: float) -> str:
    """Return a time in the unit that suits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def main() -> None:
    """Measure all benchmarks, or those whose name holds the word given."""
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("name", nargs="?", default="", help="part of a benchmark's name")
    arguments = parser.parse_args()
    django.setup()
    frame = import_module("tests.benchmarks.frame")
    for path in sorted((ROOT / "tests" / "benchmarks").glob("bench_*.py")):
        import_module(f"tests.benchmarks.{path.stem}")
    chosen = [bench for name, bench in frame.BENCHES.items() if arguments.name in name]
    if not chosen:
        sys.exit(f"No benchmark is called {arguments.name}. There are: {', '.join(frame.BENCHES)}")
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    row = "{:<24}{:>10}{:>10}{:>9}{:>14}  {:<46}{:>10}{:>8}  {}"
    too_much = []
    try:
        print(
            row.format(
                "name",
                "one run",
                "own time",
                "queries",
                "transactions",
                "what is measured",
                "other",
                "ratio",
                "the other",
            )
        )
        for bench in chosen:
            result = frame.measure(bench)
            other = "" if result.other_seconds is None else in_words(result.other_seconds)
            ratio = "" if result.ratio is None else f"{result.ratio:.2f}"
            print(
                row.format(
                    bench.name,
                    in_words(result.seconds),
                    in_words(result.own_seconds),
                    result.queries,
                    result.transactions,
                    bench.what,
                    other,
                    ratio,
                    bench.against,
                ).rstrip(),
                flush=True,
            )
            if result.asks_too_much:
                too_much.append(bench.name)
                print(f"  more than the {bench.most_queries} queries it may ask", flush=True)
            if result.note:
                print(f"  {result.note}", flush=True)
    finally:
        teardown_databases(databases, verbosity=0)
    if too_much:
        sys.exit(f"Asked too much: {', '.join(too_much)}.")


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    main()
