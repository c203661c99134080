"""People who come are let in before a tick, together, and no faster than the room's pace."""

from __future__ import annotations

import asyncio
import time
from uuid import UUID

import pytest

from protocol.constants import ALL_FEATURES, WALKER_FEATURES, CloseCode, Feature
from protocol.messages import Goodbye, Hello, Joined, Presence, Proximity, Roster, Snapshot, Welcome
from server.auth.tickets import TicketClaims
from server.rooms.attendance import Newcomer
from server.rooms.loop import RoomLoop
from server.rooms.parts import Part
from server.rooms.roles import Role
from server.rooms.session import Session
from server.store.members import Standing
from tests.server.rooms.people import RATE, ROOM_ID, House, Person

PEOPLE = WALKER_FEATURES | Feature.PEOPLE


class Caller(Person):
    """Somebody who said HELLO and waits at the door."""

    def __init__(self, house: House, name: str, features: int = PEOPLE, standing: Standing | None = None) -> None:
        super().__init__(house, name)
        self.features = features
        self._open(Hello(0, features, "t" * 32, None, 0, "test"))
        claims = TicketClaims(self.user_id, ROOM_ID, "session", name, bytes(6), False, False)
        self.newcomer = Newcomer(claims, self.connection, (100 * 256, 100 * 256), standing)
        self.holds = True
        self.answers: list[Session | None] = []

    def call(self) -> None:
        """Be queued."""
        self.house.room.arrivals.wait(self.newcomer, lambda: self.holds, self._answered)

    def _answered(self, session: Session | None) -> None:
        self.answers.append(session)
        self.session = session
        self.connection.pump()

    def goodbye(self) -> int:
        """With which code the room refused."""
        [goodbye] = self.all_heard(Goodbye)
        assert isinstance(goodbye, Goodbye)
        return goodbye.code


def callers(house: House, *names: str) -> list[Caller]:
    """These people wait at the door."""
    found = [Caller(house, name) for name in names]
    for caller in found:
        caller.call()
    return found


def names(message: object) -> list[str]:
    assert isinstance(message, Roster)
    return [entry.name for entry in message.entries]


def test_they_come_together_and_are_told_everything_with_one_write() -> None:
    house = House()
    ona = house.person("Ona", features=PEOPLE)
    house.tick(2)
    ona.heard()
    writes = ona.wire.writes
    ada, bo = callers(house, "Ada", "Bo")
    assert not ada.wire.messages
    assert len(house.room.arrivals) == 2
    house.room.let_in()
    assert [len(ada.answers), len(bo.answers), len(house.room.arrivals)] == [1, 1, 0]
    for caller in (ada, bo):
        kinds = [type(message) for message in caller.heard()]
        assert kinds[:4] == [Welcome, Roster, Presence, Proximity]
        assert caller.wire.writes == 1
        assert names(caller.all_heard(Roster)[0]) == ["Ona", "Ada", "Bo"]
    told = [message.entry.name for message in ona.heard() if isinstance(message, Joined)]
    assert told == ["Ada", "Bo"]
    assert ona.wire.writes == writes + 1
    house.tick()
    for person in (ona, ada, bo):
        assert Snapshot in map(type, person.heard())


