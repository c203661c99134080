"""`/metrics`: the counters, for Prometheus."""

from __future__ import annotations

from aiohttp import web

from server.ops.metrics import Metrics
from server.rooms.directory import LocalRooms


def queue_depths(rooms: LocalRooms) -> dict[str, int]:
    """What waits in the queues of all rooms now. It is looked up when somebody asks, not kept by the tick."""
    courses = events = unsent = kept = 0
    for loop in rooms.loops():
        for session in loop.room.sessions.values():
            courses += len(session.inputs)
            kept += len(session.events)
            if session.connection is not None:
                events += session.connection.outbox.waiting_bytes
                unsent += session.connection.outbox.unsent_bytes
    return {"courses": courses, "events_bytes": events, "unsent_bytes": unsent, "resume_events": kept}


def add_metrics_page(app: web.Application, rooms: LocalRooms, metrics: Metrics) -> None:
    """Mount the page."""

    async def page(_request: web.Request) -> web.Response:
        open_rooms, people = rooms.count()
        metrics.rooms.set(open_rooms)
        metrics.people.set(people)
        for queue, waiting in queue_depths(rooms).items():
            metrics.queues.labels(queue).set(waiting)
        return web.Response(body=metrics.render(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    app.router.add_get("/metrics", page)
