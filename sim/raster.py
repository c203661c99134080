"""The collision raster: which 8 px cells are solid (STANDARD.md section 4.2).

Beside the cells it keeps running sums along both axes, so that "is anything solid in this column between these rows"
is two look-ups for any box size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.kernel import Kinematics

UNITS_PER_PX: Final = 256
CELL_PX: Final = 8
CELL_SHIFT: Final = 11
MAX_CELLS: Final = 8192  # a position has 24 bits, 65,536 px

# One ring of solid cells round the map stands for everything outside: look-ups further out are clamped onto it.
_PAD: Final = 1


class Raster:
    """Solid cells of a map, with rectangles (doors) that come and go.

    `base`: bool[h, w], True = solid, without doors; it is copied. Outside is solid. ValueError on a wrong shape.
    """

    def __init__(self, base: NDArray[np.bool_]) -> None:
        if base.ndim != 2 or not (1 <= base.shape[0] <= MAX_CELLS and 1 <= base.shape[1] <= MAX_CELLS):
            raise ValueError(f"a raster is 1 to {MAX_CELLS} cells on each side, not {base.shape}")
        self.height, self.width = base.shape
        self._base = np.array(base, dtype=np.bool_)
        self._padded = np.pad(self._base, _PAD, constant_values=True)
        self.solid: NDArray[np.bool_] = self._padded[_PAD:-_PAD, _PAD:-_PAD]
        rows, cols = self._padded.shape
        # Running sums of solid cells along columns and along rows of the padded raster.
        self.down = np.zeros((rows + 1, cols), np.int16)
        self.right = np.zeros((rows, cols + 1), np.int16)
        self._sum_columns(slice(None))
        self._sum_rows(slice(None))
        # Flat views, because `take` on one index is twice as fast as indexing with two arrays.
        self._down_flat = self.down.reshape(-1)
        self._right_flat = self.right.reshape(-1)

    def set_rect(self, rect: tuple[int, int, int, int], solid: bool) -> None:
        """Make the cells of `rect` (x, y, w, h in px, multiples of 8, inside the map) solid, or as the map has them.

        Rectangles must not overlap each other: the one set last decides.
        """
        x, y, w, h = rect
        if any(side % CELL_PX for side in rect) or w <= 0 or h <= 0:
            raise ValueError(f"a rectangle needs multiples of {CELL_PX} px and some area, not {rect}")
        rows = slice(y // CELL_PX, (y + h) // CELL_PX)
        cols = slice(x // CELL_PX, (x + w) // CELL_PX)
        if x < 0 or y < 0 or rows.stop > self.height or cols.stop > self.width:
            raise ValueError(f"rectangle {rect} is outside the map")
        self.solid[rows, cols] = True if solid else self._base[rows, cols]
        self._sum_columns(slice(cols.start + _PAD, cols.stop + _PAD))
        self._sum_rows(slice(rows.start + _PAD, rows.stop + _PAD))

    def _sum_columns(self, cols: slice) -> None:
        np.cumsum(self._padded[:, cols], axis=0, dtype=np.int16, out=self.down[1:, cols])

    def _sum_rows(self, rows: slice) -> None:
        np.cumsum(self._padded[rows], axis=1, dtype=np.int16, out=self.right[rows, 1:])

    def column_blocked(
        self, col: NDArray[np.int32], first: NDArray[np.int32], last: NDArray[np.int32]
    ) -> NDArray[np.bool_]:
        """bool[n]: is a cell of column `col` solid from row `first` to row `last`, both included? All int32[n]."""
        stride = self.width + 2 * _PAD
        line = _clamp(col, self.width)
        above = _clamp(first, self.height) * stride + line
        below = (_clamp(last, self.height) + 1) * stride + line
        blocked: NDArray[np.bool_] = self._down_flat.take(below) != self._down_flat.take(above)
        return blocked

    def row_blocked(
        self, row: NDArray[np.int32], first: NDArray[np.int32], last: NDArray[np.int32]
    ) -> NDArray[np.bool_]:
        """As `column_blocked`, for cells of row `row` from column `first` to column `last`."""
        line = _clamp(row, self.height) * (self.width + 2 * _PAD + 1)
        before = line + _clamp(first, self.width)
        behind = line + _clamp(last, self.width) + 1
        blocked: NDArray[np.bool_] = self._right_flat.take(behind) != self._right_flat.take(before)
        return blocked

    def box_is_free(self, x: NDArray[np.int32], y: NDArray[np.int32], kin: Kinematics) -> NDArray[np.bool_]:
        """bool[n]: does a feet box at (x, y), int32[n] in 1/256 px, touch no solid cell?"""
        top = (y - kin.half_h) >> CELL_SHIFT
        bottom = (y + kin.half_h - 1) >> CELL_SHIFT
        left = (x - kin.half_w) >> CELL_SHIFT
        right = (x + kin.half_w - 1) >> CELL_SHIFT
        free = np.ones(x.shape, np.bool_)
        for offset in range(((2 * kin.half_w - 1) >> CELL_SHIFT) + 2):
            free &= ~self.column_blocked(np.minimum(left + offset, right), top, bottom)
        return free

    def nearest_free(self, x: int, y: int, kin: Kinematics) -> tuple[int, int]:
        """The place itself if a box is free there, else the nearest cell centre where it is (ties: upper, then left).

        1/256 px. ValueError if the map has no such place at all.
        """
        x = min(max(x, 0), (self.width << CELL_SHIFT) - 1)
        y = min(max(y, 0), (self.height << CELL_SHIFT) - 1)
        if self.box_is_free(np.array([x], np.int32), np.array([y], np.int32), kin)[0]:
            return x, y
        col, row = x >> CELL_SHIFT, y >> CELL_SHIFT
        reach = 8
        while True:
            found = self._nearest_centre(x, y, col, row, reach, kin)
            # Beyond `reach` cells a nearer place may hide outside the square that was searched.
            if found is not None and (found[2] <= (reach << CELL_SHIFT) ** 2 or reach >= max(self.width, self.height)):
                return found[0], found[1]
            if reach >= max(self.width, self.height):
                raise ValueError("the map has no place where an avatar can stand")
            reach *= 4

    def _nearest_centre(
        self, x: int, y: int, col: int, row: int, reach: int, kin: Kinematics
    ) -> tuple[int, int, int] | None:
        cols = np.arange(max(0, col - reach), min(self.width, col + reach + 1), dtype=np.int32)
        rows = np.arange(max(0, row - reach), min(self.height, row + reach + 1), dtype=np.int32)
        centre_y, centre_x = (
            axis.reshape(-1) for axis in np.meshgrid(*((a << CELL_SHIFT) + 1024 for a in (rows, cols)), indexing="ij")
        )
        free = self.box_is_free(centre_x, centre_y, kin)
        if not free.any():
            return None
        centre_x, centre_y = centre_x[free], centre_y[free]
        distance = (centre_x.astype(np.int64) - x) ** 2 + (centre_y.astype(np.int64) - y) ** 2
        best = int(np.argmin(distance))
        return int(centre_x[best]), int(centre_y[best]), int(distance[best])


def _clamp(index: NDArray[np.int32], size: int) -> NDArray[np.int32]:
    """Cell indices onto the padded axis: everything outside the map falls on the solid ring."""
    clamped: NDArray[np.int32] = np.minimum(np.maximum(index, -_PAD), size) + _PAD
    return clamped
