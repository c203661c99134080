"""Where people stood, so that they stand there again after a restart."""

# ruff: noqa: S608 - the only text put into queries is the constants below and `HELD`

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from server.store.database import Database
from server.store.epochs import HELD
from server.store.errors import StaleEpoch


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
_SAVE = f"""
WITH held AS ({HELD}), saved AS (INSERT INTO user_sessions AS s (room_id, user_id, position_x, position_y, is_active)
SELECT r.id, p.user_id, p.x, p.y, p.is_active
FROM unnest($3::uuid[], $4::int[], $5::int[], $6::bool[]) AS p (user_id, x, y, is_active)
JOIN users u ON u.id = p.user_id CROSS JOIN held r
ORDER BY p.user_id
FOR KEY SHARE OF u
ON CONFLICT (user_id, room_id) DO UPDATE SET
    position_x = excluded.position_x, position_y = excluded.position_y,
    is_active = excluded.is_active, last_active = now(),
    joined_at = CASE WHEN excluded.is_active AND NOT s.is_active THEN now() ELSE s.joined_at END
RETURNING 1)
SELECT (SELECT count(*) FROM saved) AS saved, EXISTS (SELECT FROM held) AS held,
    EXISTS (SELECT FROM rooms WHERE id = $1) AS there
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

    async def save_many(self, room_id: UUID, positions: Sequence[Position], epoch: int | None = None) -> int:
        """Save at most one place for each user; the number saved. Users and rooms that no longer exist are skipped.

        Raises `StaleEpoch` if `epoch` is given and is not the room's newest."""
        if not positions:
            return 0
        record = await self._database.fetchrow(
            _SAVE,
            room_id,
            epoch,
            [position.user_id for position in positions],
            [position.x for position in positions],
            [position.y for position in positions],
            [position.is_active for position in positions],
        )
        if record is None:
            return 0
        if record["there"] and not record["held"]:
            raise StaleEpoch("another server owns the room")
        return int(record["saved"])

    async def mark_all_gone(self, room_id: UUID, epoch: int | None = None) -> None:
        """Nobody is in the room: said when a room opens, for a server that was killed could not say it. An owner whose
        `epoch` is not the newest says nothing."""
        await self._database.execute(
            f"WITH held AS ({HELD}) UPDATE user_sessions SET is_active = false "
            "FROM held WHERE room_id = held.id AND is_active",
            room_id,
            epoch,
        )
