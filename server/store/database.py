"""The connection pool, and the one place where asyncpg's connection errors become `StoreUnavailable`."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import asyncpg
import msgspec
import structlog

from server.store.errors import StoreUnavailable

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Record = asyncpg.Record
    Pool = asyncpg.Pool[asyncpg.Record]
    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]

log = structlog.get_logger()

CONNECT_TIMEOUT_S = 5.0
COMMAND_TIMEOUT_S = 10.0

# What asyncpg raises when the server is away, stopping, starting or full. A mistake in a query is none of these.
AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)


@asynccontextmanager
async def reported_as_unavailable() -> AsyncIterator[None]:
    """Turn any sign that PostgreSQL is away into `StoreUnavailable`."""
    try:
        yield
    except AWAY as error:
        raise StoreUnavailable(f"PostgreSQL does not answer: {error or type(error).__name__}") from error


class Database:
    """Queries over the pool. Every method raises `StoreUnavailable` when PostgreSQL is away.

    An outage is one line in the log when it is noticed and one when it is over, however many queries fail in it.
    """

    def __init__(self, pool: Pool, clock: Callable[[], float] = time.monotonic) -> None:
        self.pool = pool
        self._clock = clock
        self._away_since: float | None = None

    async def fetch(self, query: str, *args: object) -> list[Record]:
        async with self._noticed():
            return await self.pool.fetch(query, *args)

    async def fetchrow(self, query: str, *args: object) -> Record | None:
        async with self._noticed():
            return await self.pool.fetchrow(query, *args)

    async def fetchval(self, query: str, *args: object) -> Any:
        async with self._noticed():
            return await self.pool.fetchval(query, *args)

    async def execute(self, query: str, *args: object) -> int:
        """Run one statement; the number of rows that it changed."""
        async with self._noticed():
            status = await self.pool.execute(query, *args)
        count = status.rpartition(" ")[2]
        return int(count) if count.isdecimal() else 0

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        async with self._noticed(), self.pool.acquire() as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def _noticed(self) -> AsyncIterator[None]:
        try:
            async with reported_as_unavailable():
                yield
        except StoreUnavailable as error:
            if self._away_since is None:
                self._away_since = self._clock()
                log.warning("the database is away: rooms go on, and what has to be saved waits", why=str(error))
            raise
        if self._away_since is not None:
            log.info("the database is back", away_s=round(self._clock() - self._away_since, 1))
            self._away_since = None

    async def ping(self) -> None:
        await self.fetchval("SELECT 1")

    async def close(self) -> None:
        await self.pool.close()


async def open_database(database_url: str, *, min_size: int = 1, max_size: int = 10) -> Database:
    """Open the pool. `database_url` is a libpq address, TCP or Unix socket (`postgresql://user@/name?host=/folder`).

    Raises `StoreUnavailable` when nothing answers there.
    """
    async with reported_as_unavailable():
        pool = await asyncpg.create_pool(
            database_url,
            min_size=min_size,
            max_size=max_size,
            timeout=CONNECT_TIMEOUT_S,
            command_timeout=COMMAND_TIMEOUT_S,
            init=_prepare_connection,
            server_settings={"application_name": "hallway", "timezone": "UTC"},
        )
    return Database(pool)


async def _prepare_connection(connection: Connection) -> None:
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=_encode_json, decoder=msgspec.json.decode)


def _encode_json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def columns(names: Sequence[str], table: str) -> str:
    """`table.a, table.b` for a SELECT list, so that a row type and its queries name each column once."""
    return ", ".join(f"{table}.{name}" for name in names)
