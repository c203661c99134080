"""Who may open a document as a page, without being in the room."""

from __future__ import annotations

from server.objects.places import least_role
from server.rooms.roles import Role
from server.rooms.templates import load_templates
from server.settings import Settings
from server.store.objects import StoredObject
from server.store.rooms import Room


def page_role(settings: Settings, room: Room, stored: StoredObject) -> Role:
    """The least role: a member's, and where the object stands in an area that takes a higher one, that."""
    template = load_templates(settings.templates_dir).get(room.template)
    if template is None:
        return Role.MEMBER
    return max(Role.MEMBER, least_role(template.room_map, stored.rect, room.areas))
