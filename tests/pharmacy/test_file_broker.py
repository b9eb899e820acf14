"""The broker made of files gives back whole messages, however closely it is watched."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from threading import Thread
from typing import Any

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError

from pharmacy.celery import app

WRITERS = 4
MESSAGES = 800
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
    def write() -> None:
        with connection.clone() as own:
            queue = own.SimpleQueue(name)
            for number in range(MESSAGES):
                queue.put({"number": number, "text": TEXT})

    writers = [Thread(target=write) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    channel: Any = connection.channel()
    read = 0
    while read < MESSAGES * WRITERS:
        try:
            assert channel._get(name)["properties"]
            read += 1
        except Empty:
            assert any(writer.is_alive() for writer in writers) or channel._size(name)
    for writer in writers:
        writer.join()


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
