"""Somebody with a document open: a Yjs client in Python that speaks STANDARD.md section 11."""

from __future__ import annotations

import asyncio
from typing import Any

import pycrdt
from aiohttp import ClientWebSocketResponse, WSMsgType

from protocol.document_messages import (
    DOCUMENT_SUBPROTOCOL,
    Cursor,
    Cursors,
    Editors,
    Open,
    Opened,
    Saved,
    Update,
    Updated,
    decode_document_server,
    encode_document,
)
from protocol.messages import Error, Goodbye
from tests.server.live.conftest import PATIENCE_S, Someone

Strokes = dict[str, Any]


class Pen:
    """One connection to a document, with everything that it holds."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self.doc: pycrdt.Doc[Any] = pycrdt.Doc()
        self.elements = self.doc.get("elements", type=pycrdt.Map)
        self.opened: Opened | None = None
        self.editors: Editors | None = None
        self.saved = self.sent = 0
        self.errors: list[Error] = []
        self.cursors: dict[int, str] = {}
        self.goodbye: Goodbye | None = None
        self._changed = asyncio.Event()
        self._made: list[bytes] = []
        self._remote = False
        self._watch = self.doc.observe(lambda event: None if self._remote else self._made.append(event.update))
        self._reader: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, someone: Someone, room: str, board: str, via: str = "page", known: Pen | None = None) -> Pen:
        """Open a board; with `known`, go on with what another connection had."""
        ticket = await someone.call("POST", f"/api/rooms/{room}/objects/{board}/open", {"via": via})
        url = someone.base.replace("http", "ws") + ticket["url"]
        pen = cls(await someone._http.ws_connect(url, protocols=(DOCUMENT_SUBPROTOCOL,), max_msg_size=1 << 26))
        if known is not None:
            pen.apply(known.doc.get_update())
        await pen.say(Open(0, ticket["ticket"], pen.doc.get_state()))
        pen._reader = asyncio.create_task(pen._read())
        await pen.until(lambda: pen.opened is not None or pen.goodbye is not None)
        if known is not None and pen.opened is not None:
            await pen._send(pen.doc.get_update(pen.opened.state_vector))
        return pen

    async def draw(self, name: str, stroke: Any) -> None:
        """Put one stroke on the board."""
        self.elements[name] = stroke
        await self.flush()

    async def flush(self) -> None:
        """Send what was drawn."""
        made, self._made = self._made, []
        for update in made:
            await self._send(update)

    async def send_raw(self, update: bytes) -> None:
        await self._send(update)

    async def point(self, state: str) -> None:
        await self.say(Cursor(state))

    async def until(self, condition: Any) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(PATIENCE_S):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def until_saved(self) -> None:
        await self.until(lambda: self.saved == self.sent)

    def strokes(self) -> Strokes:
        return dict(self.elements.to_py() or {})

    def apply(self, update: bytes) -> None:
        self._remote = True
        try:
            self.doc.apply_update(update)
        finally:
            self._remote = False

    async def close(self) -> None:
        await self._socket.close()
        if self._reader is not None:
            await self._reader

    async def say(self, message: Any) -> None:
        await self._socket.send_bytes(encode_document(message))

    async def _send(self, update: bytes) -> None:
        self.sent += 1
        await self.say(Update(self.sent, update))

    async def _read(self) -> None:
        async for message in self._socket:
            if message.type is not WSMsgType.BINARY:
                break
            self._take(decode_document_server(message.data))
            self._changed.set()
        self._changed.set()

    def _take(self, message: Any) -> None:
        match message:
            case Opened():
                self.opened = message
                self.apply(message.update)
            case Updated(update):
                self.apply(update)
            case Saved(number):
                self.saved = number
            case Editors():
                self.editors = message
            case Cursors(editor, state):
                self.cursors[editor] = state
            case Error():
                self.errors.append(message)
            case Goodbye():
                self.goodbye = message
