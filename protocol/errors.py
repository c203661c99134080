"""Errors of the protocol package.

WireError
├── ProtocolError        the peer broke STANDARD.md; carries the close code that ends the connection
│   └── MalformedError      4001: bytes that are not a message of this page, or not one for this state
└── InvalidStateError    our own caller asked for something that the session's state forbids
"""

from protocol.constants import CloseCode


class WireError(Exception):
    """Everything that this package raises."""


class ProtocolError(WireError):
    """The peer broke the protocol: the connection ends with `close_code`, `reason` is for people."""

    def __init__(self, close_code: CloseCode, reason: str) -> None:
        super().__init__(f"{close_code.value} {close_code.name.lower()}: {reason}")
        self.close_code = close_code
        self.reason = reason


class MalformedError(ProtocolError):
    """A message against STANDARD.md."""

    def __init__(self, reason: str) -> None:
        super().__init__(CloseCode.MALFORMED, reason)


class InvalidStateError(WireError):
    """The caller used a session in a state that does not allow it; a defect of ours, never of the peer."""
