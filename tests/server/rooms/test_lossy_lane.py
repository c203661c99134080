"""A client whose state lane goes over datagrams that a seed loses, doubles and reorders: two real ends in memory."""

from __future__ import annotations

import os
from random import Random
from types import SimpleNamespace
from typing import cast
from uuid import uuid5

import numpy as np
import pytest

from protocol.client_session import ClientSession, State
from protocol.constants import ALL_FEATURES, Continuity
from protocol.messages import Carriers as CarriersMessage
from protocol.messages import Door, Hello, Leave, Probed, Snapshot, Welcome, decode_server, encode
from protocol.view import ClientView
from server.auth.tickets import TicketClaims
from server.gateway.carriers import Carriers
from server.gateway.visit import Visit
from server.gateway.websocket import RoomGateway
from server.ops.metrics import Metrics
from server.rooms.attendance import Newcomer
from server.rooms.connection import Connection
from server.rooms.lanes import RoomLanes
from server.rooms.loop import RoomLoop
from sim.kernel import Kinematics, advance
from sim.raster import Raster
from tests.server.rooms.people import RATE, ROOM_ID, SPACE, House, Wire, small_map

SEED = int(os.environ.get("TEST_SEED", "0")) or Random().randrange(1 << 30)
WALK = 0x10
DELAY = 1
"""Ticks that a datagram is under way at least, each way."""


