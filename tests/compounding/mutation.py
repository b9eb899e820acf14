"""Mutation testing of compounding/: does every change to the arithmetic make a test fail?

    .venv/bin/python -m tests.compounding.mutation                  goes on where the last run stopped
    .venv/bin/python -m tests.compounding.mutation compounding.drops.* compounding.potency.*
    .venv/bin/python -m tests.compounding.mutation score            only says what is known so far

mutmut leaves decorated functions alone, and here most functions are decorated. So it works on a copy
outside the project (in $MUTATION_DIR, or the folder for temporary files), in which `@exactly def f` is
written `def f` with `f = exactly(f)` after it: the same program, and open to mutation. A mutant that a
test has noticed is not tried again until its function changes. Prints the mutants that no
test noticed, the score of every module, and the score of all.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from fnmatch import fnmatch
from pathlib import Path

from mutmut.mutation.file_mutation import mutate_file_contents

from tests.compounding.mutation_forks import NOTICED, TIMEOUT, TO_TRY, TRIED

_ROOT = Path(__file__).parents[2]
_FOLDER = os.environ.get("MUTATION_DIR", Path(tempfile.gettempdir()) / "pharmacy-mutation")
_WORK = Path(_FOLDER).resolve()
_MUTANTS = Path("mutants.json")
_MADE = Path("made")
_NOTICED = (NOTICED, TIMEOUT)
_NOT_TRIED = "not tried"
_REWRITTEN = {"exactly", "property", "cache", "staticmethod"}
_LEFT_AWAY = {"cache"}
"""What remembers an answer from before the mutant would hide the mutant."""
_LEFT_OUT = (
    "test_purity.py",
    "test_speed.py",
    "test_properties.py",
    "test_pint_agrees.py",
    "test_fuzz.py",
)
"""What looks at the source or at the clock, and what tries many things: the plain tests must notice alone."""
_DESELECTED = "tests/compounding/test_workings.py::test_every_working_has_an_example"
"""It lists the functions of the program, and would find the mutants among them."""
_SETTINGS = """
[tool.mutmut]
source_paths = ["compounding"]

