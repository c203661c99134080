"""`hallway backup` and `hallway restore`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from server.cli_settings import ConfigFile, DatabaseUrl, DataFolder, fail, settings_of


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it is there.")] = False,
    config: ConfigFile = None,
    data: DataFolder = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Write accounts, rooms and all that is kept in them to a file. The server may run."""
    settings = settings_of(config, data=data, database_url=database_url)
    if file.exists() and not overwrite:
        fail(f"{file} is there already: choose another name, or say --overwrite", 1)
    from server.embedded.errors import EmbeddedError
    from server.ops.backup import backup as write
    from server.ops.databases import opened
    from server.store.errors import StoreError

    async def work() -> int:
        async with opened(settings) as databases:
            return await asyncio.to_thread(write, settings, databases.database_url, file)

    try:
        size = asyncio.run(work())
    except (EmbeddedError, StoreError) as error:
        fail(str(error), 1)
    typer.echo(f"{file}: {size:,} bytes. The secret key is not in it; without it people log in anew.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `hallway backup` wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace the accounts and rooms that are there.")] = False,
    config: ConfigFile = None,
    data: DataFolder = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Put a backup in the place of everything in the database. The server must not run."""
    settings = settings_of(config, data=data, database_url=database_url)
    from server.embedded.errors import EmbeddedError, FolderInUse
    from server.ops.backup import restore as read
    from server.ops.databases import opened
    from server.store.errors import StoreError

    async def work() -> None:
        async with opened(settings, make=True, alone=True) as databases:
            await read(settings, databases.database_url, file, replace=replace)

    try:
        asyncio.run(work())
    except FolderInUse as error:
        fail(f"{error}. A restore needs the server stopped", 1)
    except (EmbeddedError, StoreError) as error:
        fail(str(error), 1)
    typer.echo(f"{file} is restored.")
