"""Real endpoints are driven through every (state, kind) pair; any transition that section 6.1 does not have fails."""

from collections.abc import Callable

import pytest

from protocol.client_session import ClientSession
from protocol.client_session import State as Client
from protocol.constants import CLIENT_KINDS, SERVER_KINDS, CloseCode, Feature, Kind
from protocol.messages import KIND_OF, Goodbye, Hello, Message, ServerMessage, Welcome, decode_server, encode
from protocol.server_session import ServerSession
from protocol.server_session import State as Server
from protocol.vectors.examples import CLIENT, SERVER

SAMPLE: dict[Kind, Message] = {}
for _, sample in CLIENT + SERVER:
    SAMPLE.setdefault(KIND_OF[type(sample)], sample)
WELCOME = SAMPLE[Kind.WELCOME]
assert isinstance(WELCOME, Welcome)
WIRE = {kind: encode(message) for kind, message in SAMPLE.items()}
STRANGE = {"unknown kind": b"\x91\x7f", "malformed": b"\xc1", "nothing": b""}


# --- the server -----------------------------------------------------------------------------------------------------


def greeting_server() -> ServerSession:
    return ServerSession(0.0)


def asked_server() -> ServerSession:
    """HELLO has arrived and is not answered yet."""
    session = greeting_server()
    session.receive_data(WIRE[Kind.HELLO], 0.0)
    return session


def live_server() -> ServerSession:
    session = asked_server()
    assert isinstance(WELCOME, Welcome)
    session.accept(WELCOME)
    session.data_to_send()
    return session


def live_server_with_media() -> ServerSession:
    session = greeting_server()
    session.receive_data(encode(Hello(0, int(Feature.MEDIA), "t" * 20, None, 0, "")), 0.0)
    assert isinstance(WELCOME, Welcome)
    session.accept(WELCOME)
    session.data_to_send()
    return session


def live_server_with_sfu() -> ServerSession:
    session = greeting_server()
    session.receive_data(encode(Hello(0, int(Feature.MEDIA | Feature.SFU), "t" * 20, None, 0, "")), 0.0)
    assert isinstance(WELCOME, Welcome)
    session.accept(WELCOME)
    session.data_to_send()
    return session


def live_server_with_chat() -> ServerSession:
    session = greeting_server()
    session.receive_data(encode(Hello(0, int(Feature.CHAT), "t" * 20, None, 0, "")), 0.0)
    assert isinstance(WELCOME, Welcome)
    session.accept(WELCOME)
    session.data_to_send()
    return session


def live_server_with_health() -> ServerSession:
    session = greeting_server()
    session.receive_data(encode(Hello(0, int(Feature.MEDIA | Feature.HEALTH), "t" * 20, None, 0, "")), 0.0)
    assert isinstance(WELCOME, Welcome)
    session.accept(WELCOME)
    session.data_to_send()
    return session


def live_server_with_datagrams() -> ServerSession:
    session = greeting_server()
    session.receive_data(encode(Hello(0, int(Feature.DATAGRAMS), "t" * 20, None, 0, "")), 0.0)
    assert isinstance(WELCOME, Welcome)
    session.accept(WELCOME)
    session.data_to_send()
    return session


def live_server_with_rest() -> ServerSession:
    session = greeting_server()
    session.receive_data(encode(Hello(0, int(Feature.REST), "t" * 20, None, 0, "")), 0.0)
    assert isinstance(WELCOME, Welcome)
    session.accept(WELCOME)
    session.data_to_send()
    return session


def live_server_with_objects() -> ServerSession:
    session = greeting_server()
    session.receive_data(encode(Hello(0, int(Feature.OBJECTS), "t" * 20, None, 0, "")), 0.0)
    assert isinstance(WELCOME, Welcome)
    session.accept(WELCOME)
    session.data_to_send()
    return session


def live_server_with_places() -> ServerSession:
    session = greeting_server()
    session.receive_data(encode(Hello(0, int(Feature.PLACES), "t" * 20, None, 0, "")), 0.0)
    assert isinstance(WELCOME, Welcome)
    session.accept(WELCOME)
    session.data_to_send()
    return session


def closed_server() -> ServerSession:
    session = live_server()
    session.connection_lost()
    return session


