"""Where a room is: here, at another process, or nowhere yet."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import structlog
from redis.exceptions import RedisError

from server.cluster.errors import OwnedElsewhere
from server.cluster.keeper import LeaseKeeper
from server.cluster.placement import Placement
from server.cluster.registry import Process, Registry

log = structlog.get_logger()


class Guide:
    """Asks the leases, and chooses a process for a room that has none."""

    def __init__(
        self, keeper: LeaseKeeper, registry: Registry, told: Callable[[UUID], str | None] = lambda _room_id: None
    ) -> None:
        """`told(room_id)`: the process that said last that it runs the room."""
        self.registry = registry
        self._keeper, self._placement, self._told = keeper, Placement(), told
        self._placed: dict[UUID, Process] = {}

    @property
    def me(self) -> Process:
        """This process."""
        return self.registry.me

    async def find(self, room_id: UUID) -> Process | None:
        """The process that owns the room; None: nobody does.

        Raises `OwnedElsewhere` if it is one of which nothing is heard, and redis-py's errors if Redis is away and
        nobody said before that they run the room.
        """
        if self._keeper.holds(room_id):
            return self.me
        try:
            owner = await self._keeper.ownership.owner_of(room_id)
        except (RedisError, OSError):
            # No room changes hands meanwhile: who had it has it, or nobody.
            owner = self._told(room_id)
            if owner is None or owner not in self.registry.known:
                raise
        if owner is None:
            return None
        process = await self.registry.get(owner)
        if process is None:
            raise OwnedElsewhere(owner)
        return process

    def last(self, room_id: UUID) -> Process | None:
        """The other process that said last that it runs the room, if it is there."""
        owner = self._told(room_id)
        return self.registry.known.get(owner) if owner is not None else None

    def place(self, room_id: UUID, *, but_me: bool = False, but_machine: str | None = None) -> Process | None:
        """The process for a room that nobody owns, for all who ask at once the same; None: there is nobody who takes
        it. `but_machine`: no process of this one, for it stops as a whole."""
        before = self._placed.get(room_id)
        if before is not None and not but_me:
            return before
        known = self.registry.known.values()
        candidates = [process for process in known if process.machine != but_machine]
        chosen = self._placement.place(candidates, {self.me.id} if but_me else ())
        log.debug("a room was placed", at=chosen and chosen.id, loads={each.id: each.load for each in candidates})
        if chosen is not None:
            self._placed[room_id] = chosen
        return chosen

    def heard(self) -> None:
        """The registry was read anew."""
        self._placed.clear()
        self._placement.heard()
