"""The Janus backend against a real Janus, with people who have a real WebRTC stack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from protocol.constants import Description, LegState, Source
from server.media.backend import SlotRow
from server.media.janus import JanusBackend
from tests.media.sfu.janus_server import SECRET, JanusServer, interface, is_installed
from tests.media.sfu.people import TwoLegged, until

pytestmark = pytest.mark.skipif(not is_installed(), reason="needs Janus: apt-get install janus")

SOUND = 1


class Caller(TwoLegged):
    """Somebody on the backend."""

    def __init__(self, hall: Hall, number: int) -> None:
        super().__init__(number)
        self.hall = hall
        self.leg = 0
        self.state = LegState.NONE
        self.rows: list[SlotRow] = []

    async def take(self, index: int, form: int, sdp: str) -> None:
        describe = self.hall.backend.describe
        if form == Description.WANTED.value:
            describe(self.leg, 0, Description.OFFER.value, await self.offer())
        elif index == 0:
            await self.take_answer(sdp)
        else:
            describe(self.leg, 1, Description.ANSWER.value, await self.answer(sdp))


class Hall:
    """A Janus, the backend, and the people on it; the test's side of `LegEvents`."""

    def __init__(self, folder: Path) -> None:
        self.janus = JanusServer(folder, interface())
        self.backend = JanusBackend(self.janus.url, SECRET, None)
        self.room: UUID = uuid4()
        self.people: dict[int, Caller] = {}
        self.changes: list[bool] = []
        self._queues: dict[int, asyncio.Queue[tuple[int, int, str]]] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        await self.janus.start()
        self.backend.watch(self)
        await self.backend.start()
        await until(lambda: self.backend.available, 10, "the backend")

    async def enter(self, number: int) -> Caller:
        caller = Caller(self, number)
        caller.leg = self.backend.open(self.room, uuid4(), self)
        self.people[caller.leg] = caller
        self._queues[caller.leg] = asyncio.Queue()
        self._tasks.append(asyncio.create_task(self._follow(caller)))
        self.backend.publish(caller.leg, SOUND, 7)
        await until(lambda: caller.state is LegState.CONNECTED, 15, "connected")
        return caller

    def hear(self, caller: Caller, *others: Caller) -> None:
        self.backend.hear(caller.leg, {other.leg: 200 for other in others})

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*(caller.close() for caller in self.people.values()))
        await self.backend.stop()
        await self.janus.stop()

    async def _follow(self, caller: Caller) -> None:
        while True:
            await caller.take(*await self._queues[caller.leg].get())

    def described(self, leg: int, index: int, form: int, sdp: str) -> None:
        self._queues[leg].put_nowait((index, form, sdp))

    def filled(self, leg: int, slots: Sequence[SlotRow]) -> None:
        self.people[leg].rows = list(slots)

    def limited(self, leg: int, level: int, reason: int, sound: int, pictures: int) -> None:
        raise AssertionError("Janus has no limits of ours")

    def changed(self, leg: int, state: LegState) -> None:
        self.people[leg].state = state

    def backend_changed(self, available: bool) -> None:
        self.changes.append(available)


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    hall = Hall(tmp_path)
    await hall.start()
    yield hall
    await hall.stop()


async def test_three_hear_those_whom_the_server_names_and_nobody_else(hall: Hall) -> None:
    ana, bo, cem = [await hall.enter(number) for number in range(3)]
    hall.hear(ana, bo, cem)
    hall.hear(bo, ana)
    await until(lambda: ana.hears(1) and ana.hears(2) and bo.hears(0), 15, "sound")
    await asyncio.sleep(0.5)
    assert not bo.hears(2)
    assert cem.sound == {}
    assert {(row.who, row.source) for row in ana.rows} == {
        (bo.leg, Source.MICROPHONE),
        (cem.leg, Source.MICROPHONE),
    }


async def test_what_the_server_takes_away_ends_whatever_the_client_sends(hall: Hall) -> None:
    ana, bo = [await hall.enter(number) for number in range(2)]
    hall.hear(ana, bo)
    hall.hear(bo, ana)
    await until(lambda: ana.hears(1) and bo.hears(0), 15, "sound")
    hall.backend.publish(bo.leg, 0, 6)
    await until(lambda: not ana.hears(1), 3, "muted")
    hall.backend.publish(bo.leg, SOUND, 7)
    await until(lambda: ana.hears(1), 5, "unmuted")
    hall.hear(ana)
    await until(lambda: not ana.hears(1), 3, "not linked any more")
    hall.hear(ana, bo)
    await until(lambda: ana.hears(1), 10, "linked again")
    hall.backend.close(ana.leg)
    await until(lambda: not bo.hears(0), 3, "gone")


async def test_nonsense_in_a_description_ends_that_leg_alone(hall: Hall) -> None:
    ana, bo = [await hall.enter(number) for number in range(2)]
    hall.hear(ana, bo)
    await until(lambda: ana.hears(1), 15, "sound")
    hall.backend.describe(bo.leg, 0, Description.OFFER.value, "v=0 nonsense")
    await until(lambda: bo.state is LegState.FAILED, 5, "refused")
    assert ana.state is LegState.CONNECTED


async def test_a_janus_that_dies_is_noticed_and_one_that_comes_back_is_used(hall: Hall) -> None:
    await hall.janus.stop()
    await until(lambda: hall.changes[-1:] == [False], 10, "away")
    assert not hall.backend.available
    await hall.janus.start()
    await until(lambda: hall.changes[-1:] == [True], 20, "back")
    assert hall.changes == [True, False, True]
