"""RTCP (RFC 3550 section 6, RFC 4585, RFC 5104, draft-alvestrand-rmcat-remb): what a forwarder reads and writes."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Final, NamedTuple, TypeAlias

SR: Final = 200
RR: Final = 201
SDES: Final = 202
BYE: Final = 203
RTPFB: Final = 205
PSFB: Final = 206
NACK_FORMAT: Final = 1
PLI_FORMAT: Final = 1
FIR_FORMAT: Final = 4
APPLICATION_FORMAT: Final = 15
MAX_PACKETS: Final = 32
"""Parts of one compound packet that are looked at."""
_BLOCK: Final = struct.Struct(">IB3sIIII")


class ReceiverBlock(NamedTuple):
    """`fraction`: lost since the last report, 1/256. `lost`: in all. `jitter`: in ticks of the stream's clock. `last`,
    `since`: the middle of the last sender report's NTP time, and how long ago it came in 1/65536 s."""

    ssrc: int
    fraction: int
    lost: int
    highest: int
    jitter: int
    last: int
    since: int


class SenderReport(NamedTuple):
    """`ntp`: 64 bits."""

    ssrc: int
    ntp: int
    timestamp: int
    packets: int
    octets: int


class Nack(NamedTuple):
    """Packets that did not arrive."""

    ssrc: int
    sequences: list[int]


class KeyframeRequest(NamedTuple):
    """PLI or FIR: nothing can be decoded before the next keyframe."""

    ssrc: int


Feedback: TypeAlias = ReceiverBlock | SenderReport | Nack | KeyframeRequest


def parse_rtcp(data: bytes) -> list[Feedback]:
    """What a compound packet says; parts that are unknown, cut short or against the RFC are left out."""
    found: list[Feedback] = []
    at = 0
    for _ in range(MAX_PACKETS):
        if at + 4 > len(data):
            break
        first, kind, words = struct.unpack_from(">BBH", data, at)
        end = at + 4 * (words + 1)
        if first >> 6 != 2 or end > len(data):
            break
        body = data[at + 4 : end]
        count = first & 0x1F
        if kind == SR and len(body) >= 24:
            ssrc, ntp, timestamp, packets, octets = struct.unpack_from(">IQIII", body)
            found.append(SenderReport(ssrc, ntp, timestamp, packets, octets))
            found += _parse_blocks(body[24:], count)
        elif kind == RR and len(body) >= 4:
            found += _parse_blocks(body[4:], count)
        elif kind == RTPFB and count == NACK_FORMAT and len(body) >= 8:
            found.append(_parse_nack(body))
        elif kind == PSFB and count == PLI_FORMAT and len(body) >= 8:
            found.append(KeyframeRequest(struct.unpack_from(">I", body, 4)[0]))
        elif kind == PSFB and count == FIR_FORMAT:
            found += [KeyframeRequest(ssrc) for (ssrc,) in _whole(struct.Struct(">I4x"), body[8:])]
        at = end
    return found


def _whole(shape: struct.Struct, data: bytes) -> Iterable[tuple[int, ...]]:
    """The records in `data`, without one that is cut short."""
    return shape.iter_unpack(data[: len(data) - len(data) % shape.size])


def _parse_blocks(data: bytes, count: int) -> list[ReceiverBlock]:
    blocks: list[ReceiverBlock] = []
    for at in range(0, min(count * _BLOCK.size, len(data) - _BLOCK.size + 1), _BLOCK.size):
        ssrc, fraction, lost, highest, jitter, last, since = _BLOCK.unpack_from(data, at)
        blocks.append(
            ReceiverBlock(ssrc, fraction, int.from_bytes(lost, "big", signed=True), highest, jitter, last, since)
        )
    return blocks


def _parse_nack(body: bytes) -> Nack:
    ssrc = struct.unpack_from(">I", body, 4)[0]
    sequences: list[int] = []
    for pid, following in _whole(struct.Struct(">HH"), body[8:]):
        sequences.append(pid)
        sequences += [(pid + bit + 1) & 0xFFFF for bit in range(16) if following >> bit & 1]
    return Nack(ssrc, sequences)


def pack_receiver_report(own: int, blocks: list[ReceiverBlock]) -> bytes:
    """RR packets for these blocks, 31 in each. `own`: SSRC of the reporter."""
    packets = b""
    for at in range(0, max(1, len(blocks)), 31):
        some = blocks[at : at + 31]
        packets += struct.pack(">BBHI", 0x80 | len(some), RR, 1 + 6 * len(some), own)
        for block in some:
            lost = block.lost.to_bytes(3, "big", signed=True)
            packets += _BLOCK.pack(block.ssrc, block.fraction, lost, *block[3:])
    return packets


def pack_sender_report(report: SenderReport) -> bytes:
    """An SR without blocks."""
    return struct.pack(">BBHIQIII", 0x80, SR, 6, *report)


def pack_cname(ssrc: int, cname: bytes) -> bytes:
    """The SDES that goes with every report."""
    item = b"\x01" + bytes([len(cname)]) + cname + b"\x00"
    item += bytes(-len(item) % 4)
    return struct.pack(">BBHI", 0x81, SDES, 1 + len(item) // 4, ssrc) + item


def pack_nack(own: int, ssrc: int, sequences: list[int]) -> bytes:
    """Ask for these packets; ascending, except for the wrap."""
    fields: list[tuple[int, int]] = []
    for sequence in sequences:
        if fields:
            pid, following = fields[-1]
            bit = (sequence - pid - 1) & 0xFFFF
            if bit < 16:
                fields[-1] = (pid, following | 1 << bit)
                continue
        fields.append((sequence, 0))
    body = b"".join(struct.pack(">HH", *field) for field in fields)
    return struct.pack(">BBHII", 0x80 | NACK_FORMAT, RTPFB, 2 + len(fields), own, ssrc) + body


def pack_pli(own: int, ssrc: int) -> bytes:
    """Ask for a keyframe."""
    return struct.pack(">BBHII", 0x80 | PLI_FORMAT, PSFB, 2, own, ssrc)


def pack_remb(own: int, bitrate: int, ssrcs: list[int]) -> bytes:
    """At most `bitrate` bit/s are wanted of these streams together."""
    exponent = max(0, bitrate.bit_length() - 18)
    mantissa = bitrate >> exponent
    head = struct.pack(">I", len(ssrcs) << 24 | exponent << 18 | mantissa)
    body = b"REMB" + head + b"".join(struct.pack(">I", ssrc) for ssrc in ssrcs)
    return struct.pack(">BBHII", 0x80 | APPLICATION_FORMAT, PSFB, 2 + len(body) // 4, own, 0) + body
