"""The compiled form of the passes over everyone in a room (compiled.c), where a C compiler was there to make it.

Without it everything works as well, on numpy alone, and gives the same worlds bit for bit: a tick of a small room is
then dearer, for there numpy spends its time between its calls and not in them. `python hatch_build.py` builds.
"""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.crossings import CrossingRing
from sim.shared_library import library

if TYPE_CHECKING:
    from sim.world import World

_Pointer = ctypes.c_void_p
_Int = ctypes.c_int32
_RISES: Final = -1
_WRONG: Final = -2


class _Columns(ctypes.Structure):
    """`World` in compiled.c."""

    _fields_ = (
        *(
            (name, _Pointer)
            for name in (
                *("alive", "x", "y", "course", "cell", "place", "zone"),
                *("changed_tick", "previous_change", "entered_tick", "placed_tick"),
                *("down", "right", "move", "edge", "snap", "places", "topmost"),
                *("found_id", "found_place", "found_x", "found_y", "found_cell", "rezoned"),
                *("crossed_id", "crossed_from", "crossed_kind", "crossed_tick"),
            )
        ),
        *(
            (name, _Int)
            for name in (
                *("rows", "raster_width", "raster_height", "sub_steps", "half_w", "half_h"),
                *("zone_cols", "zone_cells", "side", "cell_cols"),
            )
        ),
    )


class Settled(NamedTuple):
    """After everyone has moved. crossed: ids of those in another cell, from_cells and cells: which, int32[k] each;
    rezoned: int32[k], ids of those whose topmost zone is another one; placed: how many were placed in this tick: if
    nobody was, and nobody left, the world knows the new cells already."""

    crossed: NDArray[np.int32]
    from_cells: NDArray[np.int32]
    cells: NDArray[np.int32]
    rezoned: NDArray[np.int32]
    placed: int


WRONG_COURSE: Final = "courses have gait 0, 1 or 2; to sit takes a seat"
_NOBODY: Final = np.empty(0, np.int32)


class Strayed(NamedTuple):
    """Who came to another place, ascending: ids, the place, and where they came from; int32[k] each."""

    ids: NDArray[np.int32]
    place: NDArray[np.int32]
    from_x: NDArray[np.int32]
    from_y: NDArray[np.int32]


class Strolled(NamedTuple):
    """What a tick brought in which nothing was asked for but courses. strayed: as `Passes.advance`, and then what comes
    after that is still to be done; rezoned: as `Settled`."""

    strayed: Strayed | None
    rezoned: NDArray[np.int32]


_STROLLED: Final = Strolled(None, _NOBODY)


