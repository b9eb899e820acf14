"""Fixtures: the pharmacy as it runs, web server and workers as processes, over the test's own database."""

import inspect
import os
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError

import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

from script.processes import BIN, ROOT, free_port, start, stop, wait_until
from tests.infrastructure.mail import MailServer

_CELERY = [str(BIN / "celery"), "--app", "pharmacy.celery"]


def _database_url() -> str:
    described = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{described['NAME']}"
    folder = described["OPTIONS"]["host"]
    return f"postgres://{described['USER']}@/{described['NAME']}?host={folder}"


class House:
    """The pharmacy's own processes. `url` is where its pages are."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "DJANGO_SETTINGS_MODULE": "pharmacy.settings",
            "SETTINGS_FILE": os.devnull,
            "VAR_DIR": str(folder),
            "PORT": str(self.port),
            "WEB_WORKERS": "1",
            "WORKER_CONCURRENCY": "1",
            "SECRET_KEY": settings.SECRET_KEY,
            "DATABASE_URL": _database_url(),
            **environment,
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def log(self, name: str) -> str:
        """Return what web, worker or beat has written so far."""
        path = self._log_path(name)
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def start_web(self) -> None:
        """Start the web server, and wait until it answers."""
        self._start("web", [str(BIN / "gunicorn"), "pharmacy.wsgi"], self._answers)

    def start_worker(self, name: str = "worker") -> None:
        """Start a worker, and wait until it takes tasks."""
        command = [
            "worker",
            "--loglevel=INFO",
            "--without-gossip",
            "--without-mingle",
            f"--hostname={name}@%h",
        ]
        already = self.log(name).count("ready.")
        self._start(name, [*_CELERY, *command], lambda: self.log(name).count("ready.") > already)

    def start_beat(self) -> None:
        """Start beat."""
        already = self.log("beat").count("beat: Starting")
        ready = lambda: self.log("beat").count("beat: Starting") > already  # noqa: E731
        self._start("beat", [*_CELERY, "beat", "--loglevel=INFO", "--pidfile="], ready)

    def stop(self, name: str) -> None:
        """Stop the process, as a new version being put in place would."""
        stop(self._running.pop(name))

    def kill(self, name: str) -> None:
        """End the process and its children, as a power cut would."""
        process = self._running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop_all(self) -> None:
        """End whatever runs, at once: nobody waits for an answer any more."""
        for name in list(self._running):
            self.kill(name)

    def _start(self, name: str, command: list[str], ready: Callable[[], bool]) -> None:
        log = self._log_path(name)
        process = start(command, log=log, environment=self.environment)
        self._running[name] = process
        wait_until(ready, process, log=log)

    def _log_path(self, name: str) -> Path:
        return self.folder / f"{name}-{self.port}.log"

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as reply:
                return bool(reply.status == 200)
        except (URLError, OSError):
            return False


def eventually(happened: Callable[[], object], *, within: float = 30.0) -> None:
    """Wait until something has happened elsewhere; fails the test when it has not."""
    deadline = time.monotonic() + within
    while not happened():
        if time.monotonic() > deadline:
            pytest.fail(
                f"This has not happened within {within:.0f} s: {inspect.getsource(happened).strip()}"
            )
        time.sleep(0.05)


@pytest.fixture(scope="session")
def static_files(django_db_setup: None) -> None:
    """Collect the static files once, under their hashed names, as the web server wants them."""
    command = [str(BIN / "python"), "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "pharmacy.settings",
        "VAR_DIR": str(settings.VAR_DIR),
    }
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


@pytest.fixture(scope="session")
def _house(
    static_files: None, _mail_server: MailServer, django_db_blocker: DjangoDbBlocker
) -> Iterator[House]:
    with django_db_blocker.unblock():
        house = House(settings.VAR_DIR, MAIL_URL=_mail_server.url)
    try:
        house.start_web()
        house.start_worker()
        yield house
    finally:
        house.stop_all()


@pytest.fixture
def house(transactional_db: None, mail_server: MailServer, _house: House) -> House:
    """Give the running pharmacy, web and worker, started once and shared; its database is the test's own."""
    return _house


@pytest.fixture
def make_house(
    transactional_db: None, mail_server: MailServer, static_files: None
) -> Iterator[Callable[..., House]]:
    """Give a way to set up a house of one's own, to start and stop part by part: make_house(REDIS_URL=...)."""
    made: list[House] = []

    def make(**environment: str) -> House:
        folder = Path(tempfile.mkdtemp(prefix="house-", dir=settings.VAR_DIR))
        (folder / "static").symlink_to(settings.STATIC_ROOT)
        house = House(folder, **{"MAIL_URL": mail_server.url, **environment})
        made.append(house)
        return house

    yield make
    for house in made:
        house.stop_all()
