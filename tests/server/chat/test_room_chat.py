"""What is written in a room: who reads it, when it is acknowledged, and what is refused. Virtual time."""

from __future__ import annotations

import struct
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocol.constants import ALL_FEATURES, Channel, CloseCode, Feature
from protocol.messages import Error, Leave, Links, Removed, Said, Say, Sent, Type, Typing, encode
from server.chat.room_chat import RECENT, SAY_BURST
from server.chat.writer import MOST_WAITING
from server.rooms.roles import Role
from tests.server.chat.people import NOW_S, Office, codes, heard
from tests.server.media.test_switchboard import two_rooms
from tests.server.rooms.people import Person

NEAR, BESIDE, FAR = (100, 208), (140, 208), (100, 40)
DESK, DESK_END = (500, 208), (620, 340)


@pytest.fixture
def office() -> Office:
    return Office(room_map=two_rooms(), proximity_dwell_ms=0)


# --- who reads it -------------------------------------------------------------------------------------------------


async def test_what_is_said_to_the_room_is_read_by_everybody_once_and_acknowledged_when_it_is_safe(
    office: Office,
) -> None:
    ana, bo = office.writer_of("Ana", place=NEAR), office.writer_of("Bo", place=DESK)
    office.tick()
    ana.heard()
    bo.heard()
    message_id = office.say(ana, "Hello <b>all</b>")
    office.tick()
    [said] = heard(bo, Said)
    at = int(NOW_S * 1000)
    assert said == Said(str(message_id), 1, str(ana.user_id), "Ana", None, "Hello <b>all</b>", at)
    assert heard(ana, Sent) == []
    assert await office.writer.write()
    assert heard(ana, Sent) == [Sent(str(message_id), at, 1, True)]
    assert office.history.texts() == ["Hello <b>all</b>"]


def test_what_is_said_nearby_is_read_by_those_who_are_linked_and_kept_nowhere(office: Office) -> None:
    ana, bo, far = (office.writer_of(n, place=p) for n, p in (("Ana", NEAR), ("Bo", BESIDE), ("Cem", DESK)))
    office.tick(3)
    for person in (ana, bo, far):
        person.heard()
    message_id = office.say(ana, "psst", Channel.NEARBY)
    office.tick()
    assert [said.text for said in heard(bo, Said)] == ["psst"]
    assert heard(far, Said) == []
    assert heard(ana, Sent) == [Sent(str(message_id), int(NOW_S * 1000), 1, False)]
    assert office.history.rows == {}


def test_whoever_is_alone_is_told_that_nobody_heard(office: Office) -> None:
    ana = office.writer_of("Ana", place=NEAR)
    office.tick()
    ana.heard()
    office.say(ana, "hello?", Channel.NEARBY)
    assert [sent.heard for sent in heard(ana, Sent)] == [0]


def test_in_a_private_area_everybody_reads_it_even_without_a_microphone(office: Office) -> None:
    ana = office.writer_of("Ana", place=DESK)
    quiet = office.person("Bo", features=int(Feature.CHAT | Feature.PROXIMITY), place=DESK_END)
    office.tick(3)
    quiet.heard()
    office.say(ana, "in here", Channel.NEARBY)
    office.tick()
    assert [said.text for said in heard(quiet, Said)] == ["in here"]


PLACES = (NEAR, BESIDE, (120, 230), FAR, DESK, DESK_END, (40, 340), (60, 350))
FEATURES = (
    ALL_FEATURES,
    int(Feature.CHAT),
    int(Feature.PROXIMITY | Feature.MEDIA),
    int(Feature.CHAT | Feature.MEDIA | Feature.PEOPLE),
)


@given(
    st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(FEATURES), st.booleans()), min_size=2, max_size=7),
    st.sampled_from([Channel.NEARBY, Channel.ROOM]),
)
@settings(max_examples=60, deadline=None)
def test_nobody_reads_what_is_not_for_them(crowd: list[tuple[tuple[int, int], int, bool]], channel: Channel) -> None:
    office = Office(room_map=two_rooms(), proximity_dwell_ms=0)
    people = []
    for number, (place, features, disturbable) in enumerate(crowd):
        features |= int(Feature.CHAT) if number == 0 else 0
        person = office.person(f"P{number}", features=features, place=place)
        people.append((person, place, features))
        if not disturbable:
            office.room.governance.change_presence(person.user_id, 3, "")
    office.tick(3)
    speaker, spot, _ = people[0]
    told = speaker.all_heard(Links)
    linked = {avatar for avatar, _, _ in struct.iter_unpack("<HIB", told[-1].links)} if told else set()
    for person, _, _ in people:
        person.heard()
    office.say(speaker, "secret", channel)
    office.tick()
    for person, place, features in people[1:]:
        # The map's private area is its right part; the links are what the server told the speaker.
        together = spot[0] >= 448 and place[0] >= 448
        may = bool(features & Feature.CHAT) and (channel is Channel.ROOM or person.avatar in linked or together)
        assert len(heard(person, Said)) == may


