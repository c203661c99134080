"""What each client costs in memory, and whether it grows while nothing happens."""

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

SIZES: Final = (100, 500, 2000)
TARGET_KB: Final = 20


def measure(short: bool) -> Iterator[Point]:
    """Rising numbers on one server, so that what starting and letting people in left behind is not counted twice."""
    for_server, for_load = cores()
    with serving({"tick_rate": 20}, for_server) as served:
        os.sched_setaffinity(0, for_load)
        try:
            with asyncio.Runner(loop_factory=fastest_loop) as runner:
                runner.run(_inside(served, 10, 0.1))  # what the first people load stays
                for count in (20,) if short else SIZES:
                    yield runner.run(_point(served, count, 0.2 if short else 20.0))
        finally:
            os.sched_setaffinity(0, for_server | for_load)


async def _inside(served: Served, count: int, seconds: float) -> tuple[int, int, int]:
    """Private bytes before, with them just inside, and when they have been there for so long."""
    async with Api(served.url) as api:
        room = await api.create_room(await api.account(), "benchmark-office", count + 10)
        is_inside: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def ready() -> None:
            is_inside.set_result(served.memory_bytes())

        before = served.memory_bytes()
        swarm = Swarm(api, SwarmConfig(room, count, seconds, "idle", watchers=0), lambda *_: None, ready)
        running = asyncio.create_task(swarm.run())
        inside = await is_inside
        await asyncio.sleep(seconds * 0.9)
        after = served.memory_bytes()
        await running
        return before, inside, after


async def _point(served: Served, count: int, seconds: float) -> Point:
    before, inside, after = await _inside(served, count, seconds)
    figures = {
        "memory_kb": Figure(round((after - before) / count / 1000, 1), "kB per client", "less", TARGET_KB),
        "growth_kb": Figure(round((after - inside) / count / 1000, 2), "kB per client while nothing happens"),
        "server_mb": Figure(round(after / 1e6, 1), "MB in all"),
    }
    return Point({"people": count}, figures)


SCENARIO: Final = Scenario(
    "memory",
    "Memory for each client",
    "Private pages of the server's process before the bots come and while they stand about, divided by their number; "
    "the sockets' buffers are the kernel's and not in it.",
    measure,
)
