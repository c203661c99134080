"""The kernel against STANDARD.md section 4.2, written out plainly here for one avatar at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.kernel import Kinematics, advance
from sim.raster import Raster

C = [256, 237, 181, 98, 0, -98, -181, -237, -256, -237, -181, -98, 0, 98, 181, 237]


def reference_tick(solid: NDArray[np.bool_], kin: Kinematics, x: int, y: int, course: int) -> tuple[int, int]:
    """One tick of one avatar, step by step as the page has it."""
    gait = course >> 4 & 3
    if gait not in (1, 2):
        return x, y
    v = kin.walk if gait == 1 else kin.run

    def is_solid(col: int, row: int) -> bool:
        return not (0 <= row < solid.shape[0] and 0 <= col < solid.shape[1]) or bool(solid[row, col])

    def sign(value: int) -> int:
        return (value > 0) - (value < 0)

    cx, cy = C[course & 15], C[((course & 15) + 12) % 16]
    dx, dy = sign(cx) * ((v * abs(cx) + 128) >> 8), sign(cy) * ((v * abs(cy) + 128) >> 8)
    n = max(1, (v + 2047) >> 11)
    for i in range(n):
        m = abs(dx) * (i + 1) // n - abs(dx) * i // n
        rows = range((y - kin.half_h) >> 11, ((y + kin.half_h - 1) >> 11) + 1)
        if m > 0 and dx > 0:
            col = (x + m + kin.half_w - 1) >> 11
            x = (col << 11) - kin.half_w if any(is_solid(col, row) for row in rows) else x + m
        elif m > 0:
            col = (x - m - kin.half_w) >> 11
            x = ((col + 1) << 11) + kin.half_w if any(is_solid(col, row) for row in rows) else x - m
        m = abs(dy) * (i + 1) // n - abs(dy) * i // n
        cols = range((x - kin.half_w) >> 11, ((x + kin.half_w - 1) >> 11) + 1)
        if m > 0 and dy > 0:
            row = (y + m + kin.half_h - 1) >> 11
            y = (row << 11) - kin.half_h if any(is_solid(col, row) for col in cols) else y + m
        elif m > 0:
            row = (y - m - kin.half_h) >> 11
            y = ((row + 1) << 11) + kin.half_h if any(is_solid(col, row) for col in cols) else y - m
    return x, y


kinematics = st.one_of(
    st.builds(Kinematics.for_rate, st.integers(10, 60)),
    st.builds(
        Kinematics, st.integers(0, 9000), st.integers(0, 9000), half_w=st.integers(1, 7000), half_h=st.integers(1, 7000)
    ),
)
seeds = st.integers(0, 2**32 - 1)


def random_solid(seed: int, density: float) -> NDArray[np.bool_]:
    rng = np.random.default_rng(seed)
    return rng.random((int(rng.integers(4, 40)), int(rng.integers(4, 40)))) < density


def one(value: int) -> NDArray[np.int32]:
    return np.array([value], np.int32)


@settings(deadline=None, max_examples=150)
@given(seed=seeds, density=st.sampled_from([0.0, 0.02, 0.1, 0.5]), kin=kinematics)
def test_the_vectorised_kernel_does_what_the_standard_says(seed: int, density: float, kin: Kinematics) -> None:
    solid = random_solid(seed, density)
    rng = np.random.default_rng(seed + 1)
    raster = Raster(solid)
    x = rng.integers(0, solid.shape[1] << 11, 60).astype(np.int32)
    y = rng.integers(0, solid.shape[0] << 11, 60).astype(np.int32)
    course = rng.integers(0, 128, 60).astype(np.uint8)
    for _ in range(3):
        expected = [
            reference_tick(solid, kin, *who) for who in zip(x.tolist(), y.tolist(), course.tolist(), strict=True)
        ]
        advance(raster, kin, x, y, course)
        assert list(zip(x.tolist(), y.tolist(), strict=True)) == expected


@settings(deadline=None, max_examples=100)
@given(seed=seeds, rate=st.integers(10, 60), density=st.sampled_from([0.01, 0.05, 0.2]))
def test_nobody_who_starts_on_free_floor_ever_stands_in_a_wall(seed: int, rate: int, density: float) -> None:
    raster = Raster(random_solid(seed, density))
    kin = Kinematics.for_rate(rate)
    rng = np.random.default_rng(seed)
    x = rng.integers(0, raster.width << 11, 200).astype(np.int32)
    y = rng.integers(0, raster.height << 11, 200).astype(np.int32)
    free = raster.box_is_free(x, y, kin)
    x, y = x[free], y[free]
    for _ in range(12):
        advance(raster, kin, x, y, rng.integers(0, 64, x.size).astype(np.uint8))
        assert raster.box_is_free(x, y, kin).all()


@settings(deadline=None, max_examples=60)
@given(
    walk_px_s=st.integers(1, 2000), rate=st.integers(10, 60), offset=st.integers(0, 2047), direction=st.integers(0, 15)
)
def test_nobody_passes_a_wall_one_cell_thick_at_any_speed(
    walk_px_s: int, rate: int, offset: int, direction: int
) -> None:
    solid = np.zeros((64, 64), np.bool_)
    solid[32, :] = solid[:, 32] = True
    raster = Raster(solid)
    kin = Kinematics.for_rate(rate, walk_px_s=walk_px_s, run_px_s=walk_px_s)
    x, y = one(14 * 2048 + offset), one(14 * 2048 + offset)
    for _ in range(120):
        advance(raster, kin, x, y, np.array([0x10 | direction], np.uint8))
    assert 0 < x[0] < 32 * 2048
    assert 0 < y[0] < 32 * 2048


def test_a_walk_into_a_wall_ends_touching_it() -> None:
    solid = np.zeros((8, 16), np.bool_)
    solid[:, 10] = True
    x, y = one(4 * 2048), one(4 * 2048)
    for _ in range(40):
        advance(Raster(solid), Kinematics.for_rate(30), x, y, np.array([0x10], np.uint8))
    assert (x[0], y[0]) == (10 * 2048 - 2304, 4 * 2048)


def test_a_walk_at_an_angle_slides_along_the_wall_at_its_own_pace() -> None:
    solid = np.zeros((8, 32), np.bool_)
    solid[6:, :] = True
    kin = Kinematics.for_rate(30)
    x, y = one(4 * 2048), one(6 * 2048 - 1280)
    for _ in range(10):
        advance(Raster(solid), kin, x, y, np.array([0x12], np.uint8))
    assert (x[0], y[0]) == (4 * 2048 + 10 * ((kin.walk * 181 + 128) >> 8), 6 * 2048 - 1280)


def test_a_way_that_is_clear_is_walked_back_to_the_same_place() -> None:
    raster = Raster(np.zeros((100, 100), np.bool_))
    kin = Kinematics.for_rate(13)
    for direction in range(16):
        x, y = one(100_000), one(100_000)
        advance(raster, kin, x, y, np.array([0x20 | direction], np.uint8))
        advance(raster, kin, x, y, np.array([0x20 | (direction + 8) % 16], np.uint8))
        assert (x[0], y[0]) == (100_000, 100_000)


@pytest.mark.parametrize("course", [0x00, 0x0F, 0x30, 0x3F, 0x40, 0x70])
def test_who_stands_or_sits_stays(course: int) -> None:
    x, y = one(5000), one(5000)
    advance(Raster(np.zeros((8, 8), np.bool_)), Kinematics.for_rate(10), x, y, np.array([course], np.uint8))
    assert (x[0], y[0]) == (5000, 5000)


def test_speeds_follow_the_tick_rate_rounded_down() -> None:
    assert Kinematics.for_rate(30) == Kinematics(walk=1092, run=1911, half_w=2304, half_h=1280)
    assert Kinematics.for_rate(60).walk == 546


@pytest.mark.parametrize(
    "wrong", [{"walk": -1, "run": 1}, {"walk": 1, "run": 1 << 17}, {"walk": 1, "run": 1, "half_w": 0}]
)
def test_kinematics_that_make_no_sense_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be"):
        Kinematics(**wrong)
