"""The server's end of one connection (section 6.1): bytes and time in, messages and bytes out.

GREETING --HELLO--> (the caller decides) --accept--> LIVE --LEAVE, close, violation--> CLOSED
         \\--refuse, violation, 5 s of silence------------------------------------/
"""

from collections.abc import Callable, Collection, Iterable
from enum import Enum
from typing import Any, Final, TypeAlias

from protocol.constants import (
    ALL_FEATURES,
    COUNTED_KINDS,
    DATAGRAM_BURST,
    DATAGRAM_RATE,
    FLOOD_FACTOR,
    FLOOD_WINDOW_S,
    HELLO_REFUSALS,
    HELLO_TIMEOUT_S,
    MESSAGE_BURST,
    MESSAGE_RATE,
    MINOR_VERSION,
    PLACE_VERBS,
    CloseCode,
    Feature,
    Kind,
    Verb,
)
from protocol.errors import InvalidStateError, MalformedError, ProtocolError
from protocol.event_log import EventLog
from protocol.messages import (
    KIND_OF,
    Act,
    Answer,
    Candidate,
    ClientDatagram,
    ClientMessage,
    Delivery,
    Describe,
    Error,
    Goodbye,
    Hand,
    Health,
    Hello,
    Input,
    Lane,
    Leave,
    Media,
    Ping,
    React,
    Rest,
    Say,
    ServerMessage,
    Signal,
    Type,
    Use,
    View,
    Wave,
    Welcome,
    client_message_limit,
    decode_client,
    decode_client_datagram,
    encode,
)
from protocol.token_bucket import Bucket, FloodGate, Gate, TokenBucket

_TOO_FAST_INTERVAL_S: Final = 1.0
_INPUT_KIND_BYTE: Final = int(Kind.INPUT)


class State(Enum):
    """States of a connection, section 6.1."""

    GREETING = "greeting"
    LIVE = "live"
    CLOSED = "closed"


