"""What the ticks of the game server notice of its SFU: the same walkers, beside a silent and a busy conversation."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from benchmarks.bots.api import Api
from benchmarks.bots.errors import BotError
from benchmarks.bots.server_metrics import Buckets, TickReading, TickReport, read_ticks, ticks_between
from benchmarks.bots.swarm import Swarm, SwarmConfig
from benchmarks.bots.terminal import SPARE_PLACES
from benchmarks.load import fastest_loop
from benchmarks.results import Figure, Point
from benchmarks.scenarios.scenario import Scenario
from benchmarks.serving import Served, cores, serving

WALKERS: Final = 100
SPEAKERS: Final = 12
SLOTS: Final = 11 + 6
"""What each of twelve gets: the sound of all others, and six pictures."""
TURNS: Final = 4
TURN_S: Final = 6.0
ALONE, SHARED = "one for the server alone", "shared by all"
UNCHANGED: Final = 1.25
"""Two runs of the same differ by a quarter."""
SETTINGS: Final[dict[str, str | int]] = {
    "sfu_port": 0,
    "sfu_addresses": "127.0.0.1",
    "direct_people_sound": 0,
    "direct_people_video": 0,
}


@dataclass
class Turns:
    """Ticks of all turns of one kind together."""

    tick: Buckets = field(default_factory=dict)
    late: Buckets = field(default_factory=dict)
    dropped: float = 0.0

    def add(self, before: TickReading, after: TickReading) -> None:
        """One more turn."""
        for mine, was, now in ((self.tick, before.tick, after.tick), (self.late, before.late, after.late)):
            for bound, count in now.items():
                mine[bound] = mine.get(bound, 0.0) + count - was.get(bound, 0.0)
        self.dropped += after.dropped - before.dropped

    def report(self) -> TickReport:
        """What they were like."""
        found = ticks_between(
            TickReading(dict.fromkeys(self.tick, 0.0), {}, 0.0), TickReading(self.tick, self.late, self.dropped)
        )
        if found is None:
            raise BotError("the server counted no ticks")
        return found


def measure(short: bool) -> Iterator[Point]:
    """Idle and busy in turn, in one run; with a core for the server alone, and with all cores for all."""
    for_server, for_load = cores()
    for placement in (ALONE,) if short else (ALONE, SHARED):
        alone = placement == ALONE
        with serving(SETTINGS, for_server if alone else None) as served:
            os.sched_setaffinity(0, for_load if alone else for_server | for_load)
            try:
                with asyncio.Runner(loop_factory=fastest_loop) as runner:
                    yield runner.run(_measure(served, short, placement, for_load if alone else None))
            finally:
                os.sched_setaffinity(0, for_server | for_load)


async def _measure(served: Served, short: bool, placement: str, for_sfu: set[int] | None) -> Point:
    from benchmarks.sfu_callers import Conference, PersonApi  # needs the SFU's own packages

    walkers, speakers, turn_s = (10, 3, 1.0) if short else (WALKERS, SPEAKERS, TURN_S)
    turns = 1 if short else TURNS
    door = PersonApi(served.url)
    async with Api(served.url) as api, door:
        owner = await api.account()
        office = await api.create_room(owner, "benchmark-office", walkers + SPARE_PLACES)
        meeting = await api.create_room(owner, "meeting", speakers + SPARE_PLACES)
        await door.widen(meeting, owner)
        conference = Conference(door, meeting)
        await conference.gather(speakers, min(speakers - 1, 6) + speakers - 1)
        if for_sfu is not None:
            os.sched_setaffinity(_sfu_of(served.pid), for_sfu)
        seconds = 2 * turns * (turn_s + 0.5) + 2
        walking = asyncio.create_task(_walk(api, office, walkers, seconds))
        await conference.listen(2.0)
        idle, busy = Turns(), Turns()
        forwarded = 0.0
        for _ in range(turns):
            for kind, doing in ((idle, conference.listen), (busy, conference.talk)):
                # What the change itself costs belongs to neither.
                await doing(0.5)
                packets, before = await _read(api)
                await doing(turn_s)
                sent, after = await _read(api)
                kind.add(before, after)
                if kind is busy:
                    forwarded += sent - packets
        conference.end()
        await walking
    calm, loud = idle.report(), busy.report()
    ratio = loud.tick_p99_ms / max(1e-6, calm.tick_p99_ms)
    target = UNCHANGED if placement == ALONE and not short else None
    figures = {
        "tick_p99_idle_ms": Figure(round(calm.tick_p99_ms, 3), "ms"),
        "tick_p99_busy_ms": Figure(round(loud.tick_p99_ms, 3), "ms"),
        "tick_p99_ratio": Figure(round(ratio, 2), "times", "less", target),
        "tick_p50_idle_ms": Figure(round(calm.tick_p50_ms, 3), "ms"),
        "tick_p50_busy_ms": Figure(round(loud.tick_p50_ms, 3), "ms"),
        "late_p99_idle_ms": Figure(round(calm.late_p99_ms, 3), "ms"),
        "late_p99_busy_ms": Figure(round(loud.late_p99_ms, 3), "ms"),
        "forwarded_s": Figure(round(forwarded / (turns * turn_s)), "packets a second", ""),
    }
    return Point({"cores": placement, "walkers": walkers, "people": speakers}, figures)


def _sfu_of(server: int) -> int:
    """The process id of the server's SFU. BotError: it has none."""
    for child in Path(f"/proc/{server}/task/{server}/children").read_text().split():
        if b"server.media.sfu" in Path(f"/proc/{child}/cmdline").read_bytes():
            return int(child)
    raise BotError("the server has no SFU")


async def _walk(api: Api, room: UUID, count: int, seconds: float) -> None:
    await Swarm(api, SwarmConfig(room, count, seconds, watchers=0), lambda *_: None).run()


async def _read(api: Api) -> tuple[float, TickReading]:
    """Packets that the SFU forwarded so far, and the ticks."""
    text = await api.metrics() or ""
    ticks = read_ticks(text)
    if ticks is None:
        raise BotError("the server does not show its metrics")
    sent = [line.split()[-1] for line in text.splitlines() if line.startswith('hallway_sfu_packets_total{what="forw')]
    return float(sent[0]) if sent else 0.0, ticks


SCENARIO: Final = Scenario(
    "sfu_ticks",
    "Ticks beside a busy SFU",
    "Walkers in one room, and twelve people in another of the same server who all hear all through its SFU, silent and "
    "talking in turn. Once with a core for the server alone, where SFU, walkers and talkers share the others; once "
    "with no core for anybody, where on few cores the load itself takes the server's time.",
    measure,
)
