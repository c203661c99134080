"""How everybody who is around wants to be seen: what they chose, and whether they are idle."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from server.store.presence import STATUSES, Presence

AWAY = STATUSES.index("away")


class PresenceBook:
    """One entry for each person of whom anything is known; the others are available and can be found."""

    def __init__(self) -> None:
        self._chosen: dict[UUID, Presence] = {}
        self._idle: set[UUID] = set()

    def choose(self, user_id: UUID, presence: Presence) -> None:
        """This is what the person chose."""
        self._chosen[user_id] = presence

    def set_idle(self, user_id: UUID, idle: bool) -> None:
        """Whether the person is idle in all their windows."""
        if idle:
            self._idle.add(user_id)
        else:
            self._idle.discard(user_id)

    def chosen(self, user_id: UUID) -> Presence:
        """What the person chose."""
        return self._chosen.get(user_id, Presence())

    def shown(self, user_id: UUID) -> tuple[int, str]:
        """Status (its number on the wire) and text as others see them: idle hides available, and nothing else."""
        chosen = self.chosen(user_id)
        if chosen.status == "available" and user_id in self._idle:
            return AWAY, chosen.text
        return STATUSES.index(chosen.status), chosen.text

    def keep_only(self, user_ids: Collection[UUID]) -> None:
        """Forget everybody else: they are not around any more."""
        for user_id in self._chosen.keys() - set(user_ids):
            del self._chosen[user_id]
        self._idle.intersection_update(user_ids)
