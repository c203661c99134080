"""From one person's input to another's view, at several tick rates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from benchmarks.load import Load, measure_load, point, short_load
from benchmarks.results import Point
from benchmarks.scenarios.scenario import Scenario

RATES: Final = (10, 20, 30, 60)
SIZES: Final = (50, 200, 500)
REACH_MS: Final = 8.0
"""What encoding, sending and receiving may add to a tick at most."""
WANTED: Final = ("view_p50_ms", "view_p95_ms", "view_p99_ms", "late_p99_ms", "tick_p99_ms")


def measure(short: bool) -> Iterator[Point]:
    """Every rate with every size."""
    for rate in (30,) if short else RATES:
        for count in (20,) if short else SIZES:
            load = short_load(count, "office", "benchmark-office")
            if not short:
                load = Load(count, "office", "benchmark-office", 12.0)
            targets = {} if short else {"view_p99_ms": 1000 / rate + REACH_MS}
            found = point(load, measure_load(load, {"tick_rate": rate}), targets)
            figures = {name: figure for name, figure in found.figures.items() if name in WANTED}
            yield Point({"rate": rate, "people": count}, figures, found.doubt)


SCENARIO: Final = Scenario(
    "latency",
    "From one person's input to another's view",
    "A whole server on one core, bots on the others, over loopback; both ends are stamped by one clock. An input waits "
    "for the next tick, so p50 is half a tick and p99 a whole one, and what is beyond that is the server's.",
    measure,
)
