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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what runs on PostgreSQL too."""
    for item in items:
        path = Path(item.path)
        if set(_ON_POSTGRES_TOO) & set(path.parts) or path.stem.startswith(_NAMES_ON_POSTGRES_TOO):
            item.add_marker(pytest.mark.postgres)
