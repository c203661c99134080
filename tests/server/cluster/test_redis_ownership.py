"""Leases while Redis is away, comes back, and has forgotten everything; and while PostgreSQL is away, too."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from server.cluster.errors import OwnedElsewhere, Unsettled
from server.cluster.redis_ownership import KEY, LEASE_S, OUTAGE_S, RENEW_S, SETTLE_S, RedisOwnership, forget_holder
from server.store.cache import open_cache
from server.store.epochs import Epochs
from server.store.errors import StoreUnavailable
from tests.server.cluster.conftest import Time


@pytest.fixture
async def nowhere() -> AsyncIterator[Redis]:
    """A Redis that does not answer."""
    client = open_cache("redis://127.0.0.1:1/0")
    client.set_retry(Retry(NoBackoff(), 0))
    yield client
    await client.aclose()


class Ledger:
    """Epochs that can be away."""

    def __init__(self, epochs: Epochs) -> None:
        self._epochs = epochs
        self.is_away = False

    async def current(self, room_id: UUID) -> int | None:
        self._look()
        return await self._epochs.current(room_id)

    async def advance(self, room_id: UUID, before: int) -> bool:
        self._look()
        return await self._epochs.advance(room_id, before)

    async def overtaken(self, held: dict[UUID, int]) -> set[UUID]:
        self._look()
        return await self._epochs.overtaken(held)

    def _look(self) -> None:
        if self.is_away:
            raise StoreUnavailable("away")


class Process:
    """A holder whose line to Redis can be cut."""

    def __init__(self, name: str, redis: Redis, nowhere: Redis, ledger: Ledger, time: Time) -> None:
        self.ledger = ledger
        self.ownership = RedisOwnership(redis, ledger, name, clock=time)
        self._lines = {True: redis, False: nowhere}

    def connect(self, there: bool) -> None:
        """Cut the line, or mend it."""
        line = self._lines[there]
        ownership = self.ownership
        ownership._redis = line
        for script in (ownership._acquire, ownership._renew, ownership._release):
            script.registered_client = line


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def pair(time: Time, redis: Redis, nowhere: Redis, database: object) -> tuple[Process, Process]:
    def process(name: str) -> Process:
        return Process(name, redis, nowhere, Ledger(Epochs(database)), time)  # type: ignore[arg-type]

    return process("first"), process("second")


async def test_without_redis_the_database_says_that_the_room_is_still_ours(
    pair: tuple[Process, Process], rooms: list[UUID], time: Time
) -> None:
    first, _ = pair
    lease = await first.ownership.acquire(rooms[0])
    assert lease is not None
    first.connect(False)
    for _ in range(int(2 * OUTAGE_S)):
        time.now += RENEW_S
        assert await first.ownership.renew([lease]) == []
        assert lease.holds()
    with pytest.raises(Unsettled):
        await first.ownership.acquire(rooms[1])


async def test_who_is_cut_off_from_redis_hears_from_the_database_that_another_took_the_room(
    pair: tuple[Process, Process], rooms: list[UUID], time: Time, redis: Redis
) -> None:
    first, second = pair
    lease = await first.ownership.acquire(rooms[0])
    assert lease is not None
    first.connect(False)
    await redis.delete(f"{KEY}{rooms[0]}")
    assert await second.ownership.acquire(rooms[0]) is not None
    assert await first.ownership.renew([lease]) == [lease]
    assert not lease.holds()


async def test_with_both_away_a_room_goes_on_for_a_while_and_is_then_given_up(
    pair: tuple[Process, Process], rooms: list[UUID], time: Time
) -> None:
    first, _ = pair
    lease = await first.ownership.acquire(rooms[0])
    assert lease is not None
    await first.ownership.renew([lease])
    first.connect(False)
    first.ledger.is_away = True
    began = time.now
    while not await first.ownership.renew([lease]):
        assert lease.holds()
        time.now += RENEW_S
    assert time.now - began == pytest.approx(OUTAGE_S, abs=RENEW_S)
    assert not lease.holds()


async def test_after_redis_forgot_everything_owners_put_their_leases_back_before_others_may_take_rooms(
    pair: tuple[Process, Process], rooms: list[UUID], time: Time, redis: Redis
) -> None:
    first, second = pair
    lease = await first.ownership.acquire(rooms[0])
    assert lease is not None
    with pytest.raises(OwnedElsewhere):
        await second.ownership.acquire(rooms[0])
    await redis.flushall()
    with pytest.raises(Unsettled):
        await second.ownership.acquire(rooms[0])
    time.now += RENEW_S
    assert await first.ownership.renew([lease]) == []
    time.now += SETTLE_S
    with pytest.raises(OwnedElsewhere):
        await second.ownership.acquire(rooms[0])
    assert lease.holds()
    assert await redis.pttl(f"{KEY}{rooms[0]}") > 0


async def test_after_an_outage_rooms_are_taken_only_when_owners_had_time_to_come_forward(
    pair: tuple[Process, Process], rooms: list[UUID], time: Time, redis: Redis
) -> None:
    first, second = pair
    lease = await first.ownership.acquire(rooms[0])
    assert lease is not None
    for process in pair:
        process.connect(False)
    time.now += LEASE_S / 2
    assert await first.ownership.renew([lease]) == await second.ownership.renew([]) == []
    await redis.delete(f"{KEY}{rooms[0]}")
    for process in pair:
        process.connect(True)
    time.now += LEASE_S / 4
    await second.ownership.renew([])
    with pytest.raises(Unsettled):
        await second.ownership.acquire(rooms[0])
    assert await first.ownership.renew([lease]) == []
    time.now += SETTLE_S
    with pytest.raises(OwnedElsewhere):
        await second.ownership.acquire(rooms[0])


async def test_a_room_that_was_taken_and_given_back_meanwhile_is_not_put_back(
    pair: tuple[Process, Process], rooms: list[UUID], time: Time, redis: Redis
) -> None:
    first, second = pair
    lease = await first.ownership.acquire(rooms[0])
    assert lease is not None
    await redis.delete(f"{KEY}{rooms[0]}")
    taken = await second.ownership.acquire(rooms[0])
    assert taken is not None
    await second.ownership.release(taken)
    assert await first.ownership.renew([lease]) == [lease]
    assert await redis.get(f"{KEY}{rooms[0]}") is None


async def test_no_room_is_taken_while_the_database_is_away(pair: tuple[Process, Process], rooms: list[UUID]) -> None:
    first, second = pair
    first.ledger.is_away = True
    with pytest.raises(StoreUnavailable):
        await first.ownership.acquire(rooms[0])
    assert await second.ownership.acquire(rooms[0]) is not None, "nothing was left behind"


async def test_the_leases_of_a_dead_process_can_be_given_back_for_it(
    pair: tuple[Process, Process], rooms: list[UUID], redis: Redis
) -> None:
    first, second = pair
    assert await first.ownership.acquire(rooms[0]) is not None
    assert await second.ownership.acquire(rooms[1]) is not None
    assert await forget_holder(redis, "first") == 1
    assert await second.ownership.acquire(rooms[0]) is not None
    assert await second.ownership.owner_of(rooms[1]) == "second"
