"""What `hallway nginx-config` writes, judged by the real nginx, and used: pages, calls and sockets go through it."""

from __future__ import annotations

import asyncio
import json
import secrets
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar, TCPConnector, WSMsgType, WSServerHandshakeError
from typer.testing import CliRunner
from yarl import URL

from protocol.constants import ALL_FEATURES, SUBPROTOCOL
from protocol.messages import Hello, Welcome, decode_server, encode
from server.cli import app
from server.config import load_settings
from server.ops.nginx import Front, Upstream, nginx_config
from server.tls import own_certificate
from tests.adversity.server_process import ServerProcess, free_port, running_server
from tests.deploy.nginx_process import NGINX, judged, running_nginx

needs_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is not installed (apt-get install nginx-light)")


def written(*words: str, **env: str) -> str:
    result = CliRunner().invoke(app, ["nginx-config", *words], env=env)
    assert result.exit_code == 0, result.output
    return result.stdout


@needs_nginx
@pytest.mark.parametrize(
    "words",
    [
        ["--certificate", "C", "--key", "K"],
        ["--certificate", "C", "--key", "K", "--server", "a=10.0.0.1:8080", "--server", "b-2=[fd00::7]:8080"],
        ["--server", "a=unix:/run/hallway/a.sock", "--inside", "10.0.0.0/8", "--inside", "fd00::/8"],
        ["--statefulset", "hallway.rooms.default", "--resolver", "127.0.0.1", "--any-pod", "127.0.0.1"],
    ],
    ids=["one", "several", "behind-tls", "pods"],
)
def test_nginx_takes_every_form(words: list[str], tmp_path: Path) -> None:
    certificate, key = own_certificate(tmp_path / "tls", ["localhost"], datetime.now(UTC))
    named = [{"C": str(certificate), "K": str(key)}.get(word, word) for word in words]
    ports = ["--http-port", str(free_port()), "--https-port", str(free_port())]
    assert judged(tmp_path, written("office.example.org", *named, *ports)) == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["x;y"], "means something to nginx"),
        (["h", "--certificate", "/a b", "--key", "/c"], "means something to nginx"),
        (["h", "--certificate", "/a"], "go together"),
        (["h", "--server", "A=1:2"], "NAME=HOST:PORT"),
        (["h", "--server", "a=h:99999"], "HOST:PORT"),
        (["h", "--server", "a=h:80;"], "HOST:PORT"),
        (["h", "--server", "a=h:80", "--server", "a=h:81"], "a name of its own"),
        (["h", "--inside", "nonsense"], "nonsense"),
        (["h", "--statefulset", "hallway"], "NAME.SERVICE.NAMESPACE"),
        (["h", "--statefulset", "a.b.c", "--server", "a=h:80"], "exclude each other"),
    ],
)
def test_what_nginx_would_read_as_something_else_is_refused_with_code_2(words: list[str], said: str) -> None:
    result = CliRunner().invoke(app, ["nginx-config", *words])
    assert (result.exit_code, said in result.output) == (2, True), result.output


def test_uploads_may_be_as_large_as_the_settings_say() -> None:
    assert "client_max_body_size 41m;" in written("h", HALLWAY_UPLOAD_MAX_MB="40")


@dataclass
class Door:
    """A server behind nginx."""

    server: ServerProcess
    url: str
    plain_url: str
    ssl: ssl.SSLContext

    def session(self) -> ClientSession:
        return ClientSession(connector=TCPConnector(ssl=self.ssl), cookie_jar=CookieJar(unsafe=True))


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    if NGINX is None:
        pytest.skip("nginx is not installed (apt-get install nginx-light)")
    folder = tmp_path_factory.mktemp("nginx")
    certificate, key = own_certificate(folder, ["localhost"], datetime.now(UTC))
    http, https = free_port(), free_port()
    front = Front("localhost", str(certificate), str(key), http, https)
    with running_server(TRUSTED_PROXIES="127.0.0.1", LOG_LEVEL="debug") as server:
        servers = [Upstream("a", f"127.0.0.1:{server.port}"), Upstream("gone", f"127.0.0.1:{free_port()}")]
        with running_nginx(folder, nginx_config(load_settings({}), front, servers), https):
            yield Door(
                server,
                f"https://localhost:{https}",
                f"http://localhost:{http}",
                ssl.create_default_context(cafile=str(certificate)),
            )


async def test_pages_and_calls_reach_a_server_that_runs_with_what_nginx_knows_of_them(door: Door) -> None:
    async with door.session() as http:
        name = f"Ann {secrets.token_hex(4)}"
        forged = {"X-Forwarded-For": "203.0.113.9", "X-Request-ID": "forged-by-the-client"}
        for _ in range(4):  # one of the two servers does not run: nobody notices
            async with http.post(door.url + "/api/auth/guest", json={"name": name}, headers=forged) as answer:
                assert answer.status == 201
                assert "Secure" in answer.headers["Set-Cookie"]
                request_id = answer.headers["X-Request-ID"]
        for inside in ("/metrics", "/internal/rooms/1/open", "//internal/x", "/x/../metrics"):
            async with http.get(URL(door.url + inside, encoded=True)) as answer:
                assert (answer.status, answer.headers.get("X-Request-ID")) == (404, None), inside
        async with http.post(door.url + "/api/auth/guest", data=b"x" * 200_000) as answer:
            assert answer.status == 413
        async with http.get(door.plain_url + "/rooms?x=1", allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (308, door.url + "/rooms?x=1")
    lines = [json.loads(line) for line in door.server.log().splitlines() if line.startswith("{")]
    [logged_in] = [line for line in lines if line["event"] == "log-in" and line["request"] == request_id]
    assert logged_in["address"] == "127.0.0.1", "nginx tells where a client is, the client does not"
    assert "forged-by-the-client" not in door.server.log()


async def test_a_rooms_socket_reaches_the_server_that_is_named(door: Door) -> None:
    async with door.session() as http:
        email = f"{secrets.token_hex(6)}@example.org"
        account = {"email": email, "username": email.partition("@")[0], "password": "correct horse battery"}
        signed_in = await posted(http, door.url + "/api/auth/register", account)
        http.headers["Authorization"] = f"Bearer {signed_in['access_token']}"
        room = await posted(http, door.url + "/api/rooms", {"name": "Room", "template": "office"})
        for way in ("", "/at/a"):
            joining = await posted(http, f"{door.url}/api/rooms/{room['id']}/join", {})
            url = f"{door.url}{way}/ws/rooms/{room['id']}".replace("https", "wss")
            async with http.ws_connect(url, protocols=(SUBPROTOCOL,)) as socket, asyncio.timeout(20):
                await socket.send_bytes(encode(Hello(0, ALL_FEATURES, joining["ticket"], None, 0, "test")))
                message = await socket.receive()
                assert message.type is WSMsgType.BINARY
                assert isinstance(decode_server(message.data), Welcome)
        for way, status in (("/at/gone", 502), ("/at/unheard-of", 503)):
            with pytest.raises(WSServerHandshakeError) as refused:
                await http.ws_connect(f"{door.url}{way}/ws/rooms/{room['id']}", protocols=(SUBPROTOCOL,))
            assert refused.value.status == status
        async with http.get(door.url + "/at/a/api/rooms") as answer:
            assert answer.status == 503, "only sockets go to a server by name"


async def posted(http: ClientSession, url: str, body: object) -> Any:
    async with asyncio.timeout(20), http.post(url, json=body) as answer:
        assert answer.status < 300, await answer.text()
        return await answer.json()
