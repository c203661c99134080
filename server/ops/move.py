"""An office moves to other databases: everything in PostgreSQL, and who is logged in from Redis.

The target is looked at before anything is written, filled in one transaction, and compared with the source afterwards,
row for row. The source stays as it is: whoever changes their mind goes on with it.
"""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.embedded.services import where
from server.ops.backup import APPLICATION, backup, restore
from server.settings import Settings
from server.store.cache import open_cache
from server.store.database import CONNECT_TIMEOUT_S, reported_as_unavailable
from server.store.errors import StoreError, StoreUnavailable

if TYPE_CHECKING:
    from server.store.database import Connection

OLDEST_MAJOR = 17
"""What our own PostgreSQL's programs write is read by this version and newer ones."""
BATCH = 200

# A sum does not depend on the order, and one pass finds it. Rows that are equal in all columns count as often as they
# are there, for the number of rows is compared, too.
_FINGERPRINT = "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM public.{table} t"
_TABLES = (
    "SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
)


class MoveError(StoreError):
    """The office did not move; the text is for the operator."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What was found on both sides. `keys`: those of Redis; None: Redis was not asked for."""

    tables: int
    rows: int
    keys: int | None


async def move(settings: Settings, source: str, target: str) -> tuple[int, int]:
    """Copy all that is in one PostgreSQL to another, empty one; (tables, rows).

    Raises `MoveError`, `StoreUnavailable`, `BackupError`, `ProgramMissing`. Nobody may use the source meanwhile.
    """
    await _judge_source(source)
    await _judge_target(source, target)
    with tempfile.TemporaryDirectory(prefix="hallway-move-") as folder:
        file = Path(folder) / "office"
        await asyncio.to_thread(backup, settings, source, file)
        await restore(settings, target, file, replace=False)
    before, after = await fingerprint(source), await fingerprint(target)
    if before != after:
        differ = sorted(table for table in before.keys() | after.keys() if before.get(table) != after.get(table))
        raise MoveError(
            f"after the move these tables differ: {', '.join(differ)}. The old database is as it was; empty the new "
            "one, make sure that no server runs, and try again"
        )
    return len(after), sum(rows for rows, _ in after.values())


async def fingerprint(url: str) -> dict[str, tuple[int, int]]:
    """Of each table the number of its rows, and a number that changes when any of them does."""
    async with reported_as_unavailable():
        connection = await asyncpg.connect(url, timeout=CONNECT_TIMEOUT_S)
        try:
            await connection.execute("SET timezone = 'UTC'")
            tables = [str(row[0]) for row in await connection.fetch(_TABLES)]
            found = {}
            for table in tables:
                row = await connection.fetchrow(_FINGERPRINT.format(table=table))
                found[table] = (int(row[0]), int(row[1])) if row else (0, 0)
            return found
        finally:
            await connection.close()


async def _judge_source(url: str) -> None:
    async with reported_as_unavailable():
        connection = await asyncpg.connect(url, timeout=CONNECT_TIMEOUT_S)
        try:
            if await _others(connection):
                raise MoveError("a Hallway server uses the database that is to be moved: stop it first")
        finally:
            await connection.close()


async def _judge_target(source: str, target: str) -> None:
    try:
        async with reported_as_unavailable():
            connection = await asyncpg.connect(target, timeout=CONNECT_TIMEOUT_S)
    except StoreUnavailable as error:
        raise MoveError(
            f"{where(target)} cannot be used: {error}. Is that server started, and may this computer reach it?"
        ) from None
    except (asyncpg.PostgresError, ValueError) as error:  # a wrong password, no such database, no address at all
        raise MoveError(f"{where(target)} cannot be used: {error}") from None
    try:
        major = connection.get_server_version().major
        if major < OLDEST_MAJOR:
            raise MoveError(f"{where(target)} is PostgreSQL {major}: {OLDEST_MAJOR} or newer is needed")
        encoding = await connection.fetchval("SHOW server_encoding")
        if encoding != "UTF8":
            raise MoveError(f"{where(target)} keeps texts as {encoding}: make its database with ENCODING 'UTF8'")
        if await connection.fetchval("SELECT pg_is_in_recovery()"):
            raise MoveError(f"{where(target)} is a standby: name the primary")
        if await _identity(connection) == await _identity_of(source):
            raise MoveError("that is the database that the office has already")
        tables = await connection.fetch(_TABLES)
        if tables:
            raise MoveError(
                f"{where(target)} is not empty: it has {len(tables)} tables, such as {tables[0][0]}. Name an empty "
                "database; nothing was changed"
            )
        if not await connection.fetchval("SELECT has_schema_privilege('public', 'CREATE')"):
            raise MoveError(f"{where(target)}: this user may not make tables; let it own the database")
    finally:
        await connection.close()


async def _others(connection: Connection) -> int:
    count = await connection.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1",
        APPLICATION,
    )
    return int(count)


async def _identity(connection: Connection) -> tuple[Any, ...]:
    row = await connection.fetchrow(
        "SELECT pg_postmaster_start_time(), oid FROM pg_database WHERE datname = current_database()"
    )
    return tuple(row) if row else ()


async def _identity_of(url: str) -> tuple[Any, ...]:
    async with reported_as_unavailable():
        connection = await asyncpg.connect(url, timeout=CONNECT_TIMEOUT_S)
        try:
            return await _identity(connection)
        finally:
            await connection.close()


async def move_keys(source: str, target: str) -> int:
    """Copy what Hallway keeps in one Redis to another one, with the time that each key has left; how many.

    Raises `MoveError`.
    """
    old, new = open_cache(source), open_cache(target)
    try:
        await _judge_redis(new, target)
        count = 0
        batch: list[bytes] = []
        async for key in old.scan_iter(match="hallway:*", count=BATCH):
            batch.append(cast(bytes, key))
            if len(batch) == BATCH:
                count += await _copy(old, new, batch)
                batch = []
        return count + await _copy(old, new, batch)
    except RedisError as error:
        raise MoveError(f"what is in Redis did not move: {error}") from None
    finally:
        await old.aclose()
        await new.aclose()


async def _judge_redis(new: Redis, target: str) -> None:
    try:
        async for _ in new.scan_iter(match="hallway:*", count=1000):
            raise MoveError(f"{where(target)} has an office's keys already: name another database of that Redis")
    except RedisError as error:
        raise MoveError(f"{where(target)} cannot be used: {error}") from None


async def _copy(old: Redis, new: Redis, keys: list[bytes]) -> int:
    reading = old.pipeline(transaction=False)
    for key in keys:
        reading.dump(key)
        reading.pttl(key)
    answers = await reading.execute()
    writing = new.pipeline(transaction=False)
    copied = 0
    for key, value, left_ms in zip(keys, answers[::2], answers[1::2], strict=True):
        if value is not None:  # else it ran out meanwhile
            writing.restore(key, max(0, left_ms), value)
            copied += 1
    await writing.execute()
    return copied
