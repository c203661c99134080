"""The built browser client: files, and `index.html` for every address that is the client's own business."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from aiohttp import web

# Vite puts eight characters of base64url before the extension of what it builds. Files that are copied as they are have
# names in small letters; they must not be taken for built ones, so one capital at least is asked for.
HASHED = re.compile(r"-(?=[\w-]*[A-Z])[\w-]{8}\.\w+(?:\.map)?")
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"  # kept, but compared by ETag at each use

# Said here, because the system's own tables differ and browsers are told not to guess.
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webm": "video/webm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}

MISSING = (
    "Hallway's pages are not built, so there is nothing to show here. The REST interface below /api works.\n"
    "Install Hallway with pip, or run `npm ci && npm run build` in client_web.\n"
)


def add_client_pages(app: web.Application, client_root: Path | None) -> None:
    """Serve the client from `client_root`, the folder with `index.html`; None: say that it is not built.

    Call it last: it answers every GET that is not below `/api` or `/ws`. Beside a file, a `.br` or `.gz` of it is sent
    to browsers that take it.
    """
    pages = ClientPages(client_root.resolve() if client_root else None)
    app.router.add_get(r"/{path:(?!(?:api|ws|metrics)(?:/|$)).*}", pages.answer)


class ClientPages:
    """Answers for one built client. The folder may be built anew while the server runs."""

    def __init__(self, root: Path | None) -> None:
        self._root = root

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if self._root is None:
            return web.Response(status=503, text=MISSING)
        path = request.match_info["path"]
        found = await asyncio.to_thread(self._find, path)
        if found is None:
            # A missing picture is a mistake that an HTML page in its place would only hide.
            if "." in path.rpartition("/")[2]:
                return web.Response(status=404, text="There is no such file.\n")
            found = self._root / "index.html"
        headers = {
            "Cache-Control": FOREVER if HASHED.search(found.name) else ASK_AGAIN,
            "Content-Type": TYPES.get(found.suffix, "application/octet-stream"),
        }
        return web.FileResponse(found, headers=headers)

    def _find(self, path: str) -> Path | None:
        assert self._root is not None  # noqa: S101 - checked by the caller
        try:
            found = (self._root / path).resolve()
            inside = found.is_relative_to(self._root)
            hidden = any(part.startswith(".") for part in found.relative_to(self._root).parts) if inside else True
            return found if not hidden and found.is_file() else None
        except (OSError, ValueError):  # a name too long, a zero byte
            return None
