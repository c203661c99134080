"""Who is what in a room: roles, mutes, and everything that decides whether somebody gets in."""

# ruff: noqa: S608 - the only text put into queries is the constants below

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self
from uuid import UUID

from server.rooms.roles import Role
from server.store import audit
from server.store.audit import Actor
from server.store.bans import ACTIVE
from server.store.database import Database

if TYPE_CHECKING:
    from server.store.database import Record

LIST_LIMIT = 1000

_STANDING = f"""
SELECT r.owner_id = u.id AS owns, u.role AS server_role, u.is_guest, m.role, mu.user_id IS NOT NULL AS is_muted,
    p.status, p.text, p.findable, b.id IS NOT NULL AS is_banned, b.of_server, b.reason, b.expires_at
FROM rooms r JOIN users u ON u.id = $2
LEFT JOIN room_members m ON m.room_id = r.id AND m.user_id = u.id
LEFT JOIN room_mutes mu ON mu.room_id = r.id AND mu.user_id = u.id
LEFT JOIN presence p ON p.user_id = u.id
LEFT JOIN LATERAL (
    SELECT b.id, b.room_id IS NULL AS of_server, b.reason, b.expires_at FROM bans b
    WHERE (b.room_id = $1 OR b.room_id IS NULL) AND {ACTIVE} AND (b.user_id = $2 OR (b.address >>= $3
        -- Members are not taken for the stranger who sits in the same office as they.
        AND (b.room_id IS NULL OR coalesce(m.role, 'guest') = 'guest')))
    ORDER BY of_server DESC, b.expires_at DESC NULLS FIRST LIMIT 1
) b ON true
WHERE r.id = $1
"""

_MEMBERS = f"""
SELECT u.id, u.username, u.is_guest, 'owner' AS role, NULL::timestamptz AS created_at, false AS is_muted
FROM rooms r JOIN users u ON u.id = r.owner_id WHERE r.id = $1
UNION ALL
(SELECT u.id, u.username, u.is_guest, m.role, m.created_at, mu.user_id IS NOT NULL
 FROM room_members m JOIN users u ON u.id = m.user_id
 LEFT JOIN room_mutes mu ON mu.room_id = m.room_id AND mu.user_id = m.user_id
 WHERE m.room_id = $1 ORDER BY m.created_at, u.id LIMIT {LIST_LIMIT})
"""


@dataclass(frozen=True, slots=True)
class ActiveBan:
    """Why somebody is kept out; `expires_at` None: for good."""

    reason: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is in a room, and how they want to be seen there.

    `is_invited`: they own the room, are a member or accepted an invitation. `is_guest`: they have no account.
    """

    role: Role = Role.GUEST
    is_invited: bool = False
    is_guest: bool = False
    is_muted: bool = False
    ban: ActiveBan | None = None
    status: str = "available"
    text: str = ""
    findable: bool = True

    @classmethod
    def from_record(cls, record: Record) -> Self:
        owns, operates = record["owns"], record["server_role"] == "operator"
        role = Role.OPERATOR if operates else Role.OWNER if owns else Role.of(record["role"] or "guest")
        # Nobody is banned from their own room, but from the server also its owner.
        banned = record["is_banned"] and role < (Role.OPERATOR if record["of_server"] else Role.OWNER)
        return cls(
            role=role,
            is_invited=operates or owns or record["role"] is not None,
            is_guest=record["is_guest"],
            is_muted=record["is_muted"],
            ban=ActiveBan(record["reason"], record["expires_at"]) if banned else None,
            status=record["status"] or "available",
            text=record["text"] or "",
            findable=record["findable"] is not False,
        )


@dataclass(frozen=True, slots=True)
class Member:
    """A line of a room's list of members. `since` None: the owner."""

    user_id: UUID
    username: str
    is_guest: bool
    role: Role
    since: datetime | None
    is_muted: bool

    @classmethod
    def from_record(cls, record: Record) -> Self:
        return cls(
            record["id"],
            record["username"],
            record["is_guest"],
            Role.of(record["role"]),
            record["created_at"],
            record["is_muted"],
        )


