"""Direct messages: to whom, who gets them, and when they are acknowledged."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from protocol.constants import Channel
from protocol.global_messages import decode_global_server
from protocol.messages import Error, Said, Say, Sent, Type, Typing
from server.chat.directs import Directs
from server.chat.policy import may_write_directly
from server.chat.room_chat import SAY_BURST
from server.chat.writer import MessageWriter
from server.ops.metrics import Metrics
from server.rooms.lobby import Viewer
from server.store.errors import StoreUnavailable
from tests.server.chat.people import NOW_S, History

ROOM = UUID(int=1)


class Line:
    def __init__(self) -> None:
        self.messages: list[Any] = []

    def send(self, message: bytes) -> None:
        self.messages.append(decode_global_server(message))

    def close(self, code: int, reason: str, retry_ms: int | None = None) -> None:
        raise AssertionError("nobody closes it")


class Town:
    """People, who is where, and the history; all of it in memory."""

    def __init__(self) -> None:
        self.users: dict[UUID, Any] = {}
        self.rooms: dict[UUID, list[UUID]] = {}
        self.viewers: dict[UUID, list[Viewer]] = {}
        self.history = History()
        self.written: set[tuple[UUID, UUID]] = set()
        self.now = 100.0
        self.metrics = Metrics()
        self.writer = MessageWriter(self.history, self.metrics)
        self.directs = Directs(
            self,
            self,
            self,
            self.writer,
            self.metrics,
            clock=lambda: NOW_S,
            now=lambda: self.now,  # type: ignore[arg-type]
        )

    def rooms_of(self, user_id: UUID) -> list[UUID]:
        return self.rooms.get(user_id, [])

    def viewers_of(self, user_id: UUID) -> list[Viewer]:
        return self.viewers.get(user_id, [])

    async def get(self, user_id: UUID) -> Any:
        if self.history.away:
            raise StoreUnavailable("away")
        return self.users.get(user_id)

    async def has_written(self, sender: UUID, receiver: UUID) -> bool:
        return (sender, receiver) in self.written

    def person(self, name: str, *, guest: bool = False, online: bool = True, version: int = 1) -> Viewer:
        user_id = UUID(int=len(self.users) + 1000)
        self.users[user_id] = SimpleNamespace(id=user_id, is_guest=guest, disabled_at=None)
        viewer = Viewer(user_id, "session", name, bytes(6), guest, set(), Line(), version=version)
        if online:
            self.viewers[user_id] = [viewer]
        return viewer

    async def say(self, sender: Viewer, receiver: UUID, text: str = "hi", message_id: UUID | None = None) -> UUID:
        message_id = message_id or uuid4()
        await self.directs.receive(sender, Say(7, str(message_id), Channel.DIRECT.value, str(receiver), text))
        return message_id


def heard(viewer: Viewer, kind: type) -> list[Any]:
    line: Any = viewer.line
    return [message for message in line.messages if isinstance(message, kind)]


async def test_it_reaches_the_other_at_once_and_is_acknowledged_when_it_is_kept() -> None:
    town = Town()
    ana, bo = town.person("Ana"), town.person("Bo")
    second = Viewer(ana.user_id, "other", "Ana", bytes(6), False, set(), Line(), version=1)
    town.viewers[ana.user_id].append(second)
    message_id = await town.say(ana, bo.user_id)
    [said] = heard(bo, Said)
    assert (said.name, said.to, said.channel) == ("Ana", str(bo.user_id), Channel.DIRECT)
    assert heard(second, Said) == [said]
    assert heard(ana, Said) == heard(ana, Sent) == []
    await town.writer.write()
    assert heard(ana, Sent) == [Sent(str(message_id), int(NOW_S * 1000), 1, True)]


async def test_who_is_away_finds_it_later_and_old_clients_are_left_alone() -> None:
    town = Town()
    ana, away, old = town.person("Ana"), town.person("Bo", online=False), town.person("Old", version=0)
    await town.say(ana, away.user_id, "later")
    await town.say(ana, old.user_id, "also later")
    await town.writer.write()
    assert town.history.texts() == ["later", "also later"]
    assert [sent.heard for sent in heard(ana, Sent)] == [0, 0]
    assert heard(old, Said) == []


@pytest.mark.parametrize("same_room", [False, True])
@pytest.mark.parametrize("sender_is_guest", [False, True])
@pytest.mark.parametrize("receiver_is_guest", [False, True])
@pytest.mark.parametrize("answers", [False, True])
async def test_guests_write_to_those_in_their_room_and_answer_others(
    same_room: bool, sender_is_guest: bool, receiver_is_guest: bool, answers: bool
) -> None:
    town = Town()
    ana, bo = town.person("Ana", guest=sender_is_guest), town.person("Bo", guest=receiver_is_guest)
    if same_room:
        town.rooms = {ana.user_id: [ROOM], bo.user_id: [ROOM]}
    if answers:
        town.written.add((bo.user_id, ana.user_id))
    await town.say(ana, bo.user_id)
    allowed = same_room or answers or not (sender_is_guest or receiver_is_guest)
    assert len(heard(bo, Said)) == allowed
    assert [error.code for error in heard(ana, Error)] == ([] if allowed else ["not_allowed"])


def test_nobody_writes_to_an_account_that_is_switched_off() -> None:
    assert not may_write_directly(
        same_room=False, sender_is_guest=False, receiver_is_guest=False, answers=True, receiver_is_disabled=True
    )


async def test_nobody_writes_to_themselves_to_nobody_or_without_end() -> None:
    town = Town()
    ana, bo = town.person("Ana"), town.person("Bo")
    await town.say(ana, ana.user_id)
    await town.say(ana, uuid4())
    for _ in range(SAY_BURST):
        await town.say(ana, bo.user_id)
    assert [error.code for error in heard(ana, Error)] == ["not_allowed", "not_found", "too_fast", "too_fast"]
    town.now += 2
    await town.say(ana, bo.user_id, "again")
    assert heard(bo, Said)[-1].text == "again"


async def test_an_outage_of_the_database_loses_nothing_between_people_in_one_room() -> None:
    town = Town()
    ana, bo = town.person("Ana"), town.person("Bo")
    town.rooms = {ana.user_id: [ROOM], bo.user_id: [ROOM]}
    town.history.away = True
    message_id = await town.say(ana, bo.user_id, "still here")
    assert not await town.writer.write()
    await town.say(ana, bo.user_id, "still here", message_id)
    town.history.away = False
    await town.writer.write()
    await town.say(ana, bo.user_id, "still here", message_id)
    assert len(heard(bo, Said)) == len(town.history.rows) == 1
    assert [sent.id for sent in heard(ana, Sent)] == [str(message_id)] * 2


async def test_elsewhere_it_is_refused_while_nobody_can_say_who_the_receiver_is() -> None:
    town = Town()
    ana, bo = town.person("Ana"), town.person("Bo")
    town.history.away = True
    await town.say(ana, bo.user_id)
    assert [error.code for error in heard(ana, Error)] == ["not_kept"]


async def test_that_somebody_writes_is_told_to_those_whom_they_may_write_to() -> None:
    town = Town()
    ana, bo, guest = town.person("Ana"), town.person("Bo"), town.person("Guest", guest=True)
    for other in (bo, guest):
        await town.directs.receive(ana, Type(2, str(other.user_id)))
    assert heard(bo, Typing) == [Typing(2, str(ana.user_id))]
    assert heard(guest, Typing) == []
