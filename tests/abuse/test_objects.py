"""Objects and documents against clients that keep to no rule: what is used from afar, garbage, floods, wrong papers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiohttp import ClientSession as Http
from aiohttp import ClientWebSocketResponse, WSMsgType

from protocol.client_session import ClientSession
from protocol.constants import OBJECT_VALUE_BYTES, WALKER_FEATURES, CloseCode, Feature
from protocol.document_messages import (
    DOCUMENT_MESSAGE_BYTES,
    DOCUMENT_SUBPROTOCOL,
    Cursor,
    Open,
    Update,
    decode_document_server,
    encode_document,
)
from protocol.messages import Error, Goodbye, Use, Welcome, encode
from tests.abuse.conftest import Stage
from tests.abuse.rascal import PATIENCE_S, Rascal
from tests.server.live.conftest import Someone
from tests.server.live.documents import Pen

FAR_AWAY = {"x": 200, "y": 200}
"""Where nobody is: newcomers stand at the other end of the office, px."""


class Board:
    """A whiteboard out of everybody's reach, and its owner, who is a member."""

    def __init__(self, owner: Someone, room: str, id_: str) -> None:
        self.owner, self.room, self.id = owner, room, id_

    async def ticket(self) -> dict[str, Any]:
        """The right to open it as a page."""
        path = f"/api/rooms/{self.room}/objects/{self.id}/open"
        answer: dict[str, Any] = await self.owner.call("POST", path, {"via": "page"})
        return answer

    async def socket(self, object_id: str | None = None) -> ClientWebSocketResponse:
        """A connection that has said nothing."""
        url = f"{self.owner.base.replace('http', 'ws')}/ws/documents/{object_id or self.id}?room={self.room}"
        return await self.owner._http.ws_connect(url, protocols=(DOCUMENT_SUBPROTOCOL,), max_msg_size=1 << 26)


@pytest.fixture
async def board(stage: Stage) -> AsyncIterator[Board]:
    """An honest pen draws on it before and after; nothing that happens between is to trouble it."""
    async with Http() as http:
        owner = Someone(http, stage.server.url)
        owner.token = stage.owner
        room = str(stage.guests.room)
        made = await owner.call("POST", f"/api/rooms/{room}/objects", {"type": "whiteboard", "config": {}, **FAR_AWAY})
        honest = await Pen.open(owner, room, made["id"])
        await honest.draw("before", 1)
        yield Board(owner, room, made["id"])
        await honest.draw("after", 2)
        await honest.until_saved()
        assert honest.goodbye is None
        assert honest.strokes() == {"before": 1, "after": 2}
        await honest.close()


async def ended(socket: ClientWebSocketResponse) -> int | None:
    """The code of the GOODBYE with which the server ends a connection; None: without one."""
    code = None
    async with asyncio.timeout(PATIENCE_S):
        while (message := await socket.receive()).type is WSMsgType.BINARY:
            decoded = decode_document_server(message.data)
            code = decoded.code if isinstance(decoded, Goodbye) else code
    return code


async def inside(stage: Stage) -> Rascal:
    """A rascal in the room who knows of objects."""
    token = await stage.guests.api.guest("Rascal")
    entry = await stage.guests.api.join(stage.guests.room, token)
    rascal = await stage.outside()
    session = ClientSession(agent="rascal", features=WALKER_FEATURES | Feature.OBJECTS)
    rascal.say(session.connect(entry.ticket))
    await rascal.hears(Welcome)
    return rascal


async def test_nothing_is_used_from_afar_or_by_another_name(stage: Stage, board: Board) -> None:
    rascal = await inside(stage)
    objects = (await board.owner.call("GET", f"/api/rooms/{board.room}/objects"))["objects"]
    screen = next(each["id"] for each in objects if each["type"] == "screen")
    picture = json.dumps({"kind": "file", "file": str(uuid4()), "media": "image", "name": ""})
    tries = [
        (screen, "present", "", "out_of_reach"),
        (screen, "show", '{"kind":"nothing"}', "not_allowed"),
        (screen, "show", picture, "not_allowed"),
        (screen, "turn", '{"page":2}', "not_allowed"),
        (screen, "take", "", "not_allowed"),
        (screen, "pass", "", "not_allowed"),
        (screen, "show", "{" * 500, "not_right"),
        (screen, "show", '{"kind":"page","url":["x"]}', "not_right"),
        (screen, "turn", '{"page":1e400}', "not_right"),
        (screen, "went", "", "unknown_target"),
        (board.id, "present", "", "unknown_target"),
        (str(uuid4()), "present", "", "unknown_target"),
    ]
    for ref, (target, action, value, _) in enumerate(tries, start=1):
        rascal.say(encode(Use(ref, target, action, value)))
    errors = await rascal.hears(Error, len(tries))
    assert [(error.ref, error.code) for error in errors] == [
        (ref, code) for ref, (*_, code) in enumerate(tries, start=1)
    ]
    rascal.go()


