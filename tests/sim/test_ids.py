from __future__ import annotations

from itertools import product

import pytest

from sim.ids import IdPool


def test_ids_are_given_lowest_first_and_run_out() -> None:
    pool = IdPool(3)
    assert [pool.take(0) for _ in range(4)] == [1, 2, 3, None]


def test_an_id_rests_for_exactly_as_long_as_it_should() -> None:
    pool = IdPool(1, rest_ticks=64)
    assert pool.take(0) == 1
    pool.give_back(1, 100)
    assert pool.take(163) is None
    assert pool.take(164) == 1


def test_the_lowest_rested_id_goes_first_whatever_the_order_of_return() -> None:
    pool = IdPool(3, rest_ticks=0)
    for _ in range(3):
        pool.take(0)
    for avatar in (3, 1, 2):
        pool.give_back(avatar, 1)
    assert [pool.take(1) for _ in range(3)] == [1, 2, 3]


def test_every_short_history_agrees_with_a_plain_list() -> None:
    """All sequences of seven actions on a pool of three ids that rest two ticks; every action takes a tick."""
    for actions in product(("take", "return first", "return last", "wait"), repeat=7):
        pool, taken = IdPool(3, rest_ticks=2), []
        available_at = {1: 0, 2: 0, 3: 0}
        for tick, action in enumerate(actions):
            if action == "take":
                expected = min((a for a, at in available_at.items() if at <= tick), default=None)
                assert pool.take(tick) == expected, actions
                if expected is not None:
                    del available_at[expected]
                    taken.append(expected)
            elif action != "wait" and taken:
                avatar = taken.pop(0 if action == "return first" else -1)
                pool.give_back(avatar, tick)
                available_at[avatar] = tick + 2
            assert len(pool) == len(taken)


def test_an_id_that_is_not_taken_cannot_be_given_back() -> None:
    pool = IdPool(2)
    pool.take(0)
    pool.give_back(1, 0)
    for avatar in (0, 1, 2, 3):
        with pytest.raises(ValueError, match="not taken"):
            pool.give_back(avatar, 0)


def test_time_does_not_run_backwards() -> None:
    pool = IdPool(2)
    pool.take(0)
    pool.take(0)
    pool.give_back(1, 10)
    with pytest.raises(ValueError, match="before tick 10"):
        pool.give_back(2, 9)


@pytest.mark.parametrize(("capacity", "rest"), [(0, 64), (65_536, 64), (5, -1)])
def test_a_pool_that_makes_no_sense_is_refused(capacity: int, rest: int) -> None:
    with pytest.raises(ValueError, match="must"):
        IdPool(capacity, rest)
