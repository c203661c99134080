"""Rooms that nobody is in any more, with and without a database."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
from prometheus_client import CollectorRegistry

from server.cluster.keeper import LeaseKeeper
from server.cluster.metrics import ClusterMetrics
from server.cluster.ownership import LocalOwnership
from server.config import load_settings
from server.ops.metrics import Metrics
from server.rooms import running as running_module
from server.rooms.running import RunningRooms
from server.store.errors import StoreUnavailable
from server.store.positions import Position
from tests.server.rooms.people import ROOM_ID, STORED, Store


class Database(Store):
    """All that a room reads and writes. `error`: what every write fails with."""

    def __init__(self) -> None:
        super().__init__()
        self.doors: list[list[int]] = []

    async def get(self, room_id: UUID) -> Any:
        return STORED

    async def list(self, room_id: UUID) -> list[Any]:
        return []

    async def current(self, room_id: UUID) -> int:
        return 0

    async def advance(self, room_id: UUID, before: int) -> bool:
        return True

    async def mark_all_gone(self, room_id: UUID, epoch: int) -> None:
        return

    async def save_many(self, room_id: UUID, positions: Any, epoch: int | None = None) -> int:
        return await super().save_many(room_id, positions)

    async def save_open_doors(self, room_id: UUID, doors: Any, epoch: int | None = None) -> None:
        if self.error:
            raise self.error
        self.doors.append(doors)


def rooms_of(database: Any) -> RunningRooms:
    settings = load_settings({}, flags={"save_interval_s": 0.05})
    keeper = LeaseKeeper(LocalOwnership(database), ClusterMetrics(CollectorRegistry()))
    return RunningRooms(settings, database, database, database, Metrics(), keeper)


async def test_an_empty_room_stays_open_until_the_database_has_taken_what_was_last_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(running_module, "KEEP_EMPTY_S", -1.0)
    database = Database()
    rooms = rooms_of(database)
    loop = await rooms.open(ROOM_ID)
    assert loop is not None
    await asyncio.sleep(0)
    database.error = StoreUnavailable("away")
    place = Position(UUID(int=10), 1, 2, False)
    loop._saver.note(place)
    loop.room.doors_changed = True
    await rooms.close_empty()
    assert rooms.loops[ROOM_ID] is loop
    assert loop.room.place_of(place.user_id) == (1, 2), "whoever comes back stands where they stood"
    database.error = None
    async with asyncio.timeout(10):
        while rooms.loops:
            await rooms.close_empty()
            await asyncio.sleep(0.02)
    assert database.rows == {place.user_id: place}
    assert len(database.doors) == 1


async def test_a_room_that_cannot_go_on_is_opened_anew_for_whoever_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    rooms = rooms_of(Database())
    broken = await rooms.open(ROOM_ID)
    assert broken is not None
    broken.room.sessions[0] = cast(Any, SimpleNamespace(connection=None))

    def fail(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(broken.room, "tick", fail)
    monkeypatch.setattr(broken.room, "note_places", fail)
    broken.wake()
    async with asyncio.timeout(10):
        while rooms.loops:
            await asyncio.sleep(0.02)
        whole = await rooms.open(ROOM_ID)
    assert whole not in (None, broken)
    await rooms.stop()


async def test_an_empty_room_with_all_saved_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running_module, "KEEP_EMPTY_S", -1.0)
    rooms = rooms_of(Database())
    assert await rooms.open(ROOM_ID) is not None
    await asyncio.sleep(0)
    await rooms.close_empty()
    assert not rooms.loops
