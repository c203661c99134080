"""One document that somebody has open: who writes, what is not yet in the database, and who is told.

An update is merged first, then told to everybody else, then written; its author hears SAVED when the database has it.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import structlog

from protocol.constants import CloseCode
from protocol.document_messages import Cursor, Cursors, Editor, Editors, Saved, Update, Updated, encode_document
from protocol.messages import Error
from server.documents.merger import Merger, MergerGone
from server.documents.tickets import DocumentClaims
from server.ops.metrics import Metrics
from server.store.documents import Documents
from server.store.errors import StaleEpoch, StoreUnavailable

log = structlog.get_logger()

GATHER_S = 0.04
"""Updates of so long a time are written together."""
RETRY_S = 1.0
UNSAVED_BYTES = 8 << 20
"""While so much waits for the database nobody's updates are read; TCP makes them wait."""
COMPACT_UPDATES = 400
COMPACT_BYTES = 512 * 1024
SMALL_BYTES = 4096
"""A full document still takes updates up to this size: removing something is one."""


class Line(Protocol):
    """A connection as a document sees it."""

    def send(self, message: bytes) -> None:
        """Queue one message; whoever does not read is dropped."""

    def close(self, code: int, reason: str, retry_ms: int | None = None) -> None:
        """Say GOODBYE and end the connection."""


@dataclass(eq=False, slots=True)
class Writer:
    """Somebody who has the document open, in one window. `newest`: the last UPDATE taken from them."""

    editor: int
    claims: DocumentClaims
    line: Line
    may_edit: bool
    newest: int = 0
    cursor: str = ""


_opened = itertools.count()
"""A document that is closed and one that is opened again at the same time are two in the merging process."""

Welcome = Callable[[Writer, bytes, bytes], None]


