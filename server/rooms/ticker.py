"""Absolute deadlines of a fixed-tick loop, as arithmetic: it reads no clock and never sleeps."""

from __future__ import annotations

from dataclasses import dataclass

MAX_LATE_TICKS = 5
"""Later than this, whole ticks are dropped: catching up would only make the next ones later still."""


@dataclass(slots=True)
class Ticker:
    """Deadlines `start + n * period`, never relative to "now", so that lateness does not add up.

    Times are seconds on any monotonic clock; every method takes `now` from the caller.
    """

    period: float
    start: float
    next_tick: int = 1
    dropped: int = 0

    @property
    def deadline(self) -> float:
        """When the next tick is due."""
        return self.start + self.next_tick * self.period

    def begin(self, now: float) -> float:
        """Start the tick that is due; return how late it is in seconds (0 if in time).

        More than `MAX_LATE_TICKS` late, the ticks that were missed are dropped and counted.
        """
        late = max(0.0, now - self.deadline)
        missed = int(late / self.period)
        if missed > MAX_LATE_TICKS:
            self.dropped += missed
            self.next_tick += missed
            late -= missed * self.period
        self.next_tick += 1
        return late

    def restart(self, now: float) -> None:
        """Start counting anew, after a pause in which nobody needed ticks."""
        self.start = now
        self.next_tick = 1
