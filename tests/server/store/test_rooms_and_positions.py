from uuid import UUID, uuid4

import asyncpg
import pytest

from server.store.audit import Actor
from server.store.database import Database
from server.store.errors import StoreUnavailable
from server.store.positions import Position, Positions
from server.store.rooms import Room, Rooms
from server.store.users import User, Users


async def guest(database: Database, name: str = "Anna") -> User:
    return await Users(database).create_guest(name=name, look=bytes(6))


async def room_of(database: Database, owner: User, *, access: str = "public") -> Room:
    return await Rooms(database).create(owner_id=owner.id, name="Room", template="office", access=access)


async def test_a_room_comes_back_with_its_owners_name(database: Database) -> None:
    owner = await guest(database)
    room = await room_of(database, owner)
    assert (room.owner_id, room.owner_name, room.template, room.open_doors) == (owner.id, "Anna", "office", None)
    assert await Rooms(database).get(room.id) == room
    assert await Rooms(database).get(uuid4()) is None


async def test_the_list_is_public_rooms_and_ones_own_newest_first(database: Database) -> None:
    anna, ben = await guest(database), await guest(database)
    first, hidden, last = [await room_of(database, anna, access=a) for a in ("public", "unlisted", "public")]
    rooms = Rooms(database)
    assert [room.id for room, _ in await rooms.listed_for(ben.id)] == [last.id, first.id]
    assert [room.id for room, _ in await rooms.listed_for(anna.id)] == [last.id, hidden.id, first.id]
    assert [room.id for room, _ in await rooms.listed_for(ben.id, limit=1)] == [last.id]


async def test_open_doors_are_remembered_beside_the_other_settings(database: Database) -> None:
    room, rooms = await room_of(database, await guest(database)), Rooms(database)
    for doors in ([3, 1], []):
        await rooms.save_open_doors(room.id, doors)
        kept = await rooms.get(room.id)
        assert kept is not None
        assert (kept.open_doors, kept.template) == (doors, "office")
    await rooms.save_open_doors(uuid4(), [1])


async def test_an_owner_cannot_vanish_while_the_room_is_there(database: Database) -> None:
    owner = await guest(database)
    room = await room_of(database, owner)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await database.execute("DELETE FROM users WHERE id = $1", owner.id)
    actor = Actor(owner.id, owner.username)
    assert await Rooms(database).delete(room.id, actor, grace_s=0)
    assert not await Rooms(database).delete(room.id, actor, grace_s=0)
    assert await Rooms(database).purge() == 1
    assert await database.execute("DELETE FROM users WHERE id = $1", owner.id) == 1


async def test_places_are_found_again_and_the_newest_counts(database: Database) -> None:
    anna, ben = await guest(database), await guest(database)
    room, positions = await room_of(database, anna), Positions(database)
    assert await positions.load(room.id, anna.id) is None
    assert await positions.save_many(room.id, [Position(anna.id, 1, 2), Position(ben.id, 3, 4)]) == 2
    assert await positions.save_many(room.id, [Position(anna.id, 5, 6, is_active=False)]) == 1
    assert await positions.load(room.id, anna.id) == (5, 6)
    assert await positions.load(room.id, ben.id) == (3, 4)
    assert await positions.save_many(room.id, []) == 0


async def test_deleted_people_and_rooms_do_not_stop_the_others_from_being_saved(database: Database) -> None:
    anna = await guest(database)
    room, positions = await room_of(database, anna), Positions(database)
    assert (
        await positions.save_many(room.id, [Position(uuid4(), 1, 1), Position(anna.id, 2, 2), Position(uuid4(), 3, 3)])
        == 1
    )
    assert await positions.load(room.id, anna.id) == (2, 2)
    assert await positions.save_many(uuid4(), [Position(anna.id, 9, 9)]) == 0


async def test_a_thousand_places_are_one_statement(database: Database) -> None:
    owner = await guest(database)
    room, positions = await room_of(database, owner), Positions(database)
    records = await database.fetch(
        "INSERT INTO users (username, username_key, is_guest) "
        "SELECT 'g', 'g', true FROM generate_series(1, 1000) RETURNING id"
    )
    places = [Position(record["id"], index, index) for index, record in enumerate(records)]
    assert await positions.save_many(room.id, places) == 1000
    assert await positions.save_many(room.id, places[::-1]) == 1000


async def activity(database: Database, user_id: UUID) -> tuple[bool, bool]:
    """(is_active, joined at the time of the last save)"""
    record = await database.fetchrow(
        "SELECT is_active, joined_at = last_active AS just_joined FROM user_sessions WHERE user_id = $1", user_id
    )
    assert record is not None
    return record["is_active"], record["just_joined"]


async def test_the_time_of_joining_is_that_of_the_last_coming_in(database: Database) -> None:
    anna = await guest(database)
    room, positions = await room_of(database, anna), Positions(database)
    await positions.save_many(room.id, [Position(anna.id, 1, 1)])
    assert await activity(database, anna.id) == (True, True)
    await positions.save_many(room.id, [Position(anna.id, 2, 1)])
    assert await activity(database, anna.id) == (True, False)
    await positions.mark_all_gone(room.id)
    assert (await activity(database, anna.id))[0] is False
    await positions.save_many(room.id, [Position(anna.id, 2, 1)])
    assert await activity(database, anna.id) == (True, True)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT position_x FROM user_sessions WHERE user_id = gen_random_uuid() AND room_id = gen_random_uuid()",
        "SELECT id FROM users WHERE email_key = 'a'",
        "SELECT id FROM users WHERE username_key = 'a' AND NOT is_guest",
        "SELECT id FROM room_objects WHERE room_id = gen_random_uuid()",
        "UPDATE user_sessions SET is_active = false WHERE room_id = gen_random_uuid() AND is_active",
    ],
)
async def test_queries_of_every_join_use_an_index(database: Database, query: str) -> None:
    async with database.transaction() as connection:
        await connection.execute("SET LOCAL enable_seqscan = off")  # tiny tables are read whole otherwise
        plan = "\n".join(
            record[0]
            for record in await connection.fetch(f"EXPLAIN {query.replace('gen_random_uuid()', repr(str(uuid4())))}")
        )
    assert "Seq Scan" not in plan


async def test_a_database_that_is_away_is_told_from_a_mistake_in_a_query(database: Database) -> None:
    with pytest.raises(asyncpg.UndefinedTableError):
        await database.fetch("SELECT * FROM nothing")
    with pytest.raises(asyncpg.PostgresSyntaxError):
        await database.fetch("SELEC")
    with pytest.raises(asyncpg.DataError):
        await database.fetch("SELECT 1 / 0")
    with pytest.raises(asyncpg.DataError):
        await database.fetch("SELECT $1::int", "seven")
    await database.close()
    with pytest.raises(StoreUnavailable):
        await database.ping()
