"""A rehearsed room whose clients are behind gateways: what its owner spends, and what they do, without sockets."""

from __future__ import annotations

import time
from dataclasses import dataclass
from random import Random
from uuid import UUID

from benchmarks.counting_transport import CountingTransport
from benchmarks.stages import Client, Rehearsal
from server.fanout.gate import Gate, Seat
from server.fanout.gateway import Bounds, Gateway
from server.fanout.messages import FromGateway, FromOwner, Incoming, framed
from server.ops.metrics import Metrics
from server.rooms.connection import Connection
from server.settings import Settings

BOUNDS = Bounds(1 << 20, 1 << 24)


class _Socket(CountingTransport):
    """`server.fanout.gateway.Socket`: takes everything and counts it."""

    def unsent(self) -> int:
        return 0

    def close(self, code: int, reason: str) -> None:
        """Nothing to end."""

    def pong(self, data: bytes) -> None:
        """Nobody asks."""

    def read(self, is_reading: bool) -> None:
        """Nothing is read."""


class _Guest:
    """`server.fanout.gate.Guest`: hands on what a client says."""

    def __init__(self, rehearsal: SpreadRehearsal, seat: Seat) -> None:
        self.seat, self._rehearsal = seat, rehearsal
        self.client: Client | None = None

    def heard(self, data: bytes) -> None:
        client, rehearsal = self.client, self._rehearsal
        if client is not None:
            for message in client.connection.receive(data, rehearsal.now):
                rehearsal.room.receive(client.session, message, _phase)

    def heard_text(self) -> None:
        """Nobody sends text."""

    def heard_control(self, data: bytes, *, is_ping: bool) -> None:
        """Nobody asks."""

    def ended(self, code: int) -> None:
        """Nobody leaves."""


@dataclass(slots=True)
class _Site:
    """Both ends of a line. `spent`: CPU seconds of the gateway; `carried`: bytes to it."""

    gate: Gate
    gateway: Gateway
    to_owner: Incoming
    to_gateway: Incoming
    spent: float = 0.0
    carried: int = 0


class SpreadRehearsal(Rehearsal):
    """As `Rehearsal`, with each client behind one of `gateways`, at least 1."""

    def __init__(self, count: int, gateways: int, kind: str = "office", tick_rate: int = 20, seed: int = 1) -> None:
        self._guests: list[_Guest] = []
        self.sites = [self._site(number) for number in range(gateways)]
        self._numbers: dict[int, tuple[_Site, int]] = {}
        super().__init__(count, kind, tick_rate, seed)
        for guest, client in zip(self._guests, self.clients, strict=True):
            guest.client = client

    def _site(self, number: int) -> _Site:
        gate = Gate(f"gateway {number}", self._welcome, 1 << 25)
        gateway = Gateway(BOUNDS, Metrics(), lambda: None, lambda call: None)
        return _Site(gate, gateway, Incoming(FromGateway), Incoming(FromOwner))

    def _welcome(self, seat: Seat, _room: UUID, _address: str | None) -> _Guest:
        self._guests.append(_Guest(self, seat))
        return self._guests[-1]

    def _connect(self, settings: Settings) -> tuple[Connection, CountingTransport]:
        site, socket = self.sites[len(self.clients) % len(self.sites)], _Socket()
        number = site.gateway.open(socket, self.room.id, None)
        site.gate.receive(site.gateway.messages_to_send())
        seat = self._guests[-1].seat
        connection = Connection(seat, settings, self.now, lambda *_: None)
        connection.outbox.seat = seat
        self._numbers[id(connection)] = (site, number)
        return connection, socket

    def _enter(self, index: int, kind: str, seed: int, settings: Settings, random: Random) -> None:
        super()._enter(index, kind, seed, settings, random)
        # A line takes what newcomers are told before the next one comes.
        site = self._numbers[id(self.clients[-1].connection)][0]
        site.gateway.receive(site.gate.messages_to_send())

    def _tick(self) -> tuple[int, float, float]:
        self.now += 1 / self.rate
        messages = list(self._messages())
        ups = []
        for client, data in messages:
            site, number = self._numbers[id(client.connection)]
            site.gateway.hear(number, data)
        for site in self.sites:
            began = time.thread_time()
            ups.append(framed(site.gateway.messages_to_send()))
            site.spent += time.thread_time() - began
        start = time.thread_time()
        for site, up in zip(self.sites, ups, strict=True):
            site.gate.receive(site.to_owner.receive(up))
        received = time.thread_time()
        self.room.tick(self.now)
        downs = [framed(site.gate.messages_to_send()) for site in self.sites]
        ticked = time.thread_time()
        for site, down in zip(self.sites, downs, strict=True):
            began = time.thread_time()
            site.gateway.receive(site.to_gateway.receive(down))
            site.spent += time.thread_time() - began
            site.carried += len(down)
        return len(messages), received - start, ticked - received


def _phase() -> int:
    return 0
