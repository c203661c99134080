"""`/api/auth/methods` and `/api/auth/oidc/*`: the ways in, and log-in with another provider.

Whose account it is that somebody from a provider enters:

1. the account that this identity (issuer and subject) is linked to;
2. else, if `oidc_link_by_email` is on and the provider says that the e-mail address is verified, the account with that
   address, which is linked from then on;
3. else a new account, if `oidc_sign_up` and `registration_open` are on and no account has the address.

An account that exists is linked by rule 2, or by its owner, who is logged in and asks for it; by nothing else.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast
from urllib.parse import quote, urlsplit
from uuid import UUID

import msgspec
import structlog
from aiohttp import web
from redis.exceptions import RedisError

from server.api import account_models as models
from server.api.bodies import read_query
from server.api.endpoint import Access, Call, Endpoint
from server.api.problems import Problem
from server.api.sign_in import SignIn
from server.auth import rules
from server.auth.errors import LimitExceeded, OidcError
from server.auth.looks import random_look
from server.auth.oidc import Flow, OidcClient, Vouched
from server.auth.origin import is_https, own_address
from server.services import Services
from server.store.errors import StoreUnavailable, Taken
from server.store.identities import Identities
from server.store.users import User

log = structlog.get_logger()

START, CALLBACK = "/api/auth/oidc/start", "/api/auth/oidc/callback"
STATE_COOKIE = "hallway_oidc"
STATE_PATH = "/api/auth/oidc"
STATE_S = 600
LOG_IN_PAGE, ACCOUNT_PAGE = "/login", "/account"
NAME_TRIES = 20


class Pending(msgspec.Struct, frozen=True):
    """A log-in that is under way. `link_to`: the account that the identity is to be linked to."""

    flow: Flow
    next: str
    link_to: UUID | None = None


class OidcLogIn:
    """Handlers for the ways in."""

    def __init__(self, services: Services) -> None:
        settings = services.settings
        self._services = services
        self._sign_in = SignIn(services)
        self._identities = Identities(services.db)
        self._client: OidcClient | None = None
        if settings.oidc_issuer and settings.oidc_client_id:
            self._client = OidcClient(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)

    def endpoints(self) -> list[Endpoint[Any]]:
        browser: dict[str, Any] = {"access": Access.ANYONE, "status": 302, "problems": ("not_found",)}
        accounts: dict[str, Any] = {"access": Access.ACCOUNTS, "by_cookie": True}
        return [
            Endpoint("GET", "/api/auth/methods", self.methods, access=Access.ANYONE, answer=models.Methods),
            Endpoint("GET", START, self.start, query=models.OidcStart, **browser),
            Endpoint("GET", CALLBACK, self.come_back, query=models.OidcCallback, **browser),
            Endpoint(
                "POST", "/api/auth/oidc/link", self.link, answer=models.Redirect, problems=("not_found",), **accounts
            ),
            Endpoint("DELETE", "/api/auth/oidc/link", self.unlink, status=204, problems=("no_password",), **accounts),
        ]

    async def methods(self, call: Call[None]) -> models.Methods:
        """The ways in that this server offers."""
        settings = self._services.settings
        return models.Methods(
            password=True,
            registration=settings.registration_open,
            guests=True,
            oidc=models.OidcMethod(settings.oidc_label, START) if self._client else None,
        )

    async def start(self, call: Call[None]) -> web.Response:
        """Send the browser to the provider. Not for scripts."""
        client = self._configured()
        response = web.Response(status=302, headers={"Cache-Control": "no-store"})
        with _told_by(response, LOG_IN_PAGE):
            query = read_query(call.request, models.OidcStart)
            await self._services.limits.take("provider_log_ins", address=call.address)
            response.headers["Location"] = await self._begin(client, call, response, own_path(query.next), None)
        return response

    async def link(self, call: Call[None]) -> web.Response:
        """Begin to link the provider to one's account; the browser is to go to the address in the answer."""
        client = self._configured()
        response = web.Response(content_type="application/json", headers={"Cache-Control": "no-store"})
        try:
            url = await self._begin(client, call, response, f"{ACCOUNT_PAGE}?linked=1", call.user.id)
        except OidcError as error:
            raise Problem("unavailable", "The provider does not answer at present. Try again later.") from error
        response.body = msgspec.json.encode(models.Redirect(url))
        return response

    async def unlink(self, call: Call[None]) -> None:
        """Forget the link to the provider."""
        if call.user.password_hash is None:
            raise Problem("no_password", "Set a password first, or you could not log in any more.")
        await self._identities.unlink(call.user.id)

    async def come_back(self, call: Call[None]) -> web.Response:
        """Where the provider sends the browser back to. Not for scripts."""
        client = self._configured()
        response = web.Response(status=302, headers={"Cache-Control": "no-store"})
        with _told_by(response, LOG_IN_PAGE):
            query = read_query(call.request, models.OidcCallback)
            pending = await self._pending(call.request, query.state)
            with _told_by(response, ACCOUNT_PAGE if pending.link_to else LOG_IN_PAGE):
                if query.error or not query.code:
                    raise OidcError("oidc_refused", f"the provider answered {query.error[:100]!r}")
                vouched = await client.finish(pending.flow, query.code, query.iss or None)
                if pending.link_to:
                    await self._link(pending.link_to, vouched)
                else:
                    user = await self._user_of(vouched)
                    pair = await self._sign_in.begin_pair(call.request, user, "oidc")
                    self._sign_in.set_cookie(call.request, response, pair)
                response.headers["Location"] = pending.next
        secure = is_https(call.request, self._services.settings)
        response.del_cookie(STATE_COOKIE, path=STATE_PATH, httponly=True, samesite="Lax", secure=secure)
        return response

    def _configured(self) -> OidcClient:
        if self._client is None:
            raise Problem("not_found", "This server offers log-in with passwords only.")
        return self._client

    async def _begin(
        self, client: OidcClient, call: Call[None], response: web.Response, next_path: str, link_to: UUID | None
    ) -> str:
        """Remember the log-in in Redis, and tie it to this browser by a cookie: nobody finishes it for another."""
        request, settings = call.request, self._services.settings
        secure = is_https(request, settings)
        origin = own_address(request, settings)
        state = secrets.token_urlsafe(32)
        pending = Pending(Flow.begin(origin + CALLBACK), next_path, link_to)
        url = await client.authorization_url(pending.flow, state)
        await self._services.redis.set(_state_key(state), msgspec.msgpack.encode(pending), ex=STATE_S)
        # Lax: the way back is a navigation that another site begins, and it has to come along.
        response.set_cookie(
            STATE_COOKIE, state, max_age=STATE_S, path=STATE_PATH, httponly=True, samesite="Lax", secure=secure
        )
        return url

    async def _pending(self, request: web.Request, state: str) -> Pending:
        ours = request.cookies.get(STATE_COOKIE, "")
        if not state or not secrets.compare_digest(state.encode(), ours.encode()):
            raise OidcError("oidc_expired", "the state is not this browser's")
        raw = await self._services.redis.getdel(_state_key(state))
        if raw is None:
            raise OidcError("oidc_expired", "the state is used or too old")
        return msgspec.msgpack.decode(cast(bytes, raw), type=Pending)

    async def _link(self, user_id: UUID, vouched: Vouched) -> None:
        try:
            await self._identities.link(user_id, vouched.issuer, vouched.subject, vouched.email)
        except Taken as error:
            raise OidcError("oidc_linked_elsewhere", "the identity belongs to another account") from error

    async def _user_of(self, vouched: Vouched) -> User:
        users, settings = self._services.users, self._services.settings
        linked = await self._identities.find_user(vouched.issuer, vouched.subject)
        user = await users.get(linked) if linked else None
        if user is None:
            email = _email(vouched)
            user = await users.find_account(email)
            if user is None:
                if not (settings.oidc_sign_up and settings.registration_open):
                    raise OidcError("registration_closed", "there is no account, and new ones are not admitted")
                user = await self._new_account(vouched, email)
            elif not (settings.oidc_link_by_email and vouched.email_verified):
                raise OidcError("oidc_email_taken", "an account has the address, and is not linked by it")
            await self._link(user.id, vouched)
        if user.disabled_at is not None:
            raise OidcError("account_disabled", "the account is disabled")
        return user

    async def _new_account(self, vouched: Vouched, email: str) -> User:
        for number in range(NAME_TRIES):
            try:
                return await self._services.users.create_account(
                    email=email, username=username_for(vouched, email, number), password_hash=None, look=random_look()
                )
            except Taken as error:
                if error.field == "email":
                    raise OidcError("oidc_email_taken", "an account got the address at this moment") from error
        raise OidcError("oidc_invalid", "no name could be found for the account")


