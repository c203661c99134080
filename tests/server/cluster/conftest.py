"""Rooms in a real database, and holders of leases on one time that tests move."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from redis.asyncio import Redis

from server.cluster.ownership import LocalLeases, LocalOwnership, Ownership
from server.cluster.redis_ownership import KEY, RedisOwnership
from server.store.cache import open_cache
from server.store.database import Database, open_database
from server.store.epochs import Epochs
from server.store.rooms import Rooms
from server.store.users import Users

LIFE_S = 4.0


@dataclass
class Time:
    """The clock of every holder."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class World:
    """`holder(name)`: a process. `pass_life`: so much time that leases that were not renewed run out."""

    time: Time
    epochs: Epochs
    holder: Callable[[str], Ownership]
    pass_life: Callable[[], Awaitable[None]]
    rooms: list[UUID]


@pytest.fixture
async def database(fresh_database: str) -> AsyncIterator[Database]:
    opened = await open_database(fresh_database)
    yield opened
    await opened.close()


@pytest.fixture
async def redis(fresh_redis: str) -> AsyncIterator[Redis]:
    client = open_cache(fresh_redis)
    yield client
    await client.aclose()


@pytest.fixture
async def rooms(database: Database) -> list[UUID]:
    owner = await Users(database).create_guest(name="Anna", look=b"")
    made = [await Rooms(database).create(owner_id=owner.id, name="Room", template="office") for _ in range(2)]
    return [room.id for room in made]


@pytest.fixture(params=["local", "redis"])
def world(request: pytest.FixtureRequest, database: Database, redis: Redis, rooms: list[UUID]) -> World:
    time, epochs, shared = Time(), Epochs(database), LocalLeases()

    def holder(name: str) -> Ownership:
        if request.param == "local":
            return LocalOwnership(epochs, name, shared, time, LIFE_S)
        return RedisOwnership(redis, epochs, name, life_s=LIFE_S, clock=time)

    async def pass_life() -> None:
        time.now += LIFE_S + 0.1
        for key in await redis.keys(f"{KEY}*"):
            await redis.delete(key)  # as Redis does when its own clock is there

    return World(time, epochs, holder, pass_life, rooms)
