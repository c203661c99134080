"""Two servers with one PostgreSQL and one Redis behind nginx: log in anywhere, and be brought to the room's owner."""

from __future__ import annotations

import asyncio
import secrets
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiohttp import ClientSession, TCPConnector

from protocol.constants import ALL_FEATURES, SUBPROTOCOL
from protocol.messages import Hello, Welcome, decode_server, encode
from server.app import Server, started
from server.config import load_settings
from server.ops.nginx import Front, Upstream, nginx_config
from server.tls import own_certificate
from tests.adversity.server_process import free_port
from tests.deploy.nginx_process import NGINX, running_nginx

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed (apt-get install nginx-light)")

KEY = "k" * 40
NAMES = ("one", "two")


@dataclass
class Site:
    """Two servers and what is in front of them."""

    servers: list[Server]
    direct: list[str]
    url: str
    ssl: ssl.SSLContext


@pytest.fixture
async def site(fresh_database: str, fresh_redis: str, tmp_path: Path) -> AsyncIterator[Site]:
    certificate, key = own_certificate(tmp_path / "tls", ["localhost"], datetime.now(UTC))
    http, https = free_port(), free_port()
    shared = {"database_url": fresh_database, "redis_url": fresh_redis, "udp_port": 0, "sfu_port": 0, "drain_s": 0}
    async with AsyncExitStack() as stack:
        servers, upstreams = [], []
        for name in NAMES:
            env = {"HALLWAY_SECRET_KEY": KEY, "HALLWAY_TRUSTED_PROXIES": "127.0.0.1", "HALLWAY_SERVER_NAME": name}
            flags = {**shared, "port": 0, "data_dir": tmp_path / name, "public_url": f"https://localhost:{https}"}
            server = await stack.enter_async_context(started(load_settings(env, flags=flags)))
            servers.append(server)
            upstreams.append(Upstream(name, f"127.0.0.1:{server.port}"))
        front = Front("localhost", str(certificate), str(key), http, https)
        stack.enter_context(running_nginx(tmp_path, nginx_config(load_settings({}), front, upstreams), https))
        direct = [f"http://{upstream.address}" for upstream in upstreams]
        yield Site(servers, direct, f"https://localhost:{https}", ssl.create_default_context(cafile=str(certificate)))


async def posted(http: ClientSession, url: str, body: object) -> Any:
    async with http.post(url, json=body) as answer:
        assert answer.status < 300, await answer.text()
        return await answer.json()


async def test_whoever_logs_in_at_one_server_stands_in_a_room_of_the_other(site: Site) -> None:
    async with ClientSession(connector=TCPConnector(ssl=site.ssl)) as http, asyncio.timeout(60):
        name = f"ann{secrets.token_hex(4)}"
        account = {"email": f"{name}@example.org", "username": name, "password": "correct horse battery"}
        signed_in = await posted(http, site.direct[1] + "/api/auth/register", account)
        http.headers["Authorization"] = f"Bearer {signed_in['access_token']}"
        for owner, other in ((0, 1), (1, 0)):
            room = await posted(http, site.direct[other] + "/api/rooms", {"name": "Room", "template": "office"})
            keep = site.servers[owner].rooms
            assert await keep.running.open(UUID(room["id"])) is not None
            for _ in range(3):  # through nginx the call reaches one or the other
                joining = await posted(http, f"{site.url}/api/rooms/{room['id']}/join", {})
                assert joining["url"] == f"/at/{NAMES[owner]}/ws/rooms/{room['id']}"
            await stand(http, site, joining)
            assert keep.is_inside(UUID(room["id"]), UUID(signed_in["user"]["id"]))
            assert site.servers[other].rooms.opened(UUID(room["id"])) is None
        for url in site.direct:
            async with http.get(url + "/metrics") as answer:
                assert "hallway_relayed_connections_total 0.0" in await answer.text(), (
                    "sockets go straight to the owner"
                )


async def stand(http: ClientSession, site: Site, joining: Any) -> None:
    """Show the ticket where the answer says, through nginx."""
    socket = await http.ws_connect(site.url.replace("https", "wss") + joining["url"], protocols=(SUBPROTOCOL,))
    await socket.send_bytes(encode(Hello(0, ALL_FEATURES, joining["ticket"], None, 0, "test")))
    while not isinstance(decode_server((await socket.receive()).data), Welcome):
        pass
    await socket.close()
