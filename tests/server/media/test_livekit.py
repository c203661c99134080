"""Tokens for LiveKit, and what it is ordered, against a server that only writes down (no LiveKit runs in the tests)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from aiohttp import web
from livekit.api import TokenVerifier, VideoGrants

from protocol.constants import LegState
from server.media.livekit import TOKEN_S, LiveKitBackend
from tests.server.media.test_conductor import Notebook

KEY, SECRET = "key", "a secret that is long enough for HS256 to be silent"
ROOM, ANA = uuid4(), uuid4()


class LiveKit:
    """Its RoomService. `known`: who has connected."""

    def __init__(self) -> None:
        self.orders: list[tuple[str, dict[str, Any]]] = []
        self.known: set[str] = set()
        self.url = ""

    async def start(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_post("/twirp/livekit.RoomService/{method}", self._order)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"ws://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    async def _order(self, request: web.Request) -> web.Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        claims = jwt.decode(token, SECRET, algorithms=["HS256"], options={"require": ["exp", "nbf"]})
        assert claims["iss"] == KEY
        method, body = request.match_info["method"], await request.json()
        if method == "ListRooms":
            return web.json_response({"rooms": []})
        assert claims["video"] == {"roomAdmin": True, "room": body["room"]}
        if method == "UpdateParticipant" and body["identity"] not in self.known:
            return web.json_response({"code": "not_found"}, status=404)
        self.orders.append((method, body))
        return web.json_response({})


class Events(Notebook):
    """Hears that a leg failed."""

    def __init__(self) -> None:
        super().__init__()
        self.states: list[LegState] = []

    def changed(self, leg: int, state: LegState) -> None:
        self.states.append(state)


@pytest.fixture
async def livekit() -> AsyncIterator[LiveKit]:
    server = LiveKit()
    runner = await server.start()
    yield server
    await runner.cleanup()


@pytest.fixture
async def backend(livekit: LiveKit) -> AsyncIterator[LiveKitBackend]:
    backend = LiveKitBackend(livekit.url, KEY, SECRET)
    await backend.start()
    async with asyncio.timeout(10):
        while not backend.available:
            await asyncio.sleep(0.01)
    yield backend
    await backend.stop()


async def ordered(livekit: LiveKit, count: int) -> None:
    async with asyncio.timeout(10):
        while len(livekit.orders) < count:
            await asyncio.sleep(0.01)


def test_livekits_own_library_takes_a_pass_for_one_person_in_one_room_who_may_do_nothing_yet() -> None:
    url, token = LiveKitBackend("wss://media.example.org", KEY, SECRET).pass_for(ROOM, ANA, "Ana")
    assert url == "wss://media.example.org"
    assert token is not None
    claims = TokenVerifier(KEY, SECRET).verify(token)
    assert (claims.identity, claims.name, claims.metadata) == (str(ANA), "Ana", "")
    assert claims.video == VideoGrants(
        room=str(ROOM), room_join=True, can_publish=False, can_subscribe=False, can_publish_data=False
    ), "and no right over the room, over others or over their own name"
    assert len(token) < 4096


def test_livekits_own_library_refuses_a_pass_of_another_key_and_one_that_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, token = LiveKitBackend("wss://media.example.org", KEY, SECRET).pass_for(ROOM, ANA, "Ana")
    assert token is not None
    with pytest.raises(jwt.InvalidSignatureError):
        TokenVerifier(KEY, SECRET + "!").verify(token)
    with pytest.raises(jwt.InvalidIssuerError):
        TokenVerifier("another", SECRET).verify(token)
    made = time.time()
    strict = TokenVerifier(KEY, SECRET, leeway=timedelta(0))
    monkeypatch.setattr("server.media.livekit.time.time", lambda: made - TOKEN_S + 60)
    _, old = LiveKitBackend("wss://media.example.org", KEY, SECRET).pass_for(ROOM, ANA, "Ana")
    assert old is not None
    strict.verify(old)
    monkeypatch.setattr("server.media.livekit.time.time", lambda: made - TOKEN_S - 1)
    _, over = LiveKitBackend("wss://media.example.org", KEY, SECRET).pass_for(ROOM, ANA, "Ana")
    assert over is not None
    with pytest.raises(jwt.ExpiredSignatureError):
        strict.verify(over)


async def test_rights_follow_links_and_moderators_also_of_those_who_connect_late(
    livekit: LiveKit, backend: LiveKitBackend
) -> None:
    leg = backend.open(ROOM, ANA, Events())  # type: ignore[arg-type]
    backend.publish(leg, 1, 7)
    backend.hear(leg, {99: 200})
    await asyncio.sleep(0.4)
    assert livekit.orders == []
    livekit.known.add(str(ANA))
    await ordered(livekit, 1)
    method, body = livekit.orders[-1]
    assert (method, body["identity"]) == ("UpdateParticipant", str(ANA))
    assert body["permission"]["canSubscribe"]
    assert body["permission"]["canPublishSources"] == ["MICROPHONE", "CAMERA", "SCREEN_SHARE", "SCREEN_SHARE_AUDIO"]

    backend.publish(leg, 0, 6)
    await ordered(livekit, 2)
    assert "MICROPHONE" not in livekit.orders[-1][1]["permission"]["canPublishSources"]
    backend.hear(leg, {})
    await ordered(livekit, 3)
    assert not livekit.orders[-1][1]["permission"]["canSubscribe"]
    backend.close(leg)
    await ordered(livekit, 4)
    assert livekit.orders[-1] == ("RemoveParticipant", {"room": str(ROOM), "identity": str(ANA)})


async def test_a_description_fails_the_leg(backend: LiveKitBackend) -> None:
    events = Events()
    leg = backend.open(UUID(int=1), ANA, events)  # type: ignore[arg-type]
    backend.describe(leg, 0, 0, "v=0")
    assert events.states == [LegState.FAILED]
