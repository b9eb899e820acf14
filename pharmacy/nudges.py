"""Asking a worker to look at once, instead of at beat's next sweep.

The row in the database is the queue. A nudge may be lost, come late or come twice, and nothing is lost or done twice:
the sweeps in celery.py find every row that is due. So a broker that is down is written to the log and never reaches the
person whose request wrote the row. This is the one place where that is decided.
"""

import logging
import time

from kombu.exceptions import ChannelError, KombuError
from redis.exceptions import RedisError

from pharmacy.celery import app

logger = logging.getLogger(__name__)

BROKER_ERRORS = (KombuError, ChannelError, RedisError, OSError)
# A broker that hangs costs a request half a second. The next ones do not ask it again for a while.
QUIET_SECONDS = 5.0


class Nudger:
    """Publishes tasks, and leaves a broker that has just failed alone."""

    def __init__(self, quiet_seconds: float = QUIET_SECONDS) -> None:
        self._quiet_seconds = quiet_seconds
        self._quiet_until = 0.0

    def __call__(self, task: str, **ids: int) -> None:
        """Ask a worker to run the task of this name with these ids. Meant for `transaction.on_commit`; never raises
        because of the broker."""
        if time.monotonic() < self._quiet_until:
            return
        try:
            app.send_task(task, kwargs=ids)
        except BROKER_ERRORS as error:
            self._quiet_until = time.monotonic() + self._quiet_seconds
            logger.warning("The broker took no task (%s). The sweeps go on.", type(error).__name__)


nudge = Nudger()
