"""`hallway move-database`."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from server.cli_settings import ConfigFile, DatabaseUrl, DataFolder, RedisUrl, fail, settings_of


def move_database(
    to: Annotated[
        str | None,
        typer.Option(metavar="URL", envvar="TO_DATABASE_URL", help="The new PostgreSQL, with an empty database."),
    ] = None,
    redis_to: Annotated[
        str | None,
        typer.Option(metavar="URL", envvar="TO_REDIS_URL", help="The new Redis, so that people stay logged in."),
    ] = None,
    config: ConfigFile = None,
    data: DataFolder = None,
    database_url: DatabaseUrl = None,
    redis_url: RedisUrl = None,
) -> None:
    """Move an office to another PostgreSQL, and to another Redis. The server must not run; what it has now is kept.

    The addresses can be in TO_DATABASE_URL and TO_REDIS_URL, too: arguments can be read by everyone on the computer.
    """
    settings = settings_of(config, data=data, database_url=database_url, redis_url=redis_url)
    if to is None and redis_to is None:
        fail("say where to: --to postgresql://user:password@host:5432/name", 2)
    for name, url, schemes in (
        ("--to", to, ("postgresql", "postgres")),
        ("--redis-to", redis_to, ("redis", "rediss", "unix")),
    ):
        if url is not None and url.partition("://")[0] not in schemes:
            fail(f"{name}: an address such as {schemes[0]}://... is needed", 2)
    from server.embedded.errors import EmbeddedError, FolderInUse
    from server.ops.databases import opened
    from server.ops.move import move, move_keys
    from server.store.errors import StoreError

    async def work() -> tuple[tuple[int, int] | None, int | None]:
        async with opened(settings, alone=True) as databases:
            rows = await move(settings, databases.database_url, to) if to else None
            keys = await move_keys(databases.redis_url, redis_to) if redis_to else None
            return rows, keys

    try:
        rows, keys = asyncio.run(work())
    except FolderInUse as error:
        fail(f"{error}. A move needs the server stopped", 1)
    except (EmbeddedError, StoreError) as error:
        fail(str(error), 1)
    if rows is not None:
        typer.echo(f"PostgreSQL: {rows[1]:,} rows in {rows[0]} tables are there, and equal to the old ones.")
    if keys is not None:
        typer.echo(f"Redis: {keys:,} keys are there.")
    new = [name for name, url in (("DATABASE_URL", to), ("REDIS_URL", redis_to)) if url]
    typer.echo(
        f"Start the server with {' and '.join(new)} set to the new address. The data folder keeps the secret key."
    )
