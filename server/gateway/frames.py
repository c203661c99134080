"""WebSocket frames that a server sends (RFC 6455 section 5.2), as bytes that many connections can share."""

from __future__ import annotations

import struct

FIN_BINARY = 0x82
FIN_PONG = 0x8A


def binary_frame(payload: bytes) -> bytes:
    """One unfragmented, unmasked binary frame around `payload`."""
    size = len(payload)
    if size < 126:
        return bytes((FIN_BINARY, size)) + payload
    if size < 65536:
        return struct.pack("!BBH", FIN_BINARY, 126, size) + payload
    return struct.pack("!BBQ", FIN_BINARY, 127, size) + payload


def pong_frame(payload: bytes) -> bytes:
    """The answer to a PING of at most 125 bytes."""
    return bytes((FIN_PONG, len(payload))) + payload
