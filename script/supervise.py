"""Starts the web server, the worker and beat together, and stops all of them together."""

import argparse
import fcntl
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import FrameType
from urllib.error import URLError

from django.conf import settings

from script.processes import BIN, ROOT, NotReady, last_words, port_is_free, start, stop, wait_until

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop(Exception):
    """A person or the system asks us to end."""


def answers() -> bool:
    """Return whether the web server says that it can serve."""
    address = "127.0.0.1" if settings.BIND_ADDRESS == "0.0.0.0" else settings.BIND_ADDRESS
    try:
        with urllib.request.urlopen(
            f"http://{address}:{settings.PORT}/healthz", timeout=2
        ) as reply:
            return bool(reply.status == 200)
    except (URLError, OSError):
        return False


def _on_signal(signum: int, frame: FrameType | None) -> None:
    raise Stop


def hold_the_folder(var: Path) -> int:
    """Return a lock on the folder; two runs over one folder would remind people twice as often."""
    handle = os.open(var / "run.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(
            f"The pharmacy already runs from {var}.\n"
            "Stop that one first, or set VAR_DIR to another folder."
        )
    return handle


def what_prepare_works_from(demo: bool) -> str:
    """Return a digest of all that a preparation depends on: nothing needs doing twice from the same."""
    digest = hashlib.sha256(f"{demo} {settings.DEBUG}".encode())
    database = Path(settings.DATABASES["default"]["NAME"])
    places = [
        database,
        ROOT / ".venv/made-for-run",
        ROOT / ".venv/made-for-test",
        settings.STATIC_ROOT,
    ]
    # The database changes all the time; what matters is whether it is still the same file.
    digest.update(
        "".join(
            f"{place}{place.stat().st_ino if place.exists() else 0}" for place in places
        ).encode()
    )
    for folder in ("compounding", "pharmacy", "static", "script"):
        for file in sorted((ROOT / folder).rglob("*")):
            if file.is_file() and file.suffix != ".pyc":
                stat = file.stat()
                digest.update(f"{file}{stat.st_size}{stat.st_mtime_ns}".encode())
    return digest.hexdigest()


def prepare(demo: bool) -> str:
    """Bring database and static files up to date. Return what there is to say about the demo data."""
    stamp: Path = settings.VAR_DIR / "prepared.json"
    if settings.DATABASE_IS_EMBEDDED and not settings.SITE_IS_HTTPS and stamp.exists():
        known = json.loads(stamp.read_text(encoding="utf-8"))
        if known["from"] == what_prepare_works_from(demo):
            return str(known["said"])
    command = [str(BIN / "python"), "-m", "script.prepare", *(["--demo"] if demo else [])]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    said = done.stdout.strip()
    stamp.write_text(
        json.dumps({"from": what_prepare_works_from(demo), "said": said}), encoding="utf-8"
    )
    return said


def serve(var: Path, greeting: str) -> None:
    """Start the pages, then worker and beat; return never, but by an exception."""
    logs = var / "log"
    logs.mkdir(parents=True, exist_ok=True)
    celery = [str(BIN / "celery"), "--app", "pharmacy.celery"]
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        web = start([str(BIN / "gunicorn"), "pharmacy.wsgi"], log=logs / "web.log")
        processes["web"] = web
        wait_until(answers, web, log=logs / "web.log")
        print(greeting, flush=True)
        level = f"--loglevel={settings.LOG_LEVEL}"
        worker = [*celery, "worker", level, "--without-gossip", "--without-mingle"]
        processes["worker"] = start(worker, log=logs / "worker.log")
        processes["beat"] = start([*celery, "beat", level, "--pidfile="], log=logs / "beat.log")
        while all(process.poll() is None for process in processes.values()):
            time.sleep(0.5)
        for name, process in processes.items():
            if process.poll() is not None:
                words = last_words(logs / f"{name}.log")
                raise NotReady(f"The {name} process ended by itself. Its last words:\n{words}")
    finally:
        for signum in SIGNALS:
            signal.signal(signum, signal.SIG_IGN)
        stop(*processes.values())


def main() -> None:
    """Prepare, then serve."""
    parser = argparse.ArgumentParser(
        prog="script/run", description="Run the pharmacy on this machine."
    )
    parser.add_argument("--port", type=int, help="where to listen, 8000 unless told otherwise")
    parser.add_argument(
        "--demo",
        action=argparse.BooleanOptionalAction,
        help="with the demo pharmacy's people and orders; by default only into the database in var/",
    )
    arguments = parser.parse_args()
    if arguments.port:
        os.environ["PORT"] = str(arguments.port)
    port: int = settings.PORT
    if not port_is_free(settings.BIND_ADDRESS, port):
        sys.exit(
            f"Port {port} is in use by another program.\nTake another one:  script/run --port {port + 1}"
        )
    for signum in SIGNALS:
        signal.signal(signum, _on_signal)
    lock = hold_the_folder(settings.VAR_DIR)
    try:
        demo = settings.DATABASE_IS_EMBEDDED if arguments.demo is None else arguments.demo
        logins = prepare(demo)
        lines = [
            f"The pharmacy is open:  {settings.SITE_URL}",
            logins,
            f"Ctrl-C closes it. Logs: {settings.VAR_DIR}/log",
        ]
        serve(settings.VAR_DIR, "\n".join(filter(None, lines)))
    except NotReady as problem:
        sys.exit(str(problem))
    except Stop:
        print("\nClosed.", flush=True)
    finally:
        os.close(lock)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pharmacy.settings")
    main()
