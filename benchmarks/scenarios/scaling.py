"""The cost of a tick against the number of people, 10 to 5,000, and which stage bends each curve."""

from __future__ import annotations

from collections.abc import Iterator
from math import log
from typing import Final

import numpy as np

from benchmarks.results import Figure, Point
from benchmarks.scenarios.scenario import Scenario
from benchmarks.scenarios.stages import RATE, dearest
from benchmarks.stages import WITHIN, Costs, Rehearsal

SIZES: Final = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
TARGETS: Final = {1000: 3.0, 5000: 10.0}
KNEE: Final = 1.25
"""Power of the number of people above which a stage grows faster than they do."""
LEAST: Final = 0.05
"""Share of a tick below which it does not matter how a stage grows."""


def measure(short: bool) -> Iterator[Point]:
    """Both rooms at every size; seconds are fewer where there are many people, so that each takes about as long."""
    for kind in ("office", "crowd"):
        before: Costs | None = None
        for count in (10, 20) if short else SIZES:
            seconds = 0.5 if short else max(2.0, min(10.0, 5000 / count))
            costs = Rehearsal(count, kind, RATE).run(seconds, warm_up_s=0.5 if short else 2.0)
            yield _point(kind, count, costs, before)
            before = costs


def _point(kind: str, count: int, costs: Costs, before: Costs | None) -> Point:
    p50, p99 = np.percentile(np.array(costs.tick_s) * 1000, (50, 99)).tolist()
    share = RATE / max(1, costs.ticks)
    target = TARGETS.get(count) if kind == "office" else None
    figures = {
        "tick_p50_ms": Figure(round(p50, 3), "ms of CPU"),
        "tick_p99_ms": Figure(round(p99, 3), "ms of CPU", "less", target),
        "core": Figure(round((sum(costs.tick_s) + costs.receive_s) * share, 4), "share of a core at 20 Hz"),
        "us": Figure(round((sum(costs.tick_s) + costs.receive_s) * share / count * 1e6, 2), "us per client and second"),
        "bytes_s": Figure(round(costs.bytes * share / count, 1), "bytes per client and second, without frames"),
    }
    grown = growth(before, costs) if before is not None else ""
    return Point({"room": kind, "people": count}, figures, note="; ".join(filter(None, (dearest(costs), grown))))


def growth(before: Costs, after: Costs) -> str:
    """The stages that grew faster than the people, each as a power of their number; "" if there is none."""
    parts = {part for part, _, _ in WITHIN}
    spent = {stage: s / after.ticks for stage, s in after.stages.items() if stage not in parts}
    total, more = sum(spent.values()) or 1.0, log(after.clients / before.clients)
    found = []
    for stage, seconds in spent.items():
        old = before.stages.get(stage, 0.0) / before.ticks
        power = log(seconds / old) / more if old > 0 and seconds > 0 and more else 0.0
        if power > KNEE and seconds / total > LEAST:
            found.append((power, stage))
    return ", ".join(f"{stage} grows as people^{power:.1f}" for power, stage in sorted(found, reverse=True))


SCENARIO: Final = Scenario(
    "scaling",
    "The tick against the number of people",
    "One room in memory at 20 Hz, 10 to 5,000 people, as in the scenario stages; times are CPU. Below some 100 people "
    "a tick costs what its numpy calls cost, whoever is there; above, encoding and the hand-over to each client's "
    "transport carry the curve. In the crowd everyone is near everyone, so pairs, and with them proximity, grow as the "
    "square of the people. The last column names the dearest stages, and those that grew faster than the people since "
    "the size before.",
    measure,
)