class Passes:
    """The compiled passes over one world."""

    def __init__(self, code: ctypes.PyDLL, world: World, crossings: CrossingRing) -> None:
        """`world`: as it is when its constructor is done; its arrays stay where they are."""
        self._crossings, self._crossed_columns = crossings, crossings.columns
        kin, raster, zones, rows = world.kinematics, world.raster, world.zones, len(world.alive)
        steps = [np.stack([getattr(axis, name) for pair in kin.sub_steps for axis in pair]) for name in _STEP_COLUMNS]
        found = [np.zeros(rows, np.int32) for _ in range(6)]
        self._ids, self._place, self._x, self._y, self._cell, self._rezoned = found
        arrays = [
            *(world.alive, world.x, world.y, world.course, world.cell, world.areas.place, world.zone),
            *(world.changed_tick, world.previous_change, world.entered_tick, world.placed_tick),
            *(raster.down, raster.right, *steps, zones.cells, zones.topmost),
            *found,
            *crossings.columns,
        ]
        if not all(array.flags.c_contiguous for array in arrays):
            raise ValueError("columns must lie in one piece")
        self._kept = arrays
        height, width = zones.cells.shape
        self._columns = _Columns(
            *(array.ctypes.data for array in arrays),
            *(rows, raster.width, raster.height, len(kin.sub_steps), kin.half_w, kin.half_h),
            *(width, width * height, world.cell_side, world.cols),
        )
        self._world = ctypes.byref(self._columns)
        self._zones, self._placed, self._strayed = _Int(), _Int(), _Int()
        self._strayed_at = ctypes.byref(self._strayed)
        self._zones_at, self._placed_at = ctypes.byref(self._zones), ctypes.byref(self._placed)
        self._advance, self._settle, self._turn = code.hallway_advance, code.hallway_settle, code.hallway_turn
        self._turn.argtypes = (_Pointer, _Pointer, _Pointer, _Int, ctypes.c_int64)
        self._settle.argtypes = (_Pointer, ctypes.c_int64, _Int, _Pointer, _Pointer)
        self._stroll = code.hallway_stroll
        self._stroll.argtypes = (_Pointer, _Pointer, _Pointer, _Int, ctypes.c_int64, _Int, _Pointer, _Pointer)
        self._rows = rows
        self._meet = code.hallway_meet
        self._meet.argtypes = (_Pointer, _Pointer, ctypes.c_int64)
        self._hearing = (world.hearing.deaf, world.hearing.circle)
        # To ask an array where it lies takes longer than to copy a few numbers to a place that is known.
        self._turn_ids, self._turn_courses = np.zeros(rows, np.uint16), np.zeros(rows, np.uint8)
        self._turn_at = (self._turn_ids.ctypes.data, self._turn_courses.ctypes.data)
        self._next = np.zeros(rows, np.int32)
        self._size = (width << CELL_SHIFT, height << CELL_SHIFT)

    def turn(self, ids: NDArray[np.uint16], courses: NDArray[np.uint8], tick: int) -> bool:
        """Give avatars new courses, each named once; False, and nothing is done: somebody rises from a seat."""
        count = len(ids)
        if count > len(self._turn_ids):
            return False
        self._turn_ids[:count], self._turn_courses[:count] = ids, courses
        return bool(self._turn(self._world, *self._turn_at, count, tick) != _RISES)

    def stroll(self, ids: NDArray[np.uint16], courses: NDArray[np.uint8], tick: int) -> Strolled | None:
        """A tick in which nothing is asked for but these courses, of an avatar each: `turn`, `advance` and, unless
        somebody came to another place, `settle`. None, and nothing is done: somebody rises from a seat. ValueError, and
        nothing is done, for a course that no client may send."""
        count, crossings = len(ids), self._crossings
        if count > self._rows:
            return None
        if count:
            self._turn_ids[:count], self._turn_courses[:count] = ids, courses
        if crossings.room < self._rows:
            crossings.make_room(self._rows)
        if self._crossed_columns is not crossings.columns:
            self._point_at_crossings()
        crossed = self._stroll(
            *(self._world, *self._turn_at, count, tick, crossings.count, self._strayed_at, self._zones_at)
        )
        if crossed < 0:
            if crossed == _WRONG:
                raise ValueError(WRONG_COURSE)
            return None
        if self._strayed.value:
            return Strolled(self._strays(self._strayed.value), _NOBODY)
        crossings.note(tick, crossed)
        zones = self._zones.value
        return Strolled(None, self._rezoned[:zones].copy()) if zones else _STROLLED

    def _point_at_crossings(self) -> None:
        columns, crossed = self._columns, self._crossings.columns
        self._crossed_columns = crossed
        columns.crossed_id, columns.crossed_from = crossed.ids.ctypes.data, crossed.from_cell.ctypes.data
        columns.crossed_kind, columns.crossed_tick = crossed.kind.ctypes.data, crossed.tick.ctypes.data

    def advance(self) -> Strayed | None:
        """Move everyone by one tick; None: nobody came to another place."""
        count = self._advance(self._world)
        return self._strays(count) if count else None

    def _strays(self, count: int) -> Strayed:
        return Strayed(*(column[:count].copy() for column in (self._ids, self._place, self._x, self._y)))

    def settle(self, tick: int, *, alone: bool) -> Settled:
        """Who is in another cell or zone than before. `alone`: nobody left in this tick."""
        count = self._settle(self._world, tick, alone, self._zones_at, self._placed_at)
        zones = self._zones.value
        if not count and not zones:
            return Settled(_NOBODY, _NOBODY, _NOBODY, _NOBODY, self._placed.value)
        crossed, from_cells, cells = (column[:count].copy() for column in (self._ids, self._x, self._cell))
        return Settled(crossed, from_cells, cells, self._rezoned[:zones].copy(), self._placed.value)

    def pairs(self, state: PairState, tracked: NDArray[np.bool_], radii: Radii) -> Pairs:
        """The tracked pairs in a form that `meet` takes; to be made anew when somebody else changed them.

        tracked: bool[n, n], by ids, lower id first.
        """
        join = radii.join
        cols, lines = (-(-size // join) + 1 for size in self._size)
        head = np.zeros(cols * lines, np.int32)
        return Pairs(state, tracked, radii, (*self._hearing, head, self._next), cols, lines)

    def meet(self, pairs: Pairs, tick: int) -> bool:
        """Measure all distances in a tick in which nobody came, went or changed the conversation. False, and nothing
        is done: there is no room for so many new pairs."""
        return bool(self._meet(self._world, pairs.at, tick) >= 0)


class Radii(NamedTuple):
    """Join and leave radius, 1/256 px, and dwell, ticks."""

    join: int
    leave: int
    dwell: int


class PairState(NamedTuple):
    """The tracked pairs: low, high: intp[n]; linked: bool[n]; limit: float64[n]; since: int64[n]."""

    low: NDArray[np.intp]
    high: NDArray[np.intp]
    linked: NDArray[np.bool_]
    limit: NDArray[np.float64]
    since: NDArray[np.int64]


class _PairColumns(ctypes.Structure):
    """`Pairs` in compiled.c."""

    _fields_ = (
        *(
            (name, _Pointer)
            for name in (
                *("low", "high", "linked", "limit", "since", "tracked", "deaf", "circle", "head", "next"),
                *("joined", "left", "fresh"),
            )
        ),
        *((name, ctypes.c_int64) for name in ("join", "dwell")),
        *((name, ctypes.c_double) for name in ("join_squared", "leave_squared")),
        *((name, _Int) for name in ("count", "room", "known", "cols", "lines", "joined_count", "left_count")),
    )


class Pairs:
    """Tracked pairs with room for more."""

    def __init__(
        self,
        state: PairState,
        tracked: NDArray[np.bool_],
        radii: Radii,
        shared: tuple[NDArray[np.generic], ...],
        cols: int,
        lines: int,
    ) -> None:
        """`shared`: the columns deaf, circle, head and next. `cols`, `lines`: the squares of the map."""
        count = len(state.low)
        room = 2 * count + SPARE_PAIRS
        roomy: list[Any] = [_with_room(column, room) for column in state]
        self._state = PairState(*roomy)
        self._joined, self._left, fresh = (np.zeros((room, 2), np.int32) for _ in range(3))
        arrays = (*self._state, tracked, *shared, self._joined, self._left, fresh)
        self._kept = arrays
        self._columns = _PairColumns(
            *(array.ctypes.data for array in arrays),
            *(radii.join, radii.dwell, float(radii.join) ** 2, float(radii.leave) ** 2),
            *(count, room, len(tracked), cols, lines, 0, 0),
        )
        self.at = ctypes.byref(self._columns)

    @property
    def state(self) -> PairState:
        """The pairs as they are now; views."""
        count = self._columns.count
        views: list[Any] = [column[:count] for column in self._state]
        return PairState(*views)

    def changes(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """What the last `meet` brought: who joined and who left, int32[k, 2], sorted, lower id first."""
        joined, left = self._columns.joined_count, self._columns.left_count
        return (
            self._joined[:joined].copy() if joined else _NO_PAIRS,
            self._left[:left].copy() if left else _NO_PAIRS,
        )


def _with_room(column: NDArray[Any], room: int) -> NDArray[Any]:
    roomy = np.zeros(room, column.dtype)
    roomy[: len(column)] = column
    return roomy


SPARE_PAIRS: Final = 256
_NO_PAIRS: Final = np.empty((0, 2), np.int32)
_STEP_COLUMNS: Final = ("move", "edge", "snap")
CELL_SHIFT: Final = 11


_SOURCE: Final = Path(__file__).with_name("compiled.c")
_code = library(_SOURCE)


def passes_of(world: World, crossings: CrossingRing) -> Passes | None:
    """The compiled passes over a world that was just made; None: nothing was compiled on this machine."""
    return Passes(_code, world, crossings) if _code is not None else None
