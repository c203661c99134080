"""What stands in rooms: the table `room_objects`."""

# ruff: noqa: S608 - the only text put into queries is the constants below

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

import msgspec

from server.store import audit
from server.store.audit import Actor
from server.store.database import Database
from server.store.epochs import HELD

if TYPE_CHECKING:
    from server.store.database import Connection, Record

OBJECTS_LIMIT = 120
"""Most objects of one room."""
CONFIGS_BYTES = 96 * 1024
"""Most bytes of the configurations of all objects of a room: a client is told of them in one message."""

_COLUMNS = "id, room_id, object_type, position_x, position_y, width, height, config, state, created_by"
_INSERT = (
    "INSERT INTO room_objects (room_id, object_type, position_x, position_y, width, height, config, created_by) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
)


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One object. `x`, `y`, `width`, `height`: px of the map; `config`: what people set; `state`: how it stands now."""

    id: UUID
    room_id: UUID
    type: str
    x: int
    y: int
    width: int
    height: int
    config: dict[str, Any]
    state: dict[str, Any]
    created_by: UUID | None

    @property
    def rect(self) -> tuple[int, int, int, int]:
        """(x, y, w, h) in px."""
        return self.x, self.y, self.width, self.height

    @property
    def name(self) -> str:
        """What people call it, or else its type."""
        return str(self.config.get("name") or self.type)

    @classmethod
    def from_record(cls, record: Record) -> Self:
        return cls(
            record["id"],
            record["room_id"],
            record["object_type"],
            record["position_x"],
            record["position_y"],
            record["width"],
            record["height"],
            record["config"],
            record["state"],
            record["created_by"],
        )


@dataclass(frozen=True, slots=True)
class NewObject:
    """An object that is about to be put into a room; as `StoredObject`."""

    type: str
    x: int
    y: int
    width: int
    height: int
    config: dict[str, Any]


class Objects:
    """The table `room_objects`. Methods raise `StoreUnavailable` when PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(self, room_id: UUID) -> list[StoredObject]:
        """Everything that stands in a room, in the order in which it came."""
        records = await self._database.fetch(
            f"SELECT {_COLUMNS} FROM room_objects WHERE room_id = $1 ORDER BY created_at, id LIMIT {OBJECTS_LIMIT}",
            room_id,
        )
        return [StoredObject.from_record(record) for record in records]

    async def get(self, room_id: UUID, object_id: UUID) -> StoredObject | None:
        """One object of a room."""
        record = await self._database.fetchrow(
            f"SELECT {_COLUMNS} FROM room_objects WHERE id = $2 AND room_id = $1", room_id, object_id
        )
        return StoredObject.from_record(record) if record else None

    async def seed(self, room_id: UUID, objects: Iterable[NewObject]) -> bool:
        """Put into a room, once in its life, what its map comes with. False: it was done before."""
        async with self._database.transaction() as connection:
            first = await connection.fetchval(
                "UPDATE rooms SET room_config = room_config || '{\"furnished\": true}' "
                "WHERE id = $1 AND NOT room_config ? 'furnished' RETURNING true",
                room_id,
            )
            if first is None:
                return False
            rows = [(room_id, o.type, o.x, o.y, o.width, o.height, o.config, None) for o in objects]
            await connection.executemany(_INSERT, rows)
            return True

    async def add(self, room_id: UUID, new: NewObject, actor: Actor) -> StoredObject | None:
        """Put something into a room; None: it is as full as it may be."""
        async with self._database.transaction() as connection:
            await connection.fetchval("SELECT 1 FROM rooms WHERE id = $1 FOR UPDATE", room_id)
            if await self._is_full(connection, room_id, new, 1):
                return None
            record = await connection.fetchrow(
                f"{_INSERT} RETURNING {_COLUMNS}",
                room_id,
                new.type,
                new.x,
                new.y,
                new.width,
                new.height,
                new.config,
                actor.id,
            )
            assert record is not None  # noqa: S101  (INSERT ... RETURNING)
            added = StoredObject.from_record(record)
            await audit.write(
                connection,
                actor,
                "object.added",
                room_id=room_id,
                target=(added.id, added.name),
                details={"type": added.type, "x": added.x, "y": added.y},
            )
            return added

    async def change(self, room_id: UUID, object_id: UUID, new: NewObject, actor: Actor) -> StoredObject | None:
        """Move an object or set it up anew; None: the room has no such one, or there is no room for so much text."""
        async with self._database.transaction() as connection:
            await connection.fetchval("SELECT 1 FROM rooms WHERE id = $1 FOR UPDATE", room_id)
            if await self._is_full(connection, room_id, new, 0, object_id):
                return None
            record = await connection.fetchrow(
                "UPDATE room_objects SET position_x = $3, position_y = $4, width = $5, height = $6, config = $7, "
                f"updated_at = now() WHERE id = $2 AND room_id = $1 RETURNING {_COLUMNS}",
                room_id,
                object_id,
                new.x,
                new.y,
                new.width,
                new.height,
                new.config,
            )
            if record is None:
                return None
            changed = StoredObject.from_record(record)
            await audit.write(
                connection,
                actor,
                "object.changed",
                room_id=room_id,
                target=(object_id, changed.name),
                details={"type": changed.type, "x": changed.x, "y": changed.y},
            )
            return changed

    async def remove(self, room_id: UUID, object_id: UUID, actor: Actor) -> bool:
        """Take an object out of a room, with its document; False: the room has no such one."""
        async with self._database.transaction() as connection:
            record = await connection.fetchrow(
                f"DELETE FROM room_objects WHERE id = $2 AND room_id = $1 RETURNING {_COLUMNS}", room_id, object_id
            )
            if record is None:
                return False
            gone = StoredObject.from_record(record)
            await audit.write(
                connection,
                actor,
                "object.removed",
                room_id=room_id,
                target=(object_id, gone.name),
                details={"type": gone.type, "x": gone.x, "y": gone.y},
            )
            return True

    async def _is_full(
        self, connection: Connection, room_id: UUID, new: NewObject, more: int, but: UUID | None = None
    ) -> bool:
        record = await connection.fetchrow(
            "SELECT count(*), coalesce(sum(octet_length(config::text)) FILTER (WHERE id IS DISTINCT FROM $2), 0) "
            "FROM room_objects WHERE room_id = $1",
            room_id,
            but,
        )
        assert record is not None  # noqa: S101  (an aggregate always has a row)
        count, used = record
        needed = len(msgspec.json.encode(new.config))
        return bool(count + more > OBJECTS_LIMIT or used + needed > CONFIGS_BYTES)

    async def save_state(self, room_id: UUID, object_id: UUID, state: dict[str, Any], epoch: int | None = None) -> None:
        """Remember how an object stands. One that is gone is no error, and an owner of the room whose `epoch` is not
        the newest changes nothing."""
        await self._database.execute(
            f"WITH held AS ({HELD}) UPDATE room_objects SET state = $4 FROM held WHERE room_id = held.id "
            "AND room_objects.id = $3",
            room_id,
            epoch,
            object_id,
            state,
        )
