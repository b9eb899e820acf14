"""What every test may ask for. The fixtures live in tests/infrastructure, named by what they give."""

from pathlib import Path

import pytest

pytest_plugins = [
    "tests.infrastructure.databases",
    "tests.infrastructure.mail",
    "tests.infrastructure.browser",
    "tests.infrastructure.house",
    "tests.factories.job",
    "tests.factories.shared_lab",
]

# What a database does differently from another: these run on PostgreSQL too.
_ON_POSTGRES_TOO = ("concurrency",)
_NAMES_ON_POSTGRES_TOO = ("test_constraints", "test_triggers", "test_guards")
_MARKS_OF_POSTGRES_AND_REDIS = ("mark.postgres", "mark.redis")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out, when only the tests for PostgreSQL and Redis are wanted, the modules that hold none of them."""
    wanted = config.getoption("markexpr").startswith("postgres")
    if not wanted or not collection_path.name.startswith("test_") or _on_postgres(collection_path):
        return None
    text = collection_path.read_text(encoding="utf-8")
    return None if any(mark in text for mark in _MARKS_OF_POSTGRES_AND_REDIS) else True


def _on_postgres(path: Path) -> bool:
    return bool(set(_ON_POSTGRES_TOO) & set(path.parts)) or path.stem.startswith(
        _NAMES_ON_POSTGRES_TOO
    )


# They wait for browsers and processes; begun first, they end while the quick ones run.
_SLOW = ("journeys", "faults")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what runs on PostgreSQL too, and share the slow ones out to begin with."""
    for item in items:
        path = Path(item.path)
        if _on_postgres(path):
            item.add_marker(pytest.mark.postgres)
    items[:] = _slow_first(items)


def _slow_first(items: list[pytest.Item]) -> list[pytest.Item]:
    """Return the tests with the slow modules where two of three workers begin: at the start, and after a third."""
    slow = [item for item in items if set(_SLOW) & set(Path(item.path).parts)]
    quick = [item for item in items if not set(_SLOW) & set(Path(item.path).parts)]
    modules = list(dict.fromkeys(item.path for item in slow))
    first = [item for item in slow if modules.index(item.path) % 2 == 0]
    second = [item for item in slow if modules.index(item.path) % 2 == 1]
    middle = max(0, len(items) // 3 - len(first))
    return [*first, *quick[:middle], *second, *quick[middle:]]
