"""Three people at the far end of a lossy line, one with a WebSocket alone, two with a kind of datagrams beside it each:
which tick of the room does each of them know, and when? Started by `scenarios.lossy`.

`python -m benchmarks.lossy_client URL ROOM SECONDS CHANNEL`: CHANNEL is the descriptor of a socket for `lossy_link`, -1
for no line. Writes `ready`, waits for a line on its input, and writes one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import time
from typing import Any, Final
from uuid import UUID

from benchmarks.bots.api import Api
from benchmarks.bots.behaviour import behaviour
from benchmarks.bots.bot import Bot, Life, Plan
from benchmarks.bots.datagrams import DatagramConnection
from benchmarks.bots.measure import Measure
from benchmarks.bots.swarm import LoopClock
from benchmarks.bots.transports import TRANSPORTS, BotConnection
from benchmarks.bots.watch import view_maker
from benchmarks.lossy_link import enter_far_end

SAMPLE_S: Final = 0.005
ARRIVE_S: Final = 30.0
WAYS: Final = ("websocket", "webtransport", "datachannel")


async def _visitor(api: Api, url: str, room: UUID, transport: str) -> Bot:
    token = await api.guest(transport)
    make = view_maker(await api.room_map(room, token))
    plan = Plan(behaviour("idle", 1, 0), datagrams=transport != "websocket")
    bot = Bot(plan, Measure(), LoopClock(), lambda _: None, view=make)
    entry = await api.join(room, token)
    found: list[BotConnection] = []

    def prepare(connection: BotConnection) -> None:
        found.append(connection)
        bot.enter(connection, entry.ticket, time.perf_counter())

    await TRANSPORTS[transport](bot, url, entry.path, prepare)
    async with asyncio.timeout(ARRIVE_S):
        while bot.life is not Life.INSIDE or not _has_moved(found[0], transport):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    bot.start()
    return bot


def _has_moved(connection: BotConnection, transport: str) -> bool:
    return transport == "websocket" or (isinstance(connection, DatagramConnection) and connection.moved)


async def observe(url: str, room: UUID, seconds: float) -> dict[str, Any]:
    """Samples `[time, newest tick of each way]`, s of the monotonic clock, and how often each lost its baseline."""
    async with Api(url) as api:
        bots = [await _visitor(api, url, room, way) for way in WAYS]
        print("ready", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        samples = []
        end = time.perf_counter() + seconds
        while (now := time.perf_counter()) < end:
            samples.append([round(now, 4), *(bot.newest_tick for bot in bots)])
            await asyncio.sleep(SAMPLE_S)
        return {"samples": samples, "inside": [bot.life is Life.INSIDE for bot in bots]}


def main() -> None:
    """Run from the command line."""
    url, room, seconds, channel = sys.argv[1:]
    if int(channel) >= 0:
        enter_far_end(socket.socket(fileno=int(channel)))
    print(json.dumps(asyncio.run(observe(url, UUID(room), float(seconds)))), flush=True)


if __name__ == "__main__":
    main()
