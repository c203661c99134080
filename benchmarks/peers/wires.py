"""Just enough of the peers' wires to be their clients: join, walk, and see when somebody's step arrives.

Nothing that comes is decoded beyond that. Those whose steps are timed put a random 32-bit number, their stamp, into
what they send; the servers show it once to whoever sees them, and it is looked for in the bytes that arrive. Only some
people are timed, so stamps hardly add to the traffic.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Final, Protocol

import aiohttp

from benchmarks.bots.connection import Connection
from benchmarks.bots.framing import FrameReader, Message, Opcode

MESSAGE_BYTES: Final = 64 << 20
JOIN_ROOM, ROOM_DATA, ROOM_STATE_PATCH = 10, 13, 15
"""Colyseus's message codes."""


class Wire(Protocol):
    """The client's end of one peer's protocol."""

    joined: bool

    def received(self, message: Message) -> Iterator[tuple[Opcode, bytes]]:
        """Take a message; yield what has to be answered."""
        ...

    def course(self, course: int, stamp: int) -> tuple[Opcode, bytes]:
        """An input. `stamp` 0: it is not timed."""
        ...

    def mark(self, stamp: int) -> bytes:
        """What the stamp looks like in the bytes that arrive."""
        ...


class Colyseus:
    """Colyseus 0.18: binary, room state by schema."""

    def __init__(self) -> None:
        self.joined = False

    def received(self, message: Message) -> Iterator[tuple[Opcode, bytes]]:
        if not self.joined and message.payload[:1] == bytes((JOIN_ROOM,)):
            self.joined = True
            yield Opcode.BINARY, bytes((JOIN_ROOM,))

    def course(self, course: int, stamp: int) -> tuple[Opcode, bytes]:
        # code, type as a fixstr, payload as a MessagePack array of two
        return Opcode.BINARY, bytes((ROOM_DATA, 0xA1)) + b"c\x92" + bytes((course, 0xCE)) + stamp.to_bytes(4, "big")

    def mark(self, stamp: int) -> bytes:
        return stamp.to_bytes(4, "little")


class SocketIo:
    """Socket.IO 4 on Engine.IO 4: text and JSON, as it comes out of the box."""

    def __init__(self) -> None:
        self.joined = False

    def received(self, message: Message) -> Iterator[tuple[Opcode, bytes]]:
        kind = message.payload[:2]
        if kind[:1] == b"0":
            yield Opcode.TEXT, b"40"
        elif kind == b"40":
            self.joined = True
        elif kind[:1] == b"2":
            yield Opcode.TEXT, b"3"

    def course(self, course: int, stamp: int) -> tuple[Opcode, bytes]:
        return Opcode.TEXT, f'42["c",{course},{stamp}]'.encode()

    def mark(self, stamp: int) -> bytes:
        return b",%d]" % stamp


async def colyseus_path(http: aiohttp.ClientSession, url: str) -> str:
    """A seat in the only room."""
    async with http.post(f"{url}/matchmake/joinOrCreate/office", json={}) as answer:
        seat = json.loads(await answer.text())
    return f"/{seat['processId']}/{seat['roomId']}?sessionId={seat['sessionId']}"


async def socketio_path(_http: aiohttp.ClientSession, _url: str) -> str:
    """There is one room for all."""
    return "/socket.io/?EIO=4&transport=websocket"


class PeerConnection(Connection, ABC):
    """As Hallway's bots have it, for text too, and for messages as large as peers send."""

    def data_received(self, data: bytes) -> None:
        if self._reader.limit < MESSAGE_BYTES:
            self._reader = FrameReader(MESSAGE_BYTES)
        super().data_received(data)

    def _message(self, message: Message, now: float) -> None:
        if message.opcode in (Opcode.TEXT, Opcode.BINARY):
            self.traffic.messages_in += 1
            self.took(message, now)
        else:
            super()._message(message, now)

    @abstractmethod
    def took(self, message: Message, now: float) -> None:
        """A message came."""

    def say(self, opcode: Opcode, payload: bytes) -> None:
        """Send a message."""
        self._write(opcode, payload)
