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
from sim.areas import Areas, Bar
from sim.bubbles import Bubbles
from sim.commands import (
    Admitted,
    BubbleAction,
    Commands,
    DoorAction,
    DoorChange,
    Events,
    Join,
    LockAction,
    LockChange,
    Place,
    Refusal,
    RefusalCode,
    SitAction,
)
from sim.crossings import Crossings
from sim.digest import digest_of
from sim.hearing import Hearing
from sim.kernel import AWAY, DIRECTION_MASK, GAIT_MASK, GAIT_SHIFT, INTENT_MASK, MOVES, SIT, Kinematics
from sim.maps import Door, RoomMap, Seat
from sim.motion import Motion
from sim.proximity import Proximity
from sim.raster import UNITS_PER_PX, Raster
from sim.spawns import spawn_places
from sim.world_config import WorldConfig as WorldConfig
from sim.zones import ZoneRaster

_SITTING: Final = SIT << GAIT_SHIFT
_FACING_DIRECTION: Final = {"right": 0, "down": 4, "left": 8, "up": 12}
PROXIMITY_HZ: Final = 10
"""How often a second distances between people are measured: nobody walks far in a tenth of one."""
_NOWHERE: Final = -1
_NEVER: Final = -1


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
        self._doors = {door.id: door for door in room_map.doors}
        self._seats = {seat.id: seat for seat in room_map.seats}
        self.zones = ZoneRaster(room_map)
        self.areas = Areas(self.zones, config.capacity + 1, config.key_rank)
        self.hearing = Hearing(self.zones, room_map.seats, config.capacity + 1)
        self.bubbles = Bubbles(config.capacity + 1, config.bubble_px)
        self._spawns = spawn_places(room_map, self.kinematics)
        for door in room_map.doors:
            self.raster.set_rect(door.rect, not self.doors_open[door.id])

        rows = config.capacity + 1
        self.alive = np.zeros(rows, np.bool_)
        self.x = np.zeros(rows, np.int32)
        self.y = np.zeros(rows, np.int32)
        self.course = np.zeros(rows, np.uint8)
        self.zone = np.zeros(rows, np.uint16)
        self.cell = np.full(rows, _NOWHERE, np.int32)
        self.visible_to = np.zeros(rows, np.uint8)
        self.seat = np.zeros(rows, np.uint16)
        self.ghost = np.zeros(rows, np.bool_)
        self.changed_tick = np.full(rows, _NEVER, np.int64)
        self.previous_change = np.full(rows, _NEVER, np.int64)
        self.placed_tick = np.full(rows, _NEVER, np.int64)
        self.entered_tick = np.full(rows, _NEVER, np.int64)

        dwell = -(-config.proximity_dwell_ms * config.tick_rate // 1000)
        self.proximity = Proximity(
            config.proximity_join_px, config.proximity_leave_px, dwell, max(1, config.tick_rate // PROXIMITY_HZ)
        )
        self._motion = Motion(self, compiled=config.compiled)
        self._rose = False

    # -- one tick ------------------------------------------------------------------------------------------------

    def step(self, commands: Commands, mark: Callable[[str], None] | None = None) -> Events:
        """Apply the commands, move everyone, and say what happened. ValueError, before anything is done, for a join
        of an id in use or out of range, a leave of an id not in use, or a course that no client may send.

        `mark` is told each stage as it ends, for those who measure: the world itself reads no clock."""
        mark = mark or _unmarked
        self._check(commands)
        self.tick += 1
        events = Events(
            tick=self.tick,
            joined=[join.avatar for join in commands.joins],
            left=list(commands.leaves),
        )
        shifted = not commands.only_courses
        departed = [(avatar, int(self.cell[avatar])) for avatar in commands.leaves]
        bubbles, ghosts = self.bubbles.of, self.ghost
        if shifted or self.bubbles.anyone:
            bubbles, ghosts = bubbles.copy(), ghosts.copy()
        self.areas.begin()
        if shifted:
            self._obey(commands, events)
        self._rose = False
        self._turn(*commands.courses)
        mark("commands")
        self._motion.advance(events)
        mark("movement")
        events.locks += [LockChange(zone, False, 0) for zone in self.areas.unlock_empty()]
        self._motion.settle(departed, events)
        events.place_changes = self.areas.changes()
        mark("cells")
        shifted |= self._rose or bool(events.place_changes[0].size)
        if shifted or self.bubbles.anyone:
            shifted |= self._talk(bubbles, ghosts, events)
        mark("hearing")
        self._meet(events, shifted)
        mark("proximity")
        return events

    def _obey(self, commands: Commands, events: Events) -> None:
        """Everything that was asked for but courses."""
        for avatar in commands.leaves:
            self._leave(avatar)
        for join in commands.joins:
            self._join(join)
        self._govern(commands, events)
        for join in commands.joins:
            self._let_in(join.avatar)
        for avatar, mask in commands.visibility:
            self._show(avatar, mask)
        for placement in commands.placements:
            self._place(placement)
        for action in commands.seats:
            self._sit(action, events)
        for work in commands.doors:
            self._work_door(work, events)
        for lock in commands.locks:
            self._lock(lock, events)
        for pass_ in commands.admissions:
            known = self.is_alive(pass_.avatar) and self.is_alive(pass_.guest)
            if known and self.areas.let_in(pass_.avatar, pass_.zone, pass_.guest, pass_.until):
                events.admitted.append(Admitted(pass_.zone, pass_.guest, pass_.avatar))
        for avatar, ghost in commands.ghosts:
            self.ghost[avatar] = ghost and self.is_alive(avatar)
        for whisper in commands.bubbles:
            self._whisper(whisper, events)
        for avatar, away in commands.away:
            self._set_away(avatar, away)

    def _check(self, commands: Commands) -> None:
        if any(course & GAIT_MASK == _SITTING for course in commands.courses[1].tolist()):
            raise ValueError("courses have gait 0, 1 or 2; to sit takes a seat")
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

    # -- commands, few a tick --------------------------------------------------------------------------------------

    def _govern(self, commands: Commands, events: Events) -> None:
        """Take new ranks, rules of areas and radii; who is in an area that needs a higher rank is put outside."""
        for avatar, rank in commands.ranks:
            if self.is_alive(avatar):
                self.areas.rank[avatar] = rank
        if commands.areas is not None:
            self.areas.set_least(commands.areas)
        if commands.capacities is not None:
            self.areas.set_capacities(commands.capacities)
        if commands.lockable is not None:
            events.locks += [LockChange(zone, False, 0) for zone in self.areas.set_lockable(commands.lockable)]
        if commands.radii is not None:
            self.proximity.change_radii(*commands.radii)
        if self.areas.closed and (commands.ranks or commands.areas is not None):
            for avatar in self.areas.without_rank(np.flatnonzero(self.alive)).tolist():
                self._stand_up(avatar)
                self._put_at_spawn(avatar)

    def _leave(self, avatar: int) -> None:
        self.areas.forget(avatar)
        self.bubbles.leave(avatar)
        self.alive[avatar] = False
        self.cell[avatar] = _NOWHERE
        for column in (
            self.x,
            self.y,
            self.course,
            self.zone,
            self.visible_to,
            self.seat,
            self.ghost,
        ):
            column[avatar] = 0

    def _join(self, join: Join) -> None:
        avatar = join.avatar
        if join.x is None or join.y is None:
            x, y = self._spawns[(avatar - 1) % len(self._spawns)]
        else:
            x, y = join.x, join.y
        self.alive[avatar] = True
        self.course[avatar] = join.course & (DIRECTION_MASK | AWAY)
        self.visible_to[avatar] = join.visible_to
        self.previous_change[avatar] = self.changed_tick[avatar] = _NEVER
        self._put(avatar, *self.raster.nearest_free(x, y, self.kinematics))

    def _let_in(self, avatar: int) -> None:
        """Who was put somewhere is counted there, or put at a spawn if an area there does not let them in."""
        if self.areas.may_go(avatar, self._place_of(avatar), self.tick) is None:
            self._count(avatar)
        else:
            self._put_at_spawn(avatar)

    def _show(self, avatar: int, mask: int) -> None:
        if self.is_alive(avatar) and self.visible_to[avatar] != mask:
            self.visible_to[avatar] = mask
            self._mark_placed(avatar)

    def _place(self, place: Place) -> None:
        if not self.is_alive(place.avatar):
            return
        self._stand_up(place.avatar)
        self._put(place.avatar, *self.raster.nearest_free(place.x, place.y, self.kinematics))
        self._let_in(place.avatar)

    def _sit(self, action: SitAction, events: Events) -> None:
        avatar = action.avatar
        if not self.is_alive(avatar):
            return
        seat = self._seats.get(action.seat)
        if seat is None:
            events.refused.append(Refusal(avatar, action.ref, "unknown_target"))
        elif not self.reaches(avatar, (seat.x, seat.y, 0, 0)) or self._walled_off(avatar, seat):
            events.refused.append(Refusal(avatar, action.ref, "out_of_reach"))
        elif (self.seat == seat.id).any() and self.seat[avatar] != seat.id:
            events.refused.append(Refusal(avatar, action.ref, "occupied"))
        elif (bar := self._bar_of(avatar, seat)) is not None:
            events.refused.append(Refusal(avatar, action.ref, bar))
        elif self.seat[avatar] != seat.id:
            self.seat[avatar] = seat.id
            self.course[avatar] = (self.course[avatar] & AWAY) | _SITTING | _FACING_DIRECTION[seat.facing]
            self._put(avatar, seat.x * UNITS_PER_PX, seat.y * UNITS_PER_PX)
            self._count(avatar)

    def _work_door(self, action: DoorAction, events: Events) -> None:
        avatar = action.avatar
        if avatar and not self.is_alive(avatar):
            return
        door = self._doors.get(action.door)
        if door is None:
            events.refused.append(Refusal(avatar, action.ref, "unknown_target"))
        elif avatar and not self.reaches(avatar, door.rect):
            events.refused.append(Refusal(avatar, action.ref, "out_of_reach"))
        elif self.doors_open[door.id] and self._in_the_way(door):
            events.refused.append(Refusal(avatar, action.ref, "occupied"))
        else:
            is_open = not self.doors_open[door.id]
            self.doors_open[door.id] = is_open
            self.raster.set_rect(door.rect, not is_open)
            self.world_revision += 1
            events.doors.append(DoorChange(door.id, is_open, avatar))

    def _set_away(self, avatar: int, away: bool) -> None:
        if not self.is_alive(avatar):
            return
        before = int(self.course[avatar])
        stopped = before & ~GAIT_MASK if away and MOVES[before] else before
        after = stopped | AWAY if away else stopped & ~AWAY
        if after != before:
            self.course[avatar] = after
            self.mark_changed(np.array([avatar]))

    def reaches(self, avatar: int, rect: tuple[int, int, int, int]) -> bool:
        """Is the rectangle (x, y, w, h in px) within the avatar's reach?"""
        return self.reaches_within(avatar, rect, self.config.reach_px)

    def reaches_within(self, avatar: int, rect: tuple[int, int, int, int], px: int) -> bool:
        """Is the avatar at most so far from the rectangle (x, y, w, h in px)?"""
        return reach.within(int(self.x[avatar]), int(self.y[avatar]), rect, px)

    def _walled_off(self, avatar: int, seat: Seat) -> bool:
        return reach.is_walled_off(
            self.room_map, self.doors_open, int(self.x[avatar]), int(self.y[avatar]), (seat.x, seat.y)
        )

    def _bar_of(self, avatar: int, seat: Seat) -> Bar | None:
        x, y = (np.array([axis * UNITS_PER_PX], np.int32) for axis in (seat.x, seat.y))
        return self.areas.may_go(avatar, int(self.zones.at(x, y)[0]), self.tick)

    def _lock(self, action: LockAction, events: Events) -> None:
        if not self.is_alive(action.avatar):
            return
        before = set(self.areas.locked_ids())
        refusal = self.areas.lock(action.avatar, action.zone, locked=action.locked)
        if refusal is not None:
            events.refused.append(Refusal(action.avatar, action.ref, refusal))
        elif (action.zone in before) != action.locked:
            events.locks.append(LockChange(action.zone, action.locked, action.avatar))

    def _whisper(self, action: BubbleAction, events: Events) -> None:
        avatar, other = action.avatar, action.other
        if not self.is_alive(avatar):
            return
        refusal: RefusalCode | None = None
        if other == 0:
            self.bubbles.leave(avatar)
        elif not self.is_alive(other):
            refusal = "unknown_target"
        else:
            grounds = self.hearing.grounds(self.areas.place, self.ghost)
            refusal = self.bubbles.join(avatar, other, self.x, self.y, grounds)
        if refusal is not None:
            events.refused.append(Refusal(avatar, action.ref, refusal))

    # -- where somebody is put ----------------------------------------------------------------------------------------

    def _place_of(self, avatar: int) -> int:
        return int(self.zones.at(self.x[avatar : avatar + 1], self.y[avatar : avatar + 1])[0])

    def _count(self, avatar: int) -> None:
        self.areas.move(np.array([avatar]), np.array([self._place_of(avatar)], np.uint16))

    def _put_at_spawn(self, avatar: int) -> None:
        """Put an avatar at the first spawn, of those after its own, that lets it in; at its own if none does."""
        count = len(self._spawns)
        own = (avatar - 1) % count
        for x, y in [*self._spawns[own:], *self._spawns[:own], self._spawns[own]]:
            self._put(avatar, *self.raster.nearest_free(x, y, self.kinematics))
            if self.areas.may_go(avatar, self._place_of(avatar), self.tick) is None:
                break
        self._count(avatar)

    def _in_the_way(self, door: Door) -> bool:
        """Does anyone's feet box touch the door's rectangle?"""
        return bool((self.alive & reach.touches(self.x, self.y, self.kinematics, door.rect)).any())

    def _turn(self, ids: NDArray[np.uint16], values: NDArray[np.uint8]) -> None:
        """Take new courses. Standing still on a seat is sitting: only a walk or a run gets up."""
        passes = self._motion.passes
        if not ids.size or (passes is not None and passes.turn(ids, values, self.tick)):
            return
        known = ids <= self.config.capacity
        known[known] = self.alive[ids[known]]
        rows = ids[known].astype(np.intp)
        intent = values[known] & INTENT_MASK
        before = self.course[rows]
        seated = (before & GAIT_MASK) == _SITTING
        if seated.any():
            stays = seated & ~MOVES[intent]
            rises = rows[seated & ~stays]
            rows, intent, before = rows[~stays], intent[~stays], before[~stays]
            self.seat[rises] = 0
            self._rose = True
            # A seat may be a part of solid furniture; whoever gets up from it stands beside it.
            for avatar in rises[~self.raster.box_is_free(self.x[rises], self.y[rises], self.kinematics)].tolist():
                self._put(avatar, *self.raster.nearest_free(int(self.x[avatar]), int(self.y[avatar]), self.kinematics))
                self._let_in(avatar)
        self.course[rows] = intent | (before & AWAY)
        self.mark_changed(rows[self.course[rows] != before])

    def _stand_up(self, avatar: int) -> None:
        if self.seat[avatar]:
            self.seat[avatar] = 0
            self.course[avatar] &= ~np.uint8(GAIT_MASK)

    # -- bookkeeping -------------------------------------------------------------------------------------------------

    def _put(self, avatar: int, x: int, y: int) -> None:
        self.x[avatar] = x
        self.y[avatar] = y
        self._mark_placed(avatar)

    def _mark_placed(self, avatar: int) -> None:
        self.placed_tick[avatar] = self.tick
        self.mark_changed(np.array([avatar]))

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
