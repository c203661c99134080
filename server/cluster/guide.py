"""Where a room is: here, at another process, or nowhere yet."""

from __future__ import annotations

from uuid import UUID

from server.cluster.errors import OwnedElsewhere
from server.cluster.keeper import LeaseKeeper
from server.cluster.placement import Placement
from server.cluster.registry import Process, Registry


class Guide:
    """Asks the leases, and chooses a process for a room that has none."""

    def __init__(self, keeper: LeaseKeeper, registry: Registry) -> None:
        self.registry = registry
        self._keeper, self._placement = keeper, Placement()

    @property
    def me(self) -> Process:
        """This process."""
        return self.registry.me

    async def find(self, room_id: UUID) -> Process | None:
        """The process that owns the room; None: nobody does.

        Raises `OwnedElsewhere` if it is one of which nothing is heard, and redis-py's errors.
        """
        if self._keeper.holds(room_id):
            return self.me
        owner = await self._keeper.ownership.owner_of(room_id)
        if owner is None:
            return None
        process = await self.registry.get(owner)
        if process is None:
            raise OwnedElsewhere(owner)
        return process

    def place(self, *, but_me: bool = False, but_machine: str | None = None) -> Process | None:
        """The process for a room that nobody owns; None: there is nobody who takes it. `but_machine`: no process of
        this one, for it stops as a whole."""
        known = self.registry.known.values()
        candidates = [process for process in known if process.machine != but_machine]
        return self._placement.place(candidates, {self.me.id} if but_me else ())

    def heard(self) -> None:
        """The registry was read anew."""
        self._placement.heard()
