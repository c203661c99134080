"""Whether a browser sent a request from our own pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web

from server.auth.address import comes_through_proxy
from server.settings import Settings


def is_same_origin(request: web.Request, public_url: str | None) -> bool:
    """False if a page of another origin is behind the request. Programs other than browsers name no origin: True.

    Requests that work by cookie need this beside SameSite, which lets other ports and subdomains through.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    try:
        host = urlsplit(origin).netloc.lower()
        ours = {request.host.lower(), urlsplit(public_url or "").netloc.lower()}
    except ValueError:
        return False
    return host != "" and host in ours


def is_https(request: web.Request, settings: Settings) -> bool:
    """Whether the browser speaks https to us, or to the proxy before us, as `public_url` or a trusted proxy says."""
    if request.secure or (settings.public_url or "").lower().startswith("https:"):
        return True
    forwarded = request.headers.get("X-Forwarded-Proto", "").lower()
    return forwarded == "https" and comes_through_proxy(request, settings)


def own_address(request: web.Request, settings: Settings) -> str:
    """The office's address without a path, as the settings have it, else as the sender's browser has it."""
    made = f"{'https' if is_https(request, settings) else 'http'}://{request.host}"
    return (settings.public_url or made).rstrip("/")
