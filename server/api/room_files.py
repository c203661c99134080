"""`/api/rooms/{id}/files`: pictures and PDFs for posters and screens."""

from __future__ import annotations

import asyncio
import unicodedata
from typing import Any

import msgspec
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from server.api import object_models as models
from server.api.endpoint import Access, Call, Endpoint, not_found
from server.api.problems import Problem
from server.api.room_access import RoomAccess
from server.files.media import SHOWN, media_type_of
from server.rooms import admission
from server.rooms.roles import Role
from server.services import Services
from server.store.files import Files

MIB = 1024 * 1024
UPLOAD_S = 120.0
WRONG = ("members_only", "not_inside", "not_shown", "too_large", "too_many", "slow_body")
HEADERS = {
    # A file is what its first bytes say, is never a page of ours, and does nothing.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=31536000, immutable",
}


class FileName(msgspec.Struct, frozen=True):
    """`name`: what people call the file."""

    name: str = ""


class RoomFiles:
    """Handlers for files. Whoever may present may upload, hence people inside the room and its members."""

    def __init__(self, services: Services, access: RoomAccess) -> None:
        self._services, self._access = services, access
        self._files = Files(services.db)

    def endpoints(self) -> list[Endpoint[Any]]:
        path = "/api/rooms/{id}/files"
        return [
            Endpoint(
                "POST",
                path,
                self.upload,
                query=FileName,
                answer=models.File,
                status=201,
                limit="uploads",
                problems=("room_not_found", *WRONG),
            ),
            Endpoint(
                "GET",
                path + "/{file}",
                self.download,
                access=Access.SIGNED_IN,
                media=", ".join(sorted(SHOWN)),
                problems=("room_not_found", "members_only", "file_not_found"),
            ),
        ]

    async def upload(self, call: Call[None]) -> models.File:
        """Upload a picture (PNG, JPEG, WebP, GIF) or a PDF: the body is the file."""
        visit, settings = await self._access.look(call), self._services.settings
        inside = self._services.directory.is_inside(visit.room.id, call.user.id)
        if not inside and visit.role < Role.MEMBER:
            raise Problem("not_inside", "Enter the room first.")
        if admission.refusal(visit.room, visit.standing) is not None:
            raise Problem("members_only", admission.MEMBERS_ONLY.text)
        data = await _read(call.request, settings.upload_max_mb * MIB)
        media_type = media_type_of(data)
        if media_type not in SHOWN or media_type is None:
            raise Problem("not_shown", "This is not a PNG, JPEG, WebP or GIF picture, nor a PDF.")
        name = _clean(call.request.query.get("name", ""))
        stored = await self._files.add(
            visit.room.id, call.user.id, name, media_type, data, settings.room_files_mb * MIB
        )
        if stored is None:
            raise Problem("too_many", f"All files of a room together have at most {settings.room_files_mb} MiB.")
        return models.File.of(stored)

    async def download(self, call: Call[None]) -> web.StreamResponse:
        """A file, for whoever is inside the room or may look at it."""
        visit = await self._access.look(call)
        inside = self._services.directory.is_inside(visit.room.id, call.user.id)
        if not inside and admission.needs_password(visit.room, visit.standing):
            raise Problem("members_only", "Enter the room first.")
        stored = await self._files.get(visit.room.id, call.id("file_not_found", "file"))
        data = await self._files.read(stored.id) if stored else None
        if stored is None or data is None:
            raise not_found("file_not_found")
        disposition = "inline" if stored.media_type.startswith("image/") else "attachment"
        return web.Response(
            body=data, content_type=stored.media_type, headers={**HEADERS, "Content-Disposition": disposition}
        )


async def _read(request: web.Request, most: int) -> bytes:
    too_large = Problem("too_large", f"A file has at most {most // MIB} MiB.", close=True)
    if (request.content_length or 0) > most:
        raise too_large
    data = bytearray()
    try:
        async with asyncio.timeout(UPLOAD_S):
            async for chunk in request.content.iter_any():
                data += chunk
                if len(data) > most:
                    raise too_large
    except TimeoutError as error:
        raise Problem("slow_body", "The file did not arrive in time.", close=True) from error
    except (web.RequestPayloadError, HttpProcessingError) as error:
        raise Problem("unreadable_body", "The file is cut off or wrongly encoded.") from error
    return bytes(data)


def _clean(name: str) -> str:
    shown = "".join(character for character in name if unicodedata.category(character)[0] != "C")
    return " ".join(shown.split())[:120]
