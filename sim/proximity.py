"""Who is near whom: exact pairs that do not flicker.

Distances are measured every few ticks, for nobody walks far in a tenth of a second; whoever comes, goes, falls silent
or changes the conversation is looked at in the same tick.

A pair joins when it has been within the join radius for the dwell time, and leaves when it has been beyond the (larger)
leave radius for the dwell time. Whoever leaves the room, falls silent or changes its private area is cut off at once:
nobody may overhear a room he has left.
"""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim import compiled
from sim.compiled import PairState, Passes, Radii
from sim.grid import near_pairs
from sim.raster import UNITS_PER_PX

Pairs = NDArray[np.int32]

_NO_PAIRS: Final[Pairs] = np.empty((0, 2), np.int32)
_GROUP_DISTANCE: Final = 1 << 26  # a position has 24 bits
_HOLDS: Final = -1  # "since" of a linked pair that is within the leave radius


class Proximity:
    """The pairs of one room. Radii in px, dwell in ticks. ValueError if the radii or the dwell make no sense.

    Only pairs that are linked or about to be are measured one by one; the grid finds the others. Which pairs are
    already tracked is a bit of an id x id matrix, four times cheaper each tick than searching a sorted list.
    """

    def __init__(self, join_px: int, leave_px: int, dwell_ticks: int, every_ticks: int = 1) -> None:
        """`every_ticks`: distances are measured in ticks that this divides."""
        _check_radii(join_px, leave_px)
        if dwell_ticks < 0:
            raise ValueError(f"dwell_ticks must not be negative, not {dwell_ticks}")
        if every_ticks < 1:
            raise ValueError(f"every_ticks must be at least 1, not {every_ticks}")
        self._every = every_ticks
        self._seen: tuple[NDArray[np.generic], ...] = ()
        """What the newest measurement saw: ids, eligible, area, x, y."""
        self._pending = False
        """Whether a pair waits for its dwell to pass."""
        self._join = join_px * UNITS_PER_PX
        self._leave = leave_px * UNITS_PER_PX
        self._join_squared = float(self._join) ** 2
        self._leave_squared = float(self._leave) ** 2
        self._dwell = dwell_ticks
        self._tracked = np.zeros((0, 0), np.bool_)
        self._low = np.empty(0, np.intp)
        self._high = np.empty(0, np.intp)
        self._linked = np.empty(0, np.bool_)
        self._limit = np.empty(0)  # how far apart the pair may be, squared: the leave radius once it is linked
        self._since = np.empty(0, np.int64)
        self._compiled: compiled.Pairs | None = None

    def change_radii(self, join_px: int, leave_px: int) -> None:
        """Measure by other radii from the next update on. ValueError if they make no sense."""
        _check_radii(join_px, leave_px)
        self._join = join_px * UNITS_PER_PX
        self._leave = leave_px * UNITS_PER_PX
        self._join_squared = float(self._join) ** 2
        self._leave_squared = float(self._leave) ** 2
        self._look()
        self._limit = np.where(self._linked, self._leave_squared, self._join_squared)
        self._seen, self._compiled = (), None

    def update(
        self,
        tick: int,
        ids: NDArray[np.integer],
        x: NDArray[np.int32],
        y: NDArray[np.int32],
        eligible: NDArray[np.bool_],
        area: NDArray[np.int32] | None = None,
    ) -> tuple[Pairs, Pairs]:
        """The pairs that joined and left in `tick`: int32[k, 2], sorted, lower id first.

        ids: everyone in the room, [n], each once. x, y: int32[n] in 1/256 px. eligible: bool[n], may be linked at all.
        area: int32[n], the private area, 0 = open floor (default); inside one all are near, whatever the distance.
        """
        if area is None:
            area = np.zeros(ids.size, np.int32)
        if not self._is_due(tick, ids, x, y, eligible, area):
            return _NO_PAIRS, _NO_PAIRS
        self._look()
        self._compiled = None
        self._make_room(int(ids.max(initial=0)) + 1)
        place, group = self._by_id(ids, x, y, eligible, area)
        joined, left = self._measure_tracked(tick, place, group)
        at_once = self._discover(tick, ids, x, y, eligible, area)
        self._seen = (ids.copy(), eligible.copy(), area.copy(), x.copy(), y.copy())
        self._pending = bool((self._since != _HOLDS).any())
        return _sorted(np.concatenate([joined, at_once])), _sorted(left)

    def measures_in(self, tick: int) -> bool:
        """Are distances measured in this tick, if nobody came, went or changed the conversation?"""
        return not self._seen or tick % self._every == 0

    def measure(self, passes: Passes, tick: int) -> tuple[Pairs, Pairs] | None:
        """As `update`, compiled, in a tick in which nobody came, went or changed circles; None: it takes `update`."""
        if not self._seen:
            return None
        if self._compiled is None:
            state = PairState(self._low, self._high, self._linked, self._limit, self._since)
            self._compiled = passes.pairs(state, self._tracked, Radii(self._join, self._leave, self._dwell))
        if not passes.meet(self._compiled, tick):
            return None
        self._pending = True  # perhaps
        return self._compiled.changes()

    def _look(self) -> None:
        """The tracked pairs, as the compiled pass left them."""
        if self._compiled is not None:
            self._low, self._high, self._linked, self._limit, self._since = self._compiled.state

    def _is_due(self, tick: int, *now: NDArray[np.generic]) -> bool:
        """Is there anything to measure in this tick? `now`: as `_seen`, with x and y in between."""
        ids, x, y, eligible, area = now
        if not self._seen or not _same(self._seen[:3], (ids, eligible, area)):
            return True
        if tick % self._every:
            return False
        return self._pending or not _same(self._seen[3:], (x, y))

    def pairs(self) -> Pairs:
        """The pairs that are near each other now: int32[k, 2], sorted, lower id first."""
        self._look()
        return _sorted(_pairs(self._low[self._linked], self._high[self._linked]))

    def state_hash(self) -> str:
        """A digest of everything that future updates depend on."""
        self._look()
        order = np.lexsort((self._high, self._low))
        digest = hashlib.sha256()
        for state in (self._low, self._high, self._linked, self._since):
            digest.update(state[order].astype("<i8").tobytes())
        return digest.hexdigest()

    def _make_room(self, size: int) -> None:
        known = len(self._tracked)
        if size > known:
            grown = np.zeros((max(size, 2 * known),) * 2, np.bool_)
            grown[:known, :known] = self._tracked
            self._tracked = grown

    def _by_id(
        self,
        ids: NDArray[np.integer],
        x: NDArray[np.int32],
        y: NDArray[np.int32],
        eligible: NDArray[np.bool_],
        area: NDArray[np.int32],
    ) -> tuple[NDArray[np.complex128], NDArray[np.int64]]:
        """Places (x + iy) and groups as look-ups by id. Only equal groups can be linked.

        Whoever cannot be linked is a group alone. Groups lie further apart than any radius, and everyone in a private
        area is at the same place, so that the distance alone says whether a pair holds.
        """
        size = len(self._tracked)
        group = np.arange(-1, -1 - size, -1)
        group[ids] = np.where(eligible, area, group[ids])
        place = (group * _GROUP_DISTANCE).astype(np.complex128)
        open_floor = area == 0
        place[ids] += np.where(open_floor, x, 0) + 1j * np.where(open_floor, y, 0)
        return place, group

    def _measure_tracked(
        self, tick: int, place: NDArray[np.complex128], group: NDArray[np.int64]
    ) -> tuple[Pairs, Pairs]:
        way = place[self._low]
        way -= place[self._high]
        holds = way.real**2 + way.imag**2 <= self._limit
        # Most pairs are linked and hold: only the others need a closer look.
        rows = np.flatnonzero(~holds | (self._since != _HOLDS))
        if not rows.size:
            return _NO_PAIRS, _NO_PAIRS
        low, high, holds, since = self._low[rows], self._high[rows], holds[rows], self._since[rows]
        linked = self._linked[rows]
        since[linked & holds] = _HOLDS
        since[linked & ~holds & (since == _HOLDS)] = tick
        waited = tick - since >= self._dwell
        joins = ~linked & holds & waited
        leaves = linked & ~holds & (waited | (group[low] != group[high]))
        since[joins] = _HOLDS
        self._since[rows] = since
        self._linked[rows[joins]] = True
        self._limit[rows[joins]] = self._leave_squared
        forget = leaves | (~linked & ~holds)
        if forget.any():
            self._tracked[low[forget], high[forget]] = False
            keep = np.ones(self._low.size, np.bool_)
            keep[rows[forget]] = False
            self._low, self._high, self._since = self._low[keep], self._high[keep], self._since[keep]
            self._linked, self._limit = self._linked[keep], self._limit[keep]
        return _pairs(low[joins], high[joins]), _pairs(low[leaves], high[leaves])

    def _discover(
        self,
        tick: int,
        ids: NDArray[np.integer],
        x: NDArray[np.int32],
        y: NDArray[np.int32],
        eligible: NDArray[np.bool_],
        area: NDArray[np.int32],
    ) -> Pairs:
        """Start to track the pairs that have come near; those that need not wait are returned."""
        on_floor = np.flatnonzero(eligible & (area == 0))
        one, other = near_pairs(x[on_floor].astype(np.float64), y[on_floor].astype(np.float64), self._join)
        floor = ids[on_floor].astype(np.intp)
        ends = (floor[one], floor[other])
        if on_floor.size < ids.size:
            ends = _with_private_areas(ends, ids, area * eligible)
        low = np.minimum(*ends)
        high = np.maximum(*ends)
        fresh = np.flatnonzero(~self._tracked.reshape(-1).take(low * len(self._tracked) + high))
        if not fresh.size:
            return _NO_PAIRS
        low, high = low[fresh], high[fresh]
        at_once = self._dwell == 0
        self._tracked[low, high] = True
        self._low = np.concatenate([self._low, low])
        self._high = np.concatenate([self._high, high])
        self._linked = np.concatenate([self._linked, np.full(low.size, at_once)])
        self._limit = np.concatenate(
            [self._limit, np.full(low.size, self._leave_squared if at_once else self._join_squared)]
        )
        self._since = np.concatenate([self._since, np.full(low.size, _HOLDS if at_once else tick, np.int64)])
        return _pairs(low, high) if at_once else _NO_PAIRS


def _same(before: tuple[NDArray[np.generic], ...], now: tuple[NDArray[np.generic], ...]) -> bool:
    return all(map(np.array_equal, before, now))


def _check_radii(join_px: int, leave_px: int) -> None:
    if not 0 < join_px <= leave_px:
        raise ValueError(f"the join radius ({join_px} px) must be above 0 and at most the leave radius ({leave_px} px)")


def _with_private_areas(
    ends: tuple[NDArray[np.intp], NDArray[np.intp]], ids: NDArray[np.integer], area: NDArray[np.int32]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The pairs, and those of all who share a private area."""
    parts = [ends]
    for private in np.unique(area[area > 0]):
        members = ids[area == private].astype(np.intp)
        upper, lower = np.triu_indices(members.size, 1)
        parts.append((members[upper], members[lower]))
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def _pairs(low: NDArray[np.intp], high: NDArray[np.intp]) -> Pairs:
    return np.stack([low, high], axis=1).astype(np.int32)


def _sorted(pairs: Pairs) -> Pairs:
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))] if len(pairs) > 1 else pairs
