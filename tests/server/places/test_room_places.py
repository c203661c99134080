"""Locks, knocks, bubbles and requests in a room in virtual time, with clients that are lists of messages."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import pytest

from protocol.constants import ALL_FEATURES, CloseCode, Feature, Question, Reply, Status, Verb
from protocol.messages import (
    Act,
    Answer,
    Answered,
    AreaList,
    Asked,
    Barred,
    Error,
    Inside,
    Leave,
    Links,
    Stances,
)
from server.places.part import RoomPlaces
from server.rooms.roles import Role
from server.store.members import Standing
from sim.maps import RoomMap, parse_map
from tests.server.rooms.people import RATE, House, Person

ROOM, SMALL, STAGE, AUDIENCE, TABLE = 4, 5, 6, 7, 8
BEFORE, WITHIN = (420, 208), (500, 208)
EAST, WEST, STAND = 0x10, 0x18, 0x00
ALL = ALL_FEATURES


def floor_plan() -> RoomMap:
    """20 x 12 tiles, open; right a private room with a lock and a nook for one, left a stage and its audience."""
    zones = [
        {"id": ROOM, "kind": "private", "name": "Office", "x": 448, "y": 0, "w": 192, "h": 384, "lockable": True},
        {"id": SMALL, "kind": "area", "name": "Nook", "x": 576, "y": 0, "w": 64, "h": 384, "capacity": 1},
        {"id": STAGE, "kind": "stage", "name": "Stage", "x": 0, "y": 0, "w": 96, "h": 96},
        {"id": AUDIENCE, "kind": "audience", "name": "Audience", "x": 0, "y": 128, "w": 256, "h": 224},
        {"id": TABLE, "kind": "table", "name": "Table", "x": 288, "y": 288, "w": 128, "h": 96},
    ]
    data = {
        "format": "hallway.map/1",
        "name": "Open",
        "description": "",
        "width": 20,
        "height": 12,
        "floor": {"palette": ["wood"], "rows": ["a" * 20] * 12},
        "walls": ["." * 20] * 12,
        "furniture": [{"id": n, "kind": "chair", "x": 288 + 32 * n, "y": 320, "facing": "down"} for n in (1, 2)],
        "doors": [],
        "zones": zones,
        "spawns": [{"x": 320, "y": 208}],
    }
    return parse_map(data, {"chair": {"size": [32, 32], "solid": [], "seats": [[16, 16, "down"]]}})


@pytest.fixture
def house() -> House:
    return House(
        capacity=150,
        room_map=floor_plan(),
        make_parts=lambda settings, metrics: [lambda room: RoomPlaces(room, settings, metrics)],
        proximity_dwell_ms=0,
    )


def act(person: Person, verb: Verb, target: int = 0, ref: int = 9) -> None:
    person.say(Act(ref, verb.value, target))


def errors(person: Person) -> list[tuple[int, str]]:
    return [(each.ref, each.code) for each in person.heard() if isinstance(each, Error)]


def newest(person: Person, kind: type) -> tuple[object, ...] | None:
    heard = person.all_heard(kind)
    return tuple(getattr(heard[-1], name) for name in heard[-1].__struct_fields__) if heard else None


def flags(person: Person, zone: int) -> int:
    """The flags of an area as the client knows them."""
    known: dict[int, int] = {}
    for message in person.all_heard(AreaList):
        assert isinstance(message, AreaList)
        known.update({row[0]: row[1] for row in struct.Struct("<HBBH").iter_unpack(message.areas)})
    return known[zone]


def inside(person: Person, zone: int) -> set[int]:
    """Who is in an area as the client knows it."""
    known: set[tuple[int, int]] = set()
    for message in person.all_heard(Inside):
        assert isinstance(message, Inside)
        if message.whole:
            known.clear()
        for number, avatar, is_in in struct.Struct("<HHB").iter_unpack(message.rows):
            (known.add if is_in else known.discard)((number, avatar))
    return {avatar for number, avatar in known if number == zone}


def stances(person: Person) -> dict[int, tuple[int, int, int]]:
    known: dict[int, tuple[int, int, int]] = {}
    for message in person.all_heard(Stances):
        assert isinstance(message, Stances)
        if message.whole:
            known.clear()
        known.update({row[0]: row[1:] for row in struct.Struct("<HHHB").iter_unpack(message.rows)})
    return known


def links(person: Person) -> dict[int, int]:
    """The flags of each link as the newest LINKS says."""
    rows: Iterator[tuple[int, int, int]] = struct.Struct("<HIB").iter_unpack(person.all_heard(Links)[-1].links)  # type: ignore[attr-defined,assignment]
    return {avatar: flag for avatar, _, flag in rows}


@pytest.fixture
def office(house: House) -> tuple[Person, Person]:
    """Ada is in the office and has locked it; Bob stands before it."""
    ada = house.person("ada", features=ALL, place=WITHIN)
    bob = house.person("bob", features=ALL, place=BEFORE)
    house.tick(2)
    act(ada, Verb.LOCK, ROOM)
    house.tick(RATE)
    return ada, bob


# --- what everybody sees --------------------------------------------------------------------------------------------


def test_everybody_hears_of_a_lock_and_who_comes_later_is_told_the_whole(
    house: House, office: tuple[Person, Person]
) -> None:
    ada, bob = office
    assert flags(bob, ROOM) == 3
    assert inside(bob, ROOM) == {ada.avatar}
    late = house.person("cleo", features=ALL)
    house.tick()
    assert (flags(late, ROOM), inside(late, ROOM)) == (3, {ada.avatar})


def test_who_is_in_which_area_is_told_within_a_quarter_of_a_second(house: House) -> None:
    ada = house.person("ada", features=ALL, place=BEFORE)
    house.tick(RATE)
    ada.walk(EAST)
    house.tick(RATE)
    assert inside(ada, ROOM) == {ada.avatar}
    ada.walk(WEST)
    house.tick(2 * RATE)
    assert inside(ada, ROOM) == set()


def test_a_client_without_the_feature_hears_nothing_of_it_and_may_not_ask(house: House) -> None:
    old = house.person("old", features=ALL & ~Feature.PLACES, place=WITHIN)
    house.tick(RATE)
    assert not [each for each in old.heard() if isinstance(each, AreaList | Inside | Stances)]
    act(old, Verb.LOCK, ROOM)
    assert old.closed is not None
    assert old.closed[0] == CloseCode.MALFORMED


# --- locks and knocks -----------------------------------------------------------------------------------------------


def walk_in(house: House, person: Person) -> None:
    person.walk(EAST)
    house.tick(RATE)
    person.walk(STAND)
    house.tick(RATE // 2)


def test_the_locked_out_are_told_why(house: House, office: tuple[Person, Person]) -> None:
    _, bob = office
    walk_in(house, bob)
    assert newest(bob, Barred) == (ROOM, 1)
    assert bob.at()[0] < 448


def test_a_knock_is_heard_inside_and_who_is_let_in_walks_in(house: House, office: tuple[Person, Person]) -> None:
    ada, bob = office
    act(bob, Verb.KNOCK, ROOM)
    house.tick()
    assert newest(ada, Asked) == (Question.KNOCK, bob.avatar, ROOM)
    assert not bob.all_heard(Asked)
    ada.say(Answer(Question.KNOCK, bob.avatar, ROOM, True))
    house.tick(2)
    assert newest(bob, Answered) == newest(ada, Answered) == (0, bob.avatar, ROOM, ada.avatar, Reply.YES)
    walk_in(house, bob)
    assert inside(ada, ROOM) == {ada.avatar, bob.avatar}
    assert flags(ada, ROOM) == 3, "it is still locked"


def test_not_now_is_told_and_lets_nobody_in(house: House, office: tuple[Person, Person]) -> None:
    ada, bob = office
    act(bob, Verb.KNOCK, ROOM)
    house.tick()
    ada.say(Answer(Question.KNOCK, bob.avatar, ROOM, False))
    house.tick()
    assert newest(bob, Answered) == (0, bob.avatar, ROOM, ada.avatar, Reply.NO)
    walk_in(house, bob)
    assert inside(bob, ROOM) == {ada.avatar}


def test_a_knock_that_nobody_answers_ends_after_half_a_minute(house: House, office: tuple[Person, Person]) -> None:
    ada, bob = office
    act(bob, Verb.KNOCK, ROOM)
    house.tick(31 * RATE)
    assert newest(bob, Answered) == (0, bob.avatar, ROOM, 0, Reply.NOBODY)
    ada.say(Answer(Question.KNOCK, bob.avatar, ROOM, True))
    walk_in(house, bob)
    assert inside(bob, ROOM) == {ada.avatar}, "an answer that comes too late opens nothing"


def test_nobody_answers_a_knock_from_outside(house: House, office: tuple[Person, Person]) -> None:
    ada, bob = office
    friend = house.person("friend", features=ALL, place=(400, 250))
    act(bob, Verb.KNOCK, ROOM)
    house.tick()
    friend.say(Answer(Question.KNOCK, bob.avatar, ROOM, True))
    bob.say(Answer(Question.KNOCK, bob.avatar, ROOM, True))
    walk_in(house, bob)
    assert inside(ada, ROOM) == {ada.avatar}


def test_knocks_are_few_and_only_at_the_door_of_what_is_locked(house: House, office: tuple[Person, Person]) -> None:
    ada, bob = office
    far = house.person("far", features=ALL, place=(200, 208))
    house.tick()
    bob.heard()
    for ref, target in enumerate((ROOM, ROOM, SMALL, 99), start=1):
        act(bob, Verb.KNOCK, target, ref)
    act(ada, Verb.KNOCK, ROOM, 5)
    act(far, Verb.KNOCK, ROOM, 6)
    house.tick()
    assert errors(bob) == [(2, "too_soon"), (3, "not_locked"), (4, "unknown_target")]
    assert (errors(ada), errors(far)) == ([(5, "not_allowed")], [(6, "out_of_reach")])


def test_who_comes_in_while_somebody_knocks_is_asked_too(house: House, office: tuple[Person, Person]) -> None:
    _, bob = office
    boss = house.person("boss", features=ALL, place=(430, 100))
    house.room.governance.change_standing(boss.user_id, Standing(Role.MODERATOR, False))
    act(bob, Verb.KNOCK, ROOM)
    house.tick()
    walk_in(house, boss)
    assert newest(boss, Asked) == (Question.KNOCK, bob.avatar, ROOM)
    boss.say(Answer(Question.KNOCK, bob.avatar, ROOM, True))
    house.tick(2)
    assert newest(bob, Answered) == (0, bob.avatar, ROOM, boss.avatar, Reply.YES)


def test_the_last_to_leave_unlocks_and_ends_the_knocking(house: House, office: tuple[Person, Person]) -> None:
    ada, bob = office
    act(bob, Verb.KNOCK, ROOM)
    house.tick()
    ada.say(Leave())
    house.tick()
    assert flags(bob, ROOM) == 1
    assert newest(bob, Answered) == (0, bob.avatar, ROOM, 0, Reply.NOBODY)


def test_only_those_inside_lock(house: House) -> None:
    bob = house.person("bob", features=ALL, place=BEFORE)
    house.tick()
    bob.heard()
    act(bob, Verb.LOCK, ROOM, 1)
    act(bob, Verb.UNLOCK, ROOM, 2)
    act(bob, Verb.LOCK, STAGE, 3)
    house.tick()
    assert errors(bob) == [(1, "not_allowed"), (2, "not_allowed"), (3, "unknown_target")]


# --- tables and stages ----------------------------------------------------------------------------------------------


def test_the_links_of_a_table_are_those_of_its_seats(house: House) -> None:
    one, two, three = (house.person(name, features=ALL, place=(340, 300)) for name in ("one", "two", "three"))
    house.tick(2)
    assert links(one) == {two.avatar: 0, three.avatar: 0}
    for number, person in enumerate((one, two), start=1):
        person.say(Act(number, Verb.SIT.value, number))
    house.tick(2)
    assert links(one) == {two.avatar: 1}
    assert links(three) == {}


def test_a_stage_is_linked_one_way_with_a_hundred_listeners_who_are_not_with_each_other(house: House) -> None:
    crowd = [house.person(f"p{n}", features=ALL, place=(8 + 24 * (n % 10), 136 + 20 * (n // 10))) for n in range(100)]
    speaker = house.person("speaker", features=ALL, place=(60, 60))
    house.tick(2)
    to_all = links(speaker)
    assert len(to_all) == 100
    assert set(to_all.values()) == {1 | 4}, "flat, and the speaker hears nobody"
    assert links(crowd[0])[speaker.avatar] == 1 | 2
    assert len(links(crowd[0])) < 60, "those at the other end of the hall are not heard"
    speaker.walk(EAST)
    house.tick(RATE)
    assert not [flag for flag in links(speaker).values() if flag != 0]


# --- bubbles, ghosts, walking together ------------------------------------------------------------------------------


@pytest.fixture
def three(house: House) -> tuple[Person, Person, Person]:
    ada, bob, cleo = (
        house.person(name, features=ALL, place=(300 + 20 * n, 208)) for n, name in enumerate(("ada", "bob", "cleo"))
    )
    house.tick(2)
    return ada, bob, cleo


def whisper(house: House, asker: Person, other: Person) -> None:
    act(asker, Verb.WHISPER, other.avatar)
    house.tick()
    other.say(Answer(Question.WHISPER, asker.avatar, 0, True))
    house.tick(2)


def test_a_bubble_is_made_when_the_other_accepts_and_cuts_off_everyone_else(
    house: House, three: tuple[Person, Person, Person]
) -> None:
    ada, bob, cleo = three
    whisper(house, ada, bob)
    assert newest(ada, Answered) == (1, ada.avatar, 0, bob.avatar, Reply.YES)
    assert (links(ada), links(cleo)) == ({bob.avatar: 1}, {})
    seen = stances(cleo)
    assert seen[ada.avatar] == seen[bob.avatar]
    assert seen[ada.avatar][0] > 0
    act(bob, Verb.HUSH)
    house.tick(2)
    assert stances(cleo)[ada.avatar][0] == 0
    assert set(links(ada)) == {bob.avatar, cleo.avatar}


def test_whom_nobody_asked_gets_into_no_bubble(house: House, three: tuple[Person, Person, Person]) -> None:
    ada, bob, cleo = three
    whisper(house, ada, bob)
    cleo.say(Answer(Question.WHISPER, ada.avatar, 0, True))
    house.tick(2)
    assert links(cleo) == {}


def test_who_walked_away_before_saying_yes_is_in_no_bubble(house: House, three: tuple[Person, Person, Person]) -> None:
    ada, bob, _ = three
    act(ada, Verb.WHISPER, bob.avatar)
    house.tick()
    bob.walk(0x28)
    house.tick(RATE)
    bob.walk(STAND)
    bob.say(Answer(Question.WHISPER, ada.avatar, 0, True))
    house.tick(2)
    assert newest(ada, Answered) == (1, ada.avatar, 0, bob.avatar, Reply.NOBODY)


def test_a_ghost_is_seen_by_all_and_heard_by_none(house: House, three: tuple[Person, Person, Person]) -> None:
    ada, bob, cleo = three
    act(ada, Verb.GHOST, 1)
    house.tick(2)
    assert stances(bob)[ada.avatar] == (0, 0, 1)
    assert (links(ada), links(bob)) == ({}, {cleo.avatar: 0})
    act(ada, Verb.GHOST, 0)
    house.tick(2)
    assert stances(bob)[ada.avatar] == (0, 0, 0)


def test_leading_asks_everybody_near_who_wants_to_be_asked(house: House, three: tuple[Person, Person, Person]) -> None:
    ada, bob, cleo = three
    far = house.person("far", features=ALL, place=(60, 60))
    house.room.governance.change_presence(cleo.user_id, Status.DND, "")
    house.tick(2)
    act(ada, Verb.LEAD, 0)
    house.tick()
    assert [len(each.all_heard(Asked)) for each in (bob, cleo, far)] == [1, 0, 0]
    bob.say(Answer(Question.LEAD, ada.avatar, 0, True))
    house.tick(2)
    assert stances(ada)[bob.avatar] == (0, ada.avatar, 0)
    act(bob, Verb.FOLLOW, 0)
    house.tick(2)
    assert stances(ada)[bob.avatar] == (0, 0, 0)


def test_to_call_somebody_is_to_ask_and_no_more(house: House, three: tuple[Person, Person, Person]) -> None:
    ada, bob, cleo = three
    act(ada, Verb.CALL, bob.avatar)
    house.tick()
    assert newest(bob, Asked) == (Question.CALL, ada.avatar, 0)
    bob.say(Answer(Question.CALL, ada.avatar, 0, True))
    house.tick()
    assert newest(ada, Answered) == (3, ada.avatar, 0, bob.avatar, Reply.YES)
    assert not cleo.all_heard(Answered)


def test_nonsense_is_refused_by_name(house: House, three: tuple[Person, Person, Person]) -> None:
    ada, bob, cleo = three
    house.room.governance.change_presence(cleo.user_id, Status.DND, "")
    ada.heard()
    for ref, (verb, target) in enumerate(
        [
            (Verb.WHISPER, ada.avatar),
            (Verb.WHISPER, 999),
            (Verb.WHISPER, cleo.avatar),
            (Verb.FOLLOW, ada.avatar),
            (Verb.FOLLOW, 999),
            (Verb.GHOST, 2),
            (Verb.LEAD, 999),
            (Verb.CALL, 0),
            (Verb.CALL, bob.avatar),
            (Verb.CALL, bob.avatar),
            (Verb.HUSH, 7),
        ],
        start=1,
    ):
        act(ada, verb, target, ref)
    house.tick(2)
    unknown = [(ref, "unknown_target") for ref in (1, 2, 4, 5, 6, 7, 8)]
    assert errors(ada) == [*unknown[:2], (3, "do_not_disturb"), *unknown[2:], (10, "too_soon")]


def test_leaving_ends_what_one_asked_and_was_asked(house: House, three: tuple[Person, Person, Person]) -> None:
    ada, bob, cleo = three
    act(ada, Verb.CALL, bob.avatar)
    act(cleo, Verb.CALL, ada.avatar)
    act(bob, Verb.FOLLOW, ada.avatar)
    house.tick(2)
    ada.say(Leave())
    house.tick(2)
    assert newest(cleo, Answered) == (3, cleo.avatar, 0, 0, Reply.NOBODY)
    bob.say(Answer(Question.CALL, ada.avatar, 0, True))
    house.tick()
    assert not bob.all_heard(Answered)
    late = house.person("late", features=ALL)
    house.tick(2)
    assert stances(late) == {}


def test_who_resumes_hears_what_they_missed(house: House, office: tuple[Person, Person]) -> None:
    ada, bob = office
    token, seen = bob.welcome.resume, bob.welcome.events
    bob.heard()
    seen += sum(1 for each in bob.wire.messages[1:] if each[1] not in (17,))
    bob.lose_connection()
    act(ada, Verb.UNLOCK, ROOM)
    house.tick(2)
    assert bob.resume(token, seen) is not None
    house.tick()
    [change] = bob.all_heard(AreaList)
    assert isinstance(change, AreaList)
    assert (change.whole, change.areas[2]) == (False, 1)
