"""A room from the outside: what people hear when they and others come, act, vanish and return. Virtual time."""

from __future__ import annotations

import numpy as np

from protocol.constants import CloseCode
from protocol.messages import (
    Act,
    Door,
    Error,
    Goodbye,
    Joined,
    Leave,
    Left,
    Ping,
    Pong,
    Proximity,
    Roster,
    Snapshot,
    Welcome,
)
from protocol.rows import unpack_courses, unpack_ids, unpack_rows
from server.rooms.attendance import LET_GO_AT_ONCE
from tests.server.rooms.people import RATE, WALL_X, House, Person

EAST, WEST = 0, 8
WALK, RUN = 0x10, 0x20
RESTING_TICKS = 66
"""After which an avatar's id is taken again."""


def rows_of(snapshot: Snapshot) -> set[int]:
    return set(unpack_rows(snapshot.rows).ids.tolist()) if snapshot.rows else set()


# --- coming and going ---------------------------------------------------------------------------------------------


def test_a_newcomer_hears_welcome_roster_proximity_and_a_complete_snapshot() -> None:
    house = House()
    ana = house.person("Ana")
    house.tick()
    welcome, roster, proximity, snapshot = ana.heard()
    assert welcome.continuity == 0
    assert welcome.map_hash == house.room.map.hash
    assert isinstance(roster, Roster)
    assert [entry.name for entry in roster.entries] == ["Ana"]
    assert proximity == Proximity(0, 1, b"", b"")
    assert isinstance(snapshot, Snapshot)
    assert snapshot.age == 0
    assert rows_of(snapshot) == {ana.avatar}


def test_the_others_hear_of_a_newcomer_and_see_it_at_the_next_tick() -> None:
    house = House()
    ana = house.person("Ana")
    house.tick()
    ana.heard()
    bo = house.person("Bo")
    house.tick()
    joined, snapshot = ana.heard()
    assert isinstance(joined, Joined)
    assert joined.entry.name == "Bo"
    assert rows_of(snapshot) == {bo.avatar}


def test_who_leaves_is_said_goodbye_to_and_forgotten_by_the_others() -> None:
    house = House()
    ana, bo = house.person("Ana"), house.person("Bo")
    house.tick()
    ana.heard()
    bo.say(Leave())
    house.tick()
    assert bo.closed == (CloseCode.LEFT, "left")
    heard = ana.heard()
    assert Left(bo.avatar, "left") in heard
    [snapshot] = [m for m in heard if isinstance(m, Snapshot)]
    assert unpack_ids(snapshot.gone).tolist() == [bo.avatar]
    assert not house.room.has_user(bo.user_id)


def test_who_leaves_in_the_tick_of_coming_never_was() -> None:
    house = House()
    ana = house.person("Ana")
    house.tick()
    bo = house.person("Bo")
    bo.say(Leave())
    house.tick(3)
    assert house.room.world.alive.sum() == 1
    assert ana.closed is None


def test_a_full_room_admits_nobody_but_those_who_are_in_it() -> None:
    house = House(capacity=2)
    ana, _ = house.person("Ana"), house.person("Bo")
    house.tick()
    late = Person(house, "Cy")
    assert late.connect() is None
    assert late.closed
    assert late.closed[0] == CloseCode.FULL
    again = Person(house, "Ana")
    assert again.connect() is not None
    assert again.avatar == ana.avatar
    assert ana.closed
    assert ana.closed[0] == CloseCode.REPLACED


def test_ids_of_those_who_left_rest_so_that_nobody_is_taken_for_them() -> None:
    house = House()
    house.person("Ana")
    bo = house.person("Bo")
    house.tick()
    gone = bo.avatar
    bo.say(Leave())
    house.tick()
    assert house.person("Cy").avatar != gone
    house.tick(65)
    assert house.person("Dan").avatar == gone


# --- walking --------------------------------------------------------------------------------------------------------


def test_a_course_moves_the_avatar_and_costs_the_others_four_bytes() -> None:
    house = House()
    ana, bo = house.person("Ana"), house.person("Bo")
    house.tick(3)
    ana.heard()
    bo.heard()
    x, _ = bo.at()
    bo.walk(WALK | EAST)
    house.tick()
    [snapshot] = ana.heard()
    assert len(snapshot.courses) == 4
    assert not snapshot.rows
    assert not snapshot.gone
    assert unpack_courses(snapshot.courses).ids.tolist() == [bo.avatar]
    assert bo.at()[0] > x
    [own] = [m for m in bo.heard() if isinstance(m, Snapshot)]
    assert own.input == 1


