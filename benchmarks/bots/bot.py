"""One bot: a person in a room, made of the wire's client session, a behaviour and a connection.

It draws nothing and predicts nothing, so it keeps no positions, unless it watches: then it computes the room like a
browser does, and verifies every checksum.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

from benchmarks.bots.behaviour import Behaviour
from benchmarks.bots.calls import Calls
from benchmarks.bots.chat import Chat
from benchmarks.bots.matching import Observer
from benchmarks.bots.measure import BotRecord, Measure
from protocol.client_session import ClientSession, State
from protocol.constants import WALKER_FEATURES, CloseCode, Feature
from protocol.messages import (
    Door,
    Error,
    Joined,
    Left,
    Links,
    Pong,
    Roster,
    Said,
    Sent,
    ServerMessage,
    Signaled,
    Snapshot,
    Welcome,
)
from protocol.view import ClientView

AGENT = "hallway-bots"
_COME_AGAIN: Final = frozenset({CloseCode.RESUME, CloseCode.RESTART})
"""Close codes after which a new ticket opens the door."""


class Timer(Protocol):
    """A call that will be made later."""

    def cancel(self) -> None:
        """Make it not happen."""


class Clock(Protocol):
    """Time for a bot; the event loop's outside, a script's in tests."""

    def now(self) -> float:
        """Seconds; never runs backwards."""

    def later(self, delay: float, call: Callable[[], None]) -> Timer:
        """Call `call` after `delay` seconds."""


class Link(Protocol):
    """Where a bot's messages go."""

    def send(self, payload: bytes) -> None:
        """Send one message."""

    def close(self, code: int = 1000, reason: str = "") -> None:
        """End the connection."""


class Life(Enum):
    """How far a bot has come."""

    JOINING = "joining"
    INSIDE = "inside"
    RETURNING = "returning"
    LEAVING = "leaving"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a bot does inside."""

    behaviour: Behaviour
    ping_s: float = 5.0
    """Seconds between two PINGs."""
    first_ping_s: float = 0.0
    """Seconds until the first one. Bots that begin together must not ping together."""
    room: int = 0
    """Number of the room, for the matching of courses."""
    media: bool = False
    """Whether it answers when others want to set up sound and picture."""
    datagrams: bool = False
    """Whether the room's state may come as datagrams."""
    chat_per_minute: float = 0.0
    """Messages that it writes, on average."""
    chat_seed: str = ""


