"""How old the state is that people on a lossy network see, over a WebSocket and over datagrams, side by side."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import time
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Final
from uuid import UUID

import numpy as np

from benchmarks.bots.api import Api
from benchmarks.bots.behaviour import behaviour
from benchmarks.bots.bot import Bot, Plan
from benchmarks.bots.measure import Measure
from benchmarks.bots.swarm import LoopClock, Swarm, SwarmConfig
from benchmarks.bots.transports import BotConnection, dial_websocket
from benchmarks.bots.watch import view_maker
from benchmarks.lossy_client import WAYS
from benchmarks.lossy_link import HERE, Line, carrying, is_possible
from benchmarks.results import Figure, Point
from benchmarks.scenarios.scenario import Scenario
from benchmarks.serving import Served, serving
from protocol.messages import Snapshot, decode_server

WALKING: Final = 40
RATE: Final = 20
ONE_WAY_S: Final = 0.02
LOSSES: Final = (0.0, 0.02, 0.05)
SECONDS: Final = 25.0
TARGET_MS: Final = 125.0
"""p99 over datagrams at 5 % loss each way."""


def measure(short: bool) -> Iterator[Point]:
    """Each loss, with all ways on one line at one time."""
    with_line = not short and is_possible()
    # Everybody sees everybody, so that what is news to one is news to all.
    settings: dict[str, str | int] = {"tick_rate": RATE, "interest_radius_px": 4096}
    if with_line:
        settings |= {"host": "0.0.0.0", "unlimited_addresses": "127.0.0.0/8, 10.213.77.0/30"}  # noqa: S104
    with serving(settings) as served:
        for loss in LOSSES if with_line else (0.0,):
            line = Line(loss, ONE_WAY_S) if with_line else None
            yield asyncio.run(_measure(served, line, 1.0 if short else SECONDS, 4 if short else WALKING))


class Reference:
    """Somebody on this computer: in which ticks there was something to tell, and when it was there to be known."""

    def __init__(self) -> None:
        self.ticks: list[int] = []
        self.arrived: list[float] = []
        self.bot: Bot | None = None

    async def come(self, api: Api, room: UUID) -> None:
        token = await api.guest("reference")
        make = view_maker(await api.room_map(room, token))
        bot = self.bot = Bot(Plan(behaviour("idle", 1, 0)), Measure(), LoopClock(), lambda _: None, view=make)
        entry = await api.join(room, token)

        def prepare(connection: BotConnection) -> None:
            bot.enter(connection, entry.ticket, time.perf_counter())

        await dial_websocket(self, api.url, entry.path, prepare)

    def opened(self, now: float) -> None:
        if self.bot is not None:
            self.bot.opened(now)

    def received(self, payload: bytes, now: float) -> None:
        if self.bot is not None:
            self.bot.received(payload, now)
            message = decode_server(payload)
            if isinstance(message, Snapshot) and (message.gone or message.courses or message.rows):
                self.ticks.append(message.tick)
                self.arrived.append(now)

    def age(self, tick: int, now: float) -> float:
        """How old, at `now`, the state is that is known by who knows that of `tick`, s. What the kernel foresees is
        known: it is that of the last tick before something happened that is not."""
        missed = bisect_right(self.ticks, tick)
        if missed < len(self.ticks) and self.arrived[missed] <= now:
            return now - self.arrived[missed] + 1 / RATE
        return min(1 / RATE, now - self.arrived[missed - 1]) if missed else 0.0

    def closed(self, code: int, reason: str, now: float) -> None:
        if self.bot is not None:
            self.bot.closed(code, reason, now)


async def _measure(served: Served, line: Line | None, seconds: float, walking: int) -> Point:
    async with Api(served.url) as api:
        room = await api.create_room(await api.account(), "benchmark-crowd", walking + 10)
        reference = Reference()
        await reference.come(api, room)
        walk = Swarm(api, SwarmConfig(room, walking, seconds + 60, "crowd", watchers=0), lambda *_: None)
        walkers = asyncio.create_task(walk.run())
        try:
            found = await _at_the_far_end(served, room, line, seconds)
        finally:
            walk.stop()
            await walkers
    figures: dict[str, Figure] = {}
    for column, way in enumerate(WAYS, 1):
        ages = np.array([reference.age(sample[column], sample[0]) for sample in found["samples"]]) * 1000
        p50, p99 = (float(np.percentile(ages, share)) for share in (50, 99))
        goal = TARGET_MS if way != "websocket" and line is not None and line.loss == LOSSES[-1] else None
        figures[f"age_p50_{way}_ms"] = Figure(round(p50, 1), "ms")
        figures[f"age_p99_{way}_ms"] = Figure(round(p99, 1), "ms", target=goal)
    figures["stayed"] = Figure(sum(found["inside"]) / len(WAYS), "share of the three", "more", 1.0)
    if line is None:
        return Point({"line": "loopback"}, figures, "No lossy line: it needs root and /dev/net/tun.")
    lost = line.lost / max(1, line.lost + line.carried)
    parameters = {"loss_percent": round(100 * line.loss, 1), "round_trip_ms": round(2000 * line.delay_s)}
    return Point(parameters, figures, note=f"{100 * lost:.1f} % of {line.lost + line.carried} packets were lost")


async def _at_the_far_end(served: Served, room: UUID, line: Line | None, seconds: float) -> dict[str, Any]:
    with ExitStack() as stack:
        near, far = socket.socketpair()
        stack.callback(near.close)
        url = served.url if line is None else f"http://{HERE}:{served.url.rpartition(':')[2]}"
        wanted, channel = (line.loss if line else 0.0), (far.fileno() if line else -1)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.lossy_client", url, str(room), str(seconds), str(channel),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, pass_fds=(far.fileno(),), limit=1 << 24,
            env=dict(os.environ),
        )  # fmt: skip
        far.close()
        assert process.stdin is not None  # noqa: S101
        assert process.stdout is not None  # noqa: S101
        if line is not None:
            # They arrive in calm weather.
            line.loss = 0.0
            stack.enter_context(carrying(line, near))
        ready = await process.stdout.readline()
        if ready.strip() != b"ready":
            raise RuntimeError("nobody arrived at the far end of the line")
        if line is not None:
            line.loss = wanted
        process.stdin.write(b"go\n")
        answer = json.loads(await process.stdout.readline())
        await process.wait()
        return dict(answer)


SCENARIO: Final = Scenario(
    "lossy",
    "What people on a lossy network see, over a WebSocket and over two kinds of datagrams",
    "Three people in one room of forty who walk, at the far end of one line that delays every packet by 20 ms and "
    "loses some, each way, TCP and UDP alike (two TUN devices, a network namespace, a seed). The age of the state is "
    "sampled every 5 ms, against what somebody beside the server knows. Other programs on the machine delay both ways.",
    measure,
)
