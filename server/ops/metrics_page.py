"""`/metrics`: the counters, for Prometheus."""

from __future__ import annotations

from aiohttp import web

from server.ops.metrics import Metrics
from server.rooms.directory import LocalRooms


def add_metrics_page(app: web.Application, rooms: LocalRooms, metrics: Metrics) -> None:
    """Mount the page."""

    async def page(_request: web.Request) -> web.Response:
        open_rooms, people = rooms.count()
        metrics.rooms.set(open_rooms)
        metrics.people.set(people)
        return web.Response(body=metrics.render(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    app.router.add_get("/metrics", page)
