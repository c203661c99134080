"""What a process knows of the rooms and people of others; for a process that is alone there are none."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol
from uuid import UUID

import msgspec

from server.services import Visit


class Room(msgspec.Struct, frozen=True, array_like=True):
    """A room that runs at another process. `people`: how many are in it."""

    id: UUID
    name: str
    people: int
    is_public: bool


class Person(msgspec.Struct, frozen=True, array_like=True):
    """Somebody at another process: in a room, or (`room_id` None) with a window on `/ws/global` there.

    `flags`: as in the lobby's lists. `status`, `text`: how they are seen. `is_idle`: all their windows there are.
    """

    user_id: UUID
    name: str
    look: bytes
    flags: int
    status: int
    text: str
    is_findable: bool = True
    room_id: UUID | None = None
    is_guest: bool = False
    is_bot: bool = False
    address: str | None = None
    away_s: float | None = None
    is_idle: bool = False

    def visit(self) -> Visit:
        """For those who are in a room."""
        assert self.room_id is not None  # noqa: S101  (as said)
        return Visit(self.room_id, self.user_id, self.name, self.is_guest, self.is_bot, self.address, self.away_s)


class Elsewhere(Protocol):
    """`server.cluster.neighbours.Neighbours` where there are several processes."""

    def people(self) -> Collection[Person]:
        """Everybody at other processes, once each."""
        ...

    def rooms(self) -> Collection[Room]:
        """The rooms that run at other processes."""
        ...

    def room(self, room_id: UUID) -> Room | None:
        """A room that runs at another process."""
        ...

    def person(self, user_id: UUID) -> Person | None:
        """Somebody at another process."""
        ...

    def rooms_of(self, user_id: UUID) -> list[UUID]:
        """The rooms at other processes in which the person is."""
        ...

    def is_idle(self, user_id: UUID) -> bool | None:
        """Whether all the person's windows at other processes are idle; None: there are none."""
        ...

    def visits(self) -> list[Visit]:
        """Everybody in rooms of other processes."""
        ...

    def viewers(self) -> int:
        """How many people have windows at other processes."""
        ...

    def say(self, user_ids: Iterable[UUID], message: bytes, *, version: int = 0, call: UUID | None = None) -> None:
        """Hand a message to people's windows at other processes, if they have any."""
        ...


class Nowhere:
    """Implements `Elsewhere` for a process that is alone."""

    def people(self) -> Collection[Person]:
        return ()

    def rooms(self) -> Collection[Room]:
        return ()

    def room(self, room_id: UUID) -> Room | None:
        return None

    def person(self, user_id: UUID) -> Person | None:
        return None

    def rooms_of(self, user_id: UUID) -> list[UUID]:
        return []

    def is_idle(self, user_id: UUID) -> bool | None:
        return None

    def visits(self) -> list[Visit]:
        return []

    def viewers(self) -> int:
        return 0

    def say(self, user_ids: Iterable[UUID], message: bytes, *, version: int = 0, call: UUID | None = None) -> None:
        return None
