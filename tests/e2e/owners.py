"""Who opens the rooms of tests: an account costs a slow hash of its password, and one does for many rooms."""

from __future__ import annotations

import time

from tests.adversity.server_process import ServerProcess
from tests.adversity.visitor import new_account

GOOD_S = 300.0
"""An access token is good for ten minutes, and a test may need it for some of them."""

_owners: dict[ServerProcess, tuple[str, float]] = {}


async def owner_of(server: ServerProcess) -> str:
    """The access token of an account on the server that may open rooms, good for five minutes at least."""
    token, made = _owners.get(server, ("", 0.0))
    if not token or time.monotonic() - made > GOOD_S:
        token, made = await new_account(server.url), time.monotonic()
        _owners[server] = token, made
    return token
