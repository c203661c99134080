"""A whole server with everything in its log, and people who use every kind of secret: none is in it."""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any
from urllib.parse import quote

from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar, WSMsgType

from protocol.constants import ALL_FEATURES, SUBPROTOCOL
from protocol.global_messages import GLOBAL_SUBPROTOCOL, Greet, encode_global
from protocol.messages import Hello, Welcome, decode_server, encode
from tests.adversity.server_process import ServerProcess, running_server

SECRET_KEY = "signing-" + secrets.token_urlsafe(32)
TURN_SECRET = "relay-" + secrets.token_urlsafe(16)


class Visitor:
    """A client that remembers every secret that it sent or was given."""

    def __init__(self, http: ClientSession, url: str) -> None:
        self.http, self.url = http, url
        self.secrets: dict[str, str | bytes] = {"secret key": SECRET_KEY, "TURN secret": TURN_SECRET}
        self.headers: dict[str, str] = {}

    async def call(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        async with self.http.request(method, self.url + path, json=body, headers=self.headers) as answer:
            for name, morsel in answer.cookies.items():
                if morsel.value:
                    self.secrets[f"cookie {name} of {path} {len(self.secrets)}"] = morsel.value
            return answer.status, await answer.json(content_type=None) if answer.content_type.endswith("json") else None

    async def sign_in(self, path: str, body: dict[str, str]) -> None:
        self.secrets[f"password at {path}"] = body["password"]
        status, answer = await self.call("POST", path, body)
        assert status in (200, 201), answer
        self.secrets[f"access token of {path}"] = answer["access_token"]
        self.headers = {"Authorization": f"Bearer {answer['access_token']}"}

    async def come_in(self, room: str, ticket: str | None, resume: bytes | None = None) -> bytes | None:
        """The resume token of WELCOME; None: not admitted."""
        path = f"/ws/rooms/{room}".replace("http", "ws")
        async with self.http.ws_connect(self.url + path, protocols=(SUBPROTOCOL,)) as socket:
            await socket.send_bytes(encode(Hello(0, ALL_FEATURES, ticket, resume, 0, "test")))
            return await welcomed(socket)


async def welcomed(socket: ClientWebSocketResponse) -> bytes | None:
    async for message in socket:
        if message.type is not WSMsgType.BINARY:
            break
        decoded = decode_server(message.data)
        if isinstance(decoded, Welcome):
            return bytes(decoded.resume)
    return None


async def test_no_secret_is_ever_logged_and_lines_name_request_session_and_room() -> None:
    with running_server(
        LOG_LEVEL="debug", SECRET_KEY=SECRET_KEY, TURN_SECRET=TURN_SECRET, TURN_URLS="turn:t:1"
    ) as server:
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
            visitor = Visitor(http, server.url.replace("localhost", "127.0.0.1"))
            room = await use_everything(visitor)
            await fail_at_everything(visitor, room, server)
        server.stop()
        log = server.log()
    assert_kept_out(log, visitor.secrets)
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    [entered, *_] = [line for line in lines if line["event"] == "entered the room"]
    [logged_in] = [line for line in lines if line["event"] == "log-in" and line["method"] == "password"]
    assert (entered["room"], entered["session"]) == (room, logged_in["session"])
    assert entered["request"] != logged_in["request"]
    assert [line for line in lines if line["event"] == "answered" and line["route"] == "/api/invites/look"]


async def use_everything(visitor: Visitor) -> str:
    """Log in, refresh, invite, join, resume, look around; the id of a room."""
    password = "correct horse " + secrets.token_hex(8)
    await visitor.sign_in("/api/auth/register", {"email": "ann@example.org", "username": "Ann", "password": password})
    await visitor.sign_in("/api/auth/login", {"email": "ann@example.org", "password": password})
    _, refreshed = await visitor.call("POST", "/api/auth/refresh")
    visitor.secrets["refreshed access token"] = refreshed["access_token"]
    _, ice = await visitor.call("GET", "/api/media/ice")
    visitor.secrets["TURN credential"] = next(
        found["credential"] for found in ice["ice_servers"] if "credential" in found
    )
    _, room = await visitor.call("POST", "/api/rooms", {"name": "Room", "template": "office"})
    _, invitation = await visitor.call("POST", f"/api/rooms/{room['id']}/invites", {})
    visitor.secrets["invitation"] = invitation["token"]
    assert (await visitor.call("POST", "/api/invites/look", {"token": invitation["token"]}))[0] == 200
    _, ticket = await visitor.call("POST", f"/api/rooms/{room['id']}/join", {})
    visitor.secrets["ticket"] = ticket["ticket"]
    resume = await visitor.come_in(room["id"], ticket["ticket"])
    assert resume is not None
    visitor.secrets["resume token"] = resume
    again = await visitor.come_in(room["id"], None, resume)
    assert again is not None
    visitor.secrets["second resume token"] = again
    socket = await visitor.http.ws_connect(visitor.url + "/ws/global", protocols=(GLOBAL_SUBPROTOCOL,))
    await socket.send_bytes(encode_global(Greet(0, refreshed["access_token"], "test")))
    await socket.receive(timeout=10)
    await socket.close()
    return str(room["id"])


async def fail_at_everything(visitor: Visitor, room: str, server: ServerProcess) -> None:
    """Wrong and used secrets, in every place that takes one; then the same with the database away."""
    wrong = {
        name: secrets.token_urlsafe(24) for name in ("password", "ticket", "invitation", "code", "state", "bearer")
    }
    visitor.secrets |= {f"wrong {name}": value for name, value in wrong.items()}
    assert await visitor.come_in(room, wrong["ticket"]) is None
    assert await visitor.come_in(room, str(visitor.secrets["ticket"])) is None
    assert await visitor.come_in(room, None, bytes(visitor.secrets["resume token"])) is None
    await visitor.call("GET", f"/api/auth/oidc/callback?code={wrong['code']}&state={wrong['state']}")
    server.kill_database("postgres")
    for _ in range(2):
        await visitor.call("POST", "/api/auth/login", {"email": "ann@example.org", "password": wrong["password"]})
        await visitor.call("POST", "/api/auth/login", {"email": wrong["password"], "password": wrong["password"]})
        await visitor.call("POST", "/api/auth/login", {"password": wrong["password"], "nonsense": wrong["password"]})
        await visitor.call("POST", "/api/invites/look", {"token": wrong["invitation"]})
        await visitor.call("GET", f"/{wrong['invitation']}?token={wrong['bearer']}")
        await visitor.call("POST", "/api/auth/refresh")
    visitor.headers = {"Authorization": f"Bearer {wrong['bearer']}"}
    await visitor.call("GET", "/api/auth/me")


def assert_kept_out(log: str, known: dict[str, str | bytes]) -> None:
    """In no form that a log could hold it in."""
    for name, secret in known.items():
        raw = secret.encode() if isinstance(secret, str) else secret
        forms = {raw.hex(), base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode().rstrip("=")}
        forms |= {secret, quote(secret, safe="")} if isinstance(secret, str) else {repr(secret)[2:-1]}
        assert not [form for form in forms if form in log], f"the {name} is in the log"
