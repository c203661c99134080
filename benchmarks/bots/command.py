"""`hallway bots`: people who walk about, and what the server does for them in figures."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from benchmarks.bots.api import Api, split_room_url
from benchmarks.bots.behaviour import BEHAVIOURS
from benchmarks.bots.errors import BotError
from benchmarks.bots.report import show, write_json
from benchmarks.bots.swarm import Result, Swarm, SwarmConfig

_STAGES = {"join": "Joining", "walk": "Walking", "leave": "Leaving"}
SPARE_PLACES = 50
"""Places beyond the bots in a room made for them, so that people can come and look."""


def bots_command(
    room: Annotated[str | None, typer.Option(help="The room's id, name or link.")] = None,
    count: Annotated[int, typer.Option(min=1, max=5000, help="How many bots.")] = 50,
    url: Annotated[str, typer.Option(help="Address of the server.")] = "http://localhost:8080",
    seconds: Annotated[float, typer.Option(min=1, help="How long to walk and measure.")] = 30.0,
    behaviour: Annotated[str, typer.Option(help=f"What they do: {', '.join(BEHAVIOURS)}.")] = "office",
    seed: Annotated[int, typer.Option(help="The same seed makes the same walks.")] = 1,
    watchers: Annotated[int, typer.Option(min=0, help="How many bots verify the server's checksums.")] = 2,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.")] = None,
    room_template: Annotated[
        str | None, typer.Option(help="Make a room from this template, with a throw-away account.")
    ] = None,
) -> None:
    """Let bots walk in a room and report latency, bytes and errors."""
    console = Console()
    try:
        if behaviour not in BEHAVIOURS:
            raise BotError(f"There is no behaviour {behaviour!r}; there are {', '.join(BEHAVIOURS)}.")
        address, wanted = split_room_url(url, room)
        if wanted is None and room_template is None:
            raise BotError("Which room? Give --room, or --room-template to make one.")
        run = _run(
            address,
            wanted,
            room_template,
            lambda place: SwarmConfig(place, count, seconds, behaviour, seed, watchers),
            count + SPARE_PLACES,
            console,
        )
        result = _in_fastest_loop(run)
        show(result, console)
        if json_file is not None:
            write_json(result, json_file)
    except (BotError, OSError) as error:
        typer.echo(f"hallway: {error}", err=True)
        raise typer.Exit(1) from None
    raise typer.Exit(0 if result.stayed == result.config.count else 1)


async def _run(
    url: str,
    room: str | None,
    template: str | None,
    config: Callable[[UUID], SwarmConfig],
    capacity: int,
    console: Console,
) -> Result:
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeElapsedColumn(),
        console=console, transient=True, refresh_per_second=4,
    )  # fmt: skip
    async with Api(url) as api:
        if room is not None:
            place = await api.find_room(await api.guest("Bot"), room)
        else:
            place = await api.create_room(await api.account(), template or "", capacity)
        stages: dict[str, TaskID] = {}

        def progress(stage: str, done: float, of: float) -> None:
            if stage not in stages:
                stages[stage] = bar.add_task(_STAGES[stage])
            bar.update(stages[stage], completed=done, total=of)

        swarm = Swarm(api, config(place), progress)
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, swarm.stop)
        with bar:
            return await swarm.run()


def _in_fastest_loop(run: Coroutine[Any, Any, Result]) -> Result:
    """uvloop where it exists: with hundreds of sockets it halves the bots' own share of the latency."""
    loop_factory = None
    if sys.platform != "win32":
        import uvloop

        loop_factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(run)