def test_who_is_away_reads_it_after_coming_back(office: Office) -> None:
    ana, bo = office.writer_of("Ana"), office.writer_of("Bo")
    office.tick(2)
    token, events = bo.welcome.resume, bo.session.events.count if bo.session else 0
    bo.lose_connection()
    office.say(ana, "are you there?")
    assert bo.resume(token, events)
    assert [said.text for said in heard(bo, Said)] == ["are you there?"]


def test_a_client_without_the_feature_goes_on_and_hears_nothing_of_it(office: Office) -> None:
    ana, old = office.writer_of("Ana"), office.person("Old")
    office.say(ana, "hello")
    office.tick(2)
    assert not any(isinstance(message, Said) for message in old.heard())
    assert old.closed is None
    old.connection.receive(encode(Say(1, str(uuid4()), 1, None, "me, too")), office.now)
    assert old.closed is not None
    assert old.closed[0] == CloseCode.MALFORMED


# --- who may write ------------------------------------------------------------------------------------------------


def test_who_is_muted_may_read_but_neither_write_nor_seem_to(office: Office) -> None:
    ana, bo = office.writer_of("Ana", place=NEAR), office.writer_of("Bo", place=BESIDE)
    office.tick(3)
    office.promote(ana, Role.GUEST, muted=True)
    ana.heard()
    bo.heard()
    for channel in (Channel.NEARBY, Channel.ROOM, Channel.ANNOUNCEMENT):
        office.say(ana, "but I", channel)
    ana.say(Type(1, None))
    office.tick()
    assert codes(ana.heard()) == ["muted"] * 3
    office.say(bo, "quiet now")
    office.tick()
    assert [said.text for said in heard(ana, Said)] == ["quiet now"]
    assert heard(bo, Typing) == []


@pytest.mark.parametrize("role", list(Role))
def test_announcements_come_from_moderators_and_above(office: Office, role: Role) -> None:
    ana, bo = office.writer_of("Ana"), office.writer_of("Bo")
    office.promote(ana, role)
    office.tick()
    ana.heard()
    bo.heard()
    office.say(ana, "Lunch!", Channel.ANNOUNCEMENT)
    office.tick()
    if role >= Role.MODERATOR:
        assert [said.channel for said in heard(bo, Said)] == [Channel.ANNOUNCEMENT]
    else:
        assert heard(bo, Said) == []
        assert codes(ana.heard()) == ["not_allowed"]


def test_a_flood_is_refused_with_the_number_of_each_message_and_counted(office: Office) -> None:
    ana, bo = office.writer_of("Ana"), office.writer_of("Bo")
    office.tick(40)
    ana.heard()
    bo.heard()
    for number in range(SAY_BURST + 5):
        office.say(ana, f"spam {number}")
    office.tick()
    errors = heard(ana, Error)
    assert [error.code for error in errors] == ["too_fast"] * 5
    assert len({error.ref for error in errors}) == 5
    assert len(heard(bo, Said)) == SAY_BURST
    assert office.metrics.discarded.labels("say")._value.get() == 5
    office.tick(40)
    office.say(ana, "again")
    office.tick()
    assert [said.text for said in heard(bo, Said)] == ["again"]


# --- nothing twice, nothing lost ----------------------------------------------------------------------------------


async def test_what_is_said_again_after_a_reconnect_is_sent_out_and_kept_once(office: Office) -> None:
    ana, bo = office.writer_of("Ana"), office.writer_of("Bo")
    office.tick()
    message_id = office.say(ana, "once")
    await office.writer.write()
    ana.lose_connection()
    assert ana.connect()
    ana.heard()
    office.say(ana, "once", message_id=message_id)
    office.tick()
    assert [said.text for said in heard(bo, Said)] == ["once"]
    assert [sent.id for sent in heard(ana, Sent)] == [str(message_id)]
    assert office.history.texts() == ["once"]


