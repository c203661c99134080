"""A bot's connection with datagrams beside its WebSocket (STANDARD.md section 13).

It moves the state lane as soon as datagrams arrive, and back when they stop. The choice that a browser makes from what
it measures is not a bot's: it was asked to use them.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias
from urllib.parse import urlsplit

from benchmarks.bots.connection import Connection, Traffic
from benchmarks.bots.webtransport import WebTransportError, open_webtransport
from protocol.client_session import State
from protocol.constants import Kind
from protocol.errors import MalformedError
from protocol.messages import Carriers, Probed, decode_server_datagram

if TYPE_CHECKING:
    from benchmarks.bots.bot import Bot

CHECK_S: Final = 0.05
PROBE_S: Final = 0.3
SILENT_S: Final = 0.6
"""Nothing came for so long: back to the WebSocket (section 13.3)."""
TRIES: Final = 20
_INPUT_HEAD: Final = bytes((0x95, Kind.INPUT))


class Carrier(Protocol):
    """A way for datagrams that is open, until `ended` is set."""

    ended: asyncio.Event

    def send(self, message: bytes) -> None:
        """Send a datagram."""

    def close(self) -> None:
        """End it."""


Open: TypeAlias = Callable[[Carriers, str, Callable[[bytes], None], int | None], Awaitable[Carrier | None]]
"""(what the server offers, host of the page, what takes each datagram, another port): None: it is not offered."""


class NoCarrierError(Exception):
    """It is offered, and could not be opened; the text says why."""


async def by_webtransport(
    carriers: Carriers, host: str, received: Callable[[bytes], None], port: int | None
) -> Carrier | None:
    """Over QUIC. Raises NoCarrierError."""
    if carriers.quic is None:
        return None
    try:
        return await open_webtransport(carriers.quic, host, received, port=port)
    except (WebTransportError, OSError) as error:
        raise NoCarrierError(str(error)) from error


async def by_datachannel(
    carriers: Carriers, host: str, received: Callable[[bytes], None], port: int | None
) -> Carrier | None:
    """Over WebRTC. Raises NoCarrierError."""
    from benchmarks.bots.datachannel import DataChannelError, open_datachannel

    if carriers.channel is None:
        return None
    try:
        return await open_datachannel(carriers.channel, host, received, port=port)
    except (DataChannelError, OSError) as error:
        raise NoCarrierError(str(error)) from error


class DatagramConnection:
    """Owner of the WebSocket, in between it and the bot; see `transports.BotConnection`."""

    def __init__(self, bot: Bot, host: str, open_carrier: Open = by_webtransport) -> None:
        self._bot, self._host, self._open = bot, host, open_carrier
        self.socket: Connection | None = None
        self.traffic = Traffic()
        self._client: Carrier | None = None
        self._task: asyncio.Task[None] | None = None
        self._answered = asyncio.Event()
        self._heard = 0.0
        self.moved = False
        self.moves = 0
        self.port: int | None = None
        """Another UDP port than the server names, such as that of a relay."""

    # --- for the bot and the swarm ----------------------------------------------------------------------------------

    def send(self, payload: bytes) -> None:
        """INPUT goes as a datagram, and with a course over the WebSocket, too; all else over the WebSocket."""
        if self.moved and self._client is not None and payload.startswith(_INPUT_HEAD):
            self._client.send(payload)
            self.traffic.bytes_out += len(payload)
            self.traffic.messages_out += 1
            if payload.endswith(b"\xc4\x00"):
                return
        if self.socket is not None:
            self.socket.send(payload)

    def close(self, code: int = 1000, reason: str = "") -> None:
        """End both."""
        self._stop()
        if self.socket is not None:
            self.socket.close(code, reason)

    def abort(self) -> None:
        """Drop both without a word."""
        self._stop()
        if self.socket is not None:
            self.socket.abort()

    def read(self, reading: bool) -> None:
        """Read what the WebSocket brings, or leave it to the kernel."""
        if self.socket is not None:
            self.socket.read(reading)

    # --- what the WebSocket tells -----------------------------------------------------------------------------------

    def opened(self, now: float) -> None:
        """Pass it on."""
        self._bot.opened(now)

    def received(self, payload: bytes, now: float) -> None:
        """Pass it on; CARRIERS begins a try."""
        before = self._bot.session.carriers
        self._bot.received(payload, now)
        carriers = self._bot.session.carriers
        if carriers is not None and carriers is not before:
            self._stop()
            self._task = asyncio.create_task(self._use(carriers))

    def closed(self, code: int, reason: str, now: float) -> None:
        """Pass it on."""
        self._stop()
        self._bot.closed(code, reason, now)

    # --- datagrams --------------------------------------------------------------------------------------------------

    async def _use(self, carriers: Carriers) -> None:
        with contextlib.suppress(NoCarrierError):
            self._client = await self._open(carriers, self._host, self._datagram, self.port)
            if self._client is not None and await self._bind(self._client):
                self._move(True)
                await self._watch(self._client)
        self._move(False)

    async def _bind(self, client: Carrier) -> bool:
        self._answered.clear()
        for number in range(1, TRIES):
            client.send(self._bot.session.probe(number))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PROBE_S):
                    await self._answered.wait()
                return self._bot.session.state is State.LIVE
        return False

    async def _watch(self, client: Carrier) -> None:
        number = TRIES
        self._heard = time.perf_counter()
        while (silent := time.perf_counter() - self._heard) < SILENT_S and not client.ended.is_set():
            if silent > PROBE_S:
                number += 1
                client.send(self._bot.session.probe(number))
            await asyncio.sleep(CHECK_S)

    def _move(self, datagrams: bool) -> None:
        if self.moved == datagrams or self.socket is None or self._bot.session.state is not State.LIVE:
            return
        self.moved = datagrams
        self.moves += 1
        self.socket.send(self._bot.session.move_lane(datagrams, time.perf_counter()))
        self._bot.acknowledge()

    def _datagram(self, data: bytes) -> None:
        now = self._heard = time.perf_counter()
        self.traffic.bytes_in += len(data)
        self.traffic.messages_in += 1
        try:
            message = decode_server_datagram(data)
        except MalformedError:
            return
        if isinstance(message, Probed):
            self._answered.set()
        elif self._bot.session.state is State.LIVE:
            self._bot.snapshot(message, now, reliable=False)

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self._client is not None:
            self._client.close()
            self._client = None
        self.moved = False


def host_of(url: str) -> str:
    """The host that datagrams go to when the server names none."""
    host = urlsplit(url).hostname or "127.0.0.1"
    return "127.0.0.1" if host == "localhost" else host
