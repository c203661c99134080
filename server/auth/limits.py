"""How often somebody may do something: token buckets in Redis, for an account and for an address.

A bucket of n in t seconds holds n tokens and gets one back every t/n seconds: n at once, and n in t in the long run.
Each thing that is limited takes one token from each of its buckets, or none at all and a refusal with the time to wait.
All servers on one Redis count together.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from weakref import WeakValueDictionary

from redis.asyncio import Redis

from server.auth.address import counted_as
from server.auth.errors import LimitExceeded
from server.networks import is_within, parse_address, parse_networks
from server.settings import Settings

# KEYS: buckets. ARGV: now, then capacity and tokens a second of each. Returns the seconds to wait; "0": taken.
_TAKE = """
local now, wait, left = tonumber(ARGV[1]), 0, {}
for i, key in ipairs(KEYS) do
    local capacity, rate = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
    local known = redis.call('HMGET', key, 'tokens', 'at')
    local tokens = capacity
    if known[1] then
        tokens = math.min(capacity, tonumber(known[1]) + math.max(0, now - tonumber(known[2])) * rate)
    end
    left[i] = math.max(0, tokens - 1)
    if tokens < 0.999 then wait = math.max(wait, (1 - tokens) / rate) end  -- sums of fractions may miss 1 by a little
end
if wait > 0 then return string.format('%.3f', wait) end
for i, key in ipairs(KEYS) do
    redis.call('HSET', key, 'tokens', string.format('%.6f', left[i]), 'at', ARGV[1])
    redis.call('EXPIRE', key, math.ceil(tonumber(ARGV[2 * i]) / tonumber(ARGV[2 * i + 1])) + 1)
end
return '0'
"""

# KEYS: buckets. ARGV: capacity of each. Gives one token back to each; a bucket that is gone is full.
_GIVE_BACK = """
for i, key in ipairs(KEYS) do
    local tokens = redis.call('HGET', key, 'tokens')
    if tokens then
        redis.call('HSET', key, 'tokens', string.format('%.6f', math.min(tonumber(ARGV[i]), tonumber(tokens) + 1)))
    end
end
return 0
"""

WRONG_PASSWORDS = "wrong_passwords"
PATIENCE_S = 10.0
"""How long a log-in waits for others of the same address or account."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A limit: settings' names and windows in seconds, by account and by address; and what a refusal says."""

    refusal: str
    account: tuple[str, int] | None = None
    address: tuple[str, int] | None = None


RULES = {
    WRONG_PASSWORDS: Rule(
        "Too many wrong passwords.",
        account=("wrong_passwords_account_per_minute", 60),
        address=("wrong_passwords_address_per_10_minutes", 600),
    ),
    "provider_log_ins": Rule("Too many log-ins.", address=("provider_log_ins_address_per_minute", 60)),
    "registrations": Rule("Too many new accounts.", address=("registrations_address_per_hour", 3600)),
    "guests": Rule("Too many guests at once.", address=("guests_address_per_minute", 60)),
    "joins": Rule(
        "Too many rooms entered.",
        account=("joins_account_per_minute", 60),
        address=("joins_address_per_minute", 60),
    ),
    "objects": Rule("Too many changes to what stands here.", account=("objects_account_per_minute", 60)),
    "documents": Rule("Too many whiteboards opened.", account=("documents_account_per_minute", 60)),
    "uploads": Rule("Too many uploads.", account=("uploads_account_per_hour", 3600)),
    "messages": Rule("Too many messages looked up.", account=("messages_account_per_minute", 60)),
    "invites": Rule(
        "Too many invites.",
        account=("invites_account_per_hour", 3600),
        address=("invites_address_per_hour", 3600),
    ),
}


@dataclass(frozen=True, slots=True)
class _Bucket:
    key: str
    capacity: int
    window_s: int


@dataclass
class Attempt:
    """A try of a password; whoever makes it says if it was wrong."""

    wrong: bool = False


class Limits:
    """The buckets. Methods raise `LimitExceeded`, and redis-py's errors when Redis is away."""

    def __init__(self, redis: Redis, settings: Settings, *, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._clock = clock
        self._unlimited = parse_networks(settings.unlimited_addresses)
        self._take = redis.register_script(_TAKE)
        self._give_back = redis.register_script(_GIVE_BACK)
        self._gates: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def take(self, name: str, *, address: str, account: str | None = None) -> None:
        """Count one. `account` identifies the account, where there is one."""
        await self._take_from(name, self._buckets(name, address, account))

    @asynccontextmanager
    async def password_attempt(self, *, address: str, account: str | None) -> AsyncIterator[Attempt]:
        """Around the check of a password or another secret. Only wrong ones count, but each is held as wrong at first.

        So any number of tries at once gets through no more than one after the other. Those of one address or account
        wait for each other: many people who log in at the same moment are no attack, and none is refused for it.
        """
        buckets = self._buckets(WRONG_PASSWORDS, address, account)
        keys = [bucket.key for bucket in buckets]
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    for key in reversed(keys):  # the account last, always: so nobody waits in a circle
                        await held.enter_async_context(self._gates.setdefault(key, asyncio.Lock()))
            except TimeoutError as error:
                raise LimitExceeded("Too many log-ins at the same time.", 1.0) from error
            await self._take_from(WRONG_PASSWORDS, buckets)
            attempt, finished = Attempt(), False
            try:
                yield attempt
                finished = True
            finally:
                if buckets and not (finished and attempt.wrong):
                    await self._give_back(keys=keys, args=[bucket.capacity for bucket in buckets])

    async def _take_from(self, name: str, buckets: list[_Bucket]) -> None:
        if not buckets:
            return
        args: list[float] = [self._clock()]
        for bucket in buckets:
            args += [bucket.capacity, bucket.capacity / bucket.window_s]
        wait_s = float(await self._take(keys=[bucket.key for bucket in buckets], args=args))
        if wait_s > 0:
            raise LimitExceeded(RULES[name].refusal, wait_s)

    def _buckets(self, name: str, address: str, account: str | None) -> list[_Bucket]:
        rule, found = RULES[name], []
        if rule.account and account is not None:
            found.append(self._bucket(name, "account", account, *rule.account))
        # An attacker's programs may run on this computer too, behind a proxy that nobody named.
        limited = name == WRONG_PASSWORDS or not is_within(parse_address(address), self._unlimited)
        if rule.address and limited:
            found.append(self._bucket(name, "address", counted_as(address), *rule.address))
        return [bucket for bucket in found if bucket.capacity > 0]

    def _bucket(self, name: str, kind: str, who: str, setting: str, window_s: int) -> _Bucket:
        # Hashed: names that people typed are neither kept nor of any length.
        tag = hashlib.sha256(who.encode(errors="surrogatepass")).hexdigest()[:32]
        return _Bucket(f"hallway:limit:{name}:{kind}:{tag}", getattr(self._settings, setting), window_s)
