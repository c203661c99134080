"""How people want to be seen: status, a few words, and whether others may know where they are."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from server.store.database import Database

STATUSES = ("available", "busy", "away", "dnd")
"""In the order of their numbers on the wire (STANDARD.md section 5.11)."""


@dataclass(frozen=True, slots=True)
class Presence:
    """What somebody chose. Being idle is no choice: it is known of open connections only."""

    status: str = "available"
    text: str = ""
    findable: bool = True


class Presences:
    """The table `presence`. Methods raise `StoreUnavailable` when PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, user_id: UUID) -> Presence:
        """What the user chose; the defaults if nothing."""
        record = await self._database.fetchrow(
            "SELECT status, text, findable FROM presence WHERE user_id = $1", user_id
        )
        return Presence(**dict(record)) if record else Presence()

    async def put(self, user_id: UUID, presence: Presence) -> None:
        """Keep what the user chose. A user who is gone is no error."""
        await self._database.execute(
            "INSERT INTO presence (user_id, status, text, findable) "
            "SELECT id, $2, $3, $4 FROM users WHERE id = $1 FOR KEY SHARE "
            "ON CONFLICT (user_id) DO UPDATE SET status = excluded.status, text = excluded.text, "
            "findable = excluded.findable, updated_at = now()",
            user_id,
            presence.status,
            presence.text,
            presence.findable,
        )