class Bot:
    """The owner of a connection (see `connection.Owner`). `changed` is called when `life` changes."""

    def __init__(
        self, plan: Plan, measure: Measure, clock: Clock, changed: Callable[[Bot], None], *,
        view: Callable[[Welcome], ClientView] | None = None,
    ) -> None:  # fmt: skip
        """`view`: makes the view of a watching bot; None: this bot does not watch."""
        self.life = Life.JOINING
        self.why_gone = ""
        features = WALKER_FEATURES | (int(Feature.MEDIA) if plan.media else 0)
        features |= int(Feature.DATAGRAMS) if plan.datagrams else 0
        features |= int(Feature.CHAT) if plan.chat_per_minute > 0 else 0
        self.session = ClientSession(agent=AGENT, features=features)
        self.record = BotRecord(Observer(0, plan.room))
        self._calls = Calls(measure) if plan.media else None
        self._chat = Chat(measure, plan.chat_per_minute, plan.chat_seed) if plan.chat_per_minute > 0 else None
        self._plan = plan
        self._measure = measure
        self._clock = clock
        self._changed = changed
        self._make_view = view
        self._view: ClientView | None = None
        self._losses = 0
        self._link: Link | None = None
        self._ticket: str | None = None
        self._asked = 0.0
        self._walk: Timer | None = None
        self._ack: Timer | None = None
        self._ack_at = 0.0
        self._ping: Timer | None = None
        self._write: Timer | None = None
        self._pings: dict[int, float] = {}

    @property
    def newest_tick(self) -> int:
        """Of the newest snapshot that a watching bot has applied."""
        return self._view.newest_tick if self._view is not None else 0

    @property
    def may_return(self) -> bool:
        """Whether a bot that is gone may come back: with its resume token, else with a new ticket."""
        return self.session.resume_token is not None or self.session.close_code in _COME_AGAIN

    # --- what the swarm decides -------------------------------------------------------------------------------------

    def enter(self, link: Link, ticket: str | None, asked: float) -> None:
        """Use this link, which is about to open. `ticket`: None resumes the session; `asked`: when joining began."""
        self._link, self._ticket, self._asked = link, ticket, asked
        if self.life is Life.GONE:
            self.life = Life.RETURNING

    def start(self) -> None:
        """Begin to walk, to ping and to write."""
        self._next_move()
        self._next_message()
        self._ping = self._clock.later(self._plan.first_ping_s, self._send_ping)

    def leave(self) -> None:
        """Say goodbye; the server ends the connection."""
        self._rest()
        if self._link is not None and self.session.state is State.LIVE:
            self._become(Life.LEAVING)
            self._link.send(self.session.leave())

    # --- what the connection tells ----------------------------------------------------------------------------------

    def opened(self, now: float) -> None:
        """Greet."""
        if self._link is not None:
            greeting = self.session.resume() if self._ticket is None else self.session.connect(self._ticket)
            self._link.send(greeting)

    def received(self, payload: bytes, now: float) -> None:
        """One message from the server."""
        for message in self.session.receive_data(payload, now):
            self._handle(message, now)
        if self.session.state is State.CLOSED and self._link is not None and self.session.close_code is not None:
            link, self._link = self._link, None
            link.close(self.session.close_code, self.session.close_reason)

    def closed(self, code: int, reason: str, now: float) -> None:
        """The connection is gone."""
        self.session.connection_lost()
        self._rest()
        self._link = None
        # What is under way is lost, and after a restart somebody else may get this avatar's id.
        self._measure.connection_lost(self.record)
        told = self.session.close_code
        left = self.life is Life.LEAVING and (told == CloseCode.LEFT or told is None)
        self.why_gone = "" if left else f"{told or code} {self.session.close_reason or reason}".strip()
        self._become(Life.GONE)

    # --- parts ------------------------------------------------------------------------------------------------------

    def _handle(self, message: ServerMessage, now: float) -> None:
        if isinstance(message, Snapshot):
            self.snapshot(message, now)
        elif isinstance(message, Welcome):
            self._welcome(message)
        elif isinstance(message, Pong):
            sent = self._pings.pop(message.token, None)
            if sent is not None and self._measure.running:
                self._measure.pings.append(now - sent)
        elif isinstance(message, Door):
            if self._view is not None:
                self._view.door(message)
        elif isinstance(message, Said | Sent):
            if self._chat is not None:
                self._chat.receive(message, now)
        elif self._calls is not None and isinstance(message, Roster | Joined | Left | Links | Signaled):
            for signal in self._calls.receive(message, self.session.avatar, now):
                if self._link is not None:
                    self._link.send(signal)
        elif isinstance(message, Error):
            self._measure.error(f"ERROR {message.code}")

    def _welcome(self, welcome: Welcome) -> None:
        if self._make_view is not None and self._view is None:
            self._view = self._make_view(welcome)
        if self._view is not None:
            self._view.welcome(welcome)
        if welcome.continuity == 0:
            self.record = BotRecord(Observer(welcome.avatar, self._plan.room))
        else:
            self._measure.counts.resumed += 1

    def snapshot(self, snapshot: Snapshot, now: float, *, reliable: bool = True) -> None:
        """A snapshot; `reliable`: it came over the WebSocket."""
        self._measure.snapshot(self.record, snapshot, now)
        if self._view is None or self._watched(self._view, snapshot, reliable):
            self.session.snapshot_applied(snapshot, now)
        else:
            self.session.baseline_lost(now)
        self._plan_ack(now)
        if self.life is Life.JOINING:
            self._measure.joins.append(now - self._asked)
        if self.life in (Life.JOINING, Life.RETURNING):
            self._become(Life.INSIDE)

    def _watched(self, view: ClientView, snapshot: Snapshot, reliable: bool) -> bool:
        applied = view.apply(snapshot, reliable=reliable)
        counts = self._measure.counts
        counts.checked += snapshot.check is not None and applied
        losses = view.losses + view.mismatches
        counts.mismatches += losses - self._losses
        self._losses = losses
        return applied or view.ack != 0

    def acknowledge(self) -> None:
        """Say now what is due, and plan the next time."""
        if self._ack is not None:
            self._ack.cancel()
        self._acknowledge()

    def _plan_ack(self, now: float) -> None:
        due = self.session.next_timeout()
        if self._ack is not None:
            if due is None or due >= self._ack_at:
                return
            self._ack.cancel()
        self._ack_at = due or 0.0
        self._ack = None if due is None else self._clock.later(max(0.0, due - now), self._acknowledge)

    def _acknowledge(self) -> None:
        self._ack = None
        now = self._clock.now()
        message = self.session.poll(now)
        if message is not None and self._link is not None:
            self._link.send(message)
        self._plan_ack(now)

    def _next_move(self) -> None:
        move = next(self._plan.behaviour, None)
        if move is not None:
            self._walk = self._clock.later(move.after, lambda: self._move(move.course))

    def _move(self, course: int) -> None:
        if self._link is not None and self.session.state is State.LIVE:
            now = self._clock.now()
            self._measure.course_sent(self.record, course, self.session.seq + 1, now)
            self._link.send(self.session.course(course, 0, now))
        self._next_move()

    def _next_message(self) -> None:
        chat = self._chat
        if chat is not None:
            self._write = self._clock.later(chat.wait(), lambda: self._write_message(chat))

    def _write_message(self, chat: Chat) -> None:
        if self._link is not None and self.session.state is State.LIVE:
            self._link.send(chat.write(self._clock.now()))
        self._next_message()

    def _send_ping(self) -> None:
        if self._link is not None and self.session.state is State.LIVE:
            token = len(self._pings) + 1
            self._pings = {token: self._clock.now()}
            self._link.send(self.session.ping(token))
        self._ping = self._clock.later(self._plan.ping_s, self._send_ping)

    def _rest(self) -> None:
        for timer in (self._walk, self._ack, self._ping, self._write):
            if timer is not None:
                timer.cancel()
        self._walk = self._ack = self._ping = self._write = None

    def _become(self, life: Life) -> None:
        if self.life is not life:
            self.life = life
            self._changed(self)
