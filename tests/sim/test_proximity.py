"""Proximity pairs: by hand for the rules, and against an oracle that keeps a dictionary of all pairs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.proximity import Proximity

JOIN, LEAVE = 100, 150


class Room:
    """Avatars on a line, px; whoever is named in `silent` may not be linked, `areas` holds private areas."""

    def __init__(self, dwell: int) -> None:
        self.proximity = Proximity(JOIN, LEAVE, dwell)
        self.tick = 0

    def update(
        self, places: dict[int, int], silent: tuple[int, ...] = (), areas: dict[int, int] | None = None
    ) -> tuple[list[list[int]], list[list[int]]]:
        self.tick += 1
        ids = np.array(sorted(places), np.int64)
        joined, left = self.proximity.update(
            self.tick,
            ids,
            np.array([places[avatar] * 256 for avatar in sorted(places)], np.int32),
            np.zeros(ids.size, np.int32),
            np.array([avatar not in silent for avatar in sorted(places)], np.bool_),
            np.array([(areas or {}).get(avatar, 0) for avatar in sorted(places)], np.int32),
        )
        return joined.tolist(), left.tolist()


def test_a_pair_joins_after_it_was_near_for_the_dwell_time() -> None:
    room = Room(dwell=3)
    assert [room.update({1: 0, 2: 100}) for _ in range(5)] == [([], []), ([], []), ([], []), ([[1, 2]], []), ([], [])]


def test_a_pair_that_parts_before_the_dwell_time_starts_again() -> None:
    room = Room(dwell=2)
    room.update({1: 0, 2: 100})
    room.update({1: 0, 2: 100})
    assert room.update({1: 0, 2: 101}) == ([], [])
    assert [room.update({1: 0, 2: 100})[0] for _ in range(3)] == [[], [], [[1, 2]]]


def test_a_pair_holds_between_the_radii_and_leaves_after_the_dwell_time_beyond_the_larger() -> None:
    room = Room(dwell=2)
    for _ in range(3):
        room.update({1: 0, 2: 90})
    assert [room.update({1: 0, 2: 150}) for _ in range(4)] == [([], [])] * 4
    assert [room.update({1: 0, 2: 151})[1] for _ in range(4)] == [[], [], [[1, 2]], []]


def test_coming_back_within_the_leave_radius_stops_the_clock() -> None:
    room = Room(dwell=2)
    for _ in range(3):
        room.update({1: 0, 2: 90})
    room.update({1: 0, 2: 151})
    room.update({1: 0, 2: 151})
    room.update({1: 0, 2: 149})
    assert [room.update({1: 0, 2: 151})[1] for _ in range(3)] == [[], [], [[1, 2]]]


def test_without_dwell_pairs_follow_the_radii_at_once() -> None:
    room = Room(dwell=0)
    assert room.update({1: 0, 2: 100}) == ([[1, 2]], [])
    assert room.update({1: 0, 2: 151}) == ([], [[1, 2]])


def test_whoever_leaves_the_room_ends_its_pairs_at_once() -> None:
    room = Room(dwell=3)
    for _ in range(4):
        room.update({1: 0, 2: 50, 3: 90})
    assert room.update({1: 0, 3: 90}) == ([], [[1, 2], [2, 3]])
    assert room.proximity.pairs().tolist() == [[1, 3]]


def test_whoever_falls_silent_ends_its_pairs_at_once_and_gets_none() -> None:
    room = Room(dwell=1)
    room.update({1: 0, 2: 50})
    room.update({1: 0, 2: 50})
    assert room.update({1: 0, 2: 50}, silent=(2,)) == ([], [[1, 2]])
    assert [room.update({1: 0, 2: 50}, silent=(2,)) for _ in range(3)] == [([], [])] * 3


def test_inside_one_private_area_all_are_near_whatever_the_distance() -> None:
    room = Room(dwell=1)
    areas = {1: 7, 2: 7, 3: 7, 4: 8}
    room.update({1: 0, 2: 5000, 3: 9000, 4: 9000}, areas=areas)
    assert room.update({1: 0, 2: 5000, 3: 9000, 4: 9000}, areas=areas)[0] == [[1, 2], [1, 3], [2, 3]]


def test_a_private_area_cuts_off_at_once_who_is_on_the_other_side() -> None:
    room = Room(dwell=1)
    for _ in range(2):
        room.update({1: 0, 2: 50})
    assert room.update({1: 0, 2: 50}, areas={2: 7}) == ([], [[1, 2]])


def test_people_of_two_areas_are_never_near_however_close() -> None:
    room = Room(dwell=0)
    assert room.update({1: 0, 2: 1, 3: 2}, areas={1: 7, 2: 8}) == ([], [])


@pytest.mark.parametrize(("join", "leave", "dwell"), [(0, 10, 1), (11, 10, 1), (5, 10, -1)])
def test_radii_and_dwell_that_make_no_sense_are_refused(join: int, leave: int, dwell: int) -> None:
    with pytest.raises(ValueError, match="must"):
        Proximity(join, leave, dwell)


class Oracle:
    """The same rules, pair by pair."""

    def __init__(self, join: int, leave: int, dwell: int) -> None:
        self.join, self.leave, self.dwell = join * 256, leave * 256, dwell
        self.waiting: dict[tuple[int, int], int] = {}
        self.linked: dict[tuple[int, int], int | None] = {}

    def update(
        self, tick: int, ids: list[int], x: list[int], y: list[int], eligible: list[bool], area: list[int]
    ) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        row = {avatar: index for index, avatar in enumerate(ids)}
        joined, left = [], []
        pairs = {(a, b) for a in ids for b in ids if a < b} | self.linked.keys()
        for pair in sorted(pairs):
            i, j = (row.get(avatar, -1) for avatar in pair)
            possible = i >= 0 and j >= 0 and eligible[i] and eligible[j] and area[i] == area[j]
            squared = (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2
            together = possible and area[i] > 0
            if pair in self.linked:
                if together or (possible and squared <= self.leave**2):
                    self.linked[pair] = None
                    continue
                since = self.linked[pair]
                self.linked[pair] = since = tick if since is None else since
                if not possible or tick - since >= self.dwell:
                    del self.linked[pair]
                    left.append(pair)
            elif together or (possible and squared <= self.join**2):
                if tick - self.waiting.setdefault(pair, tick) >= self.dwell:
                    del self.waiting[pair]
                    self.linked[pair] = None
                    joined.append(pair)
            else:
                self.waiting.pop(pair, None)
        self.waiting = {pair: since for pair, since in self.waiting.items() if pair in pairs}
        return joined, left


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 2**32 - 1), dwell=st.integers(0, 4), people=st.integers(2, 25), every=st.integers(1, 4))
def test_random_walks_agree_with_the_oracle(seed: int, dwell: int, people: int, every: int) -> None:
    """The oracle measures when distances are due, and when somebody came, went, fell silent or changed the area."""
    rng = np.random.default_rng(seed)
    proximity, oracle = Proximity(JOIN, LEAVE, dwell, every), Oracle(JOIN, LEAVE, dwell)
    measured: list[list[int]] | None = None
    everyone: NDArray[np.int64] = np.sort(rng.choice(np.arange(1, 200), people, replace=False))
    x = rng.integers(0, 600 * 256, people)
    y = rng.integers(0, 300 * 256, people)
    eligible = np.ones(people, np.bool_)
    area = np.zeros(people, np.int32)
    present = np.ones(people, np.bool_)
    for tick in range(1, 40):
        if rng.random() < 0.8:  # else nobody moves
            x = np.clip(x + rng.integers(-12_000, 12_001, people), 0, 600 * 256)
            y = np.clip(y + rng.integers(-12_000, 12_001, people), 0, 300 * 256)
        if rng.random() < 0.5:
            eligible ^= rng.random(people) < 0.06
            present ^= rng.random(people) < 0.06
            area = np.where(rng.random(people) < 0.1, rng.integers(0, 3, people), area).astype(np.int32)
        now = [everyone[present], x[present], y[present], eligible[present], area[present]]
        joined, left = proximity.update(
            tick, now[0], now[1].astype(np.int32), now[2].astype(np.int32), now[3], now[4].astype(np.int32)
        )
        who = [now[0].tolist(), now[3].tolist(), now[4].tolist()]
        expected: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
        if tick % every == 0 or who != measured:
            expected = oracle.update(tick, *(column.tolist() for column in now))
            measured = who
        assert ([tuple(pair) for pair in joined.tolist()], [tuple(pair) for pair in left.tolist()]) == expected
        assert [tuple(pair) for pair in proximity.pairs().tolist()] == sorted(oracle.linked)
