"""The wire of `/ws/global` (section 8): messages to exhaustion, and the server's end of a connection."""

from __future__ import annotations

import msgspec
import pytest

from protocol.constants import CLIENT_MESSAGE_BYTES, CloseCode
from protocol.errors import InvalidStateError, MalformedError
from protocol.global_messages import (
    Answer,
    Answered,
    Call,
    Called,
    Count,
    Find,
    Found,
    Greet,
    Idle,
    Notice,
    People,
    Ready,
    Rooms,
    Someone,
    decode_global_client,
    decode_global_server,
    encode_global,
)
from protocol.global_session import GLOBAL_BURST, GlobalSession
from protocol.messages import Error, Goodbye, Said, Say, Type
from protocol.server_session import State

USER = "0b5c1f6e-7a4d-4b1f-9a55-0123456789ab"
TOKEN = "t" * 20
CLIENT = [
    Greet(0, TOKEN, ""),
    Greet(255, "t" * 2048, "é" * 32),
    Idle(True),
    Find(1, USER),
    Call(65_535, USER, "☕" * 266),
    Answer(USER, False),
]
SERVER = [
    Ready(0, USER, 3, "🎈" * 80, True),
    People(True, ()),
    People(False, (Someone(USER, "Ada", bytes(6), 3, 4, "", None), Someone(USER, "B", bytes(6), 0, 0, "x", USER))),
    Rooms(True, (Count(USER, 0), Count(USER, 4_294_967_295))),
    Found(1, USER, USER, "Office"),
    Called(USER, "Ada", USER, "Office", "Coffee?"),
    Answered(USER, "Ada", True),
    Notice(1, "The server restarts at noon."),
    Error(0, "too_fast", ""),
    Goodbye(4016, "", 0),
]


@pytest.mark.parametrize("message", CLIENT)
def test_what_a_client_may_say_comes_through(message: object) -> None:
    assert decode_global_client(encode_global(message)) == message  # type: ignore[arg-type]


@pytest.mark.parametrize("message", SERVER)
def test_what_a_server_may_say_comes_through(message: object) -> None:
    assert decode_global_server(encode_global(message)) == message  # type: ignore[arg-type]


MALFORMED = {
    "nothing": b"",
    "no array": b"\xc0",
    "an unknown kind": [31],
    "a kind of the other endpoint": [1, 0, 0, "t" * 20, None, 0, ""],
    "a short token": [32, 0, "t" * 19, ""],
    "a long token": [32, 0, "t" * 2049, ""],
    "a long agent": [32, 0, TOKEN, "é" * 33],
    "idle that is no bool": [33, 1],
    "ref 0": [34, 0, USER],
    "a user that is no id": [34, 1, "Ann"],
    "a text of 801 bytes": [35, 1, USER, "x" * 801],
    "a text of 801 bytes in few letters": [35, 1, USER, "é" * 401],
    "one element more": [33, True, True],
    "bytes after the array": encode_global(Idle(True)) + b"\x00",
    "a message of the server's": encode_global(Notice(0, "x")),
    "too long": b"\x91" + bytes(CLIENT_MESSAGE_BYTES),
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED.keys())
def test_anything_else_of_a_client_is_malformed(data: object) -> None:
    raw = data if isinstance(data, bytes) else msgspec.msgpack.encode(data)
    with pytest.raises(MalformedError):
        decode_global_client(raw)


@pytest.mark.parametrize("message", CLIENT + SERVER)
def test_a_message_cut_short_is_malformed_wherever_it_ends(message: object) -> None:
    data = encode_global(message)  # type: ignore[arg-type]
    decode = decode_global_client if message in CLIENT else decode_global_server
    for end in range(len(data)):
        with pytest.raises(MalformedError):
            decode(data[:end])


def live(now: float = 0.0) -> GlobalSession:
    session = GlobalSession(now)
    assert session.receive_data(encode_global(Greet(7, TOKEN, "test")), now) == Greet(7, TOKEN, "test")
    session.accept()
    return session


def sent(session: GlobalSession) -> list[object]:
    return [decode_global_server(data) for data in session.data_to_send()]


