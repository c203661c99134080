"""What the server's ends of `/ws/global` and `/ws/documents` have in common: bytes and time in, bytes out.

GREETING --first message--> (the caller decides) --accept--> LIVE --close, violation--> CLOSED
         \\--refuse, violation, 5 s of silence--------------------------------------/
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from protocol.constants import CloseCode
from protocol.errors import InvalidStateError, MalformedError
from protocol.messages import Goodbye
from protocol.server_session import State

First = TypeVar("First")
Says = TypeVar("Says")


class GreetedSession(Generic[First, Says]):
    """One connection that begins with one message of its client's. Never raises for what the peer sends: the state
    becomes CLOSED and `close_code` says why."""

    def __init__(self, first: type[First], encode: Callable[[Any], bytes], deadline: float) -> None:
        """`first`: the kind of message that comes first. `deadline`: until when, on the caller's clock, s."""
        self.state = State.GREETING
        self.version = 0
        self.close_code: int | None = None
        """Why this end closed the connection; None: it did not."""
        self.close_reason = ""
        self._first, self._encode, self._deadline = first, encode, deadline
        self._greeting: First | None = None
        self._out: list[bytes] = []

    def receive_text(self) -> None:
        """A WebSocket text message arrived (section 1)."""
        self.close(CloseCode.MALFORMED, "a text message")

    def connection_lost(self) -> None:
        """The transport is gone; nothing can be said any more."""
        self.state = State.CLOSED
        self._out.clear()

    def next_timeout(self) -> float | None:
        """When `handle_timeout` is due, or None."""
        return self._deadline if self.state is State.GREETING and self._greeting is None else None

    def handle_timeout(self, now: float) -> None:
        """Close a connection that has not greeted in time."""
        due = self.next_timeout()
        if due is not None and now >= due:
            self.close(CloseCode.HELLO_TIMEOUT, f"no {self._first.__name__.upper()} in time")

    def send(self, message: Says) -> None:
        """Queue a message of a LIVE connection."""
        self.send_encoded(self._encode(message))

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
        self._out.append(self._encode(Goodbye(int(code), reason, retry_ms)))

    def data_to_send(self) -> list[bytes]:
        """Messages to write, in order; each is returned once."""
        out = self._out
        self._out = []
        return out

    def _check_turn(self, message: object) -> None:
        """Raises `MalformedError`: the first message comes once, the others after its answer."""
        greets = isinstance(message, self._first)
        if self._greeting is not None if greets else self.state is not State.LIVE:
            raise MalformedError(f"{type(message).__name__.upper()} is not allowed now")

    def _live(self) -> None:
        """The caller answers the first message."""
        if self.state is not State.GREETING or self._greeting is None:
            raise InvalidStateError(f"accept() needs {self._first.__name__.upper()} that waits for its answer")
        self.state = State.LIVE
