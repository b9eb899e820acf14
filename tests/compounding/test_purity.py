"""compounding/ is plain Python: no binary numbers, no clock, no files, no framework, no state."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import compounding

_FOLDER = Path(compounding.__file__).parent
_MODULES = sorted(_FOLDER.rglob("*.py"))
_FORBIDDEN_NAMES = {"float", "round", "getcontext", "setcontext", "now", "today", "utcnow", "open"}
_FORBIDDEN_NAMES |= {"print", "input", "eval", "exec", "globals", "environ", "Path"}
_ALLOWED = {"arithmetic.py": {"getcontext", "setcontext"}}
"""Our arithmetic is set up, and what was there before is put back, in one place."""


def _name(node: ast.AST) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.alias):
        return node.name
    return None


def _tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def _by_name(module: Path) -> str:
    return module.relative_to(_FOLDER).as_posix()


def test_there_is_something_to_scan() -> None:
    assert len(_MODULES) > 30
    found = {_name(node) for node in ast.walk(ast.parse("float(1); x.now(); from a import open"))}
    assert found >= {"float", "now", "open"}


@pytest.mark.parametrize("module", _MODULES, ids=_by_name)
def test_no_forbidden_name_is_used(module: Path) -> None:
    forbidden = _FORBIDDEN_NAMES - _ALLOWED.get(_by_name(module), set())
    assert {_name(node) for node in ast.walk(_tree(module))} & forbidden == set()


@pytest.mark.parametrize("module", _MODULES, ids=_by_name)
def test_no_binary_number_is_written(module: Path) -> None:
    constants = [node.value for node in ast.walk(_tree(module)) if isinstance(node, ast.Constant)]
    assert [value for value in constants if isinstance(value, float | complex)] == []


@pytest.mark.parametrize("module", _MODULES, ids=_by_name)
def test_nothing_is_global_or_asserted(module: Path) -> None:
    state = ast.Global | ast.Nonlocal | ast.Assert
    assert [node for node in ast.walk(_tree(module)) if isinstance(node, state)] == []


def _imports(tree: ast.Module) -> set[str]:
    imported: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            imported.add((node.module or ".").partition(".")[0])
    return imported


@pytest.mark.parametrize("module", _MODULES, ids=_by_name)
def test_only_the_standard_library_is_imported(module: Path) -> None:
    allowed = {*sys.stdlib_module_names, "compounding"}
    assert _imports(_tree(module)) - allowed == set()


_SECOND = ("second_calculator.py", "second_error_budget.py", "second_fractions.py")
_DATA = {
    "compounding.second_fractions": {"Number", "added", "less", "ratio"},
    "compounding.drops": {"DropperCalibration"},
    "compounding.potency": {"AssayBasis", "Certificate"},
    "compounding.strength": {"Conversion"},
    "compounding.worksheets.inputs": {
        *("AmountUnit", "CapsuleInputs", "DropsInputs", "LiquidExcipient", "Triturated"),
    },
    "compounding.worksheets.lots": {"Drug"},
    "compounding.worksheets.triturate_inputs": {"TriturateInputs"},
    "compounding.second_error_budget": {
        *("Figures", "capsule_errors", "drops_errors", "triturate_errors"),
    },
}
"""What the second calculator takes from the house: inputs, and its own other half."""


@pytest.mark.parametrize("name", _SECOND)
def test_the_second_calculator_shares_no_formula_with_the_first(name: str) -> None:
    tree = _tree(_FOLDER / name)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert [alias.name for alias in node.names if "compounding" in alias.name] == []
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("compounding"):
            assert {alias.name for alias in node.names} <= _DATA[node.module or ""]
    called = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert called <= {"items", "values", "append", "pop", "setdefault", "as_integer_ratio"}


def test_the_first_calculator_takes_nothing_from_the_second_but_its_figures() -> None:
    importing = {
        _by_name(module)
        for module in _MODULES
        for node in ast.walk(_tree(module))
        if isinstance(node, ast.ImportFrom)
        and (
            "second" in (node.module or "")
            or any(alias.name.startswith("second_") for alias in node.names)
        )
    }
    assert importing == {
        "second_calculator.py",
        "second_error_budget.py",
        "worksheets/capsule_worksheet.py",
        "worksheets/drops_worksheet.py",
        "worksheets/triturate_worksheet.py",
    }


def test_everything_imports_in_a_bare_interpreter() -> None:
    names = [
        ".".join(module.relative_to(_FOLDER.parent).with_suffix("").parts) for module in _MODULES
    ]
    program = (
        f"import sys; sys.path.insert(0, {str(_FOLDER.parent)!r})\n"
        + "".join(f"import {name.removesuffix('.__init__')}\n" for name in names)
        + "assert not {'django', 'celery', 'pharmacy', 'hypothesis'} & set(sys.modules)\n"
    )
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_capsules_are_planned_in_a_plain_interpreter_without_django() -> None:
    program = (
        "import sys\n"
        f"sys.path.insert(0, {str(_FOLDER.parent)!r})\n"
        "sys.modules['django'] = None\n"
        "from compounding.capsules import plan_capsules\n"
        "print(plan_capsules.__name__, sorted(set(sys.modules) & {'django.conf', 'pharmacy'}))\n"
    )
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False
    )
    assert (run.stdout, run.stderr) == ("plan_capsule_worksheet []\n", "")
