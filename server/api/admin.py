"""`/api/admin/*`: the whole server, for those who run it. Single rooms are changed where everybody changes them, people
in `server.api.admin_people`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from server.api import admin_models as models
from server.api.bodies import read_query
from server.api.endpoint import Access, Call, Endpoint, not_found
from server.api.room_access import RoomAccess, actor_of
from server.api.room_audit import Before, page_of
from server.api.room_models import AuditPage
from server.ops.servers import hallway_version
from server.rooms.roles import Role
from server.services import Services
from server.store.admin import Administration
from server.store.audit import AuditLog
from server.store.rooms import ADMIN_PAGE


class Admin:
    """Handlers for operators."""

    def __init__(self, services: Services, access: RoomAccess) -> None:
        self._services, self._access = services, access
        self._store, self._log = Administration(services.db), AuditLog(services.db)
        self._started_at = datetime.now(UTC)

    def endpoints(self) -> list[Endpoint[Any]]:
        only: dict[str, Any] = {"access": Access.OPERATORS}
        return [
            Endpoint("GET", "/api/admin/overview", self.overview, answer=models.Overview, **only),
            Endpoint("GET", "/api/admin/servers", self.servers, answer=models.ServerList, access=Access.CONSOLE),
            Endpoint("GET", "/api/admin/rooms", self.rooms, query=models.Page, answer=models.RoomPage, **only),
            Endpoint(
                "POST",
                "/api/admin/rooms/{id}/close",
                self.close_room,
                status=204,
                problems=("room_not_found",),
                **only,
            ),
            Endpoint("GET", "/api/admin/sessions", self.sessions, answer=models.AdminSessionList, **only),
            Endpoint("POST", "/api/admin/notice", self.notice, body=models.GiveNotice, status=204, **only),
            Endpoint("GET", "/api/admin/audit", self.audit, query=Before, answer=AuditPage, **only),
        ]

    async def overview(self, call: Call[None]) -> models.Overview:
        """The server at a glance."""
        now = self._services.directory.totals()
        rate = self._services.settings.tick_rate
        return models.Overview.of(hallway_version(), self._started_at, rate, now, await self._store.totals())

    async def servers(self, call: Call[None]) -> models.ServerList:
        """The servers that share this office, and how each is doing."""
        own = self._services.servers
        return models.ServerList([models.Server.of(entry, own.id) for entry in await own.list()])

    async def rooms(self, call: Call[None]) -> models.RoomPage:
        """Every room, archived and deleted ones included; newest first."""
        query = read_query(call.request, models.Page)
        found = await self._services.rooms_store.everything(query.search, query.before)
        more = found[-1].created_at if len(found) == ADMIN_PAGE else None
        return models.RoomPage([self._access.shown(room, Role.OPERATOR) for room in found], more)

    async def close_room(self, call: Call[None]) -> None:
        """Send everybody out of a room. Whoever may come in can come back."""
        room = await self._services.rooms_store.get(call.id("room_not_found"))
        if room is None:
            raise not_found("room_not_found")
        await self._store.note(actor_of(call), "room.closed", (room.id, room.name), room_id=room.id)
        reason = "An operator closed the room. You can come in again."
        await self._services.directory.close_room(room.id, reason, may_return=True)

    async def sessions(self, call: Call[None]) -> models.AdminSessionList:
        """Everybody who is in a room now, and from where."""
        visits = self._services.directory.visits()
        names = await self._store.room_names(list({visit.room_id for visit in visits}))
        return models.AdminSessionList(
            [models.AdminSession.of(visit, names.get(visit.room_id, "")) for visit in visits]
        )

    async def notice(self, call: Call[models.GiveNotice]) -> None:
        """Tell everybody who is around, whichever server they are connected to."""
        await self._store.note(actor_of(call), "server.notice", (None, ""), call.body.text)
        await self._services.news.tell_notice(call.body.text)

    async def audit(self, call: Call[None]) -> AuditPage:
        """What was done on the whole server, newest first."""
        query = read_query(call.request, Before)
        return page_of(await self._log.of_server(query.before))
