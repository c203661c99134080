"""The server's end of a connection: greeting, limits, counting, closing."""

import pytest

from protocol.constants import ALL_FEATURES, CloseCode, Feature
from protocol.errors import InvalidStateError
from protocol.event_log import EventLog
from protocol.messages import (
    Act,
    Door,
    Error,
    Goodbye,
    Hello,
    Input,
    Pong,
    Roster,
    Say,
    ServerMessage,
    Snapshot,
    Welcome,
    decode_server,
    encode,
)
from protocol.server_session import ServerSession, State
from protocol.vectors.examples import SERVER

WELCOME = SERVER[0][1]
HELLO = encode(Hello(0, ALL_FEATURES, "t" * 20, None, 0, "test"))
INPUT = encode(Input(0, 0, 0, b""))
ACT = encode(Act(1, 1, 1))
HEARTBEAT = Snapshot(1000, 15, None, None, 0, 0, b"", b"", b"", None)


def sent(session: ServerSession) -> list[ServerMessage]:
    return [decode_server(data) for data in session.data_to_send()]


def live(log: EventLog | None = None, **limits: float) -> ServerSession:
    session = ServerSession(0.0, **limits)  # type: ignore[arg-type]
    session.receive_data(HELLO, 0.0)
    assert isinstance(WELCOME, Welcome)
    session.accept(WELCOME, log)
    session.data_to_send()
    return session


def test_silence_for_five_seconds_is_a_hello_timeout() -> None:
    session = ServerSession(100.0)
    assert session.next_timeout() == 105.0
    session.handle_timeout(104.9)
    assert session.state is State.GREETING
    session.handle_timeout(105.0)
    assert sent(session) == [Goodbye(4003, "no HELLO in time", None)]


def test_a_hello_ends_the_timeout() -> None:
    session = ServerSession(100.0)
    session.receive_data(HELLO, 101.0)
    assert session.next_timeout() is None
    session.handle_timeout(200.0)
    assert session.state is State.GREETING


def test_version_and_features_are_the_smaller_and_the_common_ones() -> None:
    session = ServerSession(0.0, features=int(Feature.PROXIMITY))
    session.receive_data(encode(Hello(9, 0xFFFF_FFFF, "t" * 20, None, 0, "")), 0.0)
    assert (session.version, session.features) == (0, Feature.PROXIMITY)


def test_a_welcome_comes_before_the_missed_events() -> None:
    session = ServerSession(0.0)
    session.receive_data(HELLO, 0.0)
    assert isinstance(WELCOME, Welcome)
    missed = Door(5, 1, True, 0)
    log = EventLog(count=4)
    session.accept(WELCOME, log, [encode(missed)])
    assert sent(session) == [WELCOME, missed]
    assert log.count == 4


@pytest.mark.parametrize("code", [CloseCode.VERSION, CloseCode.TICKET, CloseCode.RESUME, CloseCode.FULL])
def test_a_hello_can_be_refused(code: CloseCode) -> None:
    session = ServerSession(0.0)
    session.receive_data(HELLO, 0.0)
    session.refuse(code, "no", 500)
    assert sent(session) == [Goodbye(code, "no", 500)]
    assert session.state is State.CLOSED


def test_a_caller_that_breaks_the_order_is_told() -> None:
    session = ServerSession(0.0)
    assert isinstance(WELCOME, Welcome)
    with pytest.raises(InvalidStateError):
        session.accept(WELCOME)
    with pytest.raises(InvalidStateError):
        session.send(Roster(()))
    session.receive_data(HELLO, 0.0)
    with pytest.raises(InvalidStateError):
        session.refuse(CloseCode.FLOOD, "not a refusal of a HELLO")


def test_events_are_counted_and_kept_but_snapshots_and_goodbyes_are_not() -> None:
    log = EventLog()
    session = live(log)
    session.send(Roster(()))
    session.send(HEARTBEAT)
    session.send(Pong(1, 2, 3))
    session.close(CloseCode.LEFT, "left")
    assert log.count == 2
    assert log.since(0) == [encode(Roster(())), encode(Pong(1, 2, 3))]
    assert sent(session) == [Roster(()), HEARTBEAT, Pong(1, 2, 3), Goodbye(4010, "left", None)]


