"""The sizes that keep it readable: no function needs a scroll to be understood."""

import ast

import pytest

from tests.architecture.source import HOUSE, ROOT, length, nodes

LONGEST_FUNCTION = 60
LONGEST_CLASS = 250
LONGEST_FILE = 400


def test_functions() -> None:
    found = nodes(ast.FunctionDef, ast.AsyncFunctionDef, folders=(*HOUSE, "script", "tests"))
    assert [
        f"{where}: {length(node)} lines" for where, node in found if length(node) > LONGEST_FUNCTION
    ] == []


def test_classes() -> None:
    found = nodes(ast.ClassDef)
    assert [
        f"{where}: {length(node)} lines" for where, node in found if length(node) > LONGEST_CLASS
    ] == []


@pytest.mark.parametrize("folder", HOUSE)
def test_files(folder: str) -> None:
    files = (path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)
    lines = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in files
    }
    assert {path: count for path, count in lines.items() if count > LONGEST_FILE} == {}


@pytest.mark.parametrize("folder", HOUSE)
def test_no_file_is_named_after_nothing(folder: str) -> None:
    vague = ("utils.py", "util.py", "helpers.py", "common.py", "misc.py")
    assert [str(path) for name in vague for path in (ROOT / folder).rglob(name)] == []
