"""The world of one room: who is where, and what one tick does to it.

State is structure-of-arrays, one row per avatar id. `step` is pure: the same world and the same commands give the same
world on every machine. It loops over the commands of a tick, never over the avatars.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.areas import Areas
from sim.commands import Commands, DoorAction, DoorChange, Events, Join, Place, Refusal, SitAction
from sim.crossings import CROSSED, LEFT, PLACED, CrossingRing, Crossings
from sim.ids import MAX_ID
from sim.kernel import AWAY, DIRECTION_MASK, GAIT_MASK, GAIT_SHIFT, INTENT_MASK, MOVES, SIT, Kinematics, advance_rows
from sim.maps import Door, RoomMap, Seat
from sim.proximity import Proximity
from sim.raster import CELL_PX, UNITS_PER_PX, Raster
from sim.spawns import spawn_places
from sim.zones import ZoneRaster

_SITTING: Final = SIT << GAIT_SHIFT
_FACING_DIRECTION: Final = {"right": 0, "down": 4, "left": 8, "up": 12}
_NOWHERE: Final = -1
_NEVER: Final = -1


@dataclass(frozen=True)
class WorldConfig:
    """What an operator may choose about a world. ValueError for values that make no sense."""

    tick_rate: int = 30
    """Ticks a second, 10 to 60."""
    capacity: int = 50
    """Avatars at the same time, those whose connection is lost included; the highest avatar id."""
    cell_px: int = 256
    """Side of an interest cell."""
    interest_radius_px: int = 512
    """How far a client sees beyond its own cell; rounded up to whole cells."""
    proximity_join_px: int = 144
    proximity_leave_px: int = 192
    proximity_dwell_ms: int = 200
    """How long a pair must be near (far) before it is linked (let go)."""
    walk_px_s: int = 128
    run_px_s: int = 224
    reach_px: int = 64
    """How far away a door or a seat may be to be used."""

    def __post_init__(self) -> None:
        for name, low, high in (
            ("tick_rate", 10, 60),
            ("capacity", 1, MAX_ID),
            ("cell_px", 32, 4096),
            ("interest_radius_px", 0, 65_535),
            ("proximity_dwell_ms", 0, 60_000),
            ("walk_px_s", 1, 2000),
            ("run_px_s", 1, 2000),
            ("reach_px", 0, 65_535),
        ):
            if not low <= getattr(self, name) <= high:
                raise ValueError(f"{name} must be {low} to {high}, not {getattr(self, name)}")


class World:
    """One room. The arrays have length capacity + 1 and are indexed by avatar id; row 0 is never used.

    alive bool; x, y int32, 1/256 px; course uint8; zone uint16; cell int32 (-1 for rows that are not alive);
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
        self.interest_radius = -(-config.interest_radius_px // config.cell_px)
        self.doors_open = {door.id: door.open for door in room_map.doors}
        self.doors_open.update(
            {door: is_open for door, is_open in (doors_open or {}).items() if door in self.doors_open}
        )
        self._doors = {door.id: door for door in room_map.doors}
        self._seats = {seat.id: seat for seat in room_map.seats}
        self._zones = ZoneRaster(room_map)
        self._areas = Areas(self._zones, config.capacity + 1)
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
        self.changed_tick = np.full(rows, _NEVER, np.int64)
        self.previous_change = np.full(rows, _NEVER, np.int64)
        self.placed_tick = np.full(rows, _NEVER, np.int64)
        self.entered_tick = np.full(rows, _NEVER, np.int64)

        dwell = -(-config.proximity_dwell_ms * config.tick_rate // 1000)
        self.proximity = Proximity(config.proximity_join_px, config.proximity_leave_px, dwell)
        self._crossings = CrossingRing()

    # -- one tick ------------------------------------------------------------------------------------------------

    def step(self, commands: Commands) -> Events:
        """Apply the commands, move everyone, and say what happened. ValueError, before anything is done, for a join
        of an id in use or out of range, a leave of an id not in use, or a course that no client may send."""
        self._check(commands)
        self.tick += 1
        events = Events(
            tick=self.tick,
            joined=[join.avatar for join in commands.joins],
            left=list(commands.leaves),
            proximity_joined=_NO_PAIRS,
            proximity_left=_NO_PAIRS,
            doors=[],
            refused=[],
            zone_changes=_NO_ZONE_CHANGES,
        )
        departed = [(avatar, int(self.cell[avatar])) for avatar in commands.leaves]
        for avatar in commands.leaves:
            self._leave(avatar)
        for join in commands.joins:
            self._join(join)
        self._govern(commands)
        for avatar, mask in commands.visibility:
            self._show(avatar, mask)
        for placement in commands.placements:
            self._place(placement)
        for action in commands.seats:
            self._sit(action, events)
        for work in commands.doors:
            self._work_door(work, events)
        for avatar, away in commands.away:
            self._set_away(avatar, away)
        self._turn(*commands.courses)

        movers = np.flatnonzero(MOVES[self.course])
        start = (self.x[movers], self.y[movers]) if self._areas.closed else None
        advance_rows(self.raster, self.kinematics, self.x, self.y, self.course, movers)
        if start is not None:
            self._hold_back(movers, *start)
        self._settle(movers, departed, events)
        self._meet(events)
        return events

    def _check(self, commands: Commands) -> None:
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
        values = commands.courses[1]
        if values.size and ((values & GAIT_MASK) == _SITTING).any():
            raise ValueError("courses have gait 0, 1 or 2; to sit takes a seat")

    def is_alive(self, avatar: int) -> bool:
        """Is it a valid id, in use?"""
        return 0 < avatar <= self.config.capacity and bool(self.alive[avatar])

    # -- commands, few a tick --------------------------------------------------------------------------------------

    def _govern(self, commands: Commands) -> None:
        """Take new ranks, closed areas and radii; who is in an area that is closed to them now is put outside."""
        for avatar, rank in commands.ranks:
            if self.is_alive(avatar):
                self._areas.rank[avatar] = rank
        if commands.areas is not None:
            self._areas.set_least(commands.areas)
        if commands.radii is not None:
            self.proximity.change_radii(*commands.radii)
        if self._areas.closed and (commands.ranks or commands.areas is not None):
            self._put_outside(np.flatnonzero(self.alive))

    def _leave(self, avatar: int) -> None:
        self.alive[avatar] = False
        self.cell[avatar] = _NOWHERE
        for column in (
            self.x,
            self.y,
            self.course,
            self.zone,
            self.visible_to,
            self.seat,
            self._areas.rank,
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

    def _show(self, avatar: int, mask: int) -> None:
        if self.is_alive(avatar) and self.visible_to[avatar] != mask:
            self.visible_to[avatar] = mask
            self._mark_placed(avatar)

    def _place(self, place: Place) -> None:
        if self.is_alive(place.avatar):
            self._stand_up(place.avatar)
            self._put(place.avatar, *self.raster.nearest_free(place.x, place.y, self.kinematics))

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
        elif self._areas.closed and self._is_closed_to(avatar, seat):
            events.refused.append(Refusal(avatar, action.ref, "not_allowed"))
        elif self.seat[avatar] != seat.id:
            self.seat[avatar] = seat.id
            self.course[avatar] = (self.course[avatar] & AWAY) | _SITTING | _FACING_DIRECTION[seat.facing]
            self._put(avatar, seat.x * UNITS_PER_PX, seat.y * UNITS_PER_PX)

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
            self._mark_changed(np.array([avatar]))

    def reaches(self, avatar: int, rect: tuple[int, int, int, int]) -> bool:
        """Is the rectangle (x, y, w, h in px) within the avatar's reach?"""
        left, top, w, h = (side * UNITS_PER_PX for side in rect)
        x, y = int(self.x[avatar]), int(self.y[avatar])
        dx = x - min(max(x, left), left + w)
        dy = y - min(max(y, top), top + h)
        return dx * dx + dy * dy <= (self.config.reach_px * UNITS_PER_PX) ** 2

    def _walled_off(self, avatar: int, seat: Seat) -> bool:
        """Is a wall or a shut door between the avatar and the seat? To sit down is to be placed there, and nobody is
        placed into a room that they could not walk into."""
        x, y = self.x[avatar] / UNITS_PER_PX, self.y[avatar] / UNITS_PER_PX
        # Steps of half a cell: the reach is short, and a wall is a tile thick.
        steps = np.linspace(0, 1, 2 + int(max(abs(seat.x - x), abs(seat.y - y))) // (CELL_PX // 2))
        px, py = x + (seat.x - x) * steps, y + (seat.y - y) * steps
        cols, rows = (px // CELL_PX).astype(np.intp), (py // CELL_PX).astype(np.intp)
        if self.room_map.walls[rows, cols].any():
            return True
        for door in self.room_map.doors:
            left, top, w, h = door.rect
            inside = (px >= left) & (px < left + w) & (py >= top) & (py < top + h)
            if not self.doors_open[door.id] and inside.any():
                return True
        return False

    def _is_closed_to(self, avatar: int, seat: Seat) -> bool:
        at = (np.array([axis * UNITS_PER_PX], np.int32) for axis in (seat.x, seat.y))
        return bool(self._areas.barred(np.array([avatar]), *at)[0][0])

    def _hold_back(self, movers: NDArray[np.intp], start_x: NDArray[np.int32], start_y: NDArray[np.int32]) -> None:
        """Stop at the border those who would enter an area that is closed to them (STANDARD.md section 4.4)."""
        barred, zone = self._areas.barred(movers, self.x[movers], self.y[movers])
        stopped = barred & (zone != self.zone[movers])
        if stopped.any():
            rows = movers[stopped]
            self.x[rows], self.y[rows] = start_x[stopped], start_y[stopped]
            self.course[rows] &= ~np.uint8(GAIT_MASK)
            self.placed_tick[rows] = self.tick
            self._mark_changed(rows)
        placed = np.flatnonzero(self.alive & (self.placed_tick == self.tick))
        if placed.size:
            self._put_outside(placed)

    def _put_outside(self, rows: NDArray[np.intp]) -> None:
        barred, _ = self._areas.barred(rows, self.x[rows], self.y[rows])
        for avatar in rows[barred].tolist():
            self._stand_up(avatar)
            x, y = self._spawns[(avatar - 1) % len(self._spawns)]
            self._put(avatar, *self.raster.nearest_free(x, y, self.kinematics))

    def _in_the_way(self, door: Door) -> bool:
        """Does anyone's feet box touch the door's rectangle?"""
        left, top, w, h = (side * UNITS_PER_PX for side in door.rect)
        half_w, half_h = self.kinematics.half_w, self.kinematics.half_h
        beside = (self.x + half_w <= left) | (self.x - half_w >= left + w)
        above = (self.y + half_h <= top) | (self.y - half_h >= top + h)
        return bool((self.alive & ~beside & ~above).any())

    def _turn(self, ids: NDArray[np.uint16], values: NDArray[np.uint8]) -> None:
        """Take new courses. Standing still on a seat is sitting: only a walk or a run gets up."""
        if not ids.size:
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
            # A seat may be a part of solid furniture; whoever gets up from it stands beside it.
            for avatar in rises[~self.raster.box_is_free(self.x[rises], self.y[rises], self.kinematics)].tolist():
                self._put(avatar, *self.raster.nearest_free(int(self.x[avatar]), int(self.y[avatar]), self.kinematics))
        self.course[rows] = intent | (before & AWAY)
        self._mark_changed(rows[self.course[rows] != before])

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
        self._mark_changed(np.array([avatar]))

    def _mark_changed(self, rows: NDArray[np.intp]) -> None:
        rows = rows[self.changed_tick[rows] != self.tick]
        self.previous_change[rows] = self.changed_tick[rows]
        self.changed_tick[rows] = self.tick

    def _settle(self, movers: NDArray[np.intp], departed: list[tuple[int, int]], events: Events) -> None:
        """Cells and zones of everyone who moved or was placed, and the crossings of this tick."""
        placed = np.flatnonzero(self.alive & (self.placed_tick == self.tick))
        rows = np.union1d(movers, placed) if placed.size else movers
        x, y = self.x[rows], self.y[rows]
        cell = self.cell_at(x, y)
        moved = cell != self.cell[rows]
        crossed = rows[moved]
        from_cell = self.cell[crossed]
        self.entered_tick[crossed] = self.tick
        # Someone placed is told of once, as placed; nobody knows a newcomer, so nobody has to forget it.
        walked = self.placed_tick[crossed] != self.tick
        known = placed[self.cell[placed] != _NOWHERE]
        left_ids = np.array([avatar for avatar, _ in departed], np.int64)
        left_cells = np.array([from_ for _, from_ in departed], np.int32)
        ids = np.concatenate([left_ids, known, crossed[walked]])
        cells = np.concatenate([left_cells, self.cell[known], from_cell[walked]])
        kinds = np.repeat(np.array([LEFT, PLACED, CROSSED], np.uint8), [left_ids.size, known.size, walked.sum()])
        self._crossings.add(self.tick, ids, cells, kinds)
        self.cell[crossed] = cell[moved]

        zone = self._zones.at(x, y)
        other = zone != self.zone[rows]
        if other.any():
            changed = rows[other]
            events.zone_changes = (
                changed.astype(np.int32),
                self.zone[changed].astype(np.int32),
                zone[other].astype(np.int32),
            )
            self.zone[changed] = zone[other]

    def _meet(self, events: Events) -> None:
        ids = np.flatnonzero(self.alive)
        zone = self.zone[ids]
        events.proximity_joined, events.proximity_left = self.proximity.update(
            self.tick, ids, self.x[ids], self.y[ids], ~self._zones.silent(zone), self._zones.areas(zone)
        )

    # -- questions ---------------------------------------------------------------------------------------------------

    def cell_at(self, x: NDArray[np.int32], y: NDArray[np.int32]) -> NDArray[np.int32]:
        """int32[n]: the interest cell of each position (STANDARD.md section 4.3)."""
        side = self.config.cell_px * UNITS_PER_PX
        cell: NDArray[np.int32] = y // side * self.cols + x // side
        return cell

    def crossings_since(self, baseline: int) -> Crossings:
        """The crossings of the ticks in (baseline, tick]. ValueError if the baseline is more than 64 ticks old."""
        return self._crossings.since(baseline)

    def private_area(self, avatar: int) -> int:
        """The private area that the avatar is in, 0 = open floor."""
        return int(self._zones.areas(self.zone[avatar : avatar + 1])[0])

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
        digest = hashlib.sha256(f"{self.tick} {self.world_revision} {sorted(self.doors_open.items())}".encode())
        for column in (
            self.alive,
            self.x,
            self.y,
            self.course,
            self.zone,
            self.cell,
            self.visible_to,
            self.seat,
            self.changed_tick,
            self.previous_change,
            self.placed_tick,
            self.entered_tick,
        ):
            digest.update(column.astype("<i8").tobytes())
        digest.update(self.proximity.state_hash().encode())
        digest.update(self._areas.state_hash().encode())
        return digest.hexdigest()


_NO_PAIRS: Final = np.empty((0, 2), np.int32)
_NO_ZONE_CHANGES: Final = (np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int32))
