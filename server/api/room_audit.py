"""`/api/rooms/{id}/audit`: what was done in a room, by whom and to whom."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from server.api import room_models as models
from server.api.bodies import read_query
from server.api.endpoint import Call, Endpoint
from server.api.room_access import RoomAccess
from server.rooms.roles import Right
from server.services import Services
from server.store.audit import PAGE, AuditEntry, AuditLog


class Before(Struct, frozen=True):
    """`before`: the `next` of the page before."""

    before: Annotated[int, Meta(ge=1, le=(1 << 63) - 1)] | None = None


class RoomAudit:
    """The handler for a room's audit log."""

    def __init__(self, services: Services, access: RoomAccess) -> None:
        self._access = access
        self._log = AuditLog(services.db)

    def endpoints(self) -> list[Endpoint[Any]]:
        return [
            Endpoint(
                "GET",
                "/api/rooms/{id}/audit",
                self.read,
                query=Before,
                answer=models.AuditPage,
                problems=("room_not_found", "role_too_low"),
            )
        ]

    async def read(self, call: Call[None]) -> models.AuditPage:
        """What was done in the room, newest first."""
        query = read_query(call.request, Before)
        visit = await self._access.with_right(call, Right.AUDIT, deleted=True)
        return page_of(await self._log.of_room(visit.room.id, query.before))


def page_of(entries: list[AuditEntry]) -> models.AuditPage:
    """The entries as the interface shows them."""
    more = entries[-1].id if len(entries) == PAGE else None
    return models.AuditPage([models.AuditEntry.of(entry) for entry in entries], more)
