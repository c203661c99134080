"""Where people of one room stand, on the way to what is kept: only those who moved since the last time."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from server.rooms.saver import Saver
from server.rooms.session import Session
from server.store.positions import Position
from sim.world import World


class KeptPlaces:
    """Hands places to the saver. `sessions` is the room's own."""

    def __init__(self, world: World, sessions: Mapping[int, Session], saver: Saver) -> None:
        self._world, self._sessions, self._saver = world, sessions, saver
        self._saved_x = np.zeros(world.x.size, dtype=np.int32)
        self._saved_y = np.zeros(world.y.size, dtype=np.int32)

    def note_moved(self) -> None:
        """Note the places of everyone who moved since they were last noted."""
        world = self._world
        moved = world.alive & ((world.x != self._saved_x) | (world.y != self._saved_y))
        for avatar in np.flatnonzero(moved).tolist():
            session = self._sessions.get(avatar)
            if session is not None:
                self.note(session, active=True)

    def note(self, session: Session, *, active: bool) -> None:
        """Note one person's place. `active`: they stay in the room."""
        avatar, world = session.avatar, self._world
        if world.alive[avatar]:
            x, y = int(world.x[avatar]), int(world.y[avatar])
            self._saved_x[avatar], self._saved_y[avatar] = x, y
            self._saver.note(Position(session.claims.user_id, x, y, active))
