"""Whether a browser sent a request from our own pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web


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


def is_https(request: web.Request, public_url: str | None) -> bool:
    """Whether the browser speaks https to us, or to the proxy before us. Only the sender's own cookie depends on it."""
    forwarded = request.headers.get("X-Forwarded-Proto", "").lower()
    return request.secure or forwarded == "https" or (public_url or "").lower().startswith("https:")


def own_address(request: web.Request, public_url: str | None) -> str:
    """The office's address without a path, as the settings have it, else as the sender's browser has it."""
    return (public_url or f"{'https' if is_https(request, None) else 'http'}://{request.host}").rstrip("/")
