"""An unreliable WebRTC data channel as a carrier (STANDARD.md section 13.1): one socket for all, and no offer is read.

    check with a fragment that was told -> DTLS handshake -> SCTP -> channel -> PROBE with the secret -> bound -> gone

As ICE-lite the server needs nothing from the client: whoever knows the password of a fragment is answered where it
speaks from. So there is no SDP that a client could send, and no candidate; strangers get no answer at all.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import structlog

from protocol.token_bucket import TokenBucket
from server.dtls import Identity
from server.gateway.carriers import BIND_S, Carriers
from server.gateway.dtls_records import DtlsRecords
from server.media.sfu.dtls import SRTP_PROFILES
from server.media.sfu.ice_lite import SILENT_S, Address, Check, Credentials, parse_check
from server.ops.metrics import Metrics

if TYPE_CHECKING:
    from server.gateway.association import Association

log = structlog.get_logger()

Transmit: TypeAlias = Callable[[bytes, Address], None]

STRANGERS_S: Final = 400
STRANGERS_BURST: Final = 800
"""Checks from addresses that are not known yet, of all clients together: each costs the parser some time."""
PACKETS_S: Final = 300
PACKETS_BURST: Final = 600
"""UDP packets of one client: its datagrams, acknowledgements of ours, and checks."""
MOST_ADDRESSES: Final = 4
"""Pairs of addresses that one client may try at one time."""
WATCH_S: Final = 0.1
LATER_S: Final = 2.0
"""How often a carrier is looked after: before it is bound, and then."""


class DataChannelCarrier:
    """One client's data channel, from its first check on."""

    kind = "datachannel"

    def __init__(self, owner: DataChannels, credentials: Credentials, now: float) -> None:
        self.credentials = credentials
        self.addresses: list[Address] = []
        self.packets = TokenBucket(PACKETS_S, PACKETS_BURST, now)
        self._owner = owner
        self._address: Address | None = None
        self._made = self._heard = now
        self._dtls = DtlsRecords(owner.identity)
        self._association: Association | None = None
        self._snapshot: bytes | None = None
        self._flushing = self._closed = False
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(WATCH_S, self._watch)

    # --- as a carrier -----------------------------------------------------------------------------------------------

    def send(self, message: bytes) -> None:
        """Send a datagram behind those that wait."""
        if self._association is not None:
            self._association.send(message)

    def send_snapshot(self, message: bytes) -> None:
        """Send a snapshot when this turn of the loop is over: encryption is not the tick's time."""
        if self._closed:
            return
        if self._snapshot is not None:
            self._owner.metrics.datagrams_dropped.inc()
        self._snapshot = message
        self._flush_soon()

    def close(self) -> None:
        """End it."""
        if self._closed:
            return
        self._timer.cancel()
        self._snapshot = None
        if self._association is not None:
            self._association.close()
        self._dtls.close()
        self._transmit()
        self._closed = True
        self._owner.forget(self)

    def end(self) -> None:
        """End it, and give the snapshots back to the WebSocket."""
        self.close()
        self._owner.carriers.lost(self)

    # --- from the socket --------------------------------------------------------------------------------------------

    def check(self, check: Check, address: Address, now: float) -> bool:
        """Answer a connectivity check; False: it does not know the password."""
        answered = check.answer(self.credentials.password, address)
        if answered is None:
            return False
        response, is_nominated = answered
        self._heard = now
        if self._address is None or is_nominated:
            self._address = address
        self._owner.transmit(response, address)
        return True

    def receive(self, data: bytes, now: float) -> None:
        """A DTLS datagram from one of its addresses."""
        self._heard = now
        was_open = self._dtls.is_open
        records = self._dtls.receive(data)
        if self._dtls.is_open and not was_open:
            self._association = self._owner.associate(self)
        try:
            for record in records:
                if self._association is not None and not self._closed:
                    self._association.receive(record)
        except self._owner.misbehaved as error:
            log.debug("no data channel of ours", why=str(error))
            self._refuse("channel")
            return
        if self._closed:
            return
        self._transmit()
        if self._dtls.has_ended or (self._association is not None and self._association.has_ended):
            self.end()
        elif self._snapshot is not None:
            # An acknowledgement may have made room for it.
            self._flush_soon()

    # --- as the user of an association ------------------------------------------------------------------------------

    def send_record(self, record: bytes) -> None:
        """Encrypt and send."""
        if not self._closed:
            self._dtls.send(record)
            self._transmit()

    def message_received(self, message: bytes) -> None:
        """A datagram of the client's; whatever is in it."""
        self._owner.carriers.received(self, message, time.monotonic())

    # --- parts ------------------------------------------------------------------------------------------------------

    def _flush_soon(self) -> None:
        if not self._flushing:
            self._flushing = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._flushing = False
        # One that waits for the congestion window is replaced, not followed, by the next.
        if self._snapshot is not None and self._association is not None and self._association.is_free:
            snapshot, self._snapshot = self._snapshot, None
            self._association.send(snapshot)

    def _transmit(self) -> None:
        datagrams = self._dtls.to_send()
        if self._address is not None:
            for datagram in datagrams:
                self._owner.transmit(datagram, self._address)

    def _watch(self) -> None:
        now = time.monotonic()
        is_bound = self._owner.carriers.is_bound(self)
        if not is_bound and now - self._made > BIND_S:
            self._refuse("silent")
            return
        if now - self._heard > SILENT_S or self._dtls.has_ended:
            self.end()
            return
        self._dtls.handle_timeout()
        self._transmit()
        self._timer = self._loop.call_later(LATER_S if is_bound else WATCH_S, self._watch)

    def _refuse(self, why: str) -> None:
        self._owner.metrics.refused_carriers.labels(why).inc()
        self.end()


