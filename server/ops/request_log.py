"""An id for every request, in its answer, in every line that is logged for it, and in what a proxy in front logs."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Awaitable, Callable
from uuid import UUID

import structlog
from aiohttp import web

from server.auth.address import comes_through_proxy
from server.ops import log_context
from server.settings import Settings

log = structlog.get_logger()

HEADER = "X-Request-ID"
REQUEST_ID = web.RequestKey("request_id", str)
SLOW_S = 2.0
"""An answer that takes longer is worth a warning: something waits for a database, or for the processor."""
_FORM = re.compile(r"[A-Za-z0-9_-]{8,64}")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_request_log(app: web.Application, settings: Settings) -> None:
    """Put it around everything that the application answers."""

    @web.middleware
    async def logged(request: web.Request, handler: Handler) -> web.StreamResponse:
        request_id = request_id_of(request, settings)
        request[REQUEST_ID] = request_id
        log_context.begin(request=request_id, **_room_of(request))
        began = time.monotonic()
        status = 500
        try:
            response = await handler(request)
            status = response.status
            return response
        except web.HTTPException as answer:
            status = answer.status
            raise
        finally:
            _report(request, status, time.monotonic() - began)
            log_context.begin()  # the next request of this connection is handled by the same task

    app.middlewares.append(logged)
    app.on_response_prepare.append(_name_request)


def request_id_of(request: web.Request, settings: Settings) -> str:
    """The one that a trusted proxy gave, else a new one."""
    given = request.headers.get(HEADER, "")
    if _FORM.fullmatch(given) and comes_through_proxy(request, settings):
        return given
    return secrets.token_hex(8)


async def _name_request(request: web.Request, response: web.StreamResponse) -> None:
    if REQUEST_ID in request:
        response.headers[HEADER] = request[REQUEST_ID]


def route_of(request: web.Request) -> str:
    """What a log may say of an address: the address itself can hold invitations, and what people search for."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "(none)"


def _report(request: web.Request, status: int, seconds: float) -> None:
    fields = {
        "method": request.method,
        "route": route_of(request),
        "status": status,
        "ms": round(seconds * 1000, 1),
    }
    if seconds > SLOW_S and status != 101:
        log.warning("slow answer", **fields)
    else:
        log.debug("answered", **fields)


def _room_of(request: web.Request) -> dict[str, str]:
    text = request.match_info.get("room_id", "")
    if request.path.startswith("/api/rooms/"):
        text = request.match_info.get("id", "")
    try:
        return {"room": str(UUID(text))} if text else {}
    except ValueError:
        return {}
