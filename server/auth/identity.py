"""From an Authorization header to the person behind it."""

from __future__ import annotations

from dataclasses import dataclass

from server.auth.errors import TokenError
from server.auth.tokens import Claims, Tokens
from server.ops import log_context
from server.store.users import User, Users


@dataclass(frozen=True, slots=True)
class Identity:
    """A signed-in person, and by which log-in."""

    user: User
    claims: Claims


def read_bearer(authorization: str | None, tokens: Tokens) -> Claims:
    """What the header's access token says, without asking whether its log-in still stands. Raises `TokenError`."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer":
        raise TokenError("no bearer token")
    return tokens.read_access(token.strip())


async def identify(authorization: str | None, tokens: Tokens, users: Users) -> Identity:
    """Whose request it is, cheapest check first. Raises `TokenError` for nobody's."""
    claims = read_bearer(authorization, tokens)
    if not await tokens.confirm(claims):
        raise TokenError("the log-in has ended")
    user = await users.get(claims.user_id)
    if user is None:
        raise TokenError("the user no longer exists")
    if user.disabled_at is not None:
        raise TokenError("the account is disabled")
    log_context.add(user=str(user.id), session=claims.session_id)
    return Identity(user, claims)
