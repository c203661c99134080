"""Whatever a peer sends decodes to a message or raises ProtocolError; nothing else happens."""

import contextlib
import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from protocol.constants import CLIENT_MESSAGE_BYTES, SERVER_MESSAGE_BYTES
from protocol.errors import MalformedError, ProtocolError, WireError
from protocol.messages import ClientMessage, Input, Ping, decode_client, decode_server, encode
from protocol.vectors.examples import CLIENT, SERVER

CLIENT_BYTES = [encode(message) for _, message in CLIENT]
SERVER_BYTES = [encode(message) for _, message in SERVER]


@given(st.binary(max_size=300))
@example(b"\xdf\xff\xff\xff\xff")
@example(b"\x91" * 4000)
@example(b"\x92\x01" + b"\xdb\xff\xff\xff\xff")
def test_random_bytes_raise_nothing_but_protocol_error(data: bytes) -> None:
    for decode in (decode_client, decode_server):
        with contextlib.suppress(ProtocolError):
            decode(data)


@given(st.sampled_from(CLIENT_BYTES + SERVER_BYTES), st.data())
def test_changed_messages_raise_nothing_but_protocol_error(data: bytes, draw: st.DataObject) -> None:
    mutable = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(0, len(mutable) - 1))
        mutable[at] = draw.draw(st.integers(0, 255))
    for decode in (decode_client, decode_server):
        with contextlib.suppress(ProtocolError):
            decode(bytes(mutable))


@pytest.mark.parametrize("data", CLIENT_BYTES)
def test_a_client_message_cut_short_anywhere_is_malformed(data: bytes) -> None:
    for end in range(len(data)):
        with pytest.raises(MalformedError):
            decode_client(data[:end])


@pytest.mark.parametrize("data", SERVER_BYTES)
def test_a_server_message_cut_short_anywhere_is_malformed(data: bytes) -> None:
    for end in range(len(data)):
        with pytest.raises(MalformedError):
            decode_server(data[:end])


@given(
    st.integers(0, 2**32 - 1),
    st.integers(32, 2**32 - 1),
    st.integers(1, 2**32 - 1),
    st.lists(st.tuples(st.integers(0, 0x2F), st.integers(0, 255)), max_size=32),
)
def test_every_input_that_the_page_allows_survives_the_wire(
    ack: int, seq: int, tick: int, entries: list[tuple[int, int]]
) -> None:
    befores = sorted(before for _, before in entries)
    if befores:
        befores[0] = 0
    courses = b"".join(bytes(pair) for pair in zip((course for course, _ in entries), befores, strict=True))
    message = Input(ack, seq, tick, courses)
    assert decode_client(encode(message)) == message


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_a_memoryview_decodes_like_bytes(token: int, ack: int) -> None:
    message: ClientMessage = Ping(token, ack)
    assert decode_client(memoryview(encode(message))) == message


def test_length_is_refused_before_anything_is_parsed() -> None:
    filler = b"\xc6" + struct.pack(">I", 1 << 20) + bytes(1 << 20)
    with pytest.raises(MalformedError, match=f"at most {CLIENT_MESSAGE_BYTES}"):
        decode_client(b"\x92\x05" + filler)
    with pytest.raises(MalformedError, match=f"at most {SERVER_MESSAGE_BYTES}"):
        decode_server(b"\x92\x05" + filler)


def test_a_malformed_message_is_a_protocol_error_that_names_its_close_code() -> None:
    with pytest.raises(ProtocolError) as refused:
        decode_client(b"\x91\x06")
    assert isinstance(refused.value, WireError)
    assert str(refused.value).startswith("4001 malformed: ")
