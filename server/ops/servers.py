"""The servers that share one Redis: each says every few seconds that it is there and how it is doing.

Whoever stops says so; whoever was killed is forgotten when its last word is `FORGOTTEN_S` old.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import cast

import msgspec
from prometheus_client import Gauge
from redis.asyncio import Redis

from server.ops.metrics import Metrics
from server.settings import Settings

BEAT_S = 2.0
FORGOTTEN_S = 10
KEYS = "hallway:servers"
"""A sorted set of ids, each with the time (s since 1970) of its last word."""


@cache
def hallway_version() -> str:
    """The version that was installed when this process first asked: looking takes a millisecond."""
    try:
        return version("hallway")
    except PackageNotFoundError:  # run from a folder that was never installed
        return "unknown"


class ServerEntry(msgspec.Struct, frozen=True):
    """One process. `load`: the part of the time that ticks take, 0 to 1. `seen_at`: when it said so."""

    id: str
    address: str
    version: str
    started_at: datetime
    seen_at: datetime
    tick_rate: int
    rooms: int
    people: int
    connections: int
    load: float
    ticks_dropped: int


class Servers:
    """The list, and this server's own line in it. Methods raise redis-py's errors."""

    def __init__(self, redis: Redis, settings: Settings, metrics: Metrics) -> None:
        self.id = secrets.token_hex(6)
        self.address = settings.public_url or ""
        self.metrics = metrics
        self._redis, self._settings = redis, settings
        self.started_at = datetime.now(UTC)
        self._ticked_s, self._measured_at = 0.0, time.monotonic()

    async def beat(self, totals: Callable[[], tuple[int, int, int]]) -> None:
        """Say that this server is there. `totals`: open rooms, people in them, connections to `/ws/global`."""
        rooms, people, _ = totals()
        now = datetime.now(UTC)
        entry = ServerEntry(
            self.id,
            self.address,
            hallway_version(),
            self.started_at,
            now,
            self._settings.tick_rate,
            rooms,
            people,
            int(value_of(self.metrics, "hallway_connections")),
            self._load(),
            int(value_of(self.metrics, "hallway_ticks_dropped_total")),
        )
        pipeline = self._redis.pipeline()
        pipeline.set(_key(self.id), msgspec.json.encode(entry), ex=FORGOTTEN_S)
        pipeline.zadd(KEYS, {self.id: now.timestamp()})
        pipeline.zremrangebyscore(KEYS, "-inf", now.timestamp() - 10 * FORGOTTEN_S)
        await pipeline.execute()

    async def list(self) -> list[ServerEntry]:
        """The servers that are there, the oldest first. Lines that a newer version wrote otherwise are left out."""
        ids = [cast(bytes, raw).decode() for raw in await self._redis.zrange(KEYS, 0, -1)]
        found = []
        for raw in await self._redis.mget([_key(server_id) for server_id in ids]) if ids else ():
            try:
                found.append(msgspec.json.decode(cast(bytes, raw), type=ServerEntry))
            except (msgspec.MsgspecError, TypeError):
                continue
        return sorted(found, key=lambda entry: (entry.started_at, entry.id))

    async def leave(self) -> None:
        """This server stops."""
        pipeline = self._redis.pipeline()
        pipeline.delete(_key(self.id))
        pipeline.zrem(KEYS, self.id)
        await pipeline.execute()

    def _load(self) -> float:
        ticked_s, now = value_of(self.metrics, "hallway_tick_seconds_sum"), time.monotonic()
        spent, passed = ticked_s - self._ticked_s, now - self._measured_at
        self._ticked_s, self._measured_at = ticked_s, now
        return round(min(1.0, spent / passed), 4) if passed > 0 else 0.0


def value_of(metrics: Metrics, name: str) -> float:
    """A metric without labels, by the name that Prometheus sees."""
    # Looking through the whole registry takes half a millisecond, which is a tick's.
    direct = _DIRECT.get(name)
    return direct(metrics) if direct else metrics.registry.get_sample_value(name) or 0.0


def _gauge(gauge: Gauge) -> float:
    return next(iter(gauge.collect())).samples[0].value


_DIRECT: dict[str, Callable[[Metrics], float]] = {
    "hallway_connections": lambda metrics: _gauge(metrics.connections),
    "hallway_rooms": lambda metrics: _gauge(metrics.rooms),
    "hallway_tick_seconds_sum": lambda metrics: metrics.tick_seconds.sum,
    "hallway_ticks_dropped_total": lambda metrics: metrics.ticks_dropped.value,
}


def _key(server_id: str) -> str:
    return f"hallway:server:{server_id}"
