"""Many small rooms on one server, as a company has them."""

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

PEOPLE: Final = 10
COUNTS: Final = (20, 50, 100, 200)
SETTLE_S: Final = 2.0


def measure(short: bool) -> Iterator[Point]:
    """Rooms of ten people, from the office template, at the default tick rate."""
    for rooms in (2,) if short else COUNTS:
        for_server, for_load = cores()
        with serving({}, for_server) as served:
            os.sched_setaffinity(0, for_load)
            try:
                with asyncio.Runner(loop_factory=fastest_loop) as runner:
                    yield runner.run(_measure(served, rooms, *((0.8, 0.2) if short else (15.0, SETTLE_S))))
            finally:
                os.sched_setaffinity(0, for_server | for_load)


async def _measure(served: Served, rooms: int, seconds: float, settle_s: float) -> Point:
    async with Api(served.url) as api:
        owner = await api.account()
        places = [await api.create_room(owner, "office", PEOPLE + 2) for _ in range(rooms)]
        together = asyncio.Barrier(rooms + 1)

        async def ready() -> None:
            await together.wait()

        runs = [
            asyncio.create_task(
                Swarm(api, SwarmConfig(place, PEOPLE, seconds + settle_s, "office", seed), lambda *_: None, ready).run()
            )
            for seed, place in enumerate(places)
        ]
        await together.wait()
        await asyncio.sleep(settle_s)
        before = served.cpu_s()
        await asyncio.sleep(seconds)
        cpu_s = served.cpu_s() - before
        results = await asyncio.gather(*runs)
    late = [result.ticks.late_p99_ms for result in results if result.ticks]
    views = [spread.percentiles[99] for r in results if (spread := r.measure.spreads()["input_to_view_ms"])]
    stayed = sum(result.stayed for result in results) / (rooms * PEOPLE)
    figures = {
        "cpu_share": Figure(round(cpu_s / seconds, 3), "of a core"),
        "cpu_us": Figure(round(cpu_s / seconds / rooms / PEOPLE * 1e6, 1), "us per client and second"),
        "late_p99_ms": Figure(round(max(late, default=0.0), 2), "ms"),
        "view_p99_ms": Figure(round(max(views, default=0.0), 2), "ms, of the worst room"),
        "stayed": Figure(stayed, "share of the bots", "more"),
    }
    doubts = {doubt for result in results if (doubt := result.health.complaint())}
    return Point({"rooms": rooms, "people": rooms * PEOPLE}, figures, next(iter(doubts), None))


SCENARIO: Final = Scenario(
    "rooms",
    "Many rooms of ten",
    "A whole server at its default tick rate with rooms from the office template, ten walking bots in each. Figures "
    "are for all rooms together; the latency is that of the worst room.",
    measure,
)