M = CloseCode.MALFORMED
CHAT_KINDS = (Kind.SAY, Kind.TYPE, Kind.REACT, Kind.HAND, Kind.WAVE)
OBJECT_KINDS = (Kind.USE,)
PLACE_KINDS = (Kind.ANSWER,)
HEALTH_KINDS = (Kind.HEALTH,)
LANE_KINDS = (Kind.LANE, Kind.REST)
SFU_KINDS = (Kind.DESCRIBE, Kind.CANDIDATE, Kind.DELIVERY, Kind.VIEW)
# Section 6.1: state -> what arrives -> (next state, GOODBYE code, is it handed to the caller?)
SERVER_TABLE: dict[Callable[[], ServerSession], dict[Kind, tuple[Server, CloseCode | None, bool]]] = {
    greeting_server: {
        Kind.HELLO: (Server.GREETING, None, True),
        Kind.INPUT: (Server.CLOSED, M, False),
        Kind.ACT: (Server.CLOSED, M, False),
        Kind.PING: (Server.CLOSED, M, False),
        Kind.LEAVE: (Server.CLOSED, M, False),
        Kind.MEDIA: (Server.CLOSED, M, False),
        Kind.SIGNAL: (Server.CLOSED, M, False),
        **dict.fromkeys(
            LANE_KINDS + HEALTH_KINDS + SFU_KINDS + CHAT_KINDS + OBJECT_KINDS + PLACE_KINDS, (Server.CLOSED, M, False)
        ),
    },
    asked_server: dict.fromkeys(CLIENT_KINDS, (Server.CLOSED, M, False)),
    live_server: {
        Kind.HELLO: (Server.CLOSED, M, False),
        Kind.INPUT: (Server.LIVE, None, True),
        Kind.ACT: (Server.LIVE, None, True),
        Kind.PING: (Server.LIVE, None, True),
        Kind.LEAVE: (Server.CLOSED, CloseCode.LEFT, True),
        Kind.MEDIA: (Server.CLOSED, M, False),
        Kind.SIGNAL: (Server.CLOSED, M, False),
        **dict.fromkeys(
            LANE_KINDS + HEALTH_KINDS + SFU_KINDS + CHAT_KINDS + OBJECT_KINDS + PLACE_KINDS, (Server.CLOSED, M, False)
        ),
    },
    live_server_with_media: {
        Kind.HELLO: (Server.CLOSED, M, False),
        Kind.INPUT: (Server.LIVE, None, True),
        Kind.ACT: (Server.LIVE, None, True),
        Kind.PING: (Server.LIVE, None, True),
        Kind.LEAVE: (Server.CLOSED, CloseCode.LEFT, True),
        Kind.MEDIA: (Server.LIVE, None, True),
        Kind.SIGNAL: (Server.LIVE, None, True),
        **dict.fromkeys(
            LANE_KINDS + HEALTH_KINDS + SFU_KINDS + CHAT_KINDS + OBJECT_KINDS + PLACE_KINDS, (Server.CLOSED, M, False)
        ),
    },
    live_server_with_sfu: dict.fromkeys(CLIENT_KINDS, (Server.LIVE, None, True))
    | dict.fromkeys(
        (Kind.HELLO, *LANE_KINDS, *HEALTH_KINDS, *CHAT_KINDS, *OBJECT_KINDS, *PLACE_KINDS), (Server.CLOSED, M, False)
    )
    | {Kind.LEAVE: (Server.CLOSED, CloseCode.LEFT, True)},
    live_server_with_chat: dict.fromkeys(CLIENT_KINDS, (Server.LIVE, None, True))
    | dict.fromkeys(LANE_KINDS + HEALTH_KINDS + SFU_KINDS + OBJECT_KINDS + PLACE_KINDS, (Server.CLOSED, M, False))
    | dict.fromkeys((Kind.HELLO, Kind.MEDIA, Kind.SIGNAL), (Server.CLOSED, M, False))
    | {Kind.LEAVE: (Server.CLOSED, CloseCode.LEFT, True)},
    live_server_with_health: dict.fromkeys(CLIENT_KINDS, (Server.LIVE, None, True))
    | dict.fromkeys(
        (Kind.HELLO, *LANE_KINDS, *SFU_KINDS, *CHAT_KINDS, *OBJECT_KINDS, *PLACE_KINDS), (Server.CLOSED, M, False)
    )
    | {Kind.LEAVE: (Server.CLOSED, CloseCode.LEFT, True)},
    live_server_with_rest: dict.fromkeys(CLIENT_KINDS, (Server.CLOSED, M, False))
    | dict.fromkeys((Kind.INPUT, Kind.ACT, Kind.PING, Kind.REST), (Server.LIVE, None, True))
    | {Kind.LEAVE: (Server.CLOSED, CloseCode.LEFT, True)},
    live_server_with_datagrams: dict.fromkeys(CLIENT_KINDS, (Server.LIVE, None, True))
    | dict.fromkeys((Kind.REST,), (Server.CLOSED, M, False))
    | dict.fromkeys(HEALTH_KINDS + SFU_KINDS + CHAT_KINDS + OBJECT_KINDS + PLACE_KINDS, (Server.CLOSED, M, False))
    | dict.fromkeys((Kind.HELLO, Kind.MEDIA, Kind.SIGNAL), (Server.CLOSED, M, False))
    | {Kind.LEAVE: (Server.CLOSED, CloseCode.LEFT, True)},
    live_server_with_objects: dict.fromkeys(CLIENT_KINDS, (Server.LIVE, None, True))
    | dict.fromkeys(LANE_KINDS + HEALTH_KINDS + SFU_KINDS + CHAT_KINDS + PLACE_KINDS, (Server.CLOSED, M, False))
    | dict.fromkeys((Kind.HELLO, Kind.MEDIA, Kind.SIGNAL), (Server.CLOSED, M, False))
    | {Kind.LEAVE: (Server.CLOSED, CloseCode.LEFT, True)},
    live_server_with_places: dict.fromkeys(CLIENT_KINDS, (Server.LIVE, None, True))
    | dict.fromkeys(LANE_KINDS + HEALTH_KINDS + SFU_KINDS + CHAT_KINDS + OBJECT_KINDS, (Server.CLOSED, M, False))
    | dict.fromkeys((Kind.HELLO, Kind.MEDIA, Kind.SIGNAL), (Server.CLOSED, M, False))
    | {Kind.LEAVE: (Server.CLOSED, CloseCode.LEFT, True)},
    closed_server: dict.fromkeys(CLIENT_KINDS, (Server.CLOSED, None, False)),
}


