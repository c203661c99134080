"""`/api/media/ice` and `/api/rooms/{id}/ice`: the STUN and TURN servers that a browser may use."""

from __future__ import annotations

import time
from typing import Any

from server.api.endpoint import Call, Endpoint
from server.api.room_access import RoomAccess
from server.media.ice import IceServers, ice_servers
from server.services import Services


class Ice:
    """Handlers for what a browser needs before it connects to others."""

    def __init__(self, services: Services, access: RoomAccess) -> None:
        self._settings, self._access = services.settings, access

    def endpoints(self) -> list[Endpoint[Any]]:
        found = ("room_not_found", "members_only")
        return [
            Endpoint("GET", "/api/media/ice", self.show, answer=IceServers),
            Endpoint("GET", "/api/rooms/{id}/ice", self.show_for_room, answer=IceServers, problems=found),
        ]

    async def show(self, call: Call[None]) -> IceServers:
        """The servers, for a test of the connection."""
        return ice_servers(self._settings, call.user.id, time.time())

    async def show_for_room(self, call: Call[None]) -> IceServers:
        """The servers, and whether the room allows no other way than a relay."""
        room = (await self._access.look(call)).room
        return ice_servers(self._settings, call.user.id, time.time(), relay_only=room.relay_only)
