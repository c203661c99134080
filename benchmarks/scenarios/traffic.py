"""Bytes and packets for each client, exactly: the same seed gives the same bytes on every computer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from benchmarks.results import Figure, Point
from benchmarks.scenarios.scenario import Scenario
from benchmarks.stages import Rehearsal

RATES: Final = (20, 30)
SIZES: Final = {"office": (10, 50, 100, 200, 500, 1000, 2000), "crowd": (50, 100, 200, 500)}
FRAME_BYTES: Final = 4
"""Of a WebSocket frame that holds 126 bytes and more; smaller ones have 2."""
TARGETS: Final = {("office", 100): 200.0, ("office", 1000): 1100.0, ("crowd", 500): 2600.0}


def measure(short: bool) -> Iterator[Point]:
    """Both rooms at two tick rates."""
    for kind, sizes in SIZES.items():
        for rate in RATES[:1] if short else RATES:
            for count in (20,) if short else sizes:
                costs = Rehearsal(count, kind, rate).run(0.5 if short else 8.0)
                share = rate / max(1, costs.ticks) / count
                packets = costs.writes * share
                target = TARGETS.get((kind, count)) if rate == 20 and not short else None
                figures = {
                    "bytes_s": Figure(
                        round(costs.bytes * share + packets * FRAME_BYTES, 1),
                        "bytes per client and second, frames included",
                        "less",
                        target,
                    ),
                    "packets_s": Figure(round(packets, 2), "packets per client and second"),
                    "bytes_each": Figure(round(costs.bytes / max(1, costs.writes), 1), "bytes a packet"),
                }
                yield Point({"room": kind, "rate": rate, "people": count}, figures)


SCENARIO: Final = Scenario(
    "traffic",
    "Bytes for each client",
    "One room in memory, as in the scenario stages, so the figures do not depend on the computer: what goes down to "
    "one client in a second.",
    measure,
)