class ServerSession:
    """One connection. Never raises for what the peer sends: the state becomes CLOSED and `close_code` says why."""

    __slots__ = (
        "_datagrams",
        "_hello_deadline",
        "_log",
        "_out",
        "_too_fast_said",
        "bucket",
        "close_code",
        "close_reason",
        "discarded",
        "discarded_datagrams",
        "features",
        "flood",
        "hello",
        "state",
        "version",
    )

    def __init__(
        self,
        now: float,
        *,
        hello_timeout: float = HELLO_TIMEOUT_S,
        message_rate: float = MESSAGE_RATE,
        message_burst: float = MESSAGE_BURST,
        features: int = ALL_FEATURES,
    ) -> None:
        """`now`: seconds on any clock that does not run backwards; the same one everywhere."""
        self.state = State.GREETING
        self.hello: Hello | None = None
        """The HELLO, from its arrival on; the caller answers it with `accept` or `refuse`."""
        self.version = 0
        self.features = features
        """Offered bits; from the HELLO on, the agreed ones."""
        self.close_code: CloseCode | None = None
        """Why this end closed the connection; None: it did not."""
        self.close_reason = ""
        self.discarded = 0
        """Messages beyond the rate limit."""
        self.discarded_datagrams = 0
        """Datagrams beyond theirs, and malformed ones."""
        self._out: list[bytes] = []
        self._log: EventLog | None = None
        self._hello_deadline = now + hello_timeout
        self.bucket: Bucket = TokenBucket(message_rate, message_burst, now)
        """What may still be said; whoever takes messages in another way counts them here, too, or puts its own."""
        self.flood: Gate = FloodGate(int(FLOOD_FACTOR * message_rate * FLOOD_WINDOW_S), FLOOD_WINDOW_S, now)
        """As `bucket`: what ends the connection."""
        self._too_fast_said = now - _TOO_FAST_INTERVAL_S
        self._datagrams = TokenBucket(DATAGRAM_RATE, DATAGRAM_BURST, now)

    # --- what the peer does -----------------------------------------------------------------------------------------

    def receive_data(self, data: bytes | memoryview, now: float) -> list[ClientMessage]:
        """One WebSocket binary message. Returns what the caller has to act upon: none or one message.

        LEAVE is answered here and returned; HELLO is returned and waits for `accept` or `refuse`.
        """
        if self.state is State.CLOSED:
            return []
        if not self.bucket.take(now):
            return self._discard(data, now)
        if self.flood.count(now):
            return self._flooded()
        try:
            message = decode_client(data)
            state, handler = _RULES[type(message)]
            if state is not self.state:
                raise MalformedError(f"{type(message).__name__.upper()} is not allowed now")
            if handler is not None:
                handler(self, message)
        except ProtocolError as error:
            self.close(error.close_code, error.reason)
            return []
        return [message]

    def receive_datagram(self, data: bytes, now: float) -> ClientDatagram | None:
        """One datagram of the carrier that is bound (section 13). None: nothing to act upon; no datagram ever ends the
        connection, for nobody knows on which way it was damaged."""
        if self.state is not State.LIVE or not self.features & Feature.DATAGRAMS:
            return None
        if not self._datagrams.take(now):
            self.discarded_datagrams += 1
            return None
        try:
            return decode_client_datagram(data)
        except MalformedError:
            self.discarded_datagrams += 1
            return None

    def receive_text(self) -> None:
        """A WebSocket text message arrived (section 1)."""
        self.close(CloseCode.MALFORMED, "a text message")

    def receive_control(self, now: float) -> bool:
        """A WebSocket PING or PONG (RFC 6455 section 5.5). Whether a PING is to be answered.

        It costs what a message costs: otherwise it would be the one way to flood that nobody counts.
        """
        if self.state is State.CLOSED:
            return False
        if not (allowed := self.bucket.take(now)):
            self.discarded += 1
        if self.flood.count(now):
            self._flooded()
            return False
        return allowed

    def connection_lost(self) -> None:
        """The transport is gone; nothing can be said any more."""
        self.state = State.CLOSED
        self._out.clear()

    def next_timeout(self) -> float | None:
        """When `handle_timeout` is due, or None."""
        return self._hello_deadline if self.state is State.GREETING and self.hello is None else None

    def handle_timeout(self, now: float) -> None:
        """Close a connection that has not said HELLO in time."""
        due = self.next_timeout()
        if due is not None and now >= due:
            self.close(CloseCode.HELLO_TIMEOUT, "no HELLO in time")

    # --- what the caller decides ------------------------------------------------------------------------------------

    def accept(self, welcome: Welcome, log: EventLog | None = None, missed: Iterable[bytes] = ()) -> None:
        """Answer the HELLO: WELCOME, then the `missed` events, already counted. From now on `log` counts and keeps."""
        if self.state is not State.GREETING or self.hello is None:
            raise InvalidStateError("accept() needs a HELLO that waits for its answer")
        self.state = State.LIVE
        self._log = log
        self._out.append(encode(welcome))
        self._out.extend(missed)

    def refuse(self, code: CloseCode, reason: str, retry_ms: int | None = None) -> None:
        """Answer the HELLO with GOODBYE and one of `HELLO_REFUSALS`."""
        if self.state is not State.GREETING or self.hello is None or code not in HELLO_REFUSALS:
            raise InvalidStateError("refuse() needs a HELLO that waits for its answer, and a code of section 6.1")
        self.close(code, reason, retry_ms)

    def send(self, message: ServerMessage) -> None:
        """Queue a message of a LIVE connection."""
        self.send_encoded(encode(message), counted=KIND_OF[type(message)] in COUNTED_KINDS)

    def send_encoded(self, data: bytes, *, counted: bool) -> None:
        """Queue the bytes of a message; `counted`: it is of the event lane and raises the counter (section 6.2)."""
        if self.state is not State.LIVE:
            raise InvalidStateError(f"nothing but GOODBYE can be sent while {self.state.value}")
        if counted and self._log is not None:
            self._log.append(data)
        self._out.append(data)

    def note_event(self, data: bytes) -> None:
        """As `send_encoded`, for a message of the event lane that the caller writes by itself, behind what
        `data_to_send` returned last: a thousand clients may be told something in a tick, and this costs half."""
        if self.state is not State.LIVE:
            raise InvalidStateError(f"nothing but GOODBYE can be sent while {self.state.value}")
        if self._log is not None:
            self._log.append(data)

    def send_events(self, messages: Collection[bytes]) -> None:
        """As `send_encoded`, several messages of the event lane at once."""
        if self.state is not State.LIVE:
            raise InvalidStateError(f"nothing but GOODBYE can be sent while {self.state.value}")
        if self._log is not None:
            self._log.extend(messages)
        self._out.extend(messages)

    def close(self, code: CloseCode, reason: str, retry_ms: int | None = None) -> None:
        """Queue GOODBYE; the connection is to be closed with `code` once `data_to_send` is written. Idempotent."""
        if self.state is State.CLOSED:
            return
        self.state = State.CLOSED
        self.close_code = code
        self.close_reason = reason
        self._out.append(encode(Goodbye(int(code), reason, retry_ms)))

    def data_to_send(self) -> list[bytes]:
        """Messages to write, in order; each is returned once."""
        out = self._out
        self._out = []
        return out

    # --- parts ------------------------------------------------------------------------------------------------------

    def _greet(self, hello: Hello) -> None:
        if self.hello is not None:
            raise MalformedError("a second HELLO")
        self.hello = hello
        self.version = min(hello.version, MINOR_VERSION)
        self.features &= hello.features
        if not self.features & Feature.MEDIA:
            self.features &= ~(Feature.SFU | Feature.HEALTH)

    def _leave(self, _: Leave) -> None:
        self.close(CloseCode.LEFT, "left")

    def _act(self, message: Act) -> None:
        if message.verb == Verb.PORTAL.value and not self.features & Feature.PEOPLE:
            raise MalformedError("ACT on a portal without the feature people")
        if message.verb in PLACE_VERBS:
            self._use_places(message)

    def _use_media(self, message: Media | Signal) -> None:
        if not self.features & Feature.MEDIA:
            raise MalformedError(f"{type(message).__name__.upper()} without the feature media")

    def _use_sfu(self, message: Describe | Candidate | Delivery | View) -> None:
        if not self.features & Feature.SFU:
            raise MalformedError(f"{type(message).__name__.upper()} without the feature sfu")

    def _use_chat(self, message: Say | Type | React | Hand | Wave) -> None:
        if not self.features & Feature.CHAT:
            raise MalformedError(f"{type(message).__name__.upper()} without the feature chat")
        if isinstance(message, Say | Type) and message.to is not None:
            raise MalformedError("the direct channel goes across rooms")

    def _use_places(self, message: Act | Answer) -> None:
        if not self.features & Feature.PLACES:
            raise MalformedError(f"{type(message).__name__.upper()} without the feature places")

    def _use_objects(self, message: Use) -> None:
        if not self.features & Feature.OBJECTS:
            raise MalformedError("USE without the feature objects")

    def _use_health(self, message: Health) -> None:
        if not self.features & Feature.HEALTH:
            raise MalformedError("HEALTH without the feature health")

    def _use_datagrams(self, _: Lane) -> None:
        if not self.features & Feature.DATAGRAMS:
            raise MalformedError("LANE without the feature datagrams")

    def _rest(self, _: Rest) -> None:
        if not self.features & Feature.REST:
            raise MalformedError("REST without the feature rest")

    def _discard(self, data: bytes | memoryview, now: float) -> list[ClientMessage]:
        """Beyond the rate limit: not even decoded, so that a flood stays cheap (sections 5.9 and 6.3)."""
        self.discarded += 1
        if self.flood.count(now):
            return self._flooded()
        if len(data) > client_message_limit(data):
            self.close(CloseCode.MALFORMED, "too long")
            return []
        event_lane = len(data) > 1 and data[1] != _INPUT_KIND_BYTE
        # One notice a second is enough: answering each message would give the flood a second direction.
        if self.state is State.LIVE and event_lane and now - self._too_fast_said >= _TOO_FAST_INTERVAL_S:
            self._too_fast_said = now
            self.send(Error(0, "too_fast", "Too many messages; some were discarded."))
        return []

    def _flooded(self) -> list[ClientMessage]:
        self.close(CloseCode.FLOOD, "far above the rate limit")
        return []


