"""Who is near whom: exact pairs that do not flicker.

A pair joins when it has been within the join radius for the dwell time, and leaves when it has been beyond the (larger)
leave radius for the dwell time. Whoever leaves the room, falls silent or changes its private area is cut off at once:
nobody may overhear a room he has left.
"""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.grid import near_pairs
from sim.raster import UNITS_PER_PX

Pairs = NDArray[np.int32]

_HOLDS: Final = -1  # "since" of a linked pair that is within the leave radius


class Proximity:
    """The pairs of one room. Radii in px, dwell in ticks. ValueError if the radii or the dwell make no sense.

    Only pairs that are linked or about to be are measured one by one; the grid finds the others. Which pairs are
    already tracked is a bit of an id x id matrix, four times cheaper each tick than searching a sorted list.
    """

    def __init__(self, join_px: int, leave_px: int, dwell_ticks: int) -> None:
        if not 0 < join_px <= leave_px:
            raise ValueError(
                f"the join radius ({join_px} px) must be above 0 and at most the leave radius ({leave_px} px)"
            )
        if dwell_ticks < 0:
            raise ValueError(f"dwell_ticks must not be negative, not {dwell_ticks}")
        self._join = join_px * UNITS_PER_PX
        self._join_squared = float(self._join) ** 2
        self._leave_squared = float(leave_px * UNITS_PER_PX) ** 2
        self._dwell = dwell_ticks
        self._tracked = np.zeros((0, 0), np.bool_)
        self._low = np.empty(0, np.intp)
        self._high = np.empty(0, np.intp)
        self._linked = np.empty(0, np.bool_)
        self._since = np.empty(0, np.int64)

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
        self._make_room(int(ids.max(initial=0)) + 1)
        by_id_x, by_id_y, group = self._by_id(ids, x, y, eligible, area)
        joined, left = self._measure_tracked(tick, by_id_x, by_id_y, group)
        fresh = self._discover(tick, ids, by_id_x, by_id_y, eligible, area)
        if fresh is not None:
            joined = np.concatenate([joined, fresh])
        return _sorted(joined), _sorted(left)

    def pairs(self) -> Pairs:
        """The pairs that are near each other now: int32[k, 2], sorted, lower id first."""
        return _sorted(_pairs(self._low[self._linked], self._high[self._linked]))

    def state_hash(self) -> str:
        """A digest of everything that future updates depend on."""
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
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
        """Positions and groups as look-ups by id. Only equal groups can be linked; whoever cannot be is a group alone.

        Everyone in a private area gets the same position, which makes all of them near.
        """
        size = len(self._tracked)
        by_id_x = np.zeros(size)
        by_id_y = np.zeros(size)
        group = np.arange(-1, -1 - size, -1)
        by_id_x[ids] = np.where(area > 0, 0, x)
        by_id_y[ids] = np.where(area > 0, 0, y)
        group[ids] = np.where(eligible, area, group[ids])
        return by_id_x, by_id_y, group

    def _measure_tracked(
        self, tick: int, x: NDArray[np.float64], y: NDArray[np.float64], group: NDArray[np.int64]
    ) -> tuple[Pairs, Pairs]:
        low, high, linked, since = self._low, self._high, self._linked, self._since
        dx = x[low]
        dx -= x[high]
        dy = y[low]
        dy -= y[high]
        dx *= dx
        dy *= dy
        dx += dy
        possible = group[low] == group[high]
        holds = possible & (dx <= np.where(linked, self._leave_squared, self._join_squared))
        # A linked pair that is too far starts its clock, one that came back stops it; a waiting pair keeps its own.
        since[linked & holds] = _HOLDS
        since[linked & ~holds & (since == _HOLDS)] = tick
        waited = tick - since >= self._dwell
        joins = ~linked & holds & waited
        leaves = linked & ~holds & (waited | ~possible)
        forget = leaves | (~linked & ~holds)
        joined = _pairs(low[joins], high[joins])
        left = _pairs(low[leaves], high[leaves])
        linked[joins] = True
        since[joins] = _HOLDS
        if forget.any():
            self._tracked[low[forget], high[forget]] = False
            keep = ~forget
            self._low, self._high, self._linked, self._since = low[keep], high[keep], linked[keep], since[keep]
        return joined, left

    def _discover(
        self,
        tick: int,
        ids: NDArray[np.integer],
        x: NDArray[np.float64],
        y: NDArray[np.float64],
        eligible: NDArray[np.bool_],
        area: NDArray[np.int32],
    ) -> Pairs | None:
        """Start to track the pairs that have come near; those that need not wait are returned."""
        floor = ids[eligible & (area == 0)].astype(np.intp)
        one, other = near_pairs(x[floor], y[floor], self._join)
        found = [(floor[one], floor[other])]
        inside = eligible & (area > 0)
        for private in np.unique(area[inside]):
            members = ids[inside & (area == private)].astype(np.intp)
            upper, lower = np.triu_indices(members.size, 1)
            found.append((members[upper], members[lower]))
        ends = [np.concatenate(part) if len(found) > 1 else part[0] for part in zip(*found, strict=True)]
        low = np.minimum(ends[0], ends[1])
        high = np.maximum(ends[0], ends[1])
        fresh = np.flatnonzero(~self._tracked.reshape(-1).take(low * len(self._tracked) + high))
        if not fresh.size:
            return None
        low, high = low[fresh], high[fresh]
        at_once = self._dwell == 0
        self._tracked[low, high] = True
        self._low = np.concatenate([self._low, low])
        self._high = np.concatenate([self._high, high])
        self._linked = np.concatenate([self._linked, np.full(low.size, at_once)])
        self._since = np.concatenate([self._since, np.full(low.size, _HOLDS if at_once else tick, np.int64)])
        return _pairs(low, high) if at_once else None


def _pairs(low: NDArray[np.intp], high: NDArray[np.intp]) -> Pairs:
    return np.stack([low, high], axis=1).astype(np.int32)


def _sorted(pairs: Pairs) -> Pairs:
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))] if len(pairs) > 1 else pairs