def test_while_nobody_turns_nothing_is_said_but_the_heartbeat() -> None:
    house = House()
    ana, bo = house.person("Ana"), house.person("Bo")
    house.tick(2)
    bo.walk(WALK | WEST)
    house.tick()
    ana.heard()
    house.tick(RATE * 3)
    snapshots = [m for m in ana.heard() if isinstance(m, Snapshot)]
    assert len(snapshots) == 3 * 2
    assert all(not (s.gone or s.courses or s.rows) for s in snapshots)


def test_nobody_walks_through_a_wall_or_a_shut_door_however_often_they_say_so() -> None:
    house = House()
    bo = house.person("Bo", place=(300, 208))
    house.tick()
    for number in range(200):
        bo.walk(RUN | (number % 3 - 1) % 16, tick=house.room.world.tick + number % 40)
        house.tick()
        assert bo.at()[0] + 9 <= WALL_X


def test_flooding_inputs_does_not_speed_anyone_up() -> None:
    house = House()
    fair, cheat = house.person("Fair", place=(40, 40)), house.person("Cheat", place=(40, 100))
    house.tick()
    fair.walk(RUN | EAST)
    for _ in range(20):
        for _ in range(5):
            cheat.walk(RUN | EAST)
        house.tick()
    assert cheat.at()[0] <= fair.at()[0]


def test_a_course_ordered_for_later_waits_and_reports_its_slack() -> None:
    house = House()
    bo = house.person("Bo")
    house.tick(2)
    bo.heard()
    tick = house.room.world.tick
    bo.walk(WALK | EAST, tick=tick + 4)
    house.tick(3)
    assert all(m.input is None for m in bo.heard() if isinstance(m, Snapshot))
    house.tick()
    [snapshot] = [m for m in bo.heard() if isinstance(m, Snapshot)]
    assert (snapshot.input, snapshot.slack) == (1, 3)


# --- doors and seats ------------------------------------------------------------------------------------------------


def test_a_door_in_reach_opens_for_everyone_before_the_snapshot_that_counts_it() -> None:
    house = House()
    ana, bo = house.person("Ana"), house.person("Bo", place=(300, 208))
    house.tick()
    ana.heard()
    bo.say(Act(5, 1, 3))
    bo.walk(WALK | EAST)
    house.tick()
    door, snapshot = ana.heard()
    assert door == Door(house.room.world.tick, 3, True, bo.avatar)
    assert snapshot.world == 1
    house.tick(RATE)
    assert bo.at()[0] > WALL_X
    assert house.room.doors_changed


def test_a_refused_action_says_why_and_only_to_who_asked() -> None:
    house = House()
    ana, bo = house.person("Ana"), house.person("Bo")
    house.tick()
    ana.heard()
    bo.heard()
    for ref, (verb, target, code) in enumerate(
        [(1, 3, "out_of_reach"), (1, 99, "unknown_target"), (2, 77, "unknown_target")], 1
    ):
        bo.say(Act(ref, verb, target))
        house.tick()
        [error] = [m for m in bo.heard() if isinstance(m, Error)]
        assert (error.ref, error.code) == (ref, code)
        assert error.message
    assert not [m for m in ana.heard() if isinstance(m, Error)]


def test_one_seat_holds_one_person() -> None:
    house = House()
    ana, bo = house.person("Ana", place=(80, 110)), house.person("Bo", place=(110, 110))
    house.tick()
    ana.say(Act(1, 2, 1))
    house.tick()
    assert ana.at() == (80, 80)
    bo.say(Act(1, 2, 1))
    house.tick()
    [error] = bo.all_heard(Error)
    assert error.code == "occupied"


# --- nearness -------------------------------------------------------------------------------------------------------


def test_people_who_come_near_hear_of_each_other_and_of_parting() -> None:
    house = House()
    ana, bo = house.person("Ana", place=(40, 300)), house.person("Bo", place=(300, 300))
    house.tick(10)
    assert ana.all_heard(Proximity) == [Proximity(0, 1, b"", b"")]
    bo.walk(RUN | WEST)
    house.tick(RATE)
    bo.walk(0)
    house.tick(10)
    _, near = ana.all_heard(Proximity)
    assert (unpack_ids(near.near).tolist(), near.far, near.epoch) == ([bo.avatar], b"", 2)
    bo.say(Leave())
    house.tick()
    assert unpack_ids(ana.all_heard(Proximity)[-1].far).tolist() == [bo.avatar]


