"""Kombu's broker made of files, with one repair: what is read there is whole.

Kombu 5.7 makes a file under its final name and fills it afterwards. A worker that looks in between reads an empty file
and ends with a JSONDecodeError. Here a message is written under another name and renamed, which is one step, and the
tables of queues are read and written under a lock.
"""

import fcntl
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Reads and writes whole files."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        folder = Path(self.data_folder_out)
        name = f"{time.monotonic_ns() // 1_000_000}_{uuid.uuid4()}"
        part = folder / f"{name}.part"
        try:
            part.write_text(dumps(payload), encoding="utf-8")
            part.rename(folder / f"{name}.{queue}.msg")
        except OSError as error:
            part.unlink(missing_ok=True)
            raise ChannelError(f"Cannot put a message into {folder}") from error

    def _queue_bind(self, *args: Any) -> None:
        with self._tables():
            super()._queue_bind(*args)

    def get_table(self, exchange: str) -> list[Any]:
        """Return the queues of an exchange."""
        with self._tables():
            return list(super().get_table(exchange))

    @contextmanager
    def _tables(self) -> Iterator[None]:
        self.control_folder.mkdir(parents=True, exist_ok=True)
        with (self.control_folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    """Kombu's transport over the channel above. pharmacy/celery.py puts it in the place of `filesystem://`."""

    Channel = Channel