def test_where_so_many_are_inside_that_there_is_no_time_between_two_ticks_they_are_told_with_the_tick(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = House()
    ona = house.person("Ona", features=PEOPLE)
    house.tick(2)
    ona.heard()
    writes = ona.wire.writes
    monkeypatch.setattr("server.rooms.arrivals._LEAD_FOR_EACH_S", 1 / RATE)
    [ada] = callers(house, "Ada")
    house.tick()
    assert ada.wire.writes == 1
    assert type(ada.heard()[0]) is Welcome
    assert [type(message) for message in ona.heard()] == [Joined, Snapshot]
    assert ona.wire.writes == writes + 1


def test_those_who_want_to_be_seen_differently_are_told_of_at_once() -> None:
    house = House()
    ona = house.person("Ona", features=PEOPLE)
    house.person("Old", features=WALKER_FEATURES & ~Feature.PEOPLE)
    ona.heard()
    for name, status in (("Ada", "busy"), ("Bo", "available"), ("Cy", "dnd")):
        Caller(house, name, standing=Standing(status=status, role=Role.MEMBER)).call()
    house.tick()
    [presence] = [message for message in ona.heard() if isinstance(message, Presence)]
    ada, cy = (house.room.session_of(Person(house, name).user_id) for name in ("Ada", "Cy"))
    assert ada
    assert cy
    assert [(mood.avatar, mood.status) for mood in presence.entries] == [(ada.avatar, 1), (cy.avatar, 3)]
    assert not house.people[1].all_heard(Presence)


def test_no_more_come_with_one_tick_than_the_pace_allows_and_in_their_order() -> None:
    house = House(capacity=30, arrivals_rate=2 * RATE)
    waiting = callers(house, *"ABCDE")
    came = []
    for _ in range(3):
        house.tick()
        came.append("".join(caller.name for caller in waiting if caller.session))
    assert came == ["AB", "ABCD", "ABCDE"]


@pytest.mark.parametrize("rate", [1, RATE // 2, RATE + RATE // 2, 3 * RATE])
def test_as_many_come_in_a_second_as_the_setting_says(rate: int) -> None:
    house = House(capacity=250, arrivals_rate=rate)
    callers(house, *map(str, range(200)))
    house.tick()
    at_once = len(house.room.sessions)
    assert 1 <= at_once <= max(1, -(-rate // RATE)), "whoever comes alone waits for nobody"
    house.tick(2 * RATE)
    assert 2 * rate <= len(house.room.sessions) <= 2 * rate + at_once


def test_whoever_comes_while_too_many_wait_finds_the_room_full() -> None:
    house = House(capacity=2)
    *waiting, late = callers(house, "Ada", "Bo", "Cy")
    assert late.answers == [None]
    assert late.goodbye() == CloseCode.FULL
    house.tick()
    assert all(caller.session for caller in waiting)


def test_whoever_is_inside_and_comes_again_needs_no_place_in_the_queue() -> None:
    house = House(capacity=2)
    ona = house.person("Ona")
    callers(house, "Ada", "Bo")
    [again] = callers(house, "Ona")
    house.tick()
    assert again.session is ona.session


def test_places_may_be_gone_when_their_turn_comes() -> None:
    house = House(capacity=2)
    ada, bo = callers(house, "Ada", "Bo")
    house.person("Ona")
    house.tick()
    assert ada.session
    assert bo.answers == [None]
    assert bo.goodbye() == CloseCode.FULL


def test_whoever_may_not_any_more_is_not_let_in_and_can_ask_again() -> None:
    house = House()
    ada, bo = callers(house, "Ada", "Bo")
    ada.holds = False
    house.tick()
    assert ada.answers == [None]
    assert ada.connection.greeting
    assert not ada.wire.messages
    assert names(bo.all_heard(Roster)[0]) == ["Bo"]


def test_the_same_person_from_two_windows_has_one_avatar_and_the_newer_connection() -> None:
    house = House()
    older, newer = callers(house, "Ada", "Ada")
    house.tick()
    assert older.closed is not None
    assert older.closed[0] == CloseCode.REPLACED
    assert older.session is newer.session
    assert newer.session is not None
    assert newer.session.connection is newer.connection
    assert names(newer.all_heard(Roster)[0]) == ["Ada"]
    assert len(newer.all_heard(Snapshot)) == 1


def test_who_is_here_already_goes_on_with_the_same_avatar_though_the_room_is_full() -> None:
    house = House(capacity=1)
    ada = house.person("Ada")
    house.tick()
    [again] = callers(house, "Ada")
    house.tick()
    assert again.session is ada.session
    assert ada.closed is not None
    assert ada.closed[0] == CloseCode.REPLACED


def test_a_room_that_closes_lets_nobody_wait() -> None:
    house = House()
    [ada] = callers(house, "Ada")
    house.room.close(CloseCode.RESTART, "", None)
    assert ada.answers == [None]
    assert ada.connection.greeting
    # It makes no ticks any more. Whoever finds out only now is not left waiting either.
    [bo] = callers(house, "Bo")
    assert bo.answers == [None]
    assert bo.goodbye() == CloseCode.INTERNAL


def test_whoever_is_gone_while_they_wait_is_not_let_in_and_nobody_else_is_kept_out() -> None:
    house = House()
    ada, bo, cy = callers(house, "Ada", "Bo", "Cy")
    bo.connection.lost()
    house.tick()
    assert bo.answers == [None]
    assert [session.claims.name for session in house.room.sessions.values()] == ["Ada", "Cy"]
    assert ada.session
    assert cy.session


class Broken(Part):
    """A part that fails for those who come after the first one, at one step or another of their way in."""

    step = ""
    calls = 0

    def _fail(self, step: str) -> None:
        if self.step == step:
            self.calls += 1
            if self.calls > 1:
                raise RuntimeError("broken")

    def arrived(self, session: Session) -> None:
        self._fail("arrived")

    def tell_state(self, session: Session) -> None:
        self._fail("tell_state")

    def went(self, session: Session) -> None:
        self._fail("went")


@pytest.mark.parametrize("step", ["arrived", "tell_state"])
def test_a_fault_while_they_come_ends_their_connections_and_not_the_tick(step: str) -> None:
    house = House(make_parts=lambda *_: [type("Broken", (Broken,), {"step": step})], resume_s=1)
    people = callers(house, "Ada", "Bo", "Cy")
    before = house.room.world.tick
    house.tick()
    assert house.room.world.tick == before + 1
    for person in people:
        assert person.answers == [None]
        assert person.goodbye() == CloseCode.INTERNAL
    assert not house.room.sessions, "whoever has no connection would stay for good"
    house.tick(2)
    assert not house.room.world.alive.any()


def test_a_fault_while_others_come_leaves_those_inside_where_they_are() -> None:
    house = House(make_parts=lambda *_: [type("Broken", (Broken,), {"step": "arrived"})])
    ada = house.person("Ada")
    house.tick()
    bo, again = callers(house, "Bo", "Ada")
    house.tick()
    assert bo.goodbye() == again.goodbye() == CloseCode.INTERNAL
    assert list(house.room.sessions.values()) == [ada.session]
    assert ada.closed is None


def test_the_roster_follows_what_changes_about_people() -> None:
    house = House()
    ona = house.person("Ona", features=ALL_FEATURES)
    callers(house, "Ada")
    house.tick()
    assert ona.session
    house.room.change_user(ona.user_id, "Ona the Second", bytes(6))
    house.room.governance.change_standing(ona.user_id, Standing(role=Role.ADMIN, is_muted=True))
    ona.session.media = 2
    [bo] = callers(house, "Bo")
    house.tick()
    [roster] = bo.all_heard(Roster)
    assert isinstance(roster, Roster)
    assert list(roster.entries) == [session.entry(people=True) for session in house.room.sessions.values()]
    assert roster.entries[0].name == "Ona the Second"


class NoDoors:
    async def save_open_doors(self, room_id: UUID, doors: object) -> None:
        """Nothing is kept."""


@pytest.mark.asyncio
async def test_the_loop_of_an_empty_room_wakes_for_whoever_comes() -> None:
    house = House(tick_rate=60)
    loop = RoomLoop(house.room, house.saver, NoDoors(), house.settings, house.metrics)
    loop.start()
    ada = Caller(house, "Ada")
    session = await asyncio.wait_for(loop.admit(ada.newcomer, lambda: True), 5)
    assert session is not None
    await loop.stop(CloseCode.RESTART, "")


@pytest.mark.asyncio
async def test_a_room_that_changes_hands_answers_whoever_waits() -> None:
    house = House()
    loop = RoomLoop(house.room, house.saver, NoDoors(), house.settings, house.metrics)
    ada = Caller(house, "Ada")
    waiting = asyncio.create_task(loop.admit(ada.newcomer, lambda: True))
    await asyncio.sleep(0)
    await loop.pause()
    assert await asyncio.wait_for(waiting, 5) is None
    assert ada.connection.greeting


@pytest.mark.asyncio
async def test_whoever_waits_gets_in_though_there_is_no_time_left_between_two_ticks() -> None:
    house = House(capacity=30)
    loop = RoomLoop(house.room, house.saver, NoDoors(), house.settings, house.metrics)
    loop.start()
    ada, bo = Caller(house, "Ada"), Caller(house, "Bo")
    assert await asyncio.wait_for(loop.admit(ada.newcomer, lambda: True), 5)
    tick = house.room.world.tick
    came = asyncio.create_task(loop.admit(bo.newcomer, lambda: True))
    await asyncio.sleep(0)
    while not came.done():
        # The next tick is always due already: whoever waits is put off only so often.
        time.sleep(1 / RATE)  # noqa: ASYNC251
        await asyncio.sleep(0.001)
        assert house.room.world.tick < tick + 10
    assert came.result() is not None
    await loop.stop(CloseCode.RESTART, "")
