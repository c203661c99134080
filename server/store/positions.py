"""Where people stood, so that they stand there again after a restart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from server.store.database import Database


@dataclass(frozen=True, slots=True)
class Position:
    """A user's place in a room, x and y in 1/256 px; `is_active` while the avatar is in the room."""

    user_id: UUID
    x: int
    y: int
    is_active: bool = True


# One statement however many people. Rows of users or of a room deleted meanwhile are left out instead of failing the
# rest; the key-share locks keep them from being deleted between the look and the insert, and the order keeps two savers
# from waiting for each other.
_SAVE = """
INSERT INTO user_sessions AS s (room_id, user_id, position_x, position_y, is_active)
SELECT r.id, p.user_id, p.x, p.y, p.is_active
FROM unnest($2::uuid[], $3::int[], $4::int[], $5::bool[]) AS p (user_id, x, y, is_active)
JOIN users u ON u.id = p.user_id JOIN rooms r ON r.id = $1
ORDER BY p.user_id
FOR KEY SHARE OF u, r
ON CONFLICT (user_id, room_id) DO UPDATE SET
    position_x = excluded.position_x, position_y = excluded.position_y,
    is_active = excluded.is_active, last_active = now(),
    joined_at = CASE WHEN excluded.is_active AND NOT s.is_active THEN now() ELSE s.joined_at END
"""


class Positions:
    """The table `user_sessions`. Methods raise `StoreUnavailable` when PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, room_id: UUID, user_id: UUID) -> tuple[int, int] | None:
        """The place (x, y in 1/256 px) where the user was last seen in the room; None: never there."""
        record = await self._database.fetchrow(
            "SELECT position_x, position_y FROM user_sessions WHERE user_id = $1 AND room_id = $2", user_id, room_id
        )
        return (record["position_x"], record["position_y"]) if record else None

    async def save_many(self, room_id: UUID, positions: Sequence[Position]) -> int:
        """Save at most one place for each user; the number saved. Users and rooms that no longer exist are skipped."""
        if not positions:
            return 0
        return await self._database.execute(
            _SAVE,
            room_id,
            [position.user_id for position in positions],
            [position.x for position in positions],
            [position.y for position in positions],
            [position.is_active for position in positions],
        )

    async def mark_all_gone(self, room_id: UUID) -> None:
        """Nobody is in the room: said when a room opens, for a server that was killed could not say it."""
        await self._database.execute(
            "UPDATE user_sessions SET is_active = false WHERE room_id = $1 AND is_active", room_id
        )
