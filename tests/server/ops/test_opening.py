"""From the first moment somebody answers on the port, and says the truth: alive, not started, and then started."""

from __future__ import annotations

import asyncio
import errno
from pathlib import Path

import asyncpg
import pytest
from aiohttp import ClientSession, web

from server.app import started
from server.config import load_settings
from server.ops.opening import Port
from server.store.migrations.upgrade import MIGRATION_LOCK
from tests.adversity.server_process import free_port


async def test_a_server_is_alive_from_its_start_to_its_end_and_ready_only_in_between(
    empty_database: str, redis_url: str, tmp_path: Path
) -> None:
    flags = {"port": free_port(), "database_url": empty_database, "redis_url": redis_url, "data_dir": tmp_path}
    url = f"http://127.0.0.1:{flags['port']}"
    migrating = await asyncpg.connect(empty_database)  # another server that is at it
    await migrating.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
    stop, drained, end = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def serve() -> None:
        async with started(load_settings({}, flags=flags)) as server:
            await stop.wait()
            await server.drain()
            drained.set()
            await end.wait()

    async with ClientSession() as http, asyncio.timeout(60):

        async def status(path: str) -> int:
            async with http.get(url + path) as answer:
                return answer.status

        serving = asyncio.create_task(serve())
        while True:
            try:
                assert await status("/api/health/live") == 200
                break
            except OSError:
                await asyncio.sleep(0.01)
        async with http.get(url + "/api/health/startup") as answer:
            said = await answer.json()
            assert (answer.status, said["status"], "schema" in said["reason"]) == (503, "starting", True)
            assert int(answer.headers["Retry-After"]) > 0
        assert [await status(path) for path in ("/api/health/ready", "/api/rooms", "/rooms", "/metrics")] == [503] * 4
        async with http.get(url + "/api/rooms") as answer:
            assert (await answer.json(content_type="application/problem+json"))["code"] == "unavailable"
        await migrating.close()
        while await status("/api/health/startup") != 200:
            await asyncio.sleep(0.02)
        assert [await status(f"/api/health/{probe}") for probe in ("live", "ready")] == [200, 200]
        stop.set()
        await drained.wait()
        async with http.get(url + "/api/health/ready") as answer:
            said = await answer.json()
            assert (answer.status, said["parts"]["rooms"]) == (503, "draining")
            assert "being stopped" in said["reason"]
        assert [await status(f"/api/health/{probe}") for probe in ("live", "startup")] == [200, 200]
        end.set()
        await serving


async def test_the_port_passes_from_one_to_the_other_without_a_refusal() -> None:
    port, app = free_port(), web.Application()

    async def office(_request: web.Request) -> web.Response:
        return web.Response(text="open")

    app.router.add_get("/", office)
    runner = web.AppRunner(app)
    await runner.setup()
    seen: list[int] = []

    async def ask() -> None:
        async with ClientSession() as http:
            while not seen or seen[-1] != 200:
                async with http.get(f"http://127.0.0.1:{port}/") as answer:
                    seen.append(answer.status)

    listener = Port("127.0.0.1", port, None)
    await listener.open()
    async with asyncio.timeout(30):
        asking = asyncio.create_task(ask())
        while len(seen) < 20:
            assert not asking.done(), asking
            await asyncio.sleep(0)
        assert await listener.hand_over(runner) == port
        await asking
    await listener.close()
    assert set(seen) == {503, 200}
    await runner.cleanup()


async def test_a_port_that_is_taken_is_known_before_anything_is_started(tmp_path: Path) -> None:
    first = Port("127.0.0.1", 0, None)
    await first.open()
    assert first._server is not None
    flags = {"port": first._server.sockets[0].getsockname()[1], "data_dir": tmp_path / "data"}
    with pytest.raises(OSError, match="in use") as taken:
        async with started(load_settings({}, flags=flags)):
            pass
    assert taken.value.errno == errno.EADDRINUSE
    assert not (tmp_path / "data").exists()
    await first.close()
