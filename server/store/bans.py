"""Who is kept out: of a room or of the whole server, as a person or by address."""

# ruff: noqa: S608 - the only text put into queries is the constants below

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self
from uuid import UUID

from server.store import audit
from server.store.audit import Actor
from server.store.database import Database

if TYPE_CHECKING:
    from server.store.database import Record

LIST_LIMIT = 1000
IPV6_PREFIX = 64
"""A household or an office has at least so much of the address space: single IPv6 addresses are for the taking."""

ACTIVE = "(b.expires_at IS NULL OR b.expires_at > now())"

_SELECT = (
    "SELECT b.id, b.room_id, b.user_id, u.username, u.is_guest, b.address::text, b.reason, a.username AS banned_by, "
    "b.created_at, b.expires_at FROM {source} b LEFT JOIN users u ON u.id = b.user_id "
    "LEFT JOIN users a ON a.id = b.banned_by "
)
_COLUMNS = (
    "id",
    "room_id",
    "user_id",
    "username",
    "is_guest",
    "address",
    "reason",
    "banned_by",
    "created_at",
    "expires_at",
)


@dataclass(frozen=True, slots=True)
class Ban:
    """`room_id` None: of the whole server. `address`: a network as text. `expires_at` None: for good."""

    id: UUID
    room_id: UUID | None
    user_id: UUID | None
    username: str | None
    is_guest: bool | None
    address: str | None
    reason: str
    banned_by: str | None
    created_at: datetime
    expires_at: datetime | None

    @classmethod
    def from_record(cls, record: Record) -> Self:
        return cls(**{name: record[name] for name in _COLUMNS})


def network_of(address: str) -> str:
    """What a ban by address covers: one IPv4 address, or the IPv6 network around it. ValueError: no IP address."""
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    prefix = IPV6_PREFIX if parsed.version == 6 else 32
    return str(ipaddress.ip_network((parsed, prefix), strict=False))


class Bans:
    """The table `bans`. Methods raise `StoreUnavailable` when PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        room_id: UUID | None,
        user_id: UUID | None,
        username: str,
        actor: Actor,
        *,
        network: str | None = None,
        expires_in: int | None = None,
        reason: str = "",
    ) -> Ban:
        """Keep somebody out. `network`: see `network_of`. `expires_in` in s, None: for good."""
        async with self._database.transaction() as connection:
            record = await connection.fetchrow(
                "WITH added AS (INSERT INTO bans (room_id, user_id, address, reason, banned_by, expires_at) "
                f"VALUES ($1, $2, $3, $4, $5, now() + $6::interval) RETURNING *) {_SELECT.format(source='added')}",
                room_id,
                user_id,
                network,
                reason,
                actor.id,
                None if expires_in is None else timedelta(seconds=expires_in),
            )
            assert record is not None  # noqa: S101  (INSERT ... RETURNING)
            details = {"reason": reason, "expires_in": expires_in, "by_address": network is not None}
            await audit.write(
                connection, actor, "person.banned", room_id=room_id, target=(user_id, username), details=details
            )
            return Ban.from_record(record)

    async def list(self, room_id: UUID | None) -> list[Ban]:
        """The bans of a room, or (None) of the server, that have not run out; newest first."""
        where, arguments = ("b.room_id IS NULL", ()) if room_id is None else ("b.room_id = $1", (room_id,))
        records = await self._database.fetch(
            f"{_SELECT.format(source='bans')} WHERE {where} AND {ACTIVE} ORDER BY b.created_at DESC LIMIT {LIST_LIMIT}",
            *arguments,
        )
        return [Ban.from_record(record) for record in records]

    async def lift(self, room_id: UUID | None, ban_id: UUID, actor: Actor) -> bool:
        """Let somebody in again; False: the room (None: the server) has no such ban."""
        async with self._database.transaction() as connection:
            record = await connection.fetchrow(
                "WITH lifted AS (DELETE FROM bans WHERE id = $1 AND room_id IS NOT DISTINCT FROM $2 RETURNING *) "
                f"{_SELECT.format(source='lifted')}",
                ban_id,
                room_id,
            )
            if record is None:
                return False
            target = (record["user_id"], record["username"] or "")
            await audit.write(connection, actor, "person.unbanned", room_id=room_id, target=target)
            return True

    async def get(self, ban_id: UUID) -> Ban | None:
        """A ban of the whole server that has not run out."""
        record = await self._database.fetchrow(
            f"{_SELECT.format(source='bans')} WHERE b.id = $1 AND b.room_id IS NULL AND {ACTIVE}", ban_id
        )
        return Ban.from_record(record) if record else None

    async def kept_out(self, origins: Collection[tuple[UUID, str | None]]) -> set[UUID]:
        """Which of these people, each coming from an address, are banned from the server."""
        records = await self._database.fetch(
            "SELECT DISTINCT o.user_id FROM unnest($1::uuid[], $2::inet[]) AS o(user_id, address) JOIN bans b "
            f"ON b.room_id IS NULL AND {ACTIVE} AND (b.user_id = o.user_id OR b.address >>= o.address)",
            [user_id for user_id, _ in origins],
            [address for _, address in origins],
        )
        return {record["user_id"] for record in records}

    async def of_server_for(self, user_id: UUID, address: str | None) -> Ban | None:
        """The server-wide ban that keeps the user, or whoever comes from the address, out; None: there is none."""
        record = await self._database.fetchrow(
            f"{_SELECT.format(source='bans')} WHERE b.room_id IS NULL AND (b.user_id = $1 OR b.address >>= $2) "
            f"AND {ACTIVE} ORDER BY b.expires_at DESC NULLS FIRST LIMIT 1",
            user_id,
            address,
        )
        return Ban.from_record(record) if record else None
