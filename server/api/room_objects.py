"""`/api/rooms/{id}/objects`: what stands in a room."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from server.api import object_models as models
from server.api.bodies import decode_body
from server.api.endpoint import Access, Call, Endpoint, not_found
from server.api.problems import FieldError, Problem
from server.api.room_access import RoomAccess, Visit, actor_of, role_too_low
from server.cluster.address import socket_url
from server.documents.pages import page_role
from server.documents.tickets import DocumentClaims, DocumentTickets
from server.embeds import ORIGIN, server_origins
from server.objects.kind import CONFIG_BYTES, ObjectType
from server.objects.places import furniture_objects, is_inside
from server.objects.types import object_types
from server.rooms import admission
from server.rooms.roles import Right, Role
from server.rooms.templates import Template
from server.services import Services
from server.store.files import Files
from server.store.objects import OBJECTS_LIMIT, NewObject, Objects, StoredObject

FULL = f"A room has at most {OBJECTS_LIMIT} objects, and little room for their texts. Remove something first."
LOOK = ("room_not_found", "members_only")


class RoomObjects:
    """Handlers for objects. Members put things up and look after their own; moderators after everything."""

    def __init__(self, services: Services, access: RoomAccess, templates: Any) -> None:
        self._services, self._access = services, access
        self._templates: dict[str, Template] = dict(templates)
        self._objects, self._files = Objects(services.db), Files(services.db)
        self._tickets = DocumentTickets(services.redis, ticket_s=services.settings.ticket_s)

    def endpoints(self) -> list[Endpoint[Any]]:
        path = "/api/rooms/{id}/objects"
        write = (*LOOK, "role_too_low")
        return [
            Endpoint("GET", "/api/object-types", self.types, access=Access.ANYONE, answer=models.ObjectTypeList),
            Endpoint("GET", path, self.list, access=Access.VISITORS, answer=models.ObjectList, problems=LOOK),
            Endpoint(
                "POST",
                path,
                self.add,
                body=models.CreateObject,
                answer=models.RoomObject,
                status=201,
                limit="objects",
                problems=(*write, "too_many"),
            ),
            Endpoint(
                "PUT",
                path + "/{object}",
                self.change,
                body=models.ChangeObject,
                answer=models.RoomObject,
                limit="objects",
                problems=(*write, "object_not_found", "too_many"),
            ),
            Endpoint(
                "DELETE",
                path + "/{object}",
                self.remove,
                status=204,
                limit="objects",
                problems=(*write, "object_not_found"),
            ),
            Endpoint(
                "POST",
                path + "/{object}/open",
                self.open,
                body=models.OpenDocument,
                body_optional=True,
                answer=models.DocumentTicket,
                limit="documents",
                problems=(*write, "object_not_found", "out_of_reach", "banned", "room_archived", "needs_account"),
            ),
            Endpoint(
                "GET",
                "/api/rooms/{id}/embeds",
                self.embeds,
                access=Access.VISITORS,
                answer=models.Embeds,
                problems=LOOK,
            ),
            Endpoint(
                "PUT",
                "/api/rooms/{id}/embeds",
                self.change_embeds,
                body=models.ChangeEmbeds,
                answer=models.Embeds,
                problems=("room_not_found", "role_too_low"),
            ),
        ]

    async def types(self, call: Call[None]) -> models.ObjectTypeList:
        """The types of objects, and what can be set about each."""
        return models.ObjectTypeList([models.ObjectTypeEntry.of(kind) for kind in object_types().values()])

    async def list(self, call: Call[None]) -> models.ObjectList:
        """What stands in a room."""
        visit = await self._access.look(call)
        template = self._templates.get(visit.room.template)
        if "furnished" not in visit.room.room_config and template is not None:
            await self._objects.seed(visit.room.id, furniture_objects(template.room_map))
        found = await self._objects.list(visit.room.id)
        return models.ObjectList(
            [self._shown(call, visit, stored) for stored in found if stored.type in object_types()]
        )

    async def add(self, call: Call[models.CreateObject]) -> models.RoomObject:
        """Put something up; everybody inside sees it at once."""
        visit, body = await self._access.look(call), call.body
        kind = object_types().get(body.type)
        if kind is None:
            raise _wrong("type", f"must be one of: {', '.join(object_types())}")
        if visit.role < kind.placed_by:
            raise Problem("role_too_low", f"This takes the role of {kind.placed_by.label} in this room.")
        config = {} if body.config is UNSET else body.config
        new = await self._checked(visit, kind, body.x, body.y, config)
        added = await self._objects.add(visit.room.id, new, actor_of(call))
        if added is None:
            raise Problem("too_many", FULL)
        await self._services.directory.put_object(added)
        return self._shown(call, visit, added)

    async def change(self, call: Call[models.ChangeObject]) -> models.RoomObject:
        """Move an object or set it up anew."""
        visit, body = await self._access.look(call), call.body
        stored, kind = await self._object(call, visit)
        may_move = self._may_move(call, visit, stored)
        config = stored.config if body.config is UNSET else body.config
        x, y = stored.x if body.x is UNSET else body.x, stored.y if body.y is UNSET else body.y
        moves = (x, y) != (stored.x, stored.y)
        touched = {name for name in config.keys() | stored.config.keys() if config.get(name) != stored.config.get(name)}
        if not may_move and (moves or not self._may_edit(visit, stored, kind) or not touched <= kind.content):
            raise (
                role_too_low(Right.OBJECTS)
                if visit.role < Role.MEMBER
                else Problem("role_too_low", "This takes a moderator, or whoever put it there.")
            )
        new = await self._checked(visit, kind, x, y, config, (stored.x, stored.y))
        # What came with the map is as large as the furniture that it is.
        size = (new.width, new.height) if stored.created_by is not None else (stored.width, stored.height)
        new = NewObject(new.type, new.x, new.y, *size, new.config)
        changed = await self._objects.change(visit.room.id, stored.id, new, actor_of(call))
        if changed is None:
            raise Problem("too_many", FULL)
        await self._services.directory.put_object(changed)
        return self._shown(call, visit, changed)

    async def remove(self, call: Call[None]) -> None:
        """Take an object away, with what was written on it."""
        visit = await self._access.look(call)
        stored, _ = await self._object(call, visit)
        if not self._may_move(call, visit, stored):
            raise Problem("role_too_low", "This takes a moderator, or whoever put it there.")
        if not await self._objects.remove(visit.room.id, stored.id, actor_of(call)):
            raise not_found("object_not_found")
        await self._services.directory.remove_object(visit.room.id, stored.id)

    async def open(self, call: Call[models.OpenDocument]) -> models.DocumentTicket:
        """Open an object's document: from within its reach, or as a page by members of the room."""
        visit = await self._access.look(call)
        stored, kind = await self._object(call, visit)
        refused = admission.refusal(visit.room, visit.standing)
        if refused is not None:
            raise Problem(refused.code, refused.text)
        if call.body.via == "object":
            if not self._services.directory.reaches_object(visit.room.id, call.user.id, stored.id):
                raise Problem("out_of_reach", "That is too far away. Step closer.")
        elif visit.role < page_role(self._services.settings, visit.room, stored):
            # Who may not go where it stands gets no nearer to it by its page.
            raise Problem("role_too_low", "From outside the room your role is not enough. Walk up to it in the room.")
        grant = (
            kind.document_grant(msgspec.convert(stored.config, kind.config), visit.role) if kind.has_document else None
        )
        if grant is None:
            raise Problem("role_too_low", "Your role in this room is not enough to see it.")
        claims = DocumentClaims(
            user_id=call.user.id,
            room_id=visit.room.id,
            object_id=stored.id,
            session_id=call.signed_in.claims.session_id,
            name=call.user.username,
            from_room=call.body.via == "object",
        )
        return models.DocumentTicket(
            ticket=await self._tickets.issue(claims),
            url=socket_url(self._services.settings, f"/ws/documents/{stored.id}?room={visit.room.id}"),
            expires_in=self._tickets.ticket_s,
            may_edit=grant == "edit",
            object=self._shown(call, visit, stored),
        )

    async def embeds(self, call: Call[None]) -> models.Embeds:
        """The sites whose pages the room's screens show."""
        visit = await self._access.look(call)
        return models.Embeds(visit.room.room_config.get("embeds"), list(server_origins(self._services.settings)))

    async def change_embeds(self, call: Call[models.ChangeEmbeds]) -> models.Embeds:
        """Choose, among the sites that the server allows, those whose pages the room's screens show."""
        visit, origins = await self._access.with_right(call, Right.SETTINGS), call.body.origins
        server = server_origins(self._services.settings)
        for origin in origins or ():
            if ORIGIN.fullmatch(origin) is None or origin not in server:
                raise _wrong("origins", "must be among the sites that this server allows")
        room = await self._services.rooms_store.set_embeds(visit.room.id, actor_of(call), origins)
        if room is None:
            raise not_found("room_not_found")
        await self._services.directory.change_room(room)
        return models.Embeds(origins, list(server))

    # --- parts ------------------------------------------------------------------------------------------------------

    async def _object(self, call: Call[Any], visit: Visit) -> tuple[StoredObject, ObjectType[Any]]:
        stored = await self._objects.get(visit.room.id, call.id("object_not_found", "object"))
        kind = object_types().get(stored.type) if stored else None
        if stored is None or kind is None:
            raise not_found("object_not_found")
        return stored, kind

    async def _checked(
        self,
        visit: Visit,
        kind: ObjectType[Any],
        x: int,
        y: int,
        config: dict[str, Any],
        kept: tuple[int, int] | None = None,
    ) -> NewObject:
        """The object as it may be kept. Raises one `Problem` for everything that is wrong with it. `kept`: where it
        stands already, which needs no check."""
        raw = msgspec.json.encode(config)
        if len(raw) > CONFIG_BYTES:
            raise _wrong("config", f"must have at most {CONFIG_BYTES} bytes")
        try:
            checked: Any = decode_body(raw, kind.config)
        except Problem as problem:
            errors = [FieldError(f"config.{error.field}", error.reason) for error in problem.errors]
            raise Problem(problem.code, problem.detail, errors=errors) from problem
        except ValueError as error:  # a rule about several fields, or about a list
            raise _wrong("config", str(error)) from error
        width, height = kind.size_of(checked)
        template = self._templates.get(visit.room.template)
        if kept != (x, y) and template is not None and not is_inside(template.room_map, (x, y, width, height)):
            size = f"{template.room_map.width_px} x {template.room_map.height_px} px"
            raise _wrong("x", f"is beyond the map, which is {size}")
        for field, file_id, fitting in kind.files(checked):
            file = await self._files.get(visit.room.id, UUID(file_id))
            if file is None or file.media_type not in fitting:
                raise _wrong(f"config.{field}", "must be a picture that was uploaded to this room")
        builtins: dict[str, Any] = msgspec.to_builtins(checked)
        return NewObject(kind.name, x, y, width, height, builtins)

    def _shown(self, call: Call[Any], visit: Visit, stored: StoredObject) -> models.RoomObject:
        may_move = self._may_move(call, visit, stored)
        kind = object_types()[stored.type]
        may_edit = may_move or self._may_edit(visit, stored, kind)
        # What is on a screen in a private area is for those inside: they are told over their connection.
        return models.RoomObject.of(stored, may_edit=may_edit, may_move=may_move, state=not kind.in_area)

    def _may_move(self, call: Call[Any], visit: Visit, stored: StoredObject) -> bool:
        if visit.role >= Role.MODERATOR:
            return True
        return visit.role >= Role.MEMBER and call.identity is not None and stored.created_by == call.user.id

    def _may_edit(self, visit: Visit, stored: StoredObject, kind: ObjectType[Any]) -> bool:
        try:
            return bool(kind.edits(msgspec.convert(stored.config, kind.config), visit.role))
        except msgspec.ValidationError:
            return False


def _wrong(field: str, reason: str) -> Problem:
    return Problem("validation", "Look at the fields named below.", errors=[FieldError(field, reason)])