# --- connections that break -----------------------------------------------------------------------------------------


def test_a_lost_connection_leaves_the_avatar_standing_and_marked_away() -> None:
    house = House()
    ana, bo = house.person("Ana"), house.person("Bo")
    house.tick()
    bo.walk(WALK | WEST)
    house.tick()
    bo.lose_connection()
    house.tick()
    where = bo.at()
    assert house.room.world.course[bo.avatar] & 0x70 == 0x40
    house.tick(5)
    assert bo.at() == where
    assert not ana.all_heard(Left)


def test_who_comes_back_in_time_is_the_same_avatar_and_hears_what_was_missed() -> None:
    house = House()
    bo = house.person("Bo")
    house.tick()
    avatar, token = bo.avatar, bo.welcome.resume
    seen = len([m for m in bo.heard() if not isinstance(m, Snapshot)]) - 1
    bo.lose_connection()
    house.tick()
    house.person("Ana")
    house.tick(RATE * 10)
    assert bo.resume(token, seen)
    house.tick()
    assert bo.avatar == avatar
    welcome, joined, *rest = bo.heard()
    assert welcome.continuity == 1
    assert isinstance(joined, Joined)
    assert joined.entry.name == "Ana"
    assert any(isinstance(m, Snapshot) for m in rest)
    assert house.room.world.course[avatar] & 0x40 == 0
    assert len(house.room.sessions) == 2


def test_a_short_break_is_bridged_by_a_delta() -> None:
    house = House()
    bo = house.person("Bo")
    house.tick(12)
    token, acked = bo.welcome.resume, bo.newest_tick()
    seen = len([m for m in bo.heard() if not isinstance(m, Snapshot | Welcome)])
    bo.lose_connection()
    house.tick(3)
    assert bo.resume(token, seen)
    house.tick()
    [snapshot] = bo.all_heard(Snapshot)
    assert snapshot.tick - snapshot.age == acked


def test_who_claims_events_that_never_were_starts_anew_with_the_same_avatar() -> None:
    house = House()
    bo = house.person("Bo")
    house.tick(12)
    avatar = bo.avatar
    bo.lose_connection()
    house.tick(3)
    assert bo.resume(bo.welcome.resume, 99)
    assert bo.welcome.continuity == 2
    house.tick()
    assert bo.avatar == avatar
    [snapshot] = bo.all_heard(Snapshot)
    assert snapshot.age == 0
    assert bo.all_heard(Roster)


def test_a_resume_token_is_good_once() -> None:
    house = House()
    bo = house.person("Bo")
    house.tick()
    token = bo.welcome.resume
    bo.lose_connection()
    assert bo.resume(token, 0)
    thief = Person(house, "Thief")
    assert thief.resume(token, 0) is None
    assert thief.session is None


def test_a_resume_while_the_old_connection_still_stands_ends_the_old_one() -> None:
    house = House()
    bo = house.person("Bo")
    house.tick()
    old, closed = bo.connection, []
    old._on_close = lambda code, reason: closed.append(code)
    assert bo.resume(bo.welcome.resume, 0)
    assert closed == [CloseCode.REPLACED]
    house.tick()
    house.room.attendance.lose(bo.session, old, house.now)
    assert bo.session.connection is bo.connection


def test_who_does_not_come_back_is_gone_after_the_grace_time() -> None:
    house = House(resume_s=5)
    ana, bo = house.person("Ana"), house.person("Bo")
    house.tick()
    bo.lose_connection()
    house.tick(RATE * 4)
    assert house.room.has_user(bo.user_id)
    house.tick(RATE * 2)
    assert not house.room.has_user(bo.user_id)
    assert ana.all_heard(Left) == [Left(bo.avatar, "lost")]
    assert bo.resume(bo.welcome.resume, 0) is None


def test_of_a_crowd_whose_network_broke_a_few_at_a_time_are_let_go() -> None:
    house = House(resume_s=5, capacity=LET_GO_AT_ONCE + 40)
    lost = [house.person(f"Guest {number}") for number in range(LET_GO_AT_ONCE + 20)]
    house.tick()
    for person in lost:
        person.lose_connection()
    house.tick(RATE * 4)
    stayed, steps = len(lost), []
    for _ in range(RATE * 2):
        house.tick()
        here = sum(house.room.has_user(person.user_id) for person in lost)
        steps.append(stayed - here)
        stayed = here
    assert [step for step in steps if step] == [LET_GO_AT_ONCE, 20]
    assert not house.room.has_user(lost[-1].user_id)


