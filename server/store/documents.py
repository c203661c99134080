"""Documents that many people write at once: a snapshot and the updates since, as Yjs encodes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

from server.store.database import Database
from server.store.errors import StaleEpoch

if TYPE_CHECKING:
    from server.store.database import Connection


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """`snapshot` None: none was made yet. `updates` in the order in which they were written; `newest`: the number of
    the last of them, or of the last that the snapshot holds."""

    snapshot: bytes | None
    updates: list[bytes]
    newest: int


class Documents:
    """The tables `documents` and `document_updates`. Methods raise `StoreUnavailable` when PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, object_id: UUID) -> StoredDocument | None:
        """The document of an object, made if there is none; None: there is no such object."""
        try:
            async with self._database.transaction() as connection:
                await connection.execute(
                    "INSERT INTO documents (object_id) VALUES ($1) ON CONFLICT DO NOTHING", object_id
                )
                record = await connection.fetchrow(
                    "SELECT snapshot, compacted FROM documents WHERE object_id = $1", object_id
                )
                updates = await connection.fetch(
                    "SELECT number, data FROM document_updates WHERE object_id = $1 ORDER BY number", object_id
                )
        except asyncpg.ForeignKeyViolationError:
            return None
        if record is None:
            return None
        newest = updates[-1]["number"] if updates else record["compacted"]
        return StoredDocument(record["snapshot"], [update["data"] for update in updates], newest)

    async def append(self, object_id: UUID, updates: Sequence[bytes], epoch: int | None = None) -> int | None:
        """Write updates, all or none; the number of the last. None: the object was removed meanwhile.

        Raises `StaleEpoch` if `epoch` is given and is not the newest of the object's room."""
        async with self._database.transaction() as connection:
            if not await _may_write(connection, object_id, epoch):
                return None
            newest: int = await connection.fetchval(
                "WITH written AS (INSERT INTO document_updates (object_id, data) "
                "SELECT $1, data FROM unnest($2::bytea[]) WITH ORDINALITY AS new (data, place) ORDER BY place "
                "RETURNING number) SELECT max(number) FROM written",
                object_id,
                list(updates),
            )
            return newest

    async def compact(self, object_id: UUID, snapshot: bytes, newest: int, epoch: int | None = None) -> None:
        """Put a snapshot in the place of the updates up to number `newest`, which it must hold. Raises `StaleEpoch` as
        `append` does."""
        async with self._database.transaction() as connection:
            if not await _may_write(connection, object_id, epoch):
                return
            await connection.execute(
                "UPDATE documents SET snapshot = $2, compacted = $3, updated_at = now() WHERE object_id = $1",
                object_id,
                snapshot,
                newest,
            )
            await connection.execute(
                "DELETE FROM document_updates WHERE object_id = $1 AND number <= $2", object_id, newest
            )


async def _may_write(connection: Connection, object_id: UUID, epoch: int | None) -> bool:
    """False: the object is gone. Until the transaction ends the room's epoch can not rise, as with `epochs.HELD`."""
    record = await connection.fetchrow(
        "SELECT r.epoch FROM room_objects o JOIN rooms r ON r.id = o.room_id WHERE o.id = $1 FOR SHARE OF r "
        "FOR KEY SHARE OF o",
        object_id,
    )
    if record is not None and epoch is not None and record["epoch"] != epoch:
        raise StaleEpoch("another server owns the room")
    return record is not None
