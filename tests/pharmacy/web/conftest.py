"""Fixtures: a furnished pharmacy, at a known moment."""

import pytest
from time_machine import TimeMachineFixture

from tests.pharmacy.web.rows import NOW, furnish


@pytest.fixture(autouse=True)
def furnished(db: None, time_machine: TimeMachineFixture) -> None:
    """The pharmacy can take orders, and it is 22 November 2026, ten in the morning in New York."""
    time_machine.move_to(NOW, tick=False)
    furnish()
