"""A board on which many people draw at once."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from server.objects.kind import Grant, Name, ObjectType, RoleName
from server.rooms.roles import Role


class Whiteboard(Struct, frozen=True, forbid_unknown_fields=True):
    """`edit_role`, `view_role`: the least role that may draw, and that may look."""

    name: Name = ""
    edit_role: RoleName = "guest"
    view_role: RoleName = "guest"


class WhiteboardType(ObjectType[Whiteboard]):
    name = "whiteboard"
    config = Whiteboard
    size = (96, 24)
    furniture: ClassVar = {"whiteboard": {}}
    has_document = True

    def document_grant(self, config: Whiteboard, role: Role) -> Grant | None:
        if role >= Role.of(config.edit_role):
            return "edit"
        return "view" if role >= Role.of(config.view_role) else None


TYPE = WhiteboardType()
