"""How one room keeps time: its newest ticks, for whoever wants to look at it now."""

from __future__ import annotations

from dataclasses import dataclass

WINDOW_TICKS = 256


@dataclass(frozen=True, slots=True)
class PaceReport:
    """The newest ticks of a room, ms; all zero before the first. `busy`: the share of a tick's period that the mean
    tick takes."""

    ticks: int
    tick_p50_ms: float
    tick_p99_ms: float
    late_p99_ms: float
    busy: float


class Pace:
    """A ring of the time that ticks took and of how late they began."""

    __slots__ = ("_late", "_next", "_spent", "dropped")

    def __init__(self) -> None:
        self.dropped = 0
        """Ticks dropped since the room was opened."""
        self._spent = [0.0] * WINDOW_TICKS
        self._late = [0.0] * WINDOW_TICKS
        self._next = 0

    def note(self, late: float, spent: float, dropped: int) -> None:
        """A tick that began `late` s late took `spent` s, after `dropped` others were dropped."""
        slot = self._next % WINDOW_TICKS
        self._late[slot], self._spent[slot] = late, spent
        self._next += 1
        self.dropped += dropped

    def report(self, period: float) -> PaceReport:
        """`period`: from one tick to the next, s."""
        count = min(self._next, WINDOW_TICKS)
        if not count:
            return PaceReport(0, 0.0, 0.0, 0.0, 0.0)
        spent, late = sorted(self._spent[:count]), sorted(self._late[:count])
        worst = min(count - 1, count * 99 // 100)
        return PaceReport(
            self._next,
            round(spent[count // 2] * 1000, 3),
            round(spent[worst] * 1000, 3),
            round(late[worst] * 1000, 3),
            round(sum(spent) / count / period, 4),
        )
