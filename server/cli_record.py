"""`hallway record`, `hallway replay`: what happened in a room of a running server, and how to live through it again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from server.cli_operator import Insecure, Url, User, reach
from server.cli_settings import ConfigFile, DataFolder, fail

if TYPE_CHECKING:
    from server.ops.operator_client import OperatorClient


def record(
    room: Annotated[str, typer.Argument(help="The room's id or name; somebody must be inside.")],
    file: Annotated[Path, typer.Argument(help="The file to write, such as monday.hwr.gz.")],
    seconds: Annotated[int, typer.Option(min=1, max=86400, help="How long; Ctrl-C ends it early.")] = 60,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it is there.")] = False,
    url: Url = None,
    user: User = None,
    insecure: Insecure = False,
    config: ConfigFile = None,
    data: DataFolder = None,
) -> None:
    """Record who moves where in a room of a running server, without names or words, to replay it later."""
    if file.exists() and not overwrite:
        fail(f"{file} is there already: choose another name, or say --overwrite", 1)
    address, credentials = reach(url, user, config, data)
    from server.ops.operator_client import OperatorClient, OperatorError

    async def work() -> int:
        async with OperatorClient(address, credentials, insecure=insecure) as client:
            path = f"/api/admin/rooms/{await _room_id(client, room)}/recording"
            async with client.stream(path, seconds=seconds) as answer:
                typer.echo(f"Recording {room} for up to {seconds} s ...", err=True)
                size = 0
                with file.open("wb") as out:
                    async for part in answer.content.iter_any():
                        size += out.write(part)
                return size

    try:
        size = asyncio.run(work())
    except OperatorError as error:
        fail(str(error), 1)
    except OSError as error:
        fail(f"cannot write {file}: {error.strerror}", 1)
    except KeyboardInterrupt:
        size = file.stat().st_size if file.exists() else 0
    typer.echo(f"{file}: {size:,} bytes. `hallway replay {file}` lives through it again.")


def replay(
    file: Annotated[Path, typer.Argument(help="What `hallway record` wrote.")],
    clients: Annotated[
        bool, typer.Option(help="Encode and send for everybody in the room, too, as the server did.")
    ] = True,
    repeat: Annotated[int, typer.Option(min=1, max=100, help="How many times, for steadier figures.")] = 1,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.")] = None,
) -> None:
    """Live through a recording again: does it come to the same, and what does each stage of its ticks cost here?"""
    from benchmarks.replay import replay_file, show, write_json
    from sim.recording import RecordingError

    try:
        found = [replay_file(file, clients=clients) for _ in range(repeat)]
    except RecordingError as error:
        fail(f"{file}: {error}", 1)
    except (OSError, EOFError) as error:
        fail(f"cannot read {file}: {error}", 1)
    show(found)
    if json_file is not None:
        write_json(found, json_file)


async def _room_id(client: OperatorClient, room: str) -> str:
    """The id of an open room by its id or name. OperatorError if there is none, or several."""
    from server.ops.operator_client import OperatorError

    try:
        return str(UUID(room))
    except ValueError:
        rooms = (await client.get("/api/admin/live"))["rooms"]
    found = [each["id"] for each in rooms if str(each["name"]).casefold() == room.casefold()]
    if len(found) == 1:
        return str(found[0])
    names = ", ".join(sorted({str(each["name"]) for each in rooms})[:10]) or "none"
    what = "no open room" if not found else f"{len(found)} open rooms, so give the id:"
    raise OperatorError(f"there is {what} {room!r}; open rooms: {names}")
