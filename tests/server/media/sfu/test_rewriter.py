"""Whatever is switched, lost and reordered: what comes out is one stream without a seam."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from server.media.sfu.rewriter import Rewriter
from server.media.sfu.rtp import RtpPacket, parse_rtp
from server.media.sfu.sequence import ahead
from server.media.sfu.vp8 import parse_vp8

SSRC, PAYLOAD_TYPE = 0xABCD, 96


def rewriter(first_sequence: int = 65_530, first_timestamp: int = 0xFFFF_F000) -> Rewriter:
    return Rewriter(SSRC, PAYLOAD_TYPE, 90_000, first_sequence, first_timestamp)


def frame(sequence: int, timestamp: int, picture: int = 0, tl0: int = 0, *, key: bool = False) -> RtpPacket:
    """A VP8 packet with a 15-bit picture id and TL0PICIDX."""
    payload = bytes([0x90, 0xC0, 0x80 | picture >> 8 & 0x7F, picture & 0xFF, tl0 & 0xFF, 0 if key else 1]) + b"data"
    return RtpPacket(PAYLOAD_TYPE, True, sequence & 0xFFFF, timestamp & 0xFFFF_FFFF, 7, {}, payload)


def write(out: Rewriter, packet: RtpPacket, now: float) -> RtpPacket | None:
    data = out.write(packet, parse_vp8(packet.payload), now)
    return None if data is None else parse_rtp(data)


def picture_of(packet: RtpPacket) -> tuple[int, int]:
    descriptor = parse_vp8(packet.payload)
    assert descriptor is not None
    assert descriptor.picture_id is not None
    assert descriptor.tl0 is not None
    return descriptor.picture_id, descriptor.tl0


def test_the_first_packet_has_the_first_numbers_and_the_slots_own_name() -> None:
    written = write(rewriter(), frame(100, 5000), 0.0)
    assert written is not None
    assert (written.sequence, written.timestamp, written.ssrc) == (65_530, 0xFFFF_F000, SSRC)
    assert written.marker
    assert written.extensions == {}


def test_a_switch_goes_on_where_the_last_one_ended() -> None:
    out = rewriter()
    for k in range(10):
        last = write(out, frame(100 + k, 5000 + 3000 * k, 40 + k, 9 + k), k / 30)
    assert last is not None
    out.switch()
    first = write(out, frame(60_000, 123, 32_767, 255, key=True), 9 / 30 + 0.5)
    assert first is not None
    assert ahead(first.sequence, last.sequence) == 1
    assert (first.timestamp - last.timestamp) % (1 << 32) == 45_000, "half a second passed"
    assert picture_of(first) == ((picture_of(last)[0] + 1) & 0x7FFF, (picture_of(last)[1] + 1) & 0xFF)


def test_a_packet_from_before_the_switch_is_left_out() -> None:
    out = rewriter()
    write(out, frame(100, 5000), 0.0)
    out.switch()
    write(out, frame(200, 9000, key=True), 0.1)
    assert write(out, frame(199, 8000), 0.11) is None
    assert write(out, frame(201, 12_000), 0.12) is not None


def test_a_late_packet_fills_the_gap_that_it_left() -> None:
    out = rewriter()
    numbers = [write(out, frame(sequence, 5000), 0.0) for sequence in (100, 102, 103, 101)]
    assert [packet.sequence if packet else None for packet in numbers] == [65_530, 65_532, 65_533, 65_531]


def test_a_long_turn_that_wraps_takes_late_packets_still() -> None:
    out = rewriter()
    for sequence in range(200_000):
        if sequence != 199_990:
            write(out, frame(sequence, 0), 0.0)
    assert write(out, frame(199_990, 0), 0.0) is not None


def test_the_way_back_leads_to_the_same_bytes() -> None:
    out = rewriter()
    packet = frame(100, 5000, 3, 4)
    sent = out.write(packet, parse_vp8(packet.payload), 0.0)
    assert out.source_sequence(65_530) == 100
    assert out.source_sequence(65_529) is None, "before the switch"
    assert out.source_sequence(65_531) is None, "not sent yet"
    assert out.write_again(packet, parse_vp8(packet.payload)) == sent


@given(
    st.lists(
        st.tuples(st.integers(0, 0xFFFF), st.integers(0, 0xFFFF_FFFF), st.integers(0, 0x7FFF), st.integers(1, 40)),
        min_size=1,
        max_size=8,
    ),
    st.integers(0, 0xFFFF),
)
def test_any_sequence_of_switches_is_one_stream_without_a_gap(
    turns: list[tuple[int, int, int, int]], first: int
) -> None:
    out = rewriter(first)
    now, sent = 0.0, []
    for sequence, timestamp, picture, length in turns:
        out.switch()
        for k in range(length):
            now += 1 / 30
            written = write(out, frame(sequence + k, timestamp + 3000 * k, picture + k, picture + k, key=k == 0), now)
            assert written is not None
            sent.append(written)
    assert [packet.sequence for packet in sent] == [(first + k) & 0xFFFF for k in range(len(sent))]
    pairs = list(itertools.pairwise(sent))
    assert all(0 < (b.timestamp - a.timestamp) % (1 << 32) <= 3001 for a, b in pairs)
    assert all((picture_of(b)[0] - picture_of(a)[0]) & 0x7FFF == 1 for a, b in pairs)
    assert all((picture_of(b)[1] - picture_of(a)[1]) & 0xFF == 1 for a, b in pairs)
