"""Errors of authentication.

AuthError
├── TokenError              a token is not one of ours, or no longer good
│   └── ReusedTokenError    a refresh token was used again after its successor: its log-in has been ended
├── BusyError               too many passwords wait to be checked
├── LimitExceeded           somebody does something too often
└── OidcError               a log-in with another account did not succeed
"""

from __future__ import annotations

from uuid import UUID


class AuthError(Exception):
    """Any failure of authentication that a caller may want to handle."""


class TokenError(AuthError):
    """A token is forged, expired, of another kind, or its log-in has ended. The text is for the log."""


class ReusedTokenError(TokenError):
    """A refresh token came back after its successor was handed out. Somebody else holds a copy: the log-in is ended."""

    def __init__(self, user_id: UUID, session_id: str) -> None:
        super().__init__("a refresh token was used twice; its log-in is ended")
        self.user_id = user_id
        self.session_id = session_id


class BusyError(AuthError):
    """Too many passwords wait to be checked; trying again in a second may help."""


class LimitExceeded(AuthError):  # noqa: N818 - says what is the case
    """Somebody does something too often. `retry_s`: seconds after which it may be tried again."""

    def __init__(self, refusal: str, retry_s: float) -> None:
        super().__init__(refusal)
        self.refusal = refusal
        self.retry_s = retry_s


class OidcError(AuthError):
    """A log-in with another account did not succeed. `code` is for the page, the text for the log."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
