"""The usual load: an office in which half of the people walk, from 10 people to as many as one core carries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from benchmarks.load import Load, measure_load, point, short_load
from benchmarks.results import Point
from benchmarks.scenarios.scenario import Scenario

RATE: Final = 20
SIZES: Final = (10, 50, 100, 200, 500, 1000, 2000, 3000)
TARGETS: Final[dict[int, dict[str, float]]] = {
    50: {"down_packets_s": 6},
    100: {"cpu_us": 60, "down_kb_s": 0.2, "down_packets_s": 9},
    1000: {"cpu_us": 110, "down_kb_s": 1.1, "tick_p99_ms": 3, "view_p99_ms": 58},
    3000: {"interval_p99_ms": 60, "view_p99_ms": 75},
}


def measure(short: bool) -> Iterator[Point]:
    """One point a size; ends with the first at which bots are lost."""
    for count in (20,) if short else SIZES:
        load = (
            short_load(count, "office", "benchmark-office")
            if short
            else Load(count, "office", "benchmark-office", 20.0)
        )
        found = point(load, measure_load(load, {"tick_rate": RATE}), {} if short else TARGETS.get(count, {}))
        yield found
        if found.figures["stayed"].value < 1:
            return


SCENARIO: Final = Scenario(
    "office",
    "An office, half of its people walking",
    "A whole server on one core, bots on the others, over loopback at 20 Hz. 100 x 100 tiles with 8 % walls, half of "
    "the people walk at any time, a new direction every 0.5 to 2 s. CPU is the server process's user and system time.",
    measure,
)
