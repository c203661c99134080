"""`/api/admin/live` and recordings: what the command line of whoever runs the server looks at and takes away."""

from __future__ import annotations

import asyncio
import time
import zlib
from contextlib import suppress
from typing import Annotated, Any

import structlog
from aiohttp import web
from msgspec import Meta, Struct

from server.api.bodies import read_query
from server.api.endpoint import Access, Call, Endpoint, not_found
from server.api.problems import Problem
from server.ops.live import Live, LivePages, named
from server.ops.recordings import RoomRecording
from server.services import Services
from server.store.admin import Administration
from server.store.audit import Actor

log = structlog.get_logger()

RECORDING_TYPE = "application/gzip"
TAKE_EVERY_S = 0.25
COMMAND_LINE = "the command line"
"""Who the audit log names where nobody has signed in."""


class RecordingLength(Struct, frozen=True):
    """`seconds`: how long to record."""

    seconds: Annotated[int, Meta(ge=1, le=86400)] = 60


class WhichServer(Struct, frozen=True):
    """`server`: the id of a server of this office; empty: the one that answers."""

    server: Annotated[str, Meta(max_length=64)] = ""


def live_pages(services: Services) -> LivePages:
    """The pages of this office's servers."""
    return LivePages(services.redis, services.servers, services.directory, services.settings.tick_rate)


class AdminLive:
    """Handlers for operators and for the server's own command line."""

    def __init__(self, services: Services) -> None:
        self._services, self._store = services, Administration(services.db)
        self._pages = live_pages(services)

    def endpoints(self) -> list[Endpoint[Any]]:
        return [
            Endpoint(
                "GET",
                "/api/admin/live",
                self.live,
                query=WhichServer,
                answer=Live,
                access=Access.CONSOLE,
                problems=("server_not_found",),
            ),
            Endpoint(
                "GET",
                "/api/admin/rooms/{id}/recording",
                self.recording,
                query=RecordingLength,
                media=RECORDING_TYPE,
                access=Access.CONSOLE,
                problems=("room_not_found", "room_not_open", "being_recorded"),
            ),
        ]

    async def live(self, call: Call[None]) -> Live:
        """A server this moment: its rooms, their ticks, and the clients that do not keep up. Other servers than the one
        that answers are as old as their last word, two seconds."""
        found = await self._pages.of(read_query(call.request, WhichServer).server)
        if found is None:
            raise not_found("server_not_found")
        return named(found, await self._store.room_names([room.id for room in found.rooms]))

    async def recording(self, call: Call[None]) -> web.StreamResponse:
        """Record an open room from now on, as JSON lines in gzip (docs/recordings.md), until the time is over, the room
        closes or the connection ends. Movements and doors are in it, no names and no words."""
        seconds = read_query(call.request, RecordingLength).seconds
        stored = await self._services.rooms_store.get(call.id("room_not_found"))
        if stored is None:
            raise not_found("room_not_found")
        room = next((loop.room for loop in self._services.directory.loops() if loop.room.id == stored.id), None)
        if room is None:
            raise Problem("room_not_open", "Nobody is in this room on this server, so there is nothing to record.")
        if room.recorder is not None:
            raise Problem("being_recorded", "Somebody records this room already.")
        who = call.identity.user if call.identity else None
        actor = Actor(who.id, who.username) if who else Actor(None, COMMAND_LINE)
        recording = RoomRecording(room, self._services.settings.tick_rate)
        try:
            await self._store.note(actor, "room.recorded", (stored.id, stored.name), room_id=stored.id)
            return await _stream(call.request, recording, seconds)
        finally:
            recording.stop()


async def _stream(request: web.Request, recording: RoomRecording, seconds: int) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": RECORDING_TYPE, "Cache-Control": "no-store"})
    await response.prepare(request)
    packer = zlib.compressobj(wbits=31)  # gzip
    until = time.monotonic() + seconds
    with suppress(ConnectionError):
        while recording.ended is None:
            left = until - time.monotonic()
            await asyncio.sleep(max(0.0, min(TAKE_EVERY_S, left)))
            if left <= 0:
                recording.stop()
            packed = packer.compress("".join(recording.take()).encode())
            await response.write(packed + packer.flush(zlib.Z_SYNC_FLUSH))
        await response.write(packer.compress("".join(recording.take()).encode()) + packer.flush())
        await response.write_eof()
    return response
