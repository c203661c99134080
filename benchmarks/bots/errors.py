"""Errors of the bots.

BotError              a run cannot go on; the text is for the person at the terminal
├── ApiError             the REST API refused something; carries the status
├── JoinError            a bot was not let into the room
└── FramingError         the server's bytes are not WebSocket frames
    └── HandshakeError      the server did not switch to WebSocket
"""

from __future__ import annotations


class BotError(Exception):
    """Everything that this package raises on purpose."""


class ApiError(BotError):
    """The REST API answered with a problem."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class JoinError(BotError):
    """A bot was not let into the room."""


class FramingError(BotError):
    """Bytes against RFC 6455; carries the close code that ends the connection."""

    def __init__(self, text: str, close_code: int = 1002) -> None:
        super().__init__(text)
        self.close_code = close_code


class HandshakeError(FramingError):
    """The server did not switch to WebSocket."""
