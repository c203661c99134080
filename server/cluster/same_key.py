"""Servers of one office sign with one key: one that has another is told so at its start, before anybody is turned away.

What others know of a key is a fingerprint of it, beside what else a process says of itself (`registry`).
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Iterable

from redis.asyncio import Redis

from server.cluster.errors import OtherKey
from server.cluster.redis_ownership import LEASE_S
from server.cluster.registry import Process, processes

AGAIN_S = 0.25
PATIENCE_S = LEASE_S + 1.0
"""A server that was killed just now is believed to be there for so long."""


def fingerprint(secret: str) -> str:
    """What may be told of a key."""
    return hashlib.sha256(b"hallway same key\0" + secret.encode()).hexdigest()[:16]


def strangers(mine: str, others: Iterable[Process]) -> list[Process]:
    """Those who sign with another key than the one with the fingerprint `mine`; who does not say, may have it."""
    return [other for other in others if other.key not in ("", mine)]


async def require_same_key(redis: Redis, secret: str) -> None:
    """Raises `OtherKey` if a server that lives has another one, and redis-py's errors."""
    deadline = time.monotonic() + PATIENCE_S
    while found := strangers(fingerprint(secret), await processes(redis)):
        if time.monotonic() >= deadline:
            raise OtherKey(found[0].name or found[0].url or found[0].id)
        await asyncio.sleep(AGAIN_S)
