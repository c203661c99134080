"""Tokens for the command line of whoever runs the office: `hallway top` and `hallway record` need no account.

Whoever can read the office's secret key can sign anything, so a token that only that key can make proves no less than
an operator's password. It is good for a minute and for the endpoints that say so; it is nobody's in particular.
"""

from __future__ import annotations

import jwt

from server.auth.errors import TokenError

ALGORITHM = "HS256"
AUDIENCE = "hallway-console"
LIFE_S = 60
TOKEN_BYTES = 1024


def console_token(key: str | bytes, now: float) -> str:
    """A token that is good from `now` (s since 1970) for a minute."""
    claims = {"aud": AUDIENCE, "iat": int(now), "exp": int(now) + LIFE_S}
    return jwt.encode(claims, _bytes(key), algorithm=ALGORITHM)


def is_console_token(token: str, key: str | bytes) -> bool:
    """Whether it claims to be one and the claim holds. Raises `TokenError` if it claims so and does not hold."""
    if len(token) > TOKEN_BYTES:
        return False
    try:
        claimed = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        return False
    if claimed.get("aud") != AUDIENCE:
        return False
    try:
        jwt.decode(
            token,
            _bytes(key),
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            options={"require": ["exp", "iat", "aud"]},
            leeway=LIFE_S / 2,
        )
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise TokenError(str(error)) from error
    return True


def _bytes(key: str | bytes) -> bytes:
    return key.encode() if isinstance(key, str) else key
