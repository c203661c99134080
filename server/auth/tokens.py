"""Access and refresh tokens.

Both are signed JWTs (HS256). An *access token* is good for minutes and goes into the Authorization header. A *refresh
token* goes into a cookie and is good for one use: each use hands out its successor. All refresh tokens that descend
from one log-in are a *family*; Redis knows the family's newest generation. A token of an older generation was copied,
so its use ends the family: the thief and the owner are both logged out.

Two pages of one browser may refresh at the same moment with the same cookie. So for a few seconds after a rotation the
predecessor is answered with the *same* successor, not a further one: a copied token is still found out, as soon as
either of the two holders of the successor uses it.

A family that is gone (log-out, reuse, expiry) takes its access tokens with it: `confirm` asks Redis.

The end of a family and the news of it (`server.auth.news`) are one transaction: no connection outlives its log-in
because Redis went away between the two.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, cast
from uuid import UUID

import jwt
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from server.auth import news
from server.auth.console import is_console_token
from server.auth.errors import ReusedTokenError, TokenError

ALGORITHM = "HS256"
AUDIENCE = "hallway"
REQUIRED_CLAIMS = ["exp", "iat", "sub", "aud", "jti", "type"]
GRACE_S = 10.0  # for pages that refresh at the same moment; a browser's requests are apart by less
TOKEN_BYTES = 2048  # ours have some 400

# KEYS: family, news. ARGV: generation, now, grace, life, user, session, news kept.
# Returns [outcome, generation to hand out].
# A generation above the known one was signed by us, and a Redis that was killed forgot its last second: it is newest.
_ROTATE = """
local known = redis.call('HMGET', KEYS[1], 'generation', 'rotated_at')
if not known[1] then return {'ended', 0} end
local generation, newest = tonumber(ARGV[1]), tonumber(known[1])
if generation >= newest then
    redis.call('HSET', KEYS[1], 'generation', generation + 1, 'rotated_at', ARGV[2])
    redis.call('EXPIRE', KEYS[1], ARGV[4])
    return {'rotated', generation + 1}
end
if generation == newest - 1 and tonumber(ARGV[2]) - tonumber(known[2]) <= tonumber(ARGV[3]) then
    return {'repeated', newest}
