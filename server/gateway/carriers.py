"""Carriers of the state lane (STANDARD.md section 13): which datagrams belong to which connection.

    CARRIERS with a secret -> client -> PROBE with that secret in a datagram -> bound -> LANE -> snapshots as datagrams

A carrier - a WebTransport session, a data channel - only moves bytes. Everything that is decided about them is decided
here, once for all kinds.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

import structlog

from protocol.constants import CARRIER_SECRET_BYTES
from protocol.errors import MalformedError
from protocol.messages import Input, Lane, Probe, Probed, decode_client_datagram, encode
from server.ops.metrics import Metrics
from server.rooms.connection import Connection

log = structlog.get_logger()

BIND_S: Final = 5.0
"""Time in which a new carrier has to show a secret, s."""


class Carrier(Protocol):
    """Datagrams to and from one client. Nothing here blocks, raises or awaits."""

    kind: str
    """`webtransport` or `datachannel`."""

    def send(self, message: bytes) -> None:
        """Send it soon, after what waits."""

    def send_snapshot(self, message: bytes) -> None:
        """Send it soon; one that still waits is dropped for it, and counted."""

    def close(self) -> None:
        """End it."""


Receive = Callable[[Input | Lane], None]


@dataclass(eq=False, slots=True)
class Berth:
    """One connection's right to a carrier. `receive`: hands what the client said to its room."""

    connection: Connection
    receive: Receive
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(CARRIER_SECRET_BYTES))
    carrier: Carrier | None = None

    @property
    def on_datagrams(self) -> bool:
        """Whether the client's snapshots go over its carrier."""
        return self.connection.outbox.on_datagrams


class Carriers:
    """All berths of a server, and the carriers that are bound to them."""

    def __init__(self, metrics: Metrics, most: int) -> None:
        """`most`: clients whose state lane may go over datagrams at one time."""
        self._metrics = metrics
        self._most = most
        self._by_secret: dict[bytes, Berth] = {}
        self._by_carrier: dict[Carrier, Berth] = {}

    @property
    def on_datagrams(self) -> int:
        """Clients with a bound carrier."""
        return len(self._by_carrier)

    @property
    def eager(self) -> bool:
        """Whether there is room for everybody who can, and not only for those who need it."""
        return 2 * self.on_datagrams < self._most

    def offer(self, connection: Connection, receive: Receive) -> Berth:
        """Give a connection the right to one carrier."""
        berth = Berth(connection, receive)
        self._by_secret[berth.secret] = berth
        return berth

    def withdraw(self, berth: Berth) -> None:
        """The connection is gone, or wants another carrier: this one ends, and the secret with it."""
        self._by_secret.pop(berth.secret, None)
        carrier, berth.carrier = berth.carrier, None
        berth.connection.carrier = None
        if carrier is not None:
            self._by_carrier.pop(carrier, None)
            self._count()
            carrier.close()

    def received(self, carrier: Carrier, data: bytes, now: float) -> None:
        """A datagram of a carrier's; whatever is in it."""
        berth = self._by_carrier.get(carrier)
        if berth is None:
            self._bind(carrier, data)
            return
        message = berth.connection.receive_datagram(data, now)
        if message is None:
            self._metrics.discarded.labels("datagram").inc()
        elif isinstance(message, Input):
            berth.receive(message)
        elif hmac.compare_digest(message.secret, berth.secret):
            carrier.send(encode(Probed(message.number)))
        else:
            self._refuse(carrier)

    def lost(self, carrier: Carrier) -> None:
        """The carrier has ended; the client's snapshots go over its WebSocket again."""
        berth = self._by_carrier.pop(carrier, None)
        if berth is None:
            return
        self._count()
        was_used = berth.on_datagrams
        berth.carrier = berth.connection.carrier = None
        if was_used:
            berth.receive(Lane(0))

    def is_bound(self, carrier: Carrier) -> bool:
        """Whether the carrier belongs to a connection."""
        return carrier in self._by_carrier

    # --- parts ------------------------------------------------------------------------------------------------------

    def _bind(self, carrier: Carrier, data: bytes) -> None:
        try:
            message = decode_client_datagram(data)
        except MalformedError:
            self._metrics.discarded.labels("datagram").inc()
            return
        if isinstance(message, Probe):
            self._take(carrier, message)
        else:
            self._metrics.discarded.labels("datagram").inc()

    def _take(self, carrier: Carrier, probe: Probe) -> None:
        # A lookup by hash tells an attacker nothing of use about 192 random bits.
        berth = self._by_secret.get(probe.secret)
        if berth is None or berth.carrier is not None or not berth.connection.live:
            self._refuse(carrier)
            return
        if self.on_datagrams >= self._most:
            self._metrics.refused_carriers.labels("full").inc()
            carrier.close()
            return
        berth.carrier = berth.connection.carrier = carrier
        self._by_carrier[carrier] = berth
        self._count()
        carrier.send(encode(Probed(probe.number)))

    def _refuse(self, carrier: Carrier) -> None:
        self._metrics.refused_carriers.labels("secret").inc()
        self.lost(carrier)
        carrier.close()

    def _count(self) -> None:
        counts = {"webtransport": 0, "datachannel": 0}
        for carrier in self._by_carrier:
            counts[carrier.kind] += 1
        for kind, count in counts.items():
            self._metrics.carriers.labels(kind).set(count)
