"""What is changed about rooms and people while somebody is being looked up: whoever it concerns is looked up again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID


@dataclass(eq=False, slots=True)
class Lookup:
    """What is being found out, or was and is not used yet. `room_id`: None: about every room. `user_id`: None: about no
    person, only the room."""

    room_id: UUID | None
    user_id: UUID | None
    stale: bool = False
    """Whether something was changed since that may make what was found untrue."""


class Changes:
    """The lookups that are under way in this process."""

    def __init__(self) -> None:
        self._lookups: set[Lookup] = set()

    @contextmanager
    def during(self, room_id: UUID | None, user_id: UUID | None) -> Iterator[Lookup]:
        """Keep an eye on what is being found out."""
        lookup = Lookup(room_id, user_id)
        self._lookups.add(lookup)
        try:
            yield lookup
        finally:
            self._lookups.remove(lookup)

    def of_room(self, room_id: UUID) -> None:
        """Something about the room has changed, and with it for everybody who comes."""
        for lookup in self._lookups:
            if lookup.room_id in (None, room_id):
                lookup.stale = True

    def of_person(self, user_id: UUID, room_id: UUID | None = None) -> None:
        """Something about a person has changed. `room_id`: in this room only."""
        for lookup in self._lookups:
            if lookup.user_id == user_id and (room_id is None or lookup.room_id in (None, room_id)):
                lookup.stale = True
