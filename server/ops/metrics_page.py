"""`/metrics`: the counters, for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aiohttp import web

from server.cluster.registry import Process
from server.ops.metrics import Metrics
from server.ops.process_metrics import PATH, merged, others
from server.rooms.directory import LocalRooms


def queue_depths(rooms: LocalRooms) -> dict[str, int]:
    """What waits in the queues of all rooms now. It is looked up when somebody asks, not kept by the tick."""
    arrivals = courses = events = unsent = kept = 0
    for loop in rooms.loops():
        arrivals += len(loop.room.arrivals)
        courses += len(loop.room.courses)
        for session in loop.room.sessions.values():
            kept += len(session.events)
            if session.connection is not None:
                events += session.connection.outbox.waiting_bytes
                unsent += session.connection.outbox.unsent_bytes
    return {
        "arrivals": arrivals,
        "courses": courses,
        "events_bytes": events,
        "unsent_bytes": unsent,
        "resume_events": kept,
    }


def add_metrics_page(
    app: web.Application, rooms: LocalRooms, metrics: Metrics, processes: Callable[[], Sequence[Process]] | None = None
) -> None:
    """Mount the page. `processes`: this one and the others that share its port, this one first; None: it is alone."""

    def own() -> bytes:
        open_rooms, people = rooms.count()
        metrics.rooms.set(open_rooms)
        metrics.people.set(people)
        for queue, waiting in queue_depths(rooms).items():
            metrics.queues.labels(queue).set(waiting)
        return metrics.render()

    async def page(_request: web.Request) -> web.Response:
        if processes is None:
            return _told(own())
        me, *rest = processes()
        return _told(merged({me.id: own().decode(), **await others(rest)}).encode())

    async def own_page(_request: web.Request) -> web.Response:
        return _told(own())

    app.router.add_get("/metrics", page)
    app.router.add_get(PATH, own_page)


def _told(body: bytes) -> web.Response:
    return web.Response(body=body, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})