end
redis.call('DEL', KEYS[1])
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[7], '*', 'user', ARGV[5], 'session', ARGV[6])
return {'reused', 0}
"""


@dataclass(frozen=True, slots=True)
class Claims:
    """What an access token says: who, and by which log-in (the id of its refresh family)."""

    user_id: UUID
    session_id: str


@dataclass(frozen=True, slots=True)
class Origin:
    """How and from where somebody logged in, for the list of their log-ins."""

    method: str = ""
    address: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class LogIn:
    """A log-in that stands. Times in seconds since 1970."""

    session_id: str
    origin: Origin
    created_at: float
    last_used_at: float


@dataclass(frozen=True, slots=True)
class TokenPair:
    """The outcome of a log-in or a refresh. Times to live in seconds."""

    user_id: UUID
    session_id: str
    access: str
    access_s: int
    refresh: str
    refresh_s: int


class Tokens:
    """Signs, checks, rotates and ends tokens.

    Methods raise `TokenError` for any token that is not good, and redis-py's errors when Redis is away.
    """

    def __init__(
        self,
        redis: Redis,
        secret_key: str | bytes,
        *,
        access_token_s: int = 600,
        refresh_token_s: int = 30 * 86400,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._redis = redis
        self._key = secret_key.encode() if isinstance(secret_key, str) else secret_key
        self._access_s = access_token_s
        self._refresh_s = refresh_token_s
        self._clock = clock
        self._rotate = redis.register_script(_ROTATE)

    async def begin(self, user_id: UUID, origin: Origin | None = None) -> TokenPair:
        """Log in: a new family."""
        session_id, now, origin = secrets.token_urlsafe(16), self._clock(), origin or Origin()
        family: dict[str | bytes | bytearray | memoryview | int | float, Any] = {
            "user": str(user_id),
            "generation": 1,
            "rotated_at": now,
            "created_at": now,
            "method": origin.method,
            "address": origin.address,
            "agent": origin.agent,
        }
        pipeline = self._redis.pipeline()
        pipeline.hset(family_key(session_id), mapping=family)
        pipeline.expire(family_key(session_id), self._refresh_s)
        pipeline.zremrangebyscore(_families_of(user_id), "-inf", now)  # the expired ones
        pipeline.zadd(_families_of(user_id), {session_id: now + self._refresh_s})
        pipeline.expire(_families_of(user_id), self._refresh_s)
        await pipeline.execute()
        return self._pair(user_id, session_id, 1)

    async def refresh(self, refresh_token: str) -> TokenPair:
        """Use a refresh token. `ReusedTokenError` if that was done before; its family is ended then."""
        payload = self._read(refresh_token, "refresh")
        user_id, session_id, generation = _user_id(payload), _text(payload, "sid"), payload.get("gen")
        if not isinstance(generation, int):
            raise TokenError("the refresh token has no generation")
        outcome, newest = await self._rotate(
            keys=[family_key(session_id), news.STREAM],
            args=[generation, self._clock(), GRACE_S, self._refresh_s, str(user_id), session_id, news.KEPT],
        )
        if outcome == b"reused":
            await self._redis.zrem(_families_of(user_id), session_id)
            raise ReusedTokenError(user_id, session_id)
        if outcome == b"ended":
            raise TokenError("the refresh token's family has ended")
        await self._redis.zadd(_families_of(user_id), {session_id: self._clock() + self._refresh_s})
        await self._redis.expire(_families_of(user_id), self._refresh_s)
        return self._pair(user_id, session_id, int(newest))

    def read_access(self, access_token: str) -> Claims:
        """What a genuine, unexpired access token says. It may have been ended since: see `confirm`."""
        payload = self._read(access_token, "access")
        return Claims(_user_id(payload), _text(payload, "sid"))

    def read_refresh(self, refresh_token: str) -> Claims:
        """Whose a genuine, unexpired refresh token is, without using it."""
        payload = self._read(refresh_token, "refresh")
        return Claims(_user_id(payload), _text(payload, "sid"))

    def is_console(self, token: str) -> bool:
        """Whether this is a token of this office's command line, and not a person's (`server.auth.console`)."""
        return is_console_token(token, self._key)

    async def confirm(self, claims: Claims) -> bool:
        """Whether the log-in still stands."""
        return bool(await self._redis.exists(family_key(claims.session_id)))

    async def log_ins(self, user_id: UUID) -> list[LogIn]:
        """The user's log-ins that stand, last used first."""
        sessions = [cast(bytes, raw).decode() for raw in await self._redis.zrange(_families_of(user_id), 0, -1)]
        pipeline = self._redis.pipeline()
        for session_id in sessions:
            pipeline.hgetall(family_key(session_id))
        found = []
        for session_id, raw in zip(sessions, await pipeline.execute() if sessions else [], strict=True):
            if not raw:
                continue
            family = {name.decode(): value.decode(errors="replace") for name, value in raw.items()}
            used_at = float(family["rotated_at"])
            origin = Origin(family.get("method", ""), family.get("address", ""), family.get("agent", ""))
            found.append(LogIn(session_id, origin, float(family.get("created_at", used_at)), used_at))
        return sorted(found, key=lambda log_in: -log_in.last_used_at)

    async def end(self, claims: Claims) -> None:
        """Log out: the family and its access tokens are over. Ending what has ended is no error."""
        pipeline = self._redis.pipeline()
        pipeline.delete(family_key(claims.session_id))
        pipeline.zrem(_families_of(claims.user_id), claims.session_id)
        self._tell(pipeline, claims.user_id, claims.session_id)
        await pipeline.execute()

    async def end_all(self, user_id: UUID, *, keep: str | None = None) -> list[str]:
        """End every log-in of the user but `keep`; their session ids."""
        sessions = [cast(bytes, raw).decode() for raw in await self._redis.zrange(_families_of(user_id), 0, -1)]
        ended = [session_id for session_id in sessions if session_id != keep]
        if ended:
            pipeline = self._redis.pipeline()
            pipeline.delete(*map(family_key, ended))
            pipeline.zrem(_families_of(user_id), *ended)
            for session_id in ended:
                self._tell(pipeline, user_id, session_id)
            await pipeline.execute()
        return ended

    def _tell(self, pipeline: Pipeline, user_id: UUID, session_id: str) -> None:
        ended: dict[Any, Any] = {"user": str(user_id), "session": session_id}
        pipeline.xadd(news.STREAM, ended, maxlen=news.KEPT, approximate=True)

    def _pair(self, user_id: UUID, session_id: str, generation: int) -> TokenPair:
        access = self._sign("access", self._access_s, user_id, {"sid": session_id})
        refresh = self._sign("refresh", self._refresh_s, user_id, {"sid": session_id, "gen": generation})
        return TokenPair(user_id, session_id, access, self._access_s, refresh, self._refresh_s)

    def _sign(self, kind: str, life_s: int, user_id: UUID, more: dict[str, object]) -> str:
        now = int(self._clock())
        payload = {
            "type": kind,
            "sub": str(user_id),
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + life_s,
            "jti": secrets.token_urlsafe(12),
            **more,
        }
        return jwt.encode(payload, self._key, algorithm=ALGORITHM)

    def _read(self, token: str, kind: Literal["access", "refresh"]) -> dict[str, Any]:
        if len(token) > TOKEN_BYTES:
            raise TokenError("longer than any token of ours")
        try:
            decoded = jwt.decode_complete(
                token, self._key, algorithms=[ALGORITHM], audience=AUDIENCE, options={"require": REQUIRED_CLAIMS}
            )
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise TokenError(str(error)) from error
        # We write these two and nothing else; a header that asks for more (crit, jku, kid ...) is not ours to follow.
        if decoded["header"] != {"alg": ALGORITHM, "typ": "JWT"}:
            raise TokenError("a header that we do not write")
        payload: dict[str, Any] = decoded["payload"]
        if payload["type"] != kind or payload["aud"] != AUDIENCE:
            raise TokenError(f"not an {kind} token")
        return payload


def family_key(session_id: str) -> str:
    """The Redis key that is there for as long as the log-in stands."""
    return f"hallway:family:{session_id}"


def _families_of(user_id: UUID) -> str:
    return f"hallway:families:{user_id}"


def _user_id(payload: dict[str, Any]) -> UUID:
    try:
        return UUID(_text(payload, "sub"))
    except ValueError as error:
        raise TokenError("the subject is not a user id") from error


def _text(payload: dict[str, Any], claim: str) -> str:
    value = payload.get(claim)
    if not isinstance(value, str):
        raise TokenError(f"no {claim}")
    return value
