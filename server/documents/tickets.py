"""One-use tickets to documents: REST gives one to whoever may open it, the first message of the connection shows it."""

from __future__ import annotations

import hashlib
import secrets
from typing import cast
from uuid import UUID

import msgspec
from redis.asyncio import Redis

from server.auth.tickets import TICKET_S
from server.auth.tokens import family_key


class DocumentClaims(msgspec.Struct, frozen=True):
    """Who may open what. `from_room`: from within the object's reach, hence for as long as they are in the room."""

    user_id: UUID
    room_id: UUID
    object_id: UUID
    session_id: str
    name: str
    from_room: bool


class DocumentTickets:
    """Tickets in Redis, stored hashed. Methods raise redis-py's errors when Redis is away."""

    def __init__(self, redis: Redis, *, ticket_s: int = TICKET_S) -> None:
        self._redis = redis
        self.ticket_s = ticket_s
        self._decoder = msgspec.msgpack.Decoder(DocumentClaims)

    async def issue(self, claims: DocumentClaims) -> str:
        """A ticket, good once and for `ticket_s` seconds."""
        ticket = secrets.token_urlsafe(32)
        await self._redis.set(_key(ticket), msgspec.msgpack.encode(claims), ex=self.ticket_s)
        return ticket

    async def redeem(self, ticket: str, object_id: UUID) -> DocumentClaims | None:
        """What the ticket says; None if it is unknown, used, expired, for another document, or of a log-in that has
        ended. It is used up either way."""
        stored = await self._redis.getdel(_key(ticket))
        if stored is None:
            return None
        try:
            claims = self._decoder.decode(cast(bytes, stored))
        except msgspec.MsgspecError:  # written by another version, seconds before an upgrade
            return None
        if claims.object_id != object_id or not await self._redis.exists(family_key(claims.session_id)):
            return None
        return claims


def _key(ticket: str) -> str:
    return f"hallway:document-ticket:{hashlib.sha256(ticket.encode()).hexdigest()}"
