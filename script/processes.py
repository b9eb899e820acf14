"""Processes that never outlive the one that started them, and the private servers that the tests use.

Whatever way the starting process ends, Ctrl-C, SIGTERM or a kill -9, nothing that it started stays.
"""

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
STOP_WITHIN_SECONDS = 12.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class NotReady(Exception):
    """A server did not come up. The message holds its last words."""


def _die_with_parent(how: signal.Signals) -> None:
    # Asked for in the child, between fork and exec: the kernel ends it when this process is gone.
    if sys.platform == "linux":
        _libc.prctl(_PR_SET_PDEATHSIG, how)


def start(
    command: list[str],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    user: str | None = None,
    end_with: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start the command in a session of its own, its words going to the log."""
    with log.open("ab") as file:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            user=user,
            group=user,
            extra_groups=[] if user else None,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=partial(_die_with_parent, end_with),
        )


def stop(*processes: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM) -> None:
    """Ask each to end, wait, and end by force what is left of its process group."""
    for process in processes:
        if process.poll() is None:
            process.send_signal(how)
    deadline = time.monotonic() + STOP_WITHIN_SECONDS
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=max(0.1, deadline - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def last_words(log: Path) -> str:
    """Return the end of a log."""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])


def wait_until(
    ready: Callable[[], bool], process: subprocess.Popen[bytes], *, log: Path, seconds: float = 60.0
) -> None:
    """Wait until the process is ready; raises NotReady when it ends before, or takes too long."""
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            raise NotReady(f"{log.stem} ended by itself. Its last words:\n{last_words(log)}")
        if time.monotonic() > deadline:
            raise NotReady(
                f"{log.stem} was not ready after {seconds:.0f} s. Its last words:\n{last_words(log)}"
            )
        time.sleep(0.05)


def port_is_free(address: str, port: int) -> bool:
    """Return whether we could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers_on_socket(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


class PrivateRedis:
    """A Redis of our own on a unix socket. It keeps nothing on disk, as the least that a broker may promise."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self.log = folder / "redis.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The value for REDIS_URL."""
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = ["redis-server", "--port", "0", "--unixsocket", str(self.socket)]
        command += ["--save", "", "--appendonly", "no", "--dir", str(self.socket.parent)]
        self.process = start(command, log=self.log)
        wait_until(lambda: _answers_on_socket(self.socket), self.process, log=self.log, seconds=10)

    def stop(self) -> None:
        """Stop it if it runs."""
        if self.process is not None:
            stop(self.process)
            self.process = None

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
            self.socket.unlink(missing_ok=True)


class PrivatePostgres:
    """A PostgreSQL cluster of our own on a unix socket, without the care for power cuts that costs time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "postgres.log"
        self.process: subprocess.Popen[bytes] | None = None
        # It refuses to run as root.
        self.user = "postgres" if os.geteuid() == 0 else None

    @property
    def url(self) -> str:
        """The value for DATABASE_URL."""
        return f"postgres://pharmacy@/postgres?host={self.folder}"

    def start(self) -> None:
        """Make the cluster, start it and wait until it answers."""
        programs = _postgres_programs()
        data = self.folder / "data"
        data.mkdir(mode=0o700)
        if self.user:
            shutil.chown(self.folder, self.user)
            shutil.chown(data, self.user)
        make = [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "pharmacy",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        ]
        subprocess.run(
            [*map(str, make), "--locale=C.UTF-8"],
            check=True, user=self.user, group=self.user, cwd=self.folder, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        command = [str(programs / "postgres"), "-D", str(data), "-k", str(self.folder), "-h", ""]
        for setting in (
            "fsync=off",
            "full_page_writes=off",
            "synchronous_commit=off",
            "max_connections=60",
        ):
            command += ["-c", setting]
        self.process = start(command, log=self.log, user=self.user, end_with=signal.SIGINT)
        wait_until(self._accepts, self.process, log=self.log, seconds=30)

    def _accepts(self) -> bool:
        asked = [str(_postgres_programs() / "pg_isready"), "-q", "-h", str(self.folder)]
        return subprocess.run(asked, check=False).returncode == 0

    def stop(self) -> None:
        """Stop it if it runs; SIGINT makes it leave without waiting for its clients."""
        if self.process is not None:
            stop(self.process, how=signal.SIGINT)
            self.process = None


def _postgres_programs() -> Path:
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: float(p.parts[-3])
    )
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    if on_path is None:
        raise NotReady("PostgreSQL is not installed. script/bootstrap --test installs it.")
    return Path(on_path).resolve().parent


@contextlib.contextmanager
def stopped_at_the_end(server: PrivateRedis | PrivatePostgres) -> Iterator[None]:
    """Start the server, and stop it however the block ends."""
    try:
        server.start()
        yield
    finally:
        server.stop()
