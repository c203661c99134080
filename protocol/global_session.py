"""The server's end of one connection to `/ws/global` (STANDARD.md section 8): bytes and time in, bytes out.

GREETING --GREET--> (the caller decides) --accept--> LIVE --close, violation--> CLOSED
         \\--refuse, violation, 5 s of silence-----------------------------/
"""

from typing import Final

from protocol.constants import (
    FLOOD_FACTOR,
    FLOOD_WINDOW_S,
    HELLO_TIMEOUT_S,
    CloseCode,
)
from protocol.errors import InvalidStateError, MalformedError
from protocol.global_messages import (
    CHAT_VERSION,
    GLOBAL_VERSION,
    GlobalClientMessage,
    GlobalServerMessage,
    Greet,
    decode_global_client,
    encode_global,
)
from protocol.messages import Error, Goodbye, Say, Type, client_message_limit
from protocol.server_session import State
from protocol.token_bucket import FloodGate, TokenBucket

GLOBAL_RATE: Final = 10
GLOBAL_BURST: Final = 20
_TOO_FAST_INTERVAL_S: Final = 1.0


class GlobalSession:
    """One connection. Never raises for what the peer sends: the state becomes CLOSED and `close_code` says why."""

    def __init__(self, now: float, *, hello_timeout: float = HELLO_TIMEOUT_S) -> None:
        """`now`: seconds on any clock that does not run backwards; the same one everywhere."""
        self.state = State.GREETING
        self.greet: Greet | None = None
        """The GREET, from its arrival on; the caller answers it with `accept` or `close`."""
        self.version = 0
        self.close_code: int | None = None
        """Why this end closed the connection; None: it did not."""
        self.close_reason = ""
        self.discarded = 0
        """Messages beyond the rate limit."""
        self._out: list[bytes] = []
        self._deadline = now + hello_timeout
        self._bucket = TokenBucket(GLOBAL_RATE, GLOBAL_BURST, now)
        self._flood = FloodGate(int(FLOOD_FACTOR * GLOBAL_RATE * FLOOD_WINDOW_S), FLOOD_WINDOW_S, now)
        self._too_fast_said = now - _TOO_FAST_INTERVAL_S

    def receive_data(self, data: bytes | memoryview, now: float) -> GlobalClientMessage | None:
        """One WebSocket binary message. Returns what the caller has to act upon, or None."""
        if self.state is State.CLOSED:
            return None
        if self._flood.count(now):
            self.close(CloseCode.FLOOD, "far above the rate limit")
            return None
        if not self._bucket.take(now):
            self._discard(data, now)
            return None
        try:
            message = decode_global_client(data)
            greets = isinstance(message, Greet)
            if self.greet is not None if greets else self.state is not State.LIVE:
                raise MalformedError(f"{type(message).__name__.upper()} is not allowed now")
            if isinstance(message, Say | Type) and self.version < CHAT_VERSION:
                raise MalformedError("chat was not agreed on")
        except MalformedError as error:
            self.close(CloseCode.MALFORMED, error.reason)
            return None
        if isinstance(message, Greet):
            self.greet = message
            self.version = min(message.version, GLOBAL_VERSION)
        return message

    def receive_text(self) -> None:
        """A WebSocket text message arrived (section 1)."""
        self.close(CloseCode.MALFORMED, "a text message")

    def connection_lost(self) -> None:
        """The transport is gone; nothing can be said any more."""
        self.state = State.CLOSED
        self._out.clear()

    def next_timeout(self) -> float | None:
        """When `handle_timeout` is due, or None."""
        return self._deadline if self.state is State.GREETING and self.greet is None else None

    def handle_timeout(self, now: float) -> None:
        """Close a connection that has not said GREET in time."""
        due = self.next_timeout()
        if due is not None and now >= due:
            self.close(CloseCode.HELLO_TIMEOUT, "no GREET in time")

    def accept(self) -> None:
        """Answer the GREET: from now on messages can be sent."""
        if self.state is not State.GREETING or self.greet is None:
            raise InvalidStateError("accept() needs a GREET that waits for its answer")
        self.state = State.LIVE

    def send(self, message: GlobalServerMessage) -> None:
        """Queue a message of a LIVE connection."""
        self.send_encoded(encode_global(message))

    def send_encoded(self, data: bytes) -> None:
        """Queue the bytes of a message of a LIVE connection."""
        if self.state is not State.LIVE:
            raise InvalidStateError(f"nothing but GOODBYE can be sent while {self.state.value}")
        self._out.append(data)

    def close(self, code: int, reason: str, retry_ms: int | None = None) -> None:
        """Queue GOODBYE; the connection is to be closed with `code` once `data_to_send` is written. Idempotent."""
        if self.state is State.CLOSED:
            return
        self.state = State.CLOSED
        self.close_code = int(code)
        self.close_reason = reason
        self._out.append(encode_global(Goodbye(int(code), reason, retry_ms)))

    def data_to_send(self) -> list[bytes]:
        """Messages to write, in order; each is returned once."""
        out = self._out
        self._out = []
        return out

    def _discard(self, data: bytes | memoryview, now: float) -> None:
        self.discarded += 1
        if len(data) > client_message_limit(data):
            self.close(CloseCode.MALFORMED, "too long")
        elif self.state is State.LIVE and now - self._too_fast_said >= _TOO_FAST_INTERVAL_S:
            self._too_fast_said = now
            self.send(Error(0, "too_fast", "Too many messages; some were discarded."))
