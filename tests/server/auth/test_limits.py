"""Token buckets over a real Valkey, with a clock that the test turns."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from server.auth.errors import LimitExceeded
from server.auth.limits import RULES, WRONG_PASSWORDS, Limits
from server.config import load_settings
from server.settings import FIELDS

FAR = "203.0.113.7"


class Clock:
    now = 1_800_000_000.25

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def redis(fresh_redis: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(fresh_redis)
    yield client
    await client.aclose()


@pytest.fixture
def limits(redis: Redis, clock: Clock) -> Limits:
    return limits_with(redis, clock)


def limits_with(redis: Redis, clock: Clock, **settings: Any) -> Limits:
    return Limits(redis, load_settings({}, flags=settings), clock=clock)


async def taken(limits: Limits, name: str, tries: int, **who: Any) -> int:
    """How many of so many tries, one after the other, are let through."""
    count = 0
    for _ in range(tries):
        try:
            await limits.take(name, **{"address": FAR} | who)
        except LimitExceeded:
            continue
        count += 1
    return count


async def wrong(limits: Limits, account: str | None, address: str = FAR) -> bool:
    """Try a wrong password; False if not even that was allowed."""
    try:
        async with limits.password_attempt(address=address, account=account) as attempt:
            attempt.wrong = True
    except LimitExceeded:
        return False
    return True


async def right(limits: Limits, account: str, address: str = FAR) -> None:
    async with limits.password_attempt(address=address, account=account):
        pass


def test_every_rule_names_settings_that_exist() -> None:
    for rule in RULES.values():
        assert {bucket[0] for bucket in (rule.account, rule.address) if bucket} <= set(FIELDS)


async def test_an_account_has_five_wrong_passwords_and_then_one_every_twelve_seconds(
    limits: Limits, clock: Clock
) -> None:
    assert [await wrong(limits, "anna", f"203.0.113.{n}") for n in range(7)] == [True] * 5 + [False] * 2
    clock.now += 12
    assert [await wrong(limits, "anna", f"203.0.113.{n}") for n in range(2)] == [True, False]
    clock.now += 60
    assert [await wrong(limits, "anna", f"203.0.113.{n}") for n in range(6)] == [True] * 5 + [False]


async def test_a_refusal_says_when_to_come_back_and_then_it_is_let_through(limits: Limits, clock: Clock) -> None:
    for _ in range(5):
        await wrong(limits, "anna")
    with pytest.raises(LimitExceeded) as refused:
        await right(limits, "anna")
    assert 11.9 < refused.value.retry_s <= 12.1
    clock.now += refused.value.retry_s
    await right(limits, "anna")


async def test_an_address_has_ten_wrong_passwords_in_ten_minutes_whatever_the_accounts(
    limits: Limits, clock: Clock
) -> None:
    assert [await wrong(limits, f"account {n}") for n in range(12)] == [True] * 10 + [False] * 2
    assert await wrong(limits, "account 99", "198.51.100.1")
    clock.now += 60
    assert [await wrong(limits, f"account {n}") for n in range(2)] == [True, False]


async def test_right_passwords_cost_nothing(limits: Limits) -> None:
    for _ in range(50):
        await right(limits, "anna")
    assert [await wrong(limits, "anna") for _ in range(6)] == [True] * 5 + [False]


async def test_a_try_that_ends_in_an_error_costs_nothing(limits: Limits) -> None:
    async def fail() -> None:
        async with limits.password_attempt(address=FAR, account="anna") as attempt:
            attempt.wrong = True
            raise OSError("the database is away")

    for _ in range(20):
        with pytest.raises(OSError, match="away"):
            await fail()
    assert await wrong(limits, "anna")


async def test_a_hundred_tries_at_once_get_no_further_than_one_after_the_other(limits: Limits) -> None:
    async def guess(_: int) -> bool:
        try:
            async with limits.password_attempt(address=FAR, account="anna") as attempt:
                await asyncio.sleep(0)
                attempt.wrong = True
        except LimitExceeded:
            return False
        return True

    assert sum(await asyncio.gather(*map(guess, range(100)))) == 5


async def test_many_people_of_one_address_may_log_in_at_the_same_moment(limits: Limits) -> None:
    async def log_in(number: int) -> None:
        async with limits.password_attempt(address=FAR, account=f"account {number}"):
            await asyncio.sleep(0.01)

    await asyncio.gather(*map(log_in, range(40)))


async def test_this_computer_is_free_of_limits_by_address_but_not_for_wrong_passwords(limits: Limits) -> None:
    assert await taken(limits, "guests", 500, address="127.0.0.1") == 500
    assert await taken(limits, "guests", 500, address="::1") == 500
    assert sum([await wrong(limits, f"account {n}", "127.0.0.1") for n in range(20)]) == 10


async def test_the_list_of_unlimited_addresses_may_be_empty(redis: Redis, clock: Clock) -> None:
    limits = limits_with(redis, clock, unlimited_addresses="none")
    assert await taken(limits, "guests", 100, address="127.0.0.1") == 60


@pytest.mark.parametrize(
    ("name", "setting", "window_s"),
    [
        (name, *bucket)
        for name, rule in RULES.items()
        for bucket in (rule.account, rule.address)
        if bucket and name != WRONG_PASSWORDS
    ],
)
async def test_each_limit_is_its_setting_and_zero_is_off(
    redis: Redis, clock: Clock, name: str, setting: str, window_s: int
) -> None:
    others = {bucket[0]: 0 for bucket in (RULES[name].account, RULES[name].address) if bucket}
    who = {"account": "anna", "address": FAR}
    assert await taken(limits_with(redis, clock, **others), name, 700, **who) == 700
    limited = limits_with(redis, clock, **others | {setting: 7})
    assert await taken(limited, name, 20, **who) == 7
    clock.now += window_s
    assert await taken(limited, name, 20, **who) == 7


async def test_one_full_bucket_leaves_the_others_as_they_are(redis: Redis, clock: Clock) -> None:
    limits = limits_with(redis, clock, joins_account_per_minute=2, joins_address_per_minute=5)
    assert await taken(limits, "joins", 50, account="anna") == 2
    assert await taken(limits, "joins", 50, account="ben") == 2
    assert await taken(limits, "joins", 50, account="cleo") == 1


async def test_a_network_of_ipv6_addresses_is_one_address(limits: Limits) -> None:
    assert await taken(limits, "guests", 60, address="2001:db8::1") == 60
    assert await taken(limits, "guests", 60, address="2001:db8::2") == 0
    assert await taken(limits, "guests", 60, address="2001:db8:0:1::1") == 60


async def test_a_clock_that_was_set_back_takes_nothing_from_anybody(limits: Limits, clock: Clock) -> None:
    for _ in range(4):
        await wrong(limits, "anna")
    clock.now -= 3600
    assert await wrong(limits, "anna")


async def test_buckets_of_all_servers_are_the_same_and_go_when_they_are_full(
    redis: Redis, limits: Limits, clock: Clock
) -> None:
    other_server = limits_with(redis, clock)
    assert [await wrong(server, "anna") for server in (limits, other_server) * 3] == [True] * 5 + [False]
    keys = await redis.keys("hallway:limit:*")
    assert len(keys) == 2
    for key in keys:
        assert 0 < await redis.ttl(key) <= 601


async def test_names_that_people_typed_are_not_kept(redis: Redis, limits: Limits) -> None:
    name = secrets.token_hex(8)
    await wrong(limits, name)
    await wrong(limits, "\ud800" * 5000)
    assert all(name.encode() not in key and len(key) < 100 for key in await redis.keys("*"))
