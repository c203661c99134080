"""`/api/templates` and `/api/rooms*`: rooms and their settings, their maps, who is inside, joining and leaving.

A room that is not public is not in others' lists: an unlisted one needs its address, a members' one an invitation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from aiohttp import web
from msgspec import UNSET

from server.api import room_models as models
from server.api.endpoint import Access, Call, Endpoint, not_found
from server.api.problems import FieldError, Problem
from server.api.room_access import RoomAccess, Visit, actor_of
from server.cluster.address import socket_url
from server.media.ice import has_relay
from server.rooms import admission
from server.rooms.roles import Right, Role
from server.rooms.templates import Template
from server.services import Services
from server.store.rooms import AreaRules
from server.store.rooms import Room as StoredRoom

WRONG_PASSWORD = "The password of this room is another one."  # noqa: S105
JOIN_PROBLEMS = (
    "room_not_found",
    "banned",
    "members_only",
    "guests_not_allowed",
    "password_needed",
    "wrong_password",
    "room_archived",
    "room_full",
)


class Places:
    """Handlers for rooms. `templates` by id."""

    def __init__(self, services: Services, access: RoomAccess, templates: Mapping[str, Template]) -> None:
        self._services, self._access = services, access
        self._templates = templates
        self._maps = {template.id: msgspec.json.encode(template.public) for template in templates.values()}
        entries = [models.TemplateEntry.of(template) for template in templates.values()]
        self._template_list = msgspec.json.encode(models.TemplateList(entries))

    def endpoints(self) -> list[Endpoint[Any]]:
        room, found, right = models.Room, ("room_not_found", "members_only"), ("room_not_found", "role_too_low")
        return [
            Endpoint("GET", "/api/templates", self.list_templates, access=Access.ANYONE, answer=models.TemplateList),
            Endpoint("GET", "/api/rooms", self.list_rooms, answer=models.RoomList),
            Endpoint(
                "POST",
                "/api/rooms",
                self.create,
                access=Access.ACCOUNTS,
                body=models.CreateRoom,
                answer=room,
                status=201,
            ),
            # Who follows a room's link sees where it leads before giving a name.
            Endpoint("GET", "/api/rooms/{id}", self.show, access=Access.VISITORS, answer=room, problems=found),
            Endpoint("PUT", "/api/rooms/{id}", self.change, body=models.ChangeRoom, answer=room, problems=right),
            Endpoint("GET", "/api/rooms/{id}/map", self.show_map, access=Access.VISITORS, problems=found),
            Endpoint("GET", "/api/rooms/{id}/users", self.list_people, answer=models.PersonList, problems=found),
            Endpoint(
                "POST",
                "/api/rooms/{id}/join",
                self.join,
                body=models.JoinRoom,
                body_optional=True,
                answer=models.Joining,
                limit="joins",
                problems=JOIN_PROBLEMS,
            ),
            Endpoint("POST", "/api/rooms/{id}/leave", self.leave, status=204, problems=("room_not_found",)),
        ]

    async def list_templates(self, call: Call[None]) -> web.Response:
        """The templates that rooms are made from, with their maps."""
        response = web.Response(body=self._template_list, content_type="application/json")
        response.headers["Cache-Control"] = "no-cache"
        response.enable_compression()
        return response

    async def list_rooms(self, call: Call[None]) -> models.RoomList:
        """The public rooms, one's own, and those where one is a member; newest first."""
        listed = await self._services.rooms_store.listed_for(call.user.id)
        least = Role.OPERATOR if call.user.is_operator else Role.GUEST
        return models.RoomList([self._access.shown(room, max(role, least)) for room, role in listed])

    async def create(self, call: Call[models.CreateRoom]) -> models.Room:
        """Make a room from a template."""
        body = call.body
        if body.template not in self._templates:
            known = ", ".join(self._templates)
            raise _wrong("template", f"must be one of: {known}")
        room = await self._services.rooms_store.create(
            owner_id=call.user.id,
            name=body.name,
            template=body.template,
            description=body.description,
            max_capacity=body.max_capacity,
            access=body.access if body.access is not UNSET else "public" if body.is_public else "unlisted",
            password_hash=None if body.password is None else await self._services.passwords.hash(body.password),
            guests_allowed=body.guests_allowed,
            chat_kept=body.chat_kept,
            relay_only=self._checked_relay(body.relay_only),
            share_near=body.share_near,
            chat_days=body.chat_days,
            proximity_px=body.proximity_px,
        )
        return self._access.shown(room, Role.OPERATOR if call.user.is_operator else Role.OWNER)

    async def show(self, call: Call[None]) -> models.Room:
        """One room."""
        visit = await self._access.look(call)
        return self._access.shown(visit.room, visit.role)

    async def change(self, call: Call[models.ChangeRoom]) -> models.Room:
        """Change the settings that are named; those inside feel it at once."""
        visit = await self._access.with_right(call, Right.SETTINGS)
        changes, areas = await self._changes(call.body, visit)
        changed = await self._services.rooms_store.update(visit.room.id, actor_of(call), changes, areas)
        if changed is None:
            raise not_found("room_not_found")
        await self._services.directory.change_room(changed)
        return self._access.shown(changed, visit.role)

    async def show_map(self, call: Call[None]) -> web.Response:
        """The room's map. Its ETag is its `hash`."""
        template = self._template_of((await self._access.look(call)).room)
        tag = template.room_map.hash
        response = web.Response(body=self._maps[template.id], content_type="application/json")
        if any(known.value in (tag, "*") for known in call.request.if_none_match or ()):
            response = web.Response(status=304)
        else:
            response.enable_compression()
        response.etag = tag
        response.headers["Cache-Control"] = "private, no-cache"
        return response

    async def list_people(self, call: Call[None]) -> models.PersonList:
        """Who is inside now."""
        room = (await self._access.look(call)).room
        return models.PersonList([models.Person(*person) for person in self._services.directory.people(room.id)])

    async def join(self, call: Call[models.JoinRoom]) -> models.Joining:
        """A ticket into the room, and a place that is kept until the ticket runs out."""
        visit, services = await self._access.visit(call), self._services
        room = visit.room
        self._template_of(room)
        refused = admission.refusal(room, visit.standing)
        if refused is not None:
            raise Problem(refused.code, refused.text)
        if admission.needs_password(room, visit.standing):
            await self._check_password(call, visit)
        if not services.directory.reserve(room, call.user.id):
            raise Problem("room_full", "The room is full right now. Try again in a moment.")
        tickets, session_id = services.tickets, call.signed_in.claims.session_id
        try:
            ticket = await tickets.issue(room.id, call.user, session_id, is_bot=call.body.is_bot)
        except BaseException:
            services.directory.release(room.id, call.user.id)
            raise
        shown = self._access.shown(room, visit.role)
        url = socket_url(services.settings, f"/ws/rooms/{room.id}", services.entrance.server_for(room.id))
        return models.Joining(ticket, url, tickets.ticket_s, shown)

    async def leave(self, call: Call[None]) -> None:
        """Leave the room, from wherever one is in it."""
        room_id = call.id("room_not_found")
        if self._services.directory.is_inside(room_id, call.user.id):
            await self._services.directory.leave(room_id, call.user.id)
        elif await self._services.rooms_store.get(room_id) is None:
            raise not_found("room_not_found")

    def _template_of(self, room: StoredRoom) -> Template:
        template = self._templates.get(room.template)
        if template is None:
            raise Problem("not_found", "This room was made from a template that this server does not have.")
        return template

    def _checked_relay(self, relay_only: bool) -> bool:
        """Without a relay nobody would hear anybody in such a room."""
        if relay_only and not has_relay(self._services.settings):
            raise _wrong(
                "relay_only", "needs a TURN server, and this server has none: ask whoever runs it to set one up"
            )
        return relay_only

    async def _check_password(self, call: Call[models.JoinRoom], visit: Visit) -> None:
        room, given = visit.room, call.body.password
        if given is None:
            raise Problem("password_needed", "This room has a password. Ask its members for it.")
        who = f"room {room.id} {call.user.id}"
        async with self._services.limits.password_attempt(address=call.address, account=who) as attempt:
            verdict = await self._services.passwords.verify(given, room.password_hash)
            attempt.wrong = not verdict.right
        if not verdict.right:
            raise Problem("wrong_password", WRONG_PASSWORD, errors=[FieldError("password", "is not right")])

    async def _changes(self, body: models.ChangeRoom, visit: Visit) -> tuple[dict[str, object], AreaRules | None]:
        """What a body asks for, as the store takes it."""
        asked = {name: value for name, value in msgspec.structs.asdict(body).items() if value is not UNSET}
        is_public = asked.pop("is_public", None)
        if is_public is not None and "access" not in asked and is_public != visit.room.is_public:
            asked["access"] = "public" if is_public else "unlisted"
        self._checked_relay(asked.get("relay_only", False) and not visit.room.relay_only)
        if "password" in asked:
            password = asked.pop("password")
            asked["password_hash"] = None if password is None else await self._services.passwords.hash(password)
        areas = asked.pop("areas", None)
        if areas is None:
            return asked, None
        template = self._templates.get(visit.room.template)
        zones = {zone.id: zone for zone in template.room_map.zones} if template else {}
        spawns = template.room_map.spawns if template else ()
        for area in areas:
            zone = zones.get(area.zone)
            if zone is None:
                raise _wrong("areas", f"names zone {area.zone}, which is not on the room's map")
            shuts = area.capacity or area.lockable or area.min_role
            if shuts and any(zone.covers(*spawn) for spawn in spawns):
                raise _wrong("areas", f"would shut zone {area.zone}, where newcomers start: it is open to all")
        return asked, AreaRules(
            roles={area.zone: Role.of(area.min_role) for area in areas if area.min_role is not None},
            capacities={area.zone: area.capacity for area in areas if area.capacity is not None},
            locks={area.zone: area.lockable for area in areas if area.lockable is not None},
        )


def _wrong(field: str, reason: str) -> Problem:
    return Problem("validation", "Look at the fields named below.", errors=[FieldError(field, reason)])
