"""Clients that do not read or do not acknowledge: they harm themselves only. Virtual time."""

from __future__ import annotations

from protocol.messages import (
    Input,
    Leave,
    Snapshot,
)
from protocol.rows import unpack_rows
from tests.server.rooms.people import RATE, House

WALK = 0x10


def rows_of(snapshot: Snapshot) -> set[int]:
    return set(unpack_rows(snapshot.rows).ids.tolist()) if snapshot.rows else set()


def test_a_stuck_client_is_skipped_and_the_others_are_not() -> None:
    house = House()
    ana, bo, stuck = house.person("Ana"), house.person("Bo"), house.person("Stuck")
    house.tick()
    stuck.wire.open = stuck.acks = False
    before = len(stuck.wire.messages)
    ana.heard()
    for course in range(16):
        bo.walk(WALK | course)
        house.tick()
    assert len([m for m in ana.heard() if isinstance(m, Snapshot)]) == 16
    # One goes to a transport that turns out to be full with it; then the client is left alone.
    assert len(stuck.wire.messages) == before + 1


def test_a_client_that_reads_again_gets_one_delta_over_all_it_missed() -> None:
    house = House()
    bo, slow = house.person("Bo"), house.person("Slow")
    house.tick(2)
    slow.wire.open = False
    slow.heard()
    for course in range(8):
        bo.walk(WALK | course)
        house.tick()
    slow.wire.open = True
    bo.walk(0)
    house.tick()
    _filled_up, snapshot = [m for m in slow.heard() if isinstance(m, Snapshot)]
    assert snapshot.age == 8
    assert rows_of(snapshot) == {bo.avatar}


def test_a_client_that_acknowledges_nothing_is_dropped_and_may_resume() -> None:
    house = House(stall_s=3)
    bo = house.person("Bo")
    house.tick()
    bo.acks = False
    token = bo.welcome.resume
    house.tick(RATE * 5)
    assert bo.wire.aborted
    assert house.room.has_user(bo.user_id)
    assert bo.resume(token, 0)


def test_events_for_a_stuck_client_are_bounded() -> None:
    house = House(capacity=200, outbox_event_bytes=16384, max_clients=0)
    stuck = house.person("Stuck")
    house.tick()
    stuck.wire.open = stuck.acks = False
    for number in range(150):
        guest = house.person(f"Guest with a long name number {number}, so that it adds up {number}")
        house.people.remove(guest)
        house.tick()
        guest.say(Leave())
    house.tick(RATE)
    assert stuck.wire.aborted


def test_asking_for_complete_snapshots_is_answered_now_and_then_only() -> None:
    house = House()
    bo = house.person("Bo")
    house.tick()
    bo.acks = False
    bo.heard()
    for _ in range(RATE * 2):
        bo.say(Input(0, 0, 0, b""))
        house.tick()
    complete = [m for m in bo.heard() if isinstance(m, Snapshot) and m.age == 0]
    assert 1 <= len(complete) <= 4
