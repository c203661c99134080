"""WebTransport (HTTP/3 over QUIC) as a carrier: aioquic on one side, `Carriers` on the other.

Only its datagrams are used; the WebSocket is the reliable lane. Datagrams that its congestion control does not let out
are kept by aioquic in a queue without a bound, so old snapshots are dropped here: `_datagrams_pending` is a private
name of that library, whose version is pinned for it, and a test says so when it changes.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any, Final, cast

import structlog
from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.asyncio.server import QuicServer
from aioquic.h3.connection import H3_ALPN, ErrorCode, H3Connection
from aioquic.h3.events import DatagramReceived, H3Event, HeadersReceived, WebTransportStreamDataReceived
from aioquic.h3.exceptions import H3Error
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import NetworkAddress, QuicConnection
from aioquic.quic.events import ConnectionTerminated, ProtocolNegotiated, QuicEvent

from server.gateway.carriers import BIND_S, Carriers
from server.ops.metrics import Metrics

log = structlog.get_logger()

PATH: Final = "/state"
IDLE_S: Final = 15.0
"""QUIC's own idle timeout: a client that was bound says something at least twice a second."""
STREAM_BYTES: Final = 16_384
CONNECTION_BYTES: Final = 65_536
"""Most that a client may send on streams before it is read; it has nothing to say there but its request."""
MAX_STREAMS: Final = 16
"""Streams that a client may open: HTTP/3 needs four."""


def configuration() -> QuicConfiguration:
    """Limits of a connection; the certificate is still to be set."""
    return QuicConfiguration(
        is_client=False,
        alpn_protocols=list(H3_ALPN),
        max_datagram_frame_size=65_536,
        idle_timeout=IDLE_S,
        max_data=CONNECTION_BYTES,
        max_stream_data=STREAM_BYTES,
    )


class WebTransportCarrier(QuicConnectionProtocol):
    """One QUIC connection with at most one WebTransport session.

    HANDSHAKE --CONNECT /state--> OPEN --PROBE with a good secret--> bound --end of the connection--> gone
    """

    kind = "webtransport"

    def __init__(self, quic: QuicConnection, carriers: Carriers, metrics: Metrics) -> None:
        super().__init__(quic)
        self._carriers, self._metrics = carriers, metrics
        self._http: H3Connection | None = None
        self._session: int | None = None
        self._streams: set[int] = set()
        self._snapshot: bytes | None = None
        self._bind_timer = asyncio.get_running_loop().call_later(BIND_S, self._give_up)

    # --- as a carrier -----------------------------------------------------------------------------------------------

    def send(self, message: bytes) -> None:
        """Send a datagram behind those that wait."""
        if self._http is None or self._session is None:
            return
        self._http.send_datagram(self._session, message)
        self._transmit_soon()

    def send_snapshot(self, message: bytes) -> None:
        """Send a snapshot when this turn of the loop is over: encryption is not the tick's time."""
        if self._snapshot is not None:
            self._metrics.datagrams_dropped.inc()
        self._snapshot = message
        self._transmit_soon()

    def close(self, error_code: int = ErrorCode.H3_NO_ERROR, reason_phrase: str = "") -> None:
        """End the connection."""
        self._bind_timer.cancel()
        self._snapshot = self._session = None
        super().close(error_code, reason_phrase)

    # --- as aioquic's protocol --------------------------------------------------------------------------------------

    def transmit(self) -> None:
        """Hand over what waits."""
        snapshot, self._snapshot = self._snapshot, None
        if snapshot is not None and self._http is not None and self._session is not None:
            pending = self._quic._datagrams_pending
            if pending:
                self._metrics.datagrams_dropped.inc(len(pending))
                pending.clear()
            self._http.send_datagram(self._session, snapshot)
        super().transmit()

    def quic_event_received(self, event: QuicEvent) -> None:
        """Something came from the client."""
        if isinstance(event, ProtocolNegotiated):
            self._http = H3Connection(self._quic, enable_webtransport=True)
        elif isinstance(event, ConnectionTerminated):
            self._bind_timer.cancel()
            self._http = self._session = None
            self._carriers.lost(self)
            return
        if self._http is None:
            return
        try:
            for each in self._http.handle_event(event):
                self._received(each, self._http)
        except H3Error as error:
            log.debug("not HTTP/3", why=str(error))
            self.close()

    def _received(self, event: H3Event, http: H3Connection) -> None:
        if isinstance(event, DatagramReceived):
            if event.stream_id == self._session:
                self._carriers.received(self, event.data, time.monotonic())
        elif isinstance(event, HeadersReceived):
            self._answer(event, http)
        elif isinstance(event, WebTransportStreamDataReceived):
            self._refuse_stream(event.stream_id)

    def _answer(self, event: HeadersReceived, http: H3Connection) -> None:
        headers = dict(event.headers)
        wanted = (headers.get(b":method"), headers.get(b":protocol"), headers.get(b":path"))
        fits = wanted == (b"CONNECT", b"webtransport", PATH.encode()) and self._session is None
        if fits:
            self._session = event.stream_id
        status = b"200" if fits else b"404"
        http.send_headers(
            event.stream_id, [(b":status", status), (b"sec-webtransport-http3-draft", b"draft02")], end_stream=not fits
        )

    def _refuse_stream(self, stream_id: int) -> None:
        """Nothing is said on streams. Whoever opens many of them is not our client."""
        if stream_id in self._streams:
            return
        self._streams.add(stream_id)
        if len(self._streams) > MAX_STREAMS:
            self.close()
            return
        self._quic.stop_stream(stream_id, ErrorCode.H3_REQUEST_CANCELLED)

    def _give_up(self) -> None:
        if not self._carriers.is_bound(self):
            self._metrics.refused_carriers.labels("silent").inc()
            self.close()


class WebTransportServer(QuicServer):
    """The QUIC connections on one UDP socket. Addresses are validated with a RETRY before anything is kept of them."""

    def __init__(self, quic: QuicConfiguration, carriers: Carriers, metrics: Metrics, most: int) -> None:
        """`most`: connections at one time, those that are not bound yet included."""
        super().__init__(
            configuration=quic,
            create_protocol=lambda connection, **_: WebTransportCarrier(connection, carriers, metrics),
            retry=True,
        )
        self._most = most
        self._metrics = metrics

    def datagram_received(self, data: bytes | str, addr: NetworkAddress) -> None:
        """A UDP datagram for QUIC. A stranger gets in while there is room."""
        packet = cast(bytes, data)
        if len(packet) < 7:
            return
        if packet[0] & 0x80 and self.connections >= self._most:
            target = packet[6 : 6 + packet[5]]
            if target not in self._protocols:
                self._metrics.refused_carriers.labels("full").inc()
                return
        try:
            super().datagram_received(packet, addr)
        except Exception:
            # A stranger's bytes must not close the port for everybody.
            self._metrics.discarded.labels("datagram").inc()
            log.warning("a QUIC packet could not be handled", exc_info=True)

    @property
    def connections(self) -> int:
        """How many there are."""
        return len(set(cast("dict[Any, Any]", self._protocols).values()))
