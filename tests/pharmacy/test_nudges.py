"""A broker that is away is told to the log, and to nobody else."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from pharmacy.nudges import Nudger

MESSAGES = Path(settings.VAR_DIR, "broker", "messages")
TASK = "pharmacy.followups.tasks.send_message"


@pytest.fixture
def no_broker() -> Iterator[None]:
    """The folder of the broker made of files is gone."""
    away = MESSAGES.rename(MESSAGES.with_name("away"))
    yield
    if away.exists():
        away.rename(MESSAGES)


def _published() -> int:
    return len(list(MESSAGES.glob("*.msg")))


def test_a_nudge_reaches_the_broker() -> None:
    before = _published()
    Nudger()(TASK, message_id=1)
    assert _published() == before + 1


@pytest.mark.usefixtures("no_broker")
def test_a_broker_that_is_away_is_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    nudge = Nudger()
    nudge(TASK, message_id=1)
    nudge(TASK, message_id=2)
    (line,) = caplog.records
    assert "The broker took no task" in line.message
    assert line.exc_info is None


@pytest.mark.usefixtures("no_broker")
def test_a_broker_that_has_failed_is_left_alone_for_a_while_and_then_asked_again() -> None:
    nudge = Nudger(quiet_seconds=0.5)
    nudge(TASK, message_id=1)
    MESSAGES.with_name("away").rename(MESSAGES)
    before = _published()
    nudge(TASK, message_id=2)
    assert _published() == before
    time.sleep(0.5)
    nudge(TASK, message_id=3)
    assert _published() == before + 1
