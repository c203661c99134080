"""Ownership of rooms among many processes: leases in Redis, epochs in PostgreSQL.

Taking a room needs both. Redis says that nobody holds it (`SET NX PX`), and the room's row goes from the epoch that was
read before to the next one, in one conditional update: whoever was slow loses there.

    Redis answers          leases are renewed
    Redis is away          PostgreSQL says whether the epochs are still ours: nobody can have taken what has our epoch
    both are away          we go on for `outage_s`, then give everything up
    Redis came back empty  owners put their leases back; for `SETTLE_S` nobody takes a room, so that they can
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Collection
from typing import Any, cast
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.cluster.errors import OwnedElsewhere, Unsettled
from server.cluster.ownership import Clock, EpochStore, Lease, lease_clock
from server.store.errors import StoreUnavailable

log = structlog.get_logger()

LEASE_S = 3.0
"""How long a room stays with an owner of whom nothing is heard."""
RENEW_S = 1.0
ANSWER_S = 0.7
"""How long an answer is waited for: twice that and a renewal are well within a lease."""
MARGIN_S = 0.2
"""So much earlier than Redis an owner holds its lease for run out: clocks do not run equally fast."""
SETTLE_S = 2.5
OUTAGE_S = 120.0

KEY = "hallway:lease:"
GENERATION = "hallway:leases"
"""A number that is as old as Redis's memory: without it, or with another, leases were forgotten."""

# KEYS: lease, generation. ARGV: value, life in ms, the generation that is known, a new one, our own name and a space.
_ACQUIRE = """
local generation = redis.call('GET', KEYS[2])
if generation ~= ARGV[3] then
    if not generation then
        generation = ARGV[4]
        redis.call('SET', KEYS[2], generation)
    end
    return {0, generation}
end
local held = redis.call('GET', KEYS[1])
if held and string.sub(held, 1, #ARGV[5]) ~= ARGV[5] then
    return {2, held}
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {1, ''}
"""

# KEYS: leases. ARGV: life in ms, then the value of each. 1: renewed, 2: put back, 0: somebody else's.
_RENEW = """
local found = {}
for i, key in ipairs(KEYS) do
    local held = redis.call('GET', key)
    if held == ARGV[i + 1] then
        redis.call('PEXPIRE', key, ARGV[1])
        found[i] = 1
    elseif not held then
        redis.call('SET', key, ARGV[i + 1], 'PX', ARGV[1])
        found[i] = 2
    else
        found[i] = 0
    end
end
return found
"""

_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


