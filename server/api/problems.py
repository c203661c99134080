"""Errors of the REST API, as RFC 9457 problem documents with a stable `code`.

Every code that can occur is in `CODES`, with its HTTP status and title.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Iterable, Mapping

import msgspec
import structlog
from aiohttp import web
from redis.exceptions import RedisError

from server.auth.errors import BusyError, LimitExceeded, TokenError
from server.ops.request_log import REQUEST_ID, route_of
from server.store.errors import StoreUnavailable

log = structlog.get_logger()

RETRY_S = 2

CODES: dict[str, tuple[int, str]] = {
    "bad_json": (400, "The body is not JSON"),
    "unreadable_body": (400, "The body cannot be read"),
    "reset_link_invalid": (400, "This link is not valid"),
    "not_signed_in": (401, "Not signed in"),
    "invalid_credentials": (401, "Wrong name or password"),
    "foreign_origin": (403, "From another site"),
    "wrong_password": (403, "Wrong password"),
    "account_disabled": (403, "Account disabled"),
    "registration_closed": (403, "Registration is closed"),
    "guests_not_allowed": (403, "Not for guests"),
    "not_yours": (403, "Not yours"),
    "role_too_low": (403, "Not with your role"),
    "operators_only": (403, "For operators only"),
    "members_only": (403, "For members only"),
    "password_needed": (403, "A password is needed"),
    "banned": (403, "Banned"),
    "not_found": (404, "Not found"),
    "room_not_found": (404, "No such room"),
    "user_not_found": (404, "No such person"),
    "ban_not_found": (404, "No such ban"),
    "invite_not_found": (404, "No such invitation"),
    "portal_not_found": (404, "No such portal"),
    "object_not_found": (404, "No such object"),
    "file_not_found": (404, "No such file"),
    "message_not_found": (404, "No such message"),
    "session_not_found": (404, "No such log-in"),
    "method_not_allowed": (405, "Method not allowed"),
    "slow_body": (408, "The body came too slowly"),
    "email_taken": (409, "E-mail address in use"),
    "username_taken": (409, "Name in use"),
    "owns_rooms": (409, "Owner of rooms"),
    "no_password": (409, "No password"),
    "server_not_found": (404, "No such server"),
    "room_not_open": (409, "The room is not open"),
    "being_recorded": (409, "Being recorded"),
    "room_full": (409, "The room is full"),
    "room_archived": (409, "The room is archived"),
    "needs_account": (409, "Not for guests"),
    "not_inside": (409, "Not in the room"),
    "out_of_reach": (409, "Too far away"),
    "not_yourself": (409, "Not yourself"),
    "too_many": (409, "Too many"),
    "too_large": (413, "Too large"),
    "not_json": (415, "Not JSON"),
    "not_shown": (415, "Not a picture or a PDF"),
    "validation": (422, "Some fields are not right"),
    "rate_limited": (429, "Too often"),
    "internal": (500, "An error of the server's"),
    "unavailable": (503, "Not available at present"),
    "busy": (503, "Too busy at present"),
}


class FieldError(msgspec.Struct, frozen=True):
    """What is wrong with a field: `reason` finishes the sentence "This field ..."."""

    field: str
    reason: str


class ProblemDocument(msgspec.Struct, frozen=True):
    """The body of every answer with status 400 and above."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldError] = []


class Problem(Exception):  # noqa: N818 - RFC 9457's word
    """Ends a request with a problem document. `detail` is for people: what happened and what to do.

    With `close` the connection ends with the answer: cheaper than reading the rest of a body that nobody wants.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        close: bool = False,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})
        self.close = close

    def response(self) -> web.Response:
        status, title = CODES[self.code]
        document = ProblemDocument("about:blank", title, status, self.detail, self.code, self.errors)
        response = web.Response(
            status=status,
            body=msgspec.json.encode(document),
            content_type="application/problem+json",
            headers={"Cache-Control": "no-store", **self.headers},
        )
        if self.close:
            response.force_close()
        return response


def not_signed_in() -> Problem:
    return Problem("not_signed_in", "Log in first.", headers={"WWW-Authenticate": "Bearer"})


def unavailable(detail: str = "The server cannot reach its database. Try again in a moment.") -> Problem:
    return Problem("unavailable", detail, headers={"Retry-After": str(RETRY_S)})


@web.middleware
async def answer_with_problems(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Below `/api/`, every error leaves as a problem document. Elsewhere, too, it is no fault of the server's that a
    client is gone before it is answered, in the middle of a WebSocket's upgrade for example."""
    if not request.path.startswith("/api/"):
        try:
            return await handler(request)
        except ConnectionError as error:
            if request.transport is not None and not request.transport.is_closing():
                raise
            return problem_for(request, error).response()
    try:
        return await handler(request)
    except Exception as error:
        return problem_for(request, error).response()


def problem_for(request: web.Request, error: Exception) -> Problem:
    """The problem that an exception of a handler's means."""
    match error:
        case Problem():
            return error
        case TokenError():
            return not_signed_in()
        case BusyError():
            return Problem(
                "busy", "Too many people log in at once. Try again in a moment.", headers={"Retry-After": "1"}
            )
        case LimitExceeded():
            seconds = max(1, math.ceil(error.retry_s))
            return Problem(
                "rate_limited",
                f"{error.refusal} Try again in {_duration(seconds)}.",
                headers={"Retry-After": str(seconds)},
            )
        case StoreUnavailable() | RedisError():
            log.debug("request failed: a store is away", route=route_of(request), why=str(error))
            return unavailable()
        case ConnectionError() if request.transport is None or request.transport.is_closing():
            log.debug("the client did not wait for the answer", route=route_of(request))
            return unavailable()
        case web.HTTPMethodNotAllowed():
            allowed = ", ".join(sorted(error.allowed_methods))
            return Problem("method_not_allowed", f"This address takes {allowed}.", headers={"Allow": allowed})
        case web.HTTPRequestEntityTooLarge():
            return Problem("too_large", "The request is too large.")
        case web.HTTPClientError():
            return Problem("not_found", "There is nothing at this address.")
        case _:
            log.error("request failed", method=request.method, route=route_of(request), exc_info=error)
            place = f" under {request[REQUEST_ID]}" if REQUEST_ID in request else ""
            return Problem("internal", f"The server had a problem of its own, and wrote it to its log{place}.")


def _duration(seconds: int) -> str:
    if seconds >= 120:
        return f"{-(-seconds // 60)} minutes"
    return f"{seconds} second{'s' if seconds > 1 else ''}"
