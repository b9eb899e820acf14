"""The broker made of files gives back whole messages, however closely it is watched."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from threading import Semaphore, Thread
from typing import Any

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError

from pharmacy.celery import app

MESSAGES = 1000
TEXT = "x" * 2000


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    (tmp_path / "messages").mkdir()
    options = {
        "data_folder_in": str(tmp_path / "messages"),
        "data_folder_out": str(tmp_path / "messages"),
        "control_folder": str(tmp_path / "control"),
    }
    # Importing the app has put our transport in the place of kombu's.
    assert app.conf.broker_url == "filesystem://"
    with Connection("filesystem://", transport_options=options) as made:
        yield made


@pytest.fixture
def name() -> str:
    """A queue of the test's own: within one process kombu declares each name once."""
    return uuid.uuid4().hex


def test_a_reader_that_never_looks_away_reads_every_message_whole(
    connection: Connection, name: str
) -> None:
    queue = connection.SimpleQueue(name)
    taken = Semaphore(0)
    failures: list[Exception] = []

    def read() -> None:
        channel: Any = connection.channel()
        left = MESSAGES
        while left:
            try:
                channel._get(name)
            except Empty:
                continue
            except Exception as error:
                failures.append(error)
            left -= 1
            taken.release()

    reader = Thread(target=read)
    reader.start()
    for number in range(MESSAGES):
        queue.put({"number": number, "text": TEXT})
        assert taken.acquire(timeout=5)  # the reader looks again before the next is written
    reader.join()
    assert failures == []


def test_nothing_is_left_behind(connection: Connection, name: str, tmp_path: Path) -> None:
    connection.SimpleQueue(name).put("once")
    connection.SimpleQueue(name).get(timeout=1).ack()
    assert list((tmp_path / "messages").iterdir()) == []


def test_a_folder_that_is_gone_is_an_error_of_the_broker(
    connection: Connection, name: str, tmp_path: Path
) -> None:
    queue = connection.SimpleQueue(name)
    (tmp_path / "messages").rmdir()
    with pytest.raises(ChannelError):
        queue.put("lost")