async def test_a_server_that_forgot_a_message_finds_it_in_the_history(office: Office) -> None:
    ana = office.writer_of("Ana")
    message_id = office.say(ana, "before the restart")
    await office.writer.write()
    later = Office(room_map=two_rooms())
    later.history.rows = office.history.rows
    ana_again = later.writer_of("Ana")
    later.say(ana_again, "before the restart", message_id=message_id)
    await later.writer.write()
    assert [sent.id for sent in heard(ana_again, Sent)] == [str(message_id)]
    assert later.history.texts() == ["before the restart"]


async def test_nobody_can_take_the_id_of_somebody_elses_message(office: Office) -> None:
    ana, bo = office.writer_of("Ana"), office.writer_of("Bo")
    message_id = office.say(ana, "mine")
    bo.heard()
    office.say(bo, "yours", message_id=message_id)
    office.tick()
    assert codes(bo.heard()) == ["duplicate"]
    await office.writer.write()
    office.chat._recent.forget(message_id)
    office.say(bo, "yours", message_id=message_id)
    await office.writer.write()
    office.tick()
    assert codes(bo.heard()) == ["duplicate"]
    assert office.history.texts() == ["mine"]


async def test_while_the_database_is_away_people_go_on_and_nothing_is_acknowledged_or_lost(office: Office) -> None:
    ana, bo = office.writer_of("Ana"), office.writer_of("Bo")
    office.tick()
    ana.heard()
    bo.heard()
    office.history.away = True
    said = []
    for second in range(60):
        said.append(f"second {second}")
        office.say(ana, said[-1])
        assert not await office.writer.write()
        office.tick(20)
    assert [message.text for message in heard(bo, Said)] == said
    assert heard(ana, Sent) == []
    office.history.away = False
    assert await office.writer.write()
    assert office.history.texts() == said
    assert len(heard(ana, Sent)) == 60


async def test_what_cannot_be_kept_is_refused_when_too_much_waits(office: Office) -> None:
    ana = office.writer_of("Ana")
    office.history.away = True
    ana.acks = False
    office.writer._counts[office.room.id] = MOST_WAITING
    ana.heard()
    office.say(ana, "one too many")
    office.tick()
    assert codes(ana.heard()) == ["not_kept"]
    office.say(ana, "but nearby goes on", Channel.NEARBY)
    office.tick()
    assert codes(ana.heard()) == []


async def test_one_message_that_the_database_does_not_take_holds_up_no_other(office: Office) -> None:
    ana = office.writer_of("Ana")
    office.history.broken = {"bad"}
    for text in ("good", "bad", "better"):
        office.say(ana, text)
    ana.heard()
    assert await office.writer.write()
    assert office.history.texts() == ["good", "better"]
    answers = ana.heard()
    assert len([answer for answer in answers if isinstance(answer, Sent)]) == 2
    assert codes(answers) == ["duplicate"]


def test_a_room_that_keeps_nothing_acknowledges_at_once() -> None:
    office = Office(kept=False)
    ana = office.writer_of("Ana")
    ana.heard()
    office.say(ana, "gone with the wind")
    assert [sent.kept for sent in heard(ana, Sent)] == [False]
    assert office.writer.has_room(office.room.id)


# --- deleting -----------------------------------------------------------------------------------------------------


async def test_a_message_that_was_deleted_before_it_was_written_is_never_written(office: Office) -> None:
    ana, bo = office.writer_of("Ana"), office.writer_of("Bo")
    message_id = office.say(ana, "oops")
    assert office.chat.author_of(message_id) == (ana.user_id, "Ana")
    assert await office.writer.withdraw(message_id)
    office.chat.tell_removed(message_id)
    await office.writer.write()
    assert office.history.rows == {}
    assert heard(bo, Removed) == heard(ana, Removed) == [Removed(str(message_id))]


async def test_only_its_sender_withdraws_a_direct_message(office: Office) -> None:
    ana = office.writer_of("Ana")
    message_id = office.say(ana, "mine")
    assert not await office.writer.withdraw(message_id, UUID(int=99))
    assert await office.writer.withdraw(message_id, ana.user_id)


def test_what_is_known_without_the_database_has_a_bound(office: Office) -> None:
    ana: Person = office.writer_of("Ana")
    first = office.say(ana, "first", Channel.NEARBY)
    for number in range(RECENT):
        office.chat._recent.add(UUID(int=number + 1000), office.chat._recent.get(first))  # type: ignore[arg-type]
    assert office.chat.author_of(first) is None


def test_who_left_is_forgotten(office: Office) -> None:
    ana = office.writer_of("Ana")
    office.say(ana, "bye")
    ana.say(Leave())
    assert office.chat._budgets == {}
