"""One child process that ends with this process, and is started again when it ends by itself."""

import asyncio
import contextlib
import ctypes
import logging
import math
import os
import signal
import subprocess
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from server.embedded.account import Account
from server.embedded.errors import StartFailed

log = logging.getLogger("hallway.embedded")

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 5 * 1024 * 1024
"""Bytes after which a log is set aside at the next start."""

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def spawn(
    command: Sequence[str | Path],
    *,
    account: Account | None,
    folder: Path,
    log_file: Path,
    end_with_parent: signal.Signals,
    env: Mapping[str, str] | None = None,
    standard_input: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C in the terminal reaches only the server.

    On Linux it gets `end_with_parent` when this process dies, however it dies. The kernel watches the *thread* that
    forked, hence only the main thread may call this. The environment is `env` and a few safe basics, nothing inherited.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("children are tied to the thread that starts them: start them from the main thread")
    with log_file.open("ab") as output, open(standard_input or os.devnull, "rb") as source:
        return subprocess.Popen(  # noqa: S603 - the command is built by this package
            [os.fspath(part) for part in command],
            cwd=folder,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"} | dict(env or {}),
            stdin=source,
            stdout=output,
            stderr=output,
            start_new_session=True,
            umask=0o077,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            # Runs after the change of user: changing the user would clear the signal again.
            preexec_fn=_tie_to_parent(os.getpid(), end_with_parent),
        )


def _tie_to_parent(parent: int, number: signal.Signals) -> Callable[[], None] | None:
    if _libc is None:
        return None
    prctl = _libc.prctl

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the line above
            os._exit(1)

    return tie


@dataclass
class Backoff:
    """How long to wait before the next start of a child that keeps ending."""

    first_s: float = 0.1
    longest_s: float = 10.0
    healthy_s: float = 60.0
    """A child that ran this long was well: the waiting starts anew."""

    _next_s: float = 0.0

    def after(self, uptime_s: float) -> float:
        """Seconds to wait now that the child has ended after `uptime_s`."""
        fresh = uptime_s >= self.healthy_s or self._next_s == 0
        wait = self.first_s if fresh else self._next_s
        self._next_s = min(wait * 2, self.longest_s)
        return wait


class SupervisedProcess(ABC):
    """A database that runs as a child: start it, keep it running, stop it.

    `stop_signals` are tried in order, each with the seconds it gets; SIGKILL to the whole session is the last.
    """

    name: str
    stop_signals: tuple[tuple[signal.Signals, float], ...]
    ready_timeout_s = 60.0
    poll_s = 0.1

    def __init__(self, log_file: Path) -> None:
        self.log_file = log_file
        self._child: subprocess.Popen[bytes] | None = None
        self._watch: asyncio.Task[None] | None = None
        self._started_at = 0.0
        self._log_start = 0

    @property
    def pid(self) -> int | None:
        """Process id of the running child."""
        return self._child.pid if self._child else None

    @abstractmethod
    async def prepare(self) -> None:
        """Make what the child needs, and clear away what an earlier one left."""

    @abstractmethod
    def launch(self) -> subprocess.Popen[bytes]:
        """Start the child."""

    @abstractmethod
    async def is_ready(self, pid: int) -> bool:
        """Whether the child with this id takes connections."""

    async def start(self) -> None:
        """Start the child, wait until it is ready, and keep it running from then on. Raises EmbeddedError."""
        if self.log_file.exists() and self.log_file.stat().st_size > LOG_LIMIT:
            self.log_file.replace(self.log_file.with_suffix(".log.1"))
        await self._start_child()
        self._watch = asyncio.create_task(self._keep_running(), name=f"{self.name} supervision")

    async def stop(self) -> None:
        """Stop the child in its own clean way, harder if it does not listen."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
            self._watch = None
        child, self._child = self._child, None
        if child is None:
            return
        for number, seconds in self.stop_signals:
            if child.poll() is None:
                child.send_signal(number)
                await ended(child, seconds)
        if child.poll() is None:
            log.warning("%s did not stop when asked to and was killed", self.name)
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()

    async def _start_child(self) -> None:
        await self.prepare()
        self._log_start = self.log_file.stat().st_size if self.log_file.exists() else 0
        self._started_at = monotonic()
        child = self._child = self.launch()
        while not await self.is_ready(child.pid):
            code = child.poll()
            if code is not None:
                self._child = None
                raise StartFailed(f"{self.name} did not start ({exit_text(code)}): {self._last_words()}")
            if monotonic() - self._started_at > self.ready_timeout_s:
                await self.stop()
                raise StartFailed(
                    f"{self.name} was not ready within {self.ready_timeout_s:.0f} s; see its log {self.log_file}"
                )
            await asyncio.sleep(0.003)

    async def _keep_running(self) -> None:
        backoff = Backoff()
        while True:
            if self._child is not None:
                await ended(self._child, poll_s=self.poll_s)
                code = exit_text(self._child.returncode)
                log.error("%s ended by itself (%s) and is started again; its log is %s", self.name, code, self.log_file)
            self._child = None
            await asyncio.sleep(backoff.after(monotonic() - self._started_at))
            try:
                await self._start_child()
            except (StartFailed, OSError) as error:
                log.error("%s", error)
            else:
                log.info("%s runs again", self.name)

    def _last_words(self) -> str:
        """The last lines that the child logged since its start, on one line."""
        try:
            with self.log_file.open("rb") as file:
                file.seek(self._log_start)
                lines = file.read()[-4096:].decode(errors="replace").split("\n")
        except OSError:
            lines = []
        words = " / ".join(line.strip() for line in lines[-6:] if line.strip())
        return f"{words or 'it said nothing'} (log: {self.log_file})"


def exit_text(code: int) -> str:
    """How a process ended, for people: "exit code 1", "killed by SIGKILL"."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


async def ended(child: subprocess.Popen[bytes], within_s: float = math.inf, poll_s: float = 0.005) -> bool:
    """Wait until a child has ended; False if it still runs after `within_s`. `poll_s`: how often it is looked after
    where the kernel does not tell."""
    deadline = monotonic() + within_s
    while child.poll() is None:
        if monotonic() > deadline:
            return False
        # asyncio's own child watching differs between loops, and it reaps children that are not its own.
        if not await _told_of_end(child.pid, deadline - monotonic()):
            await asyncio.sleep(poll_s)
    return True


async def _told_of_end(pid: int, within_s: float) -> bool:
    """Wait for the kernel to say that a child has ended, at most so long: whoever looks again and again wakes a process
    that sleeps. False: it does not say that here, as only Linux does."""
    if sys.platform != "linux":
        return False
    try:
        number = os.pidfd_open(pid)
    except OSError:
        return False
    loop, is_over = asyncio.get_running_loop(), asyncio.Event()
    try:
        loop.add_reader(number, is_over.set)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(None if within_s == math.inf else within_s):
                await is_over.wait()
    finally:
        loop.remove_reader(number)
        os.close(number)
    return True
