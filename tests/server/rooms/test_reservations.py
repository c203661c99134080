"""Places for people on their way."""

from __future__ import annotations

from uuid import UUID

from server.rooms.reservations import SLACK_S, Reservations

ROOM, OTHER = UUID(int=1), UUID(int=2)
ANN, BEN, CAY = (UUID(int=10 + number) for number in range(3))


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_people_on_their_way_count_as_if_they_were_inside() -> None:
    kept = Reservations(30, Clock())
    assert kept.take(ROOM, ANN, 2, 1, {CAY})
    assert not kept.take(ROOM, BEN, 2, 1, {CAY})
    assert kept.take(OTHER, BEN, 2, 0, ())


def test_who_asks_again_or_is_inside_gets_no_second_place() -> None:
    kept = Reservations(30, Clock())
    assert kept.take(ROOM, ANN, 2, 0, ())
    assert kept.take(ROOM, ANN, 2, 0, ())
    assert kept.take(ROOM, BEN, 2, 0, ())
    assert kept.take(ROOM, CAY, 2, 2, {CAY, UUID(int=99)}), "who is inside may come back, also to a full room"


def test_a_place_is_free_again_when_the_ticket_runs_out_or_is_given_up() -> None:
    clock = Clock()
    kept = Reservations(30, clock)
    assert kept.take(ROOM, ANN, 1, 0, ())
    clock.now += 30 + SLACK_S - 0.1
    assert not kept.take(ROOM, BEN, 1, 0, ())
    clock.now += 0.2
    assert kept.take(ROOM, BEN, 1, 0, ())
    kept.release(ROOM, BEN)
    kept.release(ROOM, BEN)
    assert kept.take(ROOM, CAY, 1, 0, ())


def test_a_place_of_somebody_who_came_is_counted_once() -> None:
    kept = Reservations(30, Clock())
    assert kept.take(ROOM, ANN, 2, 0, ())
    assert kept.take(ROOM, BEN, 2, 1, {ANN})
    assert not kept.take(ROOM, CAY, 2, 1, {ANN})


def test_nothing_is_remembered_of_those_who_did_not_come() -> None:
    clock = Clock()
    kept = Reservations(30, clock)
    kept.take(ROOM, ANN, 1, 0, ())
    clock.now += 60
    kept.sweep()
    assert kept._until == {}
