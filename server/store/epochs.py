"""Who may write a room's state: the owner whose epoch is in the room's row, and nobody who owned it before.

Every write of a room's state names the epoch of its writer. It looks at the row with a lock that keeps the epoch from
rising until the write is done (`HELD`), so a write lands before the next owner begins, or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from server.store.database import Database

HELD = "SELECT id FROM rooms WHERE id = $1 AND ($2::bigint IS NULL OR epoch = $2) FOR SHARE"
"""The room's row if the writer's epoch is the newest; one without an epoch (a tool, a test) is not held to any."""


class Epochs:
    """The column `rooms.epoch`. Methods raise `StoreUnavailable` when PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def current(self, room_id: UUID) -> int | None:
        """The epoch of the room's newest owner, 0: it never had one; None: there is no such room."""
        epoch: int | None = await self._database.fetchval("SELECT epoch FROM rooms WHERE id = $1", room_id)
        return epoch

    async def advance(self, room_id: UUID, before: int) -> bool:
        """Begin the epoch after `before`. False: somebody else began it, or the room is gone."""
        return (
            await self._database.execute(
                "UPDATE rooms SET epoch = epoch + 1 WHERE id = $1 AND epoch = $2", room_id, before
            )
            == 1
        )

    async def overtaken(self, held: Mapping[UUID, int]) -> set[UUID]:
        """Of rooms with the epochs that their owners hold, those that have another one by now, or are gone."""
        if not held:
            return set()
        records = await self._database.fetch(
            "SELECT h.id FROM unnest($1::uuid[], $2::bigint[]) AS h (id, epoch) "
            "LEFT JOIN rooms r ON r.id = h.id AND r.epoch = h.epoch WHERE r.id IS NULL",
            list(held),
            list(held.values()),
        )
        return {record["id"] for record in records}
