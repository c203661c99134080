"""The client's end of an unreliable data channel (STANDARD.md section 13.1), by aiortc's own peer connection."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from protocol.messages import DataChannel

OPEN_S: Final = 5.0


class DataChannelError(Exception):
    """The channel could not be opened; the text says why."""


class DataChannelClient:
    """One channel. `received` is called with each message that comes; `ended` is set when there are no more."""

    def __init__(self, received: Callable[[bytes], None]) -> None:
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._channel = self._peer.createDataChannel("state", ordered=False, maxRetransmits=0)
        self._channel.on("message", received)
        self._channel.on("close", self._ended)
        self._peer.on("connectionstatechange", self._changed)
        self.opened = asyncio.Event()
        self.ended = asyncio.Event()
        self._channel.on("open", self.opened.set)
        self._closing: asyncio.Task[None] | None = None

    async def open(self, terms: DataChannel, host: str, port: int) -> None:
        """Open it. Raises DataChannelError."""
        try:
            async with asyncio.timeout(OPEN_S):
                await self._peer.setLocalDescription(await self._peer.createOffer())
                text = answer(terms, host, port, self._channel_mid())
                await self._peer.setRemoteDescription(RTCSessionDescription(text, "answer"))
                await self.opened.wait()
        except (TimeoutError, ValueError, ConnectionError) as error:
            await self._peer.close()
            raise DataChannelError("no data channel") from error

    def send(self, message: bytes) -> None:
        """Send a message; nothing happens on a channel that is not open."""
        if self._channel.readyState == "open":
            self._channel.send(message)

    def close(self) -> None:
        """End it soon."""
        if self._closing is None:
            self._closing = asyncio.ensure_future(self.leave())

    async def leave(self) -> None:
        """End it."""
        with contextlib.suppress(ConnectionError):
            await self._peer.close()
        self.ended.set()

    def _channel_mid(self) -> str:
        sctp = self._peer.sctp
        return "0" if sctp is None or sctp.mid is None else str(sctp.mid)

    def _changed(self) -> None:
        if self._peer.connectionState in ("failed", "closed"):
            self._ended()

    def _ended(self) -> None:
        self.ended.set()


async def open_datachannel(
    terms: DataChannel, host: str, received: Callable[[bytes], None], *, port: int | None = None
) -> DataChannelClient:
    """Open a channel to the place that CARRIERS named. `host`: of the page; `port`: another than CARRIERS says.
    Raises DataChannelError."""
    client = DataChannelClient(received)
    await client.open(terms, host, port or terms.port)
    return client


def answer(terms: DataChannel, host: str, port: int, mid: str = "0") -> str:
    """The server's answer, which it never says: everything in it is in CARRIERS."""
    addresses = dict.fromkeys((host, *terms.addresses))
    candidates = [
        f"a=candidate:{number} 1 udp {2130706431 - number} {address} {port} typ host"
        for number, address in enumerate(addresses)
    ]
    lines = [
        "v=0", "o=- 0 0 IN IP4 127.0.0.1", "s=-", "t=0 0", f"a=group:BUNDLE {mid}", "a=ice-lite",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0", f"a=mid:{mid}",
        f"a=ice-ufrag:{terms.fragment}", f"a=ice-pwd:{terms.password}",
        f"a=fingerprint:sha-256 {terms.fingerprint.hex(':').upper()}", "a=setup:passive", "a=sctp-port:5000",
        "a=max-message-size:1200", *candidates, "a=end-of-candidates", "",
    ]  # fmt: skip
    return "\r\n".join(lines)
