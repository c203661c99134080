"""The documents that are open on this server, and who may stay in them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from uuid import UUID

import msgspec
import structlog

from protocol.constants import CloseCode
from protocol.document_messages import EDITORS, Open
from server.documents.document import Document, Line, Welcome, Writer
from server.documents.merger import Merger, MergerGone
from server.documents.pages import page_role
from server.documents.tickets import DocumentClaims
from server.objects.kind import Grant
from server.objects.types import object_types
from server.ops.metrics import Metrics
from server.rooms import admission
from server.settings import Settings
from server.store.database import Database
from server.store.documents import Documents
from server.store.errors import StoreUnavailable
from server.store.members import Members
from server.store.objects import Objects, StoredObject
from server.store.rooms import Rooms

log = structlog.get_logger()

LINGER_S = 10.0
"""How long a document stays open after the last one left: people reload pages."""
LOOK_AGAIN_S = 5.0
RETRY_MS = 500


OwnRoom = Callable[[UUID], Awaitable[int | None]]


async def _nobody_owns(_room_id: UUID) -> None:
    """Documents without rooms, as in tests of their own."""


class DocumentHub:
    """Implements `server.objects.part.DocumentWatch` and `server.rooms.documents.OpenDocuments`."""

    def __init__(self, settings: Settings, database: Database, metrics: Metrics) -> None:
        self._store, self._objects = Documents(database), Objects(database)
        self._rooms, self._members = Rooms(database), Members(database)
        self._settings, self._metrics = settings, metrics
        self._most_bytes = settings.document_max_mb << 20
        self.merger = Merger(self._merger_gone)
        self._open: dict[UUID, Document] = {}
        self._opening: dict[UUID, asyncio.Lock] = {}
        self._closing: dict[UUID, float] = {}
        self.own_room: OwnRoom = _nobody_owns
        """Makes this server the owner of a document's room; its epoch. Raises `ClusterError` if another one is."""
        self._stopping = False
        self._tasks: set[asyncio.Task[None]] = set()

    # --- who comes --------------------------------------------------------------------------------------------------

    async def grant(self, claims: DocumentClaims, address: str | None) -> tuple[StoredObject, Grant] | None:
        """What somebody with a ticket may do with the document now; None: nothing. Raises `StoreUnavailable`."""
        stored = await self._objects.get(claims.room_id, claims.object_id)
        kind = object_types().get(stored.type) if stored else None
        room = await self._rooms.get(claims.room_id)
        standing = await self._members.standing(claims.room_id, claims.user_id, address)
        if stored is None or kind is None or room is None or standing is None:
            return None
        if admission.refusal(room, standing) is not None:
            return None
        if not claims.from_room and standing.role < page_role(self._settings, room, stored):
            return None
        try:
            grant = kind.document_grant(msgspec.convert(stored.config, kind.config), standing.role)
        except msgspec.ValidationError:
            return None
        return None if grant is None else (stored, grant)

    async def enter(
        self, claims: DocumentClaims, grant: Grant, opening: Open, line: Line, welcome: Welcome
    ) -> tuple[Document, Writer] | str:
        """Let somebody in, or say why not. `welcome`: as for `Document.enter`.

        Raises `StoreUnavailable`, `MergerGone`, `ClusterError` and redis-py's errors.
        """
        document = await self._opened(claims)
        if document is None:
            return "This is not there any more."
        if len(document.writers) >= EDITORS:
            return "Too many people have this open."
        writer = Writer(document.next_editor(), claims, line, grant == "edit")
        if not await document.enter(writer, opening.state_vector, welcome):
            return "That is no state vector."
        return document, writer

    def left(self, room_id: UUID, user_id: UUID) -> None:
        """Somebody left the room: what they opened from inside is shut."""
        for document in self._open.values():
            for writer in list(document.writers.values()):
                claims = writer.claims
                if claims.from_room and (claims.room_id, claims.user_id) == (room_id, user_id):
                    writer.line.close(CloseCode.CLOSED, "You left the room.")

    def removed(self, object_id: UUID) -> None:
        """The object is gone."""
        document = self._open.get(object_id)
        if document is not None:
            document.end(CloseCode.CLOSED, "This was removed.", None)

    def changed(self, stored: StoredObject) -> None:
        """The object was set up anew: look again who may do what."""
        document = self._open.get(stored.id)
        if document is not None:
            self._start(self._look_again(document))

    def end_session(self, user_id: UUID, session_id: str) -> None:
        """Somebody logged out."""
        for document in self._open.values():
            for writer in list(document.writers.values()):
                if (writer.claims.user_id, writer.claims.session_id) == (user_id, session_id):
                    writer.line.close(CloseCode.ENDED, "You logged out.")

    # --- housekeeping -----------------------------------------------------------------------------------------------

    async def look_again(self) -> None:
        """Whoever may not stay is sent away; what nobody needs is closed. Call it every `LOOK_AGAIN_S` seconds."""
        now = asyncio.get_running_loop().time()
        for object_id, document in list(self._open.items()):
            await self._look_again(document)
            if document.writers and not document.gone:
                self._closing.pop(object_id, None)
            elif document.gone or now - self._closing.setdefault(object_id, now) >= LINGER_S:
                async with self._opening.setdefault(object_id, asyncio.Lock()):
                    # While the database is away, nothing that only this process has is let go.
                    if not document.writers and document.saved:
                        await self._close(object_id, document)

    def is_open(self, room_id: UUID) -> bool:
        """Whether somebody has one of the room's documents open, or had a moment ago."""
        return any(document.room_id == room_id for document in self._open.values())

    async def close_room(self, room_id: UUID, code: CloseCode, reason: str, retry_ms: int | None) -> None:
        """Save the room's documents and send their writers away."""
        for object_id, document in list(self._open.items()):
            if document.room_id == room_id:
                async with self._opening.setdefault(object_id, asyncio.Lock()):
                    document.end(code, reason, retry_ms)
                    with contextlib.suppress(MergerGone):
                        await self._close(object_id, document)

    def abandon_room(self, room_id: UUID, code: CloseCode, reason: str, retry_ms: int | None) -> None:
        """Send the writers away; whoever comes next opens the documents anew."""
        for document in self._open.values():
            if document.room_id == room_id:
                document.end(code, reason, retry_ms)

    async def stop(self) -> None:
        """Send everybody away, save everything, end the process."""
        self._stopping = True
        for document in self._open.values():
            for writer in list(document.writers.values()):
                writer.line.close(CloseCode.RESTART, "The server restarts.", 1000)
        for object_id, document in list(self._open.items()):
            with contextlib.suppress(MergerGone):
                await self._close(object_id, document)
        await self.merger.stop()

    # --- parts ------------------------------------------------------------------------------------------------------

    async def _opened(self, claims: DocumentClaims) -> Document | None:
        object_id = claims.object_id
        while not self._stopping:
            document = self._open.get(object_id)
            if document is not None and not document.gone:
                return document
            async with self._opening.setdefault(object_id, asyncio.Lock()):
                document = self._open.get(object_id)
                if document is not None and not document.gone:
                    return document
                if document is not None:
                    await self._close(object_id, document)
                epoch = await self.own_room(claims.room_id)
                fresh = Document(
                    object_id, claims.room_id, epoch, self._store, self.merger, self._metrics, self._most_bytes
                )
                if not await fresh.open():
                    return None
                self._open[object_id] = fresh
                self._metrics.documents.set(len(self._open))
                return fresh
        return None

    async def _close(self, object_id: UUID, document: Document) -> None:
        """Call it with the document's lock, so that nobody loads what is about to be written."""
        if self._open.get(object_id) is document:
            del self._open[object_id]
        self._closing.pop(object_id, None)
        self._metrics.documents.set(len(self._open))
        await document.close()

    async def _look_again(self, document: Document) -> None:
        for writer in list(document.writers.values()):
            try:
                granted = await self.grant(writer.claims, None)
            except StoreUnavailable:
                return
            if granted is None:
                writer.line.close(CloseCode.CLOSED, "You may not see this any more.")
            elif (granted[1] == "edit") != writer.may_edit:
                # The client finds out what it may do now by coming again.
                writer.line.close(CloseCode.RESTART, "What you may do here has changed.", 0)

    def _merger_gone(self) -> None:
        """Everybody comes again, with what was not saved."""
        for document in self._open.values():
            document.end(CloseCode.INTERNAL, "Something went wrong. Nothing is lost.", RETRY_MS)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
