"""`/api/presence`: how one wants to be seen. Others see it in rooms and on `/ws/global`, at once."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from server.api import room_models as models
from server.api.endpoint import Call, Endpoint
from server.services import Services
from server.store import presence


class OwnPresence:
    """Handlers for one's own presence."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._presences = presence.Presences(services.db)

    def endpoints(self) -> list[Endpoint[Any]]:
        return [
            Endpoint("GET", "/api/presence", self.show, answer=models.Presence),
            Endpoint("PUT", "/api/presence", self.change, body=models.ChangePresence, answer=models.Presence),
        ]

    async def show(self, call: Call[None]) -> models.Presence:
        """One's own status, text, and whether others may know where one is."""
        return _shown(await self._presences.get(call.user.id))

    async def change(self, call: Call[models.ChangePresence]) -> models.Presence:
        """Change what is named."""
        body, before = call.body, await self._presences.get(call.user.id)
        chosen = presence.Presence(
            status=before.status if body.status is UNSET else str(body.status),
            text=before.text if body.text is UNSET else str(body.text),
            findable=before.findable if body.findable is UNSET else bool(body.findable),
        )
        await self._presences.put(call.user.id, chosen)
        await self._services.directory.change_presence(call.user.id, chosen)
        return _shown(chosen)


def _shown(chosen: presence.Presence) -> models.Presence:
    return models.Presence(chosen.status, chosen.text, chosen.findable)  # type: ignore[arg-type]
