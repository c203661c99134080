"""What bots do is repeatable, legal on the wire, and as busy as it says."""

from __future__ import annotations

from itertools import islice, pairwise

import pytest

from benchmarks.bots.behaviour import BEHAVIOURS, BREAK_S, STAY_S, TALK_S, Move, behaviour, stays
from protocol.constants import CLIENT_COURSE_END, GAIT_MASK

MOVING = sorted(set(BEHAVIOURS) - {"idle"})


def moves(name: str, seed: int, index: int, count: int = 200) -> list[Move]:
    return list(islice(behaviour(name, seed, index), count))


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_the_same_seed_makes_the_same_walk(name: str) -> None:
    assert moves(name, 7, 3) == moves(name, 7, 3)


@pytest.mark.parametrize("name", MOVING)
def test_every_bot_and_every_seed_walks_differently(name: str) -> None:
    walks = [moves(name, seed, index) for seed in (1, 2) for index in (0, 1)]
    assert all(a != b for i, a in enumerate(walks) for b in walks[i + 1 :])


@pytest.mark.parametrize("name", MOVING)
def test_a_client_may_send_every_course_and_each_is_a_change(name: str) -> None:
    courses = [move.course for move in moves(name, 1, 0, 500)]
    assert all(0 <= course < CLIENT_COURSE_END for course in courses)
    assert all(a != b for a, b in pairwise(courses))


def test_an_idle_bot_never_moves() -> None:
    assert moves("idle", 1, 0) == []


def test_half_of_the_office_walks_at_any_time_and_turns_every_half_to_two_seconds() -> None:
    walking = total = 0.0
    for index in range(200):
        time = 0.0
        course = 0
        for move in moves("office", 11, index, 60):
            if course & GAIT_MASK:
                assert 0.5 <= move.after <= 2.0
                walking += move.after
            time += move.after
            course = move.course
        total += time
    assert 0.45 < walking / total < 0.55


def test_in_a_conference_everyone_walks_in_breaks_and_nearly_everyone_stands_in_talks() -> None:
    walking = {"break": 0, "talk": 0}
    for index in range(100):
        time, course = 0.0, 0
        spans = []
        for move in moves("conference", 3, index, 80):
            spans.append((time, time + move.after, course & GAIT_MASK))
            time, course = time + move.after, move.course
        for what, at in (
            ("break", 4 * (BREAK_S + TALK_S) + BREAK_S / 2),
            ("talk", 4 * (BREAK_S + TALK_S) + BREAK_S + 6),
        ):
            walking[what] += any(begin <= at < end and gait for begin, end, gait in spans)
    assert walking["break"] > 90
    assert walking["talk"] < 20


def test_a_commuter_stays_a_while_in_each_room() -> None:
    found = list(islice(stays(1, 2), 100))
    assert found == list(islice(stays(1, 2), 100)) != list(islice(stays(1, 3), 100))
    assert STAY_S[0] <= min(found) < max(found) <= STAY_S[1]


def test_an_unknown_behaviour_is_an_error() -> None:
    with pytest.raises(KeyError):
        behaviour("dance", 1, 0)
