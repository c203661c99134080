"""Bring a database to the newest revision, once, however many servers start at the same moment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg

from server.store.database import CONNECT_TIMEOUT_S, reported_as_unavailable
from server.store.errors import MigrationError

if TYPE_CHECKING:
    from sqlalchemy import Connection as SyncConnection

    from server.store.database import Connection

FOLDER = Path(__file__).parent
REVISIONS = tuple(sorted(path.stem.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py")))
NEWEST = REVISIONS[-1]

# Any number that nothing else in this database uses: servers that start together take turns by it.
MIGRATION_LOCK = 0x48414C4C57415931


async def migrate(database_url: str) -> bool:
    """Bring the database to the newest revision; whether anything had to be done.

    When the schema is current this is one connection and two queries. Raises `StoreUnavailable` when PostgreSQL
    does not answer, and `MigrationError` when the database belongs to a newer version of Hallway.
    """
    async with reported_as_unavailable():
        connection = await asyncpg.connect(database_url, timeout=CONNECT_TIMEOUT_S)
        try:
            if await _is_current(connection):
                return False
            await connection.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
            if await _is_current(connection):  # the server that held the lock before us did the work
                return False
            await upgrade_to(database_url, "head")
            return True
        finally:
            await connection.close()  # gives the lock back


async def _is_current(connection: Connection) -> bool:
    if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
        return False
    revision = await connection.fetchval("SELECT version_num FROM alembic_version")
    if revision is not None and revision not in REVISIONS:
        raise MigrationError(
            f"The database has schema revision {revision}, which this version of Hallway does not know "
            f"(its newest is {NEWEST}). "
            "It was used by a newer Hallway: install that version again, or use another database."
        )
    return bool(revision == NEWEST)


async def upgrade_to(database_url: str, revision: str) -> None:
    """Run the revisions up to this one, without asking whether another server does so, too."""
    # SQLAlchemy takes longer to import than everything else at start together, and is needed on this path only.
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import NullPool

    # asyncpg itself reads the address: SQLAlchemy's URL type does not know all of libpq's forms of a Unix socket.
    async def connect() -> Connection:
        return await asyncpg.connect(database_url, timeout=CONNECT_TIMEOUT_S)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_run_revisions, revision)
    finally:
        await engine.dispose()


def _run_revisions(connection: SyncConnection, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
