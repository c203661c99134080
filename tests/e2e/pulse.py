"""Whether this machine keeps time now: a test of what is heard says nothing while nobody gets a processor."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

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
    [worker] = [child for child in psutil.Process(pid).children() if is_sfu(child)]
    return worker


def is_sfu(process: psutil.Process) -> bool:
    """Whether it forwards media; one in reserve has no socket yet."""
    return "server.media.sfu" in process.cmdline() and bool(process.net_connections("udp"))


def undisturbed(pid: int) -> None:
    """Let the server's worker run as on a machine of its own: here it shares two cores with half a dozen browsers.
    Without the right to that, it has what it takes for itself."""
    with contextlib.suppress(PermissionError, AttributeError):
        os.sched_setscheduler(worker_of(pid).pid, os.SCHED_RR, os.sched_param(1))


STOOD_STILL_S = 0.06
"""A gap that is not longer than this would be heard by nobody."""
HEARD_OF_A_STALL = 3.0
"""A stall hits page, worker and page, one after the other."""


@dataclass(frozen=True)
class Gap:
    """The longest gap of a measurement and who had it. `excuse_ms`: what of it the machine itself may have made."""

    ms: float
    who: str
    excuse_ms: float = 0.0


async def steadily(measure: Callable[[], Awaitable[Gap]], most_ms: float, attempts: int = 4) -> Gap:
    """The gap that `measure` finds; measured anew while it is above `most_ms` and the machine itself stood still, for
    without a processor there is a gap in any sound. What stays is excused as far as that goes, and no further."""
    for attempt in range(1, attempts + 1):
        with Pulse() as pulse:
            found = await measure()
        if found.ms <= most_ms or pulse.worst_s <= STOOD_STILL_S:
            return found
        print(
            f"{found.ms:.0f} ms, but the machine stood still for {pulse.worst_s * 1000:.0f} ms ({attempt}/{attempts})"
        )
    return replace(found, excuse_ms=HEARD_OF_A_STALL * pulse.worst_s * 1000)
