"""WebSocket frames and the handshake, RFC 6455."""

from __future__ import annotations

import base64
import hashlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.bots.errors import FramingError, HandshakeError
from benchmarks.bots.framing import FrameReader, Handshake, Message, Opcode, close_payload, encode_frame, xor

LIMIT = 1 << 20


def server_frame(first: int, payload: bytes) -> bytes:
    """A frame as a server sends it, from the figure in section 5.2."""
    size = len(payload)
    if size < 126:
        return bytes((first, size)) + payload
    if size < 65_536:
        return bytes((first, 126)) + size.to_bytes(2, "big") + payload
    return bytes((first, 127)) + size.to_bytes(8, "big") + payload


def unmasked(frame: bytes) -> tuple[int, bytes]:
    """First byte and payload of a client's frame, byte by byte as section 5.3 says."""
    assert frame[1] & 0x80, "a client masks"
    size, start = frame[1] & 0x7F, 2
    if size >= 126:
        width = 2 if size == 126 else 8
        size, start = int.from_bytes(frame[2 : 2 + width], "big"), 2 + width
    mask, payload = frame[start : start + 4], frame[start + 4 :]
    assert len(payload) == size
    return frame[0], bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


def test_the_masked_hello_of_the_rfc_is_what_we_send() -> None:
    assert encode_frame(Opcode.TEXT, b"Hello", bytes.fromhex("37fa213d")) == bytes.fromhex("818537fa213d7f9f4d5158")


@given(st.sampled_from(Opcode), st.binary(max_size=70_000))
def test_a_client_frame_unmasks_to_its_payload(opcode: Opcode, payload: bytes) -> None:
    assert unmasked(encode_frame(opcode, payload)) == (0x80 | opcode, payload)


@given(st.binary(), st.binary(min_size=4, max_size=4))
def test_masking_twice_changes_nothing(payload: bytes, mask: bytes) -> None:
    assert xor(xor(payload, mask), mask) == payload


@given(st.lists(st.binary(max_size=300), max_size=6), st.lists(st.integers(0, 400), max_size=8), st.data())
def test_a_stream_of_fragmented_messages_is_read_whole_however_it_is_cut(
    payloads: list[bytes], cuts: list[int], data: st.DataObject
) -> None:
    stream = b""
    expected: list[Message] = []
    for payload in payloads:
        middle = data.draw(st.integers(0, len(payload)))
        if data.draw(st.booleans()):
            stream += server_frame(0x02, payload[:middle])
            stream += server_frame(0x89, b"ping")  # control frames may come between parts
            stream += server_frame(0x80, payload[middle:])
            expected.append(Message(Opcode.PING, b"ping"))
        else:
            stream += server_frame(0x82, payload)
        expected.append(Message(Opcode.BINARY, payload))
    reader = FrameReader(LIMIT)
    read: list[Message] = []
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    for start, end in itertools.pairwise(edges):
        read += reader.feed(stream[start:end])
    assert read == expected


@pytest.mark.parametrize("size", [0, 125, 126, 127, 65_535, 65_536, 200_000])
def test_every_form_of_length_is_read(size: int) -> None:
    assert FrameReader(LIMIT).feed(server_frame(0x82, bytes(size))) == [Message(Opcode.BINARY, bytes(size))]


@pytest.mark.parametrize(
    ("stream", "reason"),
    [
        (b"\x82\x81\x00\x00\x00\x00a", "masked"),
        (b"\xc2\x00", "reserved bits"),
        (b"\x83\x00", "unknown opcode 3"),
        (b"\x8b\x00", "unknown opcode 11"),
        (b"\x09\x00", "control frame"),
        (b"\x89\x7e\x00\x7e", "control frame"),
        (b"\x80\x00", "out of order"),
        (b"\x02\x00\x82\x00", "out of order"),
        (b"\x82\x7f\x00\x00\x00\x00\x00\x10\x00\x01", "above 1048576 bytes"),
    ],
)
def test_bytes_that_are_no_frames_are_refused(stream: bytes, reason: str) -> None:
    with pytest.raises(FramingError, match=reason):
        FrameReader(LIMIT).feed(stream)


def test_the_parts_of_a_message_count_together_against_the_limit() -> None:
    reader = FrameReader(10)
    reader.feed(b"\x02\x06abcdef")
    with pytest.raises(FramingError) as caught:
        reader.feed(b"\x80\x05abcde")
    assert caught.value.close_code == 1009


def test_a_close_says_code_and_reason_and_an_empty_one_is_1005() -> None:
    assert Message(Opcode.CLOSE, close_payload(4006, "replaced")).close_reason() == (4006, "replaced")
    assert Message(Opcode.CLOSE, b"").close_reason() == (1005, "")
    assert len(close_payload(4000, "x" * 500)) == 125


def answer(handshake: Handshake, *, status: str = "101 Switching Protocols", accept: str | None = None,
           subprotocol: str = "hallway.v1") -> bytes:  # fmt: skip
    key = next(line for line in handshake.request().split(b"\r\n") if line.startswith(b"Sec-WebSocket-Key")).split()[1]
    right = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()).decode()
    return (
        f"HTTP/1.1 {status}\r\nUPGRADE: websocket\r\nConnection: upgrade\r\nSec-Websocket-Accept: {accept or right}\r\n"
        f"Sec-WebSocket-Protocol: {subprotocol}\r\n\r\n"
    ).encode()


def test_a_handshake_is_done_when_its_head_is_whole_and_gives_back_what_follows() -> None:
    handshake = Handshake("localhost:8080", "/ws/rooms/x", "hallway.v1", "hallway-bots")
    assert handshake.request().startswith(b"GET /ws/rooms/x HTTP/1.1\r\nHost: localhost:8080\r\n")
    data = answer(handshake) + b"\x82\x01a"
    assert handshake.feed(data[:30]) is None
    assert handshake.feed(data[30:]) == b"\x82\x01a"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"status": "403 Forbidden"}, "403 Forbidden"),
        ({"accept": "AAAA"}, "Accept is wrong"),
        ({"subprotocol": "chat"}, "did not choose the subprotocol"),
    ],
)
def test_a_refused_handshake_says_why(wrong: dict[str, str], reason: str) -> None:
    handshake = Handshake("localhost", "/", "hallway.v1", "hallway-bots")
    with pytest.raises(HandshakeError, match=reason):
        handshake.feed(answer(handshake, **wrong))


def test_a_head_without_end_is_refused() -> None:
    with pytest.raises(HandshakeError, match="does not end"):
        Handshake("localhost", "/", "hallway.v1", "hallway-bots").feed(b"x" * 20_000)
