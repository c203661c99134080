"""The server's end of one connection to `/ws/global` (STANDARD.md section 8): bytes and time in, bytes out.

Its states are those of `protocol.greeted_session`, its first message is GREET.
"""

from typing import Final

from protocol.constants import FLOOD_FACTOR, FLOOD_WINDOW_S, HELLO_TIMEOUT_S, CloseCode
from protocol.errors import MalformedError
from protocol.global_messages import (
    CHAT_VERSION,
    GLOBAL_VERSION,
    GlobalClientMessage,
    GlobalServerMessage,
    Greet,
    decode_global_client,
    encode_global,
)
from protocol.greeted_session import GreetedSession
from protocol.messages import Error, Say, Type, client_message_limit
from protocol.server_session import State
from protocol.token_bucket import FloodGate, TokenBucket

GLOBAL_RATE: Final = 10
GLOBAL_BURST: Final = 20
_TOO_FAST_INTERVAL_S: Final = 1.0


class GlobalSession(GreetedSession[Greet, GlobalServerMessage]):
    """One connection. What comes too fast is discarded and counted."""

    def __init__(self, now: float, *, hello_timeout: float = HELLO_TIMEOUT_S) -> None:
        """`now`: seconds on any clock that does not run backwards; the same one everywhere."""
        super().__init__(Greet, encode_global, now + hello_timeout)
        self.discarded = 0
        """Messages beyond the rate limit."""
        self._bucket = TokenBucket(GLOBAL_RATE, GLOBAL_BURST, now)
        self._flood = FloodGate(int(FLOOD_FACTOR * GLOBAL_RATE * FLOOD_WINDOW_S), FLOOD_WINDOW_S, now)
        self._too_fast_said = now - _TOO_FAST_INTERVAL_S

    @property
    def greet(self) -> Greet | None:
        """The GREET, from its arrival on; the caller answers it with `accept` or `close`."""
        return self._greeting

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
            self._check_turn(message)
            if isinstance(message, Say | Type) and self.version < CHAT_VERSION:
                raise MalformedError("chat was not agreed on")
        except MalformedError as error:
            self.close(CloseCode.MALFORMED, error.reason)
            return None
        if isinstance(message, Greet):
            self._greeting = message
            self.version = min(message.version, GLOBAL_VERSION)
        return message

    def accept(self) -> None:
        """Answer the GREET: from now on messages can be sent."""
        self._live()

    def _discard(self, data: bytes | memoryview, now: float) -> None:
        self.discarded += 1
        if len(data) > client_message_limit(data):
            self.close(CloseCode.MALFORMED, "too long")
        elif self.state is State.LIVE and now - self._too_fast_said >= _TOO_FAST_INTERVAL_S:
            self._too_fast_said = now
            self.send(Error(0, "too_fast", "Too many messages; some were discarded."))
