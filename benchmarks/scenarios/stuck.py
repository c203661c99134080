"""Clients that read nothing, or only now and then: does anybody else notice?"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from typing import Final

from benchmarks.bots.api import Api
from benchmarks.bots.swarm import Swarm, SwarmConfig
from benchmarks.load import fastest_loop
from benchmarks.results import Figure, Point
from benchmarks.scenarios.scenario import Scenario
from benchmarks.serving import Served, cores, serving

WALKING: Final = 100
STUCK: Final = 1
SLOW: Final = 50
PAUSE_S: Final = 2.0
GLANCE_S: Final = 0.05


def measure(short: bool) -> Iterator[Point]:
    """The view latency of a hundred people alone, and beside one stuck and fifty slow clients."""
    for_server, for_load = cores()
    with serving({"tick_rate": 20}, for_server) as served:
        os.sched_setaffinity(0, for_load)
        try:
            with asyncio.Runner(loop_factory=fastest_loop) as runner:
                yield runner.run(_measure(served, *((10, 5, 0.8) if short else (WALKING, SLOW, 15.0))))
        finally:
            os.sched_setaffinity(0, for_server | for_load)


async def _measure(served: Served, walking: int, slow: int, seconds: float) -> Point:
    async with Api(served.url) as api:
        room = await api.create_room(await api.account(), "benchmark-crowd", walking + slow + STUCK + 10)

        def swarm(count: int, seed: int) -> Swarm:
            return Swarm(api, SwarmConfig(room, count, seconds, "crowd", seed, watchers=0), lambda *_: None)

        alone = await swarm(walking, 1).run()
        others = [swarm(STUCK, 2), swarm(slow, 3)]
        tasks = [asyncio.create_task(other.run()) for other in others]
        dawdling = asyncio.create_task(_dawdle(*others))
        beside = await swarm(walking, 1).run()
        dawdling.cancel()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, dawdling, return_exceptions=True)
    figures: dict[str, Figure] = {}
    for name, result in (("alone", alone), ("beside", beside)):
        views = result.measure.spreads()["input_to_view_ms"]
        if views is not None:
            figures[f"view_p99_{name}_ms"] = Figure(round(views.percentiles[99], 2), "ms")
        if result.ticks is not None:
            figures[f"late_p99_{name}_ms"] = Figure(round(result.ticks.late_p99_ms, 2), "ms, by the server's own clock")
    figures["stayed"] = Figure(beside.stayed / walking, "share of those who read", "more", 1.0)
    return Point({"walking": walking, "stuck": STUCK, "slow": slow}, figures, beside.health.complaint())


async def _dawdle(stuck: Swarm, slow: Swarm) -> None:
    """The stuck one never reads again once it is inside; the slow ones glance every two seconds."""
    while True:
        await asyncio.sleep(PAUSE_S)
        stuck.read(False)
        slow.read(True)
        await asyncio.sleep(GLANCE_S)
        slow.read(False)


SCENARIO: Final = Scenario(
    "stuck",
    "Stuck and slow clients",
    "100 people walk in one hall, first alone, then beside one client that stops reading and 50 that read for 50 ms "
    "every 2 s. Everyone sees everyone, so much goes to those who do not read.",
    measure,
)
