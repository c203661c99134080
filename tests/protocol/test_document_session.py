"""The server's end of a connection to a document: who may speak when, and how fast it is read."""

from __future__ import annotations

import pytest

from protocol.constants import CloseCode
from protocol.document_messages import Cursor, Open, Opened, Saved, Update, decode_document_server, encode_document
from protocol.document_session import BURST_S, BYTES_S, MESSAGES_S, DocumentSession
from protocol.errors import InvalidStateError
from protocol.messages import Goodbye
from protocol.server_session import State

OPEN = Open(9, "t" * 20, b"")
EMPTY = b"\0\0"


def say(session: DocumentSession, message: Open | Update | Cursor, now: float = 0.0) -> object:
    return session.receive_data(encode_document(message), now)


def said(session: DocumentSession) -> list[object]:
    return [decode_document_server(data) for data in session.data_to_send()]


@pytest.fixture
def live() -> DocumentSession:
    session = DocumentSession(0.0)
    assert say(session, OPEN) == OPEN
    session.accept(7, EMPTY, b"\0", may_edit=True)
    assert said(session) == [Opened(0, 7, True, EMPTY, b"\0")]
    return session


def test_silence_ends_a_connection_and_an_open_that_waits_does_not() -> None:
    session = DocumentSession(10.0, open_timeout=5)
    assert session.next_timeout() == 15
    say(session, OPEN, 14.0)
    session.handle_timeout(99.0)
    assert session.state is State.GREETING
    silent = DocumentSession(10.0, open_timeout=5)
    silent.handle_timeout(15.0)
    assert silent.close_code == CloseCode.HELLO_TIMEOUT
    assert said(silent) == [Goodbye(CloseCode.HELLO_TIMEOUT, "no OPEN in time", None)]


@pytest.mark.parametrize("message", [Update(1, EMPTY), Cursor("")])
def test_nothing_comes_before_the_answer_to_the_open(message: Update | Cursor) -> None:
    early, waiting = DocumentSession(0.0), DocumentSession(0.0)
    say(waiting, OPEN)
    for session in (early, waiting):
        assert say(session, message) is None
        assert session.close_code == CloseCode.MALFORMED


def test_a_second_open_is_malformed_and_a_text_too(live: DocumentSession) -> None:
    say(live, OPEN)
    assert live.close_reason == "OPEN is not allowed now"
    other = DocumentSession(0.0)
    other.receive_text()
    assert (other.state, other.close_code) == (State.CLOSED, CloseCode.MALFORMED)


def test_updates_are_numbered_without_a_gap(live: DocumentSession) -> None:
    assert say(live, Update(1, EMPTY)) == Update(1, EMPTY)
    assert say(live, Update(2, EMPTY)) == Update(2, EMPTY)
    assert say(live, Update(4, EMPTY)) is None
    assert live.close_reason == "UPDATE 4 after 2"
    assert say(live, Update(3, EMPTY)) is None, "nothing is heard after the end"


def test_more_than_the_burst_is_read_as_fast_as_the_limit(live: DocumentSession) -> None:
    now = 100.0
    for _ in range(int(MESSAGES_S * BURST_S)):
        say(live, Cursor("x"), now)
    assert live.pause(now) == pytest.approx(0)
    say(live, Cursor("x"), now)
    assert live.pause(now) == pytest.approx(1 / MESSAGES_S)
    assert live.pause(now + 1) == 0
    large = DocumentSession(0.0)
    say(large, OPEN)
    large.accept(1, EMPTY, b"\0", may_edit=True)
    for number in range(1, 6):
        say(large, Update(number, bytes(BYTES_S)), now)
    assert large.pause(now) == pytest.approx(1, rel=0.01)
    assert large.state is State.LIVE


def test_the_caller_cannot_speak_out_of_turn(live: DocumentSession) -> None:
    with pytest.raises(InvalidStateError):
        live.accept(1, EMPTY, b"\0", may_edit=True)
    live.close(CloseCode.CLOSED, "gone")
    live.close(CloseCode.INTERNAL, "twice")
    assert said(live) == [Goodbye(CloseCode.CLOSED, "gone", None)]
    with pytest.raises(InvalidStateError):
        live.send(Saved(1))