def test_who_broke_the_protocol_is_out_at_once() -> None:
    house = House()
    ana, bo = house.person("Ana"), house.person("Bo")
    house.tick()
    bo.connection.receive(b"\x93\x01", house.now)
    house.room.attendance.lose(bo.session, bo.connection, house.now)
    house.tick()
    assert bo.closed
    assert bo.closed[0] == CloseCode.MALFORMED
    assert ana.all_heard(Left) == [Left(bo.avatar, "removed")]


# --- small things ---------------------------------------------------------------------------------------------------


def test_who_works_a_door_all_the_time_is_slowed_down_and_told_so() -> None:
    house = House()
    ana, bo = house.person("Ana"), house.person("Bo", place=(300, 208))
    house.tick()
    for ref in range(1, 101):
        bo.say(Act(ref, 1, 3))
        house.tick()
    assert 20 < len(ana.all_heard(Door)) <= 20 + 5 * 100 / RATE + 1
    complaints = [m for m in bo.all_heard(Error) if m.code == "too_fast"]
    assert 1 <= len(complaints) <= 100 / RATE + 1


def test_a_ping_is_answered_with_the_servers_time() -> None:
    house = House()
    bo = house.person("Bo")
    house.tick(5)
    bo.say(Ping(77, bo.newest_tick()))
    assert bo.all_heard(Pong) == [Pong(77, 5, 128)]


def test_a_new_look_is_seen_by_all() -> None:
    house = House()
    ana, bo = house.person("Ana"), house.person("Bo")
    house.tick()
    house.room.change_user(bo.user_id, "Robert", bytes((1, 2, 3, 4, 5, 6)))
    house.tick()
    entry = ana.all_heard(Joined)[-1].entry
    assert (entry.avatar, entry.name, entry.look) == (bo.avatar, "Robert", bytes((1, 2, 3, 4, 5, 6)))


def test_a_closed_room_tells_everyone_when_to_come_back() -> None:
    house = House()
    bo = house.person("Bo")
    house.tick()
    house.room.close(CloseCode.RESTART, "The server restarts.", 1000)
    assert bo.heard()[-1] == Goodbye(CloseCode.RESTART, "The server restarts.", 1000)


def test_every_message_of_a_busy_room_fits_its_checksum() -> None:
    house = House(capacity=40)
    rng = np.random.default_rng(5)
    people = [house.person(f"P{number}") for number in range(12)]
    checked = 0
    for _ in range(RATE * 10):
        for person in people:
            if rng.random() < 0.1:
                person.walk(int(rng.integers(0, 3)) << 4 | int(rng.integers(0, 16)))
        house.tick()
    for snapshot in people[0].all_heard(Snapshot):
        checked += snapshot.check is not None
    assert checked >= 3


def test_all_who_go_before_a_tick_are_told_of_with_it_and_whoever_comes_meanwhile_never_hears_of_them() -> None:
    house = House()
    ana, bo, cy = (house.person(name) for name in ("Ana", "Bo", "Cy"))
    house.tick()
    ana.heard()
    bo.say(Leave())
    house.room.attendance.dismiss(cy.user_id, CloseCode.KICKED, "Out.")
    assert not ana.heard()
    dan = house.person("Dan")
    house.tick()
    told = ana.heard()
    assert [type(message) for message in told] == [Left, Left, Joined, Snapshot]
    assert [(left.avatar, left.reason) for left in told[:2] if isinstance(left, Left)] == [
        (bo.avatar, "left"),
        (cy.avatar, "removed"),
    ]
    assert not dan.all_heard(Left)
    assert [entry.name for roster in dan.all_heard(Roster) for entry in roster.entries] == ["Ana", "Dan"]  # type: ignore[attr-defined]


def test_a_connection_that_ends_long_after_its_person_left_takes_nothing_from_who_got_the_avatar_s_id() -> None:
    house = House()
    old = house.person("Ana")
    house.tick()
    # Until they read what is on its way to them, or go, their connection does not end.
    old.say(Leave())
    house.tick(RESTING_TICKS)
    new = house.person("Bo")
    assert new.avatar == old.avatar
    house.tick(2)
    new.walk(WALK | EAST)
    new.heard()
    old.lose_connection()
    before = new.at()
    house.tick(3)
    assert new.at() > before
    assert Snapshot in map(type, new.heard())
