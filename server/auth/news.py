"""What one process decides and all must hear: log-ins that end, accounts that change, bans, words to everybody.

A stream in Redis carries it. A server that loses its line to Redis reads on where it stopped as soon as the line is
back, so nothing that happened meanwhile is missed; and what was decided in the database while Redis was away is looked
for there. News name what changed, the truth is in the database: to hear them twice does nothing. Only words to
everybody, and that somebody's connections end, are told once, by each server to those who are connected to it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, Protocol
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = structlog.get_logger()

STREAM = "hallway:news"
"""Its entries: (`user`, `session`) a log-in ended; (`user`) an account changed; (`ban`) somebody was banned from the
whole server; (`room`) a room changed; (`end`, `reason`) somebody's connections are ended; (`notice`) a word to
everybody."""
KEPT = 10_000
"""About so many news are kept for servers whose line to Redis is down; a log-out is one."""
POLL_MS = 1000
RECONNECT_S = 0.2
SINCE_S = 60
"""How far back a starting server reads: more than clocks differ."""


class Listener(Protocol):
    """Who acts on news in one server. When it raises, `look_at_all` is tried until it does not."""

    async def log_in_ended(self, user_id: UUID, session_id: str) -> None:
        """Close this server's connections of the log-in."""
        ...

    async def look_at(self, user_id: UUID) -> None:
        """An account changed: make that felt here."""
        ...

    async def look_at_ban(self, ban_id: UUID) -> None:
        """Somebody was banned from the whole server: make that felt here."""
        ...

    async def look_at_room(self, room_id: UUID) -> None:
        """A room changed, or was deleted: if it runs here, make that felt."""
        ...

    async def end_person(self, user_id: UUID, reason: str) -> None:
        """End the person's connections to this server. `reason`: for them."""
        ...

    async def look_at_all(self) -> None:
        """Redis was away, and what changed meanwhile may not have been told."""
        ...

    def notice(self, text: str) -> None:
        """Tell everybody who is connected to this server."""
        ...


class News:
    """The stream's both ends. `tell_` methods raise redis-py's errors."""

    def __init__(self, redis: Redis, *, clock: Callable[[], float] = time.time) -> None:
        self._redis = redis
        self._heard_until = f"{int((clock() - SINCE_S) * 1000)}-0"
        self._began: tuple[int, int] | None = None

    async def tell_change(self, user_id: UUID) -> None:
        """The account has another role, was switched off or on: every server looks at it anew."""
        await self._tell({"user": str(user_id)})

    async def tell_ban(self, ban_id: UUID) -> None:
        """The ban is in the database: every server sends out whom it meets."""
        await self._tell({"ban": str(ban_id)})

    async def tell_room(self, room_id: UUID) -> None:
        """The room's settings, people or things are others than before: whoever runs it looks at it anew."""
        await self._tell({"room": str(room_id)})

    async def tell_end(self, user_id: UUID, reason: str) -> None:
        """Every server ends the person's connections."""
        await self._tell({"end": str(user_id), "reason": reason})

    async def tell_notice(self, text: str) -> None:
        """Every server tells everybody."""
        await self._tell({"notice": text})

    async def listen(self, listener: Listener) -> None:
        """Act on what is told, until cancelled. Redis may come and go."""
        missed = False
        while True:
            try:
                if self._began is None:
                    # Who is here now has been told what was said before, or was not here.
                    newest: Any = await self._redis.xrevrange(STREAM, count=1)
                    self._began = _place(newest[0][0]) if newest else (0, 0)
                read: Any = await self._redis.xread({STREAM: self._heard_until}, count=100, block=POLL_MS)
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
                    missed |= not await self._hand_on(entry_id, fields, listener)
            if missed:
                try:
                    await listener.look_at_all()
                except Exception as error:  # the database may be away as well
                    log.debug("accounts cannot be looked at yet", why=str(error))
                else:
                    missed = False
                    log.info("nothing was missed: nobody is connected who should not be")

    async def _tell(self, fields: dict[Any, Any]) -> None:
        await self._redis.xadd(STREAM, fields, maxlen=KEPT, approximate=True)

    async def _hand_on(self, entry_id: bytes, fields: dict[bytes, bytes], listener: Listener) -> bool:
        """False: it could not be acted on, so all must be looked at."""
        try:
            match fields:
                case {b"user": user, b"session": session}:
                    await listener.log_in_ended(UUID(user.decode()), session.decode())
                case {b"user": user}:
                    await listener.look_at(UUID(user.decode()))
                case {b"end": user, b"reason": reason}:
                    if self._is_new(entry_id):
                        await listener.end_person(UUID(user.decode()), reason.decode())
                case {b"room": room}:
                    await listener.look_at_room(UUID(room.decode()))
                case {b"ban": ban}:
                    await listener.look_at_ban(UUID(ban.decode()))
                case {b"notice": text} if self._is_new(entry_id):
                    listener.notice(text.decode())
        except ValueError:
            log.warning("news cannot be read")
        except Exception:
            log.exception("news could not be acted on")
            return False
        return True

    def _is_new(self, entry_id: bytes) -> bool:
        """Whether it was told after this server began to listen."""
        return self._began is not None and _place(entry_id) > self._began


def _place(entry_id: bytes) -> tuple[int, int]:
    milliseconds, _, number = entry_id.partition(b"-")
    return int(milliseconds), int(number)
