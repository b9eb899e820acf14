"""Runs every check, then every test; the quick ones first."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from script.processes import BIN, ROOT, PrivatePostgres, PrivateRedis, stop, stopped_at_the_end

PYTEST_FOUND_NO_TEST = 5
TEMPLATES = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("templates/**/*.html"))
# (what it is called, the command); each must leave with 0.
CHECKS = [
    ("types", ["mypy"]),
    # Says at once when a test module cannot be imported, and leaves all modules compiled to the processes that follow.
    ("tests found", ["pytest", "--collect-only", "-qq", "-p", "no:cacheprovider"]),
    ("style", ["ruff", "check", "--quiet"]),
    ("format", ["ruff", "format", "--check", "--quiet"]),
    ("imports", ["lint-imports", "--no-cache"]),
    ("templates", ["djade", "--check", "--target-version", "5.2", *TEMPLATES]),
    (
        "migrations",
        ["python", "manage.py", "makemigrations", "--check", "--dry-run", "--verbosity", "1"],
    ),
    ("system checks", ["python", "manage.py", "check"]),
]


class Stopped(Exception):
    """Somebody pressed Ctrl-C, or the system wants us to end."""


def _on_signal(signum: int, frame: FrameType | None) -> None:
    raise Stopped


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return the environment of a check: no setting of this machine, and a folder that goes away."""
    ours = (
        "DATABASE_URL",
        "REDIS_URL",
        "MAIL_URL",
        "SITE_URL",
        "PORT",
        "DEBUG",
        "LOG_LEVEL",
        "SECRET_KEY",
        # Each of a dozen processes would compile every module anew, the tests' slowest of all.
        "PYTHONDONTWRITEBYTECODE",
    )
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {
        **kept,
        "VAR_DIR": str(folder),
        "SETTINGS_FILE": os.devnull,
        "PYTHONUNBUFFERED": "1",
        **more,
    }


def run(command: list[str], variables: dict[str, str]) -> int:
    """Run the command to its end, with its words on our own output. Return its exit code."""
    process = subprocess.Popen(
        [str(BIN / command[0]), *command[1:]], cwd=ROOT, env=variables, stdin=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        return process.wait()
    except BaseException:
        stop(process, how=signal.SIGINT)
        raise


def run_checks(folder: Path) -> None:
    """Run all the checks, side by side; leaves with exit code 1 when one of them fails."""
    began = time.monotonic()
    running: dict[str, subprocess.Popen[bytes]] = {}
    failed = []
    try:
        for name, command in CHECKS:
            running[name] = _begin(command, folder / f"{name}.log", environment(folder))
        while running:
            time.sleep(0.05)
            for name in [name for name, process in running.items() if process.poll() is not None]:
                is_ok = running.pop(name).returncode == 0
                seconds = time.monotonic() - began
                print(f"{name:<16}{'ok' if is_ok else 'FAILED':<8}{seconds:5.1f} s", flush=True)
                if not is_ok:
                    print((folder / f"{name}.log").read_text(errors="replace"), flush=True)
                    failed.append(name)
    finally:
        for process in running.values():
            stop(process, how=signal.SIGINT)
    if failed:
        sys.exit(f"Not in order: {', '.join(failed)}. The tests were not run.")


def _begin(command: list[str], log: Path, variables: dict[str, str]) -> subprocess.Popen[bytes]:
    with log.open("wb") as file:
        return subprocess.Popen(
            [str(BIN / command[0]), *command[1:]], cwd=ROOT, env=variables, stdin=subprocess.DEVNULL,
            stdout=file, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip


def run_tests(folder: Path, arguments: list[str]) -> int:
    """Run the tests on SQLite, then on PostgreSQL with Redis. Return the exit code."""
    # One more than the cores of a small machine: those that drive a browser mostly wait.
    pytest = ["pytest", "--quiet", "-n", "3", "--dist", "worksteal", *arguments]
    print("\nTests on SQLite", flush=True)
    on_sqlite = run([*pytest, "-m", "not postgres_only and not redis"], environment(folder))
    if on_sqlite not in (0, PYTEST_FOUND_NO_TEST):
        return on_sqlite
    with ExitStack() as servers:
        # A unix socket's path must be short.
        place = Path(servers.enter_context(tempfile.TemporaryDirectory(prefix="db-")))
        postgres, redis = PrivatePostgres(place), PrivateRedis(place)
        servers.enter_context(stopped_at_the_end(postgres))
        servers.enter_context(stopped_at_the_end(redis))
        print("\nTests on PostgreSQL, with Redis", flush=True)
        variables = environment(folder, DATABASE_URL=postgres.url, REDIS_URL=redis.url)
        on_postgres = run([*pytest, "-m", "postgres or postgres_only or redis"], variables)
    return on_sqlite if on_postgres == PYTEST_FOUND_NO_TEST else on_postgres


def main() -> None:
    """Run everything."""
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, _on_signal)
    try:
        with tempfile.TemporaryDirectory(prefix="pharmacy-checks-") as folder:
            run_checks(Path(folder))
            sys.exit(run_tests(Path(folder), sys.argv[1:]))
    except Stopped:
        sys.exit("\nStopped.")


if __name__ == "__main__":
    main()
