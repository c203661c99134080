"""One server as it is this moment: what `hallway top` draws."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

import msgspec
from msgspec import Struct

from server.ops.metrics import Metrics
from server.ops.servers import Servers, hallway_version

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from server.rooms.loop import RoomLoop
    from server.rooms.session import Session

MOST_ROOMS = 200
MOST_CLIENTS = 20
WATCHED = "hallway:watched"
"""There while somebody looks: then each server tells every few seconds how it is (`LivePages.tell`)."""
WATCHED_S = 15
UNACKED_S = 3.0
"""A client that keeps up acknowledges at least every two seconds (setting `ack_ms`)."""


class LiveRoom(Struct, frozen=True):
    """One open room, over its newest 256 ticks. `busy`: the share of a tick's period that its ticks take. `connections`
    is lower than `people` while somebody's line is broken."""

    id: UUID
    name: str
    people: int
    connections: int
    ticks: int
    tick_p50_ms: float
    tick_p99_ms: float
    late_p99_ms: float
    busy: float
    ticks_dropped: int
    recording: bool


class LiveClient(Struct, frozen=True):
    """A client that does not keep up. `unsent_bytes`: handed over and not yet with the kernel. `waiting_bytes`: events
    that wait for it. `unacked_ms`: how long it has acknowledged nothing. `skipped`: ticks in which it was sent nothing
    because of that, since it connected."""

    room_id: UUID
    user_id: UUID
    username: str
    address: str | None
    unsent_bytes: int
    waiting_bytes: int
    unacked_ms: int
    skipped: int


class LiveTotals(Struct, frozen=True):
    """Since the server started; two answers and the time between them make rates. `stage_s`: by stage of the tick."""

    ticks: int
    ticks_dropped: int
    tick_s: float
    stage_s: dict[str, float]
    snapshots: int
    snapshots_shared: int
    snapshots_skipped: int
    snapshot_bytes: int
    events: int
    messages: int
    corrections: int
    proximity_events: int


class Live(Struct, frozen=True):
    """One server process. `at_s`: its own clock, for rates. `cpu_s`: user and system time of the process.
    `memory_bytes`: what it has in memory; 0 where the system does not say. `rooms`: the busiest 200 of `rooms_open`.
    `slow_clients`: the worst 20."""

    id: str
    address: str
    version: str
    started_at: datetime
    at_s: float
    tick_rate: int
    cpu_s: float
    memory_bytes: int
    people: int
    connections: int
    rooms_open: int
    rooms: list[LiveRoom]
    slow_clients: list[LiveClient]
    totals: LiveTotals


class LivePages:
    """This server's own page, and those of the others of the office, by way of Redis."""

    def __init__(self, redis: Redis, servers: Servers, rooms: LiveRooms, tick_rate: int) -> None:
        self._redis, self._servers, self._rooms, self._tick_rate = redis, servers, rooms, tick_rate

    def own(self) -> Live:
        """How this server is now. Rooms have no names yet."""
        servers, rate, loops = self._servers, self._tick_rate, list(self._rooms.loops())
        at_s, cpu_s, memory_bytes = own_usage()
        sessions = [session for loop in loops for session in loop.room.sessions.values()]
        return Live(
            servers.id,
            servers.address,
            hallway_version(),
            servers.started_at,
            at_s,
            rate,
            cpu_s,
            memory_bytes,
            len(sessions),
            sum(session.connection is not None for session in sessions),
            len(loops),
            live_rooms(loops, rate),
            slow_clients(loops, rate),
            live_totals(servers.metrics),
        )

    async def tell(self) -> None:
        """Let the others see it, if anybody looks. Raises redis-py's errors."""
        if await self._redis.exists(WATCHED):
            await self._redis.set(_key(self._servers.id), msgspec.json.encode(self.own()), ex=WATCHED_S)

    async def of(self, server_id: str) -> Live | None:
        """How a server is, and have all tell; None: it has not told yet, or is gone. Raises redis-py's errors."""
        await self._redis.set(WATCHED, 1, ex=WATCHED_S)
        if server_id in ("", self._servers.id):
            return self.own()
        raw = await self._redis.get(_key(server_id))
        try:
            return msgspec.json.decode(raw, type=Live) if raw else None
        except msgspec.MsgspecError:  # of another version
            return None


class LiveRooms(Protocol):
    """The part of `server.services.RoomDirectory` that is looked at."""

    def loops(self) -> Iterator[RoomLoop]:
        """The rooms that run in this process."""
        ...


def named(live: Live, names: dict[UUID, str]) -> Live:
    """With the names of its rooms."""
    rooms = [msgspec.structs.replace(room, name=names.get(room.id, "")) for room in live.rooms]
    return msgspec.structs.replace(live, rooms=rooms)


def _key(server_id: str) -> str:
    return f"hallway:live:{server_id}"


def live_rooms(loops: Iterable[RoomLoop], tick_rate: int) -> list[LiveRoom]:
    """The busiest rooms first."""
    found = []
    for loop in loops:
        pace, sessions = loop.pace.report(1 / tick_rate), loop.room.sessions.values()
        found.append(
            LiveRoom(
                loop.room.id,
                "",
                len(sessions),
                sum(session.connection is not None for session in sessions),
                pace.ticks,
                pace.tick_p50_ms,
                pace.tick_p99_ms,
                pace.late_p99_ms,
                pace.busy if sessions else 0.0,
                loop.pace.dropped,
                loop.room.recorder is not None,
            )
        )
    return sorted(found, key=lambda room: (-room.busy, -room.people, str(room.id)))[:MOST_ROOMS]


def slow_clients(loops: Iterable[RoomLoop], tick_rate: int) -> list[LiveClient]:
    """Those who do not keep up, the worst first."""
    found = [
        client
        for loop in loops
        for session in loop.room.sessions.values()
        if (client := _client(loop, session, tick_rate)) is not None
    ]
    return sorted(found, key=lambda client: (-client.unacked_ms, -client.unsent_bytes, -client.skipped))[:MOST_CLIENTS]


def _client(loop: RoomLoop, session: Session, tick_rate: int) -> LiveClient | None:
    if session.connection is None:
        return None
    outbox = session.connection.outbox
    unacked, skipped = loop.room.delivery.lag_of(session.avatar)
    unsent, waiting = outbox.unsent_bytes, outbox.waiting_bytes
    if not (unsent or skipped or unacked > UNACKED_S * tick_rate):
        return None
    claims = session.claims
    unacked_ms = unacked * 1000 // tick_rate
    return LiveClient(loop.room.id, claims.user_id, claims.name, session.address, unsent, waiting, unacked_ms, skipped)


def live_totals(metrics: Metrics) -> LiveTotals:
    """What was counted so far."""
    return LiveTotals(
        metrics.tick_seconds.count,
        metrics.ticks_dropped.value,
        metrics.tick_seconds.sum,
        {stage: found.sum for stage, found in metrics.stages.stages.items()},
        metrics.snapshots.value,
        metrics.snapshots_shared.value,
        metrics.snapshots_skipped.value,
        metrics.snapshot_bytes.value,
        metrics.events.value,
        metrics.messages_in.value,
        metrics.corrections.value,
        metrics.proximity.value,
    )


def own_usage() -> tuple[float, float, int]:
    """(this process's clock, s; its CPU time, s; its memory, bytes, 0: unknown)."""
    pages = 0
    with suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    return time.monotonic(), time.process_time(), pages * (os.sysconf("SC_PAGE_SIZE") if pages else 0)
