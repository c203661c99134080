"""One WebSocket connection of a bot on asyncio; all decisions are in framing.py and bot.py."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, cast

from benchmarks.bots.errors import FramingError, HandshakeError
from benchmarks.bots.framing import FrameReader, Handshake, Message, Opcode, close_payload, encode_frame
from protocol.constants import SERVER_MESSAGE_BYTES


class Owner(Protocol):
    """Whom a connection tells what happens to it."""

    def opened(self, now: float) -> None:
        """The handshake is done; messages may be sent."""

    def received(self, payload: bytes, now: float) -> None:
        """A binary message; `now`: when the process had its bytes, seconds of the connection's clock."""

    def closed(self, code: int, reason: str, now: float) -> None:
        """The connection is gone; called once. 1006: it broke without a CLOSE."""


@dataclass(slots=True)
class Traffic:
    """What went through a connection, frames and all."""

    bytes_in: int = 0
    bytes_out: int = 0
    messages_in: int = 0
    messages_out: int = 0


class Connection(asyncio.Protocol):
    """A client connection; `owner` hears of everything."""

    def __init__(self, owner: Owner, handshake: Handshake, clock: Callable[[], float] = time.perf_counter) -> None:
        self.traffic = Traffic()
        self._owner = owner
        self._clock = clock
        self._handshake: Handshake | None = handshake
        self._reader = FrameReader(SERVER_MESSAGE_BYTES)
        self._transport: asyncio.Transport | None = None
        self._close: tuple[int, str] | None = None

    # --- asyncio.Protocol -------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        if self._handshake is not None:
            self._transport.write(self._handshake.request())

    def data_received(self, data: bytes) -> None:
        now = self._clock()
        try:
            if self._handshake is not None:
                rest = self._handshake.feed(data)
                if rest is None:
                    return
                self._handshake = None
                self._owner.opened(now)
                data = rest
            self.traffic.bytes_in += len(data)
            for message in self._reader.feed(data):
                self._message(message, now)
        except HandshakeError as error:
            self._end(1006, str(error))
        except FramingError as error:
            self.close(error.close_code, str(error))

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        code, reason = self._close or (1006, str(exc) if exc else "the connection broke")
        self._owner.closed(code, reason, self._clock())

    # --- for the owner ----------------------------------------------------------------------------------------------

    def send(self, payload: bytes) -> None:
        """Send one binary message; nothing happens on a connection that is gone."""
        self._write(Opcode.BINARY, payload)

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Send CLOSE and end the connection."""
        self._write(Opcode.CLOSE, close_payload(code, reason))
        self._end(code, reason)

    def abort(self) -> None:
        """Drop the connection without a word, as a broken network does."""
        if self._transport is not None:
            self._transport.abort()

    def read(self, reading: bool) -> None:
        """Read what comes, or leave it to the kernel, as a client does that hangs."""
        if self._transport is None or self._transport.is_closing():
            return
        if reading and not self._transport.is_reading():
            self._transport.resume_reading()
        elif not reading and self._transport.is_reading():
            self._transport.pause_reading()

    # --- parts ------------------------------------------------------------------------------------------------------

    def _message(self, message: Message, now: float) -> None:
        if message.opcode is Opcode.BINARY:
            self.traffic.messages_in += 1
            self._owner.received(message.payload, now)
        elif message.opcode is Opcode.PING:
            self._write(Opcode.PONG, message.payload)
        elif message.opcode is Opcode.CLOSE:
            code, reason = message.close_reason()
            self._write(Opcode.CLOSE, message.payload[:2])
            self._end(code, reason)
        elif message.opcode is Opcode.TEXT:
            self.close(1003, "a text message")

    def _write(self, opcode: Opcode, payload: bytes) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        frame = encode_frame(opcode, payload)
        self.traffic.bytes_out += len(frame)
        self.traffic.messages_out += opcode is Opcode.BINARY
        self._transport.write(frame)

    def _end(self, code: int, reason: str) -> None:
        self._close = self._close or (code, reason)
        if self._transport is not None:
            with contextlib.suppress(OSError):
                self._transport.close()
