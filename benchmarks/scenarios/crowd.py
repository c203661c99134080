"""The hardest room for its size: everyone walks and everyone sees everyone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from benchmarks.load import Load, measure_load, point, short_load
from benchmarks.results import Point
from benchmarks.scenarios.scenario import Scenario

RATE: Final = 20
SIZES: Final = (50, 100, 200, 500)
TARGETS: Final[dict[int, dict[str, float]]] = {500: {"down_kb_s": 2.6}}


def measure(short: bool) -> Iterator[Point]:
    """One point a size."""
    for count in (20,) if short else SIZES:
        load = short_load(count, "crowd", "benchmark-crowd") if short else Load(count, "crowd", "benchmark-crowd", 20.0)
        yield point(load, measure_load(load, {"tick_rate": RATE}), {} if short else TARGETS.get(count, {}))


SCENARIO: Final = Scenario(
    "crowd",
    "A crowd in one hall",
    "As the office, but within 20 x 20 tiles, where everyone walks all the time and everyone sees everyone.",
    measure,
)
