"""A room with chat in virtual time, and a history that can be away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from protocol.constants import ALL_FEATURES
from protocol.messages import Error, Say, ServerMessage
from server.chat.gestures import RoomGestures
from server.chat.room_chat import RoomChat
from server.chat.writer import MessageWriter
from server.config import load_settings
from server.ops.metrics import Metrics
from server.rooms.roles import Role
from server.rooms.room import Room
from server.rooms.saver import Saver
from server.store.errors import StoreUnavailable
from server.store.members import Standing
from server.store.messages import Message
from sim.maps import RoomMap
from tests.server.rooms.people import RATE, ROOM_ID, STORED, House, Person, Store, small_map

NOW_S = 1_795_000_000.5


class History:
    """Where messages are written. `away`: as PostgreSQL when it is gone; `broken`: texts that it does not take."""

    def __init__(self) -> None:
        self.rows: dict[UUID, Message] = {}
        self.away = False
        self.broken: set[str] = set()
        self.writes = 0

    async def save_many(self, messages: Iterable[Message]) -> set[UUID]:
        messages = list(messages)
        self.writes += 1
        if self.away:
            raise StoreUnavailable("away")
        if any(message.text in self.broken for message in messages):
            raise ValueError("a mistake in a query")
        for message in messages:
            self.rows.setdefault(message.id, message)
        return {message.id for message in messages if self.rows[message.id].sender_id == message.sender_id}

    def texts(self) -> list[str]:
        return [message.text for message in self.rows.values()]


class Office(House):
    """A room whose people may write."""

    def __init__(self, *, kept: bool = True, room_map: RoomMap | None = None, **settings: object) -> None:
        self.settings = load_settings({}, flags={"tick_rate": RATE, **settings})
        self.metrics = Metrics()
        self.store = Store()
        self.saver = Saver(ROOM_ID, self.store, self.metrics)
        self.history = History()
        self.writer = MessageWriter(self.history, self.metrics)
        self.clock_s = NOW_S
        self.room = Room(
            ROOM_ID,
            30,
            room_map or small_map(),
            self.settings,
            self.metrics,
            self.saver,
            None,
            [
                lambda room: RoomChat(room, self.writer, self.metrics, lambda: self.clock_s),
                lambda room: RoomGestures(room, self.metrics),
            ],
        )
        self.room.governance.open_with(replace(STORED, chat_kept=kept), [])
        self.now = 100.0
        self.people: list[Person] = []
        self.written = 0

    @property
    def chat(self) -> RoomChat:
        [chat] = [part for part in self.room.parts if isinstance(part, RoomChat)]
        return chat

    def writer_of(self, name: str, **connect: object) -> Person:
        """Somebody who has chat, inside."""
        return self.person(name, features=ALL_FEATURES, **connect)

    def promote(self, person: Person, role: Role, *, muted: bool = False) -> None:
        self.room.governance.change_standing(person.user_id, Standing(role=role, is_muted=muted))

    def say(self, person: Person, text: str, channel: int = 1, message_id: UUID | None = None) -> UUID:
        """One says something; the message's id."""
        self.written += 1
        message_id = message_id or UUID(int=self.written << 64 | 7)
        person.say(Say(self.written, str(message_id), channel, None, text))  # type: ignore[arg-type]
        return message_id


def heard(person: Person, kind: type[Any]) -> list[Any]:
    """What of a kind arrived since the last call."""
    return [message for message in person.heard() if isinstance(message, kind)]


def codes(messages: Iterable[ServerMessage]) -> list[str]:
    return [message.code for message in messages if isinstance(message, Error)]
