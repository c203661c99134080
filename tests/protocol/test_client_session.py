"""The client's end of a session: resume, acknowledgements, pending courses."""

import pytest

from protocol.client_session import ClientSession, PendingCourse, State
from protocol.constants import RESUMABLE, CloseCode, Continuity, Verb
from protocol.errors import InvalidStateError
from protocol.messages import (
    Act,
    Door,
    Error,
    Goodbye,
    Hello,
    Input,
    Leave,
    Ping,
    Pong,
    Proximity,
    Roster,
    ServerMessage,
    Snapshot,
    Welcome,
    decode_client,
    encode,
)
from protocol.vectors.examples import SERVER

FIRST = SERVER[0][1]
assert isinstance(FIRST, Welcome)
TICKET = "t" * 20


def welcome(continuity: Continuity, events: int = 0) -> bytes:
    assert isinstance(FIRST, Welcome)
    fields = {name: getattr(FIRST, name) for name in FIRST.__struct_fields__}
    return encode(Welcome(**(fields | {"continuity": int(continuity), "events": events})))


def snapshot(tick: int, applied: int | None = None) -> Snapshot:
    return Snapshot(tick, 1, applied, None, 0, 0, b"", b"", b"", None)


def live(*, reliable: bool = True) -> ClientSession:
    session = ClientSession(reliable=reliable, agent="test")
    session.connect(TICKET)
    session.receive_data(welcome(Continuity.FRESH), 0.0)
    return session


def test_a_hello_has_the_ticket_and_no_events() -> None:
    session = ClientSession(agent="bot")
    assert decode_client(session.connect(TICKET)) == Hello(0, 3, TICKET, None, 0, "bot")


def test_a_resume_has_the_token_and_counts_the_event_lane() -> None:
    session = live()
    events: list[ServerMessage] = [
        Roster(()),
        snapshot(5),
        Proximity(5, 1, b"", b""),
        Door(6, 1, True, 0),
        Pong(1, 2, 3),
        Error(0, "too_fast", ""),
    ]
    for event in events:
        session.receive_data(encode(event), 0.0)
    assert (session.events, session.epoch) == (5, 1)
    session.connection_lost()
    assert decode_client(session.resume()) == Hello(0, 3, None, bytes(range(32)), 5, "test")
    session.receive_data(welcome(Continuity.EVENTS_LOST, 9), 0.0)
    assert session.events == 9


def test_the_token_is_kept_until_the_answer_comes() -> None:
    session = live()
    session.connection_lost()
    session.resume()
    session.connection_lost()
    assert session.resume_token is not None
    assert decode_client(session.resume())


@pytest.mark.parametrize("code", CloseCode, ids=lambda code: code.name)
def test_a_goodbye_leaves_the_token_only_if_its_code_is_resumable(code: CloseCode) -> None:
    session = live()
    session.receive_data(encode(Goodbye(int(code), "why", 250)), 0.0)
    assert (session.state, session.close_code, session.close_reason) == (State.CLOSED, code, "why")
    assert (session.resume_token is not None) == (code in RESUMABLE)
    assert session.retry_ms == 250


def test_numbers_go_on_after_a_resume_and_start_anew_with_a_fresh_session() -> None:
    session = live()
    session.course(0x10, 0, 0.0)
    for continuity, seq in ((Continuity.RESUMED, 1), (Continuity.EVENTS_LOST, 1), (Continuity.FRESH, 0)):
        session.connection_lost()
        session.resume()
        session.receive_data(welcome(continuity), 0.0)
        assert (session.seq, session.pending) == (seq, [])


def test_a_resumed_session_acknowledges_what_it_had() -> None:
    session = live()
    session.snapshot_applied(snapshot(50), 0.0)
    session.connection_lost()
    session.resume()
    session.receive_data(welcome(Continuity.RESUMED), 1.0)
    assert decode_client(session.ping(1)) == Ping(1, 50)
    session.connection_lost()
    session.resume()
    session.receive_data(welcome(Continuity.EVENTS_LOST), 1.0)
    assert decode_client(session.ping(1)) == Ping(1, 0)


def test_each_course_is_sent_once_on_a_reliable_transport() -> None:
    session = live()
    assert decode_client(session.course(0x14, 50, 0.0)) == Input(0, 1, 50, bytes([0x14, 0]))
    assert decode_client(session.course(0x00, 53, 0.1)) == Input(0, 2, 53, bytes([0x00, 0]))
    session.snapshot_applied(snapshot(51, 1), 0.2)
    assert session.pending == [PendingCourse(2, 0x00, 53)]
    assert session.confirmed == 1


def test_courses_are_repeated_over_datagrams_until_a_snapshot_covers_them() -> None:
    session = live(reliable=False)
    session.course(0x10, 50, 0.0)
    session.course(0x11, 0, 0.0)
    assert decode_client(session.course(0x12, 53, 0.0)) == Input(0, 3, 53, bytes([0x12, 0, 0x11, 0, 0x10, 3]))
    session.snapshot_applied(snapshot(51, 2), 0.1)
    assert decode_client(session.poll(0.6) or b"") == Input(51, 3, 53, bytes([0x12, 0]))


def test_at_most_32_courses_are_repeated() -> None:
    session = live(reliable=False)
    for number in range(40):
        data = session.course(0x10 | number % 16, 100 + 10 * number, 0.0)
    message = decode_client(data)
    assert isinstance(message, Input)
    assert len(message.courses) == 64
    assert message.courses[-1] == 255


def test_snapshots_are_acknowledged_twice_a_second() -> None:
    session = live()
    sent = []
    for number in range(1, 61):
        now = number / 30
        session.snapshot_applied(snapshot(number), now)
        due = session.poll(now)
        if due is not None:
            sent.append(decode_client(due))
    assert sent == [Input(tick, 0, 0, b"") for tick in (15, 30, 45, 60)]


def test_nothing_is_said_when_nothing_is_unacknowledged() -> None:
    session = live()
    session.snapshot_applied(snapshot(5), 0.0)
    assert session.next_timeout() == 0.5
    assert session.poll(0.4) is None
    assert session.poll(0.5) is not None
    assert session.next_timeout() is None
    assert session.poll(99.0) is None


def test_a_lost_baseline_is_acknowledged_as_0() -> None:
    session = live()
    session.snapshot_applied(snapshot(5), 0.0)
    session.poll(0.5)
    session.baseline_lost(0.6)
    assert decode_client(session.poll(1.0) or b"") == Input(0, 0, 0, b"")


def test_actions_need_a_live_session() -> None:
    session = live()
    assert decode_client(session.act(7, Verb.SIT, 3)) == Act(7, 2, 3)
    assert decode_client(session.leave()) == Leave()
    assert session.resume_token is None
    session.connection_lost()
    for action in (
        session.leave,
        lambda: session.act(1, Verb.DOOR, 1),
        lambda: session.course(0, 0, 0.0),
        session.resume,
    ):
        with pytest.raises(InvalidStateError):
            action()
    session.connect(TICKET)
    with pytest.raises(InvalidStateError):
        session.connect(TICKET)
