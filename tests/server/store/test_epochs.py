"""The database refuses what a former owner of a room writes, and takes what the newest one does."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from protocol.constants import Channel
from server.store.database import Database
from server.store.documents import Documents
from server.store.epochs import Epochs
from server.store.errors import StaleEpoch
from server.store.messages import Message, Messages
from server.store.objects import NewObject, Objects
from server.store.positions import Position, Positions
from server.store.rooms import Room, Rooms
from server.store.users import User, Users


@pytest.fixture
async def owner(database: Database) -> User:
    return await Users(database).create_guest(name="Anna", look=b"")


@pytest.fixture
async def room(database: Database, owner: User) -> Room:
    return await Rooms(database).create(owner_id=owner.id, name="Room", template="office")


async def test_one_of_two_who_begin_the_same_epoch_begins_it(database: Database, room: Room) -> None:
    epochs = Epochs(database)
    assert await epochs.current(room.id) == 0
    assert sorted(await asyncio.gather(*(epochs.advance(room.id, 0) for _ in range(4)))) == [False, False, False, True]
    assert await epochs.current(room.id) == 1
    assert not await epochs.advance(uuid4(), 0)
    assert await epochs.current(uuid4()) is None
    other = uuid4()
    assert await epochs.overtaken({room.id: 1}) == set()
    assert await epochs.overtaken({room.id: 0, other: 3}) == {room.id, other}


async def test_a_former_owner_writes_nothing(database: Database, owner: User, room: Room) -> None:
    epochs, positions, rooms, objects = Epochs(database), Positions(database), Rooms(database), Objects(database)
    documents, messages = Documents(database), Messages(database)
    await epochs.advance(room.id, 0)
    await objects.seed(room.id, [NewObject("whiteboard", 0, 0, 64, 64, {})])
    thing = (await objects.list(room.id))[0]
    await documents.load(thing.id)

    def said(epoch: int) -> Message:
        return Message(uuid4(), owner.id, "Anna", Channel.ROOM, "hi", datetime.now(UTC), room.id, epoch=epoch)

    await positions.save_many(room.id, [Position(owner.id, 1, 1)], 1)
    await rooms.save_open_doors(room.id, [1], 1)
    await objects.save_state(room.id, thing.id, {"by": "first"}, 1)
    newest = await documents.append(thing.id, [b"first"], 1)
    assert newest is not None
    first = said(1)
    assert await messages.save_many([first]) == {first.id}

    await epochs.advance(room.id, 1)
    with pytest.raises(StaleEpoch):
        await positions.save_many(room.id, [Position(owner.id, 2, 2)], 1)
    with pytest.raises(StaleEpoch):
        await rooms.save_open_doors(room.id, [2], 1)
    with pytest.raises(StaleEpoch):
        await documents.append(thing.id, [b"late"], 1)
    with pytest.raises(StaleEpoch):
        await documents.compact(thing.id, b"late", newest, 1)
    await objects.save_state(room.id, thing.id, {"by": "late"}, 1)
    await positions.mark_all_gone(room.id, 1)
    assert await messages.save_many([said(1)]) == set()

    assert await positions.load(room.id, owner.id) == (1, 1)
    assert await database.fetchval("SELECT is_active FROM user_sessions") is True
    stored = await rooms.get(room.id)
    assert stored is not None
    assert stored.open_doors == [1]
    assert (await objects.list(room.id))[0].state == {"by": "first"}
    document = await documents.load(thing.id)
    assert document is not None
    assert document.updates == [b"first"]

    again = said(2)
    assert await messages.save_many([said(1), again]) == {again.id}
    assert await positions.save_many(room.id, [Position(owner.id, 3, 3)], 2) == 1
    await documents.compact(thing.id, b"whole", newest, 2)


async def test_a_room_that_is_gone_is_no_error(database: Database, owner: User) -> None:
    assert await Positions(database).save_many(uuid4(), [Position(owner.id, 1, 1)], 1) == 0
    await Rooms(database).save_open_doors(uuid4(), [1], 1)
    assert await Documents(database).append(uuid4(), [b"x"], 1) is None


async def test_a_write_that_has_begun_ends_before_the_next_epoch_begins(
    database: Database, owner: User, room: Room
) -> None:
    """The lock of the write holds the epoch back, so nothing lands after the next owner has read the room."""
    epochs, order = Epochs(database), []

    async def write() -> None:
        async with database.transaction() as connection:
            held = await connection.fetch("SELECT id FROM rooms WHERE id = $1 AND epoch = 0 FOR SHARE", room.id)
            assert held
            began.set()
            while await database.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted") == 0:
                await asyncio.sleep(0)
            order.append("written")

    began = asyncio.Event()
    writing = asyncio.create_task(write())
    await began.wait()
    assert await epochs.advance(room.id, 0)
    order.append("next epoch")
    await writing
    assert order == ["written", "next epoch"]
