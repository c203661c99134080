"""The audit log: who did what to whom, written in the transaction of the deed itself."""

# ruff: noqa: S608 - the only text put into queries is the constants below

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from server.store.database import Database, columns

if TYPE_CHECKING:
    from server.store.database import Connection, Record

PAGE = 50

_COLUMNS = ("id", "at", "room_id", "actor_id", "actor_name", "action", "target_id", "target_name", "details")
_SELECT = f"SELECT {columns(_COLUMNS, 'a')} FROM audit_log a "


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something. `id` None: somebody without an account, at the command line."""

    id: UUID | None
    name: str


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One deed. `room_id` None: it concerned the whole server, or a room that is gone."""

    id: int
    at: datetime
    room_id: UUID | None
    actor_id: UUID | None
    actor_name: str
    action: str
    target_id: UUID | None
    target_name: str
    details: dict[str, Any]

    @classmethod
    def from_record(cls, record: Record) -> Self:
        return cls(**{name: record[name] for name in _COLUMNS})


async def write(
    connection: Connection,
    actor: Actor,
    action: str,
    *,
    room_id: UUID | None,
    target: tuple[UUID | None, str] = (None, ""),
    details: dict[str, Any] | None = None,
) -> None:
    """Add an entry; it stands or falls with the connection's transaction. `target`: (id, name)."""
    await connection.execute(
        "INSERT INTO audit_log (room_id, actor_id, actor_name, action, target_id, target_name, details) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7)",
        room_id,
        actor.id,
        actor.name,
        action,
        target[0],
        target[1],
        details or {},
    )


class AuditLog:
    """Reads the table `audit_log`. Methods raise `StoreUnavailable` when PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_room(self, room_id: UUID, before: int | None = None) -> list[AuditEntry]:
        """The newest `PAGE` entries of a room, older than entry `before`."""
        return await self._page("WHERE a.room_id = $1 AND a.id < $2", room_id, before)

    async def of_server(self, before: int | None = None) -> list[AuditEntry]:
        """The newest `PAGE` entries of all rooms and of the server itself, older than entry `before`."""
        return await self._page("WHERE ($1::uuid IS NULL) AND a.id < $2", None, before)

    async def _page(self, where: str, room_id: UUID | None, before: int | None) -> list[AuditEntry]:
        records = await self._database.fetch(
            f"{_SELECT}{where} ORDER BY a.id DESC LIMIT {PAGE}", room_id, before or (1 << 63) - 1
        )
        return [AuditEntry.from_record(record) for record in records]
