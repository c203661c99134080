"""`/api/auth/*`: register, log in, enter as a guest, refresh, log out."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import structlog
from aiohttp import web
from msgspec import UNSET, UnsetType
from redis.exceptions import RedisError

from server.api import models
from server.api.endpoint import Access, Call, Endpoint
from server.api.problems import FieldError, Problem, not_signed_in, problem_for
from server.api.sign_in import REFRESH_COOKIE, SignIn, signed_out
from server.auth.errors import ReusedTokenError, TokenError
from server.auth.identity import read_bearer
from server.auth.looks import random_look
from server.auth.tokens import Claims
from server.services import Services
from server.store.errors import Taken
from server.store.personal_data import PersonalData
from server.store.users import User, fold

log = structlog.get_logger()

_TAKEN = {
    "email": ("email_taken", "is used by another account"),
    "username": ("username_taken", "is used by somebody else"),
}


class Accounts:
    """Handlers for log-ins. The refresh token is in an HttpOnly cookie that only these addresses get."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._sign_in = SignIn(services)

    def endpoints(self) -> list[Endpoint[Any]]:
        anyone: dict[str, Any] = {"access": Access.ANYONE, "by_cookie": True, "answer": models.SignedIn}
        return [
            Endpoint(
                "POST",
                "/api/auth/register",
                self.register,
                body=models.Register,
                status=201,
                limit="registrations",
                problems=("email_taken", "username_taken", "registration_closed"),
                **anyone,
            ),
            Endpoint(
                "POST",
                "/api/auth/login",
                self.log_in,
                body=models.LogIn,
                problems=("invalid_credentials", "account_disabled", "rate_limited"),
                **anyone,
            ),
            Endpoint(
                "POST",
                "/api/auth/guest",
                self.enter_as_guest,
                body=models.EnterAsGuest,
                status=201,
                limit="guests",
                **anyone,
            ),
            Endpoint("POST", "/api/auth/refresh", self.refresh, problems=("not_signed_in",), **anyone),
            Endpoint("POST", "/api/auth/logout", self.log_out, access=Access.ANYONE, by_cookie=True, status=204),
            Endpoint("GET", "/api/auth/me", self.me, answer=models.User),
        ]

    async def register(self, call: Call[models.Register]) -> web.Response:
        """Make an account and log in."""
        if not self._services.settings.registration_open:
            raise registration_closed()
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
        try:
            return await self._sign_in.begin(call.request, user, "registration", 201)
        except (RedisError, OSError):
            # Told to try again, they would find that their own address is taken.
            await PersonalData(self._services.db).delete(user.id, with_rooms=False)
            raise

    async def log_in(self, call: Call[models.LogIn]) -> web.Response:
        """Log in with a password."""
        # Unknown name and wrong password look the same from outside, in words and in time.
        passwords, users = self._services.passwords, self._services.users
        who = call.body.email.strip()
        user = await users.find_account(who) if who.isprintable() else None
        account = str(user.id) if user else fold(who)
        async with self._services.limits.password_attempt(address=call.address, account=account) as attempt:
            verdict = await passwords.verify(call.body.password, user.password_hash if user else None)
            attempt.wrong = not verdict.right
        if user is None or not verdict.right:
            # Not what was typed: people type passwords into the wrong field.
            log.info("log-in refused", known=user is not None, address=call.address)
            raise Problem("invalid_credentials", "Name and password do not match. Check both and try again.")
        refuse_disabled(user)
        if verdict.new_hash and user.password_hash:
            await users.replace_password_hash(user.id, user.password_hash, verdict.new_hash)
        return await self._sign_in.begin(call.request, user, "password", 200)

    async def enter_as_guest(self, call: Call[models.EnterAsGuest]) -> web.Response:
        """Enter with a name and no account."""
        look = look_of(call.body.avatar_config) or random_look()
        user = await self._services.users.create_guest(name=call.body.name, look=look)
        return await self._sign_in.begin(call.request, user, "guest", 201)

    async def refresh(self, call: Call[None]) -> web.Response:
        """Get a new access token by the refresh cookie, which is replaced."""
        token = call.request.cookies.get(REFRESH_COOKIE)
        if not token:
            raise not_signed_in()
        try:
            pair = await self._services.tokens.refresh(token)
            user = await self._services.users.get(pair.user_id)
            if user is None or user.disabled_at is not None:
                raise TokenError("the user no longer exists or is disabled")
            await self._services.users.touch(user.id)
        except TokenError as error:
            if isinstance(error, ReusedTokenError):
                await self._services.endings.close_connections_of(Claims(error.user_id, error.session_id))
            response = problem_for(call.request, error).response()
            self._sign_in.forget_cookie(call.request, response)
            return response
        return self._sign_in.answer(call.request, user, pair, 200)

    async def log_out(self, call: Call[None]) -> web.Response:
        """End the log-in of the cookie and that of the access token, whichever come along. Never fails for a token."""
        for claims in self._log_ins_of(call.request):
            await self._services.endings.end_session(claims)
        response = signed_out()
        self._sign_in.forget_cookie(call.request, response)
        return response

    async def me(self, call: Call[None]) -> models.User:
        """Who the access token belongs to."""
        return models.User.of(call.user, to_themselves=True)

    def _log_ins_of(self, request: web.Request) -> set[Claims]:
        found, tokens = set(), self._services.tokens
        with suppress(TokenError):
            found.add(tokens.read_refresh(request.cookies.get(REFRESH_COOKIE, "")))
        with suppress(TokenError):
            found.add(read_bearer(request.headers.get("Authorization"), tokens))
        return found


def refuse_disabled(user: User) -> None:
    """403 for an account that an operator has disabled."""
    if user.disabled_at is not None:
        raise Problem("account_disabled", "This account was disabled. Ask whoever runs this office.")


def registration_closed() -> Problem:
    return Problem("registration_closed", "New accounts are made by whoever runs this office. Ask them for one.")


def look_of(config: models.AvatarConfig | UnsetType) -> bytes | None:
    """The look that a body asks for; None: none."""
    return None if config is UNSET or isinstance(config, UnsetType) else bytes(config.look)


def taken(error: Taken) -> Problem:
    """409, with the field that somebody else has."""
    code, reason = _TAKEN[error.field]
    return Problem(code, "Choose another one.", errors=[FieldError(error.field, reason)])
