"""Rooms: their settings, and what becomes of them."""

# ruff: noqa: S608 - the only text put into queries is the constants below

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, Self
from uuid import UUID

from server.rooms.roles import Role
from server.store import audit
from server.store.audit import Actor
from server.store.database import Database, columns
from server.store.errors import StaleEpoch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from server.store.database import Connection, Record

Access = Literal["public", "unlisted", "members"]

DEFAULT_CAPACITY = 50
LIST_LIMIT = 500
ADMIN_PAGE = 100

_SETTINGS = (
    "name",
    "description",
    "max_capacity",
    "access",
    "password_hash",
    "guests_allowed",
    "chat_kept",
    "relay_only",
    "share_near",
    "chat_days",
    "proximity_px",
)
_TABLE_COLUMNS = (
    "id",
    *_SETTINGS,
    "owner_id",
    "room_config",
    "is_public",
    "archived_at",
    "deleted_at",
    "purged_at",
    "created_at",
    "updated_at",
)
_COLUMNS = (*_TABLE_COLUMNS, "owner_name")
_FROM = (
    f"SELECT {columns(_TABLE_COLUMNS, 'r')}, u.username AS owner_name {{more}} "
    "FROM {source} r JOIN users u ON u.id = r.owner_id "
)
_FROM_ROOMS = _FROM.format(source="rooms", more="")
_FROM_CHANGED = _FROM.format(source="changed", more="")
_WITH_ROLE = _FROM.format(source="rooms", more=", m.role AS member_role")
_MEMBERSHIP = "LEFT JOIN room_members m ON m.room_id = r.id AND m.user_id = $1 "

# Each branch goes by an index of its own; one condition with OR would read every room.
_LISTED = f"""
{_WITH_ROLE} {_MEMBERSHIP} WHERE r.id IN (
    (SELECT id FROM rooms WHERE access = 'public' AND archived_at IS NULL AND deleted_at IS NULL
     ORDER BY created_at DESC, id LIMIT $2)
    UNION
    (SELECT id FROM rooms WHERE owner_id = $1 AND deleted_at IS NULL ORDER BY created_at DESC LIMIT $2)
    UNION
    (SELECT o.id FROM room_members om JOIN rooms o ON o.id = om.room_id
     WHERE om.user_id = $1 AND o.archived_at IS NULL AND o.deleted_at IS NULL LIMIT $2)
) ORDER BY r.created_at DESC, r.id LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class Room:
    """A room as it is stored. `room_config` holds the template's id and what differs from it (open doors, areas).

    `share_near`: whether a screen can be shared with whoever is near, or in areas and at presentation screens only.
    `proximity_px` None: the server's setting. `chat_days`: for how long what is written is kept, None: for good.
    `deleted_at` and `purged_at`: both or neither.
    """

    id: UUID
    name: str
    description: str
    owner_id: UUID
    owner_name: str
    max_capacity: int
    access: Access
    password_hash: str | None
    guests_allowed: bool
    chat_kept: bool
    relay_only: bool
    share_near: bool
    chat_days: int | None
    proximity_px: int | None
    room_config: dict[str, Any]
    is_public: bool
    archived_at: datetime | None
    deleted_at: datetime | None
    purged_at: datetime | None
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

    @property
    def areas(self) -> dict[int, Role]:
        """The zones of the map that only people of some role get into: zone id to the least role."""
        return {int(zone): Role.of(role) for zone, role in self.room_config.get("areas", {}).items()}

    @property
    def area_capacities(self) -> dict[int, int]:
        """Most people in a zone, where that differs from the map: zone id to number, 0: no limit."""
        return {int(zone): int(most) for zone, most in self.room_config.get("area_capacities", {}).items()}

    @property
    def area_locks(self) -> dict[int, bool]:
        """Whether a zone can be locked, where that differs from the map."""
        return {int(zone): bool(can) for zone, can in self.room_config.get("area_locks", {}).items()}

    @classmethod
    def from_record(cls, record: Record) -> Self:
        return cls(**{name: record[name] for name in _COLUMNS})


@dataclass(frozen=True, slots=True)
class AreaRules:
    """Where the rules of a room's zones differ from its map, by zone id: least role, most people, may be locked."""

    roles: Mapping[int, Role]
    capacities: Mapping[int, int]
    locks: Mapping[int, bool]

    def to_config(self) -> dict[str, Any]:
        """As `room_config` holds them."""
        return {
            "areas": {str(zone): role.label for zone, role in self.roles.items()},
            "area_capacities": {str(zone): most for zone, most in self.capacities.items()},
            "area_locks": {str(zone): can for zone, can in self.locks.items()},
        }


