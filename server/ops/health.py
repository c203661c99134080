"""Health endpoints and the metrics page, for operators and their tools."""

from __future__ import annotations

from aiohttp import web
from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.ops.metrics import Metrics
from server.rooms.directory import LocalRooms
from server.store.database import Database
from server.store.errors import StoreUnavailable


class Health:
    """`live`: the process answers. `ready`: it can admit people, because its database and Redis answer too."""

    def __init__(self, db: Database, redis: Redis, rooms: LocalRooms, metrics: Metrics) -> None:
        self._db, self._redis, self._rooms, self._metrics = db, redis, rooms, metrics

    def add_routes(self, app: web.Application) -> None:
        """Mount `/api/health/live`, `/api/health/ready` and `/metrics`."""
        app.router.add_get("/api/health/live", self.live)
        app.router.add_get("/api/health/ready", self.ready)
        app.router.add_get("/metrics", self.metrics)

    async def live(self, _request: web.Request) -> web.Response:
        """200 as long as the event loop turns."""
        return web.json_response({"status": "ok"})

    async def ready(self, _request: web.Request) -> web.Response:
        """200 if people can come in, else 503 naming the part that is away."""
        parts = {"database": await self._database(), "redis": await self._redis_answers()}
        good = all(state == "ok" for state in parts.values())
        return web.json_response({"status": "ok" if good else "unavailable", **parts}, status=200 if good else 503)

    async def metrics(self, _request: web.Request) -> web.Response:
        """Prometheus' text format."""
        rooms, people = self._rooms.count()
        self._metrics.rooms.set(rooms)
        self._metrics.people.set(people)
        return web.Response(
            body=self._metrics.render(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        )

    async def _database(self) -> str:
        try:
            await self._db.ping()
        except StoreUnavailable:
            return "away"
        return "ok"

    async def _redis_answers(self) -> str:
        try:
            await self._redis.ping()
        except (RedisError, OSError):
            return "away"
        return "ok"