class Document:
    """All methods are called on the event loop of the server. `opened` must have ended well before anybody enters."""

    def __init__(
        self,
        object_id: UUID,
        room_id: UUID,
        epoch: int | None,
        store: Documents,
        merger: Merger,
        metrics: Metrics,
        most_bytes: int,
    ) -> None:
        """`epoch`: in which this server owns the object's room; what it writes is refused once there is a newer one."""
        self.object_id, self.room_id, self._epoch = object_id, room_id, epoch
        self.writers: dict[int, Writer] = {}
        self.gone = False
        """Its process died or its object was removed: whoever wants it opens it anew."""
        self._store, self._merger, self._metrics, self._most_bytes = store, merger, metrics, most_bytes
        self._name = f"{object_id} {next(_opened)}"
        self._unsaved: list[tuple[Writer, int, bytes]] = []
        self._unsaved_bytes = 0
        self._to_write, self._written = asyncio.Event(), asyncio.Event()
        self._written.set()
        self._merging = asyncio.Lock()
        self._numbers = 0
        self._bytes = self._since = self._since_bytes = 0
        self._stored = 0
        self._saver: asyncio.Task[None] | None = None

    async def open(self) -> bool:
        """Load what is kept. False: there is no such object. Raises `StoreUnavailable`, `MergerGone` and ValueError."""
        stored = await self._store.load(self.object_id)
        if stored is None:
            return False
        kept = [update for update in (stored.snapshot, *stored.updates) if update]
        await self._merger.open(self._name, kept)
        self._bytes, self._stored = sum(map(len, kept)), stored.newest
        self._since, self._since_bytes = len(stored.updates), sum(map(len, stored.updates))
        self._saver = asyncio.create_task(self._save())
        return True

    # --- who is here ------------------------------------------------------------------------------------------------

    def next_editor(self) -> int:
        """A number for somebody new, not in use."""
        while True:
            self._numbers = self._numbers % 0xFFFF + 1
            if self._numbers not in self.writers:
                return self._numbers

    async def enter(self, writer: Writer, state_vector: bytes, welcome: Welcome) -> bool:
        """Let somebody in: `welcome` gets what they lack and the document's state vector, and no update comes between
        that and the ones that they are told of. Then everybody hears of them, and they of everybody's cursor.

        False: theirs is no state vector, or the document ended meanwhile. Raises `MergerGone`.
        """
        async with self._merging:
            difference = await self._merger.diff(self._name, state_vector)
            if difference is None or self.gone:
                return False
            welcome(writer, *difference)
            self.writers[writer.editor] = writer
        self._tell_editors()
        for other in self.writers.values():
            if other.cursor and other is not writer:
                writer.line.send(encode_document(Cursors(other.editor, other.cursor)))
        return True

    def leave(self, writer: Writer) -> None:
        """Somebody closed it; what they wrote is saved all the same."""
        if self.writers.get(writer.editor) is writer:
            del self.writers[writer.editor]
            self._tell_editors()

    def end(self, code: CloseCode, reason: str, retry_ms: int | None) -> None:
        """Send everybody away; nobody can enter any more."""
        self.gone = True
        for writer in list(self.writers.values()):
            writer.line.close(code, reason, retry_ms)
        self.writers.clear()

    # --- what they say ----------------------------------------------------------------------------------------------

    async def update(self, writer: Writer, message: Update) -> None:
        """Merge, tell and keep an update. Raises `MergerGone`."""
        writer.newest = message.number
        refused = self._refusal(writer, message)
        if refused is not None:
            self._metrics.discarded.labels("document_update").inc()
            writer.line.send(encode_document(refused))
            return
        await self._written.wait()
        async with self._merging:
            brought = await self._merger.apply(self._name, message.update)
            if brought is None:
                self._metrics.discarded.labels("document_update").inc()
                writer.line.close(CloseCode.MALFORMED, "that is no update of a document")
                return
            self._metrics.document_updates.inc()
            if brought:
                told = encode_document(Updated(brought))
                for other in list(self.writers.values()):
                    if other is not writer:
                        other.line.send(told)
            self._keep(writer, message.number, brought)

    def cursor(self, writer: Writer, message: Cursor) -> None:
        """Tell the others where somebody's cursor is."""
        writer.cursor = message.state
        told = encode_document(Cursors(writer.editor, message.state))
        for other in list(self.writers.values()):
            if other is not writer:
                other.line.send(told)

    async def close(self) -> None:
        """Write what waits and let go. What cannot be written now is lost: nobody was told that it was saved."""
        if self._saver is not None:
            self._saver.cancel()
            await asyncio.gather(self._saver, return_exceptions=True)
        with contextlib.suppress(StoreUnavailable, StaleEpoch):
            await self._write()
            if self._since and not self.gone:
                await self._compact()
        await self._merger.close(self._name)

    @property
    def saved(self) -> bool:
        """Whether the database has everything."""
        return not self._unsaved

    # --- parts ------------------------------------------------------------------------------------------------------

    def _refusal(self, writer: Writer, message: Update) -> Error | None:
        if not writer.may_edit:
            return Error(0, "not_allowed", "You can look at this, but not change it.")
        size, most = len(message.update), self._most_bytes
        if self._bytes + size > most and not (size <= SMALL_BYTES and self._bytes < most + most // 4):
            return Error(0, "document_full", "There is no more room here. Remove something, or begin a new one.")
        return None

    def _keep(self, writer: Writer, number: int, brought: bytes) -> None:
        # An update that brings nothing waits all the same: what it repeats may not be saved yet.
        self._unsaved.append((writer, number, brought))
        self._unsaved_bytes += len(brought)
        self._bytes += len(brought)
        self._to_write.set()
        if self._unsaved_bytes > UNSAVED_BYTES:
            self._written.clear()

    def _tell_editors(self) -> None:
        entries = tuple(
            Editor(writer.editor, str(writer.claims.user_id), writer.claims.name, writer.may_edit)
            for writer in self.writers.values()
        )
        told = encode_document(Editors(entries))
        for writer in list(self.writers.values()):
            writer.line.send(told)

    async def _save(self) -> None:
        while True:
            await self._to_write.wait()
            await asyncio.sleep(GATHER_S)
            try:
                await self._write()
                if self._since > COMPACT_UPDATES or self._since_bytes > COMPACT_BYTES:
                    await self._compact()
            except StoreUnavailable:
                await asyncio.sleep(RETRY_S)
            except MergerGone:
                return
            except StaleEpoch:
                self.end(CloseCode.RESTART, "This goes on at another server.", 0)
                return
            except Exception:
                log.exception("could not save a document", object=str(self.object_id))
                await asyncio.sleep(RETRY_S)

    async def _write(self) -> None:
        """Raises `StoreUnavailable`; what could not be written waits for the next time."""
        batch, count = self._unsaved, len(self._unsaved)
        updates = [brought for _, _, brought in batch[:count] if brought]
        if updates:
            newest = await self._store.append(self.object_id, updates, self._epoch)
            if newest is None:  # the object was removed
                self._unsaved.clear()
                return
            self._stored = newest
            self._since += len(updates)
            self._since_bytes += sum(map(len, updates))
        done, self._unsaved = batch[:count], batch[count:]
        self._unsaved_bytes = sum(len(brought) for _, _, brought in self._unsaved)
        if not self._unsaved:
            self._to_write.clear()
        if self._unsaved_bytes <= UNSAVED_BYTES:
            self._written.set()
        for writer, number in {writer: number for writer, number, _ in done}.items():
            if self.writers.get(writer.editor) is writer:
                writer.line.send(encode_document(Saved(number)))

    async def _compact(self) -> None:
        """Put one snapshot in the place of many updates."""
        async with self._merging:
            # Nothing is merged meanwhile, so the snapshot holds exactly what was written and what waits.
            newest = self._stored
            whole = await self._merger.diff(self._name, b"\0")
        if whole is None:
            return
        await self._store.compact(self.object_id, whole[0], newest, self._epoch)
        self._bytes = len(whole[0])
        self._since = self._since_bytes = 0
