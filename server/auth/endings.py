"""The end of log-ins, and changes of accounts: felt by the connections of every server at once.

A log-in ends, or an account changes, in the process that was asked to, or in an operator's command. A stream in Redis
tells all servers, and each closes its own connections; the asked process does so directly. A server that loses its
line to Redis reads on where it stopped as soon as the line is back, so nothing that happened meanwhile is missed; and
what was decided in the database while Redis was away is looked for there.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.auth.tokens import NEWS, NEWS_KEPT, Claims, Tokens

log = structlog.get_logger()

AGAIN_AFTER_S = 0.3
"""A connection that was just being let in when the log-in ended is found by looking a second time."""
POLL_MS = 1000
RECONNECT_S = 0.2
SINCE_S = 60
"""How far back a starting server reads: more than clocks differ. To hear twice of an end does nothing."""

CloseConnections = Callable[[UUID, str], Awaitable[None]]
LookAt = Callable[[UUID], Awaitable[None]]
LookAtAll = Callable[[], Awaitable[None]]


class Endings:
    """Ends log-ins. `close_connections` is `RoomDirectory.end_session`; a command has no connections and gives None."""

    def __init__(
        self,
        redis: Redis,
        tokens: Tokens,
        close_connections: CloseConnections | None = None,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._redis = redis
        self._tokens = tokens
        self._close = close_connections
        self._tasks: set[asyncio.Task[None]] = set()
        self._heard_until = f"{int((clock() - SINCE_S) * 1000)}-0"

    async def end_session(self, claims: Claims) -> None:
        """End one log-in. Ending what has ended is no error. Raises redis-py's errors."""
        await self._tokens.end(claims)
        await self.close_connections_of(claims)

    async def end_all(self, user_id: UUID, *, keep: str | None = None) -> int:
        """End every log-in of the user but `keep`; how many there were."""
        session_ids = await self._tokens.end_all(user_id, keep=keep)
        for session_id in session_ids:
            await self._close_here(user_id, session_id)
        return len(session_ids)

    async def close_connections_of(self, claims: Claims) -> None:
        """Close this server's connections of a log-in whose tokens have ended; the others have heard of it."""
        await self._close_here(claims.user_id, claims.session_id)

    async def tell_change(self, user_id: UUID) -> None:
        """The account has another role, was switched off or on: every server looks at it anew."""
        await self._redis.xadd(NEWS, {"user": str(user_id)}, maxlen=NEWS_KEPT, approximate=True)

    async def listen(self, look_at: LookAt, look_at_all: LookAtAll) -> None:
        """Act on what other processes tell, until cancelled. Redis may come and go.

        `look_at`: an account changed. `look_at_all`: Redis was away, and what changed meanwhile may not have been told.
        """
        missed = False
        while True:
            try:
                read: Any = await self._redis.xread({NEWS: self._heard_until}, count=100, block=POLL_MS)
            except (RedisError, OSError) as error:
                if not missed:
                    log.warning(
                        "Redis is away: log-ins that end elsewhere are heard of when it is back", why=str(error)
                    )
                missed = True
                await asyncio.sleep(RECONNECT_S)
                continue
            for _, entries in read or ():
                for entry_id, fields in entries:
                    self._heard_until = entry_id.decode()
                    await self._heard(fields, look_at)
            if missed:
                try:
                    await look_at_all()
                except Exception as error:  # the database may be away as well
                    log.debug("accounts cannot be looked at yet", why=str(error))
                else:
                    missed = False
                    log.info("Redis is back, and nobody is connected who should not be")

    async def _heard(self, fields: dict[bytes, bytes], look_at: LookAt) -> None:
        try:
            user_id, session_id = UUID(fields[b"user"].decode()), fields.get(b"session", b"").decode()
            if session_id:
                await self._close_here(user_id, session_id)
            else:
                await look_at(user_id)
        except (KeyError, ValueError):
            log.warning("news of an account cannot be read")
        except Exception:
            log.exception("news of an account could not be acted on")

    async def _close_here(self, user_id: UUID, session_id: str) -> None:
        if self._close is None:
            return
        await self._close(user_id, session_id)
        task = asyncio.create_task(self._look_again(user_id, session_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _look_again(self, user_id: UUID, session_id: str) -> None:
        await asyncio.sleep(AGAIN_AFTER_S)
        if self._close is not None:
            await self._close(user_id, session_id)
