"""What the ticks of the game server notice of its SFU.

The same walkers, beside people who are silent, who talk through an SFU that has nothing to do with the server, and who
talk through the server's own. The second is the control: what it costs a tick that somebody else on the machine is
busy is no matter of the server, and the third is held against it.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
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
TURN_S: Final = 5.0
ALONE, SHARED = "one for the server alone", "shared by all"
UNCHANGED: Final = 1.25
"""Beside its own busy SFU, and beside a stranger's: two runs of the same differ by a quarter."""
SETTINGS: Final[dict[str, str | int]] = {
    "sfu_port": 0,
    "sfu_addresses": "127.0.0.1",
    "direct_people_sound": 0,
    "direct_people_video": 0,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """Totals since the server started. `forwarded`: packets, of its SFU."""

    ticks: TickReading
    forwarded: float
    ran_s: float
    waited_s: float


@dataclass
class Turns:
    """Ticks of all turns of one kind together; `ran_s` and `waited_s`: of the thread that does them, on a processor and
    ready without one."""

    tick: Buckets = field(default_factory=dict)
    late: Buckets = field(default_factory=dict)
    dropped: float = 0.0
    ran_s: float = 0.0
    waited_s: float = 0.0
    forwarded: float = 0.0

    def add(self, before: Reading, after: Reading) -> None:
        """One more turn."""
        ticks, then = after.ticks, before.ticks
        for mine, was, now in ((self.tick, then.tick, ticks.tick), (self.late, then.late, ticks.late)):
            for bound, count in now.items():
                mine[bound] = mine.get(bound, 0.0) + count - was.get(bound, 0.0)
        self.dropped += ticks.dropped - then.dropped
        self.ran_s += after.ran_s - before.ran_s
        self.waited_s += after.waited_s - before.waited_s
        self.forwarded += after.forwarded - before.forwarded

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
    from benchmarks.sfu import rest, send_media, separate_sfu  # needs the SFU's own packages
    from benchmarks.sfu_callers import Conference, PersonApi

    walkers, speakers, turn_s = (10, 3, 1.0) if short else (WALKERS, SPEAKERS, TURN_S)
    turns = 1 if short else TURNS
    door = PersonApi(served.url)
    async with Api(served.url) as api, door, separate_sfu(speakers) as (stranger, strangers, _):
        owner = await api.account()
        office = await api.create_room(owner, "benchmark-office", walkers + SPARE_PLACES)
        meeting = await api.create_room(owner, "meeting", speakers + SPARE_PLACES)
        await door.widen(meeting, owner)
        conference = Conference(door, meeting)
        await conference.gather(speakers, min(speakers - 1, 6) + speakers - 1)
        if for_sfu is not None:
            for pid in (_sfu_of(served.pid), stranger.pid or 0):
                os.sched_setaffinity(pid, for_sfu)

        async def nobody(seconds: float) -> None:
            await asyncio.gather(conference.listen(seconds), rest(strangers, seconds))

        async def others(seconds: float) -> None:
            await asyncio.gather(conference.listen(seconds), send_media(strangers, seconds, pictures=True))

        async def own(seconds: float) -> None:
            await asyncio.gather(conference.talk(seconds), rest(strangers, seconds))

        kinds: dict[str, Callable[[float], Awaitable[None]]] = {"idle": nobody, "other": others, "own": own}
        walking = asyncio.create_task(_walk(api, office, walkers, len(kinds) * turns * (turn_s + 0.6) + 3))
        await nobody(2.0)
        found = {kind: Turns() for kind in kinds}
        for _ in range(turns):
            for kind, doing in kinds.items():
                # What the change itself costs belongs to nobody.
                await doing(0.5)
                before = await _read(api, served.pid)
                await doing(turn_s)
                found[kind].add(before, await _read(api, served.pid))
        conference.end()
        await walking
    return _point(found, placement, walkers, speakers, turns * turn_s, judged=placement == ALONE and not short)


def _point(
    found: dict[str, Turns], placement: str, walkers: int, speakers: int, seconds: float, *, judged: bool
) -> Point:
    """The figures of one placement. `judged`: hold them against the aim."""
    reports = {kind: turns.report() for kind, turns in found.items()}
    ratio = reports["own"].tick_p99_ms / max(1e-6, reports["other"].tick_p99_ms)
    figures = {"tick_p99_ratio": Figure(round(ratio, 2), "times", "less", UNCHANGED if judged else None)}
    for kind, report in reports.items():
        figures |= {
            f"tick_p50_{kind}_ms": Figure(round(report.tick_p50_ms, 3), "ms"),
            f"tick_p99_{kind}_ms": Figure(round(report.tick_p99_ms, 3), "ms"),
            f"late_p99_{kind}_ms": Figure(round(report.late_p99_ms, 3), "ms"),
            f"ran_{kind}": Figure(round(found[kind].ran_s / seconds, 4), "of a core"),
            f"waited_{kind}": Figure(round(found[kind].waited_s / seconds, 4), "of the time"),
        }
    figures["forwarded_s"] = Figure(round(found["own"].forwarded / seconds), "packets a second", "")
    return Point({"cores": placement, "walkers": walkers, "people": speakers}, figures)


def _sfu_of(server: int) -> int:
    """The process id of the server's SFU, the oldest of its kind: another is in reserve. BotError: it has none."""
    for child in Path(f"/proc/{server}/task/{server}/children").read_text().split():
        if b"server.media.sfu" in Path(f"/proc/{child}/cmdline").read_bytes():
            return int(child)
    raise BotError("the server has no SFU")


async def _walk(api: Api, room: UUID, count: int, seconds: float) -> None:
    await Swarm(api, SwarmConfig(room, count, seconds, watchers=0), lambda *_: None).run()


async def _read(api: Api, server: int) -> Reading:
    from benchmarks.sfu import scheduled

    text = await api.metrics() or ""
    ticks = read_ticks(text)
    if ticks is None:
        raise BotError("the server does not show its metrics")
    sent = [line.split()[-1] for line in text.splitlines() if line.startswith('hallway_sfu_packets_total{what="forw')]
    return Reading(ticks, float(sent[0]) if sent else 0.0, *scheduled(server))


SCENARIO: Final = Scenario(
    "sfu_ticks",
    "Ticks beside a busy SFU",
    "Walkers in one room, and twelve people in another of the same server who all hear all. In turn nobody talks, "
    "twelve others talk through an SFU of nobody's, and the twelve talk through the server's: the last against the one "
    "before is what the server notices of it being its own. Once with a core for the server alone, where both SFUs, "
    "walkers and talkers share the others; once with no core for anybody, where on few cores the load itself takes the "
    "server's time. Of the server's thread it is told how much it ran, and how long it waited for a processor.",
    measure,
)
