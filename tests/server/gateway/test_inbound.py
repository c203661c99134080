"""Frames off the socket: whole messages go straight on, everything else to aiohttp, nothing is lost or turned round."""

from __future__ import annotations

import asyncio
import itertools
import struct
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.gateway.inbound import WHOLE_BINARY, InboundFrames, unmasked

MOST_BYTES = 1000
PING, CLOSE, TEXT, FIRST_PART = 0x89, 0x88, 0x81, 0x02


class Recorder(asyncio.Protocol):
    """Stands for aiohttp's protocol: keeps what it is given."""

    def __init__(self) -> None:
        self.data, self.pieces = b"", 0

    def data_received(self, data: bytes) -> None:
        self.data += data
        self.pieces += 1


class Transport(asyncio.Transport):
    aborted = False

    def abort(self) -> None:
        self.aborted = True


def frame(payload: bytes, first: int = WHOLE_BINARY, mask: bytes = b"\x01\x02\x03\x04") -> bytes:
    """A client's frame."""
    size = len(payload)
    head = bytes((first, 0x80 | size)) if size < 126 else struct.pack("!BBH", first, 0xFE, size)
    return head + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))


def pieces(data: bytes, cuts: list[int]) -> Iterator[bytes]:
    places = sorted({cut % (len(data) + 1) for cut in cuts} | {0, len(data)})
    for start, end in itertools.pairwise(places):
        yield data[start:end]


def no_control(first: int, payload: bytes) -> None:
    raise AssertionError((first, payload))


messages = st.binary(max_size=MOST_BYTES)
masks = st.binary(min_size=4, max_size=4)


@given(messages, masks)
def test_a_mask_is_taken_off(payload: bytes, mask: bytes) -> None:
    assert unmasked(frame(payload, mask=mask)[-len(payload) :] if payload else b"", mask) == payload


@given(st.lists(st.tuples(messages, st.sampled_from((WHOLE_BINARY, PING))), max_size=8), st.lists(st.integers(0)))
def test_however_it_is_cut_every_message_arrives_once_in_order(sent: list[tuple[bytes, int]], cuts: list[int]) -> None:
    http, taken = Recorder(), list[tuple[bytes, int]]()
    inbound = InboundFrames(http, Transport(), MOST_BYTES)
    assert inbound.begin(
        lambda payload: taken.append((payload, WHOLE_BINARY)), lambda first, payload: taken.append((payload, first))
    )
    sent = [(payload if first == WHOLE_BINARY else payload[:125], first) for payload, first in sent]
    for piece in pieces(b"".join(frame(payload, first) for payload, first in sent), cuts):
        inbound.data_received(piece)
    assert (taken, http.data) == (sent, b"")


@given(st.lists(st.tuples(messages, st.sampled_from((WHOLE_BINARY, PING))), max_size=5), st.lists(st.integers(0)))
def test_until_somebody_takes_them_messages_are_aiohttp_s(sent: list[tuple[bytes, int]], cuts: list[int]) -> None:
    http = Recorder()
    inbound = InboundFrames(http, Transport(), MOST_BYTES)
    data = b"".join(frame(payload[:125] if first == PING else payload, first) for payload, first in sent)
    parts = list(pieces(data, cuts))
    for piece in parts:
        inbound.data_received(piece)
    assert http.data == data
    assert http.pieces <= len(parts), "a crowd of frames costs aiohttp no more than the bytes do"


@given(st.lists(messages, max_size=3), st.lists(messages, max_size=3), st.lists(st.integers(0)))
def test_nothing_counts_that_is_said_after_the_end(before: list[bytes], after: list[bytes], cuts: list[int]) -> None:
    http, taken = Recorder(), list[bytes]()
    inbound = InboundFrames(http, Transport(), MOST_BYTES)
    assert inbound.begin(taken.append, no_control)
    tail = b"".join(map(frame, [b"", *after])).replace(frame(b""), frame(b"", CLOSE), 1)
    for piece in pieces(b"".join(map(frame, before)) + tail, cuts):
        inbound.data_received(piece)
    assert (taken, http.data) == (before, tail)
    assert not inbound.begin(taken.append, no_control)
    inbound.data_received(frame(b"x"))
    assert taken == before


UNUSUAL = {
    "text": frame(b"hello", TEXT),
    "a part of a message": frame(b"hel", FIRST_PART),
    "without a mask": bytes((WHOLE_BINARY, 2)) + b"hi",
    "longer than allowed": frame(b"x" * (MOST_BYTES + 1)),
    "64 bits of length": struct.pack("!BBQ", WHOLE_BINARY, 0xFF, 2) + b"\0\0\0\0hi",
    "a length longer than it needs": struct.pack("!BBH", WHOLE_BINARY, 0xFE, 2) + b"\0\0\0\0hi",
    "reserved bits": frame(b"hi", 0xC2),
    "a long ping": struct.pack("!BBH", PING, 0xFE, 200) + bytes(204),
}


@pytest.mark.parametrize("kind", UNUSUAL)
@given(cuts=st.lists(st.integers(0)))
def test_a_frame_of_unusual_form_and_all_after_it_are_aiohttp_s(kind: str, cuts: list[int]) -> None:
    http, taken = Recorder(), list[bytes]()
    inbound = InboundFrames(http, Transport(), MOST_BYTES)
    assert inbound.begin(taken.append, no_control)
    tail = UNUSUAL[kind] + frame(b"after") + frame(b"", CLOSE)
    for piece in pieces(frame(b"before") + tail, cuts):
        inbound.data_received(piece)
    assert (taken, http.data) == ([b"before"], tail)


@pytest.mark.parametrize("how", ["closes", "is lost", "does what only aiohttp knows"])
def test_the_end_is_said_before_aiohttp_hears_of_it(how: str) -> None:
    order = list[str]()

    class Http(Recorder):
        def data_received(self, data: bytes) -> None:
            order.append("aiohttp")

        def connection_lost(self, exc: Exception | None) -> None:
            order.append("aiohttp")

    inbound = InboundFrames(Http(), Transport(), MOST_BYTES, lambda: order.append("end"))
    assert inbound.begin(lambda _message: order.append("message"), no_control)
    inbound.data_received(frame(b"hi"))
    if how == "is lost":
        inbound.connection_lost(None)
    else:
        inbound.data_received(frame(b"", CLOSE) if how == "closes" else UNUSUAL["text"])
    assert order == ["message", "end", "aiohttp"]


def test_a_fault_in_taking_a_message_ends_that_connection() -> None:
    transport = Transport()
    inbound = InboundFrames(Recorder(), transport, MOST_BYTES)
    taken = list[bytes]()

    def fail(message: bytes) -> None:
        taken.append(message)
        raise ZeroDivisionError

    assert inbound.begin(fail, no_control)
    inbound.data_received(frame(b"x") + frame(b"y"))
    inbound.data_received(frame(b"z"))
    assert transport.aborted
    assert taken == [b"x"], "what came after the fault is nobody's"
