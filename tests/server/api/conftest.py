"""The REST API over a real PostgreSQL and Valkey, with rooms that only pretend to run."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from aiohttp import ClientResponse, CookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from server.api import add_routes
from server.auth.passwords import Passwords
from server.auth.tickets import Tickets
from server.auth.tokens import Tokens
from server.config import load_settings
from server.rooms.templates import Template
from server.services import Services
from server.store.cache import open_cache
from server.store.database import open_database
from server.store.positions import Positions
from server.store.rooms import Room, Rooms
from server.store.users import Users
from sim.maps import parse_map

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


@dataclass
class PretendedRooms:
    """Stands in for the running rooms: who is inside is what the test says, and calls are written down."""

    inside: dict[UUID, list[tuple[UUID, str, bool]]] = field(default_factory=dict)
    calls: list[tuple[Any, ...]] = field(default_factory=list)

    def head_count(self, room_id: UUID) -> int:
        return len(self.inside.get(room_id, []))

    def people(self, room_id: UUID) -> Sequence[tuple[UUID, str, bool]]:
        return self.inside.get(room_id, [])

    async def leave(self, room_id: UUID, user_id: UUID) -> None:
        self.calls.append(("leave", room_id, user_id))

    async def close_room(self, room_id: UUID) -> None:
        self.calls.append(("close_room", room_id))

    async def change_room(self, room: Room) -> None:
        self.calls.append(("change_room", room.id, room.max_capacity))

    async def change_user(self, user_id: UUID, name: str, look: bytes) -> None:
        self.calls.append(("change_user", user_id, name, look))

    async def end_session(self, user_id: UUID, session_id: str) -> None:
        self.calls.append(("end_session", user_id))


class Browser:
    """One person's client: keeps cookies, and the access token once signed in."""

    def __init__(self, client: TestClient[web.Request, web.Application]) -> None:
        self.client = client
        self.token: str | None = None
        self.user: dict[str, Any] = {}

    async def send(self, method: str, path: str, **options: Any) -> ClientResponse:
        headers = dict(options.pop("headers", {}))
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        return await self.client.request(method, path, headers=headers, **options)

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
    def cookie(self) -> str | None:
        cookies = self.client.session.cookie_jar.filter_cookies(self.client.make_url("/api/auth/refresh"))
        return cookies["hallway_refresh"].value if "hallway_refresh" in cookies else None


@dataclass
class Site:
    """A server under test."""

    server: TestServer[web.Request]
    services: Services
    rooms: PretendedRooms
    browsers: list[Browser] = field(default_factory=list)

    async def browser(self) -> Browser:
        browser = Browser(TestClient(self.server, cookie_jar=CookieJar(unsafe=True)))
        self.browsers.append(browser)
        return browser


@asynccontextmanager
async def open_site(database_url: str, redis_url: str, **settings: Any) -> AsyncIterator[Site]:
    chosen = load_settings({}, flags=settings)
    database, redis, rooms = await open_database(database_url, max_size=5), open_cache(redis_url), PretendedRooms()
    users = Users(database)
    services = Services(
        settings=chosen,
        db=database,
        redis=redis,
        users=users,
        rooms_store=Rooms(database),
        positions=Positions(database),
        passwords=Passwords(time_cost=1, memory_kib=64),
        tokens=Tokens(redis, "k" * 40),
        tickets=Tickets(redis),
        directory=rooms,
    )
    app = web.Application()
    add_routes(app, services, {"closet": small_template("closet"), "other": small_template("other")})
    server: TestServer[web.Request] = TestServer(app)
    await server.start_server()
    site = Site(server, services, rooms)
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