class Members:
    """The tables `room_members` and `room_mutes`. Methods raise `StoreUnavailable` when PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def standing(self, room_id: UUID, user_id: UUID, address: str | None = None) -> Standing | None:
        """What the user is in the room, coming from `address`; None: there is no such room or user."""
        record = await self._database.fetchrow(_STANDING, room_id, user_id, address)
        return Standing.from_record(record) if record else None

    async def list(self, room_id: UUID) -> list[Member]:
        """The owner and the members, in the order in which they became it."""
        return [Member.from_record(record) for record in await self._database.fetch(_MEMBERS, room_id)]

    async def rooms_of(self, user_id: UUID) -> set[UUID]:
        """The rooms that the user owns, is a member of or was invited to: those whose life they may see."""
        records = await self._database.fetch(
            "SELECT id FROM rooms WHERE owner_id = $1 AND deleted_at IS NULL "
            "UNION SELECT room_id FROM room_members WHERE user_id = $1",
            user_id,
        )
        return {record["id"] for record in records}

    async def set_role(self, room_id: UUID, user_id: UUID, username: str, role: Role, actor: Actor) -> bool:
        """Give somebody who does not own the room a role in it; False: they own it, or room or user are gone."""
        async with self._database.transaction() as connection:
            changed = await connection.fetchval(
                "INSERT INTO room_members (room_id, user_id, role) "
                "SELECT r.id, u.id, $3 FROM rooms r JOIN users u ON u.id = $2 WHERE r.id = $1 AND r.owner_id <> $2 "
                "FOR KEY SHARE OF r, u "
                "ON CONFLICT (room_id, user_id) DO UPDATE SET role = excluded.role RETURNING true",
                room_id,
                user_id,
                role.label,
            )
            if changed:
                await audit.write(
                    connection,
                    actor,
                    "member.role",
                    room_id=room_id,
                    target=(user_id, username),
                    details={"role": role.label},
                )
            return bool(changed)

    async def remove(self, room_id: UUID, user_id: UUID, username: str, actor: Actor) -> bool:
        """Take somebody's role away; False: they have none."""
        return await self._delete("room_members", "member.removed", room_id, user_id, username, actor)

    async def mute(self, room_id: UUID, user_id: UUID, username: str, actor: Actor) -> bool:
        """Mute somebody in the room until further notice; False: they are muted already, or gone."""
        async with self._database.transaction() as connection:
            muted = await connection.fetchval(
                "INSERT INTO room_mutes (room_id, user_id) "
                "SELECT r.id, u.id FROM rooms r JOIN users u ON u.id = $2 WHERE r.id = $1 "
                "FOR KEY SHARE OF r, u ON CONFLICT DO NOTHING RETURNING true",
                room_id,
                user_id,
            )
            if muted:
                await audit.write(connection, actor, "person.muted", room_id=room_id, target=(user_id, username))
            return bool(muted)

    async def unmute(self, room_id: UUID, user_id: UUID, username: str, actor: Actor) -> bool:
        """Let somebody speak again; False: they were not muted."""
        return await self._delete("room_mutes", "person.unmuted", room_id, user_id, username, actor)

    async def note_kick(self, room_id: UUID, user_id: UUID, username: str, reason: str, actor: Actor) -> None:
        """Write a kick into the audit log."""
        async with self._database.transaction() as connection:
            await audit.write(
                connection,
                actor,
                "person.kicked",
                room_id=room_id,
                target=(user_id, username),
                details={"reason": reason} if reason else None,
            )

    async def _delete(self, table: str, action: str, room_id: UUID, user_id: UUID, username: str, actor: Actor) -> bool:
        async with self._database.transaction() as connection:
            deleted = await connection.fetchval(
                f"DELETE FROM {table} WHERE room_id = $1 AND user_id = $2 RETURNING true", room_id, user_id
            )
            if deleted:
                await audit.write(connection, actor, action, room_id=room_id, target=(user_id, username))
            return bool(deleted)
