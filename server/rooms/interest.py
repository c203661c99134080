"""Which cells a client hears about: its home cell and the square of cells around it.

Cells are numbered row by row, so a square of cells is a handful of contiguous runs, and so are the rows of a table
that is sorted by cell. Everything that depends only on two homes is worked out once and kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SMALL_ROOM_CELLS = 48
"""A room of at most this many cells is one interest set: everybody shares the same bytes."""

UNITS_PER_PX = 256

Runs = tuple[tuple[int, int], ...]
"""Half-open ranges of cell numbers, ascending."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a client at `home` can be told, given that its baseline was taken at another home.

    kept: cells covered then and now: the delta suffices.
    border: those of `kept` that somebody may have entered from a cell that was not covered.
    fresh: cells covered only now: sent whole.
    """

    kept: Runs
    border: Runs
    fresh: Runs


class Interest:
    """The cells of one map and the interest sets in it.

    `cell_px` is the side of a cell, `radius_px` how far a client hears about others; both in px.
    """

    def __init__(self, width_px: int, height_px: int, cell_px: int, radius_px: int) -> None:
        self.cell_px = cell_px
        self.cols = -(-width_px // cell_px)
        self.rows = -(-height_px // cell_px)
        self.covers_all = self.cols * self.rows <= SMALL_ROOM_CELLS
        self.radius = max(self.cols, self.rows) if self.covers_all else -(-radius_px // cell_px)
        self._windows = self._make_windows()
        self._coverage: dict[tuple[int, int], Coverage] = {}
        self._whole: dict[int, Runs] = {}

    @property
    def cells(self) -> int:
        """How many cells the map has."""
        return self.cols * self.rows

    def rehome(self, home: NDArray[np.int32], x: NDArray[np.int32], y: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the homes for avatars at (x, y) (1/256 px) that had `home` (-1: none yet).

        A home is kept until the avatar is more than half a cell outside it, so that walking along a border does not
        change it every few steps. A small room has one home for all.
        """
        if self.covers_all:
            return np.zeros_like(home)
        size = self.cell_px * UNITS_PER_PX
        slack = size // 2
        left = (home % self.cols) * size
        top = (home // self.cols) * size
        outside = (x < left - slack) | (x >= left + size + slack) | (y < top - slack) | (y >= top + size + slack)
        cell = (y // size) * self.cols + x // size
        return np.where(outside | (home < 0), cell, home).astype(np.int32)

    def whole(self, home: int) -> Runs:
        """The interest set of `home`."""
        runs = self._whole.get(home)
        if runs is None:
            runs = self._whole[home] = self._runs(self._square(home))
        return runs

    def coverage(self, base_home: int, home: int) -> Coverage:
        """What changes hands between a baseline taken at `base_home` and a snapshot at `home`."""
        key = (base_home, home)
        found = self._coverage.get(key)
        if found is None:
            before, now = self._square(base_home), self._square(home)
            kept = before & now
            border = {cell for cell in kept if not self._neighbours(cell) <= kept}
            found = self._coverage[key] = Coverage(self._runs(kept), self._runs(border), self._runs(now - before))
        return found

    def counter(
        self, inside: NDArray[np.integer] | None, at_border: NDArray[np.integer] | None
    ) -> Callable[[NDArray[np.int32]], NDArray[np.bool_]]:
        """What answers, for int32[n] homes that were kept, bool[n]: is there anything in their interest sets?

        inside, at_border: int[cells], how many things are in each cell; those at the border count only in cells that
        somebody may have entered from a cell outside the set. None: nothing anywhere.
        """
        parts = [
            (self._summed(counts), windows)
            for counts, windows in ((inside, self._windows[:1]), (at_border, self._windows))
            if counts is not None
        ]

        def anything(homes: NDArray[np.int32]) -> NDArray[np.bool_]:
            found = np.zeros(len(homes), np.int64)
            for sums, (outer, *inner) in parts:
                found += _within(sums, outer[:, homes])
                for window in inner:
                    found -= _within(sums, window[:, homes])
            return found > 0

        return anything

    def _summed(self, counts: NDArray[np.integer]) -> NDArray[np.int64]:
        """int64[rows + 1, cols + 1]: for each corner, how many things lie above and left of it."""
        sums = np.zeros((self.rows + 1, self.cols + 1), np.int64)
        np.cumsum(np.cumsum(counts.reshape(self.rows, self.cols), axis=0), axis=1, out=sums[1:, 1:])
        return sums

    def _make_windows(self) -> list[NDArray[np.intp]]:
        """By home, intp[4, cells]: (top, bottom, left, right) of its set, half open; and of that set without its
        border. Where the map ends nobody can come in, so there is no border."""
        row, col = np.divmod(np.arange(self.cells), self.cols)
        top, bottom = np.maximum(0, row - self.radius), np.minimum(self.rows, row + self.radius + 1)
        left, right = np.maximum(0, col - self.radius), np.minimum(self.cols, col + self.radius + 1)
        inner = (top + (top > 0), bottom - (bottom < self.rows), left + (left > 0), right - (right < self.cols))
        return [np.stack((top, bottom, left, right)), np.stack(inner)]

    def _square(self, home: int) -> set[int]:
        row, col = divmod(home, self.cols)
        return self._block(row, col, self.radius)

    def _neighbours(self, cell: int) -> set[int]:
        row, col = divmod(cell, self.cols)
        return self._block(row, col, 1)

    def _block(self, row: int, col: int, radius: int) -> set[int]:
        rows = range(max(0, row - radius), min(self.rows, row + radius + 1))
        cols = range(max(0, col - radius), min(self.cols, col + radius + 1))
        return {r * self.cols + c for r in rows for c in cols}

    @staticmethod
    def _runs(cells: set[int]) -> Runs:
        runs: list[tuple[int, int]] = []
        for cell in sorted(cells):
            if runs and runs[-1][1] == cell:
                runs[-1] = (runs[-1][0], cell + 1)
            else:
                runs.append((cell, cell + 1))
        return tuple(runs)


def _within(sums: NDArray[np.int64], window: NDArray[np.intp]) -> NDArray[np.int64]:
    """int64[n]: how many things lie in each window, intp[4, n] (top, bottom, left, right)."""
    top, bottom, left, right = window
    found: NDArray[np.int64] = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    return found