def test_silence_for_five_seconds_ends_a_connection() -> None:
    session = GlobalSession(10.0)
    assert session.next_timeout() == 15.0
    session.handle_timeout(14.9)
    assert session.state is State.GREETING
    session.handle_timeout(15.0)
    assert sent(session) == [Goodbye(4003, "no GREET in time", None)]


@pytest.mark.parametrize("message", CLIENT[2:])
def test_nothing_comes_before_the_greeting(message: object) -> None:
    session = GlobalSession(0.0)
    assert session.receive_data(encode_global(message), 0.0) is None  # type: ignore[arg-type]
    assert (session.state, session.close_code) == (State.CLOSED, CloseCode.MALFORMED)


@pytest.mark.parametrize("message", CLIENT)
def test_nothing_comes_while_the_greeting_waits_for_its_answer(message: object) -> None:
    session = GlobalSession(0.0)
    session.receive_data(encode_global(Greet(0, TOKEN, "")), 0.0)
    assert session.receive_data(encode_global(message), 0.0) is None  # type: ignore[arg-type]
    assert session.close_code == CloseCode.MALFORMED


def test_a_second_greeting_is_malformed_and_a_text_too() -> None:
    session = live()
    session.receive_data(encode_global(Greet(0, TOKEN, "")), 0.0)
    assert session.close_code == CloseCode.MALFORMED
    session = live()
    session.receive_text()
    assert session.close_code == CloseCode.MALFORMED


def test_more_than_the_burst_is_discarded_with_one_notice_a_second() -> None:
    session = live()
    heard = [session.receive_data(encode_global(Idle(True)), 0.0) for _ in range(GLOBAL_BURST + 5)]
    assert heard.count(None) == 6
    assert [message.code for message in sent(session) if isinstance(message, Error)] == ["too_fast"]
    assert session.receive_data(encode_global(Idle(True)), 1.0) == Idle(True)


def test_a_flood_ends_the_connection() -> None:
    session = live()
    for _ in range(1_001):
        session.receive_data(encode_global(Idle(True)), 0.0)
    assert session.close_code == CloseCode.FLOOD


def test_the_caller_cannot_speak_out_of_turn() -> None:
    with pytest.raises(InvalidStateError):
        GlobalSession(0.0).accept()
    with pytest.raises(InvalidStateError):
        GlobalSession(0.0).send(Notice(0, "x"))
    session = live()
    session.connection_lost()
    assert session.receive_data(encode_global(Idle(True)), 0.0) is None
    session.close(4012, "too late")
    assert session.data_to_send() == []


# --- direct messages ------------------------------------------------------------------------------------------------

MESSAGE = "2d7e3a80-9c6f-4d3b-9c77-00112233aabb"


def live_session(version: int) -> GlobalSession:
    session = GlobalSession(0.0)
    session.receive_data(encode_global(Greet(version, "t" * 20, "")), 0.0)
    session.accept()
    return session


@pytest.mark.parametrize("message", [Say(1, MESSAGE, 2, USER, "é" * 2000), Type(2, USER)])
def test_direct_messages_go_here_with_clients_that_know_them(message: Say | Type) -> None:
    assert live_session(1).receive_data(encode_global(message), 0.0) == message
    old = live_session(0)
    assert old.receive_data(encode_global(message), 0.0) is None
    assert old.close_code == CloseCode.MALFORMED


@pytest.mark.parametrize(
    "message",
    [Say(1, MESSAGE, 1, None, "x"), Say(1, MESSAGE, 2, None, "x"), Say(1, MESSAGE, 2, USER, " "), Type(0, None)],
)
def test_no_other_channel_goes_here(message: Say | Type) -> None:
    session = live_session(1)
    assert session.receive_data(encode_global(message), 0.0) is None
    assert session.close_code == CloseCode.MALFORMED


def test_what_is_said_directly_has_a_receiver() -> None:
    said = Said(MESSAGE, 2, USER, "Ada", USER, "hi", 1)
    assert decode_global_server(encode_global(said)) == said
    with pytest.raises(MalformedError):
        decode_global_server(encode_global(Said(MESSAGE, 2, USER, "Ada", None, "hi", 1)))
