"""One REST endpoint as data: where, who may, what goes in, what comes out. The wrapper does the same for all of them.

Order of checks, cheapest first: origin (cookie endpoints), who it is, guests, the body, how often. Rights that depend
on the object (the owner of a room) are the handler's.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from aiohttp import web

from server.api.bodies import read_body
from server.api.problems import Problem
from server.auth.address import client_address
from server.auth.identity import Identity, identify
from server.auth.origin import is_same_origin
from server.services import Services
from server.store.users import User

B = TypeVar("B")

Answer = msgspec.Struct | web.StreamResponse | None


class Access(Enum):
    """Who may call an endpoint."""

    ANYONE = "anyone"
    VISITORS = "anyone, and known if signed in"
    SIGNED_IN = "signed in"  # accounts and guests
    ACCOUNTS = "accounts"
    OPERATORS = "operators of the server"
    CONSOLE = "operators of the server, and its command line"


@dataclass(frozen=True, slots=True)
class Call(Generic[B]):
    """One request to an endpoint: its decoded body, who sends it, and from which address."""

    request: web.Request
    body: B
    identity: Identity | None
    address: str

    @property
    def user(self) -> User:
        """The sender, on endpoints that are not for anyone."""
        return self.signed_in.user

    @property
    def signed_in(self) -> Identity:
        if self.identity is None:
            raise RuntimeError("an endpoint for anyone has no sender")
        return self.identity

    def id(self, missing: str, part: str = "id") -> UUID:
        """The `{id}`, or another part, of the address; what cannot be an id is not found, with the code `missing`."""
        text = self.request.match_info[part]
        try:
            found = UUID(text)
        except ValueError:
            found = None
        if found is None or str(found) != text.lower():
            raise not_found(missing)
        return found


@dataclass(frozen=True, slots=True)
class Endpoint(Generic[B]):
    """`body` and `answer` are the models of the interface, `status` what success says.

    The reference is made from these; the first line of the handler's docstring is the summary there.
    """

    method: str
    path: str
    handler: Callable[[Call[B]], Awaitable[Answer]]
    access: Access = Access.SIGNED_IN
    body: type[msgspec.Struct] | None = None
    body_optional: bool = False
    query: type[msgspec.Struct] | None = None
    """The parameters that the handler reads with `read_query`, for the reference."""
    answer: type[msgspec.Struct] | None = None
    status: int = 200
    by_cookie: bool = False
    """Reads or sets the refresh cookie, hence takes requests of our own pages only."""
    limit: str | None = None
    """The name of the limit in `server.auth.limits.RULES` that a call counts for."""
    problems: tuple[str, ...] = ()
    """Codes that the handler itself may answer with, for the reference."""
    media: str = "application/json"
    """The type of the answer; several, with ", " between them, where it depends on what is asked for."""
    other_answers: Mapping[int, type[msgspec.Struct]] = field(default_factory=dict)
    """Answers with another status that are no problem documents, for the reference."""

    def route(self, services: Services) -> web.RouteDef:
        async def handle(request: web.Request) -> web.StreamResponse:
            if self.by_cookie and not is_same_origin(request, services.settings.public_url):
                raise Problem("foreign_origin", "This can be done from Hallway's own pages only.")
            identity = await self._identity(request, services)
            body: Any = await read_body(request, self.body, optional=self.body_optional) if self.body else None
            address = client_address(request, services.settings)
            if self.limit:
                account = str(identity.user.id) if identity else None
                await services.limits.take(self.limit, address=address, account=account)
            return _response(await self.handler(Call(request, body, identity, address)), self.status)

        # HEAD is GET without the body, everywhere
        return web.get(self.path, handle) if self.method == "GET" else web.route(self.method, self.path, handle)

    async def _identity(self, request: web.Request, services: Services) -> Identity | None:
        authorization = request.headers.get("Authorization")
        if self.access is Access.ANYONE or (self.access is Access.VISITORS and authorization is None):
            return None
        bearer = (authorization or "").partition(" ")[2].strip()
        if self.access is Access.CONSOLE and services.tokens.is_console(bearer):
            return None
        identity = await identify(authorization, services.tokens, services.users)
        if self.access is Access.ACCOUNTS and identity.user.is_guest:
            raise Problem("guests_not_allowed", "Guests cannot do this. Register first.")
        if self.access in (Access.OPERATORS, Access.CONSOLE) and not identity.user.is_operator:
            raise Problem("operators_only", "Only those who run this server can do this.")
        return identity


def not_found(code: str) -> Problem:
    """404 with the words that fit the code."""
    what = {
        "room_not_found": "This room does not exist any more.",
        "user_not_found": "There is no such person.",
        "ban_not_found": "This ban was lifted, or has run out.",
        "invite_not_found": "This invitation is no longer good. Ask for a new one.",
        "portal_not_found": "This portal is not there any more.",
        "message_not_found": "This message is not there any more.",
        "object_not_found": "That is not there any more.",
        "server_not_found": "There is no such server, or it has not said anything yet. Look again in some seconds.",
        "file_not_found": "This file is not there any more.",
    }
    return Problem(code, what.get(code, "There is nothing at this address."))


def json_response(body: msgspec.Struct, status: int = 200) -> web.Response:
    return web.Response(
        status=status,
        body=msgspec.json.encode(body),
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def _response(answer: Answer, status: int) -> web.StreamResponse:
    if isinstance(answer, web.StreamResponse):
        return answer
    if answer is None:
        return web.Response(status=204, headers={"Cache-Control": "no-store"})
    return json_response(answer, status)