class Line:
    """One direction: a datagram arrives after a tick or two, twice, or never."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.loss = 0.0
        self._waiting: list[tuple[int, bytes]] = []

    def put(self, data: bytes, tick: int) -> None:
        if self.random.random() < self.loss:
            return
        for _ in range(2 if self.loss and self.random.random() < 0.1 else 1):
            late = self.random.randrange(3) if self.loss and self.random.random() < 0.1 else 0
            self._waiting.append((tick + DELAY + late, data))

    def take(self, tick: int) -> list[bytes]:
        due = [data for at, data in self._waiting if at <= tick]
        self._waiting = [(at, data) for at, data in self._waiting if at > tick]
        return due


class Way:
    """A carrier over two lines."""

    kind = "webtransport"

    def __init__(self, random: Random) -> None:
        self.up, self.down = Line(random), Line(random)
        self.tick = 0

    def send(self, message: bytes) -> None:
        self.down.put(message, self.tick)

    def send_snapshot(self, message: bytes) -> None:
        self.down.put(message, self.tick)

    def close(self) -> None:
        pass


class Walker:
    """A real client session and view, in a room of its own with somebody who turns in every tick."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.house = House(make_parts=lambda _, metrics: [lambda room: RoomLanes(room, metrics)])
        self.other = self.house.person("Bo", place=(200, 100))
        self.wire, self.way, self.read = Wire(), Way(self.random), 0
        self.carriers = Carriers(Metrics(), 10)
        self.session = ClientSession(features=ALL_FEATURES)
        self.connection = Connection(self.wire, self.house.settings, self.house.now, lambda *_: None)
        [hello] = self.connection.receive(self.session.connect("t" * 32), self.house.now)
        assert isinstance(hello, Hello)
        claims = TicketClaims(uuid5(SPACE, "Ada"), ROOM_ID, "session", "Ada", bytes(6), False, False)
        admitted = self.house.room.attendance.admit(Newcomer(claims, self.connection, (120 * 256, 100 * 256)))
        assert admitted is not None
        self.mine = admitted
        berth = self.carriers.offer(self.connection, self._hear)
        self.connection.send(CarriersMessage(berth.secret, True, None, None))
        self.view: ClientView | None = None
        self.ages: list[int] = []
        self.history: dict[int, dict[int, tuple[int, int, int]]] = {}
        self.by_datagram = 0
        self._others = 0
        self.is_restless = True
        self.turn()
        self.way.up.put(self.session.probe(1), 0)
        self.run(2 + 2 * DELAY)
        self._say(self.session.move_lane(True, self.house.now))

    def run(self, ticks: int, walk: float = 0.0) -> None:
        """Let time pass; in each tick the client turns with the chance `walk`."""
        for _ in range(ticks):
            if self.random.random() < walk:
                course = WALK | self.random.randrange(16) if self.random.random() < 0.8 else 0
                self.way.up.put(self.session.course(course, 0, self.house.now), self.way.tick)
            self.turn()

    def turn(self) -> None:
        """One tick, and what is under way."""
        self.way.tick += 1
        tick = self.way.tick
        for data in self.way.up.take(tick):
            self.carriers.received(self.way, data, self.house.now)
        # Another one each time: where nobody turns, there is nothing to say, and the newest snapshot is an older one.
        if self.is_restless:
            self._others = (self._others + 1 + self.random.randrange(15)) % 16
            self.other.walk(WALK | self._others)
        self.house.tick()
        world = self.house.room.world
        alive = np.flatnonzero(world.alive).tolist()
        self.history[world.tick] = {i: (int(world.x[i]), int(world.y[i]), int(world.course[i])) for i in alive}
        for data in self.wire.messages[self.read :]:
            self.read += 1
            for message in self.session.receive_data(data, self.house.now):
                self._handle(message)
        for data in self.way.down.take(tick):
            datagram = self.session.receive_datagram(data)
            if isinstance(datagram, Snapshot):
                self.by_datagram += 1
                self._snapshot(datagram, reliable=False)
            else:
                assert isinstance(datagram, Probed)
        if self.session.state is State.LIVE:
            while (due := self.session.poll(self.house.now)) is not None:
                self.way.up.put(due, tick)
        if self.view is not None:
            self.ages.append(self.house.room.world.tick - self.view.newest_tick)

    def check(self) -> None:
        """The view is exactly what the server had at that tick."""
        assert self.view is not None
        state = self.view.now
        assert state.tick == self.house.room.world.tick - DELAY
        seen = {i: (int(state.x[i]), int(state.y[i]), int(state.course[i])) for i in state.ids().tolist()}
        assert seen == self.history[state.tick]
        assert self.view.mismatches == 0

    def _hear(self, message: object) -> None:
        self.house.room.receive(self.mine, message, lambda: 0)  # type: ignore[arg-type]

    def _say(self, data: bytes) -> None:
        for message in self.connection.receive(data, self.house.now):
            self.house.room.receive(self.mine, message, lambda: 0)

    def _handle(self, message: object) -> None:
        if isinstance(message, Welcome):
            self.view = self._make_view(message)
            self.view.welcome(message)
        elif isinstance(message, Door) and self.view is not None:
            self.view.door(message)
        elif isinstance(message, Snapshot):
            self._snapshot(message, reliable=True)

    def _snapshot(self, snapshot: Snapshot, *, reliable: bool) -> None:
        assert self.view is not None
        if self.view.apply(snapshot, reliable=reliable):
            self.session.snapshot_applied(snapshot, self.house.now)
        elif self.view.ack == 0:
            self.session.baseline_lost(self.house.now)

    def _make_view(self, welcome: Welcome) -> ClientView:
        room_map = small_map()
        raster = Raster(room_map.solid)
        for door in room_map.doors:
            raster.set_rect(door.rect, not door.open)
        kinematics = Kinematics(*(getattr(welcome.kinematics, name) for name in ("walk", "run", "half_w", "half_h")))
        cell = welcome.interest.cell
        cols, rows = -(-room_map.width_px // cell), -(-room_map.height_px // cell)
        return ClientView(lambda x, y, course: advance(raster, kinematics, x, y, course), cols, rows, welcome.interest)


@pytest.mark.parametrize("loss", [0.0, 0.05, 0.2, 0.5])
def test_after_any_loss_the_view_is_the_servers_and_every_course_has_arrived(loss: float) -> None:
    print(f"TEST_SEED={SEED}")
    walker = Walker(SEED)
    assert walker.session.continuity is Continuity.FRESH
    walker.way.up.loss = walker.way.down.loss = loss
    walker.run(15 * RATE, walk=0.2)
    walker.way.up.loss = walker.way.down.loss = 0.0
    walker.run(2 * RATE)
    assert walker.by_datagram > 4 * RATE
    assert walker.session.confirmed == walker.session.seq > 20
    assert walker.house.room.courses.applied[walker.mine.avatar] == walker.session.seq
    assert walker.session.pending == []
    walker.check()


@pytest.mark.parametrize(("loss", "most"), [(0.0, DELAY), (0.05, DELAY + 3), (0.2, DELAY + 5)])
def test_the_state_is_no_older_than_a_few_losses_in_a_row(loss: float, most: int) -> None:
    print(f"TEST_SEED={SEED}")
    walker = Walker(SEED)
    walker.run(RATE)
    walker.ages.clear()
    walker.way.up.loss = walker.way.down.loss = loss
    walker.run(40 * RATE, walk=0.1)
    p99 = float(np.percentile(walker.ages, 99))
    assert p99 <= most, f"{p99} ticks at {loss:.0%} loss"


def test_a_baseline_is_only_what_was_acknowledged() -> None:
    walker = Walker(SEED)
    walker.run(RATE)
    walker.way.up.loss = 1.0
    acked = int(walker.house.room.delivery.baselines.acked[walker.mine.avatar])
    walker.run(6)
    assert int(walker.house.room.delivery.baselines.tick[walker.mine.avatar]) <= acked + 2
    assert encode(Probed(1)) not in walker.wire.messages


def test_the_tick_after_a_move_brings_a_snapshot_though_nothing_is_new() -> None:
    walker = Walker(SEED)
    walker.run(RATE)
    walker.other.walk(0)
    walker.is_restless = False
    walker.run(8)
    by_datagram, read = walker.by_datagram, len(walker.wire.messages)
    walker.run(2)
    assert (walker.by_datagram, len(walker.wire.messages)) == (by_datagram, read)
    walker._say(walker.session.move_lane(False, walker.house.now))
    walker.run(1)
    told = [decode_server(message) for message in walker.wire.messages[read:]]
    assert [type(message) for message in told] == [Snapshot]


@pytest.mark.parametrize("ticks", [1, 70])
def test_a_carrier_that_ends_after_its_person_left_is_nothing_to_anybody(ticks: int) -> None:
    walker = Walker(SEED)
    house, avatar = walker.house, walker.mine.avatar
    visit = Visit(cast(RoomGateway, None), ROOM_ID, walker.connection, None)
    visit._entered = cast(RoomLoop, SimpleNamespace(room=house.room, acts=True, phase=lambda: 0)), walker.mine
    walker.carriers._by_carrier[walker.way].receive = visit.hand_on
    assert walker.connection.outbox.on_datagrams
    visit.take(encode(Leave()))
    # Their WebSocket does not end before they have read what is on its way to them.
    house.tick(ticks)
    house.person("Cy")
    house.room.delivery.baselines.move(avatar, house.room.world.tick, reliable=False)
    walker.carriers.lost(walker.way)
    assert not house.room.delivery.baselines.reliable[avatar]
