"""Runs the tests on one mutant after another: a pytest plugin that `mutation.py` uses.

The tests are collected once, and run once to see which functions each goes through. Then every mutant gets
a fork of that process, which runs the tests of its function until one fails: first those that noticed a mutant of
the same function before, then those that go through the fewest functions, which are the nearest.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import time
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state

TO_TRY = Path("to_try.json")
TRIED = Path("tried.tsv")
NOTICED, TIMEOUT, SURVIVED, NO_TEST = "noticed", "timeout", "survived", "no test"
_SLOWER = 20
_LEAST_SECONDS = 2
"""A test that takes this much longer than before does not come to an end."""
_MEMORY = 4 * 2**30


class _Tests:
    """The collected tests: how long each takes, and which go through a function."""

    def __init__(self, items: list[pytest.Item]) -> None:
        self._items = items
        self._seconds: list[float] = []
        self._through: dict[str, list[int]] = {}
        functions: list[int] = []
        set_mutant_under_test("stats")
        for number, item in enumerate(items):
            state()._stats.clear()
            started = time.process_time()
            if _fails(item):
                pytest.exit(f"{item.nodeid} fails before anything was changed", returncode=1)
            self._seconds.append(time.process_time() - started)
            functions.append(len(state()._stats))
            for function in state()._stats:
                self._through.setdefault(function, []).append(number)
        for numbers in self._through.values():
            numbers.sort(key=functions.__getitem__)

    def verdict(self, mutant: str) -> str:
        """Return what became of the mutant."""
        function = mutant.partition("__mutmut_")[0]
        numbers = self._through.get(function, [])
        if not numbers:
            return NO_TEST
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            self._try_in_child(mutant, numbers, writing)
        os.close(writing)
        with os.fdopen(reading) as told:
            noticed_by = told.read()
        _, status = os.waitpid(child, 0)
        if noticed_by:
            numbers.remove(int(noticed_by))
            numbers.insert(0, int(noticed_by))
            return NOTICED
        return SURVIVED if status == 0 else TIMEOUT

    def _try_in_child(self, mutant: str, numbers: list[int], writing: int) -> None:
        set_mutant_under_test(mutant)
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
        for number in numbers:
            limit = _LEAST_SECONDS + _SLOWER * self._seconds[number]
            signal.setitimer(signal.ITIMER_VIRTUAL, limit)
            if _fails(self._items[number]):
                os.write(writing, str(number).encode())
                break
        os._exit(0)


def _fails(item: pytest.Item) -> bool:
    return any(report.failed for report in runtestprotocol(item, log=False))


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Try every mutant of TO_TRY and write a line for each to TRIED: its name, its hash, what became of it."""
    tests = _Tests(session.items)
    to_try: list[tuple[str, str]] = json.loads(TO_TRY.read_text(encoding="utf-8"))
    gc.freeze()
    processes = int(os.environ.get("MUTATION_PROCESSES", "1"))
    workers: list[int] = []
    for first in range(processes):
        worker = os.fork()
        if worker == 0:
            for mutant, function_hash in to_try[first::processes]:
                line = f"{mutant}\t{function_hash}\t{tests.verdict(mutant)}\n"
                with TRIED.open("a", encoding="utf-8") as tried:
                    tried.write(line)
            os._exit(0)
        workers.append(worker)
    for worker in workers:
        os.waitpid(worker, 0)
    return True
