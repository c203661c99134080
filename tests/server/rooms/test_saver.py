"""Places on their way to the database, also when it is away."""

from __future__ import annotations

import asyncio
from typing import Any, cast
from uuid import UUID

from protocol.constants import CloseCode
from server.ops.metrics import Metrics
from server.rooms.loop import RoomLoop
from server.rooms.parts import Part
from server.rooms.saver import Saver
from server.store.errors import StoreUnavailable
from server.store.positions import Position
from tests.server.rooms.people import RATE, ROOM_ID, House, Store

ANA, BO = UUID(int=10), UUID(int=11)


def saver() -> tuple[Saver, Store]:
    store = Store()
    return Saver(ROOM_ID, store, Metrics()), store


async def test_only_the_newest_place_of_a_person_is_written() -> None:
    places, store = saver()
    places.note(Position(ANA, 1, 1))
    places.note(Position(ANA, 2, 2))
    assert await places.write()
    assert store.rows == {ANA: Position(ANA, 2, 2)}
    assert places.place_of(ANA) is None


async def test_while_the_database_is_away_places_are_kept_and_written_later() -> None:
    places, store = saver()
    places.note(Position(ANA, 1, 1))
    places.note(Position(BO, 5, 5))
    store.error = StoreUnavailable("away")
    assert not await places.write()
    assert places.place_of(ANA) == (1, 1)
    places.note(Position(ANA, 2, 2))
    store.error = None
    assert await places.write()
    assert store.rows == {ANA: Position(ANA, 2, 2), BO: Position(BO, 5, 5)}


async def test_a_place_that_is_being_written_is_still_known() -> None:
    places, store = saver()
    places.note(Position(ANA, 1, 1))
    seen = []

    async def slow(room_id: UUID, positions: list[Position]) -> int:
        seen.append(places.place_of(ANA))
        return len(positions)

    store.save_many = slow  # type: ignore[method-assign]
    await places.write()
    assert seen == [(1, 1)]


async def test_a_room_saves_who_moved_and_who_left_and_nobody_twice() -> None:
    house = House()
    ana, bo = house.person("Ana"), house.person("Bo")
    house.tick()
    house.room.note_places()
    await house.saver.write()
    assert {position.user_id for position in house.store.rows.values()} == {ana.user_id, bo.user_id}
    house.store.rows.clear()
    bo.walk(0x18)
    house.tick(RATE)
    house.room.note_places()
    await house.saver.write()
    assert house.store.rows.keys() == {bo.user_id}
    house.room.attendance.dismiss(ana.user_id, CloseCode.LEFT, "out")
    await house.saver.write()
    assert not house.store.rows[ana.user_id].is_active


class Hanging:
    """A write that hangs until it is cancelled, the first time."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()

    async def __call__(self) -> None:
        if not self.begun.is_set():
            self.begun.set()
            await asyncio.Event().wait()


class Doors:
    """The part of the store of rooms that a loop writes to."""

    def __init__(self) -> None:
        self.hanging = Hanging()
        self.saved: list[list[int]] = []

    async def save_open_doors(self, room_id: UUID, open_doors: list[int]) -> None:
        await self.hanging()
        self.saved.append(open_doors)


async def test_places_that_are_being_written_when_the_room_closes_are_written_by_its_last_save() -> None:
    house, hanging, rooms = House(save_interval_s=1), Hanging(), Doors()
    ana = house.person("Ana")
    house.tick()
    save_many = house.store.save_many

    async def hang_once(room_id: UUID, positions: list[Position]) -> int:
        await hanging()
        return await save_many(room_id, positions)

    house.store.save_many = hang_once  # type: ignore[method-assign]
    loop = RoomLoop(house.room, house.saver, cast(Any, rooms), house.settings, house.metrics)
    loop.start()
    await asyncio.wait_for(hanging.begun.wait(), 10)
    await loop.stop(CloseCode.RESTART, "The server restarts.")
    assert house.store.rows.keys() == {ana.user_id}


async def test_doors_that_are_being_written_when_the_room_closes_are_written_by_its_last_save() -> None:
    house, rooms = House(save_interval_s=1), Doors()
    house.room.doors_changed = True
    loop = RoomLoop(house.room, house.saver, cast(Any, rooms), house.settings, house.metrics)
    loop.start()
    await asyncio.wait_for(rooms.hanging.begun.wait(), 10)
    await loop.stop(CloseCode.RESTART, "The server restarts.")
    assert rooms.saved == [house.room.open_doors()]
    assert not house.room.doors_changed


class Changing(Part):
    """Counts how often it is asked to save."""

    looked, changed = 0, False

    async def save(self) -> None:
        self.looked += 1
        self.changed = False

    @property
    def is_saved(self) -> bool:
        return not self.changed


async def test_while_people_are_inside_a_room_is_saved_when_there_is_something_to_save() -> None:
    house, rooms = House(save_interval_s=1), Doors()
    rooms.hanging.begun.set()
    house.person("Ana")
    part = Changing(house.room)
    loop = RoomLoop(house.room, house.saver, cast(Any, rooms), house.settings, house.metrics)
    house.room.parts.append(part)
    loop.start()
    loop.wake()

    async def ticks(seconds: float) -> None:
        until = house.room.world.tick + round(seconds * house.settings.tick_rate)
        async with asyncio.timeout(10):
            while house.room.world.tick < until:
                await asyncio.sleep(0.01)

    await ticks(1.5)
    assert part.looked <= 3, "with nothing new it is only looked when places are due"
    house.room.doors_changed = True
    part.changed = True
    await ticks(1)
    assert rooms.saved == [house.room.open_doors()]
    assert not part.changed
    await loop.stop(CloseCode.RESTART, "The server restarts.")
