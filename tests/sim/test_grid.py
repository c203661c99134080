from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.grid import near_pairs


@settings(deadline=None, max_examples=200)
@given(
    seed=st.integers(0, 2**32 - 1),
    people=st.integers(0, 60),
    width=st.sampled_from([1, 300, 4000, 2**24 - 1]),
    radius=st.one_of(st.integers(1, 1500), st.just(144 * 256)),
)
def test_the_grid_finds_exactly_the_pairs_within_the_radius_each_once(
    seed: int, people: int, width: int, radius: int
) -> None:
    radius = max(radius, width // 500)
    rng = np.random.default_rng(seed)
    x = rng.integers(0, width, people).astype(np.float64)
    y = rng.integers(0, width, people).astype(np.float64)
    one, other = near_pairs(x, y, radius)
    found = [tuple(sorted(pair)) for pair in zip(one.tolist(), other.tolist(), strict=True)]
    expected = [
        (i, j)
        for i in range(people)
        for j in range(i + 1, people)
        if (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2 <= radius**2
    ]
    assert sorted(found) == expected


@pytest.mark.parametrize("radius", [1, 2, 5, 144 * 256])
@pytest.mark.parametrize("angle", [(1, 0), (0, 1), (-1, 0), (0, -1)])
def test_a_pair_at_exactly_the_radius_is_near_and_one_unit_further_is_not(radius: int, angle: tuple[int, int]) -> None:
    def pairs(distance: int) -> int:
        x, y = np.array([10**6, 10**6 + angle[0] * distance]), np.array([10**6, 10**6 + angle[1] * distance])
        return near_pairs(x.astype(np.float64), y.astype(np.float64), radius)[0].size

    assert (pairs(radius), pairs(radius + 1)) == (1, 0)
