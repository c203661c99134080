"""The processes that share rooms: each says every second that it is there, how busy it is and how it is reached.

Kept in Redis for as long as a lease lives, so that nobody is given rooms who is not there to take them. What was read
last goes on to be used while Redis is away.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import cast

import msgspec
from redis.asyncio import Redis

from server.cluster.redis_ownership import LEASE_S
from server.ops.metrics import Metrics
from server.ops.servers import value_of

KEYS = "hallway:processes"
"""A sorted set of ids, each with the time (s since 1970) of its last word."""
FORGOTTEN_S = 60


class Process(msgspec.Struct, frozen=True, kw_only=True):
    """One process that can run rooms.

    `machine`: the `hallway serve` that it is part of, alone or as one of its workers. `name`: of that server in the
    paths of the proxy, empty: it has none. `url`: how other servers reach it. `socket`: the same for processes of the
    same `hallway serve`, a Unix socket's path. `passing`: where those pass it connections, likewise. `load`: the part
    of the last second that ticks took, 0 to 1. `is_draining`: it is being stopped and takes no rooms. `key`: a
    fingerprint of what it signs with, empty: it does not say.
    """

    id: str
    machine: str
    name: str = ""
    url: str = ""
    socket: str = ""
    passing: str = ""
    load: float = 0.0
    connections: int = 0
    rooms: int = 0
    is_draining: bool = False
    key: str = ""


class Registry:
    """The list, and this process's own line in it. `beat` and `leave` raise redis-py's errors."""

    def __init__(self, redis: Redis, me: Process, metrics: Metrics) -> None:
        self.me = me
        self.known: dict[str, Process] = {me.id: me}
        self.on_change: Callable[[], None] = lambda: None
        """Called when somebody came or went."""
        self._redis, self._metrics = redis, metrics
        self._ticked_s, self._measured_at = 0.0, time.monotonic()

    def here(self) -> list[Process]:
        """This process, and the others of the same `hallway serve` that can be asked."""
        near = [other for other in self.known.values() if other.machine == self.me.machine and other.socket]
        return [self.me, *(other for other in near if other.id != self.me.id)]

    async def beat(self) -> None:
        """Say how this process is, and read how the others are."""
        self.me = self.known[self.me.id] = msgspec.structs.replace(
            self.me,
            load=self._load(),
            connections=int(value_of(self._metrics, "hallway_connections")),
            rooms=int(value_of(self._metrics, "hallway_rooms")),
        )
        now = time.time()
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.set(_key(self.me.id), msgspec.msgpack.encode(self.me), px=int(LEASE_S * 1000))
        pipeline.zadd(KEYS, {self.me.id: now})
        pipeline.zremrangebyscore(KEYS, "-inf", now - FORGOTTEN_S)
        pipeline.zrange(KEYS, 0, -1)
        ids = [cast(bytes, raw).decode() for raw in (await pipeline.execute())[-1]]
        others = await _read(self._redis, [process_id for process_id in ids if process_id != self.me.id])
        found = {self.me.id: self.me} | {process.id: process for process in others}
        came_or_went = found.keys() != self.known.keys()
        self.known = found
        if came_or_went:
            self.on_change()

    def become(self, *, url: str) -> None:
        """Say from now on how other servers reach this process."""
        self.me = self.known[self.me.id] = msgspec.structs.replace(self.me, url=url)

    async def get(self, process_id: str) -> Process | None:
        """A process that is there, also one that came since the last beat."""
        known = self.known.get(process_id)
        if known is not None:
            return known
        raw = cast(bytes | None, await self._redis.get(_key(process_id)))
        try:
            return msgspec.msgpack.decode(raw, type=Process) if raw else None
        except msgspec.MsgspecError:
            return None

    async def drain(self) -> None:
        """Be given no more rooms; everybody hears of it with their next beat."""
        self.me = msgspec.structs.replace(self.me, is_draining=True)
        await self.beat()

    async def leave(self) -> None:
        """This process stops."""
        await forget_process(self._redis, self.me.id)

    def _load(self) -> float:
        ticked_s, now = value_of(self._metrics, "hallway_tick_seconds_sum"), time.monotonic()
        spent, passed = ticked_s - self._ticked_s, now - self._measured_at
        self._ticked_s, self._measured_at = ticked_s, now
        return round(min(1.0, spent / passed), 4) if passed > 0 else 0.0


async def processes(redis: Redis) -> list[Process]:
    """All that are there. Raises redis-py's errors."""
    return await _read(redis, [cast(bytes, raw).decode() for raw in await redis.zrange(KEYS, 0, -1)])


async def _read(redis: Redis, ids: Sequence[str]) -> list[Process]:
    found = []
    for raw in await redis.mget([_key(process_id) for process_id in ids]) if ids else ():
        try:
            found.append(msgspec.msgpack.decode(cast(bytes, raw), type=Process))
        except (msgspec.MsgspecError, TypeError):  # of another version, or gone
            continue
    return found


async def forget_process(redis: Redis, process_id: str) -> None:
    """A process is known to be dead. Raises redis-py's errors."""
    pipeline = redis.pipeline()
    pipeline.delete(_key(process_id))
    pipeline.zrem(KEYS, process_id)
    await pipeline.execute()


def _key(process_id: str) -> str:
    return f"hallway:process:{process_id}"
