"""A client that keeps to no rule: any bytes in any frames, on a socket of its own."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import struct
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from benchmarks.bots.framing import FrameReader, Opcode, xor
from protocol.constants import SERVER_MESSAGE_BYTES, SUBPROTOCOL
from protocol.messages import Goodbye, ServerMessage, Snapshot, decode_server

PATIENCE_S = 30.0


def frame(
    payload: bytes,
    opcode: int = Opcode.BINARY,
    *,
    final: bool = True,
    reserved: int = 0,
    size: int | None = None,
    masked: bool = True,
) -> bytes:
    """One frame (RFC 6455 section 5.2), right or wrong. `size`: a length to claim instead of the real one."""
    first = (0x80 if final else 0) | reserved | opcode
    length = len(payload) if size is None else size
    bit = 0x80 if masked else 0
    if length < 126:
        head = bytes((first, bit | length))
    elif length < 65_536:
        head = struct.pack("!BBH", first, bit | 126, length)
    else:
        head = struct.pack("!BBQ", first, bit | 127, length)
    if not masked:
        return head + payload
    mask = os.urandom(4)
    return head + mask + xor(payload, mask)


@dataclass
class Ending:
    """How the server ended a connection. None: it did not say."""

    goodbye: int | None = None
    close: int | None = None
    heard: list[ServerMessage] = field(default_factory=list)
    pongs: int = 0

    def of(self, kind: type) -> list[Any]:
        """What was heard of one kind."""
        return [message for message in self.heard if isinstance(message, kind)]

    @property
    def complete_snapshots(self) -> int:
        """Snapshots without a baseline."""
        return sum(message.age == 0 for message in self.of(Snapshot))


class Rascal:
    """One socket. `status` is the answer to the handshake; with 101 it is open."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, status: int) -> None:
        self.status = status
        self.ending = Ending()
        self._reader, self._writer = reader, writer
        self._frames = FrameReader(SERVER_MESSAGE_BYTES)
        self._news = asyncio.Event()
        self._listening = asyncio.create_task(self._listen()) if status == 101 else None

    @classmethod
    async def connect(
        cls, url: str, room: UUID | str, *, subprotocol: str | None = SUBPROTOCOL, headers: str | None = None
    ) -> Rascal:
        """Open a socket to a room. `subprotocol` None: offer none. `headers`: instead of those of an upgrade."""
        server = urlsplit(url)
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        key = base64.b64encode(os.urandom(16)).decode()
        upgrade = (
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
        )
        offer = "" if subprotocol is None else f"Sec-WebSocket-Protocol: {subprotocol}\r\n"
        request = f"GET /ws/rooms/{room} HTTP/1.1\r\nHost: {server.netloc}\r\n{headers or upgrade}{offer}\r\n"
        writer.write(request.encode())
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE_S)
        return cls(reader, writer, int(head.split(b" ")[1]))

    def say(self, *messages: bytes) -> None:
        """Whole binary messages."""
        self.write(b"".join(frame(message) for message in messages))

    def write(self, data: bytes) -> None:
        """Bytes as they are; on a socket that is gone they vanish."""
        if not self._writer.is_closing():
            self._writer.write(data)

    async def drain(self) -> None:
        """Let the bytes go out."""
        with contextlib.suppress(OSError):
            await asyncio.wait_for(self._writer.drain(), PATIENCE_S)

    async def hears(self, kind: type, count: int = 1) -> list[Any]:
        """Wait for so many messages of a kind."""
        async with asyncio.timeout(PATIENCE_S):
            while len(found := self.ending.of(kind)) < count:
                assert self._listening is not None
                assert not self._listening.done(), f"the connection ended: {self.ending}"
                self._news.clear()
                await self._news.wait()
        return found

    async def hears_either(self, *kinds: type) -> None:
        """Wait for a message of one of these kinds."""
        async with asyncio.timeout(PATIENCE_S):
            while not any(self.ending.of(kind) for kind in kinds):
                self._news.clear()
                await self._news.wait()

    async def ended(self) -> Ending:
        """Wait until the server has ended the connection."""
        assert self._listening is not None
        async with asyncio.timeout(PATIENCE_S):
            await self._listening
        self.go()
        return self.ending

    def go(self) -> None:
        """Drop the socket."""
        if self._listening is not None:
            self._listening.cancel()
        self._writer.transport.abort()

    async def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while data := await self._reader.read(65_536):
                for message in self._frames.feed(data):
                    self._hear(message.opcode, message.payload)
                self._news.set()
        self._news.set()

    def _hear(self, opcode: Opcode, payload: bytes) -> None:
        ending = self.ending
        if opcode is Opcode.BINARY:
            message = decode_server(payload)
            ending.heard.append(message)
            if isinstance(message, Goodbye):
                ending.goodbye = message.code
        elif opcode is Opcode.CLOSE:
            ending.close = int.from_bytes(payload[:2], "big") if payload else 1005
            self.write(frame(payload[:2], Opcode.CLOSE))
        elif opcode is Opcode.PONG:
            ending.pongs += 1
