"""A run seen from a terminal: a progress bar while it goes on, Ctrl-C ends it early, the tables at its end."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from benchmarks.bots.api import Api, split_room_url
from benchmarks.bots.behaviour import BEHAVIOURS
from benchmarks.bots.errors import BotError
from benchmarks.bots.report import show, write_json
from benchmarks.bots.swarm import Result, Swarm, SwarmConfig

SPARE_PLACES: Final = 50
"""Places beyond the bots in a room made for them, so that people can come and look."""
_STAGES: Final = {"join": "Joining", "walk": "Walking", "leave": "Leaving"}


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


def run(wish: Wish) -> bool:
    """Whether every bot was inside to the end. BotError with a text for the person, OSError for a file."""
    console = Console()
    if wish.behaviour not in BEHAVIOURS:
        raise BotError(f"There is no behaviour {wish.behaviour!r}; there are {', '.join(BEHAVIOURS)}.")
    url, room = split_room_url(wish.url, wish.room)
    if room is None and wish.template is None:
        raise BotError("Which room? Give --room, or --room-template to make one.")
    with asyncio.Runner(loop_factory=_fastest_loop()) as runner:
        result = runner.run(_run(wish, url, room, console))
    show(result, console)
    if wish.json_file is not None:
        write_json(result, wish.json_file)
    return result.stayed == wish.count


async def _run(wish: Wish, url: str, room: str | None, console: Console) -> Result:
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        refresh_per_second=4,
    )
    stages: dict[str, TaskID] = {}

    def progress(stage: str, done: float, of: float) -> None:
        if stage not in stages:
            stages[stage] = bar.add_task(_STAGES[stage])
        bar.update(stages[stage], completed=done, total=of)

    async with Api(url) as api:
        if room is not None:
            place = await api.find_room(await api.guest("Bot"), room)
        else:
            place = await api.create_room(await api.account(), wish.template or "", wish.count + SPARE_PLACES)
        config = SwarmConfig(place, wish.count, wish.seconds, wish.behaviour, wish.seed, wish.watchers)
        swarm = Swarm(api, config, progress)
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(signal.SIGINT, swarm.stop)
        with bar:
            return await swarm.run()


if sys.platform == "win32":

    def _fastest_loop() -> None:
        return None

else:
    import uvloop

    def _fastest_loop() -> type[uvloop.Loop]:
        """With hundreds of sockets, uvloop halves the bots' own share of the latency."""
        return uvloop.Loop
