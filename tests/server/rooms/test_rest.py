"""Whoever does not look gets heartbeats, and everything else at once (STANDARD.md section 3.8). Virtual time."""

from __future__ import annotations

import itertools

from protocol.constants import WALKER_FEATURES, Feature
from protocol.messages import Act, ClientMessage, Door, Joined, Ping, Pong, Rest, Snapshot, Welcome
from server.rooms.lanes import RoomLanes
from tests.server.rooms.people import RATE, House, Person

WALK = 0x10
FEATURES = int(WALKER_FEATURES | Feature.REST)
HEARTBEAT = RATE // 2


def house(**settings: object) -> House:
    return House(make_parts=lambda _, metrics: [lambda room: RoomLanes(room, metrics)], **settings)


def snapshots(person: Person) -> list[Snapshot]:
    return [message for message in person.heard() if isinstance(message, Snapshot)]


def pace(house: House, walker: Person, ticks: int) -> None:
    """Time in which every tick has news."""
    for tick in range(ticks):
        walker.walk(WALK | tick % 2 * 8)
        house.tick()


def two(house: House) -> tuple[Person, Person]:
    """Somebody who walks about in the open, and somebody who rests."""
    bo, ana = house.person("Bo"), house.person("Ana", features=FEATURES)
    house.tick(2)
    ana.say(Rest(True))
    ana.heard()
    return bo, ana


def test_whoever_rests_gets_heartbeats_that_hold_all_that_happened_since_the_last() -> None:
    here = house()
    bo, ana = two(here)
    pace(here, bo, 3 * HEARTBEAT)
    told = snapshots(ana)
    assert len(told) == 3
    assert {later.tick - sooner.tick for sooner, later in itertools.pairwise(told)} == {HEARTBEAT}
    # Deltas, not complete ones: the last word was the baseline.
    assert [snapshot.age for snapshot in told[1:]] == [HEARTBEAT, HEARTBEAT]
    assert all(snapshot.rows for snapshot in told)
    assert len(snapshots(bo)) >= 3 * HEARTBEAT


def test_whoever_looks_again_is_told_in_the_next_tick_and_then_in_each() -> None:
    here = house()
    bo, ana = two(here)
    pace(here, bo, 4)
    assert snapshots(ana) == []
    ana.say(Rest(False))
    pace(here, bo, 6)
    told = snapshots(ana)
    assert len(told) == 6
    assert (told[0].age, [snapshot.age for snapshot in told[1:]]) == (4 + 1, [1] * 5)
    # Where nothing happens they hear once, and know that there is nothing else to know.
    bo.walk(0)
    here.tick(HEARTBEAT)
    ana.say(Rest(True))
    here.tick(3)
    ana.heard()
    ana.say(Rest(False))
    here.tick(3)
    [only] = snapshots(ana)
    assert (only.gone, only.courses, only.rows) == (b"", b"", b"")


def test_events_are_told_at_once() -> None:
    here = house()
    _bo, ana = two(here)
    newcomer = here.person("Cy", place=(300, 208))
    here.tick()
    assert [type(message) for message in ana.heard() if isinstance(message, Joined)] == [Joined]
    newcomer.say(Act(1, 1, 3))
    here.tick()
    heard = ana.heard()
    assert any(isinstance(message, Door) for message in heard)
    assert not any(isinstance(message, Snapshot) for message in heard)
    ana.say(Ping(7, 0))
    assert [type(message) for message in ana.heard()] == [Pong]


def test_whoever_rests_is_neither_skipped_nor_stuck_and_is_both_if_it_does_not_read() -> None:
    here = house(stall_s=3)
    bo, ana = two(here)
    pace(here, bo, 5 * RATE)
    assert ana.session is not None
    assert here.room.delivery.lag_of(ana.avatar)[1] == 0
    assert here.metrics.snapshots_skipped.value == 0
    ana.acks = False
    pace(here, bo, 5 * RATE)
    assert ana.wire.aborted
    assert not bo.wire.aborted


def test_a_rest_ends_with_its_connection() -> None:
    here = house()
    bo, ana = two(here)
    token = ana.welcome.resume
    ana.lose_connection()
    assert ana.resume(token, 0)
    pace(here, bo, 5)
    told = ana.heard()
    assert any(isinstance(message, Welcome) for message in told)
    assert len([message for message in told if isinstance(message, Snapshot)]) >= 4


def test_asking_for_rest_and_for_the_contrary_all_the_time_changes_nothing_for_the_others() -> None:
    here = house()
    bo, ana = two(here)
    for turn in range(2 * RATE):
        messages: list[ClientMessage] = [Rest(turn % 2 == 0), Rest(turn % 3 == 0), Rest(turn % 2 == 1)]
        for message in messages:
            ana.say(message)
        pace(here, bo, 1)
    assert len(snapshots(ana)) <= 2 * RATE
    assert len(snapshots(bo)) >= 2 * RATE
    assert (ana.closed, bo.closed) == (None, None)
