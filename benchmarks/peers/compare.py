"""Hallway and its peers, one after the other at each size, in one run on one machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from benchmarks.bots.errors import BotError
from benchmarks.load import Load, measure_load, point
from benchmarks.peers.load import PEERS, measure_peer
from benchmarks.results import Figure, Point

RATE: Final = 20
INTERVAL_MS: Final = 60.0
LATENCY_MS: Final = 75.0
LARGE: Final = (500, 1000, 1500, 2000, 3000)
SHOWN: Final = (
    "cpu_us",
    "down_kb_s",
    "down_packets_s",
    "core",
    "view_p50_ms",
    "view_p95_ms",
    "view_p99_ms",
    "tick_interval_p99_ms",
    "tick_p99_ms",
    "stayed",
)


def measure(server: str, people: int, seconds: float) -> Point:
    """One server with so many people. BotError."""
    if server != "hallway":
        return measure_peer(PEERS[server], people, seconds)
    load = Load(people, "office", "benchmark-office", seconds)
    spent = measure_load(load, {"tick_rate": RATE})
    found = point(load, spent, {})
    figures = dict(found.figures)
    figures["core"] = Figure(round(spent.cpu_s / seconds, 3), "of a core")
    if "late_p99_ms" in figures:
        # The loop keeps absolute deadlines: the longest interval is a period and the lateness of its end.
        late = figures["late_p99_ms"].value
        figures["tick_interval_p99_ms"] = Figure(round(1000 / RATE + late, 1), "ms")
    return Point(
        {"server": "hallway", "people": people},
        {name: figures[name] for name in SHOWN if name in figures},
        found.doubt,
    )


def side_by_side(
    servers: Sequence[str], sizes: Sequence[int], seconds: float, *, until_broken: bool = False
) -> Iterator[Point]:
    """Every server at every size. `until_broken`: one that did not hold at a size is not asked for more."""
    broken: set[str] = set()
    for people in sizes:
        for server in servers:
            if server in broken:
                continue
            try:
                found = measure(server, people, seconds)
            except BotError as error:
                found = Point({"server": server, "people": people}, {}, str(error))
            yield found
            if not found.figures or (until_broken and not holds(found)):
                broken.add(server)


def holds(found: Point) -> bool:
    """Whether a room held its tick: its ticks come in time, steps are seen in time, and nobody was lost."""
    figures = found.figures
    if not figures:
        return False
    late = figures["tick_interval_p99_ms"].value > INTERVAL_MS if "tick_interval_p99_ms" in figures else False
    slow = figures["view_p99_ms"].value > LATENCY_MS if "view_p99_ms" in figures else True
    return not late and not (slow and not found.doubt) and figures["stayed"].value >= 1