class DataChannels:
    """The data channels on one UDP socket. Nothing is offered before `load` has returned."""

    def __init__(self, carriers: Carriers, metrics: Metrics, most: int, transmit: Transmit) -> None:
        """`most`: data channels at one time, those that are not bound yet included. `transmit`: the socket."""
        self.carriers, self.metrics, self.transmit = carriers, metrics, transmit
        self.identity = Identity(SRTP_PROFILES)
        self.fingerprint = bytes.fromhex(self.identity.fingerprint.replace(":", ""))
        self.misbehaved: type[Exception] = RuntimeError
        self._most = most
        self._offers: dict[str, Credentials] = {}
        self._by_fragment: dict[str, DataChannelCarrier] = {}
        self._by_address: dict[Address, DataChannelCarrier] = {}
        self._strangers = TokenBucket(STRANGERS_S, STRANGERS_BURST, time.monotonic())
        self._sctp: Any = None

    async def load(self) -> None:
        """Load aiortc, which takes as long as the rest of the server: beside it, and before anybody is in a room."""
        try:
            self._sctp = await asyncio.to_thread(import_module, "server.gateway.association")
        except ImportError as error:
            # Some take it out of their images: it brings a whole FFmpeg along.
            log.info("no data channels, because aiortc can not be loaded", why=str(error))
            return
        self.misbehaved = self._sctp.MisbehavedError

    @property
    def is_loaded(self) -> bool:
        """Whether there is anything to offer."""
        return self._sctp is not None

    @property
    def count(self) -> int:
        """Data channels, those that are not bound yet included."""
        return len(self._by_fragment)

    def offer(self) -> Credentials:
        """Let one client in, until `withdraw`."""
        credentials = Credentials.make()
        self._offers[credentials.fragment] = credentials
        return credentials

    def withdraw(self, credentials: Credentials) -> None:
        """Nobody comes in by these any more."""
        self._offers.pop(credentials.fragment, None)
        carrier = self._by_fragment.get(credentials.fragment)
        if carrier is not None:
            carrier.end()

    def associate(self, carrier: DataChannelCarrier) -> Association:
        """A new association for a carrier whose handshake is over."""
        return cast("Association", self._sctp.Association(carrier))

    def receive_check(self, data: bytes, address: Address) -> None:
        """A STUN datagram."""
        now = time.monotonic()
        known = self._by_address.get(address)
        if not (self._strangers if known is None else known.packets).take(now):
            self._discard()
            return
        check = parse_check(data)
        credentials = None if check is None else self._offers.get(check.fragment)
        if check is None or credentials is None:
            self._discard()
            return
        carrier = self._by_fragment.get(credentials.fragment)
        if carrier is None:
            if self.count >= self._most:
                self.metrics.refused_carriers.labels("full").inc()
                return
            if check.answer(credentials.password, address) is None:
                self._discard()
                return
            carrier = self._by_fragment[credentials.fragment] = DataChannelCarrier(self, credentials, now)
        if not carrier.check(check, address, now):
            self._discard()
        elif known is not carrier:
            self._note_address(carrier, address)

    def receive_record(self, data: bytes, address: Address) -> None:
        """A DTLS datagram; those of strangers are nothing."""
        now = time.monotonic()
        carrier = self._by_address.get(address)
        if carrier is None or not carrier.packets.take(now):
            self._discard()
            return
        carrier.receive(data, now)

    def forget(self, carrier: DataChannelCarrier) -> None:
        """The carrier has ended."""
        self._by_fragment.pop(carrier.credentials.fragment, None)
        for address in carrier.addresses:
            if self._by_address.get(address) is carrier:
                del self._by_address[address]

    def close(self) -> None:
        """End them all."""
        for carrier in list(self._by_fragment.values()):
            carrier.close()

    def _note_address(self, carrier: DataChannelCarrier, address: Address) -> None:
        carrier.addresses.append(address)
        self._by_address[address] = carrier
        if len(carrier.addresses) > MOST_ADDRESSES:
            oldest = carrier.addresses.pop(0)
            if self._by_address.get(oldest) is carrier:
                del self._by_address[oldest]

    def _discard(self) -> None:
        self.metrics.discarded.labels("datagram").inc()
