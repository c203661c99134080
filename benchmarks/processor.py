"""What a process has spent of a processor, to the nanosecond: `/proc` counts in hundredths of a second."""

from __future__ import annotations

import time
from typing import Final

_SCHEDULED: Final = 2
"""CPUCLOCK_SCHED: what the scheduler gave it."""


def spent_s(pid: int) -> float:
    """User and system time of a process so far, all its threads, those that ended too. OSError if there is none."""
    # As clock_getcpuclockid(3) names the clock of another process.
    return time.clock_gettime((~pid << 3) | _SCHEDULED)