_Handler: TypeAlias = Callable[[ServerSession, Any], None]
_RULES: Final[dict[type[ClientMessage], tuple[State, _Handler | None]]] = {
    Hello: (State.GREETING, ServerSession._greet),
    Input: (State.LIVE, None),
    Act: (State.LIVE, ServerSession._act),
    Ping: (State.LIVE, None),
    Leave: (State.LIVE, ServerSession._leave),
    Media: (State.LIVE, ServerSession._use_media),
    Signal: (State.LIVE, ServerSession._use_media),
    Describe: (State.LIVE, ServerSession._use_sfu),
    Candidate: (State.LIVE, ServerSession._use_sfu),
    Delivery: (State.LIVE, ServerSession._use_sfu),
    View: (State.LIVE, ServerSession._use_sfu),
    Say: (State.LIVE, ServerSession._use_chat),
    Type: (State.LIVE, ServerSession._use_chat),
    React: (State.LIVE, ServerSession._use_chat),
    Hand: (State.LIVE, ServerSession._use_chat),
    Wave: (State.LIVE, ServerSession._use_chat),
    Answer: (State.LIVE, ServerSession._use_places),
    Use: (State.LIVE, ServerSession._use_objects),
    Health: (State.LIVE, ServerSession._use_health),
    Lane: (State.LIVE, ServerSession._use_datagrams),
    Rest: (State.LIVE, ServerSession._rest),
}
"""In which state a client may send what, and what this end does itself (section 6.1); anything else is malformed."""
