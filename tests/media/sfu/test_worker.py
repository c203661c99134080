"""The worker as a process of its own, with people who have a real WebRTC stack."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest
from prometheus_client import CollectorRegistry

from protocol.constants import LegState, Source
from server.media.choice import own_addresses
from server.media.sfu.control import (
    Answer,
    Changed,
    Close,
    Figures,
    Filled,
    Hear,
    Limited,
    Look,
    Notice,
    Offered,
    Open,
    Publish,
)
from server.media.sfu.metrics import SfuMetrics
from server.media.sfu.supervisor import Supervisor
from server.media.sfu.worker import Options
from tests.media.sfu.people import Person, pitch, until
from tests.media.sfu.voices import Voice, converse

SOUND, CAMERA, SCREEN = 1, 2, 4


class Hall:
    """A worker and the people on it; leg n + 1 is person n."""

    def __init__(self, *, simulcast: bool = False) -> None:
        self.ups: list[bool] = []
        self.offers: dict[int, str] = {}
        self.answers: dict[int, str] = {}
        self.states: dict[int, int] = {}
        self.slots: dict[int, Filled] = {}
        self.limits: dict[int, Limited] = {}
        self.figures: list[Figures] = []
        self.people: list[Person] = []
        options = Options("0.0.0.0", 0, own_addresses(), simulcast)
        self.worker = Supervisor(options, SfuMetrics(CollectorRegistry()), self._take, self.ups.append)

    async def start(self) -> None:
        self.worker.start()
        await until(lambda: self.worker.running, 15, "the worker listens")

    async def enter(self, person: Person, bits: int = SOUND) -> int:
        """Connect somebody; returns their leg."""
        self.people.append(person)
        leg = person.number + 1
        self.worker.order(Open(leg))
        await until(lambda: leg in self.offers, 10, "an offer")
        self.answers[leg] = await person.answer(self.offers[leg])
        self.worker.order(Answer(leg, self.answers[leg]))
        self.worker.order(Publish(leg, bits))
        return leg

    def hear(self, person: Person, *others: Person) -> None:
        self.worker.order(Hear(person.number + 1, tuple((other.number + 1, 200) for other in others)))

    def all_hear_all(self) -> None:
        for person in self.people:
            self.hear(person, *(other for other in self.people if other is not person))

    async def connected(self) -> None:
        await until(
            lambda: all(self.states.get(each.number + 1) == LegState.CONNECTED for each in self.people), 20, "connected"
        )

    async def stop(self) -> None:
        await asyncio.gather(*(person.close() for person in self.people))
        await self.worker.stop()

    def _take(self, notice: Notice) -> None:
        if isinstance(notice, Offered):
            self.offers[notice.leg] = notice.sdp
        elif isinstance(notice, Changed):
            self.states[notice.leg] = notice.state
        elif isinstance(notice, Filled):
            self.slots[notice.leg] = notice
        elif isinstance(notice, Limited):
            self.limits[notice.leg] = notice
        elif isinstance(notice, Figures):
            self.figures.append(notice)


@pytest.fixture
async def hall() -> AsyncIterator[Hall]:
    hall = Hall()
    await hall.start()
    yield hall
    await hall.stop()


async def test_two_hear_and_see_each_other(hall: Hall) -> None:
    ana, bo = Person(0, camera=60), Person(1, camera=200)
    for person in (ana, bo):
        await hall.enter(person, SOUND | CAMERA)
    hall.all_hear_all()
    await hall.connected()
    await until(lambda: ana.hears(1) and bo.hears(0), 10, "sound both ways")
    await until(lambda: ana.sees(200) and bo.sees(60), 10, "pictures both ways")
    rows = {(mid, who, source) for mid, who, source, _ in hall.slots[1].slots}
    assert rows == {(4, 2, Source.MICROPHONE), (20, 2, Source.CAMERA)}


async def test_twelve_in_one_conversation_all_hear_all_and_nobody_else(hall: Hall) -> None:
    voices: list[Voice] = []
    # The last one is in another conversation, with nobody.
    for number in range(13):
        leg = number + 1
        hall.worker.order(Open(leg))
        await until(lambda leg=leg: leg in hall.offers, 10, "an offer")  # type: ignore[misc]
        voice = Voice(number, hall.offers[leg], int(pitch(number)))
        hall.worker.order(Answer(leg, voice.answer()))
        hall.worker.order(Publish(leg, SOUND))
        await voice.connect()
        voices.append(voice)
    for leg in range(1, 13):
        hall.worker.order(Hear(leg, tuple((other, 200) for other in range(1, 13) if other != leg)))
    pitches = {voice.hz for voice in voices}
    twelve, alone = voices[:12], voices[12]
    conversation = asyncio.create_task(converse(lambda: voices))
    try:

        def wrong() -> dict[int, set[int]]:
            expected = {voice.hz: {other.hz for other in twelve} - {voice.hz} for voice in twelve} | {alone.hz: set()}
            heard = {voice.hz: voice.hears(pitches) for voice in voices}
            return {hz: heard[hz] ^ expected[hz] for hz in heard if heard[hz] != expected[hz]}

        await until(lambda: not wrong(), 20, "all hear all")
        looks = [wrong() for _ in range(20) if not await asyncio.sleep(0.1)]  # type: ignore[func-returns-value]
        assert looks == [{}] * 20, "at every moment"
        alone.muted = twelve[3].muted = True
        await until(lambda: set(wrong()) == {voice.hz for voice in twelve} - {twelve[3].hz}, 5, "silence of one")
    finally:
        conversation.cancel()


async def test_nobody_hears_somebody_whom_the_server_does_not_name(hall: Hall) -> None:
    ana, bo, cem = Person(0), Person(1), Person(2)
    for person in (ana, bo, cem):
        await hall.enter(person)
    hall.hear(ana, bo)
    hall.hear(bo, ana)
    await hall.connected()
    await until(lambda: ana.hears(1) and bo.hears(0), 10, "the pair")
    await asyncio.sleep(1)
    assert not ana.hears(2)
    assert not bo.hears(2)
    assert cem.sound == {}, "nothing at all was sent to the third"


async def test_what_the_server_takes_away_ends_at_once(hall: Hall) -> None:
    ana, bo = Person(0), Person(1)
    for person in (ana, bo):
        await hall.enter(person)
    hall.all_hear_all()
    await hall.connected()
    await until(lambda: ana.hears(1) and bo.hears(0), 10, "sound both ways")

    hall.worker.order(Publish(2, 0))
    await until(lambda: not ana.hears(1), 1.5, "a muted person is not handed on")
    assert bo.hears(0)

    hall.worker.order(Publish(2, SOUND))
    await until(lambda: ana.hears(1), 5, "unmuted")
    hall.hear(ana)
    await until(lambda: not ana.hears(1), 1.5, "not linked any more")
    assert bo.hears(0)

    hall.worker.order(Close(1))
    await until(lambda: not bo.hears(0), 1.5, "gone")


async def test_a_hidden_picture_is_not_sent_and_a_named_one_comes_back(hall: Hall) -> None:
    ana, bo = Person(0), Person(1, camera=200)
    await hall.enter(ana)
    await hall.enter(bo, SOUND | CAMERA)
    hall.all_hear_all()
    await hall.connected()
    await until(lambda: ana.sees(200), 10, "a picture")
    hall.worker.order(Look(1, 6, ((2, Source.CAMERA.value, 0),)))
    await until(lambda: not ana.sees(200), 4, "hidden")
    assert ana.hears(1)
    hall.worker.order(Look(1, 6, ((2, Source.CAMERA.value, 2),)))
    await until(lambda: ana.sees(200), 5, "asked for again")


async def test_a_page_that_closes_is_noticed_at_once(hall: Hall) -> None:
    ana = Person(0)
    await hall.enter(ana)
    await hall.connected()
    await ana.close()
    await until(lambda: hall.states[1] == LegState.FAILED, 3, "gone")


async def test_a_worker_that_is_killed_comes_back_and_takes_people_anew(hall: Hall) -> None:
    ana, bo = Person(0), Person(1)
    for person in (ana, bo):
        await hall.enter(person)
    hall.all_hear_all()
    await until(lambda: ana.hears(1) and bo.hears(0), 15, "sound both ways")
    old = hall.worker.pid
    assert old is not None
    os.kill(old, signal.SIGKILL)
    await until(lambda: hall.ups[-2:] == [False, True], 15, "up again")
    assert hall.worker.pid not in (None, old)
    assert hall.worker.restarts == 1

    hall.offers.clear()
    hall.people.clear()
    again = [Person(0), Person(1)]
    for person in again:
        await hall.enter(person)
    hall.all_hear_all()
    await until(lambda: again[0].hears(1) and again[1].hears(0), 10, "sound both ways again")
    await ana.close()
    await bo.close()


async def test_an_answer_that_is_none_fails_the_leg_and_nothing_else(hall: Hall) -> None:
    ana = Person(0)
    await hall.enter(ana)
    hall.worker.order(Open(9))
    await until(lambda: 9 in hall.offers, 5, "an offer")
    hall.worker.order(Answer(9, "v=0\r\n" * 3))
    await until(lambda: hall.states.get(9) == LegState.FAILED, 5, "refused")
    await hall.connected()


async def test_an_answer_that_is_said_again_means_nothing_and_another_one_fails_the_leg(hall: Hall) -> None:
    ana, bo = Person(0), Person(1)
    for person in (ana, bo):
        await hall.enter(person)
    hall.all_hear_all()
    await hall.connected()
    hall.worker.order(Answer(1, hall.answers[1]))
    await until(lambda: ana.hears(1) and bo.hears(0), 15, "sound both ways")
    assert hall.states[1] == LegState.CONNECTED
    hall.worker.order(Answer(1, hall.answers[2]))
    await until(lambda: hall.states[1] == LegState.FAILED, 5, "refused")
    await ana.close()
    await bo.close()
