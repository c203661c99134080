"""Whoever shares their screen on a screen of the room is seen and heard by those around it (STANDARD.md 7.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from server.rooms.parts import Part, Showing
from sim.commands import Events
from sim.raster import UNITS_PER_PX

if TYPE_CHECKING:
    from server.rooms.room import Room

LOOK_S: Final = 0.25
"""How often it is looked who is around a screen."""


class Showings(Part):
    """Keeps `Session.sees` and `Session.seen_by` of one room."""

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self._looked = float("-inf")
        self._pairs: set[tuple[int, int]] = set()
        """Who presents to whom, by avatar."""

    def stepped(self, events: Events, now: float) -> None:
        now = self.room.now
        if now < self._looked + LOOK_S:
            return
        self._looked = now
        pairs: set[tuple[int, int]] = set()
        for part in self.room.parts:
            for showing in part.showings():
                presenter = self._presenter(showing)
                if presenter:
                    pairs |= {(presenter, other) for other in self._around(showing) if other != presenter}
        if pairs != self._pairs:
            before, self._pairs = self._pairs, pairs
            self._tell(before - pairs, pairs - before)

    def _presenter(self, showing: Showing) -> int:
        """Their avatar, if it is here and not in a silent zone; else 0."""
        world = self.room.world
        for avatar, session in self.room.sessions.items():
            if session.claims.user_id == showing.user_id:
                return avatar if world.is_alive(avatar) and not world.hearing.deaf[avatar] else 0
        return 0

    def _around(self, showing: Showing) -> list[int]:
        """Who sees it, by avatar."""
        world = self.room.world
        there = world.alive & ~world.hearing.deaf
        if showing.area:
            there &= world.zones.private[world.areas.place] == showing.area
        if showing.reach_px is not None:
            dx = world.x - int(showing.x * UNITS_PER_PX)
            dy = world.y - int(showing.y * UNITS_PER_PX)
            there &= np.hypot(dx, dy) <= showing.reach_px * UNITS_PER_PX
        found: list[int] = np.flatnonzero(there).tolist()
        return found

    def _tell(self, ended: set[tuple[int, int]], begun: set[tuple[int, int]]) -> None:
        sessions = self.room.sessions
        touched: set[int] = set()
        for pairs, begins in ((ended, False), (begun, True)):
            for presenter, other in pairs:
                touched |= {presenter, other}
                if other in sessions:
                    (sessions[other].sees.add if begins else sessions[other].sees.discard)(presenter)
                if presenter in sessions:
                    (sessions[presenter].seen_by.add if begins else sessions[presenter].seen_by.discard)(other)
        self.room.switchboard.review(touched, self.room.world.tick)
