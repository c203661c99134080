import asyncio
import gzip
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from server.api import add_client_pages
from server.api.client_pages import ASK_AGAIN, FOREVER
from server.api.security_headers import add_security_headers


@pytest.fixture
def client_root(tmp_path: Path) -> Path:
    root = tmp_path / "dist"
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_text("<title>Hallway</title>")
    (root / "assets" / "index-BqX3_a-9.js").write_text("let a = 1")
    (root / "assets" / "index-BqX3_a-9.js.gz").write_bytes(gzip.compress(b"let a = 1"))
    (root / "assets" / "wall-standing.png").write_bytes(b"png")
    (root / ".secret").write_text("secret")
    (tmp_path / "outside.txt").write_text("secret")
    (root / "link.txt").symlink_to(tmp_path / "outside.txt")
    return root


async def serve(root: Path | None) -> TestClient[web.Request, web.Application]:
    app = web.Application()
    app.on_response_prepare.append(add_security_headers)
    add_client_pages(app, root)
    client: TestClient[web.Request, web.Application] = TestClient(TestServer(app), auto_decompress=False)
    await client.start_server()
    return client


@pytest.fixture
async def client(client_root: Path) -> AsyncIterator[Any]:
    opened = await serve(client_root)
    yield opened
    await opened.close()


@pytest.mark.parametrize("path", ["/", "/login", "/rooms/2b1a/settings", "/apiary", "/index.html"])
async def test_every_address_of_the_clients_own_gets_the_page(client: Any, path: str) -> None:
    response = await client.get(path)
    assert (response.status, await response.text()) == (200, "<title>Hallway</title>")
    assert response.headers["Cache-Control"] == ASK_AGAIN
    assert "script-src 'self' 'wasm-unsafe-eval';" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/rooms", "/ws/rooms/1", "/metrics", "/missing.png", "/assets/x-Abcdefgh.js"]
)
async def test_other_addresses_do_not(client: Any, path: str) -> None:
    assert (await client.get(path)).status == 404


async def test_what_has_a_hash_in_its_name_is_kept_for_ever_and_the_rest_asked_for_again(client: Any) -> None:
    script = await client.get("/assets/index-BqX3_a-9.js")
    assert script.headers["Cache-Control"] == FOREVER
    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"
    picture = await client.get("/assets/wall-standing.png")
    assert picture.headers["Cache-Control"] == ASK_AGAIN
    again = await client.get("/assets/wall-standing.png", headers={"If-None-Match": picture.headers["ETag"]})
    assert again.status == 304


async def test_a_packed_file_is_sent_to_those_who_take_it(client: Any) -> None:
    packed = await client.get("/assets/index-BqX3_a-9.js", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(await packed.read()) == b"let a = 1"
    plain = await client.get("/assets/index-BqX3_a-9.js", headers={"Accept-Encoding": "identity"})
    assert await plain.read() == b"let a = 1"


@pytest.mark.parametrize(
    "path",
    [
        "/../outside.txt",
        "/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "/link.txt",
        "/.secret",
        "//etc/passwd.txt",
        "/assets/../../outside.txt",
        "/%00.txt",
        "/" + "x" * 5000 + ".js",
    ],
)
async def test_nothing_outside_the_client_is_served(client: Any, path: str) -> None:
    # By hand, for clients tidy addresses up before they send them.
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: hallway\r\nConnection: close\r\n\r\n".encode())
    answer = (await reader.read()).decode()
    writer.close()
    assert answer.startswith(("HTTP/1.1 404", "HTTP/1.1 400")), answer[:100]
    assert "secret" not in answer


async def test_without_a_build_the_page_says_so() -> None:
    client = await serve(None)
    response = await client.get("/")
    assert response.status == 503
    assert "not built" in await response.text()
    await client.close()