def test_each_message_is_given_out_once() -> None:
    session = live()
    session.send(HEARTBEAT)
    assert len(session.data_to_send()) == 1
    assert session.data_to_send() == []


def test_only_the_first_reason_to_close_counts() -> None:
    session = live()
    session.close(CloseCode.STALLED, "stalled")
    session.close(CloseCode.INTERNAL, "internal")
    assert session.close_code is CloseCode.STALLED
    assert len(sent(session)) == 1


def test_a_text_message_is_malformed() -> None:
    session = live()
    session.receive_text()
    assert session.close_code is CloseCode.MALFORMED


def test_a_lost_connection_says_nothing_more() -> None:
    session = live()
    session.send(HEARTBEAT)
    session.connection_lost()
    assert session.data_to_send() == []
    assert session.close_code is None


def test_messages_beyond_the_burst_are_discarded_and_counted() -> None:
    session = live(message_rate=10, message_burst=20)
    taken = sum(len(session.receive_data(INPUT, 1.0)) for _ in range(50))
    assert (taken, session.discarded) == (20, 30)
    assert session.state is State.LIVE
    assert sent(session) == []  # the state lane needs no notice
    assert session.receive_data(INPUT, 2.0) != []


def test_a_discarded_action_is_answered_once_a_second() -> None:
    session = live(message_rate=10, message_burst=1)
    for _ in range(20):
        session.receive_data(ACT, 1.0)
    notices = sent(session)
    assert [type(notice) for notice in notices] == [Error]
    assert isinstance(notices[0], Error)
    assert (notices[0].ref, notices[0].code) == (0, "too_fast")


def test_control_frames_cost_what_messages_cost() -> None:
    session = live(message_rate=10, message_burst=20)
    # HELLO took one of the burst.
    assert [session.receive_control(0.0) for _ in range(24)] == [True] * 19 + [False] * 5
    assert session.discarded == 5
    assert session.receive_data(INPUT, 0.0) == []
    for _ in range(1000):
        session.receive_control(0.0)
    assert session.close_code is CloseCode.FLOOD
    assert not session.receive_control(1000.0)


def test_ten_times_the_rate_for_ten_seconds_is_a_flood() -> None:
    session = live(message_rate=10, message_burst=20)
    for _ in range(999):
        session.receive_data(INPUT, 1.0)
    assert session.state is State.LIVE
    session.receive_data(INPUT, 9.0)
    assert session.state is State.CLOSED
    assert session.close_code is CloseCode.FLOOD


def test_a_message_too_long_is_malformed_even_beyond_the_rate() -> None:
    session = live(message_rate=10, message_burst=1)
    session.receive_data(INPUT, 1.0)
    session.receive_data(bytes(5000), 1.0)
    assert session.close_code is CloseCode.MALFORMED


def test_a_portal_is_asked_for_by_those_only_who_agreed_on_people() -> None:
    for offered, expected in ((0, State.CLOSED), (int(Feature.PEOPLE), State.LIVE)):
        session = ServerSession(0.0)
        session.receive_data(encode(Hello(0, offered, "t" * 20, None, 0, "test")), 0.0)
        assert isinstance(WELCOME, Welcome)
        session.accept(WELCOME)
        assert session.receive_data(encode(Act(1, 3, 1)), 0.0) == ([Act(1, 3, 1)] if offered else [])
        assert session.state is expected


def test_a_direct_message_does_not_go_over_a_rooms_connection() -> None:
    session = ServerSession(0.0)
    session.receive_data(encode(Hello(0, int(Feature.CHAT), "t" * 20, None, 0, "")), 0.0)
    assert isinstance(WELCOME, Welcome)
    session.accept(WELCOME)
    other = "0b5c1f6e-7a4d-4b1f-9a55-0123456789ab"
    assert session.receive_data(encode(Say(1, other, 2, other, "psst")), 0.0) == []
    assert session.close_code == CloseCode.MALFORMED
