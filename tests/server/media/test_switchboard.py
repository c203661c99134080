"""Links and signals in a room in virtual time, with clients that are lists of messages."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace

import pytest

from protocol.constants import ALL_FEATURES, CLIENT_MESSAGE_BYTES, SIGNAL_MESSAGE_BYTES, CloseCode, Status
from protocol.messages import Leave, Left, Links, Media, MediaState, Roster, Signal, Signaled
from sim.maps import RoomMap, parse_map
from tests.server.rooms.people import House, Person

NEAR = (100, 208)
BESIDE = (140, 208)
FAR = (100, 40)
DESK = (500, 208)
DESK_END = (620, 340)


def two_rooms() -> RoomMap:
    """20 x 12 tiles, open; the right half is a private area, the lower left corner is silent."""
    zones = [
        {"id": 4, "kind": "private", "name": "Office", "x": 448, "y": 0, "w": 192, "h": 384, "capacity": None},
        {"id": 5, "kind": "silent", "name": "Library", "x": 0, "y": 288, "w": 192, "h": 96, "capacity": None},
    ]
    data = {
        "format": "hallway.map/1",
        "name": "Open",
        "description": "",
        "width": 20,
        "height": 12,
        "floor": {"palette": ["wood"], "rows": ["a" * 20] * 12},
        "walls": ["." * 20] * 12,
        "furniture": [],
        "doors": [],
        "zones": zones,
        "spawns": [{"x": 100, "y": 208}],
    }
    return parse_map(data, {})


@pytest.fixture
def house() -> House:
    return House(room_map=two_rooms(), proximity_dwell_ms=0)


def speaker(house: House, name: str, place: tuple[int, int]) -> Person:
    return house.person(name, features=ALL_FEATURES, place=place)


def rows(message: Links) -> Iterator[tuple[int, int, int]]:
    return struct.Struct("<HIB").iter_unpack(message.links)  # type: ignore[return-value]


def links(person: Person) -> dict[int, tuple[int, int]]:
    """What the newest LINKS says: avatar -> (number, flags)."""
    newest = person.all_heard(Links)[-1]
    assert isinstance(newest, Links)
    return {avatar: (number, flags) for avatar, number, flags in rows(newest)}


def discarded(house: House, why: str) -> float:
    return house.metrics.discarded.labels(why)._value.get()


def move(house: House, person: Person, place: tuple[int, int]) -> None:
    from sim.commands import Place

    house.room.commands.placements.append(Place(person.avatar, place[0] * 256, place[1] * 256))
    # Distances are measured ten times a second, not every tick.
    house.tick(3)


def test_two_who_come_near_have_one_link_with_one_number(house: House) -> None:
    ana, bo = speaker(house, "Ana", NEAR), speaker(house, "Bo", BESIDE)
    house.tick()
    assert links(ana) == {bo.avatar: (1, 0)}
    assert links(bo) == {ana.avatar: (1, 0)}


def test_the_first_links_come_after_the_roster_and_may_be_empty(house: House) -> None:
    ana = speaker(house, "Ana", NEAR)
    house.tick()
    kinds = [type(message) for message in ana.heard()]
    assert kinds.index(Links) > kinds.index(Roster)
    assert links(ana) == {}


def test_the_epoch_rises_by_one_with_every_links(house: House) -> None:
    ana, bo = speaker(house, "Ana", NEAR), speaker(house, "Bo", BESIDE)
    house.tick()
    move(house, bo, (400, 208))
    move(house, bo, BESIDE)
    epochs = [message.epoch for message in ana.all_heard(Links) if isinstance(message, Links)]
    assert epochs == list(range(1, len(epochs) + 1))
    assert len(epochs) == 4


def test_a_client_without_media_is_linked_with_nobody_and_hears_of_no_links(house: House) -> None:
    ana, bot = speaker(house, "Ana", NEAR), house.person("Bot", place=BESIDE)
    house.tick()
    assert links(ana) == {}
    assert bot.all_heard(Links) == []
    ana.say(Media(1))
    house.tick()
    assert bot.all_heard(MediaState) == []


def test_walking_away_ends_a_link_and_coming_back_makes_a_new_one(house: House) -> None:
    ana, bo = speaker(house, "Ana", NEAR), speaker(house, "Bo", BESIDE)
    house.tick()
    move(house, bo, (400, 208))
    assert links(ana) == links(bo) == {}
    move(house, bo, BESIDE)
    assert links(ana) == {bo.avatar: (2, 0)}


def test_inside_a_private_area_links_are_flat_and_nobody_outside_has_one(house: House) -> None:
    ana, bo = speaker(house, "Ana", DESK), speaker(house, "Bo", DESK_END)
    cleo = speaker(house, "Cleo", (440, 208))
    house.tick()
    assert links(ana) == {bo.avatar: (1, 1)}
    assert links(cleo) == {}


def test_whoever_walks_into_a_private_area_is_cut_off_in_that_tick(house: House) -> None:
    ana, bo = speaker(house, "Ana", (440, 200)), speaker(house, "Bo", (430, 208))
    house.tick()
    assert links(bo) == {ana.avatar: (1, 0)}
    move(house, ana, (456, 200))
    assert links(ana) == links(bo) == {}


def test_nobody_is_linked_in_a_silent_zone(house: House) -> None:
    ana, bo = speaker(house, "Ana", (60, 340)), speaker(house, "Bo", (80, 340))
    house.tick()
    assert links(ana) == links(bo) == {}


def test_leaving_ends_links_before_the_next_tick(house: House) -> None:
    ana, bo = speaker(house, "Ana", NEAR), speaker(house, "Bo", BESIDE)
    house.tick()
    ana.say(Leave())
    assert house.room.switchboard.links_of(bo.avatar) == {}
    bo.say(Signal(ana.avatar, 1, "x"))
    assert discarded(house, "signal_unlinked") == 1
    house.tick()
    assert links(bo) == {}
    assert bo.all_heard(Left)


def test_being_sent_out_ends_links_at_once(house: House) -> None:
    ana, bo = speaker(house, "Ana", NEAR), speaker(house, "Bo", BESIDE)
    house.tick()
    house.room.attendance.dismiss(ana.user_id, CloseCode.ENDED, "logged out")
    assert house.room.switchboard.links_of(bo.avatar) == {}


def test_a_lost_connection_keeps_its_links_until_the_session_is_gone(house: House) -> None:
    ana, bo = speaker(house, "Ana", NEAR), speaker(house, "Bo", BESIDE)
    house.tick()
    ana.lose_connection()
    house.tick(20)
    assert links(bo) == {ana.avatar: (1, 0)}
    house.tick(20 * house.settings.resume_s + 20)
    assert links(bo) == {}


def test_whoever_resumes_keeps_links_and_gets_the_signals_that_were_missed(house: House) -> None:
    ana, bo = speaker(house, "Ana", NEAR), speaker(house, "Bo", BESIDE)
    ana.say(Media(1))
    house.tick()
    token, counted = ana.welcome.resume, ana.session.events.count  # type: ignore[union-attr]
    ana.lose_connection()
    bo.say(Signal(ana.avatar, 1, "while you were away"))
    house.tick()
    assert ana.resume(token, counted)
    house.tick()
    assert [message.payload for message in ana.all_heard(Signaled) if isinstance(message, Signaled)] == [
        "while you were away"
    ]
    assert links(bo) == {ana.avatar: (1, 0)}
    assert ana.session.media == 1  # type: ignore[union-attr]


def test_whoever_comes_in_anew_gets_new_links_and_shows_nothing(house: House) -> None:
    ana, bo = speaker(house, "Ana", NEAR), speaker(house, "Bo", BESIDE)
    ana.say(Media(3))
    house.tick()
    ana.connect()
    house.tick()
    assert links(bo) == {ana.avatar: (2, 0)}
    assert links(ana) == {bo.avatar: (2, 0)}
    state = bo.all_heard(MediaState)[-1]
    assert state == MediaState(ana.avatar, 0)


def test_everyone_sees_what_somebody_switches_on_and_newcomers_see_it_in_the_roster(house: House) -> None:
    ana, bo = speaker(house, "Ana", NEAR), speaker(house, "Bo", FAR)
    ana.say(Media(5))
    house.tick()
    assert MediaState(ana.avatar, 5) in ana.all_heard(MediaState)
    assert MediaState(ana.avatar, 5) in bo.all_heard(MediaState)
    cleo = speaker(house, "Cleo", FAR)
    house.tick()
    roster = cleo.all_heard(Roster)[0]
    assert isinstance(roster, Roster)
    assert {entry.avatar: entry.flags >> 8 for entry in roster.entries}[ana.avatar] == 5


def test_saying_the_same_again_tells_nobody(house: House) -> None:
    ana = speaker(house, "Ana", NEAR)
    for _ in range(3):
        ana.say(Media(1))
    house.tick()
    assert len(ana.all_heard(MediaState)) == 1


def test_a_signal_goes_along_its_link_and_to_nobody_else(house: House) -> None:
    ana, bo, cleo = speaker(house, "Ana", NEAR), speaker(house, "Bo", BESIDE), speaker(house, "Cleo", FAR)
    house.tick()
    ana.say(Signal(bo.avatar, 1, "hello"))
    assert bo.all_heard(Signaled) == [Signaled(ana.avatar, 1, "hello")]
    assert cleo.all_heard(Signaled) == ana.all_heard(Signaled) == []


@pytest.mark.parametrize("number", [0, 2, 2**32 - 1])
def test_a_signal_with_another_number_than_the_links_is_discarded_and_counted(house: House, number: int) -> None:
    ana, bo = speaker(house, "Ana", NEAR), speaker(house, "Bo", BESIDE)
    house.tick()
    ana.say(Signal(bo.avatar, number, "hello"))
    assert bo.all_heard(Signaled) == []
    assert discarded(house, "signal_unlinked") == 1


def test_a_signal_to_somebody_not_linked_to_oneself_or_to_nobody_is_discarded_and_counted(house: House) -> None:
    ana, bo = speaker(house, "Ana", NEAR), speaker(house, "Bo", FAR)
    house.tick()
    for avatar in (bo.avatar, ana.avatar, 999):
        ana.say(Signal(avatar, 1, "hello"))
    assert bo.all_heard(Signaled) == []
    assert discarded(house, "signal_unlinked") == 3
    assert ana.closed is None


def test_a_signal_as_large_as_allowed_arrives_and_a_larger_one_ends_the_connection(house: House) -> None:
    ana, bo = speaker(house, "Ana", NEAR), speaker(house, "Bo", BESIDE)
    house.tick()
    ana.say(Signal(bo.avatar, 1, "s" * (SIGNAL_MESSAGE_BYTES - 7)))
    assert len(bo.all_heard(Signaled)) == 1
    ana.say(Signal(bo.avatar, 1, "s" * SIGNAL_MESSAGE_BYTES))
    assert ana.closed is not None
    assert ana.closed[0] == CloseCode.MALFORMED
    assert len(bo.all_heard(Signaled)) == 1


def test_no_other_message_may_be_as_large_as_a_signal(house: House) -> None:
    ana = speaker(house, "Ana", NEAR)
    ana.connection.receive(b"\x93\x04\x00" + bytes(CLIENT_MESSAGE_BYTES), house.now)
    assert ana.closed is not None
    assert ana.closed[0] == CloseCode.MALFORMED


def test_a_flood_of_ten_thousand_signals_is_cut_to_the_burst_and_counted() -> None:
    house = House(room_map=two_rooms(), proximity_dwell_ms=0, signal_burst=50, message_rate=10000, message_burst=100000)
    ana, bo = speaker(house, "Ana", NEAR), speaker(house, "Bo", BESIDE)
    house.tick()
    for _ in range(10_000):
        ana.say(Signal(bo.avatar, 1, "candidate"))
    assert len(bo.all_heard(Signaled)) == 50
    assert discarded(house, "signal_flood") == 9_950
    assert bo.closed is None


def test_nobody_can_fill_up_what_waits_for_somebody_who_does_not_read(house: House) -> None:
    ana, bo = speaker(house, "Ana", NEAR), speaker(house, "Bo", BESIDE)
    house.tick()
    bo.wire.open = False
    for _ in range(40):
        ana.say(Signal(bo.avatar, 1, "s" * 8_000))
    assert discarded(house, "signal_backlog") > 0
    assert not bo.connection.outbox.overfull


def test_media_without_the_feature_is_malformed(house: House) -> None:
    ana = house.person("Ana", place=NEAR)
    ana.say(Media(1))
    assert ana.closed is not None
    assert ana.closed[0] == CloseCode.MALFORMED


def test_do_not_disturb_ends_links_at_once_and_they_come_back_with_it(house: House) -> None:
    ana, bo = speaker(house, "Ana", NEAR), speaker(house, "Bo", BESIDE)
    house.tick()
    house.room.governance.change_presence(ana.user_id, Status.DND, "")
    assert house.room.switchboard.links_of(bo.avatar) == {}
    house.room.governance.change_presence(ana.user_id, Status.BUSY, "")
    house.tick()
    assert links(bo) == {ana.avatar: (2, 0)}


def test_whoever_a_moderator_mutes_is_muted_for_all_and_cannot_unmute_themselves(house: House) -> None:
    ana, bo = speaker(house, "Ana", NEAR), speaker(house, "Bo", BESIDE)
    ana.say(Media(3))
    house.tick()
    assert ana.session
    house.room.governance.change_standing(ana.user_id, replace(ana.session.standing, is_muted=True))
    ana.say(Media(3))
    house.tick()
    assert [m.state for m in bo.all_heard(MediaState) if isinstance(m, MediaState)] == [3, 2]
    house.room.governance.change_standing(ana.user_id, replace(ana.session.standing, is_muted=False))
    ana.say(Media(3))
    house.tick()
    assert bo.all_heard(MediaState)[-1] == MediaState(ana.avatar, 3)
