"""500 people come in ten seconds: does anybody who is inside notice?"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from typing import Final

import numpy as np

from benchmarks.bots.api import Api
from benchmarks.bots.swarm import Result, Swarm, SwarmConfig
from benchmarks.crowd_at_the_door import crowd_at_the_door
from benchmarks.load import fastest_loop
from benchmarks.results import Figure, Point
from benchmarks.scenarios.scenario import Scenario
from benchmarks.serving import Served, cores, serving

INSIDE: Final = 100
COMING: Final = 500
WITHIN_S: Final = 10.0


def measure(short: bool) -> Iterator[Point]:
    """The view latency of a hundred people before, while and after the others come."""
    for_server, for_load = cores()
    with serving({"tick_rate": 20}, for_server, for_load) as served:
        os.sched_setaffinity(0, for_load)
        try:
            with asyncio.Runner(loop_factory=fastest_loop) as runner:
                yield runner.run(_measure(served, *((5, 5, 0.4) if short else (INSIDE, COMING, WITHIN_S))))
        finally:
            os.sched_setaffinity(0, for_server | for_load)


async def _measure(served: Served, inside: int, coming: int, within_s: float) -> Point:
    async with Api(served.url) as api:
        room = await api.create_room(await api.account(), "benchmark-office", inside + coming + 10)

        async def walk(ready: Callable[[], Awaitable[None]] | None = None) -> Result:
            config = SwarmConfig(room, inside, within_s, "office")
            return await Swarm(api, config, lambda *_: None, ready).run()

        with crowd_at_the_door(served.url, room, coming, within_s) as crowd:

            async def begin() -> None:
                crowd.begin()

            results = {"before": await walk(), "during": await walk(begin)}
            arrived = await crowd.arrived()
            results["after"] = await walk()
    figures: dict[str, Figure] = {}
    for name, result in results.items():
        views = result.measure.spreads()["input_to_view_ms"]
        if views is not None:
            figures[f"view_p99_{name}_ms"] = Figure(round(views.percentiles[99], 2), "ms")
        if result.ticks is not None:
            figures[f"tick_p99_{name}_ms"] = Figure(round(result.ticks.tick_p99_ms, 2), "ms, by the server's own clock")
            figures[f"late_p99_{name}_ms"] = Figure(round(result.ticks.late_p99_ms, 2), "ms, by the server's own clock")
    joins = np.frombuffer(arrived.joins, np.float64) * 1000
    if len(joins):
        figures["join_p50_ms"] = Figure(round(float(np.percentile(joins, 50)), 1), "ms")
        figures["join_p99_ms"] = Figure(round(float(np.percentile(joins, 99)), 1), "ms")
    figures["arrived"] = Figure(arrived.count / coming, "share", "more", 1.0)
    return Point(
        {"inside": inside, "coming": coming, "within_s": within_s}, figures, results["during"].health.complaint()
    )


SCENARIO: Final = Scenario(
    "joins",
    "A join storm",
    "100 walking bots in the office; 500 more come within 10 s, each a new guest with a request for a ticket and a "
    "connection. The latency of those inside is measured before the others come, while they come, and when they are "
    "there. Those who come are another process, which gives way to those who measure; the databases share its cores.",
    measure,
)
