"""The server's end of one connection to a document (STANDARD.md section 11): bytes and time in, bytes out.

Its states are those of `protocol.greeted_session`, its first message is OPEN.
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
from protocol.errors import MalformedError
from protocol.greeted_session import GreetedSession
from protocol.server_session import State

MESSAGES_S: Final = 60
BYTES_S: Final = 512 * 1024
BURST_S: Final = 4.0
"""What a client has not used of the last seconds, it may use at once."""


class DocumentSession(GreetedSession[Open, DocumentServerMessage]):
    """One connection.

    Nothing above the limits is discarded, for later updates build on earlier ones: `pause` says for how long the caller
    is to read nothing more, and TCP makes the client wait.
    """

    def __init__(self, now: float, *, open_timeout: float = HELLO_TIMEOUT_S) -> None:
        """`now`: seconds on any clock that does not run backwards; the same one everywhere."""
        super().__init__(Open, encode_document, now + open_timeout)
        self.newest = 0
        """The number of the newest UPDATE."""
        self._paid_until = now - BURST_S

    @property
    def opening(self) -> Open | None:
        """The OPEN, from its arrival on; the caller answers it with `accept` or `close`."""
        return self._greeting

    def receive_data(self, data: bytes | memoryview, now: float) -> DocumentClientMessage | None:
        """One WebSocket binary message. Returns what the caller has to act upon, or None."""
        if self.state is State.CLOSED:
            return None
        self._paid_until = max(self._paid_until, now - BURST_S) + max(1 / MESSAGES_S, len(data) / BYTES_S)
        try:
            message = decode_document_client(data)
            self._check_turn(message)
            if isinstance(message, Update):
                if message.number != self.newest + 1:
                    raise MalformedError(f"UPDATE {message.number} after {self.newest}")
                self.newest = message.number
        except MalformedError as error:
            self.close(CloseCode.MALFORMED, error.reason)
            return None
        if isinstance(message, Open):
            self._greeting = message
            self.version = min(message.version, DOCUMENT_VERSION)
        return message

    def pause(self, now: float) -> float:
        """For how many seconds nothing more is to be read."""
        return max(0.0, self._paid_until - now)

    def accept(self, editor: int, update: bytes, state_vector: bytes, *, may_edit: bool) -> None:
        """Answer the OPEN: from now on messages can be sent."""
        self._live()
        self.send(Opened(self.version, editor, may_edit, update, state_vector))
