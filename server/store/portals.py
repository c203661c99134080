"""Ways from one room into another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self
from uuid import UUID

from server.store import audit
from server.store.audit import Actor
from server.store.database import Database

if TYPE_CHECKING:
    from server.store.database import Record

PORTALS_LIMIT = 64
"""Most portals of one room."""

_SELECT = (
    "SELECT p.number, p.name, p.x, p.y, p.w, p.h, p.target_id, t.name AS target_name "
    "FROM portals p JOIN rooms t ON t.id = p.target_id AND t.deleted_at IS NULL "
)
_COLUMNS = ("number", "name", "x", "y", "w", "h", "target_id", "target_name")


@dataclass(frozen=True, slots=True)
class Portal:
    """A rectangle (px) of a room from which one can go on to the room `target_id`."""

    number: int
    name: str
    x: int
    y: int
    w: int
    h: int
    target_id: UUID
    target_name: str

    @classmethod
    def from_record(cls, record: Record) -> Self:
        return cls(**{name: record[name] for name in _COLUMNS})


class Portals:
    """The table `portals`. Methods raise `StoreUnavailable` when PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(self, room_id: UUID) -> list[Portal]:
        """The portals of a room that lead somewhere, by number."""
        records = await self._database.fetch(f"{_SELECT} WHERE p.room_id = $1 ORDER BY p.number", room_id)
        return [Portal.from_record(record) for record in records]

    async def add(
        self, room_id: UUID, target: tuple[UUID, str], name: str, rect: tuple[int, int, int, int], actor: Actor
    ) -> Portal | None:
        """A portal with the lowest free number. `rect`: x, y, w, h in px; `target`: id and name of the room. None: the
        room has as many as it may."""
        async with self._database.transaction() as connection:
            await connection.fetchval("SELECT 1 FROM rooms WHERE id = $1 FOR UPDATE", room_id)
            taken = {
                record["number"]
                for record in await connection.fetch("SELECT number FROM portals WHERE room_id = $1", room_id)
            }
            if len(taken) >= PORTALS_LIMIT:
                return None
            number = next(number for number in range(1, PORTALS_LIMIT + 1) if number not in taken)
            await connection.execute(
                "INSERT INTO portals (room_id, number, target_id, name, x, y, w, h) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                room_id,
                number,
                target[0],
                name,
                *rect,
            )
            await audit.write(connection, actor, "portal.added", room_id=room_id, target=target)
            return Portal(number, name, *rect, *target)

    async def remove(self, room_id: UUID, number: int, actor: Actor) -> bool:
        """Close a portal; False: the room has no such one."""
        async with self._database.transaction() as connection:
            gone = await connection.fetchrow(
                "DELETE FROM portals WHERE room_id = $1 AND number = $2 RETURNING target_id, name", room_id, number
            )
            if gone is None:
                return False
            target = (gone["target_id"], gone["name"])
            await audit.write(connection, actor, "portal.removed", room_id=room_id, target=target)
            return True
