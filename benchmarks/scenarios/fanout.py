"""One large room over several processes: how the cost divides between the simulation and the gateways."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from typing import Final

from benchmarks.bots.api import Api
from benchmarks.bots.swarm import Result, Swarm, SwarmConfig
from benchmarks.bots.terminal import SPARE_PLACES
from benchmarks.load import SETTLE_S, fastest_loop
from benchmarks.results import Figure, Point
from benchmarks.scenarios.scenario import Scenario
from benchmarks.serving import Served, cores, serving
from benchmarks.workers import Worker, owner_of, pin, workers_of

RATE: Final = 20
SIZES: Final = (500, 1000, 2000, 4900)
GATEWAYS: Final = (0, 1, 2)
LARGEST_ALONE: Final = 2000
"""Beyond this, no room without gateways is tried: it does not hold its tick."""
DIRECT: Final = 2
"""The first people of a room stay at its own process: so many."""


def measure(short: bool) -> Iterator[Point]:
    """Every size with 0, 1 and 2 gateways."""
    for count in (24,) if short else SIZES:
        for gateways in (1,) if short else GATEWAYS:
            if gateways or count <= LARGEST_ALONE:
                yield _measured(count, gateways, *((1.0, 0.3) if short else (15.0, SETTLE_S)))


def _measured(count: int, gateways: int, seconds: float, settle_s: float) -> Point:
    for_server, for_load = cores()
    # One worker alone would have no supervisor; without gateways the second one has nothing to do.
    settings: dict[str, str | int] = {
        "workers": 1 + max(1, gateways),
        "fanout_people": DIRECT if gateways else 0,
        "tick_rate": RATE,
    }
    settings["media_backend"] = "mesh"
    with serving(settings) as served:
        pin(workers_of(served.pid), for_server)
        os.sched_setaffinity(0, for_load)
        try:
            with asyncio.Runner(loop_factory=fastest_loop) as runner:
                return runner.run(_run(served, count, gateways, seconds, settle_s))
        finally:
            os.sched_setaffinity(0, for_server | for_load)


async def _run(served: Served, count: int, gateways: int, seconds: float, settle_s: float) -> Point:
    marks: list[dict[str, float]] = []
    workers = workers_of(served.pid)
    async with Api(served.url) as api:
        room = await api.create_room(await api.account(), "benchmark-office", count + SPARE_PLACES)

        def progress(stage: str, done: float, of: float) -> None:
            if stage == "walk" and ((not marks and done >= settle_s) or (len(marks) == 1 and done >= of)):
                marks.append({worker.name: worker.cpu_s() for worker in workers})

        owner: list[str | None] = []

        async def ready() -> None:
            owner.append(owner_of(await api.metrics()))

        config = SwarmConfig(room, count, seconds + settle_s, "office", 1, watchers=1)
        result = await Swarm(api, config, progress, ready).run()
    return _point(result, workers, owner[0] or "", marks, seconds, gateways)


def _point(
    result: Result,
    workers: list[Worker],
    owner: str,
    marks: list[dict[str, float]],
    seconds: float,
    gateways: int,
) -> Point:
    spent = {worker.name: (marks[1][worker.name] - marks[0][worker.name]) / seconds for worker in workers}
    simulation = spent.pop(owner, 0.0)
    at_gateways = sorted(spent.values(), reverse=True)[:gateways]
    together, people = simulation + sum(at_gateways), max(1, result.joined)
    view = result.measure.spreads()["input_to_view_ms"]
    unit = "of a core"
    figures = {
        "simulation": Figure(round(simulation, 3), unit),
        "gateway": Figure(round(max(at_gateways, default=0.0), 3), unit + ", the busiest"),
        "together_us": Figure(round(together / people * 1e6, 1), "us per client and second"),
        "simulation_us": Figure(round(simulation / people * 1e6, 1), "us per client and second"),
        "down_kb_s": Figure(round(result.measure.per_bot(people)["bytes_down"] / 1000, 3), "kB per client and second"),
        "view_p99_ms": Figure(round(view.percentiles[99], 1) if view else 0.0, "ms"),
        "stayed": Figure(round(result.stayed / result.config.count, 3), "share of the bots", "more"),
    }
    if result.ticks is not None:
        figures["tick_p50_ms"] = Figure(round(result.ticks.tick_p50_ms, 2), "ms")
        figures["tick_p99_ms"] = Figure(round(result.ticks.tick_p99_ms, 2), "ms")
        figures["ticks_dropped"] = Figure(float(result.ticks.dropped), "ticks")
    errors = "; ".join(f"{what}: {count}" for what, count in result.measure.errors.most_common(3))
    return Point({"people": result.config.count, "gateways": gateways}, figures, result.health.complaint(), errors)


SCENARIO: Final = Scenario(
    "fanout",
    "One large room over several processes",
    "One room at 20 Hz, 500 to 4,900 people of whom half walk, their connections at its own process (0 gateways) or at "
    "1 or 2 others. All workers share one core, the bots have the others; CPU is each process's user and system time, "
    "so what a process spends is what it would spend on a core of its own. Latencies hold for the one core that all "
    "of them share here.",
    measure,
)
