"""A spatial grid in numpy: all pairs of points that lie near each other, without a loop over the points."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

# Squares of half the radius: a neighbour is at most two squares away. Searched area: half of a 5 x 5 block, a
# third less than half of a 3 x 3 block of squares as wide as the radius.
_REACH: Final = 2


def near_pairs(
    x: NDArray[np.float64], y: NDArray[np.float64], radius: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """(i, j): every pair of rows whose distance is at most `radius`, each pair once, i != j, in no particular order.

    `x`, `y`: float64[n] holding integers below 2^24, so that squared distances are exact.
    """
    none = np.empty(0, np.intp)
    if x.size < 2:
        return none, none
    size = max(1, -(-radius // _REACH))
    col = ((x - x.min()) // size).astype(np.int32)
    row = ((y - y.min()) // size).astype(np.int32)
    # Empty columns on both sides and rows below, so that a block of squares never wraps round the border.
    stride = int(col.max()) + 1 + 2 * _REACH
    square = row * stride + (col + _REACH)
    count = (int(row.max()) + 1 + _REACH) * stride + _REACH + 1
    # A stable sort of 16-bit keys is a radix sort, several times faster.
    order = np.argsort(square.astype(np.uint16) if count <= 1 << 16 else square, kind="stable")
    square = square[order]
    first = np.zeros(count + 1, np.intp)
    np.cumsum(np.bincount(square, minlength=count), out=first[1:])
    places = np.arange(x.size, dtype=np.intp)
    # In the sorted order the partners of a point are runs: the rest of its own row of squares, then the rows below.
    starts = [places + 1]
    ends = [first[square + (_REACH + 1)]]
    for below in range(1, _REACH + 1):
        starts.append(first[square + (below * stride - _REACH)])
        ends.append(first[square + (below * stride + _REACH + 1)])
    start = np.concatenate(starts)
    length = np.concatenate(ends) - start
    total = int(length.sum())
    if not total:
        return none, none
    one = np.repeat(np.tile(places, _REACH + 1), length)
    other = np.arange(total, dtype=np.intp)
    other += np.repeat(start - (np.cumsum(length) - length), length)
    # Both coordinates in one number: one gather instead of two.
    place = (x + 1j * y)[order]
    way = place[one]
    way -= place[other]
    near = np.flatnonzero(way.real**2 + way.imag**2 <= float(radius) ** 2)
    return order[one[near]], order[other[near]]
