"""Places on their way to the database, also when it is away."""

from __future__ import annotations

from uuid import UUID

from protocol.constants import CloseCode
from server.ops.metrics import Metrics
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
    house.room.dismiss(ana.user_id, CloseCode.LEFT, "out")
    await house.saver.write()
    assert not house.store.rows[ana.user_id].is_active
