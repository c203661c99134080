"""Whether what the server depends on answers, asked every few seconds, for Prometheus."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from prometheus_client import CollectorRegistry, Gauge
from redis.exceptions import RedisError

from server.store.errors import StoreUnavailable

ASK_EVERY_S = 5.0
TIMEOUT_S = 3.0

Question = Callable[[], Awaitable[object]]


class Dependencies:
    """`questions`: what to ask each by its name, "database" and "redis"."""

    def __init__(self, registry: CollectorRegistry, questions: Mapping[str, Question]) -> None:
        self._questions = questions
        self._up = Gauge("hallway_part_up", "1: it answers, 0: it does not", ["part"], registry=registry)
        for name in questions:
            self._up.labels(name).set(1)  # the start is over, so all of them answered

    async def look(self) -> None:
        """Ask all of them at once."""
        answers = await asyncio.gather(*(answers_in_time(ask()) for ask in self._questions.values()))
        for name, is_up in zip(self._questions, answers, strict=True):
            self._up.labels(name).set(is_up)


async def answers_in_time(question: Awaitable[object]) -> bool:
    """Whether a store answers within `TIMEOUT_S`."""
    try:
        async with asyncio.timeout(TIMEOUT_S):
            await question
    except (StoreUnavailable, RedisError, TimeoutError, OSError):
        return False
    return True
