"""`/api/templates` and `/api/rooms*`: rooms, their maps, who is inside, joining and leaving.

A room that is not public is unlisted: its owner sees it in the list, everyone else needs its address.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from aiohttp import web
from msgspec import UNSET

from server.api import models
from server.api.endpoint import Access, Call, Endpoint, not_found
from server.api.problems import FieldError, Problem
from server.rooms.templates import Template
from server.services import Services
from server.store.rooms import Room


class Places:
    """Handlers for rooms. `templates` by id."""

    def __init__(self, services: Services, templates: Mapping[str, Template]) -> None:
        self._services = services
        self._templates = templates
        self._maps = {template.id: msgspec.json.encode(template.public) for template in templates.values()}
        entries = [models.TemplateEntry.of(template) for template in templates.values()]
        self._template_list = msgspec.json.encode(models.TemplateList(entries))

    def endpoints(self) -> list[Endpoint[Any]]:
        room, accounts = models.Room, Access.ACCOUNTS
        return [
            Endpoint("GET", "/api/templates", self.list_templates, access=Access.ANYONE, answer=models.TemplateList),
            Endpoint("GET", "/api/rooms", self.list_rooms, answer=models.RoomList),
            Endpoint(
                "POST", "/api/rooms", self.create, access=accounts, body=models.CreateRoom, answer=room, status=201
            ),
            # Who follows a room's link sees where it leads before giving a name.
            Endpoint("GET", "/api/rooms/{id}", self.show, access=Access.ANYONE, answer=room),
            Endpoint("PUT", "/api/rooms/{id}", self.change, access=accounts, body=models.ChangeRoom, answer=room),
            Endpoint("DELETE", "/api/rooms/{id}", self.delete, access=accounts, status=204),
            Endpoint("GET", "/api/rooms/{id}/map", self.show_map, access=Access.ANYONE),
            Endpoint("GET", "/api/rooms/{id}/users", self.list_people, answer=models.PersonList),
            Endpoint(
                "POST",
                "/api/rooms/{id}/join",
                self.join,
                body=models.JoinRoom,
                body_optional=True,
                answer=models.Joining,
            ),
            Endpoint("POST", "/api/rooms/{id}/leave", self.leave, status=204),
        ]

    async def list_templates(self, call: Call[None]) -> web.Response:
        response = web.Response(body=self._template_list, content_type="application/json")
        response.headers["Cache-Control"] = "no-cache"
        response.enable_compression()
        return response

    async def list_rooms(self, call: Call[None]) -> models.RoomList:
        return models.RoomList(
            [self._shown(room) for room in await self._services.rooms_store.listed_for(call.user.id)]
        )

    async def create(self, call: Call[models.CreateRoom]) -> models.Room:
        body = call.body
        if body.template not in self._templates:
            known = ", ".join(self._templates)
            reason = f"must be one of: {known}"
            raise Problem("validation", "Look at the fields named below.", errors=[FieldError("template", reason)])
        return self._shown(
            await self._services.rooms_store.create(
                owner_id=call.user.id,
                name=body.name,
                template=body.template,
                description=body.description,
                max_capacity=body.max_capacity,
                is_public=body.is_public,
            )
        )

    async def show(self, call: Call[None]) -> models.Room:
        return self._shown(await self._room(call))

    async def change(self, call: Call[models.ChangeRoom]) -> models.Room:
        room = await self._own_room(call)
        asked = {name: value for name, value in msgspec.structs.asdict(call.body).items() if value is not UNSET}
        changed = await self._services.rooms_store.update(room.id, **asked)
        if changed is None:
            raise not_found("room_not_found")
        await self._services.directory.change_room(changed)
        return self._shown(changed)

    async def delete(self, call: Call[None]) -> None:
        room = await self._own_room(call)
        await self._services.rooms_store.delete(room.id)
        await self._services.directory.close_room(room.id)

    async def show_map(self, call: Call[None]) -> web.Response:
        template = self._templates.get((await self._room(call)).template)
        if template is None:
            raise Problem("not_found", "This room was made from a template that this server does not have.")
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
        room = await self._room(call)
        return models.PersonList([models.Person(*person) for person in self._services.directory.people(room.id)])

    async def join(self, call: Call[models.JoinRoom]) -> models.Joining:
        """A ticket into the room. The room has the last word on its capacity; this spares most people the way."""
        room, directory = await self._room(call), self._services.directory
        inside = any(user_id == call.user.id for user_id, *_ in directory.people(room.id))
        if not inside and directory.head_count(room.id) >= room.max_capacity:
            raise Problem("room_full", "The room is full right now. Try again in a moment.")
        tickets, session_id = self._services.tickets, call.signed_in.claims.session_id
        ticket = await tickets.issue(room.id, call.user, session_id, is_bot=call.body.is_bot)
        return models.Joining(ticket, f"/ws/rooms/{room.id}", tickets.ticket_s, self._shown(room))

    async def leave(self, call: Call[None]) -> None:
        room = await self._room(call)
        await self._services.directory.leave(room.id, call.user.id)

    async def _room(self, call: Call[Any]) -> Room:
        room = await self._services.rooms_store.get(call.id("room_not_found"))
        if room is None:
            raise not_found("room_not_found")
        return room

    async def _own_room(self, call: Call[Any]) -> Room:
        room = await self._room(call)
        if room.owner_id != call.user.id:
            raise Problem("not_yours", "Only the owner of a room can do this.")
        return room

    def _shown(self, room: Room) -> models.Room:
        return models.Room.of(room, self._services.directory.head_count(room.id))
