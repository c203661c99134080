"""`/api/rooms/{id}/portals`: ways from one room into another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET

from server.api import room_models as models
from server.api.endpoint import Access, Call, Endpoint, not_found
from server.api.problems import FieldError, Problem
from server.api.room_access import RoomAccess, actor_of, address_of
from server.rooms import admission
from server.rooms.roles import Right
from server.rooms.templates import Template
from server.services import Services
from server.store.portals import PORTALS_LIMIT, Portal, Portals


class RoomPortals:
    """Handlers for portals. A portal opens no door: the room that it leads to decides whom it admits."""

    def __init__(self, services: Services, access: RoomAccess, templates: Mapping[str, Template]) -> None:
        self._services, self._access, self._templates = services, access, templates
        self._portals = Portals(services.db)

    def endpoints(self) -> list[Endpoint[Any]]:
        path, right = "/api/rooms/{id}/portals", ("room_not_found", "role_too_low")
        return [
            Endpoint(
                "GET",
                path,
                self.list,
                access=Access.VISITORS,
                answer=models.PortalList,
                problems=("room_not_found", "members_only"),
            ),
            Endpoint(
                "POST",
                path,
                self.add,
                body=models.CreatePortal,
                answer=models.Portal,
                status=201,
                problems=(*right, "members_only", "too_many"),
            ),
            Endpoint("DELETE", path + "/{number}", self.remove, status=204, problems=(*right, "portal_not_found")),
        ]

    async def list(self, call: Call[None]) -> models.PortalList:
        """The portals of a room, and how many people are behind each."""
        visit = await self._access.look(call)
        return models.PortalList([self._shown(portal) for portal in await self._portals.list(visit.room.id)])

    async def add(self, call: Call[models.CreatePortal]) -> models.Portal:
        """Make a portal to a room that one may look at oneself."""
        visit, body = await self._access.with_right(call, Right.PORTALS), call.body
        template = self._templates.get(visit.room.template)
        if template is not None:
            width, height = template.room_map.width_px, template.room_map.height_px
            if body.x + body.w > width or body.y + body.h > height:
                reason = f"reaches beyond the map, which is {width} x {height} px"
                raise Problem("validation", "Look at the fields named below.", errors=[FieldError("x", reason)])
        target = await self._services.rooms_store.get(body.room_id)
        if target is None:
            raise not_found("room_not_found")
        standing = await self._access.members.standing(target.id, call.user.id, address_of(call))
        if not admission.may_look(target, standing):
            raise Problem("members_only", admission.MEMBERS_ONLY.text)
        name = target.name if body.name is UNSET else str(body.name)
        rect = (body.x, body.y, body.w, body.h)
        portal = await self._portals.add(visit.room.id, (target.id, target.name), name, rect, actor_of(call))
        if portal is None:
            raise Problem("too_many", f"A room has at most {PORTALS_LIMIT} portals.")
        await self._services.directory.change_portals(visit.room.id, await self._portals.list(visit.room.id))
        return self._shown(portal)

    async def remove(self, call: Call[None]) -> None:
        """Close a portal."""
        visit = await self._access.with_right(call, Right.PORTALS)
        text = call.request.match_info["number"]
        number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 5 else 0
        if not await self._portals.remove(visit.room.id, number, actor_of(call)):
            raise not_found("portal_not_found")
        await self._services.directory.change_portals(visit.room.id, await self._portals.list(visit.room.id))

    def _shown(self, portal: Portal) -> models.Portal:
        return models.Portal.of(portal, self._services.directory.head_count(portal.target_id))
