"""A swarm over real sockets against aiohttp's WebSocket, with a REST API of five answers."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import pytest
from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer
from rich.console import Console

from benchmarks.bots.api import Api, split_room_url
from benchmarks.bots.errors import ApiError, BotError, JoinError
from benchmarks.bots.report import show, to_json, write_json
from benchmarks.bots.swarm import Swarm, SwarmConfig
from protocol.constants import CloseCode
from protocol.messages import Doors, Hello, Input, Interest, Limits, Motion, Radii, Snapshot, Welcome
from protocol.server_session import ServerSession, State

ROOM = UUID("00000000-0000-4000-8000-000000000001")
METRICS = """\
# TYPE hallway_tick_seconds histogram
hallway_tick_seconds_bucket{{le="0.001"}} {n}
hallway_tick_seconds_bucket{{le="+Inf"}} {n}
# TYPE hallway_ticks_dropped_total counter
hallway_ticks_dropped_total 0
"""


class SmallServer:
    """A room at 50 Hz without a world: it passes courses on.

    `full` refuses, `break_at` cuts everybody at a tick, `forgetful` forgets the resume tokens then.
    """

    def __init__(self) -> None:
        self.full = False
        self.break_at: int | None = None
        self.forgetful = False
        self.busy_answers = 0
        self.tick = 100
        self.bodies: list[dict[str, Any]] = []
        self._open: dict[int, tuple[ServerSession, web.WebSocketResponse]] = {}
        self._tokens: dict[bytes, int] = {}
        self._next = 1
        self._courses: dict[int, int] = {}
        self._applied: dict[int, int] = {}
        self.app = web.Application()
        self.app.router.add_post("/api/auth/guest", self._guest)
        self.app.router.add_post("/api/auth/register", self._guest)
        self.app.router.add_get("/api/rooms", self._rooms)
        self.app.router.add_post("/api/rooms", self._create)
        self.app.router.add_post("/api/rooms/{id}/join", self._join)
        self.app.router.add_get("/api/rooms/{id}/map", self._map)
        self.app.router.add_get("/metrics", self._metrics)
        self.app.router.add_get("/ws/rooms/{id}", self._socket)
        self.app.cleanup_ctx.append(self._ticking)

    async def _guest(self, request: web.Request) -> web.Response:
        if self.busy_answers:
            self.busy_answers -= 1
            return web.json_response({"title": "Too fast"}, status=429, headers={"Retry-After": "0"})
        self.bodies.append(await request.json())
        return web.json_response({"access_token": "token"}, status=201)

    async def _rooms(self, request: web.Request) -> web.Response:
        return web.json_response({"rooms": [{"id": str(ROOM), "name": "Office"}, {"id": "x", "name": "Other"}]})

    async def _create(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.json())
        return web.json_response({"id": str(ROOM)}, status=201)

    async def _join(self, request: web.Request) -> web.Response:
        if request.match_info["id"] != str(ROOM):
            return web.json_response({"detail": "There is no such room."}, status=404)
        return web.json_response({"ticket": "t" * 24, "url": f"/ws/rooms/{ROOM}"})

    async def _map(self, request: web.Request) -> web.Response:
        solid = base64.b64encode(bytes(4 * 4 * 16 // 8)).decode()
        return web.json_response({"width": 4, "height": 4, "solid": solid, "doors": []})

    async def _metrics(self, request: web.Request) -> web.Response:
        return web.Response(text=METRICS.format(n=self.tick))

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=("hallway.v1",), heartbeat=0.2)
        await socket.prepare(request)
        session, avatar = ServerSession(time.monotonic()), 0
        async for message in socket:
            if message.type is not WSMsgType.BINARY:
                break
            for said in session.receive_data(message.data, time.monotonic()):
                if isinstance(said, Hello):
                    avatar = self._greet(said, session, socket)
                elif isinstance(said, Input) and said.courses:
                    self._courses[avatar], self._applied[avatar] = said.courses[0], said.seq
            await self._flush(session, socket)
        self._open.pop(avatar, None)
        return socket

    def _greet(self, hello: Hello, session: ServerSession, socket: web.WebSocketResponse) -> int:
        if self.full:
            session.refuse(CloseCode.FULL, "the room is full")
            return 0
        avatar = self._tokens.pop(hello.resume, 0) if hello.resume else 0
        if hello.resume and not avatar:
            session.refuse(CloseCode.RESUME, "this place is no longer kept")
            return 0
        continuity: Literal[0, 1] = 1 if avatar else 0
        if not avatar:
            avatar, self._next = self._next, self._next + 1
        token = bytes(31) + bytes([len(self._tokens) + 1 + 100 * continuity])
        self._tokens[token] = avatar
        session.accept(
            Welcome(
                0, 3, continuity, avatar, self.tick, 50, 0, token, "", Motion(655, 1146, 2304, 1280), Interest(256, 2),
                Radii(144, 192), Limits(25, 25, 15, 200), Doors(0, b""),
            )
        )  # fmt: skip
        session.send(Snapshot(self.tick, 0, None, None, 0, 0, b"", b"", b"", 0))
        self._open[avatar] = (session, socket)
        return avatar

    async def _flush(self, session: ServerSession, socket: web.WebSocketResponse) -> None:
        with contextlib.suppress(ConnectionError):
            for data in session.data_to_send():
                await socket.send_bytes(data)
            if session.state is State.CLOSED and session.close_code is not None:
                await socket.close(code=session.close_code)

    async def _ticking(self, app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(self._tick())
        yield
        task.cancel()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(0.02)
            self.tick += 1
            rows = b"".join(a.to_bytes(2, "little") + bytes((c, 0)) for a, c in self._courses.items())
            self._courses.clear()
            if self.tick == self.break_at and self.forgetful:
                self._tokens.clear()
            for avatar, (session, socket) in list(self._open.items()):
                if self.tick == self.break_at and socket._req is not None and socket._req.transport is not None:
                    socket._req.transport.abort()
                elif session.state is State.LIVE:
                    applied = self._applied.pop(avatar, None)
                    session.send(Snapshot(self.tick, 1, applied, None, 0, 0, b"", rows, b"", None))
                    await self._flush(session, socket)


@pytest.fixture
async def small() -> AsyncIterator[tuple[SmallServer, Api]]:
    server = SmallServer()
    async with TestServer(server.app) as running, Api(f"http://127.0.0.1:{running.port}") as api:
        yield server, api


def swarm(api: Api, *, count: int = 5, seconds: float = 0.6, behaviour: str = "crowd") -> tuple[Swarm, list[str]]:
    stages: list[str] = []
    config = SwarmConfig(ROOM, count, seconds, behaviour, seed=5, watchers=1)
    return Swarm(api, config, lambda stage, done, of: stages.append(stage)), stages


async def test_a_run_joins_walks_measures_and_leaves(small: tuple[SmallServer, Api], tmp_path: Path) -> None:
    server, api = small
    run, stages = swarm(api, seconds=1.2)
    result = await run.run()
    assert (result.joined, result.stayed) == (5, 5)
    assert not result.measure.errors
    assert len(result.measure.joins) == 5
    assert result.measure.matcher.sent > 0
    assert len(result.measure.matcher.latencies) == 4 * result.measure.matcher.seen
    assert result.measure.traffic.bytes_in > result.measure.traffic.messages_in * 2
    assert result.measure.counts.mismatches == 0
    assert result.ticks is not None
    assert list(dict.fromkeys(stages)) == ["join", "walk", "leave"]
    assert [body["name"] for body in server.bodies] == [f"Bot {number}" for number in range(1, 6)]
    write_json(result, tmp_path / "run.json")
    written = json.loads((tmp_path / "run.json").read_text())
    assert written == json.loads(json.dumps(to_json(result)))
    console = Console(record=True, width=120, file=(tmp_path / "out").open("w"))
    show(result, console)
    shown = console.export_text()
    assert "input to view" in shown
    assert "No errors." in shown


async def test_a_broken_connection_is_resumed_and_told(small: tuple[SmallServer, Api]) -> None:
    server, api = small
    run, _ = swarm(api, count=3, seconds=1.2)
    server.break_at = server.tick + 30
    result = await run.run()
    assert result.stayed == 3
    assert result.measure.counts.resumed == 3
    assert sum(result.measure.errors.values()) == 3


async def test_bots_come_back_with_a_ticket_when_their_place_was_not_kept(small: tuple[SmallServer, Api]) -> None:
    server, api = small
    run, _ = swarm(api, count=3, seconds=4.0)  # they wait a little before they ask again
    server.break_at, server.forgetful = server.tick + 30, True
    result = await run.run()
    assert result.stayed == 3
    assert result.measure.counts.resumed == 0
    assert result.measure.errors["connection lost: 4005 this place is no longer kept"] == 3


async def test_a_full_room_ends_the_run_with_the_servers_reason(small: tuple[SmallServer, Api]) -> None:
    server, api = small
    server.full = True
    with pytest.raises(JoinError, match=r"No bot got into the room\. Not let in: 4011 the room is full"):
        await swarm(api)[0].run()


async def test_stop_ends_the_measured_time_early(small: tuple[SmallServer, Api]) -> None:
    run = Swarm(
        small[1],
        SwarmConfig(ROOM, count=1, seconds=60, behaviour="idle", watchers=0),
        lambda stage, done, of: run.stop() if stage == "walk" else None,
    )
    result = await run.run()
    assert result.measure.seconds < 5


async def test_a_busy_server_is_asked_again(small: tuple[SmallServer, Api]) -> None:
    small[0].busy_answers = 2
    assert await small[1].guest("Bot") == "token"


async def test_rooms_are_found_by_id_and_by_name(small: tuple[SmallServer, Api]) -> None:
    _, api = small
    assert await api.find_room("token", str(ROOM)) == ROOM
    assert await api.find_room("token", "office") == ROOM
    with pytest.raises(BotError, match="There is no room named 'Attic'"):
        await api.find_room("token", "Attic")


async def test_a_room_is_made_with_enough_places(small: tuple[SmallServer, Api]) -> None:
    server, api = small
    assert await api.create_room(await api.account(), "office", 250) == ROOM
    account, room = server.bodies
    assert set(account) == {"email", "username", "password"}
    assert (room["template"], room["max_capacity"]) == ("office", 250)


async def test_a_refusal_says_what_the_server_said(small: tuple[SmallServer, Api]) -> None:
    with pytest.raises(ApiError, match=r"404 There is no such room\."):
        await small[1].join(UUID(int=9), "token")


async def test_no_server_is_one_readable_line(unused_tcp_port: int) -> None:
    async with Api(f"http://127.0.0.1:{unused_tcp_port}") as api:
        with pytest.raises(BotError, match=r"Is the server running\?"):
            await api.guest("Bot")


@pytest.mark.parametrize(
    ("url", "room", "expected"),
    [
        ("http://localhost:8080", "Office", ("http://localhost:8080", "Office")),
        ("http://localhost:8080/", None, ("http://localhost:8080", None)),
        ("http://a", f"https://b.example/rooms/{ROOM}", ("https://b.example", str(ROOM))),
    ],
)
def test_a_link_to_a_room_names_the_server_too(url: str, room: str | None, expected: tuple[str, str | None]) -> None:
    assert split_room_url(url, room) == expected


def test_an_address_without_a_server_is_refused() -> None:
    with pytest.raises(BotError, match="is not the address of a server"):
        split_room_url("localhost:8080", None)


async def test_a_server_that_does_not_answer_in_time_has_no_metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.bots.api._TIMEOUT_S", 0.05)
    silent = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    async with silent, Api(f"http://127.0.0.1:{silent.sockets[0].getsockname()[1]}") as api:
        assert await api.metrics() is None
