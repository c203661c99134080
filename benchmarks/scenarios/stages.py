"""Where the time of a tick goes, by stage, in one room in memory: no sockets, no databases, virtual time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from benchmarks.results import Figure, Point
from benchmarks.scenarios.scenario import Scenario
from benchmarks.stages import WITHIN, Costs, Rehearsal

RATE: Final = 20
SIZES: Final = (10, 50, 100, 200, 500, 1000, 2000)


def measure(short: bool) -> Iterator[Point]:
    """The office at every size, the crowd up to 500."""
    for kind, sizes in (("office", SIZES), ("crowd", SIZES[:5])):
        for count in (20,) if short else sizes:
            costs = Rehearsal(count, kind, RATE).run(1.0 if short else 10.0)
            yield Point({"room": kind, "people": count}, figures(costs), note=dearest(costs))


def figures(costs: Costs) -> dict[str, Figure]:
    """CPU by stage as us per client and second; the tick as a whole in ms."""
    share = RATE / max(1, costs.ticks) / costs.clients
    p50, p99 = np.percentile(np.array(costs.tick_s) * 1000, (50, 99)).tolist()
    found = {
        "tick_p50_ms": Figure(round(p50, 3), "ms of CPU"),
        "tick_p99_ms": Figure(round(p99, 3), "ms of CPU"),
        "receive_us": Figure(round(costs.receive_s * share * 1e6, 2), "us per client and second"),
    }
    for stage, seconds in costs.stages.items():
        found[f"{stage}_us"] = Figure(round(seconds * share * 1e6, 2), "us per client and second")
    found["packets_s"] = Figure(round(costs.writes * share, 2), "writes per client and second")
    found["bytes_s"] = Figure(round(costs.bytes * share, 1), "bytes per client and second, without frames")
    return found


def dearest(costs: Costs) -> str:
    """The stages that take most, as a text."""
    parts = {part for part, _, _ in WITHIN}
    stages = {stage: seconds for stage, seconds in costs.stages.items() if stage not in parts}
    total = sum(stages.values()) or 1.0
    first = sorted(stages.items(), key=lambda item: -item[1])[:3]
    return ", ".join(f"{stage} {seconds / total:.0%}" for stage, seconds in first)


SCENARIO: Final = Scenario(
    "stages",
    "Where the time of a tick goes",
    "CPU time of each stage of a tick in a room in memory at 20 Hz: half of the people walk, a new direction every "
    "0.5 to 2 s (office: 100 x 100 tiles, 8 % walls; crowd: 20 x 20 tiles, everyone walks). Collision is a part of "
    "movement, the grid a part of proximity.",
    measure,
)
