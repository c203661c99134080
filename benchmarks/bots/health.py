"""Is the measuring process itself the bottleneck? Its CPU, and how late its own event loop is."""

from __future__ import annotations

import asyncio
import time
from array import array
from dataclasses import dataclass
from typing import Final

from benchmarks.bots.measure import Spread

BUSY_CPU: Final = 0.85
"""Share of one core above which the bots cannot be trusted to stamp arrivals in time."""
LATE_LOOP_MS: Final = 10.0
"""Lateness p99 of the loop above which the latencies are the bots' own."""
_PERIOD_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class HealthReport:
    """What the process did between `start` and `stop`."""

    cpu: float
    """Share of one core."""
    loop_late_ms: Spread | None

    def complaint(self) -> str | None:
        """Why the figures are the bots' own, or None if they can be trusted."""
        late = self.loop_late_ms.percentiles[99] if self.loop_late_ms else 0.0
        if self.cpu > BUSY_CPU:
            return f"The bots' process used {self.cpu:.0%} of a core: latencies are its own. Use fewer bots in each."
        if late > LATE_LOOP_MS:
            return f"The bots' event loop was {late:.0f} ms late (p99): something else keeps this machine busy."
        return None


class Health:
    """Watches this process while `run` is running."""

    def __init__(self) -> None:
        self._late = array("d")
        self._cpu = 0.0
        self._wall = 0.0

    def start(self) -> None:
        """Forget what was; count from now on."""
        self._late = array("d")
        self._cpu, self._wall = time.process_time(), time.perf_counter()

    def report(self) -> HealthReport:
        """Since `start`."""
        wall = max(time.perf_counter() - self._wall, 1e-9)
        return HealthReport((time.process_time() - self._cpu) / wall, Spread.of(self._late, 1000))

    async def run(self) -> None:
        """Wake up often and note how late; until cancelled."""
        while True:
            due = time.perf_counter() + _PERIOD_S
            await asyncio.sleep(_PERIOD_S)
            self._late.append(max(0.0, time.perf_counter() - due))
