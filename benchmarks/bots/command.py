"""`hallway bots`: people who walk about, and what the server does for them in figures.

Only the command line is here, so that `hallway --help` need not load the rest.
"""

from pathlib import Path
from typing import Annotated

import typer


def bots_command(
    room: Annotated[str | None, typer.Option(help="The room's id, name or link.")] = None,
    count: Annotated[int, typer.Option(min=1, max=5000, help="How many bots.")] = 50,
    url: Annotated[str, typer.Option(help="Address of the server.")] = "http://localhost:8080",
    seconds: Annotated[float, typer.Option(min=1, help="How long to walk and measure.")] = 30.0,
    behaviour: Annotated[str, typer.Option(help="office, crowd, conference, commuters or idle.")] = "office",
    seed: Annotated[int, typer.Option(help="The same seed makes the same walks.")] = 1,
    rooms: Annotated[
        int | None, typer.Option(min=1, max=200, help="Rooms to make, each with an equal share; commuters: 3.")
    ] = None,
    transport: Annotated[str, typer.Option(help="What carries their messages.")] = "websocket",
    media: Annotated[bool, typer.Option("--media", help="Also negotiate sound and picture with each other.")] = False,
    chat: Annotated[
        float, typer.Option(min=0, max=60, help="Messages each writes a minute, half nearby, half to the room.")
    ] = 0.0,
    watchers: Annotated[int, typer.Option(min=0, help="How many bots verify the server's checksums.")] = 2,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.")] = None,
    room_template: Annotated[
        str | None, typer.Option(help="Make a room from this template, with a throw-away account.")
    ] = None,
) -> None:
    """Let bots walk in a room and report latency, bytes and errors."""
    from benchmarks.bots.errors import BotError
    from benchmarks.bots.terminal import Wish, run

    try:
        wish = Wish(
            room,
            room_template,
            url,
            count,
            seconds,
            behaviour,
            seed,
            watchers,
            json_file,
            rooms,
            transport,
            media,
            chat,
        )
        all_stayed = run(wish)
    except (BotError, OSError) as error:
        typer.echo(f"hallway: {error}", err=True)
        raise typer.Exit(1) from None
    raise typer.Exit(0 if all_stayed else 1)
