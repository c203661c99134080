"""`/api/auth/*`: register, log in, enter as a guest, refresh, log out."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from aiohttp import web
from msgspec import UNSET, UnsetType

from server.api import models
from server.api.endpoint import Access, Call, Endpoint, json_response
from server.api.problems import FieldError, Problem, not_signed_in, problem_for
from server.auth.errors import ReusedTokenError, TokenError
from server.auth.identity import read_bearer
from server.auth.looks import random_look
from server.auth.origin import is_https
from server.auth.tokens import Claims, TokenPair
from server.services import Services
from server.store.errors import Taken
from server.store.users import User

REFRESH_COOKIE = "hallway_refresh"
REFRESH_PATH = "/api/auth"

_TAKEN = {
    "email": ("email_taken", "is used by another account"),
    "username": ("username_taken", "is used by somebody else"),
}


class Accounts:
    """Handlers for log-ins. The refresh token is in an HttpOnly cookie that only these addresses get."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def endpoints(self) -> list[Endpoint[Any]]:
        anyone: dict[str, Any] = {"access": Access.ANYONE, "by_cookie": True, "answer": models.SignedIn}
        return [
            Endpoint("POST", "/api/auth/register", self.register, body=models.Register, status=201, **anyone),
            Endpoint("POST", "/api/auth/login", self.log_in, body=models.LogIn, **anyone),
            Endpoint("POST", "/api/auth/guest", self.enter_as_guest, body=models.EnterAsGuest, status=201, **anyone),
            Endpoint("POST", "/api/auth/refresh", self.refresh, **anyone),
            Endpoint("POST", "/api/auth/logout", self.log_out, access=Access.ANYONE, by_cookie=True, status=204),
            Endpoint("GET", "/api/auth/me", self.me, answer=models.User),
        ]

    async def register(self, call: Call[models.Register]) -> web.Response:
        body = call.body
        password_hash = await self._services.passwords.hash(body.password)
        try:
            user = await self._services.users.create_account(
                email=body.email,
                username=body.username,
                password_hash=password_hash,
                look=look_of(body.avatar_config) or random_look(),
            )
        except Taken as error:
            raise taken(error) from error
        return await self._begin(call.request, user, 201)

    async def log_in(self, call: Call[models.LogIn]) -> web.Response:
        # Unknown name and wrong password look the same from outside, in words and in time.
        passwords, users = self._services.passwords, self._services.users
        who = call.body.email.strip()
        user = await users.find_account(who) if who.isprintable() else None
        verdict = await passwords.verify(call.body.password, user.password_hash if user else None)
        if user is None or not verdict.right:
            raise Problem("invalid_credentials", "Name and password do not match. Check both and try again.")
        if verdict.new_hash and user.password_hash:
            await users.replace_password_hash(user.id, user.password_hash, verdict.new_hash)
        return await self._begin(call.request, user, 200)

    async def enter_as_guest(self, call: Call[models.EnterAsGuest]) -> web.Response:
        look = look_of(call.body.avatar_config) or random_look()
        user = await self._services.users.create_guest(name=call.body.name, look=look)
        return await self._begin(call.request, user, 201)

    async def refresh(self, call: Call[None]) -> web.Response:
        token = call.request.cookies.get(REFRESH_COOKIE)
        if not token:
            raise not_signed_in()
        try:
            pair = await self._services.tokens.refresh(token)
            user = await self._services.users.get(pair.user_id)
            if user is None:
                raise TokenError("the user no longer exists")
        except TokenError as error:
            if isinstance(error, ReusedTokenError):
                await self._services.directory.end_session(error.user_id, error.session_id)
            response = problem_for(call.request, error).response()
            self._forget_cookie(call.request, response)
            return response
        return self._signed_in(call.request, user, pair, 200)

    async def log_out(self, call: Call[None]) -> web.Response:
        """Ends the log-in of the cookie and that of the access token, whichever come along. Never fails for a token."""
        for claims in self._log_ins_of(call.request):
            await self._services.tokens.end(claims)
            await self._services.directory.end_session(claims.user_id, claims.session_id)
        response = web.Response(status=204, headers={"Cache-Control": "no-store"})
        self._forget_cookie(call.request, response)
        return response

    async def me(self, call: Call[None]) -> models.User:
        return models.User.of(call.user, to_themselves=True)

    def _log_ins_of(self, request: web.Request) -> set[Claims]:
        found, tokens = set(), self._services.tokens
        with suppress(TokenError):
            found.add(tokens.read_refresh(request.cookies.get(REFRESH_COOKIE, "")))
        with suppress(TokenError):
            found.add(read_bearer(request.headers.get("Authorization"), tokens))
        return found

    async def _begin(self, request: web.Request, user: User, status: int) -> web.Response:
        return self._signed_in(request, user, await self._services.tokens.begin(user.id), status)

    def _signed_in(self, request: web.Request, user: User, pair: TokenPair, status: int) -> web.Response:
        signed_in = models.SignedIn(models.User.of(user, to_themselves=True), pair.access, pair.access_s)
        response = json_response(signed_in, status)
        response.set_cookie(
            REFRESH_COOKIE,
            pair.refresh,
            max_age=pair.refresh_s,
            path=REFRESH_PATH,
            httponly=True,
            samesite="Strict",
            secure=is_https(request, self._services.settings.public_url),
        )
        return response

    def _forget_cookie(self, request: web.Request, response: web.Response) -> None:
        secure = is_https(request, self._services.settings.public_url)
        response.del_cookie(REFRESH_COOKIE, path=REFRESH_PATH, httponly=True, samesite="Strict", secure=secure)


def look_of(config: models.AvatarConfig | UnsetType) -> bytes | None:
    """The look that a body asks for; None: none."""
    return None if config is UNSET or isinstance(config, UnsetType) else bytes(config.look)


def taken(error: Taken) -> Problem:
    """409, with the field that somebody else has."""
    code, reason = _TAKEN[error.field]
    return Problem(code, "Choose another one.", errors=[FieldError(error.field, reason)])
