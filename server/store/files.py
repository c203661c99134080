"""Pictures and PDFs that people put up in rooms: the table `files`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from server.store.database import Database

_UNUSED_S = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file without its contents. `size`: bytes."""

    id: UUID
    room_id: UUID
    name: str
    media_type: str
    size: int


class Files:
    """The table `files`. Methods raise `StoreUnavailable` when PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, room_id: UUID, created_by: UUID, name: str, media_type: str, data: bytes, most_bytes: int
    ) -> StoredFile | None:
        """Keep a file; None: all files of the room together would have more than `most_bytes`."""
        async with self._database.transaction() as connection:
            await connection.fetchval("SELECT 1 FROM rooms WHERE id = $1 FOR UPDATE", room_id)
            used = await connection.fetchval("SELECT coalesce(sum(size), 0) FROM files WHERE room_id = $1", room_id)
            if used + len(data) > most_bytes:
                return None
            file_id = await connection.fetchval(
                "INSERT INTO files (room_id, created_by, name, media_type, size, data) "
                "VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
                room_id,
                created_by,
                name,
                media_type,
                len(data),
                data,
            )
            return StoredFile(file_id, room_id, name, media_type, len(data))

    async def get(self, room_id: UUID, file_id: UUID) -> StoredFile | None:
        """What is known of a file of a room."""
        record = await self._database.fetchrow(
            "SELECT id, room_id, name, media_type, size FROM files WHERE id = $2 AND room_id = $1", room_id, file_id
        )
        return StoredFile(**dict(record)) if record else None

    async def read(self, file_id: UUID) -> bytes | None:
        """The contents of a file."""
        data: bytes | None = await self._database.fetchval("SELECT data FROM files WHERE id = $1", file_id)
        return data

    async def purge(self, unused_s: float = _UNUSED_S) -> int:
        """Remove files that nothing shows, once they are older than `unused_s` seconds; how many."""
        return await self._database.execute(
            "DELETE FROM files f WHERE f.created_at < now() - $1::interval AND NOT EXISTS ("
            "SELECT 1 FROM room_objects o WHERE o.room_id = f.room_id "
            "AND f.id::text IN (o.config ->> 'file', o.state ->> 'file'))",
            timedelta(seconds=unused_s),
        )
