"""Mutation testing of compounding/: does every change to the arithmetic make a test fail?

    .venv/bin/python -m tests.compounding.mutation [how many processes] [which mutants]

mutmut leaves decorated functions alone, and here most functions are decorated. So it works on a copy in
`var/mutation`, in which `@exactly def f` is written `def f` with `f = exactly(f)` after it: the same
program, and open to mutation. Prints the mutants that no test noticed, and the score.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_WORK = _ROOT / "var" / "mutation"
_REWRITTEN = {"exactly", "property", "cache", "staticmethod"}
_LEFT_OUT = ("test_purity.py", "test_speed.py", "test_properties.py", "test_pint_agrees.py")
"""What looks at the source or at the clock, and what takes long: the plain tests must notice alone."""
_SETTINGS = """
[tool.mutmut]
source_paths = ["compounding"]
pytest_add_cli_args = ["-p", "no:django", "-p", "no:randomly", "-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = ["tests/compounding"]

[tool.pytest.ini_options]
pythonpath = ["."]
"""


def undecorated(source: str) -> str:
    """Return the same program with its decorators applied by assignment."""
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
        applied = [f"{indent}{node.name} = {name}({node.name})" for name in reversed(names)]
        after.setdefault(node.end_lineno or 0, []).extend(applied)
    written: list[str] = []
    for number, line in enumerate(lines, 1):
        written += [line] if line is not None else []
        written += after.get(number, [])
    return "\n".join(written) + "\n"


def _prepare() -> None:
    shutil.rmtree(_WORK, ignore_errors=True)
    leave = shutil.ignore_patterns("__pycache__", *_LEFT_OUT)
    shutil.copytree(_ROOT / "compounding", _WORK / "compounding", ignore=leave)
    shutil.copytree(_ROOT / "tests" / "compounding", _WORK / "tests" / "compounding", ignore=leave)
    (_WORK / "tests" / "__init__.py").touch()
    (_WORK / "pyproject.toml").write_text(_SETTINGS, encoding="utf-8")
    for module in (_WORK / "compounding").rglob("*.py"):
        module.write_text(undecorated(module.read_text(encoding="utf-8")), encoding="utf-8")


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


def main(processes: str = "2", *which: str) -> None:
    """Make the copy, mutate it, run the tests on every mutant, and print what came of it."""
    _prepare()
    _mutmut("run", "--max-children", processes, *which)
    results = [line.strip() for line in _mutmut("results", "--all", "true").splitlines()]
    verdicts = dict(line.split(": ", 1) for line in results if ": " in line)
    counts = Counter(verdicts.values())
    for mutant, verdict in verdicts.items():
        if verdict not in ("killed", "timeout"):
            sys.stdout.write(f"{verdict}: {mutant}\n")
    noticed = counts["killed"] + counts["timeout"]
    total = sum(counts.values())
    sys.stdout.write(f"{dict(counts)}\n{noticed} of {total} noticed: {noticed / total:.1%}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
