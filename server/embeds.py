"""Pages of other sites that may be shown on a screen: what the server allows, and what a room allows of that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from server.settings import Settings

ORIGIN = re.compile(r"https?://(?:\*\.)?[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::[0-9]{1,5})?")
"""A site: `https://docs.example.org`, or `https://*.example.org` for all below."""


def server_origins(settings: Settings) -> tuple[str, ...]:
    """The sites that the operator allows."""
    return tuple(settings.embed_origins.replace(",", " ").split())


def allowed_origins(settings: Settings, of_room: Sequence[str] | None) -> tuple[str, ...]:
    """The sites that a room shows; `of_room` None: all that the server allows."""
    allowed = server_origins(settings)
    return allowed if of_room is None else tuple(origin for origin in of_room if origin in allowed)


def may_embed(url: str, origins: Sequence[str]) -> bool:
    """Whether a page is of one of the sites."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return False
    if not host or parts.username is not None:
        return False
    return any(_matches(origin, parts.scheme, host, port) for origin in origins)


def _matches(origin: str, scheme: str, host: str, port: int | None) -> bool:
    allowed = urlsplit(origin)
    default = {"http": 80, "https": 443}
    if allowed.scheme != scheme or (allowed.port or default.get(scheme)) != (port or default.get(scheme)):
        return False
    wanted = allowed.hostname or ""
    return host.endswith(wanted[1:]) if wanted.startswith("*.") else host == wanted


def frame_sources(settings: Settings) -> str:
    """`frame-src` of the Content-Security-Policy."""
    return " ".join(server_origins(settings)) or "'none'"
