"""The world of one room: who is where, and what one tick does to it.

State is structure-of-arrays, one row per avatar id. `step` is pure: the same world and the same commands give the same
world on every machine. It loops over the commands of a tick, never over the avatars.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim import reach
from sim.areas import Areas
from sim.bubbles import Bubbles
from sim.command_effects import NEVER, SITTING, CommandEffects
from sim.commands import Commands, Events, LockChange
from sim.compiled import WRONG_COURSE
from sim.crossings import NOWHERE, CrossingRing, Crossings
from sim.digest import digest_of
from sim.hearing import Hearing
from sim.kernel import GAIT_MASK, Kinematics
from sim.maps import RoomMap
from sim.motion import Motion
from sim.proximity import Proximity
from sim.raster import UNITS_PER_PX, Raster
from sim.world_config import WorldConfig as WorldConfig
from sim.zones import ZoneRaster

PROXIMITY_HZ: Final = 10
"""How often a second distances between people are measured: nobody walks far in a tenth of one."""


_WITHIN_MOVEMENT: Final = ("commands", "cells", "hearing")


def _unmarked(_stage: str) -> None:
    return


class World:
    """One room. The arrays have length capacity + 1 and are indexed by avatar id; row 0 is never used.

    alive bool; x, y int32, 1/256 px; course uint8; zone uint16, the topmost; ghost bool;
    cell int32 (-1 for rows that are not alive); `areas`: who is inside what and what is locked; `hearing`: who talks
        with whom;
    visible_to uint8, classes that see the avatar; seat uint16, 0 = none.
    changed_tick int64: newest tick at which the avatar did what the kernel could not foresee (course, away, join,
        placement, seat, visibility); previous_change: the tick of the change before that one.
    placed_tick int64: newest tick of a join, placement, seat or visibility change, after which only a whole row helps.
    entered_tick int64: tick at which it came into its present cell.
    """

    def __init__(self, config: WorldConfig, room_map: RoomMap, doors_open: dict[int, bool] | None = None) -> None:
        """`doors_open`: how the doors stood when the room was saved; those it does not name are as the map has them."""
        self.config = config
        self.room_map = room_map
        self.tick = 0
        self.world_revision = 0
        self.kinematics = Kinematics.for_rate(config.tick_rate, config.walk_px_s, config.run_px_s)
        self.raster = Raster(room_map.solid)
        self.cols = -(-room_map.width_px // config.cell_px)
        self.rows = -(-room_map.height_px // config.cell_px)
        self.cell_side = config.cell_px * UNITS_PER_PX
        self.interest_radius = -(-config.interest_radius_px // config.cell_px)
        self.doors_open = {door.id: door.open for door in room_map.doors}
        self.doors_open.update(
            {door: is_open for door, is_open in (doors_open or {}).items() if door in self.doors_open}
        )
        self.zones = ZoneRaster(room_map)
        self.areas = Areas(self.zones, config.capacity + 1, config.key_rank)
        self.hearing = Hearing(self.zones, room_map.seats, config.capacity + 1)
        self.bubbles = Bubbles(config.capacity + 1, config.bubble_px)
        for door in room_map.doors:
            self.raster.set_rect(door.rect, not self.doors_open[door.id])

        rows = config.capacity + 1
        self.alive = np.zeros(rows, np.bool_)
        self.x = np.zeros(rows, np.int32)
        self.y = np.zeros(rows, np.int32)
        self.course = np.zeros(rows, np.uint8)
        self.zone = np.zeros(rows, np.uint16)
        self.cell = np.full(rows, NOWHERE, np.int32)
        self.visible_to = np.zeros(rows, np.uint8)
        self.seat = np.zeros(rows, np.uint16)
        self.ghost = np.zeros(rows, np.bool_)
        self.changed_tick = np.full(rows, NEVER, np.int64)
        self.previous_change = np.full(rows, NEVER, np.int64)
        self.placed_tick = np.full(rows, NEVER, np.int64)
        self.entered_tick = np.full(rows, NEVER, np.int64)

        dwell = -(-config.proximity_dwell_ms * config.tick_rate // 1000)
        self.proximity = Proximity(
            config.proximity_join_px, config.proximity_leave_px, dwell, max(1, config.tick_rate // PROXIMITY_HZ)
        )
        self._motion = Motion(self, compiled=config.compiled)
        self._effects = CommandEffects(self, self._motion.passes)

    # -- one tick ------------------------------------------------------------------------------------------------

    def step(self, commands: Commands, mark: Callable[[str], None] | None = None) -> Events:
        """Apply the commands, move everyone, and say what happened. ValueError, before anything is done, for a join
        of an id in use or out of range, a leave of an id not in use, or a course that no client may send.

        `mark` is told each stage as it ends, for those who measure: the world itself reads no clock."""
        mark = mark or _unmarked
        shifted = not commands.only_courses
        if not shifted and not self.bubbles.anyone and self.is_compiled:
            events = self._stroll(commands.courses, mark)
            if events is not None:
                return events
        self._check(commands)
        self.tick += 1
        events = Events(
            tick=self.tick,
            joined=[join.avatar for join in commands.joins],
            left=list(commands.leaves),
        )
        departed = [(avatar, int(self.cell[avatar])) for avatar in commands.leaves]
        bubbles, ghosts = self.bubbles.of, self.ghost
        if shifted or self.bubbles.anyone:
            bubbles, ghosts = bubbles.copy(), ghosts.copy()
        self.areas.begin()
        if shifted:
            self._effects.apply(commands, events)
        shifted |= self._effects.turn(*commands.courses)
        mark("commands")
        self._motion.advance(events)
        mark("movement")
        self._settle(events, departed, (bubbles, ghosts), mark, shifted=shifted)
        return events

    def _stroll(
        self, courses: tuple[NDArray[np.uint16], NDArray[np.uint8]], mark: Callable[[str], None]
    ) -> Events | None:
        """A tick in which nothing is asked for but courses and nobody is in a bubble, compiled; None: nothing was done,
        it takes the long way. ValueError as `step`. What cannot be told apart here is marked as movement."""
        self.tick += 1
        events = Events(self.tick, [], [])
        self.areas.begin()
        try:
            strolled = self._motion.stroll(*courses, events)
        except ValueError:
            self.tick -= 1
            raise
        if strolled is None:
            self.tick -= 1
            return None
        mark("movement")
        if strolled:
            for stage in _WITHIN_MOVEMENT:
                mark(stage)
            self._meet(events, shifted=False)
            mark("proximity")
        else:
            self._settle(events, [], (self.bubbles.of, self.ghost), mark, shifted=False)
        return events

    def _settle(
        self,
        events: Events,
        departed: list[tuple[int, int]],
        before: tuple[NDArray[np.uint16], NDArray[np.bool_]],
        mark: Callable[[str], None],
        *,
        shifted: bool,
    ) -> None:
        """The second half of a tick, when everybody stands where they stand. `departed`: as `Motion.settle`. `before`:
        bubbles and ghosts as they were. `shifted`: somebody came, went, or may have changed the conversation."""
        events.locks += [LockChange(zone, False, 0) for zone in self.areas.unlock_empty()]
        self._motion.settle(departed, events)
        events.place_changes = self.areas.changes()
        mark("cells")
        shifted |= bool(events.place_changes[0].size)
        if shifted or self.bubbles.anyone:
            shifted |= self._talk(*before, events)
        mark("hearing")
        self._meet(events, shifted)
        mark("proximity")

    def _check(self, commands: Commands) -> None:
        if any(course & GAIT_MASK == SITTING for course in commands.courses[1].tolist()):
            raise ValueError(WRONG_COURSE)
        if not (commands.leaves or commands.joins):
            return
        leaving = set(commands.leaves)
        if len(leaving) < len(commands.leaves) or not all(self.is_alive(avatar) for avatar in leaving):
            raise ValueError(f"leaves {commands.leaves}: each must be an avatar in the room, named once")
        joining = {join.avatar for join in commands.joins}
        if len(joining) < len(commands.joins) or not all(
            1 <= avatar <= self.config.capacity and not self.alive[avatar] for avatar in joining
        ):
            raise ValueError(
                f"joins {sorted(joining)}: each must be a free id, 1 to {self.config.capacity}, named once"
            )

    def is_alive(self, avatar: int) -> bool:
        """Is it a valid id, in use?"""
        return 0 < avatar <= self.config.capacity and bool(self.alive[avatar])

    def reaches(self, avatar: int, rect: tuple[int, int, int, int]) -> bool:
        """Is the rectangle (x, y, w, h in px) within the avatar's reach?"""
        return self.reaches_within(avatar, rect, self.config.reach_px)

    def reaches_within(self, avatar: int, rect: tuple[int, int, int, int], px: int) -> bool:
        """Is the avatar at most so far from the rectangle (x, y, w, h in px)?"""
        return reach.within(int(self.x[avatar]), int(self.y[avatar]), rect, px)

    # -- bookkeeping -------------------------------------------------------------------------------------------------

    def mark_changed(self, rows: NDArray[np.intp]) -> None:
        """These avatars did what the kernel could not foresee."""
        rows = rows[self.changed_tick[rows] != self.tick]
        self.previous_change[rows] = self.changed_tick[rows]
        self.changed_tick[rows] = self.tick

    def _talk(self, bubbles: NDArray[np.uint16], ghosts: NDArray[np.bool_], events: Events) -> bool:
        """Who is in which conversation, now that everyone stands where they stand; whether anybody changed theirs."""
        place = self.areas.place
        self.bubbles.settle(self.x, self.y, self.hearing.grounds(place, self.ghost))
        events.bubble_changes = np.flatnonzero(self.bubbles.of != bubbles).astype(np.int32)
        events.ghost_changes = np.flatnonzero(self.ghost != ghosts).astype(np.int32)
        events.circle_changes, events.heard, events.unheard = self.hearing.settle(
            self.alive, place, self.seat, self.bubbles.of, self.ghost
        )
        return bool(events.circle_changes.size)

    def _meet(self, events: Events, shifted: bool) -> None:
        """`shifted`: somebody came, went, or may have changed the conversation."""
        proximity, hearing = self.proximity, self.hearing
        if not shifted and not proximity.measures_in(self.tick):
            return
        if not shifted and self._motion.passes is not None:
            measured = proximity.measure(self._motion.passes, self.tick)
            if measured is not None:
                events.proximity_joined, events.proximity_left = measured
                return
        ids = np.flatnonzero(self.alive)
        events.proximity_joined, events.proximity_left = proximity.update(
            self.tick, ids, self.x[ids], self.y[ids], ~hearing.deaf[ids], hearing.circle[ids]
        )

    # -- questions ---------------------------------------------------------------------------------------------------

    def cell_at(self, x: NDArray[np.int32], y: NDArray[np.int32]) -> NDArray[np.int32]:
        """int32[n]: the interest cell of each position (STANDARD.md section 4.3)."""
        cell: NDArray[np.int32] = y // self.cell_side * self.cols + x // self.cell_side
        return cell

    @property
    def is_compiled(self) -> bool:
        """Whether the compiled passes do the work."""
        return self._motion.passes is not None

    @property
    def newest_crossing(self) -> int:
        """The newest tick in which anybody left a cell."""
        return self._motion.crossings.newest

    @property
    def stirred_tick(self) -> int:
        """The newest tick in which anybody did what the kernel could not foresee, or came into another cell."""
        ticks = (self.changed_tick, self.placed_tick, self.entered_tick)
        return max(self.newest_crossing, *(int(column.max()) for column in ticks))

    @property
    def crossings(self) -> CrossingRing:
        """Who changed its cell in the last ticks."""
        return self._motion.crossings

    def crossings_since(self, baseline: int) -> Crossings:
        """The crossings of the ticks in (baseline, tick]. ValueError if the baseline is more than 64 ticks old."""
        return self._motion.crossings.since(baseline)

    def private_area(self, avatar: int) -> int:
        """The private area that the avatar stands in, 0 = open floor."""
        return int(self.zones.private[self.areas.place[avatar]])

    def circle_of(self, avatar: int) -> int:
        """The conversation that the avatar is in (`sim.hearing`), 0 = whoever is near on the open floor."""
        return int(self.hearing.circle[avatar])

    def checksum_terms(self, ids: NDArray[np.integer]) -> NDArray[np.uint32]:
        """uint32[n]: what each avatar adds to a checksum (STANDARD.md section 5.6)."""
        rows = ids.astype(np.intp)
        h = rows.astype(np.uint32) * np.uint32(0x9E3779B1)
        h += self.x[rows].astype(np.uint32) * np.uint32(0x85EBCA6B)
        h += self.y[rows].astype(np.uint32) * np.uint32(0xC2B2AE35)
        h += self.course[rows].astype(np.uint32) * np.uint32(0x27D4EB2F)
        return (h ^ (h >> np.uint32(15))) * np.uint32(0x2C1B3C6D)

    def state_hash(self) -> str:
        """A digest of everything that later steps and snapshots depend on; equal worlds have equal digests."""
        return digest_of(self)
