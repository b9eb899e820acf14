"""Starts the pharmacy in an empty folder, as a stranger would, looks at its pages, stops it, looks for what is left."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from urllib.error import HTTPError, URLError

from script.processes import ROOT, free_port

OPEN_WITHIN_SECONDS = 120
GONE_WITHIN_SECONDS = 15
# (address, what the page must hold)
PAGES = [
    ("/healthz", '"status": "ok"'),
    ("/", "</html>"),
    ("/admin/login/", 'name="password"'),
]


def fetch(url: str) -> str:
    """Return the page, or fail with the reason."""
    try:
        with urllib.request.urlopen(url, timeout=10) as reply:
            return str(reply.read().decode())
    except HTTPError as error:
        sys.exit(f"{url} answered {error.code}")
    except URLError as error:
        sys.exit(f"{url} did not answer: {error.reason}")


def wait_for_the_greeting(run: subprocess.Popen[str]) -> float:
    """Wait until script/run says that the pharmacy is open. Return the seconds that took."""
    began = time.monotonic()
    assert run.stdout is not None
    give_up = threading.Timer(OPEN_WITHIN_SECONDS, run.terminate)
    give_up.start()
    try:
        for line in run.stdout:
            print(f"  {line}", end="", flush=True)
            if "is open" in line:
                return time.monotonic() - began
    finally:
        give_up.cancel()
    sys.exit("script/run did not open the pharmacy")


def left_over(var: Path) -> list[str]:
    """Return the command lines of the processes that still work in the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes().split(b"\0")
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue  # it ended while we looked, or is another's
        if f"VAR_DIR={var}".encode() in environment and words and int(process.name) != os.getpid():
            found.append(words)
    return found


def start_and_look(var: Path, how_to_stop: signal.Signals) -> None:
    """Start, look at the pages, stop."""
    port = free_port()
    variables = {**os.environ, "VAR_DIR": str(var), "SETTINGS_FILE": os.devnull}
    run = subprocess.Popen(
        ["script/run", "--port", str(port)],
        cwd=ROOT,
        env=variables,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        print(f"open after {wait_for_the_greeting(run):.1f} s")
        for address, expected in PAGES:
            if expected not in fetch(f"http://localhost:{port}{address}"):
                sys.exit(f"{address} does not hold {expected}")
            print(f"{address:<16}ok")
    finally:
        run.send_signal(how_to_stop)
        run.wait(timeout=30)
    clean = -signal.SIGKILL if how_to_stop is signal.SIGKILL else 0
    if run.returncode != clean:
        sys.exit(f"script/run left with {run.returncode}")


def main() -> None:
    """Start from nothing, start again, and look for what is left running."""
    with tempfile.TemporaryDirectory(prefix="pharmacy-first-start-") as folder:
        for how_to_stop in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            start_and_look(Path(folder), how_to_stop)
            deadline = time.monotonic() + GONE_WITHIN_SECONDS
            while (left := left_over(Path(folder))) and time.monotonic() < deadline:
                time.sleep(0.1)
            if left:
                sys.exit("\n".join([f"Still running after {how_to_stop.name}:", *left]))
            print(f"{how_to_stop.name:<16}nothing left running\n", flush=True)


if __name__ == "__main__":
    main()
