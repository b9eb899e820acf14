"""Starts the web server, the worker and beat together, and stops all of them together.

Whatever way this process ends, Ctrl-C, SIGTERM, one of the three failing or a kill -9, nothing that it started stays.
"""

import argparse
import contextlib
import ctypes
import fcntl
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import FrameType
from urllib.error import URLError

from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "pharmacy.settings"
PR_SET_PDEATHSIG = 1
STOP_WITHIN_SECONDS = 12.0
READY_WITHIN_SECONDS = 60.0

_libc = ctypes.CDLL(None)


class Stop(Exception):
    """A person or the system asks us to end."""


def _die_with_parent() -> None:
    # Asked for in the child, between fork and exec: the kernel ends it when this process is gone.
    if sys.platform == "linux":
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(name: str, command: list[str], logs: Path) -> subprocess.Popen[bytes]:
    """Start the command in a session of its own, its words going to its log."""
    with (logs / f"{name}.log").open("ab") as file:
        return subprocess.Popen(
            [str(BIN / command[0]), *command[1:]],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )


def stop_all(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    """Ask each to end, wait, and end by force what is left of its process group."""
    for process in processes.values():
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + STOP_WITHIN_SECONDS
    for process in processes.values():
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=max(0.1, deadline - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def port_is_free(address: str, port: int) -> bool:
    """Return whether we could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Return whether the web server says that it can serve."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as reply:
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
    if settings.DATABASE_IS_EMBEDDED and stamp.exists():
        known = json.loads(stamp.read_text(encoding="utf-8"))
        if known["from"] == what_prepare_works_from(demo):
            return str(known["said"])
    command = [str(BIN / "python"), "script/prepare.py", *(["--demo"] if demo else [])]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    said = done.stdout.strip()
    stamp.write_text(
        json.dumps({"from": what_prepare_works_from(demo), "said": said}), encoding="utf-8"
    )
    return said


def last_words(log: Path) -> str:
    """Return the end of a log."""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])


class Ended(Exception):
    """One of the processes ended by itself, or never came up."""


def check_all_run(processes: dict[str, subprocess.Popen[bytes]], logs: Path) -> None:
    """Raise Ended, with the last words of the process, if one of them has ended."""
    for name, process in processes.items():
        if process.poll() is not None:
            raise Ended(
                f"The {name} process ended by itself. Its last words:\n{last_words(logs / f'{name}.log')}"
            )


def serve(var: Path, greeting: str) -> None:
    """Start the pages, then worker and beat; return never, but by an exception."""
    logs = var / "log"
    logs.mkdir(parents=True, exist_ok=True)
    celery = ["celery", "--app", "pharmacy.celery"]
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        processes["web"] = start("web", ["gunicorn", "pharmacy.wsgi"], logs)
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not answers(settings.PORT):
            check_all_run(processes, logs)
            if time.monotonic() > deadline:
                raise Ended(
                    f"The pages did not answer in time. Last words:\n{last_words(logs / 'web.log')}"
                )
            time.sleep(0.05)
        print(greeting, flush=True)
        processes["worker"] = start(
            "worker", [*celery, "worker", "--without-gossip", "--without-mingle"], logs
        )
        processes["beat"] = start("beat", [*celery, "beat", "--pidfile="], logs)
        while True:
            check_all_run(processes, logs)
            time.sleep(0.5)
    finally:
        for signum in SIGNALS:
            signal.signal(signum, signal.SIG_IGN)
        stop_all(processes)


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
    except Ended as ended:
        sys.exit(str(ended))
    except Stop:
        print("\nClosed.", flush=True)
    finally:
        os.close(lock)


if __name__ == "__main__":
    main()
