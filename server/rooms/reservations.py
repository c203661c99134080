"""Places that are kept for people who have a ticket and are on their way.

Whoever is inside or on the way counts. So of a hundred people who ask for ten places at once, ten get a ticket, and
each of the ten gets in.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from uuid import UUID

SLACK_S = 5.0
"""A ticket that is shown in its last second may be looked at for a moment more."""


class Reservations:
    """By room: who is on the way, and until when, s of `clock`."""

    def __init__(self, life_s: float, clock: Callable[[], float]) -> None:
        self._life_s = life_s + SLACK_S
        self._clock = clock
        self._until: dict[UUID, dict[UUID, float]] = {}

    def take(self, room_id: UUID, user_id: UUID, capacity: int, inside: int, is_inside: Container[UUID]) -> bool:
        """Keep a place for somebody; False: there is none left. `inside`: how many are in the room, and who."""
        now = self._clock()
        waiting = {
            user: until for user, until in self._until.get(room_id, {}).items() if until > now and user not in is_inside
        }
        if user_id not in is_inside:
            if user_id not in waiting and inside + len(waiting) >= capacity:
                self._until[room_id] = waiting
                return False
            waiting[user_id] = now + self._life_s
        self._until[room_id] = waiting
        return True

    def release(self, room_id: UUID, user_id: UUID) -> None:
        """The person has come, or will not."""
        waiting = self._until.get(room_id)
        if waiting is not None:
            waiting.pop(user_id, None)
            if not waiting:
                del self._until[room_id]

    def sweep(self) -> None:
        """Forget those who did not come."""
        now = self._clock()
        for room_id, waiting in list(self._until.items()):
            self._until[room_id] = {user: until for user, until in waiting.items() if until > now}
            if not self._until[room_id]:
                del self._until[room_id]
