"""`/api/media/ice`: the STUN and TURN servers that a browser may use."""

from __future__ import annotations

import time
from typing import Any

from server.api.endpoint import Call, Endpoint
from server.media.ice import IceServers, ice_servers
from server.services import Services


class Ice:
    """Handlers for what a browser needs before it connects to others."""

    def __init__(self, services: Services) -> None:
        self._settings = services.settings

    def endpoints(self) -> list[Endpoint[Any]]:
        return [Endpoint("GET", "/api/media/ice", self.show, answer=IceServers)]

    async def show(self, call: Call[None]) -> IceServers:
        return ice_servers(self._settings, call.user.id, time.time())
