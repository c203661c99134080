"""Where people's browsers find the sockets of this very server."""

from __future__ import annotations

from server.settings import Settings

AT = "/at/"
"""Below it a proxy in front brings everything to the server of that name, and takes it off again."""


def socket_url(settings: Settings, path: str) -> str:
    """The address of a socket of this server, `path` for the server itself."""
    return f"{AT}{settings.server_name}{path}" if settings.server_name else path