class Rooms:
    """The table `rooms`. Methods raise `StoreUnavailable` when PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, *, owner_id: UUID, name: str, template: str, **settings: object) -> Room:
        """A new room. `settings`: any of description, max_capacity, access, password_hash, guests_allowed, chat_kept,
        relay_only, share_near, chat_days and proximity_px; the database has the defaults of the others."""
        async with self._database.transaction() as connection:
            return await _insert(connection, owner_id, {"name": name, **settings}, {"template": template})

    async def copy(self, room_id: UUID, *, owner_id: UUID, name: str, actor: Actor) -> Room | None:
        """A room with the same layout, objects, portals and settings, but without the people, invites and password of
        the first; None: there is no such room."""
        async with self._database.transaction() as connection:
            record = await connection.fetchrow(
                f"SELECT {', '.join(_SETTINGS)}, room_config FROM rooms WHERE id = $1 AND deleted_at IS NULL", room_id
            )
            if record is None:
                return None
            settings = {field: record[field] for field in _SETTINGS} | {"name": name, "password_hash": None}
            copied = await _insert(connection, owner_id, settings, record["room_config"])
            for table, fields in _COPIED:
                await connection.execute(
                    f"INSERT INTO {table} (room_id, {fields}) SELECT $2, {fields} FROM {table} WHERE room_id = $1",
                    room_id,
                    copied.id,
                )
            await audit.write(connection, actor, "room.copied", room_id=room_id, target=(copied.id, name))
            return copied

    async def get(self, room_id: UUID) -> Room | None:
        """A room that was not deleted."""
        return await self._one(f"{_FROM_ROOMS} WHERE r.id = $1 AND r.deleted_at IS NULL", room_id)

    async def get_any(self, room_id: UUID) -> Room | None:
        """A room, be it deleted."""
        return await self._one(f"{_FROM_ROOMS} WHERE r.id = $1", room_id)

    async def listed_for(self, user_id: UUID, limit: int = LIST_LIMIT) -> list[tuple[Room, Role]]:
        """The newest public rooms, and those where the user is somebody, each with the user's role."""
        records = await self._database.fetch(_LISTED, user_id, limit)
        return [(Room.from_record(record), _role_in(record, user_id)) for record in records]

    async def deleted_of(self, owner_id: UUID) -> list[Room]:
        """The rooms that the user deleted and can still restore, newest first."""
        return await self._many(
            f"{_FROM_ROOMS} WHERE r.owner_id = $1 AND r.deleted_at IS NOT NULL ORDER BY r.deleted_at DESC LIMIT $2",
            owner_id,
            LIST_LIMIT,
        )

    async def everything(self, search: str, before: datetime | None) -> list[Room]:
        """The newest `ADMIN_PAGE` rooms of the server, archived and deleted ones included, whose name contains
        `search`, made before `before`."""
        return await self._many(
            f"{_FROM_ROOMS} WHERE r.created_at < coalesce($2::timestamptz, 'infinity') "
            f"AND ($1::text = '' OR position(lower($1) in lower(r.name)) > 0) "
            f"ORDER BY r.created_at DESC, r.id LIMIT {ADMIN_PAGE}",
            search,
            before,
        )

    async def update(
        self, room_id: UUID, actor: Actor, changes: Mapping[str, object], areas: AreaRules | None = None
    ) -> Room | None:
        """Change the settings named in `changes` (`password_hash`, `proximity_px` and `chat_days` may be None) and,
        if given, the restricted areas; None: there is no such room."""
        unknown = changes.keys() - set(_SETTINGS)
        if unknown:
            raise ValueError(f"not settings of a room: {sorted(unknown)}")
        sets = [f"{field} = ${number}" for number, field in enumerate(changes, start=2)]
        arguments = list(changes.values())
        if areas is not None:
            arguments.append(areas.to_config())
            sets.append(f"room_config = room_config || ${len(arguments) + 1}::jsonb")
        sets.append("updated_at = now()")
        told = {field: value for field, value in changes.items() if field != "password_hash"}
        if "password_hash" in changes:
            told["password"] = "set" if changes["password_hash"] else "removed"
        if areas is not None:
            told |= areas.to_config()
        return await self._change(room_id, ", ".join(sets), arguments, actor, "room.changed", told)

    async def archive(self, room_id: UUID, actor: Actor, *, archived: bool) -> Room | None:
        """Close a room for everybody until further notice, or open it again."""
        if archived:
            return await self._change(room_id, "archived_at = coalesce(archived_at, now())", [], actor, "room.archived")
        return await self._change(room_id, "archived_at = NULL", [], actor, "room.unarchived")

    async def delete(self, room_id: UUID, actor: Actor, grace_s: float) -> bool:
        """Delete a room; it can be restored for `grace_s` seconds. False: there is no such room."""
        changed = await self._change(
            room_id,
            "deleted_at = now(), purged_at = now() + $2::interval",
            [timedelta(seconds=grace_s)],
            actor,
            "room.deleted",
        )
        return changed is not None

    async def restore(self, room_id: UUID, actor: Actor) -> Room | None:
        """Undo a deletion; None: there is no such deleted room."""
        return await self._change(
            room_id, "deleted_at = NULL, purged_at = NULL", [], actor, "room.restored", deleted=True
        )

    async def transfer(self, room_id: UUID, actor: Actor, new_owner: UUID) -> Room | None:
        """Make somebody else the owner; the one before becomes an admin. None: there is no such room."""
        async with self._database.transaction() as connection:
            old = await connection.fetchval(
                "SELECT owner_id FROM rooms WHERE id = $1 AND deleted_at IS NULL FOR UPDATE", room_id
            )
            if old is None:
                return None
            if old != new_owner:
                for table in ("room_members", "room_mutes"):
                    await connection.execute(
                        f"DELETE FROM {table} WHERE room_id = $1 AND user_id = $2", room_id, new_owner
                    )
                await connection.execute(
                    "INSERT INTO room_members (room_id, user_id, role) VALUES ($1, $2, 'admin')", room_id, old
                )
            record = await connection.fetchrow(
                "WITH changed AS (UPDATE rooms SET owner_id = $2, updated_at = now() WHERE id = $1 RETURNING *) "
                f"{_FROM_CHANGED}",
                room_id,
                new_owner,
            )
            assert record is not None  # noqa: S101  (locked above)
            room = Room.from_record(record)
            target = (new_owner, room.owner_name)
            await audit.write(connection, actor, "room.transferred", room_id=room_id, target=target)
            return room

    async def purge(self) -> int:
        """Remove for good the deleted rooms whose grace is over; how many."""
        return await self._database.execute("DELETE FROM rooms WHERE purged_at <= now()")

    async def set_embeds(self, room_id: UUID, actor: Actor, origins: Sequence[str] | None) -> Room | None:
        """Choose the sites whose pages the room's screens show; `origins` None: all that the server allows. None: there
        is no such room."""
        told = {"embeds": list(origins) if origins is not None else None}
        if origins is None:
            return await self._change(room_id, "room_config = room_config - 'embeds'", [], actor, "room.changed", told)
        sets = "room_config = room_config || $2::jsonb"
        return await self._change(room_id, sets, [{"embeds": list(origins)}], actor, "room.changed", told)

    async def save_open_doors(self, room_id: UUID, doors: Sequence[int], epoch: int | None = None) -> None:
        """Remember which doors stand open. A room that is gone is no error: it was deleted while it ran.

        Raises `StaleEpoch` if `epoch` is given and is not the room's newest."""
        saved = await self._database.execute(
            "UPDATE rooms SET room_config = room_config || jsonb_build_object('open_doors', $2::int[]) "
            "WHERE id = $1 AND ($3::bigint IS NULL OR epoch = $3)",
            room_id,
            list(doors),
            epoch,
        )
        if not saved and epoch is not None and await self.get_any(room_id) is not None:
            raise StaleEpoch("another server owns the room")

    async def _change(
        self,
        room_id: UUID,
        sets: str,
        arguments: list[object],
        actor: Actor,
        action: str,
        details: dict[str, Any] | None = None,
        *,
        deleted: bool = False,
    ) -> Room | None:
        state = "IS NOT NULL" if deleted else "IS NULL"
        async with self._database.transaction() as connection:
            record = await connection.fetchrow(
                f"WITH changed AS (UPDATE rooms SET {sets} WHERE id = $1 AND deleted_at {state} RETURNING *) "
                f"{_FROM_CHANGED}",
                room_id,
                *arguments,
            )
            if record is None:
                return None
            room = Room.from_record(record)
            await audit.write(connection, actor, action, room_id=room_id, target=(room_id, room.name), details=details)
            return room

    async def _one(self, query: str, *arguments: object) -> Room | None:
        record = await self._database.fetchrow(query, *arguments)
        return Room.from_record(record) if record else None

    async def _many(self, query: str, *arguments: object) -> list[Room]:
        return [Room.from_record(record) for record in await self._database.fetch(query, *arguments)]


_COPIED = (
    ("room_objects", "object_type, position_x, position_y, width, height, config"),
    ("portals", "number, target_id, name, x, y, w, h"),
)


async def _insert(
    connection: Connection, owner_id: UUID, settings: Mapping[str, object], config: Mapping[str, object]
) -> Room:
    unknown = settings.keys() - set(_SETTINGS)
    if unknown:
        raise ValueError(f"not settings of a room: {sorted(unknown)}")
    values = ", ".join(f"${number}" for number in range(1, len(settings) + 3))
    record = await connection.fetchrow(
        f"WITH changed AS (INSERT INTO rooms (owner_id, room_config, {', '.join(settings)}) "
        f"VALUES ({values}) RETURNING *) {_FROM_CHANGED}",
        owner_id,
        dict(config),
        *settings.values(),
    )
    assert record is not None  # noqa: S101  (INSERT ... RETURNING)
    return Room.from_record(record)


def _role_in(record: Record, user_id: UUID) -> Role:
    if record["owner_id"] == user_id:
        return Role.OWNER
    return Role.of(record["member_role"] or "guest")
