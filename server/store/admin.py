"""What those who run the server ask of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.store import audit
from server.store.audit import Actor
from server.store.database import Database
from server.store.users import fold

PAGE = 100


@dataclass(frozen=True, slots=True)
class Totals:
    """How many there are. `rooms`: those that were not deleted."""

    accounts: int
    guests: int
    rooms: int


@dataclass(frozen=True, slots=True)
class Account:
    """A person, guests included."""

    id: UUID
    username: str
    email: str | None
    is_guest: bool
    role: str
    disabled: bool
    created_at: datetime


class Administration:
    """Reads and changes across tables. Methods raise `StoreUnavailable` when PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def totals(self) -> Totals:
        """How many people and rooms there are."""
        record = await self._database.fetchrow(
            "SELECT count(*) FILTER (WHERE NOT is_guest) AS accounts, count(*) FILTER (WHERE is_guest) AS guests, "
            "(SELECT count(*) FROM rooms WHERE deleted_at IS NULL) AS rooms FROM users"
        )
        assert record is not None  # noqa: S101  (an aggregate without groups)
        return Totals(**dict(record))

    async def people(self, search: str, before: datetime | None) -> list[Account]:
        """The newest `PAGE` people whose name or address contains `search`, made before `before`."""
        records = await self._database.fetch(
            "SELECT id, username, email, is_guest, role, disabled_at IS NOT NULL AS disabled, created_at FROM users "
            "WHERE created_at < coalesce($2::timestamptz, 'infinity') "
            "AND ($1::text = '' OR strpos(username_key, $1) > 0 OR strpos(email_key, $1) > 0) "
            "ORDER BY created_at DESC, id LIMIT $3",
            fold(search),
            before,
            PAGE,
        )
        return [Account(**dict(record)) for record in records]

    async def room_names(self, room_ids: list[UUID]) -> dict[UUID, str]:
        """The names of these rooms."""
        records = await self._database.fetch("SELECT id, name FROM rooms WHERE id = ANY($1::uuid[])", room_ids)
        return {record["id"]: record["name"] for record in records}

    async def change_account(
        self, user_id: UUID, username: str, actor: Actor, *, operator: bool, disabled: bool
    ) -> None:
        """Make an account one of those who run the server or an ordinary one, and switch it off or on."""
        async with self._database.transaction() as connection:
            before = await connection.fetchrow(
                "SELECT role = 'operator' AS operator, disabled_at IS NOT NULL AS disabled FROM users WHERE id = $1 "
                "FOR UPDATE",
                user_id,
            )
            if before is None:
                return
            await connection.execute(
                "UPDATE users SET role = $2, disabled_at = CASE WHEN $3 THEN coalesce(disabled_at, now()) END, "
                "updated_at = now() WHERE id = $1",
                user_id,
                role := "operator" if operator else "user",
                disabled,
            )
            told: list[tuple[str, dict[str, object] | None]] = []
            if before["operator"] != operator:
                told.append(("person.role", {"role": role}))
            if before["disabled"] != disabled:
                told.append(("person.disabled" if disabled else "person.enabled", None))
            for action, details in told:
                await audit.write(connection, actor, action, room_id=None, target=(user_id, username), details=details)

    async def note(
        self,
        actor: Actor,
        action: str,
        target: tuple[UUID | None, str],
        text: str = "",
        *,
        room_id: UUID | None = None,
    ) -> None:
        """Write something that was done into the audit log."""
        async with self._database.transaction() as connection:
            details = {"text": text} if text else None
            await audit.write(connection, actor, action, room_id=room_id, target=target, details=details)
