"""The start and the end of a log-in as a browser sees them: the answer with the access token, the refresh cookie."""

from __future__ import annotations

import structlog
from aiohttp import web

from server.api import models
from server.api.endpoint import json_response
from server.auth.address import client_address
from server.auth.origin import is_https
from server.auth.tokens import Origin, TokenPair
from server.services import Services
from server.store.users import User

log = structlog.get_logger()

REFRESH_COOKIE = "hallway_refresh"
REFRESH_PATH = "/api/auth"
AGENT_LENGTH = 200


class SignIn:
    """Answers that sign somebody in or out. The refresh token goes into a cookie that only `/api/auth` gets."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def begin(self, request: web.Request, user: User, method: str, status: int) -> web.Response:
        """A new log-in. `method`: "password", "registration", "guest" or "oidc"."""
        return self.answer(request, user, await self.begin_pair(request, user, method), status)

    async def begin_pair(self, request: web.Request, user: User, method: str) -> TokenPair:
        """The tokens of a new log-in, for an answer that is made otherwise."""
        agent = "".join(c for c in request.headers.get("User-Agent", "") if c.isprintable())[:AGENT_LENGTH]
        await self._services.users.touch(user.id)
        origin = Origin(method, client_address(request, self._services.settings), agent)
        pair = await self._services.tokens.begin(user.id, origin)
        log.info("log-in", method=method, user=str(user.id), session=pair.session_id, address=origin.address)
        return pair

    def answer(self, request: web.Request, user: User, pair: TokenPair, status: int) -> web.Response:
        """The person and the access token in the body, the refresh token in the cookie."""
        signed_in = models.SignedIn(models.User.of(user, to_themselves=True), pair.access, pair.access_s)
        response = json_response(signed_in, status)
        self.set_cookie(request, response, pair)
        return response

    def set_cookie(self, request: web.Request, response: web.Response, pair: TokenPair) -> None:
        """Give the browser the refresh token."""
        response.set_cookie(
            REFRESH_COOKIE,
            pair.refresh,
            max_age=pair.refresh_s,
            path=REFRESH_PATH,
            httponly=True,
            samesite="Strict",
            secure=is_https(request, self._services.settings),
        )

    def forget_cookie(self, request: web.Request, response: web.Response) -> None:
        """Take the refresh token from the browser."""
        secure = is_https(request, self._services.settings)
        response.del_cookie(REFRESH_COOKIE, path=REFRESH_PATH, httponly=True, samesite="Strict", secure=secure)


def signed_out() -> web.Response:
    """204 for the end of a log-in."""
    return web.Response(status=204, headers={"Cache-Control": "no-store"})
