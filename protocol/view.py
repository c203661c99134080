"""What a client knows of the room: snapshots in, the server's exact state out (section 5.5).

State is dense by avatar id (index == id): ids are small because the server gives out the lowest that has rested, and
a packed row then lands with one indexed assignment. Past states are shared, never changed: a tick without news costs
no copy.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from protocol.constants import GAIT_WALK, RING_TICKS
from protocol.messages import Door, Interest, Snapshot, Welcome
from protocol.rows import unpack_courses, unpack_ids, unpack_rows

Advance: TypeAlias = Callable[[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint8]], None]
"""The kernel: moves (x, y, course) by one tick, in place; rows whose gait is not 1 or 2 stay."""
DoorChange: TypeAlias = Callable[[int, bool], None]
"""Opens or shuts a door in the raster that the kernel uses."""

_UNITS_PER_PX: Final = 256
_FIRST_SIZE: Final = 64
# Adding one gait to the gait bits leaves bit 5 set exactly for gaits 1 and 2.
_MOVING_BIT: Final = np.uint8(0x20)


def checksum(
    ids: NDArray[np.integer], x: NDArray[np.integer], y: NDArray[np.integer], course: NDArray[np.integer]
) -> int:
    """Section 5.6 over the avatars given."""
    h = ids.astype(np.uint32) * np.uint32(0x9E3779B1)
    h += x.astype(np.uint32) * np.uint32(0x85EBCA6B)
    h += y.astype(np.uint32) * np.uint32(0xC2B2AE35)
    h += course.astype(np.uint32) * np.uint32(0x27D4EB2F)
    h ^= h >> np.uint32(15)
    h *= np.uint32(0x2C1B3C6D)
    return int(h.sum(dtype=np.uint32))


@dataclass(slots=True)
class Avatars:
    """Everyone known at one tick, dense by id. `x`, `y` int32 in 1/256 px; rows not `known` stand and mean nothing.

    A state may be shared by several ticks: change none of it.
    """

    tick: int
    home: int
    known: NDArray[np.bool_]
    x: NDArray[np.int32]
    y: NDArray[np.int32]
    course: NDArray[np.uint8]

    def copy(self, size: int) -> "Avatars":
        """A copy that may be changed, with room for ids below `size`."""
        missing = size - len(self.known)
        if missing <= 0:
            return Avatars(self.tick, self.home, self.known.copy(), self.x.copy(), self.y.copy(), self.course.copy())
        return Avatars(
            self.tick,
            self.home,
            np.concatenate((self.known, np.zeros(missing, np.bool_))),
            np.concatenate((self.x, np.zeros(missing, np.int32))),
            np.concatenate((self.y, np.zeros(missing, np.int32))),
            np.concatenate((self.course, np.zeros(missing, np.uint8))),
        )

    def ids(self) -> NDArray[np.intp]:
        """The known ids, rising."""
        return np.flatnonzero(self.known)

    def anyone_moves(self) -> bool:
        """Does the kernel change this state?"""
        return bool(((self.course + np.uint8(GAIT_WALK)) & _MOVING_BIT).any())

    def checksum(self) -> int:
        """Section 5.6 over everyone known."""
        ids = self.ids()
        return checksum(ids, self.x[ids], self.y[ids], self.course[ids])


def _nobody() -> Avatars:
    return Avatars(
        0,
        0,
        np.zeros(_FIRST_SIZE, np.bool_),
        np.zeros(_FIRST_SIZE, np.int32),
        np.zeros(_FIRST_SIZE, np.int32),
        np.zeros(_FIRST_SIZE, np.uint8),
    )


class DoorHistory:
    """Puts the raster's doors as they were at any tick that can still be a baseline."""

    def __init__(self, change: DoorChange | None, open_doors: Iterable[int]) -> None:
        """`open_doors`: those that are open in the raster now."""
        self._change = change
        self._open = set(open_doors)
        self._log: list[tuple[int, int, bool, bool]] = []  # tick, door, open from then on, open before
        self._done = 0  # how many of the log the raster has

    def reset(self, open_doors: Iterable[int]) -> None:
        """Forget the past; the doors are as given."""
        self.at(1 << 33)
        wanted = set(open_doors)
        for door in sorted(self._open ^ wanted):
            self._set(door, door in wanted)
        self._open = wanted
        self._log.clear()
        self._done = 0

    def add(self, tick: int, door: int, is_open: bool) -> None:
        """A DOOR event; they come in order."""
        self._log.append((tick, door, is_open, door in self._open))
        if is_open:
            self._open.add(door)
        else:
            self._open.discard(door)

    def at(self, tick: int) -> None:
        """Make the raster that of the movement of `tick`."""
        log = self._log
        while self._done and log[self._done - 1][0] > tick:
            self._done -= 1
            _, door, _, before = log[self._done]
            self._set(door, before)
        while self._done < len(log) and log[self._done][0] <= tick:
            _, door, after, _ = log[self._done]
            self._set(door, after)
            self._done += 1

    def settle(self, tick: int) -> None:
        """The newest state is of `tick`: leave the raster as it was then, and drop what no baseline needs."""
        if not self._log:
            return
        self.at(tick)
        if self._log[0][0] <= tick - RING_TICKS:
            keep = next((k for k, entry in enumerate(self._log) if entry[0] > tick - RING_TICKS), len(self._log))
            del self._log[:keep]
            self._done -= keep

    def _set(self, door: int, is_open: bool) -> None:
        if self._change is not None:
            self._change(door, is_open)


