"""Homes, interest sets and what passes between two of them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from server.rooms.interest import Interest, Runs

CELL = 256 * 256  # one cell of 256 px in 1/256 px


def cells_of(runs: Runs) -> set[int]:
    return {cell for start, end in runs for cell in range(start, end)}


def large_room() -> Interest:
    interest = Interest(width_px=3200, height_px=3200, cell_px=256, radius_px=512)
    assert (interest.cols, interest.rows, interest.radius) == (13, 13, 2)
    return interest


def rehome(interest: Interest, home: int, x: int, y: int) -> int:
    return int(interest.rehome(np.array([home], np.int32), np.array([x], np.int32), np.array([y], np.int32))[0])


def test_a_newcomer_is_at_home_in_the_cell_it_stands_in() -> None:
    assert rehome(large_room(), -1, 3 * CELL + 5, 2 * CELL + 5) == 2 * 13 + 3


def test_a_home_is_kept_until_half_a_cell_outside() -> None:
    interest = large_room()
    home = 2 * 13 + 3
    assert rehome(interest, home, 4 * CELL + CELL // 2 - 1, 2 * CELL) == home
    assert rehome(interest, home, 4 * CELL + CELL // 2, 2 * CELL) == home + 1
    assert rehome(interest, home, 3 * CELL - CELL // 2, 2 * CELL) == home
    assert rehome(interest, home, 3 * CELL - CELL // 2 - 1, 2 * CELL) == home - 1


def test_a_small_room_is_one_interest_set_with_one_home_for_all() -> None:
    interest = Interest(width_px=50 * 32, height_px=36 * 32, cell_px=256, radius_px=512)
    assert interest.covers_all
    assert rehome(interest, -1, 6 * CELL, 4 * CELL) == 0
    assert cells_of(interest.whole(0)) == set(range(interest.cells))
    assert interest.coverage(0, 0).border == ()


def test_an_interest_set_is_the_square_around_home_cut_at_the_map() -> None:
    interest = large_room()
    assert cells_of(interest.whole(0)) == {row * 13 + col for row in range(3) for col in range(3)}
    assert len(interest.whole(6 * 13 + 6)) == 5


@given(st.integers(0, 168), st.integers(0, 168))
def test_coverage_splits_the_interest_set_into_kept_and_fresh(before: int, now: int) -> None:
    interest = large_room()
    cover = interest.coverage(before, now)
    kept, fresh = cells_of(cover.kept), cells_of(cover.fresh)
    assert kept | fresh == cells_of(interest.whole(now))
    assert not kept & fresh
    assert kept == cells_of(interest.whole(before)) & cells_of(interest.whole(now))


@given(st.integers(0, 168), st.integers(0, 168))
def test_the_border_is_where_somebody_unknown_may_walk_in(before: int, now: int) -> None:
    interest = large_room()
    cover = interest.coverage(before, now)
    kept, border = cells_of(cover.kept), cells_of(cover.border)
    for cell in kept:
        row, col = divmod(cell, 13)
        around = {
            r * 13 + c
            for r in range(max(0, row - 1), min(13, row + 2))
            for c in range(max(0, col - 1), min(13, col + 2))
        }
        assert (cell in border) == (not around <= kept)
