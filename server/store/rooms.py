"""Rooms."""

# ruff: noqa: S608 - the only text put into queries is the constants below

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from server.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Sequence

    from server.store.database import Record

DEFAULT_CAPACITY = 50
LIST_LIMIT = 500

_COLUMNS = (
    "id",
    "name",
    "description",
    "owner_id",
    "owner_name",
    "max_capacity",
    "room_config",
    "is_public",
    "created_at",
    "updated_at",
)
_FROM = (
    "SELECT r.id, r.name, r.description, r.owner_id, u.username AS owner_name, r.max_capacity, r.room_config, "
    "r.is_public, r.created_at, r.updated_at FROM {source} r JOIN users u ON u.id = r.owner_id "
)
_FROM_ROOMS = _FROM.format(source="rooms")
_FROM_CHANGED = _FROM.format(source="changed")


@dataclass(frozen=True, slots=True)
class Room:
    """A room as it is stored. `room_config` holds the template's id and what differs from it (open doors)."""

    id: UUID
    name: str
    description: str
    owner_id: UUID
    owner_name: str
    max_capacity: int
    room_config: dict[str, Any]
    is_public: bool
    created_at: datetime
    updated_at: datetime

    @property
    def template(self) -> str:
        return str(self.room_config["template"])

    @property
    def open_doors(self) -> list[int] | None:
        """Ids of the doors that were open when last saved; None: never saved, as the map says."""
        doors = self.room_config.get("open_doors")
        return None if doors is None else [int(door) for door in doors]

    @classmethod
    def from_record(cls, record: Record) -> Self:
        return cls(**{name: record[name] for name in _COLUMNS})


class Rooms:
    """The table `rooms`. Methods raise `StoreUnavailable` when PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(
        self, *, owner_id: UUID, name: str, template: str, description: str, max_capacity: int, is_public: bool
    ) -> Room:
        record = await self._database.fetchrow(
            "WITH changed AS (INSERT INTO rooms (owner_id, name, description, max_capacity, is_public, room_config) "
            f"VALUES ($1, $2, $3, $4, $5, $6) RETURNING *) {_FROM_CHANGED}",
            owner_id,
            name,
            description,
            max_capacity,
            is_public,
            {"template": template},
        )
        assert record is not None  # noqa: S101  (INSERT ... RETURNING)
        return Room.from_record(record)

    async def get(self, room_id: UUID) -> Room | None:
        record = await self._database.fetchrow(f"{_FROM_ROOMS} WHERE r.id = $1", room_id)
        return Room.from_record(record) if record else None

    async def listed_for(self, user_id: UUID, limit: int = LIST_LIMIT) -> list[Room]:
        """The newest public rooms, and the user's own."""
        records = await self._database.fetch(
            f"{_FROM_ROOMS} WHERE r.is_public OR r.owner_id = $1 ORDER BY r.created_at DESC, r.id LIMIT $2",
            user_id,
            limit,
        )
        return [Room.from_record(record) for record in records]

    async def update(
        self,
        room_id: UUID,
        *,
        name: str | None = None,
        description: str | None = None,
        max_capacity: int | None = None,
        is_public: bool | None = None,
    ) -> Room | None:
        """Change what is not None; None when there is no such room."""
        record = await self._database.fetchrow(
            "WITH changed AS (UPDATE rooms SET name = coalesce($2, name), description = coalesce($3, description), "
            "max_capacity = coalesce($4, max_capacity), is_public = coalesce($5, is_public), updated_at = now() "
            f"WHERE id = $1 RETURNING *) {_FROM_CHANGED}",
            room_id,
            name,
            description,
            max_capacity,
            is_public,
        )
        return Room.from_record(record) if record else None

    async def save_open_doors(self, room_id: UUID, doors: Sequence[int]) -> None:
        """Remember which doors stand open. A room that is gone is no error: it was deleted while it ran."""
        await self._database.execute(
            "UPDATE rooms SET room_config = room_config || jsonb_build_object('open_doors', $2::int[]) WHERE id = $1",
            room_id,
            list(doors),
        )

    async def delete(self, room_id: UUID) -> bool:
        return await self._database.execute("DELETE FROM rooms WHERE id = $1", room_id) == 1
