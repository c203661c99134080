"""`/api/health/*`: for load balancers and orchestrators."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from redis.exceptions import RedisError

from server.api import models
from server.api.endpoint import Access, Answer, Call, Endpoint, json_response
from server.api.problems import RETRY_S
from server.services import Services
from server.store.errors import StoreUnavailable

CHECK_TIMEOUT_S = 3.0


class Health:
    """`live`: the process answers. `ready`: what it depends on answers too; else 503, with the parts that are down."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def endpoints(self) -> list[Endpoint[Any]]:
        anyone: dict[str, Any] = {"access": Access.ANYONE, "answer": models.Health}
        return [
            Endpoint("GET", "/api/health/live", self.live, **anyone),
            Endpoint("GET", "/api/health/ready", self.ready, other_answers={503: models.Health}, **anyone),
        ]

    async def live(self, call: Call[None]) -> models.Health:
        return models.Health("alive")

    async def ready(self, call: Call[None]) -> Answer:
        database, redis = await asyncio.gather(
            _answers(self._services.db.ping()), _answers(self._services.redis.ping())
        )
        parts = {"database": "up" if database else "down", "redis": "up" if redis else "down"}
        if database and redis:
            return models.Health("ready", parts)
        response = json_response(models.Health("not ready", parts), 503)
        response.headers["Retry-After"] = str(RETRY_S)
        return response


async def _answers(question: Awaitable[object]) -> bool:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            await question
    except (StoreUnavailable, RedisError, TimeoutError, OSError):
        return False
    return True
