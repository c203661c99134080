"""RTP, RTCP and VP8's descriptor: what is read, what is written, and that a stranger's bytes raise nothing."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.media.sfu import rtcp
from server.media.sfu.rtp import pack_rtp, parse_rtp
from server.media.sfu.sequence import ahead
from server.media.sfu.vp8 import parse_vp8, patch_vp8


def test_a_packet_is_read_as_it_was_written() -> None:
    packet = parse_rtp(pack_rtp(111, True, 65_535, 0xFFFF_FFFF, 42, b"sound"))
    assert packet is not None
    assert packet == (111, True, 65_535, 0xFFFF_FFFF, 42, {}, b"sound")


def test_contributors_padding_and_extensions_are_understood() -> None:
    header = struct.pack(">BBHIIII", 0xB2, 96, 1, 2, 3, 8, 9)
    one_byte = bytes([0x10, 0x85, 0x00, 0x21, 0x61, 0x62, 0x00, 0x00])
    extension = struct.pack(">HH", 0xBEDE, len(one_byte) // 4) + one_byte
    packet = parse_rtp(header + extension + b"payload" + b"\x00\x02")
    assert packet is not None
    assert packet.extensions == {1: b"\x85", 2: b"ab"}
    assert packet.payload == b"payload"


def test_two_byte_extensions_are_understood() -> None:
    two_bytes = bytes([20, 1, 0x7F, 0, 21, 3, 1, 2, 3, 0, 0, 0])
    data = struct.pack(">BBHII", 0x90, 96, 1, 2, 3) + struct.pack(">HH", 0x1000, 3) + two_bytes
    packet = parse_rtp(data)
    assert packet is not None
    assert packet.extensions == {20: b"\x7f", 21: b"\x01\x02\x03"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80",
        bytes(12),
        b"\x8f" + bytes(11),
        b"\x90" + bytes(13),
        b"\xa0" + bytes(11),
        b"\xa0" + bytes(10) + b"\xff",
    ],
)
def test_what_is_no_packet_is_none(data: bytes) -> None:
    assert parse_rtp(data) is None


@given(st.binary(max_size=80))
def test_nothing_that_a_stranger_sends_raises(data: bytes) -> None:
    parse_rtp(data)
    parse_rtp(b"\x90\x60" + data)
    parse_vp8(data)
    rtcp.parse_rtcp(data)
    rtcp.parse_rtcp(b"\x81\xcd\x00\x04" + data)


def test_reports_are_read_as_they_were_written() -> None:
    block = rtcp.ReceiverBlock(7, 255, -3, 0x1_0005, 99, 0xAABB, 65_536)
    report = rtcp.SenderReport(8, 0x1122_3344_5566_7788, 90_000, 12, 3456)
    data = rtcp.pack_receiver_report(1, [block]) + rtcp.pack_cname(1, b"hallway") + rtcp.pack_sender_report(report)
    assert rtcp.parse_rtcp(data) == [block, report]


def test_many_blocks_are_spread_over_reports() -> None:
    blocks = [rtcp.ReceiverBlock(ssrc, 0, 0, 0, 0, 0, 0) for ssrc in range(70)]
    assert rtcp.parse_rtcp(rtcp.pack_receiver_report(1, blocks)) == blocks


@given(st.sets(st.integers(0, 60), min_size=1), st.integers(0, 0xFFFF))
def test_a_nack_names_exactly_what_is_missing(missing: set[int], start: int) -> None:
    sequences = [(start + offset) & 0xFFFF for offset in sorted(missing)]
    (nack,) = rtcp.parse_rtcp(rtcp.pack_nack(1, 5, sequences))
    assert nack == rtcp.Nack(5, sequences)


def test_a_request_for_a_keyframe_is_understood_in_both_forms() -> None:
    fir = struct.pack(">BBHIIIBxxx", 0x84, 206, 4, 1, 0, 9, 3)
    assert rtcp.parse_rtcp(rtcp.pack_pli(1, 5) + fir) == [rtcp.KeyframeRequest(5), rtcp.KeyframeRequest(9)]


@pytest.mark.parametrize("bitrate", [0, 1, 250_000, 262_143, 262_144, 900_000, 10_000_000])
def test_remb_says_the_bitrate_nearly(bitrate: int) -> None:
    data = rtcp.pack_remb(1, bitrate, [5, 6])
    assert data[12:16] == b"REMB"
    (word,) = struct.unpack(">I", data[16:20])
    assert word >> 24 == 2
    said = (word & 0x3FFFF) << (word >> 18 & 0x3F)
    assert said <= bitrate < said + max(1, bitrate >> 16) + 1
    assert struct.unpack(">H", data[2:4])[0] == len(data) // 4 - 1


@pytest.mark.parametrize(
    ("payload", "key", "picture", "tl0"),
    [
        (bytes([0x10, 0x00]), True, None, None),
        (bytes([0x10, 0x01]), False, None, None),
        (bytes([0x00, 0x00]), False, None, None),
        (bytes([0x90, 0x80, 0x11, 0x00]), True, 0x11, None),
        (bytes([0x90, 0x80, 0x81, 0x02, 0x00]), True, 0x102, None),
        (bytes([0x90, 0xE0, 0x81, 0x02, 0x33, 0x40, 0x01]), False, 0x102, 0x33),
        (bytes([0x91, 0x80, 0x11, 0x00]), False, 0x11, None),
    ],
)
def test_the_descriptor_of_vp8(payload: bytes, key: bool, picture: int | None, tl0: int | None) -> None:
    descriptor = parse_vp8(payload)
    assert descriptor is not None
    assert (descriptor.keyframe, descriptor.picture_id, descriptor.tl0) == (key, picture, tl0)


@given(st.integers(0, 0x7FFF), st.integers(0, 0xFFFF), st.booleans())
def test_patching_changes_the_numbers_and_nothing_else(picture: int, tl0: int, wide: bool) -> None:
    number = bytes([0x81, 0x02]) if wide else bytes([0x11])
    payload = bytes([0x90, 0xE0]) + number + bytes([0x33, 0x40, 0x01]) + b"picture"
    descriptor = parse_vp8(payload)
    assert descriptor is not None
    patched = patch_vp8(payload, descriptor, picture, tl0)
    again = parse_vp8(patched)
    assert again is not None
    assert again.picture_id == (picture if wide else picture & 0x7F)
    assert again.tl0 == tl0 & 0xFF
    assert len(patched) == len(payload)
    assert patched.endswith(b"\x40\x01picture")


@given(st.integers(0, 0xFFFF), st.integers(-0x8000, 0x7FFF))
def test_ahead_is_the_shorter_way_round(number: int, step: int) -> None:
    assert ahead((number + step) & 0xFFFF, number) == step
