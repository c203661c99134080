from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.kernel import Kinematics
from sim.raster import Raster

KIN = Kinematics.for_rate(30)


def ints(*values: int) -> NDArray[np.int32]:
    return np.array(values, np.int32)


def is_free(solid: NDArray[np.bool_], x: int, y: int, kin: Kinematics) -> bool:
    """Cell by cell."""
    for row in range((y - kin.half_h) >> 11, ((y + kin.half_h - 1) >> 11) + 1):
        for col in range((x - kin.half_w) >> 11, ((x + kin.half_w - 1) >> 11) + 1):
            if not (0 <= row < solid.shape[0] and 0 <= col < solid.shape[1]) or solid[row, col]:
                return False
    return True


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 2**32 - 1), half_w=st.integers(1, 6000), half_h=st.integers(1, 6000))
def test_box_is_free_looks_at_every_cell_the_box_touches(seed: int, half_w: int, half_h: int) -> None:
    rng = np.random.default_rng(seed)
    solid = rng.random((12, 17)) < 0.08
    kin = Kinematics(1, 1, half_w, half_h)
    x = rng.integers(-4000, 40_000, 100).astype(np.int32)
    y = rng.integers(-4000, 30_000, 100).astype(np.int32)
    expected = [is_free(solid, *place, kin) for place in zip(x.tolist(), y.tolist(), strict=True)]
    assert Raster(solid).box_is_free(x, y, kin).tolist() == expected


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 2**32 - 1))
def test_after_any_doors_the_tables_are_those_of_a_raster_built_afresh(seed: int) -> None:
    rng = np.random.default_rng(seed)
    base = rng.random((20, 30)) < 0.1
    raster, expected = Raster(base), base.copy()
    for _ in range(20):
        x, y = int(rng.integers(0, 29)), int(rng.integers(0, 19))
        w, h = int(rng.integers(1, 31 - x)), int(rng.integers(1, 21 - y))
        shut = bool(rng.integers(0, 2))
        raster.set_rect((x * 8, y * 8, w * 8, h * 8), shut)
        expected[y : y + h, x : x + w] = True if shut else base[y : y + h, x : x + w]
    fresh = Raster(expected)
    assert (raster.solid == expected).all()
    places_x = rng.integers(0, 30 << 11, 300).astype(np.int32)
    places_y = rng.integers(0, 20 << 11, 300).astype(np.int32)
    line = (places_x >> 11, places_y >> 11, (places_y >> 11) + 2)
    assert (raster.column_blocked(*line) == fresh.column_blocked(*line)).all()
    line = (places_y >> 11, places_x >> 11, (places_x >> 11) + 2)
    assert (raster.row_blocked(*line) == fresh.row_blocked(*line)).all()


def test_everything_outside_the_map_is_solid() -> None:
    raster = Raster(np.zeros((5, 5), np.bool_))
    assert raster.column_blocked(ints(-1, 5, -900, 900, 2), ints(2, 2, 2, 2, 2), ints(2, 2, 2, 2, 2)).tolist() == [
        True,
        True,
        True,
        True,
        False,
    ]


def test_a_raster_does_not_change_the_cells_it_was_made_from() -> None:
    base = np.zeros((4, 4), np.bool_)
    Raster(base).set_rect((0, 0, 8, 8), True)
    assert not base.any()


@pytest.mark.parametrize("rect", [(-8, 0, 8, 8), (0, 0, 48, 8), (4, 0, 8, 8), (0, 0, 0, 8), (0, 32, 8, 16)])
def test_a_rectangle_off_the_map_or_off_the_grid_is_refused(rect: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="rectangle"):
        Raster(np.zeros((5, 5), np.bool_)).set_rect(rect, True)


@pytest.mark.parametrize("shape", [(0, 4), (4, 0), (4,), (9000, 1)])
def test_a_raster_without_a_sensible_size_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="cells on each side"):
        Raster(np.zeros(shape, np.bool_))


def test_nearest_free_is_the_place_itself_if_that_is_free() -> None:
    assert Raster(np.zeros((10, 10), np.bool_)).nearest_free(9999, 9998, KIN) == (9999, 9998)


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 2**32 - 1), density=st.sampled_from([0.2, 0.5, 0.97]))
def test_nearest_free_is_the_nearest_cell_centre_with_room(seed: int, density: float) -> None:
    rng = np.random.default_rng(seed)
    solid = rng.random((30, 40)) < density
    solid[25:29, 34:39] = False
    x, y = int(rng.integers(0, 40 << 11)), int(rng.integers(0, 30 << 11))
    found = Raster(solid).nearest_free(x, y, KIN)
    if is_free(solid, x, y, KIN):
        assert found == (x, y)
        return
    centres = [(col * 2048 + 1024, row * 2048 + 1024) for row in range(30) for col in range(40)]
    free = [place for place in centres if is_free(solid, *place, KIN)]
    assert found == min(free, key=lambda place: ((place[0] - x) ** 2 + (place[1] - y) ** 2, place[1], place[0]))


def test_nearest_free_takes_a_place_far_outside_the_map_for_its_border() -> None:
    assert Raster(np.zeros((10, 10), np.bool_)).nearest_free(-(10**6), 10**6, KIN) == (3072, 8 * 2048 + 1024)


def test_a_map_without_room_for_an_avatar_says_so() -> None:
    with pytest.raises(ValueError, match="no place"):
        Raster(np.ones((10, 10), np.bool_)).nearest_free(5000, 5000, KIN)
