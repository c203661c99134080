"""What the parts of the server share. `server.app` makes one `Services` and hands it to whoever needs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from redis.asyncio import Redis

from server.auth.passwords import Passwords
from server.auth.tickets import Tickets
from server.auth.tokens import Tokens
from server.config import Settings
from server.store.database import Database
from server.store.positions import Positions
from server.store.rooms import Room, Rooms
from server.store.users import Users


class RoomDirectory(Protocol):
    """The rooms that run here, as the REST API sees them. A room that does not run is an empty room, not an error."""

    def head_count(self, room_id: UUID) -> int:
        """How many people are in the room."""
        ...

    def people(self, room_id: UUID) -> Sequence[tuple[UUID, str, bool]]:
        """(user id, name, is_guest) of everyone in the room."""
        ...

    async def leave(self, room_id: UUID, user_id: UUID) -> None:
        """Take the user out of the room, if inside."""
        ...

    async def close_room(self, room_id: UUID) -> None:
        """Send everyone out: the room was deleted."""
        ...

    async def change_room(self, room: Room) -> None:
        """The room's settings were changed."""
        ...

    async def change_user(self, user_id: UUID, name: str, look: bytes) -> None:
        """The user has another name or look; say so in every room they are in."""
        ...

    async def end_session(self, user_id: UUID, session_id: str) -> None:
        """The user logged out: close the connections that were opened with tickets of this log-in."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that handlers of requests and of connections use."""

    settings: Settings
    db: Database
    redis: Redis
    users: Users
    rooms_store: Rooms
    positions: Positions
    passwords: Passwords
    tokens: Tokens
    tickets: Tickets
    directory: RoomDirectory
