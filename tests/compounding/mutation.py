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
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_WORK = Path(os.environ.get("MUTATION_DIR", Path(tempfile.gettempdir()) / "pharmacy-mutation"))
_NOTICED = ("killed", "timeout")
_UNNOTICED_CODES = (0, 33)
"""How mutmut writes down that all tests passed, and that no test went through the function."""
_REWRITTEN = {"exactly", "property", "cache", "staticmethod"}
_LEFT_AWAY = {"cache"}
"""What remembers an answer from before the mutant would hide the mutant."""
_LEFT_OUT = (
    *(
        "test_purity.py",
        "test_speed.py",
        "test_properties.py",
        "test_pint_agrees.py",
        "test_fuzz.py",
    ),
)
"""What looks at the source or at the clock, and what tries many things: the plain tests must notice alone."""
_SETTINGS = """
[tool.mutmut]
source_paths = ["compounding"]
pytest_add_cli_args = ["-p", "no:django", "-p", "no:randomly", "-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = ["tests/compounding"]

[tool.pytest.ini_options]
pythonpath = ["."]
"""


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


def _prepare() -> None:
    """Bring the copy up to date; what mutmut found before stays."""
    leave = shutil.ignore_patterns("__pycache__", *_LEFT_OUT)
    for folder in ("compounding", "tests/compounding"):
        shutil.rmtree(_WORK / folder, ignore_errors=True)
        shutil.copytree(_ROOT / folder, _WORK / folder, ignore=leave)
    (_WORK / "tests" / "__init__.py").touch()
    (_WORK / "pyproject.toml").write_text(_SETTINGS, encoding="utf-8")
    (_WORK / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)
    for module in (_WORK / "compounding").rglob("*.py"):
        module.write_text(undecorated(module.read_text(encoding="utf-8")), encoding="utf-8")


def _forget_what_nobody_noticed() -> None:
    """Let every mutant that survived be tried again: a test may have been written for it."""
    for file in (_WORK / "mutants").rglob("*.meta"):
        found = json.loads(file.read_text(encoding="utf-8"))
        codes = found["exit_code_by_key"]
        found["exit_code_by_key"] = {
            mutant: None if code in _UNNOTICED_CODES else code for mutant, code in codes.items()
        }
        file.write_text(json.dumps(found, indent=4), encoding="utf-8")


def _mutmut(*arguments: str) -> str:
    program = Path(sys.executable).with_name("mutmut")
    run = subprocess.run(
        [program, *arguments],
        cwd=_WORK,
        env={**os.environ, "HYPOTHESIS_PROFILE": "mutation"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    return run.stdout


def _verdicts() -> dict[str, str]:
    """Return what became of every mutant, by its name."""
    lines = [line.strip() for line in _mutmut("results", "--all", "true").splitlines()]
    return dict(line.split(": ", 1) for line in lines if ": " in line)


def _report(verdicts: dict[str, str]) -> str:
    lines = [
        f"{verdict}: {mutant}"
        for mutant, verdict in verdicts.items()
        if verdict not in (*_NOTICED, "not checked")
    ]
    modules: dict[str, Counter[str]] = {}
    for mutant, verdict in verdicts.items():
        modules.setdefault(mutant.partition(".x")[0], Counter())[verdict] += 1
    lines += [f"{module}: {_score(counts)}" for module, counts in sorted(modules.items())]
    return "\n".join([*lines, f"all: {_score(Counter(verdicts.values()))}"])


def _score(counts: Counter[str]) -> str:
    unchecked = counts["not checked"]
    noticed, tried = sum(counts[verdict] for verdict in _NOTICED), counts.total() - unchecked
    left = f", {unchecked} not tried yet" if unchecked else ""
    return f"{noticed} of {tried} noticed, {100 * noticed / max(tried, 1):.1f}%{left}"


def main(*which: str) -> None:
    """Make the copy, mutate it, run the tests on every mutant, and print what came of it."""
    if which != ("score",):
        _prepare()
        _forget_what_nobody_noticed()
        _mutmut("run", "--max-children", os.environ.get("MUTATION_PROCESSES", "1"), *which)
    sys.stdout.write(f"{_report(_verdicts())}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
