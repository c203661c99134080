"""The end of log-ins: their tokens, and the connections that were opened with them, in every server at once.

A log-in ends in the process that was asked to, or in an operator's command. Redis tells all servers, and each closes
its own connections. Those of the asked process are closed directly too, so that they need no Redis for that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.auth.tokens import Claims, Tokens

log = structlog.get_logger()

CHANNEL = "hallway:ended"
AGAIN_AFTER_S = 0.3
"""A connection that was just being let in when the log-in ended is found by looking a second time."""
POLL_S = 1.0
RECONNECT_S = 0.2

CloseConnections = Callable[[UUID, str], Awaitable[None]]


class _Ended(msgspec.Struct, frozen=True):
    user_id: UUID
    session_ids: list[str]


class Endings:
    """Ends log-ins. `close_connections` is `RoomDirectory.end_session`; a command has no connections and gives None."""

    def __init__(self, redis: Redis, tokens: Tokens, close_connections: CloseConnections | None = None) -> None:
        self._redis = redis
        self._tokens = tokens
        self._close = close_connections
        self._tasks: set[asyncio.Task[None]] = set()

    async def end_session(self, claims: Claims) -> None:
        """End one log-in. Ending what has ended is no error. Raises redis-py's errors."""
        await self._tokens.end(claims)
        await self._tell(_Ended(claims.user_id, [claims.session_id]))

    async def end_all(self, user_id: UUID, *, keep: str | None = None) -> int:
        """End every log-in of the user but `keep`; how many there were."""
        session_ids = await self._tokens.end_all(user_id, keep=keep)
        if session_ids:
            await self._tell(_Ended(user_id, session_ids))
        return len(session_ids)

    async def close_connections_of(self, claims: Claims) -> None:
        """Close the connections of a log-in whose tokens have ended already."""
        await self._tell(_Ended(claims.user_id, [claims.session_id]))

    async def listen(self) -> None:
        """Close what other processes end, until cancelled. Redis may come and go."""
        while True:
            try:
                async with self._redis.pubsub() as channel:
                    await channel.subscribe(CHANNEL)
                    while True:
                        message = await channel.get_message(ignore_subscribe_messages=True, timeout=POLL_S)
                        if message is not None:
                            await self._heard(message["data"])
            except (RedisError, OSError) as error:
                log.debug("the channel of ended log-ins is away", why=str(error))
                await asyncio.sleep(RECONNECT_S)

    async def _heard(self, data: bytes) -> None:
        try:
            ended = msgspec.msgpack.decode(data, type=_Ended)
            await self._close_here(ended)
        except msgspec.MsgspecError:
            log.warning("a message about ended log-ins cannot be read")
        except Exception:
            log.exception("connections of an ended log-in could not be closed")

    async def _tell(self, ended: _Ended) -> None:
        await self._close_here(ended)
        await self._redis.publish(CHANNEL, msgspec.msgpack.encode(ended))

    async def _close_here(self, ended: _Ended) -> None:
        if self._close is None:
            return
        for session_id in ended.session_ids:
            await self._close(ended.user_id, session_id)
        task = asyncio.create_task(self._look_again(ended))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _look_again(self, ended: _Ended) -> None:
        await asyncio.sleep(AGAIN_AFTER_S)
        if self._close is not None:
            for session_id in ended.session_ids:
                await self._close(ended.user_id, session_id)
