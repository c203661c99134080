"""WebSocket, the client's end, without I/O (RFC 6455): bytes in, messages out, and the frames to send.

Only what the wire needs: no extensions, no text beyond refusing it. Hundreds of bots share one process with the clock
that measures, so the usual case - whole frames, unfragmented - takes one pass and one slice for each message.
"""

from __future__ import annotations

import base64
import hashlib
import os
import struct
from enum import IntEnum
from typing import NamedTuple

from benchmarks.bots.errors import FramingError, HandshakeError

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 section 1.3
MAX_CONTROL_BYTES = 125
_WHOLE_BINARY = 0x82
MAX_HEAD_BYTES = 16_384


class Opcode(IntEnum):
    """RFC 6455 section 5.2."""

    CONTINUATION = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


class Message(NamedTuple):
    """A whole message or a control frame."""

    opcode: Opcode
    payload: bytes

    def close_reason(self) -> tuple[int, str]:
        """Code and text of a CLOSE; 1005 if it names none (section 7.1.5)."""
        if len(self.payload) < 2:
            return 1005, ""
        return int.from_bytes(self.payload[:2], "big"), self.payload[2:].decode("utf-8", "replace")


def encode_frame(opcode: Opcode, payload: bytes, mask: bytes | None = None) -> bytes:
    """One unfragmented frame, masked as a client's must be (section 5.3). `mask`: 4 bytes, random if not given."""
    mask = os.urandom(4) if mask is None else mask
    size = len(payload)
    if size < 126:
        head = bytes((0x80 | opcode, 0x80 | size))
    elif size < 65_536:
        head = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, size)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 0x80 | 127, size)
    return head + mask + xor(payload, mask)


def xor(payload: bytes, mask: bytes) -> bytes:
    """Mask or unmask: one operation on big integers instead of one for each byte."""
    size = len(payload)
    stream = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(stream, "big")).to_bytes(size, "big")


def close_payload(code: int, reason: str = "") -> bytes:
    """Payload of a CLOSE frame; the reason is cut to what a control frame can hold."""
    return struct.pack("!H", code) + reason.encode()[: MAX_CONTROL_BYTES - 2]


class FrameReader:
    """Turns a server's byte stream into messages. `feed` raises FramingError; after that the connection is to end."""

    def __init__(self, max_message_bytes: int) -> None:
        self.limit = self._limit = max_message_bytes
        self._rest = b""
        self._parts: list[bytes] = []
        self._parts_opcode: Opcode | None = None
        self._parts_bytes = 0

    def feed(self, data: bytes) -> list[Message]:
        """Messages that `data` completes, in order; control frames may come between the parts of a message."""
        if self._rest:
            data = self._rest + data
        messages: list[Message] = []
        at, end = 0, len(data)
        while end - at >= 2:
            first, size = data[at], data[at + 1]
            start = at + 2
            if size >= 126:
                if size > 127:
                    raise FramingError("the server masked a frame")
                width = 2 if size == 126 else 8
                if end - start < width:
                    break
                size = int.from_bytes(data[start : start + width], "big")
                start += width
            if first != _WHOLE_BINARY or size > self._limit or self._parts_opcode is not None:
                self._check(first, size)
            if end - start < size:
                break
            at = start + size
            if first == _WHOLE_BINARY and self._parts_opcode is None:
                messages.append(Message(Opcode.BINARY, data[start:at]))
                continue
            message = self._frame(first, data[start:at])
            if message is not None:
                messages.append(message)
        self._rest = data[at:]
        return messages

    def _check(self, first: int, size: int) -> None:
        if first & 0x70:
            raise FramingError("reserved bits are set")
        opcode = first & 0x0F
        if opcode > Opcode.BINARY and opcode not in (Opcode.CLOSE, Opcode.PING, Opcode.PONG):
            raise FramingError(f"unknown opcode {opcode}")
        if opcode >= Opcode.CLOSE:
            if size > MAX_CONTROL_BYTES or not first & 0x80:
                raise FramingError("a control frame is too long or in parts")
        elif size + self._parts_bytes > self._limit:
            raise FramingError(f"a message above {self._limit} bytes", 1009)

    def _frame(self, first: int, payload: bytes) -> Message | None:
        opcode, final = Opcode(first & 0x0F), bool(first & 0x80)
        if opcode >= Opcode.CLOSE:
            return Message(opcode, payload)
        if (opcode is Opcode.CONTINUATION) != (self._parts_opcode is not None):
            raise FramingError("parts of a message are out of order")
        if final and self._parts_opcode is None:
            return Message(opcode, payload)
        self._parts.append(payload)
        self._parts_bytes += len(payload)
        self._parts_opcode = self._parts_opcode or opcode
        if not final:
            return None
        message = Message(self._parts_opcode, b"".join(self._parts))
        self._parts, self._parts_opcode, self._parts_bytes = [], None, 0
        return message


class Handshake:
    """The opening handshake (section 4.1). `subprotocol` None: none is offered."""

    def __init__(self, host: str, path: str, subprotocol: str | None, agent: str) -> None:
        self._key = base64.b64encode(os.urandom(16))
        self._subprotocol = subprotocol
        self._head = bytearray()
        self._request = (
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {self._key.decode()}\r\nSec-WebSocket-Version: 13\r\n"
            + (f"Sec-WebSocket-Protocol: {subprotocol}\r\n" if subprotocol else "")
            + f"User-Agent: {agent}\r\n\r\n"
        ).encode()

    def request(self) -> bytes:
        """What to send first."""
        return self._request

    def feed(self, data: bytes) -> bytes | None:
        """None while the answer is not whole; else the bytes behind it. HandshakeError if it is a refusal."""
        self._head += data
        end = self._head.find(b"\r\n\r\n")
        if end < 0:
            if len(self._head) > MAX_HEAD_BYTES:
                raise HandshakeError("the answer to the handshake does not end")
            return None
        self._check(bytes(self._head[:end]))
        return bytes(self._head[end + 4 :])

    def _check(self, head: bytes) -> None:
        status, *lines = head.decode("latin-1").split("\r\n")
        if status.split(" ")[1:2] != ["101"]:
            raise HandshakeError(f"the server answered the WebSocket handshake with {status!r}")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        expected = base64.b64encode(hashlib.sha1(self._key + _GUID, usedforsecurity=False).digest()).decode()
        if headers.get("sec-websocket-accept") != expected:
            raise HandshakeError("the server's Sec-WebSocket-Accept is wrong")
        if headers.get("sec-websocket-protocol") != self._subprotocol:
            raise HandshakeError(f"the server did not choose the subprotocol {self._subprotocol}")
