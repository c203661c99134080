"""The end of log-ins, felt by the connections of every server at once.

A log-in ends in the process that was asked to end it, or in an operator's command. `server.auth.news` tells all
servers, and each closes its own connections; the asked process does so directly.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

from server.auth.tokens import Claims, Tokens

AGAIN_AFTER_S = 0.3
"""A connection that was just being let in when the log-in ended is found by looking a second time."""

CloseConnections = Callable[[UUID, str], Awaitable[None]]


class Endings:
    """Ends log-ins. `close_connections` is `RoomDirectory.end_session`; a command has no connections and gives None."""

    def __init__(self, tokens: Tokens, close_connections: CloseConnections | None = None) -> None:
        self._tokens = tokens
        self._close = close_connections
        self._tasks: set[asyncio.Task[None]] = set()

    async def end_session(self, claims: Claims) -> None:
        """End one log-in. Ending what has ended is no error. Raises redis-py's errors."""
        await self._tokens.end(claims)
        await self.close_connections_of(claims)

    async def end_all(self, user_id: UUID, *, keep: str | None = None) -> int:
        """End every log-in of the user but `keep`; how many there were."""
        session_ids = await self._tokens.end_all(user_id, keep=keep)
        for session_id in session_ids:
            await self.close_connections_of(Claims(user_id, session_id))
        return len(session_ids)

    async def close_connections_of(self, claims: Claims) -> None:
        """Close this server's connections of a log-in whose tokens have ended; the others have heard of it."""
        if self._close is None:
            return
        await self._close(claims.user_id, claims.session_id)
        task = asyncio.create_task(self._look_again(claims))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _look_again(self, claims: Claims) -> None:
        await asyncio.sleep(AGAIN_AFTER_S)
        if self._close is not None:
            await self._close(claims.user_id, claims.session_id)
