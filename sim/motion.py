"""One tick of everybody's movement: the walk, the borders of areas, and what follows for cells and zones.

Each pass is written twice: in numpy, and compiled (`sim.compiled`), which is taken where it was built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.commands import Events
from sim.compiled import Strayed, passes_of
from sim.crossings import CROSSED, LEFT, NOWHERE, PLACED, CrossingRing
from sim.kernel import GAIT_MASK, MOVES, advance_rows

if TYPE_CHECKING:
    from sim.world import World


class Motion:
    """The movement of one world, whose columns it writes. `crossings`: who changed its cell in the last ticks."""

    def __init__(self, world: World, *, compiled: bool) -> None:
        """`compiled`: take the compiled passes if there are any."""
        self._world = world
        self.crossings = CrossingRing()
        self.passes = passes_of(world, self.crossings) if compiled else None
        self._movers = np.empty(0, np.intp)

    def stroll(self, ids: NDArray[np.uint16], courses: NDArray[np.uint8], events: Events) -> bool | None:
        """As `Passes.stroll`, with what follows from it. True: all is done; False: all up to `advance`, for somebody
        came to another place; None: nothing. ValueError as that."""
        strolled = self.passes.stroll(ids, courses, self._world.tick) if self.passes is not None else None
        if strolled is None:
            return None
        if strolled.strayed is not None:
            self._cross_borders(strolled.strayed, events)
            return False
        if strolled.rezoned.size:
            self._rezone(strolled.rezoned, events)
        return True

    def advance(self, events: Events) -> None:
        """Move everyone who walks or runs by one tick, and stop at the border those whom an area does not let in."""
        strayed = self.passes.advance() if self.passes is not None else self._advance()
        if strayed is not None:
            self._cross_borders(strayed, events)

    def _advance(self) -> Strayed | None:
        world = self._world
        self._movers = movers = np.flatnonzero(MOVES[world.course])
        start_x, start_y = world.x[movers], world.y[movers]
        advance_rows(world.raster, world.kinematics, world.x, world.y, world.course, movers)
        place = world.zones.at(world.x[movers], world.y[movers])
        crossing = np.flatnonzero(place != world.areas.place[movers])
        if not crossing.size:
            return None
        ids = movers[crossing].astype(np.int32)
        return Strayed(ids, place[crossing].astype(np.int32), start_x[crossing], start_y[crossing])

    def _cross_borders(self, strayed: Strayed, events: Events) -> None:
        """Put back whom an area does not let in (STANDARD.md section 4.4), and count the others where they are."""
        world = self._world
        rows, place = strayed.ids, strayed.place.astype(np.uint16)
        if world.areas.closed:
            barred, zone, why = world.areas.barred(rows, place, world.tick)
            if barred.any():
                stopped = rows[barred].astype(np.intp)
                world.x[stopped], world.y[stopped] = strayed.from_x[barred], strayed.from_y[barred]
                world.course[stopped] &= ~np.uint8(GAIT_MASK)
                world.placed_tick[stopped] = world.tick
                world.mark_changed(stopped)
                events.stopped = (stopped.astype(np.int32), zone[barred], why[barred].astype(np.int32))
                rows, place = rows[~barred], place[~barred]
        world.areas.move(rows, place)

    def settle(self, departed: list[tuple[int, int]], events: Events) -> None:
        """Cells and zones of everyone who moved or was placed, and the crossings of this tick. `departed`: ids of those
        who left, and the cells that they were in."""
        if self.passes is not None:
            settled = self.passes.settle(self._world.tick, alone=not departed)
            crossed, cells, rezoned = settled.crossed, settled.cells, settled.rezoned
            if settled.placed or departed:
                self._cross_cells(crossed, cells, departed)
            elif crossed.size:
                kinds = np.full(crossed.size, CROSSED, np.uint8)
                self.crossings.add(self._world.tick, crossed.astype(np.int64), settled.from_cells, kinds)
            else:
                self.crossings.note(self._world.tick, 0)
        else:
            crossed, cells, rezoned = self._settle()
            self._cross_cells(crossed, cells, departed)
        if rezoned.size:
            self._rezone(rezoned, events)

    def _rezone(self, rezoned: NDArray[np.int32], events: Events) -> None:
        world = self._world
        zone = world.zones.topmost[world.areas.place[rezoned]]
        events.zone_changes = (rezoned, world.zone[rezoned].astype(np.int32), zone.astype(np.int32))
        world.zone[rezoned] = zone

    def _settle(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        """As `Settled`, without the number of those placed."""
        world = self._world
        placed = self._placed()
        rows = np.union1d(self._movers, placed) if placed.size else self._movers
        cell = world.cell_at(world.x[rows], world.y[rows])
        moved = cell != world.cell[rows]
        other = world.zones.topmost[world.areas.place[rows]] != world.zone[rows]
        return rows[moved].astype(np.int32), cell[moved], rows[other].astype(np.int32)

    def _placed(self) -> NDArray[np.intp]:
        world = self._world
        return np.flatnonzero(world.alive & (world.placed_tick == world.tick))

    def _cross_cells(
        self, crossed: NDArray[np.int32], cells: NDArray[np.int32], departed: list[tuple[int, int]]
    ) -> None:
        world = self._world
        placed = self._placed()
        from_cell = world.cell[crossed]
        world.entered_tick[crossed] = world.tick
        # Someone placed is told of once, as placed; nobody knows a newcomer, so nobody has to forget it.
        walked = world.placed_tick[crossed] != world.tick
        known = placed[world.cell[placed] != NOWHERE]
        left_ids = np.array([avatar for avatar, _ in departed], np.int64)
        left_cells = np.array([from_ for _, from_ in departed], np.int32)
        ids = np.concatenate([left_ids, known, crossed[walked]])
        from_cells = np.concatenate([left_cells, world.cell[known], from_cell[walked]])
        kinds = np.repeat(np.array([LEFT, PLACED, CROSSED], np.uint8), [left_ids.size, known.size, walked.sum()])
        self.crossings.add(world.tick, ids, from_cells, kinds)
        world.cell[crossed] = cells
