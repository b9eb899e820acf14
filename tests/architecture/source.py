"""Reading our own source: every file of the house, as a syntax tree."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HOUSE = ("compounding", "pharmacy")


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the syntax tree of the file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def modules(*folders: str) -> dict[str, ast.Module]:
    """Return the syntax tree of every module below the folders, by path from the root; without migrations."""
    paths = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return {
        str(path.relative_to(ROOT)): tree_of(path)
        for path in sorted(paths)
        if "migrations" not in path.parts
    }


def nodes(*kinds: type[ast.AST], folders: tuple[str, ...] = HOUSE) -> Iterator[tuple[str, ast.AST]]:
    """Yield every node of the kinds, with "path:line" to say where it is."""
    for path, tree in modules(*folders).items():
        for node in ast.walk(tree):
            if isinstance(node, kinds):
                yield f"{path}:{getattr(node, 'lineno', 1)}", node


def length(node: ast.AST) -> int:
    """Return how many lines a definition takes."""
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    return (node.end_lineno or node.lineno) - node.lineno + 1
