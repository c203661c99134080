"""One room in virtual time with clients in memory: what each stage of a tick costs, without sockets.

The room is the real one. Its clients send what walking bots send and acknowledge what they get, so that baselines,
outboxes and rate limits do what they do in a server; only the transport is a counter.
"""

from __future__ import annotations

import gc
import heapq
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from uuid import UUID, uuid5

import sim.proximity
from benchmarks.bots.behaviour import Behaviour, behaviour
from benchmarks.counting_transport import CountingTransport
from benchmarks.maps import crowd_map, office_map
from protocol.constants import WALKER_FEATURES
from protocol.messages import Hello, Input, encode
from server.app import GC_THRESHOLD
from server.auth.tickets import TicketClaims
from server.config import load_settings
from server.ops.metrics import Metrics
from server.rooms.attendance import Newcomer
from server.rooms.connection import Connection
from server.rooms.room import Room
from server.rooms.saver import Saver
from server.rooms.session import Session
from server.settings import Settings
from server.store.positions import Position
from sim.maps import parse_map

SPACE: Final = UUID(int=7)
ACK_S: Final = 0.5
WITHIN: Final = (
    ("collision", "movement", "column_blocked"),
    ("collision", "movement", "row_blocked"),
    ("grid", "proximity", "near_pairs"),
)
"""Parts of a stage that are timed by themselves: name, the stage they are within, the function."""


class _Nowhere:
    async def save_many(self, room_id: UUID, positions: list[Position]) -> int:
        return len(positions)


@dataclass(slots=True)
class Client:
    """One client in memory."""

    session: Session
    connection: Connection
    transport: CountingTransport
    moves: Behaviour
    seq: int = 0
    course: int = 0


@dataclass(slots=True)
class Costs:
    """CPU seconds by stage, ticks and clients they were spent on, and what went out."""

    ticks: int
    clients: int
    tick_s: list[float]
    receive_s: float
    received: int
    stages: dict[str, float] = field(default_factory=dict)
    writes: int = 0
    bytes: int = 0


class Rehearsal:
    """A room with `count` clients that walk as `kind` says, on the map of that name ("office" or "crowd")."""

    def __init__(
        self, count: int, kind: str = "office", tick_rate: int = 20, seed: int = 1, *, compiled: bool = True
    ) -> None:
        self.rate = tick_rate
        data = crowd_map() if kind == "crowd" else office_map()
        settings = load_settings(env={}, flags={"tick_rate": str(tick_rate), "compiled": compiled})
        metrics = Metrics()
        room_id = UUID(int=1)
        saver = Saver(room_id, _Nowhere(), metrics)
        self.room = Room(room_id, count, parse_map(data, {}), settings, metrics, saver)
        self.now = 0.0
        self.clients: list[Client] = []
        self._due: list[tuple[float, int, int]] = []
        random = Random(seed)  # noqa: S311 - a walk needs to be repeatable, not secret
        for index in range(count):
            self._enter(index, kind, seed, settings, random)

    def _enter(self, index: int, kind: str, seed: int, settings: Any, random: Random) -> None:
        connection, transport = self._connect(settings)
        hello = Hello(0, WALKER_FEATURES, "t" * 32, None, 0, "benchmark")
        connection.receive(encode(hello), self.now)
        user_id = uuid5(SPACE, str(index))
        claims = TicketClaims(user_id, self.room.id, "session", f"Bot {index}", bytes(6), False, True)
        session = self.room.attendance.admit(Newcomer(claims, connection))
        assert session is not None  # noqa: S101 - the room was made for so many
        connection.pump()
        client = Client(session, connection, transport, behaviour(kind, seed, index))
        self.clients.append(client)
        self._plan(index, client)
        heapq.heappush(self._due, (random.uniform(0, ACK_S), index, -1))

    def _connect(self, settings: Settings) -> tuple[Connection, CountingTransport]:
        """The connection of one more client, and what counts its bytes."""
        transport = CountingTransport()
        return Connection(transport, settings, self.now, lambda *_: None), transport

    def _plan(self, index: int, client: Client) -> None:
        move = next(client.moves, None)
        if move is not None:
            heapq.heappush(self._due, (self.now + move.after, index, move.course))

    def _messages(self) -> Iterator[tuple[Client, bytes]]:
        """What clients say until now, as bytes."""
        while self._due and self._due[0][0] <= self.now:
            _, index, course = heapq.heappop(self._due)
            client = self.clients[index]
            ack = int(self.room.delivery.baselines.sent[client.session.avatar])
            if course < 0:
                heapq.heappush(self._due, (self.now + ACK_S, index, -1))
                yield client, encode(Input(ack, client.seq, 0, b""))
            else:
                client.seq += 1
                client.course = course
                self._plan(index, client)
                yield client, encode(Input(ack, client.seq, 0, bytes((course, 0))))

    def run(self, seconds: float, *, warm_up_s: float = 3.0) -> Costs:
        """Ticks for so long in virtual time; the warm-up is not counted."""
        for _ in range(int(warm_up_s * self.rate)):
            self._tick()
        # As a server does once it has started: else one pass of the collector over everybody falls into a tick.
        thresholds = gc.get_threshold()
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GC_THRESHOLD)
        before = [(c.transport.writes, c.transport.bytes) for c in self.clients]
        costs = Costs(0, len(self.clients), [], 0.0, 0)
        with _timed(self.room) as stages:
            for _ in range(int(seconds * self.rate)):
                received, receive_s, tick_s = self._tick()
                costs.ticks += 1
                costs.received += received
                costs.receive_s += receive_s
                costs.tick_s.append(tick_s)
        gc.set_threshold(*thresholds)
        gc.unfreeze()
        costs.stages = dict(stages)
        costs.writes = sum(c.transport.writes for c in self.clients) - sum(b[0] for b in before)
        costs.bytes = sum(c.transport.bytes for c in self.clients) - sum(b[1] for b in before)
        return costs

    def _tick(self) -> tuple[int, float, float]:
        self.now += 1 / self.rate
        messages = list(self._messages())
        room, now = self.room, self.now
        began = time.thread_time()
        for client, data in messages:
            for message in client.connection.receive(data, now):
                room.receive(client.session, message, _phase)
        received = time.thread_time()
        room.tick(now)
        return len(messages), received - began, time.thread_time() - received


def _phase() -> int:
    return 0


@contextmanager
def _timed(room: Room) -> Iterator[dict[str, float]]:
    """What each stage took while this was open: the room's own clock, and a stopwatch on the parts in `WITHIN`."""
    clock = room._metrics.stages
    before = {stage: found.sum for stage, found in clock.stages.items()}
    clock._clock, wall = time.thread_time, clock._clock
    within: dict[str, float] = defaultdict(float)
    owners: dict[str, Any] = {"movement": room.world.raster, "proximity": sim.proximity}
    changed = [(owners[stage], name, getattr(owners[stage], name)) for _, stage, name in WITHIN]
    for (part, _, _), (owner, name, call) in zip(WITHIN, changed, strict=True):
        setattr(owner, name, _stopwatch(call, part, within))
    spent: dict[str, float] = {}
    try:
        yield spent
    finally:
        for owner, name, call in changed:
            setattr(owner, name, call)
        clock._clock = wall
        spent |= {stage: found.sum - before[stage] for stage, found in clock.stages.items()}
        spent |= within


def _stopwatch(call: Callable[..., Any], stage: str, spent: dict[str, float]) -> Callable[..., Any]:
    def timed(*args: Any, **options: Any) -> Any:
        began = time.thread_time()
        try:
            return call(*args, **options)
        finally:
            spent[stage] += time.thread_time() - began

    return timed
