"""One-use tickets: the REST API gives one to a user who may enter a room, the first message of the connection shows it.

So no credential is ever in an address, and the connection need not know how people log in.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import cast
from uuid import UUID

import msgspec
from redis.asyncio import Redis

from server.auth.tokens import family_key
from server.store.users import User

TICKET_S = 30


class TicketClaims(msgspec.Struct, frozen=True):
    """Who may enter which room. `session_id` is the log-in that the ticket comes from: log-out ends its connections."""

    user_id: UUID
    room_id: UUID
    session_id: str
    name: str
    look: bytes
    is_guest: bool
    is_bot: bool


class Tickets:
    """Tickets in Redis, stored hashed. Methods raise redis-py's errors when Redis is away."""

    def __init__(self, redis: Redis, *, ticket_s: int = TICKET_S) -> None:
        self._redis = redis
        self.ticket_s = ticket_s
        self._decoder = msgspec.msgpack.Decoder(TicketClaims)

    async def issue(self, room_id: UUID, user: User, session_id: str, *, is_bot: bool = False) -> str:
        """A ticket for the user to enter the room, good once and for `ticket_s` seconds."""
        ticket = secrets.token_urlsafe(32)
        claims = TicketClaims(
            user_id=user.id,
            room_id=room_id,
            session_id=session_id,
            name=user.username,
            look=user.look,
            is_guest=user.is_guest,
            is_bot=is_bot,
        )
        await self._redis.set(_key(ticket), msgspec.msgpack.encode(claims), ex=self.ticket_s)
        return ticket

    async def redeem(self, ticket: str, room_id: UUID) -> TicketClaims | None:
        """What the ticket says; None if it is unknown, used, expired or for another room. It is used up either way.

        None too if the log-in that it comes from has ended since.
        """
        stored = await self._redis.getdel(_key(ticket))
        if stored is None:
            return None
        try:
            claims = self._decoder.decode(cast(bytes, stored))
        except msgspec.MsgspecError:  # written by another version, seconds before an upgrade
            return None
        if claims.room_id != room_id or not await self._redis.exists(family_key(claims.session_id)):
            return None
        return claims


def _key(ticket: str) -> str:
    return f"hallway:ticket:{hashlib.sha256(ticket.encode()).hexdigest()}"
