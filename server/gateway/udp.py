"""The UDP port of the game: opens it, tells each client of it, and sorts what arrives by protocol.

One port for everything, told apart by the first byte of each datagram (RFC 9443): below 4 is STUN, 20 to 63 DTLS, and
64 and above QUIC.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from datetime import UTC, datetime
from typing import Final, cast

import structlog
from aioquic.quic.configuration import QuicConfiguration

from protocol import messages
from protocol.constants import MAX_CARRIER_ADDRESSES
from server.gateway.carriers import Berth, Carriers, Receive
from server.gateway.certificate import ShortLived
from server.gateway.datachannel import DataChannels
from server.gateway.webtransport import PATH, WebTransportServer, configuration
from server.media.choice import LOOPBACK, is_for_this_computer_only, own_addresses, parse_addresses
from server.media.sfu.ice_lite import Credentials
from server.networks import parse_address
from server.ops.metrics import Metrics
from server.rooms.connection import Connection
from server.settings import Settings

log = structlog.get_logger()

RECEIVE_BUFFER: Final = 1 << 20
"""Bytes that the kernel keeps while a tick runs."""
FIRST_QUIC_BYTE: Final = 64
FIRST_DTLS_BYTE: Final = 20
AFTER_STUN: Final = 4
MOST_DATAGRAM: Final = 1500
LAST_PORT: Final = 65_535
SPARE_CONNECTIONS: Final = 64
"""QUIC connections beyond those that may be bound: newcomers, and those that are closing."""


class UdpGateway:
    """The UDP port of one server process, from `start` on; before that, and if the port is taken, it offers nothing."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._settings, self._metrics = settings, metrics
        self.carriers = Carriers(metrics, settings.udp_clients)
        self.port: int | None = None
        self._certificate: ShortLived | None = None
        self._quic: QuicConfiguration = configuration()
        self._socket: _UdpSocket | None = None
        self._channels: DataChannels | None = None
        self._addresses: list[str] = []
        self._loading: asyncio.Task[None] | None = None
        self._keys: dict[Berth, Credentials] = {}
        """What a client may open a data channel with."""

    async def start(self, tcp_port: int) -> None:
        """Open the port that the settings name; `tcp_port`: where the pages are."""
        settings = self._settings
        wanted = tcp_port if settings.udp_port is None else settings.udp_port
        if not wanted:
            return
        if settings.tls_cert is not None and settings.tls_key is not None:
            self._quic.load_cert_chain(settings.tls_cert, settings.tls_key)
        else:
            self._certificate = ShortLived()
        # Workers share one port for pages, and take one after the other for datagrams.
        opened, reason = None, ""
        for number in range(wanted, min(wanted + settings.workers, LAST_PORT + 1)):
            try:
                opened = open_socket(listening_address(settings), number)
            except OSError as error:
                reason = str(error)
                continue
            wanted = number
            break
        if opened is None:
            log.warning("no UDP port for the game, everybody stays on WebSockets", port=wanted, why=reason)
            return
        most = settings.udp_clients + SPARE_CONNECTIONS
        loop = asyncio.get_running_loop()
        server = WebTransportServer(self._quic, self.carriers, self._metrics, most)
        _, self._socket = await loop.create_datagram_endpoint(lambda: _UdpSocket(server), sock=opened)
        self.port = wanted
        if settings.udp_channels:
            self._channels = DataChannels(self.carriers, self._metrics, settings.udp_channels, self._socket.send)
            self._socket.channels = self._channels
            self._addresses = addresses_for_channels(settings)
            self._loading = asyncio.create_task(self._channels.load())

    async def stop(self) -> None:
        """Say goodbye to everybody and close the port."""
        if self._loading is not None:
            self._loading.cancel()
        if self._channels is not None:
            self._channels.close()
        if self._socket is not None:
            self._socket.close()
            # One turn of the loop, so that the goodbyes are written.
            await asyncio.sleep(0)
            self.port = None

    def offer(self, connection: Connection, receive: Receive) -> Berth | None:
        """Give a connection the right to a carrier, and tell its client; None: there is nothing to offer."""
        if self.port is None:
            return None
        berth = self.carriers.offer(connection, receive)
        hashes = b""
        if self._certificate is not None:
            now = datetime.now(UTC)
            hashes = self._certificate.hashes(now)
            present = self._certificate.present(now)
            self._quic.certificate, self._quic.private_key = present.certificate, present.key
        quic = messages.Quic(self._settings.udp_host, self.port, PATH, hashes)
        connection.send(messages.Carriers(berth.secret, self.carriers.eager, quic, self._offer_channel(berth)))
        return berth

    def withdraw(self, berth: Berth) -> None:
        """The connection is gone, or wants another carrier."""
        self.carriers.withdraw(berth)
        keys = self._keys.pop(berth, None)
        if keys is not None and self._channels is not None:
            self._channels.withdraw(keys)

    def _offer_channel(self, berth: Berth) -> messages.DataChannel | None:
        if self._channels is None or not self._channels.is_loaded or self.port is None:
            return None
        keys = self._keys[berth] = self._channels.offer()
        place = self._addresses, self.port
        return messages.DataChannel(keys.fragment, keys.password, self._channels.fingerprint, *place)


def listening_address(settings: Settings) -> str:
    """Where the port is opened. A proxy in front carries no UDP: then people come to this computer itself."""
    if is_for_this_computer_only(settings):
        return LOOPBACK
    host = parse_address(settings.host)
    return settings.host if host is not None and not host.is_loopback else "0.0.0.0"  # noqa: S104


def addresses_for_channels(settings: Settings) -> list[str]:
    """Where clients are told to look for data channels; they try the host of the page, too, if that is an address."""
    if is_for_this_computer_only(settings):
        return [LOOPBACK]
    named = parse_address(settings.udp_host)
    found = (str(named),) if named is not None else parse_addresses(settings.sfu_addresses) or own_addresses()
    is_ipv6 = ":" in listening_address(settings)
    return [address for address in found if (":" in address) == is_ipv6][:MAX_CARRIER_ADDRESSES]


def open_socket(host: str, port: int) -> socket.socket:
    """A UDP socket on this address. Raises OSError."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_DGRAM, flags=socket.AI_PASSIVE | socket.AI_NUMERICSERV
    )[0]
    opened = socket.socket(family, kind, protocol)
    try:
        with contextlib.suppress(OSError):
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        opened.setblocking(False)
        opened.bind(address)
    except OSError:
        opened.close()
        raise
    return opened


class _UdpSocket(asyncio.DatagramProtocol):
    """The socket, and what speaks on it."""

    def __init__(self, quic: WebTransportServer) -> None:
        self._quic = quic
        self.channels: DataChannels | None = None
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)
        self._quic.connection_made(transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if not data:
            return
        if data[0] >= FIRST_QUIC_BYTE:
            self._quic.datagram_received(data, addr)
        elif self.channels is not None and len(data) <= MOST_DATAGRAM:
            if data[0] >= FIRST_DTLS_BYTE:
                self.channels.receive_record(data, addr[:2])
            elif data[0] < AFTER_STUN:
                self.channels.receive_check(data, addr[:2])

    def send(self, data: bytes, address: tuple[str, int]) -> None:
        """Send a datagram; nothing happens on a socket that is closed."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(data, address)

    def error_received(self, exc: Exception) -> None:
        """Somebody's port is closed: QUIC and ICE notice by themselves."""

    def close(self) -> None:
        self._quic.close()