def username_for(vouched: Vouched, email: str, number: int) -> str:
    """A name by our rules, made from what the provider knows; with `number` above 0 another one than the first."""
    suffix = "" if number == 0 else f" {number + 1}" if number < 9 else f" {secrets.randbelow(900_000) + 100_000}"
    longest = rules.NAME_LENGTH[1] - len(suffix)
    for wanted in (*vouched.names, email.partition("@")[0], "Somebody"):
        kept = "".join(c if c.isalnum() or c in " ._-" else " " for c in wanted.partition("@")[0]).strip(" ._-")
        try:
            return rules.username(rules.username(kept[:longest]) + suffix)
        except rules.RuleError:
            continue
    raise AssertionError("the last name is by the rules")


def own_path(path: str) -> str:
    """A path of our own pages; anything that could lead elsewhere becomes the first page."""
    parts = urlsplit(path) if path.isprintable() and len(path) <= 512 and "\\" not in path else None
    if parts is None or parts.scheme or parts.netloc or not path.startswith("/") or path.startswith("//"):
        return "/"
    return quote(path, safe="/?&=#%:@!$'()*+,;~-._")


@contextmanager
def _told_by(response: web.Response, page: str) -> Iterator[None]:
    """A browser is here, and whoever sits before it reads no JSON: what goes wrong leads to a page that tells it."""
    try:
        yield
    except OidcError as error:
        failed = error
    except LimitExceeded as error:
        failed = OidcError("rate_limited", error.refusal)
    except Problem as error:
        failed = OidcError("oidc_invalid", error.detail)
    except (StoreUnavailable, RedisError) as error:
        failed = OidcError("unavailable", str(error))
    else:
        return
    response.headers["Location"] = failure_page(failed, page)


def failure_page(error: OidcError, page: str) -> str:
    """The page that tells what went wrong; the log tells why."""
    log.warning("log-in with the provider failed", code=error.code, why=str(error))
    return f"{page}?error={error.code}"


def _email(vouched: Vouched) -> str:
    if vouched.email is None:
        raise OidcError("oidc_no_email", "the provider gives no e-mail address")
    try:
        return rules.email(vouched.email)
    except rules.RuleError as error:
        raise OidcError("oidc_no_email", f"the provider's e-mail address {error}") from error


def _state_key(state: str) -> str:
    return f"hallway:oidc:{hashlib.sha256(state.encode()).hexdigest()}"