class RedisOwnership:
    """Implements `Ownership`. `life_s`: of a lease; `outage_s`: how long rooms go on when nobody can be asked."""

    def __init__(
        self,
        redis: Redis,
        epochs: EpochStore,
        holder: str,
        *,
        life_s: float = LEASE_S,
        outage_s: float = OUTAGE_S,
        clock: Clock = lease_clock,
    ) -> None:
        self.holder = holder
        self._redis, self._epochs, self._clock = redis, epochs, clock
        self._life_s, self._outage_s = life_s, outage_s
        self._acquire, self._renew = redis.register_script(_ACQUIRE), redis.register_script(_RENEW)
        self._release = redis.register_script(_RELEASE)
        self._generation = b""
        self._confirmed_at = clock()
        self._failed_at: float | None = None
        self._is_away = False

    # --- Ownership --------------------------------------------------------------------------------------------------

    async def acquire(self, room_id: UUID) -> Lease | None:
        if self._failed_at is not None and self._clock() - self._failed_at < SETTLE_S:
            raise Unsettled
        before = await self._epochs.current(room_id)
        if before is None:
            return None
        began = self._clock()
        lease = Lease(room_id, before + 1, began + self._life_s - MARGIN_S, self._clock)
        await self._take(lease)
        try:
            is_ours = await self._epochs.advance(room_id, before)
        except BaseException:
            await self._let_go(lease)
            raise
        if not is_ours or not lease.holds():
            await self._let_go(lease)
            raise OwnedElsewhere(None)
        return lease

    async def renew(self, leases: Collection[Lease]) -> list[Lease]:
        began, kept = self._clock(), [lease for lease in leases if not lease.is_lost]
        try:
            async with asyncio.timeout(ANSWER_S):
                overtaken = await self._renewed(kept)
            self._heard(began)
        except (RedisError, OSError, TimeoutError) as error:
            self._unheard(error)
            overtaken = await self._judge(kept, began)
        for lease in kept:
            if lease.room_id in overtaken:
                lease.is_lost = True
            else:
                lease.good_until = max(lease.good_until, began + self._life_s - MARGIN_S)
        return [lease for lease in leases if lease.is_lost]

    async def release(self, lease: Lease) -> None:
        lease.is_lost = True
        await self._release(keys=[_key(lease.room_id)], args=[self._value(lease)])

    async def owner_of(self, room_id: UUID) -> str | None:
        value = cast(bytes | None, await self._redis.get(_key(room_id)))
        return value.decode().partition(" ")[0] if value else None

    # --- parts ------------------------------------------------------------------------------------------------------

    async def _take(self, lease: Lease) -> None:
        """Put the lease into Redis. Raises `OwnedElsewhere` and `Unsettled`."""
        known = self._generation
        answer: Any = await self._acquire(
            keys=[_key(lease.room_id), GENERATION],
            args=[
                self._value(lease),
                int(self._life_s * 1000),
                known,
                secrets.token_hex(8),
                f"{self.holder} ",
            ],
        )
        match answer:
            case [0, generation]:
                self._generation = generation
                if not known:
                    await self._take(lease)
                    return
                log.warning("Redis has forgotten the leases: owners put them back before rooms are taken")
                self._failed_at = self._clock()
                raise Unsettled
            case [2, value]:
                raise OwnedElsewhere(value.decode().partition(" ")[0])

    async def _renewed(self, leases: list[Lease]) -> set[UUID]:
        """Renew in Redis; the rooms that are others'. Raises redis-py's errors."""
        if not leases:
            await self._redis.ping()
            return set()
        values = [self._value(lease) for lease in leases]
        answers: Any = await self._renew(
            keys=[_key(lease.room_id) for lease in leases], args=[int(self._life_s * 1000), *values]
        )
        others = {lease.room_id for lease, answer in zip(leases, answers, strict=True) if answer == 0}
        put_back = {lease.room_id: lease.epoch for lease, answer in zip(leases, answers, strict=True) if answer == 2}
        if put_back:
            # Ours were forgotten or had run out. If nobody owned the room in between, it is still ours.
            try:
                async with asyncio.timeout(ANSWER_S):
                    gone = await self._epochs.overtaken(put_back)
            except (StoreUnavailable, TimeoutError):
                gone = set()  # then nobody could have taken it either: that needs the database
            for lease in leases:
                if lease.room_id in gone:
                    await self._let_go(lease)
            others |= gone
        return others

    async def _judge(self, leases: list[Lease], now: float) -> set[UUID]:
        """Without Redis: the rooms that others took; none, while nobody knows; all, when that lasts too long."""
        try:
            async with asyncio.timeout(ANSWER_S):
                gone = await self._epochs.overtaken({lease.room_id: lease.epoch for lease in leases})
        except (StoreUnavailable, TimeoutError):
            if now - self._confirmed_at < self._outage_s:
                return set()
            log.error("neither Redis nor PostgreSQL has answered: rooms are given up", away_s=round(self._outage_s))
            return {lease.room_id for lease in leases}
        self._confirmed_at = now
        return gone

    def _heard(self, now: float) -> None:
        self._confirmed_at = now
        if self._is_away:
            self._is_away = False
            self._failed_at = self._clock()
            log.info("Redis is back: leases are renewed again")

    def _unheard(self, error: BaseException) -> None:
        self._failed_at = self._clock()
        if not self._is_away:
            self._is_away = True
            log.warning("Redis is away: rooms go on with the database as the judge", why=str(error) or "no answer")

    async def _let_go(self, lease: Lease) -> None:
        try:
            await self.release(lease)
        except (RedisError, OSError):
            log.debug("a lease could not be given back and runs out by itself", room=str(lease.room_id))

    def _value(self, lease: Lease) -> str:
        return f"{self.holder} {lease.epoch}"


async def forget_holder(redis: Redis, holder: str) -> int:
    """Give back at once all leases of a process that is known to be dead; how many. Raises redis-py's errors."""
    release, count = redis.register_script(_RELEASE), 0
    async for key in redis.scan_iter(match=f"{KEY}*", count=500):
        value = cast(bytes | None, await redis.get(key))
        if value is not None and value.startswith(f"{holder} ".encode()):
            count += int(await release(keys=[key], args=[value]))
    return count


def _key(room_id: UUID) -> str:
    return f"{KEY}{room_id}"
