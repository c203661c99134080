"""PostgreSQL or Redis away: 503 and when to come back, never a 500 and never a long wait."""

import asyncio
import time
from typing import Any

import pytest
from aiohttp import ClientConnectionResetError, web
from aiohttp.test_utils import make_mocked_request

from server.api.problems import answer_with_problems
from server.store.cache import open_cache


class Away:
    """Stands where a store was: the pool's and the client's own errors, as when the process was stopped."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        async def refuse(*args: object, **options: object) -> None:
            raise self._error

        return refuse


REQUESTS = [("GET", "/api/auth/me"), ("GET", "/api/rooms"), ("POST", "/api/auth/guest"), ("POST", "/api/auth/refresh")]


async def expect_unavailable(response: Any) -> None:
    problem = await response.json()
    assert (response.status, problem["code"]) == (503, "unavailable")
    assert int(response.headers["Retry-After"]) > 0


@pytest.mark.parametrize("error", [ConnectionRefusedError(), FileNotFoundError(), TimeoutError()], ids=repr)
async def test_without_postgresql_requests_are_told_to_come_back(
    site: Any, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    browser = await (await site.browser()).register()
    with monkeypatch.context() as patch:
        patch.setattr(site.services.db, "pool", Away(error))
        for method, path in REQUESTS:
            await expect_unavailable(await browser.send(method, path, json={"name": "Anna"}))
        ready = await browser.get("/api/health/ready")
        said = await ready.json()
        assert (ready.status, said["parts"]) == (503, {"database": "down", "redis": "up", "rooms": "open"})
        assert said["reason"].startswith("PostgreSQL does not answer")
        assert int(ready.headers["Retry-After"]) > 0
        assert (await browser.get("/api/health/live")).status == 200
    assert (await browser.get("/api/auth/me")).status == 200


async def test_a_server_that_is_being_stopped_says_so_and_is_alive(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = await site.browser()
    assert (await (await browser.get("/api/health/ready")).json())["parts"]["rooms"] == "open"
    monkeypatch.setattr(site.services.readiness, "_draining", False)
    site.services.readiness.drain()
    ready = await browser.get("/api/health/ready")
    said = await ready.json()
    assert (ready.status, said["status"], said["parts"]["rooms"]) == (503, "not ready", "draining")
    assert "being stopped" in said["reason"]
    assert [(await browser.get(f"/api/health/{probe}")).status for probe in ("live", "startup")] == [200, 200]


async def test_connections_cut_by_postgresql_are_replaced(site: Any) -> None:
    browser = await (await site.browser()).register()
    connections = await asyncio.gather(*(site.services.db.pool.acquire() for _ in range(3)))
    for connection in connections:
        await site.services.db.pool.release(connection)
    cut = """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
    """
    assert await site.services.db.fetchval(cut) >= 2
    statuses = [(await browser.get("/api/auth/me")).status for _ in range(5)]
    assert set(statuses) <= {200, 503}
    assert statuses[-1] == 200


async def test_without_redis_requests_are_told_to_come_back_soon(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = await (await site.browser()).register()
    nowhere = open_cache("unix:///nonexistent/valkey.sock")
    monkeypatch.setattr(site.services.tokens, "_redis", nowhere)
    monkeypatch.setattr(site.services.tokens._rotate, "registered_client", nowhere)
    started = time.monotonic()
    for method, path in REQUESTS:
        await expect_unavailable(await browser.send(method, path, json={"name": "Anna"}))
    assert time.monotonic() - started < 5
    # Nobody is told to try again, and then that their address is taken.
    account = {"email": "again@example.org", "username": "Again", "password": "correct horse battery"}
    await expect_unavailable(await browser.send("POST", "/api/auth/register", json=account))
    monkeypatch.undo()
    assert (await browser.send("POST", "/api/auth/register", json=account)).status == 201
    await nowhere.aclose()


async def test_an_error_of_our_own_tells_nothing_about_itself(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = await (await site.browser()).register()
    monkeypatch.setattr(site.services.users, "get", Away(RuntimeError("the secret is 7")).anything)
    response = await browser.get("/api/auth/me")
    assert (response.status, (await response.json())["code"]) == (500, "internal")
    assert "secret" not in await response.text()


@pytest.mark.parametrize("is_gone", [True, False])
async def test_who_does_not_wait_for_the_upgrade_of_a_websocket_is_no_fault_of_the_server_s(is_gone: bool) -> None:
    class Line(asyncio.Transport):
        def is_closing(self) -> bool:
            return is_gone

    async def upgrade(_request: web.Request) -> web.StreamResponse:
        raise ClientConnectionResetError

    request = make_mocked_request("GET", "/ws/rooms/1", transport=Line())
    if is_gone:
        assert (await answer_with_problems(request, upgrade)).status == 503
    else:
        with pytest.raises(ClientConnectionResetError):
            await answer_with_problems(request, upgrade)
