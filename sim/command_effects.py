"""What the commands of a tick do to a world: a method for each kind. Few come in one tick, but for courses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim import reach
from sim.areas import Bar
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
from sim.compiled import Passes
from sim.crossings import NOWHERE
from sim.kernel import AWAY, DIRECTION_MASK, GAIT_MASK, GAIT_SHIFT, INTENT_MASK, MOVES, SIT
from sim.maps import Door, Seat
from sim.raster import UNITS_PER_PX
from sim.spawns import spawn_places

if TYPE_CHECKING:
    from sim.world import World

SITTING: Final = SIT << GAIT_SHIFT
_FACING_DIRECTION: Final = {"right": 0, "down": 4, "left": 8, "up": 12}
NEVER: Final = -1
"""A tick before the first."""


class CommandEffects:
    """Applies commands to one world, whose columns it writes."""

    def __init__(self, world: World, passes: Passes | None) -> None:
        """`passes`: the compiled ones, if they are taken."""
        self._world, self._passes = world, passes
        self._doors = {door.id: door for door in world.room_map.doors}
        self._seats = {seat.id: seat for seat in world.room_map.seats}
        self._spawns = spawn_places(world.room_map, world.kinematics)

    def apply(self, commands: Commands, events: Events) -> None:
        """Everything that was asked for but courses."""
        world = self._world
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
            known = world.is_alive(pass_.avatar) and world.is_alive(pass_.guest)
            if known and world.areas.let_in(pass_.avatar, pass_.zone, pass_.guest, pass_.until):
                events.admitted.append(Admitted(pass_.zone, pass_.guest, pass_.avatar))
        for avatar, ghost in commands.ghosts:
            world.ghost[avatar] = ghost and world.is_alive(avatar)
        for whisper in commands.bubbles:
            self._whisper(whisper, events)
        for avatar, away in commands.away:
            self._set_away(avatar, away)

    def turn(self, ids: NDArray[np.uint16], values: NDArray[np.uint8]) -> bool:
        """Take new courses; whether somebody rose from a seat. Standing still on a seat is sitting: only a walk or a
        run gets up.

        ids: uint16[n], values: uint8[n]; ids that are not in use are passed over."""
        world = self._world
        if not ids.size or (self._passes is not None and self._passes.turn(ids, values, world.tick)):
            return False
        known = ids <= world.config.capacity
        known[known] = world.alive[ids[known]]
        rows = ids[known].astype(np.intp)
        intent = values[known] & INTENT_MASK
        before = world.course[rows]
        seated = (before & GAIT_MASK) == SITTING
        rises = rows[seated & MOVES[intent]]
        if seated.any():
            stays = seated & ~MOVES[intent]
            rows, intent, before = rows[~stays], intent[~stays], before[~stays]
            world.seat[rises] = 0
            # A seat may be a part of solid furniture; whoever gets up from it stands beside it.
            for avatar in rises[~world.raster.box_is_free(world.x[rises], world.y[rises], world.kinematics)].tolist():
                self._put_near(avatar, int(world.x[avatar]), int(world.y[avatar]))
                self._let_in(avatar)
        world.course[rows] = intent | (before & AWAY)
        world.mark_changed(rows[world.course[rows] != before])
        return bool(rises.size)

    # -- one kind each -----------------------------------------------------------------------------------------------

    def _govern(self, commands: Commands, events: Events) -> None:
        """Take new ranks, rules of areas and radii; who is in an area that needs a higher rank is put outside."""
        world = self._world
        for avatar, rank in commands.ranks:
            if world.is_alive(avatar):
                world.areas.rank[avatar] = rank
        if commands.areas is not None:
            world.areas.set_least(commands.areas)
        if commands.capacities is not None:
            world.areas.set_capacities(commands.capacities)
        if commands.lockable is not None:
            events.locks += [LockChange(zone, False, 0) for zone in world.areas.set_lockable(commands.lockable)]
        if commands.radii is not None:
            world.proximity.change_radii(*commands.radii)
        if world.areas.closed and (commands.ranks or commands.areas is not None):
            for avatar in world.areas.without_rank(np.flatnonzero(world.alive)).tolist():
                self._stand_up(avatar)
                self._put_at_spawn(avatar)

    def _leave(self, avatar: int) -> None:
        world = self._world
        world.areas.forget(avatar)
        world.bubbles.leave(avatar)
        world.alive[avatar] = False
        world.cell[avatar] = NOWHERE
        for column in (
            world.x,
            world.y,
            world.course,
            world.zone,
            world.visible_to,
            world.seat,
            world.ghost,
        ):
            column[avatar] = 0

    def _join(self, join: Join) -> None:
        world = self._world
        avatar = join.avatar
        if join.x is None or join.y is None:
            x, y = self._spawns[(avatar - 1) % len(self._spawns)]
        else:
            x, y = join.x, join.y
        world.alive[avatar] = True
        world.course[avatar] = join.course & (DIRECTION_MASK | AWAY)
        world.visible_to[avatar] = join.visible_to
        world.previous_change[avatar] = world.changed_tick[avatar] = NEVER
        self._put_near(avatar, x, y)

    def _show(self, avatar: int, mask: int) -> None:
        world = self._world
        if world.is_alive(avatar) and world.visible_to[avatar] != mask:
            world.visible_to[avatar] = mask
            self._mark_placed(avatar)

    def _place(self, place: Place) -> None:
        world = self._world
        if not world.is_alive(place.avatar):
            return
        self._stand_up(place.avatar)
        self._put_near(place.avatar, place.x, place.y)
        self._let_in(place.avatar)

    def _sit(self, action: SitAction, events: Events) -> None:
        world = self._world
        avatar = action.avatar
        if not world.is_alive(avatar):
            return
        seat = self._seats.get(action.seat)
        if seat is None:
            events.refused.append(Refusal(avatar, action.ref, "unknown_target"))
        elif not world.reaches(avatar, (seat.x, seat.y, 0, 0)) or self._walled_off(avatar, seat):
            events.refused.append(Refusal(avatar, action.ref, "out_of_reach"))
        elif (world.seat == seat.id).any() and world.seat[avatar] != seat.id:
            events.refused.append(Refusal(avatar, action.ref, "occupied"))
        elif (bar := self._bar_of(avatar, seat)) is not None:
            events.refused.append(Refusal(avatar, action.ref, bar))
        elif world.seat[avatar] != seat.id:
            world.seat[avatar] = seat.id
            world.course[avatar] = (world.course[avatar] & AWAY) | SITTING | _FACING_DIRECTION[seat.facing]
            self._put(avatar, seat.x * UNITS_PER_PX, seat.y * UNITS_PER_PX)
            self._count(avatar)

    def _work_door(self, action: DoorAction, events: Events) -> None:
        world = self._world
        avatar = action.avatar
        if avatar and not world.is_alive(avatar):
            return
        door = self._doors.get(action.door)
        if door is None:
            events.refused.append(Refusal(avatar, action.ref, "unknown_target"))
        elif avatar and not world.reaches(avatar, door.rect):
            events.refused.append(Refusal(avatar, action.ref, "out_of_reach"))
        elif world.doors_open[door.id] and self._in_the_way(door):
            events.refused.append(Refusal(avatar, action.ref, "occupied"))
        else:
            is_open = not world.doors_open[door.id]
            world.doors_open[door.id] = is_open
            world.raster.set_rect(door.rect, not is_open)
            world.world_revision += 1
            events.doors.append(DoorChange(door.id, is_open, avatar))

    def _lock(self, action: LockAction, events: Events) -> None:
        world = self._world
        if not world.is_alive(action.avatar):
            return
        before = set(world.areas.locked_ids())
        refusal = world.areas.lock(action.avatar, action.zone, locked=action.locked)
        if refusal is not None:
            events.refused.append(Refusal(action.avatar, action.ref, refusal))
        elif (action.zone in before) != action.locked:
            events.locks.append(LockChange(action.zone, action.locked, action.avatar))

    def _whisper(self, action: BubbleAction, events: Events) -> None:
        world = self._world
        avatar, other = action.avatar, action.other
        if not world.is_alive(avatar):
            return
        refusal: RefusalCode | None = None
        if other == 0:
            world.bubbles.leave(avatar)
        elif not world.is_alive(other):
            refusal = "unknown_target"
        else:
            grounds = world.hearing.grounds(world.areas.place, world.ghost)
            refusal = world.bubbles.join(avatar, other, world.x, world.y, grounds)
        if refusal is not None:
            events.refused.append(Refusal(avatar, action.ref, refusal))

    def _set_away(self, avatar: int, away: bool) -> None:
        world = self._world
        if not world.is_alive(avatar):
            return
        before = int(world.course[avatar])
        stopped = before & ~GAIT_MASK if away and MOVES[before] else before
        after = stopped | AWAY if away else stopped & ~AWAY
        if after != before:
            world.course[avatar] = after
            world.mark_changed(np.array([avatar]))

    def _walled_off(self, avatar: int, seat: Seat) -> bool:
        world = self._world
        return reach.is_walled_off(
            world.room_map, world.doors_open, int(world.x[avatar]), int(world.y[avatar]), (seat.x, seat.y)
        )

    def _bar_of(self, avatar: int, seat: Seat) -> Bar | None:
        world = self._world
        x, y = (np.array([axis * UNITS_PER_PX], np.int32) for axis in (seat.x, seat.y))
        return world.areas.may_go(avatar, int(world.zones.at(x, y)[0]), world.tick)

    def _in_the_way(self, door: Door) -> bool:
        """Does anyone's feet box touch the door's rectangle?"""
        world = self._world
        return bool((world.alive & reach.touches(world.x, world.y, world.kinematics, door.rect)).any())

    # -- where somebody is put ----------------------------------------------------------------------------------------

    def _let_in(self, avatar: int) -> None:
        """Who was put somewhere is counted there, or put at a spawn if an area there does not let them in."""
        world = self._world
        if world.areas.may_go(avatar, self._place_of(avatar), world.tick) is None:
            self._count(avatar)
        else:
            self._put_at_spawn(avatar)

    def _put_at_spawn(self, avatar: int) -> None:
        """Put an avatar at the first spawn, of those after its own, that lets it in; at its own if none does."""
        world = self._world
        count = len(self._spawns)
        own = (avatar - 1) % count
        for x, y in [*self._spawns[own:], *self._spawns[:own], self._spawns[own]]:
            self._put_near(avatar, x, y)
            if world.areas.may_go(avatar, self._place_of(avatar), world.tick) is None:
                break
        self._count(avatar)

    def _put_near(self, avatar: int, x: int, y: int) -> None:
        """Put an avatar at the free place that is nearest."""
        self._put(avatar, *self._world.raster.nearest_free(x, y, self._world.kinematics))

    def _put(self, avatar: int, x: int, y: int) -> None:
        world = self._world
        world.x[avatar] = x
        world.y[avatar] = y
        self._mark_placed(avatar)

    def _mark_placed(self, avatar: int) -> None:
        world = self._world
        world.placed_tick[avatar] = world.tick
        world.mark_changed(np.array([avatar]))

    def _stand_up(self, avatar: int) -> None:
        world = self._world
        if world.seat[avatar]:
            world.seat[avatar] = 0
            world.course[avatar] &= ~np.uint8(GAIT_MASK)

    def _place_of(self, avatar: int) -> int:
        world = self._world
        return int(world.zones.at(world.x[avatar : avatar + 1], world.y[avatar : avatar + 1])[0])

    def _count(self, avatar: int) -> None:
        world = self._world
        world.areas.move(np.array([avatar]), np.array([self._place_of(avatar)], np.uint16))
