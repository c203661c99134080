"""The server's end of one connection to a document (STANDARD.md section 11): bytes and time in, bytes out.

GREETING --OPEN--> (the caller decides) --accept--> LIVE --close, violation--> CLOSED
         \\--refuse, violation, 5 s of silence----------------------------/
"""

from typing import Final

from protocol.constants import HELLO_TIMEOUT_S, CloseCode
from protocol.document_messages import (
    DOCUMENT_VERSION,
    DocumentClientMessage,
    DocumentServerMessage,
    Open,
    Opened,
    Update,
    decode_document_client,
    encode_document,
)
from protocol.errors import InvalidStateError, MalformedError
from protocol.messages import Goodbye
from protocol.server_session import State

MESSAGES_S: Final = 60
BYTES_S: Final = 512 * 1024
BURST_S: Final = 4.0
"""What a client has not used of the last seconds, it may use at once."""


class DocumentSession:
    """One connection. Never raises for what the peer sends: the state becomes CLOSED and `close_code` says why.

    Nothing above the limits is discarded, for later updates build on earlier ones: `pause` says for how long the caller
    is to read nothing more, and TCP makes the client wait.
    """

    def __init__(self, now: float, *, open_timeout: float = HELLO_TIMEOUT_S) -> None:
        """`now`: seconds on any clock that does not run backwards; the same one everywhere."""
        self.state = State.GREETING
        self.opening: Open | None = None
        """The OPEN, from its arrival on; the caller answers it with `accept` or `close`."""
        self.version = 0
        self.close_code: int | None = None
        self.close_reason = ""
        self.newest = 0
        """The number of the newest UPDATE."""
        self._out: list[bytes] = []
        self._deadline = now + open_timeout
        self._paid_until = now - BURST_S

    def receive_data(self, data: bytes | memoryview, now: float) -> DocumentClientMessage | None:
        """One WebSocket binary message. Returns what the caller has to act upon, or None."""
        if self.state is State.CLOSED:
            return None
        self._paid_until = max(self._paid_until, now - BURST_S) + max(1 / MESSAGES_S, len(data) / BYTES_S)
        try:
            message = decode_document_client(data)
            opens = isinstance(message, Open)
            if self.opening is not None if opens else self.state is not State.LIVE:
                raise MalformedError(f"{type(message).__name__.upper()} is not allowed now")
            if isinstance(message, Update):
                if message.number != self.newest + 1:
                    raise MalformedError(f"UPDATE {message.number} after {self.newest}")
                self.newest = message.number
        except MalformedError as error:
            self.close(CloseCode.MALFORMED, error.reason)
            return None
        if isinstance(message, Open):
            self.opening = message
            self.version = min(message.version, DOCUMENT_VERSION)
        return message

    def receive_text(self) -> None:
        """A WebSocket text message arrived (section 1)."""
        self.close(CloseCode.MALFORMED, "a text message")

    def pause(self, now: float) -> float:
        """For how many seconds nothing more is to be read."""
        return max(0.0, self._paid_until - now)

    def connection_lost(self) -> None:
        """The transport is gone; nothing can be said any more."""
        self.state = State.CLOSED
        self._out.clear()

    def next_timeout(self) -> float | None:
        """When `handle_timeout` is due, or None."""
        return self._deadline if self.state is State.GREETING and self.opening is None else None

    def handle_timeout(self, now: float) -> None:
        """Close a connection that has not said OPEN in time."""
        due = self.next_timeout()
        if due is not None and now >= due:
            self.close(CloseCode.HELLO_TIMEOUT, "no OPEN in time")

    def accept(self, editor: int, update: bytes, state_vector: bytes, *, may_edit: bool) -> None:
        """Answer the OPEN: from now on messages can be sent."""
        if self.state is not State.GREETING or self.opening is None:
            raise InvalidStateError("accept() needs an OPEN that waits for its answer")
        self.state = State.LIVE
        self.send(Opened(self.version, editor, may_edit, update, state_vector))

    def send(self, message: DocumentServerMessage) -> None:
        """Queue a message of a LIVE connection."""
        self.send_encoded(encode_document(message))

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
        self._out.append(encode_document(Goodbye(int(code), reason, retry_ms)))

    def data_to_send(self) -> list[bytes]:
        """Messages to write, in order; each is returned once."""
        out = self._out
        self._out = []
        return out
