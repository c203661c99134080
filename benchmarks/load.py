"""Bots in one room of a server of one's own: what the server spends on each, and what reaches them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks.bots.api import Api
from benchmarks.bots.measure import Spread
from benchmarks.bots.swarm import Result, Swarm, SwarmConfig
from benchmarks.bots.terminal import SPARE_PLACES
from benchmarks.results import Figure, Point
from benchmarks.serving import Served, cores, serving

SETTLE_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Load:
    """How many do what, where and for how long. `room`: a template's id."""

    count: int
    behaviour: str = "office"
    room: str = "benchmark-office"
    seconds: float = 20.0
    seed: int = 1
    settle_s: float = SETTLE_S


def short_load(count: int, behaviour: str, room: str) -> Load:
    """A load that only shows that everything works."""
    return Load(count, behaviour, room, seconds=0.8, settle_s=0.2)


@dataclass(frozen=True, slots=True)
class Spent:
    """What the bots found and what the server spent meanwhile. `memory`: private bytes before and with the bots."""

    result: Result
    cpu_s: float
    memory: tuple[int, int]


def measure_load(load: Load, settings: Mapping[str, str | int] | None = None) -> Spent:
    """Serve on one core, load from the others."""
    for_server, for_load = cores()
    with serving(settings, for_server) as served:
        os.sched_setaffinity(0, for_load)
        try:
            with asyncio.Runner(loop_factory=fastest_loop) as runner:
                return runner.run(measure_on(load, served))
        finally:
            os.sched_setaffinity(0, for_server | for_load)


def fastest_loop() -> asyncio.AbstractEventLoop:
    """A new event loop: with hundreds of sockets, uvloop halves the bots' own share of the latency."""
    import uvloop

    return uvloop.new_event_loop()


async def measure_on(load: Load, served: Served) -> Spent:
    """Put the load on a server that runs."""
    async with Api(served.url) as api:
        room = await api.create_room(await api.account(), load.room, load.count + SPARE_PLACES)
        config = SwarmConfig(room, load.count, load.seconds + load.settle_s, load.behaviour, load.seed, watchers=1)
        marks: list[float] = []

        def progress(stage: str, done: float, of: float) -> None:
            # The last part of the walk: joining has settled, leaving has not begun.
            if stage == "walk" and ((not marks and done >= load.settle_s) or (len(marks) == 1 and done >= of)):
                marks.append(served.cpu_s())

        swarm = Swarm(api, config, progress)
        before = served.memory_bytes()
        result = await swarm.run()
        return Spent(result, marks[1] - marks[0], (before, served.memory_bytes()))


def point(load: Load, spent: Spent, targets: Mapping[str, float], **parameters: object) -> Point:
    """The figures of a run. `targets` by figure name."""
    result, count = spent.result, max(1, spent.result.joined)
    per_bot, spreads = result.measure.per_bot(result.joined), result.measure.spreads()
    found: dict[str, Figure] = {}

    def add(name: str, value: float | None, unit: str, better: str = "less") -> None:
        if value is not None:
            found[name] = Figure(round(value, 3), unit, better, targets.get(name))

    def of(name: str, percentile: int) -> float | None:
        spread: Spread | None = spreads.get(name)
        return spread.percentiles[percentile] if spread else None

    add("cpu_us", spent.cpu_s / load.seconds / count * 1e6, "us per client and second")
    add("down_kb_s", per_bot["bytes_down"] / 1000, "kB per client and second")
    add("down_packets_s", per_bot["packets_down"], "packets per client and second")
    add("view_p50_ms", of("input_to_view_ms", 50), "ms")
    add("view_p95_ms", of("input_to_view_ms", 95), "ms")
    add("view_p99_ms", of("input_to_view_ms", 99), "ms")
    add("interval_p99_ms", of("snapshot_interval_ms", 99), "ms", "")
    if result.ticks is not None:
        add("tick_p50_ms", result.ticks.tick_p50_ms, "ms")
        add("tick_p99_ms", result.ticks.tick_p99_ms, "ms")
        add("late_p99_ms", result.ticks.late_p99_ms, "ms")
        add("ticks_dropped", float(result.ticks.dropped), "ticks")
    add("stayed", result.stayed / load.count, "share of the bots", "more")
    return Point({"people": load.count, **parameters}, found, result.health.complaint())