[tool.pytest.ini_options]
pythonpath = ["."]
"""


@dataclass(frozen=True)
class _Mutant:
    """A changed function of the program, and what tells whether the function is still the same."""

    name: str
    function_hash: str


def undecorated(source: str) -> str:
    """Return the same program with its decorators applied by assignment, and nothing remembered."""
    lines: list[str | None] = list(source.splitlines())
    after: dict[int, list[str]] = {}
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef):
            continue
        names = [item.id for item in node.decorator_list if isinstance(item, ast.Name)]
        if not names or len(names) < len(node.decorator_list) or not set(names) <= _REWRITTEN:
            continue
        for decorator in node.decorator_list:
            lines[decorator.lineno - 1] = None
        indent = " " * node.col_offset
        applied = [
            f"{indent}{node.name} = {name}({node.name})"
            for name in reversed(names)
            if name not in _LEFT_AWAY
        ]
        after.setdefault(node.end_lineno or 0, []).extend(applied)
    written: list[str] = []
    for number, line in enumerate(lines, 1):
        written += [line] if line is not None else []
        written += after.get(number, [])
    return "\n".join(written) + "\n"


def _prepare() -> list[_Mutant]:
    """Make the copy, with every mutant in it; return the mutants."""
    leave = shutil.ignore_patterns("__pycache__", *_LEFT_OUT)
    for folder in ("compounding", "tests/compounding"):
        shutil.rmtree(_WORK / folder, ignore_errors=True)
        shutil.copytree(_ROOT / folder, _WORK / folder, ignore=leave)
    (_WORK / "tests" / "__init__.py").touch()
    (_WORK / "pyproject.toml").write_text(_SETTINGS, encoding="utf-8")
    os.chdir(_WORK)
    _MADE.mkdir(exist_ok=True)
    mutants = [
        mutant for module in sorted(Path("compounding").rglob("*.py")) for mutant in _mutate(module)
    ]
    _MUTANTS.write_text(json.dumps([astuple(mutant) for mutant in mutants]), encoding="utf-8")
    return mutants


def _mutate(module: Path) -> list[_Mutant]:
    """Write the mutants into the module, switched off; return them. What was made of a source is kept."""
    source = module.read_text(encoding="utf-8")
    kept = _MADE / f"{hashlib.sha256(f'{module}{source}'.encode()).hexdigest()}.json"
    if not kept.exists():
        made = mutate_file_contents(str(module), undecorated(source))
        names = {name: made.hash_by_function_name[_function(name)] for name in made.mutant_names}
        kept.write_text(json.dumps([made.code, names]), encoding="utf-8")
    code, mutants = json.loads(kept.read_text(encoding="utf-8"))
    module.write_text(code, encoding="utf-8")
    within = ".".join(module.with_suffix("").parts).removesuffix(".__init__")
    return [_Mutant(f"{within}.{name}", function_hash) for name, function_hash in mutants.items()]


def _function(mutant: str) -> str:
    return mutant.partition("__mutmut_")[0]


def _known_mutants() -> list[_Mutant]:
    os.chdir(_WORK)
    return [_Mutant(*found) for found in json.loads(_MUTANTS.read_text(encoding="utf-8"))]


def _verdicts(mutants: Sequence[_Mutant]) -> dict[str, str]:
    """Return what became of every mutant, by its name, at the last time that its function was as it is."""
    found: dict[_Mutant, str] = {}
    for line in TRIED.read_text(encoding="utf-8").splitlines() if TRIED.exists() else []:
        name, function_hash, verdict = line.split("\t")
        found[_Mutant(name, function_hash)] = verdict
    return {mutant.name: found.get(mutant, _NOT_TRIED) for mutant in mutants}


def _try(mutants: Sequence[_Mutant]) -> None:
    TO_TRY.write_text(json.dumps([astuple(mutant) for mutant in mutants]), encoding="utf-8")
    options = ["-q", "-s", "--assert=plain", "--tb=native", "--hypothesis-seed=0"]
    options += ["-p", "no:django", "-p", "no:randomly", "-p", "no:cacheprovider"]
    plugin = ["-p", "tests.compounding.mutation_forks", "--deselect", _DESELECTED]
    subprocess.run(
        [sys.executable, "-m", "pytest", *options, *plugin, "tests/compounding"],
        env={**os.environ, "HYPOTHESIS_PROFILE": "mutation"},
        check=True,
    )


def _report(verdicts: dict[str, str]) -> str:
    lines = [
        f"{verdict}: {mutant}"
        for mutant, verdict in verdicts.items()
        if verdict not in (*_NOTICED, _NOT_TRIED)
    ]
    modules: dict[str, Counter[str]] = {}
    for mutant, verdict in verdicts.items():
        modules.setdefault(mutant.partition(".x")[0], Counter())[verdict] += 1
    lines += [f"{module}: {_score(counts)}" for module, counts in sorted(modules.items())]
    return "\n".join([*lines, f"all: {_score(Counter(verdicts.values()))}"])


def _score(counts: Counter[str]) -> str:
    unchecked = counts[_NOT_TRIED]
    noticed, tried = sum(counts[verdict] for verdict in _NOTICED), counts.total() - unchecked
    left = f", {unchecked} not tried yet" if unchecked else ""
    return f"{noticed} of {tried} noticed, {100 * noticed / max(tried, 1):.1f}%{left}"


def main(*which: str) -> None:
    """Mutate a copy, run the tests on every mutant that none has noticed yet, and print what came of it."""
    mutants = _known_mutants() if which == ("score",) else _prepare()
    if which != ("score",):
        before = _verdicts(mutants)
        _try(
            [
                mutant
                for mutant in mutants
                if before[mutant.name] not in _NOTICED
                and any(fnmatch(mutant.name, pattern) for pattern in which or ("*",))
            ]
        )
    sys.stdout.write(f"{_report(_verdicts(mutants))}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