def goodbyes(session: ServerSession) -> list[int]:
    messages: list[ServerMessage] = [decode_server(data) for data in session.data_to_send()]
    return [message.code for message in messages if isinstance(message, Goodbye)]


@pytest.mark.parametrize("kind", sorted(CLIENT_KINDS), ids=lambda kind: kind.name)
@pytest.mark.parametrize("make", SERVER_TABLE, ids=lambda make: make.__name__)
def test_a_server_goes_where_the_table_says(make: Callable[[], ServerSession], kind: Kind) -> None:
    state, code, handed = SERVER_TABLE[make][kind]
    session = make()
    received = session.receive_data(WIRE[kind], 0.0)
    assert session.state is state
    assert session.close_code == code
    assert received == ([SAMPLE[kind]] if handed else [])
    assert goodbyes(session) == ([code] if code else [])


@pytest.mark.parametrize("data", [*STRANGE.values(), *(WIRE[kind] for kind in sorted(SERVER_KINDS))])
@pytest.mark.parametrize("make", SERVER_TABLE, ids=lambda make: make.__name__)
def test_a_server_closes_for_anything_that_is_no_message_of_a_client(
    make: Callable[[], ServerSession], data: bytes
) -> None:
    session = make()
    was_closed = session.state is Server.CLOSED
    assert session.receive_data(data, 0.0) == []
    assert session.state is Server.CLOSED
    assert goodbyes(session) == ([] if was_closed else [M])


def test_the_server_table_has_every_state() -> None:
    assert {make().state for make in SERVER_TABLE} == set(Server)
    assert all(row.keys() == CLIENT_KINDS for row in SERVER_TABLE.values())


# --- the client -----------------------------------------------------------------------------------------------------


def idle_client() -> ClientSession:
    return ClientSession()


def greeting_client() -> ClientSession:
    session = idle_client()
    session.connect("t" * 20)
    return session


def live_client() -> ClientSession:
    session = greeting_client()
    session.receive_data(WIRE[Kind.WELCOME], 0.0)
    return session


def closed_client() -> ClientSession:
    session = live_client()
    session.connection_lost()
    return session


# Section 6.1: state -> what arrives -> (next state, is it handed to the caller?)
CLIENT_TABLE: dict[Callable[[], ClientSession], dict[Kind, tuple[Client, bool]]] = {
    idle_client: dict.fromkeys(SERVER_KINDS, (Client.IDLE, False)),
    greeting_client: dict.fromkeys(SERVER_KINDS, (Client.CLOSED, False))
    | {Kind.WELCOME: (Client.LIVE, True), Kind.GOODBYE: (Client.CLOSED, True)},
    live_client: dict.fromkeys(SERVER_KINDS, (Client.LIVE, True))
    | {Kind.WELCOME: (Client.CLOSED, False), Kind.GOODBYE: (Client.CLOSED, True)},
    closed_client: dict.fromkeys(SERVER_KINDS, (Client.CLOSED, False)),
}


@pytest.mark.parametrize("kind", sorted(SERVER_KINDS), ids=lambda kind: kind.name)
@pytest.mark.parametrize("make", CLIENT_TABLE, ids=lambda make: make.__name__)
def test_a_client_goes_where_the_table_says(make: Callable[[], ClientSession], kind: Kind) -> None:
    state, handed = CLIENT_TABLE[make][kind]
    session = make()
    assert session.receive_data(WIRE[kind], 0.0) == ([SAMPLE[kind]] if handed else [])
    assert session.state is state


@pytest.mark.parametrize("data", [*STRANGE.values(), *(WIRE[kind] for kind in sorted(CLIENT_KINDS))])
@pytest.mark.parametrize("make", [greeting_client, live_client], ids=lambda make: make.__name__)
def test_a_client_closes_for_anything_that_is_no_message_of_a_server(
    make: Callable[[], ClientSession], data: bytes
) -> None:
    session = make()
    assert session.receive_data(data, 0.0) == []
    assert (session.state, session.close_code, session.resume_token) == (Client.CLOSED, M, None)


def test_the_client_table_has_every_state() -> None:
    assert {make().state for make in CLIENT_TABLE} == set(Client)
    assert all(row.keys() == SERVER_KINDS for row in CLIENT_TABLE.values())