class ClientView:
    """Applies SNAPSHOT, DOOR and WELCOME of one session.

    `ack` is what INPUT and PING should acknowledge: the newest tick applied, or 0 while a complete snapshot is needed.
    """

    def __init__(
        self,
        advance: Advance,
        cols: int,
        rows: int,
        interest: Interest,
        *,
        reliable: bool = True,
        door_change: DoorChange | None = None,
        open_doors: Iterable[int] = (),
    ) -> None:
        """`cols`, `rows`: the map's size in cells of `interest.cell` px; `open_doors`: those open in the raster now."""
        self._advance = advance
        self._cols = cols
        self._rows = rows
        self._cell = interest.cell * _UNITS_PER_PX
        self._radius = interest.radius
        self._reliable = reliable
        self._doors = DoorHistory(door_change, open_doors)
        self._ring: list[Avatars | None] = [None] * RING_TICKS
        self._counted_until = 0
        self._moves = False
        self.now = _nobody()
        """The newest state. After a loss it stays, for drawing, until a complete snapshot replaces it."""
        self.newest_tick = 0
        """Tick of the newest snapshot applied in this session."""
        self.ack = 0
        self.world = 0
        """World revision known (section 5.4)."""
        self.losses = 0
        """How often the baseline could not be had."""
        self.mismatches = 0
        """How often the checksum differed."""

    # --- what arrives -----------------------------------------------------------------------------------------------

    def welcome(self, welcome: Welcome) -> None:
        """A connection begins. After continuity 0 and 2 nothing that was known counts."""
        if welcome.continuity != 1:
            self._lose()
            self.newest_tick = 0
            self._doors.reset(int(door) for door in unpack_ids(welcome.doors.open))
        self.world = welcome.doors.world
        self._counted_until = welcome.tick

    def door(self, door: Door) -> None:
        """A DOOR event. One of before the WELCOME is missed history: `WELCOME.doors` has counted it already."""
        self._doors.add(door.tick, door.door, door.open)
        if door.tick > self._counted_until:
            self.world += 1

    def apply(self, snapshot: Snapshot, *, reliable: bool | None = None) -> bool:
        """Section 5.5. False: discarded; `ack` is 0 if a complete snapshot is now needed.

        `reliable`: whether it came on a reliable transport; None: like all others. The doors of the raster are left as
        they were at the newest state.
        """
        if reliable is None:
            reliable = self._reliable
        if snapshot.tick <= self.newest_tick:
            return False
        if snapshot.world > self.world:
            # On a reliable transport the DOOR came first, so that the chain of states is broken for good.
            if reliable:
                self.losses += 1
                self._lose()
            return False
        if snapshot.age == 0:
            state, moves, pruned = _nobody(), False, True
        else:
            baseline = self._baseline(snapshot.tick - snapshot.age, reliable)
            if baseline is None:
                self.losses += 1
                self._lose()
                return False
            state, moves, pruned = baseline
        state = self._change(state, moves, pruned, snapshot)
        if snapshot.check is not None and state.checksum() != snapshot.check:
            self.mismatches += 1
            self._lose()
            return False
        self.now = state
        self.newest_tick = self.ack = snapshot.tick
        self._ring[snapshot.tick % RING_TICKS] = state
        self._doors.settle(snapshot.tick)
        return True

    # --- the steps of section 5.5 -----------------------------------------------------------------------------------

    def _baseline(self, tick: int, reliable: bool) -> tuple[Avatars, bool, bool] | None:
        """Step 2: the state at `tick`, whether anyone in it moves, and whether its home's interest set holds it all."""
        state = self._ring[tick % RING_TICKS]
        if state is not None and state.tick == tick:
            return state, self._moves if state is self.now else state.anyone_moves(), True
        if not reliable or self.ack == 0 or self.newest_tick > tick:
            return None
        if not self._moves:
            return self.now, False, True
        state = self.now.copy(0)
        for t in range(self.newest_tick + 1, tick + 1):
            self._doors.at(t)
            self._advance(state.x, state.y, state.course)
        return state, True, False

    def _change(self, base: Avatars, moves: bool, pruned: bool, snapshot: Snapshot) -> Avatars:
        """Steps 3 to 6, on a copy."""
        same_home = base.home == snapshot.home
        gone, courses, rows = snapshot.gone, snapshot.courses, snapshot.rows
        if not (moves or gone or courses or rows) and same_home:
            self._moves = False
            return Avatars(snapshot.tick, base.home, base.known, base.x, base.y, base.course)
        full = unpack_rows(rows) if rows else None
        size = len(base.known)
        if full is not None:
            largest = int(full.ids.max())
            while size <= largest:
                size *= 2
        state = base.copy(size)
        state.tick = snapshot.tick
        state.home = snapshot.home
        if gone:
            self._forget(state, unpack_ids(gone))
        if not (same_home and pruned):
            self._prune(state)
        if courses or moves:
            moves = self._advance_to(state, moves, snapshot)
        if full is not None:
            state.known[full.ids] = True
            state.x[full.ids] = full.x
            state.y[full.ids] = full.y
            state.course[full.ids] = full.course
        if moves or full is not None:
            self._prune(state)
        self._moves = state.anyone_moves()
        return state

    def _advance_to(self, state: Avatars, moves: bool, snapshot: Snapshot) -> bool:
        """Step 4. Returns whether anyone may have moved."""
        if not snapshot.courses:
            for t in range(snapshot.tick - snapshot.age + 1, snapshot.tick + 1):
                self._doors.at(t)
                self._advance(state.x, state.y, state.course)
            return moves
        changes = unpack_courses(snapshot.courses)
        known = changes.ids < len(state.known)
        ids, course, ago = changes.ids[known], changes.course[known], changes.ago[known]
        known = state.known[ids]
        ids, course, ago = ids[known], course[known], ago[known]
        first = int(ago[0]) if len(ago) else 0
        together = bool((ago == first).all())
        for left in range(snapshot.age - 1, -1, -1):
            if together:
                if left == first:
                    state.course[ids] = course
            else:
                due = ago == left
                state.course[ids[due]] = course[due]
            self._doors.at(snapshot.tick - left)
            self._advance(state.x, state.y, state.course)
        return True

    def _prune(self, state: Avatars) -> None:
        """Steps 3 and 6: forget everyone outside the interest set of the home cell."""
        row, col = divmod(state.home, self._cols)
        radius, cell = self._radius, self._cell
        if col <= radius and col + radius >= self._cols - 1 and row <= radius and row + radius >= self._rows - 1:
            return
        # One unsigned comparison an axis: a position left of the set wraps round to a large number.
        side = np.uint32((2 * radius + 1) * cell)
        outside = (state.x - (col - radius) * cell).view(np.uint32) >= side
        outside |= (state.y - (row - radius) * cell).view(np.uint32) >= side
        outside &= state.known
        self._forget(state, np.flatnonzero(outside))

    def _forget(self, state: Avatars, ids: NDArray[np.integer]) -> None:
        if len(ids):
            ids = ids[ids < len(state.known)]
            state.known[ids] = False
            state.course[ids] = 0  # the kernel leaves alone what stands

    def _lose(self) -> None:
        """Forget every state: only a complete snapshot helps."""
        self.ack = 0
        self._ring = [None] * RING_TICKS
