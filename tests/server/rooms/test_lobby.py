"""News of everybody around are told to a few at a time, so that rooms can make their ticks in between."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, cast
from uuid import UUID

import pytest

from protocol.global_messages import OFFLINE, People, decode_global_server
from server.rooms.lobby import AT_ONCE, Lobby, Viewer
from server.rooms.presence_book import PresenceBook
from server.store.presence import Presence


class NoRooms:
    """Nobody is in any room."""

    def __init__(self) -> None:
        self.presence = PresenceBook()

    def loops(self) -> Iterator[Any]:
        return iter(())

    def rooms_of(self, _user_id: UUID) -> list[UUID]:
        return []

    def opened(self, _room_id: UUID) -> None:
        return None

    def set_idle(self, _user_id: UUID, _idle: bool) -> None:
        """Nobody asks."""


class Heard:
    """The line of a viewer."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []

    def send(self, message: bytes) -> None:
        self.messages.append(message)

    def close(self, code: int, reason: str, retry_ms: int | None = None) -> None:
        """Nobody does."""

    def people(self) -> list[tuple[str, int]]:
        """Who was told of last: name and status."""
        told = [decode_global_server(message) for message in self.messages]
        [*_, last] = [message for message in told if isinstance(message, People)]
        return sorted((someone.name, someone.status) for someone in last.entries)


def viewer(number: int) -> Viewer:
    return Viewer(UUID(int=number), "session", f"Person {number}", bytes(6), False, set(), Heard())


def heard(viewer: Viewer) -> Heard:
    return cast(Heard, viewer.line)


@pytest.mark.asyncio
async def test_many_are_told_a_few_at_a_time() -> None:
    rooms = NoRooms()
    lobby = Lobby(cast(Any, rooms))
    crowd = [viewer(number) for number in range(1, 2 * AT_ONCE + 11)]
    for each in crowd:
        lobby.enter(each)
        heard(each).messages.clear()
    publishing = asyncio.create_task(lobby.publish())
    told = [0]
    while not publishing.done():
        await asyncio.sleep(0)
        told.append(sum(bool(heard(each).messages) for each in crowd))
    assert told[-1] == len(crowd)
    assert max(after - before for before, after in pairwise(told)) <= AT_ONCE
    assert heard(crowd[-1]).people() == sorted((each.name, 0) for each in crowd)


@pytest.mark.asyncio
async def test_who_comes_and_goes_meanwhile_is_told_of_the_next_time() -> None:
    rooms = NoRooms()
    lobby = Lobby(cast(Any, rooms))
    crowd = [viewer(number) for number in range(1, 2 * AT_ONCE)]
    for each in crowd:
        lobby.enter(each)
    publishing = asyncio.create_task(lobby.publish())
    await asyncio.sleep(0)
    assert not publishing.done()
    late = viewer(1000)
    rooms.presence.choose(late.user_id, Presence("busy"))
    lobby.enter(late)
    lobby.leave(crowd[0])
    await publishing
    # What was chosen meanwhile is not forgotten with those who are not around.
    assert rooms.presence.chosen(late.user_id).status == "busy"
    await lobby.publish()
    assert heard(crowd[1]).people() == [("Person 1", OFFLINE), ("Person 1000", 1)]
