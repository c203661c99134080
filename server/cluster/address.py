"""Where people's browsers find the sockets of this very server."""

from __future__ import annotations

from server.settings import Settings

AT = "/at/"
"""Below it a proxy in front brings everything to the server of that name, and takes it off again."""


def socket_url(settings: Settings, path: str, name: str | None = None) -> str:
    """The address of a socket of this server, or of that with the name, `path` for the server itself."""
    name = name or settings.server_name
    return f"{AT}{name}{path}" if name else path
