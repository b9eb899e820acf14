"""docs/settings.md and pharmacy/settings.py name the same settings."""

import ast
import re

from tests.architecture.source import ROOT

_ROW = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)


def documented() -> set[str]:
    return set(_ROW.findall((ROOT / "docs" / "settings.md").read_text(encoding="utf-8")))


def read_by_the_settings() -> set[str]:
    tree = ast.parse((ROOT / "pharmacy" / "settings.py").read_text(encoding="utf-8"))
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def test_every_setting_is_documented() -> None:
    assert read_by_the_settings() - documented() == set()


def test_every_documented_setting_exists() -> None:
    assert documented() - read_by_the_settings() == set()


def test_nothing_else_reads_the_environment() -> None:
    """A setting that another file reads for itself could not be found. What Django and Fontconfig ask for is theirs."""
    reading = re.compile(
        r"os\.getenv|os\.environ(?!(\.\w+\(|\[)\"(DJANGO_SETTINGS_MODULE|FONTCONFIG_FILE)\")"
    )
    readers = [
        str(path.relative_to(ROOT))
        for folder in ("pharmacy", "compounding")
        for path in (ROOT / folder).rglob("*.py")
        if reading.search(path.read_text(encoding="utf-8"))
    ]
    assert readers == []
