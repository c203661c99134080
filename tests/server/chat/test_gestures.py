"""Reactions, waves, and hands in the order in which they went up. Virtual time."""

from __future__ import annotations

from protocol.messages import GestureMade, Hand, Leave, React, Wave
from server.chat.gestures import GESTURES_BURST
from server.rooms.roles import Role
from tests.server.chat.people import Office, codes, heard


def test_a_reaction_is_seen_by_everybody_who_makes_gestures() -> None:
    office = Office()
    ana, bo, old = office.writer_of("Ana"), office.writer_of("Bo"), office.person("Old")
    ana.say(React(1, 6))
    office.tick()
    expected = [GestureMade(0, ana.avatar, 6)]
    assert (heard(ana, GestureMade), heard(bo, GestureMade), heard(old, GestureMade)) == (expected, expected, [])


def test_a_wave_names_whom_it_is_for_and_needs_somebody_else() -> None:
    office = Office()
    ana, bo = office.writer_of("Ana"), office.writer_of("Bo")
    ana.heard()
    ana.say(Wave(1, bo.avatar))
    ana.say(Wave(2, ana.avatar))
    ana.say(Wave(3, 999))
    office.tick()
    assert bo.all_heard(GestureMade) == [GestureMade(1, ana.avatar, bo.avatar)]
    office.tick()
    assert codes(ana.heard()) == ["not_found", "not_found"]


def test_hands_have_turns_and_a_newcomer_learns_them_in_order() -> None:
    office = Office()
    ana, bo = office.writer_of("Ana"), office.writer_of("Bo")
    bo.say(Hand(1, True, 0))
    ana.say(Hand(1, True, 0))
    bo.say(Hand(2, True, 0))
    office.tick()
    assert ana.all_heard(GestureMade) == [
        GestureMade(2, bo.avatar, 1),
        GestureMade(2, ana.avatar, 2),
        GestureMade(2, bo.avatar, 1),
    ]
    cem = office.writer_of("Cem")
    assert heard(cem, GestureMade) == [GestureMade(2, bo.avatar, 1), GestureMade(2, ana.avatar, 2)]
    bo.say(Hand(3, False, 0))
    office.tick()
    assert heard(cem, GestureMade) == [GestureMade(2, bo.avatar, 0)]
    bo.say(Hand(4, True, bo.avatar))
    office.tick()
    assert heard(cem, GestureMade) == [GestureMade(2, bo.avatar, 3)]


def test_who_is_gone_has_no_hand_up_and_a_moderator_lowers_others() -> None:
    office = Office()
    ana, bo, cem = office.writer_of("Ana"), office.writer_of("Bo"), office.writer_of("Cem")
    for person in (ana, bo):
        person.say(Hand(1, True, 0))
    cem.heard()
    cem.say(Hand(1, False, bo.avatar))
    cem.say(Hand(2, True, bo.avatar))
    office.tick()
    assert codes(cem.heard()) == ["not_allowed", "not_allowed"]
    office.promote(cem, Role.MODERATOR)
    cem.say(Hand(3, False, bo.avatar))
    office.tick()
    assert heard(cem, GestureMade) == [GestureMade(2, bo.avatar, 0)]
    ana.say(Leave())
    assert heard(office.writer_of("Dia"), GestureMade) == []


def test_too_many_gestures_are_refused_and_counted() -> None:
    office = Office()
    ana = office.writer_of("Ana")
    office.tick(40)
    ana.heard()
    for number in range(GESTURES_BURST + 4):
        ana.say(React(number + 1, 0))
    office.tick()
    heard_now = ana.heard()
    assert sum(isinstance(message, GestureMade) for message in heard_now) == GESTURES_BURST
    assert codes(heard_now) == ["too_fast"]
    assert office.metrics.discarded.labels("gesture")._value.get() == 4
