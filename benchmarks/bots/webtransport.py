"""The client's end of a WebTransport session, datagrams only (STANDARD.md section 13.1)."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import Any, Final

from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import DatagramReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection
from aioquic.quic.events import ConnectionTerminated, ProtocolNegotiated, QuicEvent
from cryptography.hazmat.primitives import hashes

from protocol.constants import FINGERPRINT_BYTES
from protocol.messages import Quic

OPEN_S: Final = 5.0


class WebTransportError(Exception):
    """The session could not be opened; the text says why."""


class WebTransportClient(QuicConnectionProtocol):
    """One session. `opened` is set when datagrams may be sent; `received` is called with each that comes."""

    def __init__(self, quic: QuicConnection, received: Callable[[bytes], None], **_: Any) -> None:
        super().__init__(quic)
        self._received = received
        self._http: H3Connection | None = None
        self._session: int | None = None
        self.status: bytes | None = None
        """Of the answer to CONNECT."""
        self.opened = asyncio.Event()
        self.ended = asyncio.Event()
        self.datagrams_in = 0

    def ask(self, authority: str, path: str) -> None:
        """Send CONNECT; the handshake is done."""
        if self._http is None:
            raise WebTransportError("the server speaks no HTTP/3")
        self._session = self._quic.get_next_available_stream_id()
        headers = [
            (b":method", b"CONNECT"),
            (b":protocol", b"webtransport"),
            (b":scheme", b"https"),
            (b":authority", authority.encode()),
            (b":path", path.encode()),
            (b"origin", b"https://" + authority.encode()),
        ]
        self._http.send_headers(self._session, headers)
        self.transmit()

    def send(self, message: bytes) -> None:
        """Send a datagram; nothing happens on a session that is not open."""
        if self._http is not None and self._session is not None and not self.ended.is_set():
            self._http.send_datagram(self._session, message)
            self.transmit()

    def certificate_hash(self) -> bytes:
        """SHA-256 of what the server showed."""
        certificate = self._quic.tls._peer_certificate
        return b"" if certificate is None else certificate.fingerprint(hashes.SHA256())

    def quic_event_received(self, event: QuicEvent) -> None:
        """Something came from the server."""
        if isinstance(event, ProtocolNegotiated):
            self._http = H3Connection(self._quic, enable_webtransport=True)
        elif isinstance(event, ConnectionTerminated):
            self.ended.set()
            self.opened.set()
            return
        if self._http is None:
            return
        for each in self._http.handle_event(event):
            if isinstance(each, DatagramReceived):
                self.datagrams_in += 1
                self._received(each.data)
            elif isinstance(each, HeadersReceived) and each.stream_id == self._session:
                self.status = dict(each.headers).get(b":status")
                self.opened.set()


async def open_webtransport(
    quic: Quic, host: str, received: Callable[[bytes], None], *, port: int | None = None
) -> WebTransportClient:
    """Open a session at the place that CARRIERS named. `host`: of the page; `port`: another than CARRIERS says, such as
    that of a relay. Raises WebTransportError or OSError."""
    address = (quic.host or host, port or quic.port)
    configuration = QuicConfiguration(
        is_client=True, alpn_protocols=list(H3_ALPN), max_datagram_frame_size=65_536, verify_mode=ssl.CERT_NONE,
        server_name=address[0],
    )  # fmt: skip
    loop = asyncio.get_running_loop()
    connection = QuicConnection(configuration=configuration)
    transport, client = await loop.create_datagram_endpoint(
        lambda: WebTransportClient(connection, received), remote_addr=address
    )
    # The socket is connected, and aioquic names the address with each packet: both must agree.
    client._transport = _Connected(transport)  # type: ignore[assignment]
    try:
        async with asyncio.timeout(OPEN_S):
            client.connect(address)
            await client.wait_connected()
            shown = client.certificate_hash()
            rows = range(0, len(quic.hashes), FINGERPRINT_BYTES)
            if quic.hashes and shown not in [quic.hashes[at : at + FINGERPRINT_BYTES] for at in rows]:
                raise WebTransportError("the certificate is not one of those that the server named")
            client.ask(f"{address[0]}:{address[1]}", quic.path)
            await client.opened.wait()
    except (TimeoutError, ConnectionError) as error:
        transport.close()
        raise WebTransportError("no answer over UDP") from error
    except WebTransportError:
        transport.close()
        raise
    if client.status != b"200":
        transport.close()
        raise WebTransportError(f"the server answered {client.status!r}")
    return client


class _Connected:
    """A connected socket, for somebody who names the address each time."""

    def __init__(self, transport: asyncio.DatagramTransport) -> None:
        self._transport = transport

    def sendto(self, data: bytes, _address: object = None) -> None:
        self._transport.sendto(data)

    def close(self) -> None:
        self._transport.close()
