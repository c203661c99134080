"""A room in which nobody moves: what merely being there costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from benchmarks.load import Load, measure_load, point, short_load
from benchmarks.results import Figure, Point
from benchmarks.scenarios.scenario import Scenario

SIZES: Final = (100, 500, 1000)
TARGETS: Final = {"cpu_us": 15, "down_packets_s": 5, "down_kb_s": 0.15}
MEMORY_TARGET_KB: Final = 20


def measure(short: bool) -> Iterator[Point]:
    """CPU, traffic and memory of people who stand."""
    for count in (20,) if short else SIZES:
        load = short_load(count, "idle", "benchmark-office") if short else Load(count, "idle", "benchmark-office", 15.0)
        spent = measure_load(load)
        found = point(load, spent, {} if short else TARGETS)
        before, after = spent.memory
        memory = Figure(round((after - before) / count / 1000, 1), "kB per client", "less", MEMORY_TARGET_KB)
        yield Point(found.parameters, {**found.figures, "memory_kb": memory}, found.doubt)


SCENARIO: Final = Scenario(
    "idle",
    "A room in which nobody moves",
    "A whole server at its default tick rate. Memory is the growth of the server's private pages by all clients, what "
    "letting them in left behind included, divided by their number; a part of it is reused by the next ones.",
    measure,
)
