"""The client's end of a session (section 6): bytes and time in, messages and bytes out, across reconnects.

IDLE --connect, resume--> GREETING --WELCOME--> LIVE --GOODBYE, violation, loss--> CLOSED --connect, resume--> ...
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, TypeAlias

from protocol.constants import (
    COUNTED_KINDS,
    DATAGRAM_INPUT_INTERVAL_S,
    IDLE_INPUT_INTERVAL_S,
    MAX_COURSES,
    MINOR_VERSION,
    RESUMABLE,
    WALKER_FEATURES,
    Continuity,
    Verb,
)
from protocol.errors import InvalidStateError, MalformedError, ProtocolError
from protocol.messages import (
    KIND_OF,
    Act,
    Answered,
    AreaList,
    Asked,
    Backend,
    Barred,
    Carriers,
    Changed,
    Described,
    Door,
    Error,
    GestureMade,
    Goodbye,
    Hello,
    Input,
    Inside,
    Joined,
    Lane,
    Leave,
    Left,
    Links,
    MediaState,
    ObjectEvent,
    ObjectGone,
    ObjectList,
    ObjectPut,
    ObjectState,
    Ping,
    Plan,
    Pong,
    Portal,
    Presence,
    Probe,
    Proximity,
    Quality,
    Removed,
    Rest,
    Roster,
    Said,
    Sent,
    ServerDatagram,
    ServerMessage,
    Signaled,
    Slots,
    Snapshot,
    Stances,
    Typing,
    Welcome,
    decode_server,
    decode_server_datagram,
    encode,
)


class State(Enum):
    """States of a connection, section 6.1; IDLE is before the first."""

    IDLE = "idle"
    GREETING = "greeting"
    LIVE = "live"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class PendingCourse:
    """A course that was sent and that no snapshot covers yet."""

    seq: int
    course: int
    tick: int
    """When it takes effect; 0: at the next tick."""


class ClientSession:
    """One session in one room.

    Never raises for what the peer sends: the state becomes CLOSED, `close_code` and `close_reason` say why.
    """

    __slots__ = (
        "_ack",
        "_acked",
        "_agent",
        "_input_due",
        "_interval",
        "_last_input",
        "_offered",
        "_reliable",
        "_reliable_first",
        "avatar",
        "carriers",
        "close_code",
        "close_reason",
        "confirmed",
        "continuity",
        "epoch",
        "events",
        "features",
        "pending",
        "resume_token",
        "retry_ms",
        "seq",
        "state",
        "version",
        "welcome",
    )

    def __init__(self, *, agent: str = "", features: int = WALKER_FEATURES, reliable: bool = True) -> None:
        """`agent`: name of the program, up to 64 bytes; `reliable`: False over datagrams: courses are repeated."""
        self._agent = agent
        self._offered = features
        self._reliable = self._reliable_first = reliable
        self.state = State.IDLE
        self.version = 0
        self.features = 0
        self.avatar = 0
        self.carriers: Carriers | None = None
        """Where datagrams may go, for this connection (section 13.2)."""
        self.continuity: Continuity | None = None
        self.welcome: Welcome | None = None
        self.resume_token: bytes | None = None
        """Token for the next `resume`; None: a ticket is needed."""
        self.events = 0
        """Event-lane messages received (section 6.2)."""
        self.epoch = 0
        """Newest PROXIMITY epoch."""
        self.seq = 0
        """Number of the newest course sent."""
        self.confirmed = 0
        """Number of the newest course that a snapshot covers."""
        self.pending: list[PendingCourse] = []
        """Courses to replay over the authoritative state, oldest first."""
        self.close_code: int | None = None
        self.close_reason = ""
        self.retry_ms: int | None = None
        """When the server wants to be asked again, 0: at once; None: it did not say."""
        self._ack = 0
        self._acked = 0
        self._interval = IDLE_INPUT_INTERVAL_S
        self._last_input = float("-inf")
        self._input_due: float | None = None

    # --- connecting -------------------------------------------------------------------------------------------------

    def connect(self, ticket: str) -> bytes:
        """HELLO with a ticket, for a new connection."""
        return self._greet(Hello(MINOR_VERSION, self._offered, ticket, None, 0, self._agent))

    def resume(self) -> bytes:
        """HELLO with the resume token, for a new connection.

        The token is kept until the answer comes: a connection that breaks before the HELLO arrived has not used it up.
        """
        if self.resume_token is None:
            raise InvalidStateError("there is no resume token: connect with a ticket")
        return self._greet(Hello(MINOR_VERSION, self._offered, None, self.resume_token, self.events, self._agent))

    def connection_lost(self) -> None:
        """The transport is gone. With a resume token left, the session may be resumed."""
        if self.state is not State.CLOSED:
            self.state = State.CLOSED
            self._input_due = None

    # --- what the server says ---------------------------------------------------------------------------------------

    def receive_data(self, data: bytes | memoryview, now: float) -> list[ServerMessage]:
        """One WebSocket binary message. Returns what the caller has to act upon: none or one message.

        After a SNAPSHOT was given to the view, the caller says so with `snapshot_applied` or `baseline_lost`.
        """
        if self.state not in (State.GREETING, State.LIVE):
            return []
        try:
            message = decode_server(data)
            states, handler = _RULES[type(message)]
            if self.state not in states:
                raise MalformedError(f"{type(message).__name__.upper()} is not allowed now")
        except ProtocolError as error:
            self._close(int(error.close_code), error.reason)
            self.resume_token = None
            return []
        if KIND_OF[type(message)] in COUNTED_KINDS:
            self.events += 1
        if handler is not None:
            handler(self, message, now)
        return [message]

    def receive_datagram(self, data: bytes) -> ServerDatagram | None:
        """One datagram. Returns what the caller has to act upon; what is malformed is nothing at all."""
        if self.state is not State.LIVE:
            return None
        try:
            return decode_server_datagram(data)
        except MalformedError:
            return None

    def snapshot_applied(self, snapshot: Snapshot, now: float) -> None:
        """The view has applied `snapshot`: it will be acknowledged, and courses that it covers stop pending."""
        self._ack = max(self._ack, snapshot.tick)
        if snapshot.input is not None and snapshot.input > self.confirmed:
            self.confirmed = snapshot.input
            self.pending = [p for p in self.pending if p.seq > snapshot.input]
        # Over datagrams the next delta builds on what was acknowledged: news is worth a quick word, a heartbeat is not.
        self._want_input(now, quick=bool(snapshot.gone or snapshot.courses or snapshot.rows))

    def baseline_lost(self, now: float) -> None:
        """The view needs a complete snapshot (sections 5.5 and 5.6): acknowledge 0 until one was applied."""
        self._ack = 0
        self._want_input(now)

    # --- the state lane's carrier -----------------------------------------------------------------------------------

    def move_lane(self, datagrams: bool, now: float) -> bytes:
        """LANE: from now on the state lane goes over datagrams, or over the WebSocket again (section 13.3).

        The INPUT that goes with it is due at once: over the new way.
        """
        self._require_live()
        self._reliable = not datagrams
        self._input_due = now
        return encode(Lane(int(datagrams)))

    def probe(self, number: int) -> bytes:
        """PROBE, for a datagram."""
        if self.carriers is None:
            raise InvalidStateError("the server named no carriers")
        return encode(Probe(number, self.carriers.secret))

    # --- what the user does -----------------------------------------------------------------------------------------

    def course(self, course: int, tick: int, now: float) -> bytes:
        """INPUT with a new course that takes effect at `tick` (0: the next tick)."""
        self._require_live()
        self.seq += 1
        self.pending.append(PendingCourse(self.seq, course, tick))
        return self._input(now, self.pending[-1:] if self._reliable else self.pending[-MAX_COURSES:])

    def act(self, ref: int, verb: Verb, target: int) -> bytes:
        """ACT; `ref` (1 to 65535) comes back if it is refused."""
        self._require_live()
        return encode(Act(ref, verb.value, target))

    def ping(self, token: int) -> bytes:
        """PING; PONG brings `token` back."""
        self._require_live()
        if self._reliable:
            self._acked = self._ack
            self._input_due = None
        return encode(Ping(token, self._ack))

    def leave(self) -> bytes:
        """LEAVE: the session cannot be resumed; the server answers GOODBYE 4010."""
        self._require_live()
        self.resume_token = None
        return encode(Leave())

    def rest(self, rests: bool) -> bytes:
        """REST: nobody looks at what this client knows, or somebody does again (section 3.8)."""
        self._require_live()
        return encode(Rest(rests))

    # --- time -------------------------------------------------------------------------------------------------------

    def next_timeout(self) -> float | None:
        """When `poll` has something to send, or None."""
        return self._input_due

    def poll(self, now: float) -> bytes | None:
        """The INPUT that is due at `now` as an acknowledgement (over datagrams: with courses repeated), or None."""
        if self._input_due is None or now < self._input_due or self.state is not State.LIVE:
            return None
        return self._input(now, [] if self._reliable else self.pending[-MAX_COURSES:])

    # --- parts ------------------------------------------------------------------------------------------------------

    def _require_live(self) -> None:
        if self.state is not State.LIVE:
            raise InvalidStateError(f"the session is {self.state.value}")

    def _greet(self, hello: Hello) -> bytes:
        if self.state not in (State.IDLE, State.CLOSED):
            raise InvalidStateError(f"the session is {self.state.value}")
        self.state = State.GREETING
        self.close_code = None
        self.close_reason = ""
        self.retry_ms = None
        return encode(hello)

    def _welcomed(self, welcome: Welcome, now: float) -> None:
        self.state = State.LIVE
        self.welcome = welcome
        self.version = welcome.version
        self.features = welcome.features
        self.continuity = Continuity(welcome.continuity)
        self.avatar = welcome.avatar
        self.events = welcome.events
        self.resume_token = welcome.resume
        # The server ended whatever course was under way when the connection was lost.
        self.pending = []
        self._reliable = self._reliable_first
        self.carriers = None
        self._interval = max(welcome.limits.ack_ms / 1000, IDLE_INPUT_INTERVAL_S)
        self._last_input = now
        self._input_due = None
        if self.continuity is Continuity.FRESH:
            self.seq = self.confirmed = self.epoch = 0
        if self.continuity is not Continuity.RESUMED:
            self._ack = 0
        self._acked = self._ack

    def _dismissed(self, goodbye: Goodbye, _: float) -> None:
        self._close(goodbye.code, goodbye.reason)
        self.retry_ms = goodbye.retry_ms
        if goodbye.code not in RESUMABLE:
            self.resume_token = None

    def _may_use_datagrams(self, carriers: Carriers, _: float) -> None:
        self.carriers = carriers

    def _came_near(self, proximity: Proximity, _: float) -> None:
        self.epoch = proximity.epoch

    def _close(self, code: int, reason: str) -> None:
        self.state = State.CLOSED
        self.close_code = code
        self.close_reason = reason
        self._input_due = None

    def _want_input(self, now: float, *, quick: bool = True) -> None:
        """Plan the next INPUT if something is unacknowledged (sections 3.2 and 13.4). `quick`: that matters soon."""
        if self._ack != self._acked or (not self._reliable and (self.pending or self._ack == 0)):
            interval = self._interval if self._reliable or not quick else DATAGRAM_INPUT_INTERVAL_S
            due = max(now, self._last_input + interval)
            self._input_due = due if self._input_due is None else min(due, self._input_due)

    @property
    def _repeat_after(self) -> float:
        """Seconds until an INPUT over datagrams is followed by another, whatever happens."""
        return DATAGRAM_INPUT_INTERVAL_S if self.pending or self._ack == 0 else self._interval

    def _input(self, now: float, courses: list[PendingCourse]) -> bytes:
        """INPUT with `courses`, oldest first."""
        self._acked = self._ack
        self._last_input = now
        self._input_due = None if self._reliable else now + self._repeat_after
        if not courses:
            return encode(Input(self._ack, self.seq, 0, b""))
        tick = courses[-1].tick
        packed = bytearray()
        before = 0
        for entry in reversed(courses):
            if tick and entry.tick:
                before = max(before, min(tick - entry.tick, 255))
            packed += bytes((entry.course, before))
        return encode(Input(self._ack, self.seq, tick, bytes(packed)))


_Handler: TypeAlias = Callable[[ClientSession, Any, float], None]
_ONLY_LIVE: Final = frozenset({State.LIVE})
_RULES: Final[dict[type[ServerMessage], tuple[frozenset[State], _Handler | None]]] = {
    Welcome: (frozenset({State.GREETING}), ClientSession._welcomed),
    Goodbye: (frozenset({State.GREETING, State.LIVE}), ClientSession._dismissed),
    Proximity: (_ONLY_LIVE, ClientSession._came_near),
    Snapshot: (_ONLY_LIVE, None),
    Roster: (_ONLY_LIVE, None),
    Joined: (_ONLY_LIVE, None),
    Left: (_ONLY_LIVE, None),
    Door: (_ONLY_LIVE, None),
    Pong: (_ONLY_LIVE, None),
    Error: (_ONLY_LIVE, None),
    MediaState: (_ONLY_LIVE, None),
    Signaled: (_ONLY_LIVE, None),
    Links: (_ONLY_LIVE, None),
    Presence: (_ONLY_LIVE, None),
    Portal: (_ONLY_LIVE, None),
    Changed: (_ONLY_LIVE, None),
    Carriers: (_ONLY_LIVE, ClientSession._may_use_datagrams),
    Backend: (_ONLY_LIVE, None),
    Plan: (_ONLY_LIVE, None),
    Described: (_ONLY_LIVE, None),
    Slots: (_ONLY_LIVE, None),
    Quality: (_ONLY_LIVE, None),
    Said: (_ONLY_LIVE, None),
    Sent: (_ONLY_LIVE, None),
    Removed: (_ONLY_LIVE, None),
    Typing: (_ONLY_LIVE, None),
    GestureMade: (_ONLY_LIVE, None),
    AreaList: (_ONLY_LIVE, None),
    Inside: (_ONLY_LIVE, None),
    Stances: (_ONLY_LIVE, None),
    Asked: (_ONLY_LIVE, None),
    Answered: (_ONLY_LIVE, None),
    Barred: (_ONLY_LIVE, None),
    ObjectList: (_ONLY_LIVE, None),
    ObjectPut: (_ONLY_LIVE, None),
    ObjectGone: (_ONLY_LIVE, None),
    ObjectState: (_ONLY_LIVE, None),
    ObjectEvent: (_ONLY_LIVE, None),
}
"""In which states a server may send what, and what this end does itself (section 6.1); anything else is malformed."""
