"""The REST API over a real PostgreSQL and Valkey, with rooms that only pretend to run."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest
from aiohttp import ClientResponse, CookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from server.api import add_routes
from server.api.routes import endpoints
from server.auth.endings import Endings
from server.auth.limits import Limits
from server.auth.news import News
from server.auth.passwords import Passwords
from server.auth.tickets import Tickets
from server.auth.tokens import Tokens
from server.config import load_settings
from server.ops.metrics import Metrics
from server.ops.servers import Servers
from server.rooms.templates import Template
from server.services import Services
from server.store.cache import open_cache
from server.store.database import open_database
from server.store.positions import Positions
from server.store.rooms import Rooms
from server.store.users import Users
from sim.maps import parse_map
from tests.server.api.contract import Contract
from tests.server.api.pretended_rooms import PretendedRooms

GOOD_PASSWORD = "correct horse battery"

SMALL_MAP = {
    "format": "hallway.map/1",
    "name": "Closet",
    "description": "Small.",
    "width": 4,
    "height": 4,
    "floor": {"palette": ["void", "wood"], "rows": ["bbbb"] * 4},
    "walls": ["####", "#..#", "#..#", "####"],
    "furniture": [],
    "doors": [],
    "zones": [],
    "spawns": [{"x": 64, "y": 64}],
}


def small_template(template_id: str) -> Template:
    room_map = parse_map(SMALL_MAP, {})
    return Template(template_id, SMALL_MAP, room_map, room_map.to_public())


class Browser:
    """One person's client: keeps cookies, and the access token once signed in; checks each answer by the contract."""

    def __init__(self, client: TestClient[web.Request, web.Application], contract: Contract) -> None:
        self.client = client
        self.contract = contract
        self.token: str | None = None
        self.user: dict[str, Any] = {}

    async def send(self, method: str, path: str, **options: Any) -> ClientResponse:
        headers = dict(options.pop("headers", {}))
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        response = await self.client.request(method, path, headers=headers, **options)
        if response.url.path.startswith("/api/"):
            media, body = response.content_type, await response.read()
            self.contract.check(method, response.url.path, response.status, media, body)
        return response

    async def get(self, path: str, **options: Any) -> ClientResponse:
        return await self.send("GET", path, **options)

    async def post(self, path: str, body: object = None, **options: Any) -> ClientResponse:
        return await self.send("POST", path, **({"json": body} if body is not None else {}), **options)

    async def put(self, path: str, body: object, **options: Any) -> ClientResponse:
        return await self.send("PUT", path, json=body, **options)

    async def delete(self, path: str) -> ClientResponse:
        return await self.send("DELETE", path)

    async def sign_in(self, path: str, body: dict[str, Any]) -> Browser:
        response = await self.post(path, body)
        answer = await response.json()
        assert response.status in (200, 201), answer
        self.token, self.user = answer["access_token"], answer["user"]
        return self

    async def register(self, name: str | None = None) -> Browser:
        name = name or f"user{secrets.token_hex(6)}"
        email = f"{secrets.token_hex(6)}@example.org"
        return await self.sign_in("/api/auth/register", {"email": email, "username": name, "password": GOOD_PASSWORD})

    async def enter(self, name: str = "Guest") -> Browser:
        return await self.sign_in("/api/auth/guest", {"name": name})

    async def make_room(self, **fields: Any) -> dict[str, Any]:
        response = await self.post("/api/rooms", {"name": "Room", "template": "closet", **fields})
        answer: dict[str, Any] = await response.json()
        assert response.status == 201, answer
        return answer

    @property
    def session_id(self) -> str:
        """The id of the log-in that the access token belongs to."""
        return str(jwt.decode(self.token or "", options={"verify_signature": False})["sid"])

    @property
    def cookie(self) -> str | None:
        cookies = self.client.session.cookie_jar.filter_cookies(self.client.make_url("/api/auth/refresh"))
        return cookies["hallway_refresh"].value if "hallway_refresh" in cookies else None


@dataclass
class Site:
    """A server under test."""

    server: TestServer[web.Request]
    services: Services
    rooms: PretendedRooms
    contract: Contract
    browsers: list[Browser] = field(default_factory=list)

    async def browser(self) -> Browser:
        browser = Browser(TestClient(self.server, cookie_jar=CookieJar(unsafe=True)), self.contract)
        self.browsers.append(browser)
        return browser


@asynccontextmanager
async def open_site(
    database_url: str, redis_url: str, env: dict[str, str] | None = None, **settings: Any
) -> AsyncIterator[Site]:
    """A server on an ephemeral port. All tests share one Valkey, so wrong passwords are not counted unless asked."""
    chosen = load_settings(
        env or {},
        flags={"wrong_passwords_account_per_minute": 0, "wrong_passwords_address_per_10_minutes": 0} | settings,
    )
    database, redis, rooms = await open_database(database_url, max_size=5), open_cache(redis_url), PretendedRooms()
    users, tokens = Users(database), Tokens(redis, "k" * 40)
    services = Services(
        settings=chosen,
        db=database,
        redis=redis,
        users=users,
        rooms_store=Rooms(database),
        positions=Positions(database),
        passwords=Passwords(time_cost=1, memory_kib=64),
        tokens=tokens,
        tickets=Tickets(redis),
        limits=Limits(redis, chosen),
        endings=Endings(tokens, rooms.end_session),
        news=News(redis),
        servers=Servers(redis, chosen, Metrics()),
        directory=rooms,
    )
    app = web.Application()
    add_routes(app, services, {"closet": small_template("closet"), "other": small_template("other")})
    server: TestServer[web.Request] = TestServer(app)
    await server.start_server()
    site = Site(server, services, rooms, Contract(endpoints(services, {})))
    try:
        yield site
    finally:
        for browser in site.browsers:
            await browser.client.session.close()
        await server.close()
        services.passwords.close()
        await redis.aclose()
        database.pool.terminate()


@pytest.fixture
async def site(module_database: str, redis_url: str) -> AsyncIterator[Site]:
    async with open_site(module_database, redis_url) as opened:
        yield opened


@pytest.fixture
async def browser(site: Site) -> Browser:
    return await site.browser()
