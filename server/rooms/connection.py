"""A connection as a room sees it: the sans-IO session of the wire and the outbox, joined."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from protocol.constants import CloseCode
from protocol.event_log import EventLog
from protocol.messages import ClientDatagram, ClientMessage, ServerMessage, Welcome
from protocol.server_session import ServerSession, State
from server.rooms.outbox import Datagrams, Outbox, Transport
from server.settings import Settings


class Connection:
    """One client's connection. Nothing here awaits; `on_close` is called once, when the transport is to be closed."""

    def __init__(
        self, transport: Transport, settings: Settings, now: float, on_close: Callable[[int, str], None]
    ) -> None:
        """`on_close(code, reason)`: close the transport once the bytes written so far are out."""
        self.wire = ServerSession(
            now,
            hello_timeout=settings.hello_timeout_s,
            message_rate=settings.message_rate,
            message_burst=settings.message_burst,
        )
        self.outbox = Outbox(transport, buffer_high=settings.write_buffer_high, event_bytes=settings.outbox_event_bytes)
        self.carrier: Datagrams | None = None
        """What was bound to this connection to carry its snapshots (STANDARD.md section 13.3)."""
        self._on_close = on_close
        self._ended = False

    @property
    def features(self) -> int:
        """The agreed feature bits."""
        return self.wire.features

    @property
    def live(self) -> bool:
        """Whether the client is in the room."""
        return self.wire.state is State.LIVE

    @property
    def greeting(self) -> bool:
        """Whether a HELLO may still be answered."""
        return self.wire.state is State.GREETING

    def receive(self, data: bytes, now: float) -> list[ClientMessage]:
        """What the client said, decoded and allowed by the state; empty if there is nothing to act upon."""
        messages = self.wire.receive_data(data, now)
        self.pump()
        return messages

    def receive_datagram(self, data: bytes, now: float) -> ClientDatagram | None:
        """What a datagram of the bound carrier says; None: nothing to act upon."""
        return self.wire.receive_datagram(data, now)

    def move_lane(self, *, datagrams: bool) -> bool:
        """Let snapshots go over the bound carrier, or with the events again. Returns whether they go as datagrams."""
        self.outbox.carry_snapshots(self.carrier if datagrams and self.live else None)
        return self.outbox.on_datagrams

    def receive_text(self) -> None:
        """A text message: against the standard."""
        self.wire.receive_text()
        self.pump()

    def receive_control(self, now: float) -> bool:
        """A WebSocket PING or PONG; whether a PING is to be answered."""
        answer = self.wire.receive_control(now)
        self.pump()
        return answer

    def check_timeout(self, now: float) -> None:
        """End a connection that has not said HELLO in time."""
        self.wire.handle_timeout(now)
        self.pump()

    def accept(self, welcome: Welcome, log: EventLog, missed: Iterable[bytes] = ()) -> None:
        """Let the client in."""
        self.wire.accept(welcome, log, missed)
        self.pump()

    def send_event(self, message: bytes) -> None:
        """Queue an event, counted and kept for a resume."""
        if self.wire.state is State.LIVE and not self._ended:
            self.wire.note_event(message)
            self.outbox.put_event(message)

    def send_events(self, messages: Collection[bytes]) -> None:
        """As `send_event`, several at once."""
        if self.live:
            self.wire.send_events(messages)
            self.pump()

    def send(self, message: ServerMessage) -> None:
        """Queue a message of this client's own."""
        if self.live:
            self.wire.send(message)
            self.pump()

    def close(self, code: CloseCode, reason: str, retry_ms: int | None = None) -> None:
        """Say GOODBYE and end the connection."""
        self.wire.close(code, reason, retry_ms)
        self.pump()

    def abort(self) -> None:
        """Drop the connection: the client does not read, so GOODBYE would not arrive."""
        self.wire.connection_lost()
        self._ended = True
        self.outbox.abort()

    def lost(self) -> None:
        """The transport is gone."""
        self.wire.connection_lost()
        self._ended = True

    def pump(self) -> None:
        """Write what the wire has to say, and close the transport if that was its last word."""
        if self._ended:
            return
        waiting = self.wire.data_to_send()
        if waiting:
            self.outbox.put_events(waiting)
        if self.wire.close_code is not None:
            self._ended = True
            self.outbox.close()
            self._on_close(int(self.wire.close_code), self.wire.close_reason)
