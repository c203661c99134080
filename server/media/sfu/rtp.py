"""RTP packets (RFC 3550 section 5.1), as far as a forwarder looks into them."""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

HEADER: Final = struct.Struct(">BBHII")
HEADER_BYTES: Final = 12
_ONE_BYTE_PROFILE: Final = 0xBEDE
_TWO_BYTE_PROFILE: Final = 0x1000
SILENCE: Final = 127
"""Audio level of digital silence, -dBov (RFC 6464)."""


class RtpPacket(NamedTuple):
    """A packet without its CSRCs. `extensions`: values by id of the one- and two-byte header extensions (RFC 8285)."""

    payload_type: int
    marker: bool
    sequence: int
    timestamp: int
    ssrc: int
    extensions: dict[int, bytes]
    payload: bytes


_NO_EXTENSIONS: Final[dict[int, bytes]] = {}


def parse_rtp(data: bytes) -> RtpPacket | None:
    """The packet, or None if these bytes are none."""
    if len(data) < HEADER_BYTES:
        return None
    first, second, sequence, timestamp, ssrc = HEADER.unpack_from(data)
    if first >> 6 != 2:
        return None
    at = HEADER_BYTES + 4 * (first & 0x0F)
    extensions = _NO_EXTENSIONS
    if first & 0x10:
        if len(data) < at + 4:
            return None
        profile, words = struct.unpack_from(">HH", data, at)
        start = at + 4
        at = start + 4 * words
        if len(data) < at:
            return None
        extensions = _parse_extensions(profile, data[start:at])
    end = len(data)
    if first & 0x20:
        # Padding: the last byte says how much. A packet of nothing but padding has an empty payload.
        end -= data[-1]
        if data[-1] == 0 or end < at:
            return None
    if at > end:
        return None
    return RtpPacket(second & 0x7F, second >= 0x80, sequence, timestamp, ssrc, extensions, data[at:end])


def _parse_extensions(profile: int, data: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    two_bytes = profile & 0xFFF0 == _TWO_BYTE_PROFILE
    if profile != _ONE_BYTE_PROFILE and not two_bytes:
        return found
    at = 0
    while at < len(data):
        if data[at] == 0:
            at += 1
            continue
        if two_bytes:
            if at + 2 > len(data):
                break
            key, length, at = data[at], data[at + 1], at + 2
        else:
            key, length, at = data[at] >> 4, (data[at] & 0x0F) + 1, at + 1
            if key == 15:
                break
        if at + length > len(data):
            break
        found[key] = data[at : at + length]
        at += length
    return found


def pack_rtp(payload_type: int, marker: bool, sequence: int, timestamp: int, ssrc: int, payload: bytes) -> bytes:
    """The bytes of a packet without extensions."""
    return HEADER.pack(0x80, payload_type | marker << 7, sequence, timestamp, ssrc) + payload
