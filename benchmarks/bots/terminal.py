"""A run seen from a terminal: figures while it goes on, Ctrl-C ends it early, the tables at its end."""

from __future__ import annotations

import asyncio
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console

from benchmarks.bots.api import Api, split_room_url
from benchmarks.bots.behaviour import BEHAVIOURS
from benchmarks.bots.display import Display
from benchmarks.bots.errors import BotError
from benchmarks.bots.report import show, write_json
from benchmarks.bots.swarm import Result, Swarm, SwarmConfig
from benchmarks.bots.transports import TRANSPORTS

SPARE_PLACES: Final = 50
"""Places beyond the bots in a room made for them, so that people can come and look."""
COMMUTERS_ROOMS: Final = 3


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asked for."""

    room: str | None
    template: str | None
    url: str
    count: int
    seconds: float
    behaviour: str
    seed: int
    watchers: int
    json_file: Path | None
    rooms: int | None = None
    transport: str = "websocket"
    media: bool = False
    chat_per_minute: float = 0.0


def run(wish: Wish) -> bool:
    """Whether every bot was inside to the end. BotError with a text for the person, OSError for a file."""
    console = Console()
    if wish.behaviour not in BEHAVIOURS:
        raise BotError(f"There is no behaviour {wish.behaviour!r}; there are {', '.join(BEHAVIOURS)}.")
    if wish.transport not in TRANSPORTS:
        raise BotError(f"There is no transport {wish.transport!r}; there are {', '.join(TRANSPORTS)}.")
    url, room = split_room_url(wish.url, wish.room)
    if room is not None and (wish.rooms or wish.behaviour == "commuters"):
        raise BotError("For several rooms give --room-template: the bots make them.")
    if room is None and wish.template is None:
        raise BotError("Which room? Give --room, or --room-template to make one.")
    with asyncio.Runner(loop_factory=_fastest_loop()) as runner:
        result = runner.run(_run(wish, url, room, console))
    show(result, console)
    if wish.json_file is not None:
        write_json(result, wish.json_file)
    return result.stayed == wish.count


async def _run(wish: Wish, url: str, room: str | None, console: Console) -> Result:
    async with Api(url) as api:
        if room is not None:
            places = [await api.find_room(await api.guest("Bot"), room)]
        else:
            owner, rooms = await api.account(), wish.rooms or (COMMUTERS_ROOMS if wish.behaviour == "commuters" else 1)
            # Commuters may all meet in one room.
            capacity = wish.count + SPARE_PLACES
            places = [await api.create_room(owner, wish.template or "", capacity) for _ in range(rooms)]
        config = SwarmConfig(
            places[0],
            wish.count,
            wish.seconds,
            wish.behaviour,
            wish.seed,
            wish.watchers,
            other_rooms=tuple(places[1:]),
            transport=wish.transport,
            media=wish.media,
            chat_per_minute=wish.chat_per_minute,
        )
        display = Display(console)
        swarm = Swarm(api, config, display.progress)
        display.measure, display.health = swarm.measure, swarm.health
        if sys.platform != "win32":
            asyncio.get_running_loop().add_signal_handler(signal.SIGINT, swarm.stop)
        with display:
            return await swarm.run()


if sys.platform == "win32":

    def _fastest_loop() -> None:
        return None

else:
    import uvloop

    def _fastest_loop() -> type[uvloop.Loop]:
        """With hundreds of sockets, uvloop halves the bots' own share of the latency."""
        return uvloop.Loop
