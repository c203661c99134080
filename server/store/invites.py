"""Invitations to rooms: links with an expiry, a number of uses and a role. Their tokens are kept hashed."""

# ruff: noqa: S608 - the only text put into queries is the constants below

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self
from uuid import UUID

from server.rooms.roles import GUESTS_AT_MOST, Role
from server.store import audit
from server.store.audit import Actor
from server.store.database import Database

if TYPE_CHECKING:
    from server.store.database import Record

LIST_LIMIT = 500

_GOOD = "(i.expires_at IS NULL OR i.expires_at > now()) AND (i.max_uses IS NULL OR i.uses < i.max_uses)"
_SELECT = (
    "SELECT i.id, i.room_id, i.role, i.uses, i.max_uses, u.username AS created_by, i.created_at, i.expires_at "
    "FROM {source} i LEFT JOIN users u ON u.id = i.created_by "
)


@dataclass(frozen=True, slots=True)
class Invite:
    """`max_uses` None: any number. `expires_at` None: until it is withdrawn."""

    id: UUID
    room_id: UUID
    role: Role
    uses: int
    max_uses: int | None
    created_by: str | None
    created_at: datetime
    expires_at: datetime | None

    @classmethod
    def from_record(cls, record: Record) -> Self:
        return cls(**{**dict(record), "role": Role.of(record["role"])})


class Invites:
    """The table `invites`. Methods raise `StoreUnavailable` when PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(
        self, room_id: UUID, actor: Actor, *, role: Role, expires_in: int | None, max_uses: int | None
    ) -> tuple[Invite, str]:
        """A new invitation and its token, which is not kept. `expires_in` in s."""
        token = secrets.token_urlsafe(24)
        async with self._database.transaction() as connection:
            record = await connection.fetchrow(
                "WITH made AS (INSERT INTO invites (room_id, token_hash, role, created_by, max_uses, expires_at) "
                f"VALUES ($1, $2, $3, $4, $5, now() + $6::interval) RETURNING *) {_SELECT.format(source='made')}",
                room_id,
                _hash(token),
                role.label,
                actor.id,
                max_uses,
                None if expires_in is None else timedelta(seconds=expires_in),
            )
            assert record is not None  # noqa: S101  (INSERT ... RETURNING)
            details = {"role": role.label, "expires_in": expires_in, "max_uses": max_uses}
            await audit.write(connection, actor, "invite.created", room_id=room_id, details=details)
            return Invite.from_record(record), token

    async def list(self, room_id: UUID) -> list[Invite]:
        """The room's invitations that are still good, newest first."""
        records = await self._database.fetch(
            f"{_SELECT.format(source='invites')} WHERE i.room_id = $1 AND {_GOOD} "
            f"ORDER BY i.created_at DESC LIMIT {LIST_LIMIT}",
            room_id,
        )
        return [Invite.from_record(record) for record in records]

    async def withdraw(self, room_id: UUID, invite_id: UUID, actor: Actor) -> bool:
        """End an invitation; False: the room has no such one."""
        async with self._database.transaction() as connection:
            gone = await connection.fetchval(
                "DELETE FROM invites WHERE id = $1 AND room_id = $2 RETURNING true", invite_id, room_id
            )
            if gone:
                await audit.write(connection, actor, "invite.withdrawn", room_id=room_id)
            return bool(gone)

    async def look(self, token: str) -> Invite | None:
        """The invitation behind a token, without using it; None: there is none that is good."""
        record = await self._database.fetchrow(
            f"{_SELECT.format(source='invites')} WHERE i.token_hash = $1 AND {_GOOD}", _hash(token)
        )
        return Invite.from_record(record) if record else None

    async def redeem(self, token: str, user: Actor, *, is_guest: bool) -> Invite | None:
        """Accept an invitation; None: there is none that is good.

        Nobody's role falls by it, and who is invited already does not use it up. Guests become members at most.
        """
        async with self._database.transaction() as connection:
            # The lock makes the last use go to one person, however many come at once.
            record = await connection.fetchrow(
                f"{_SELECT.format(source='invites')} WHERE i.token_hash = $1 AND {_GOOD} FOR UPDATE OF i", _hash(token)
            )
            if record is None:
                return None
            invite = Invite.from_record(record)
            role = min(invite.role, GUESTS_AT_MOST) if is_guest else invite.role
            owns, held = await connection.fetchrow(
                "SELECT r.owner_id = $2 AS owns, m.role FROM rooms r "
                "LEFT JOIN room_members m ON m.room_id = r.id AND m.user_id = $2 WHERE r.id = $1",
                invite.room_id,
                user.id,
            ) or (False, None)
            if owns or (held is not None and Role.of(held) >= role):
                return invite
            await connection.execute(
                "INSERT INTO room_members (room_id, user_id, role) VALUES ($1, $2, $3) "
                "ON CONFLICT (room_id, user_id) DO UPDATE SET role = excluded.role",
                invite.room_id,
                user.id,
                role.label,
            )
            await connection.execute("UPDATE invites SET uses = uses + 1 WHERE id = $1", invite.id)
            await audit.write(
                connection,
                user,
                "invite.accepted",
                room_id=invite.room_id,
                target=(user.id, user.name),
                details={"role": role.label},
            )
            return invite


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