@pytest.mark.parametrize(
    "use",
    [
        Use(1, "not an id", "present", ""),
        Use(1, str(UUID(int=1)), "Not a word!", ""),
        Use(0, str(UUID(int=1)), "present", ""),
        Use(1, str(UUID(int=1)), "show", "x" * (OBJECT_VALUE_BYTES + 1)),
    ],
    ids=["an object that is no id", "an action that is no word", "no number", "a value too long"],
)
async def test_a_malformed_use_ends_the_connection(stage: Stage, use: Use) -> None:
    rascal = await inside(stage)
    rascal.say(encode(use))
    assert (await rascal.ended()).goodbye == CloseCode.MALFORMED


async def test_a_flood_of_uses_is_cut_down_and_the_room_goes_on(stage: Stage, board: Board) -> None:
    rascal = await inside(stage)
    for number in range(2000):
        rascal.say(encode(Use(1 + number, board.id, "present", '{"a":1}')))
    await rascal.hears(Error)
    await stage.observer.ticks(20)
    assert len(rascal.ending.of(Error)) < 500
    rascal.go()


async def test_a_ticket_opens_its_own_document_once(stage: Stage, board: Board) -> None:
    other = (await board.owner.call("GET", f"/api/rooms/{board.room}/objects"))["objects"]
    elsewhere = next(each["id"] for each in other if each["type"] == "whiteboard" and each["id"] != board.id)
    ticket = (await board.ticket())["ticket"]
    for target in (elsewhere, board.id):
        # Where it does not fit it is spent all the same.
        socket = await board.socket(target)
        await socket.send_bytes(encode_document(Open(0, ticket, b"")))
        assert await ended(socket) == CloseCode.TICKET
    made_up = await board.socket()
    await made_up.send_bytes(encode_document(Open(0, "t" * 43, b"")))
    assert await ended(made_up) == CloseCode.TICKET


async def test_from_afar_and_from_outside_nothing_is_opened(stage: Stage, board: Board) -> None:
    path = f"/api/rooms/{board.room}/objects/{board.id}/open"
    rascal = await inside(stage)
    assert (await board.owner.call("POST", path, {"via": "object"}, status=409))["code"] == "out_of_reach"
    async with Http() as http:
        guest = Someone(http, stage.server.url)
        guest.token = await stage.guests.api.guest("Stranger")
        for via, status, code in (("object", 409, "out_of_reach"), ("page", 403, "role_too_low")):
            assert (await guest.call("POST", path, {"via": via}, status=status))["code"] == code
    rascal.go()


@pytest.mark.parametrize("how", ["text", "garbage", "too long", "update before open", "a second open", "a gap"])
async def test_what_breaks_the_rules_ends_the_connection(stage: Stage, board: Board, how: str) -> None:
    ticket = (await board.ticket())["ticket"]
    opening = encode_document(Open(0, ticket, b""))
    socket = await board.socket()
    if how == "text":
        await socket.send_str("hello")
    elif how == "garbage":
        await socket.send_bytes(bytes(range(200)))
    elif how == "too long":
        await socket.send_bytes(opening)
        await socket.send_bytes(encode_document(Update(1, bytes(DOCUMENT_MESSAGE_BYTES))))
    elif how == "update before open":
        await socket.send_bytes(encode_document(Update(1, b"\0\0")))
    else:
        await socket.send_bytes(opening)
        await socket.send_bytes(opening if how == "a second open" else encode_document(Update(2, b"\0\0")))
    # What is too long is not even read: the WebSocket itself ends.
    assert await ended(socket) == (None if how == "too long" else CloseCode.MALFORMED)


async def test_who_says_nothing_is_sent_away(stage: Stage, board: Board) -> None:
    assert await ended(await board.socket()) == CloseCode.HELLO_TIMEOUT


async def test_noise_changes_nothing(stage: Stage, board: Board, random_source: Random) -> None:
    for _ in range(30):
        pen = await Pen.open(board.owner, board.room, board.id)
        await pen.send_raw(random_source.randbytes(random_source.randrange(2, 400)))
        await pen.until(lambda pen=pen: pen.goodbye is not None or pen.saved == pen.sent)
        await pen.close()


async def test_a_flood_is_read_slowly_and_keeps_nobody_from_drawing(stage: Stage, board: Board) -> None:
    flood = await Pen.open(board.owner, board.room, board.id)
    for number in range(1500):
        await flood.say(Cursor(f'{{"x":{number},"y":0}}'))
    honest = await Pen.open(board.owner, board.room, board.id)
    await honest.draw("between", 3)
    await asyncio.wait_for(honest.until_saved(), PATIENCE_S)
    del honest.elements["between"]
    await honest.flush()
    await honest.until_saved()
    assert flood.goodbye is None
    seen = {int(state[5 : state.index(",")]) for state in honest.cursors.values()}
    assert max(seen, default=0) < 1499, "what it said at once was taken at once"
    await honest.close()
    await flood._socket.close()
