"""Whether this machine keeps time now: a test of what is heard says nothing while nobody gets a processor."""

from __future__ import annotations

import contextlib
import os
import threading
import time

import psutil

BEAT_S = 0.02
LATE_S = 0.15
"""Beyond what a jitter buffer bridges."""
AFTER_S = 1.5
"""How long a stall is heard after it."""


class Pulse:
    """Beats in a thread of its own, and notes when it was late. A context manager."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)
        self._late_at = -AFTER_S
        self.worst_s = 0.0
        """The longest time without a processor."""

    def __enter__(self) -> Pulse:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def steady(self) -> bool:
        """Whether there was no stall a moment ago."""
        return time.monotonic() - self._late_at > AFTER_S

    def _beat(self) -> None:
        expected = time.monotonic() + BEAT_S
        while not self._stop.wait(max(0.0, expected - time.monotonic())):
            now = time.monotonic()
            late = now - expected
            self.worst_s = max(self.worst_s, late)
            if late > LATE_S:
                self._late_at = now
            expected = now + BEAT_S


def worker_of(pid: int) -> psutil.Process:
    """The process that forwards media for the server `pid`."""
    [worker] = [child for child in psutil.Process(pid).children() if "server.media.sfu" in child.cmdline()]
    return worker


def undisturbed(pid: int) -> None:
    """Let the server's worker run as on a machine of its own: here it shares two cores with half a dozen browsers.
    Without the right to that, it has what it takes for itself."""
    with contextlib.suppress(PermissionError, AttributeError):
        os.sched_setscheduler(worker_of(pid).pid, os.SCHED_RR, os.sched_param(1))
