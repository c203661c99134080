"""`/api/health/*`: for load balancers and orchestrators.

`startup`  200 once migrations are done and the server is open. Before that, `server.ops.opening` answers.
`live`     200 while the process answers at all. Only a failure here is cured by a restart, so databases do not count.
`ready`    200 while the server can take newcomers; else 503 with each part's state and the reason in words.
"""

from __future__ import annotations

import asyncio
from typing import Any

from server.api import models
from server.api.endpoint import Access, Answer, Call, Endpoint, json_response
from server.api.problems import RETRY_S
from server.ops.dependencies import answers_in_time
from server.ops.readiness import DRAINING
from server.services import Services


class Health:
    """The three questions of an orchestrator."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def endpoints(self) -> list[Endpoint[Any]]:
        anyone: dict[str, Any] = {"access": Access.ANYONE, "answer": models.Health}
        not_yet: dict[str, Any] = {"other_answers": {503: models.Health}, **anyone}
        return [
            Endpoint("GET", "/api/health/live", self.live, **anyone),
            Endpoint("GET", "/api/health/startup", self.startup, **not_yet),
            Endpoint("GET", "/api/health/ready", self.ready, **not_yet),
        ]

    async def live(self, call: Call[None]) -> models.Health:
        """Whether the process answers; never says no because of a database."""
        return models.Health("alive")

    async def startup(self, call: Call[None]) -> models.Health:
        """Whether the start is over: the databases answered once and the schema is this version's."""
        return models.Health("started")

    async def ready(self, call: Call[None]) -> Answer:
        """Whether newcomers can be taken: the databases answer and the server is not being stopped."""
        database, redis = await asyncio.gather(
            answers_in_time(self._services.db.ping()), answers_in_time(self._services.redis.ping())
        )
        draining = self._services.readiness.is_draining
        parts = {
            "database": "up" if database else "down",
            "redis": "up" if redis else "down",
            "rooms": "draining" if draining else "open",
        }
        reasons = [
            *([] if database else ["PostgreSQL does not answer: nobody can log in or come into a room."]),
            *([] if redis else ["Redis does not answer: nobody can log in or come into a room."]),
            *([DRAINING] if draining else []),
        ]
        if not reasons:
            return models.Health("ready", parts)
        response = json_response(models.Health("not ready", parts, " ".join(reasons)), 503)
        response.headers["Retry-After"] = str(RETRY_S)
        return response
