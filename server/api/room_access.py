"""The room of a request and what the sender is in it: the start of every handler for rooms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.api import room_models as models
from server.api.endpoint import Call, not_found
from server.api.problems import Problem
from server.networks import parse_address
from server.rooms import admission
from server.rooms.roles import NEEDED, Right, Role, may, may_against
from server.services import Services
from server.store.audit import Actor
from server.store.members import Members, Standing
from server.store.rooms import Room
from server.store.users import User


@dataclass(frozen=True, slots=True)
class Visit:
    """A room, and what the sender is there."""

    room: Room
    standing: Standing

    @property
    def role(self) -> Role:
        return self.standing.role


class RoomAccess:
    """Finds rooms and people for handlers, and refuses what the sender has no right to."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.members = Members(services.db)

    async def visit(self, call: Call[Any], *, deleted: bool = False) -> Visit:
        """The `{id}` room and the sender's standing in it; with `deleted`, also a room that waits to be purged."""
        room_id, rooms = call.id("room_not_found"), self._services.rooms_store
        room = await (rooms.get_any(room_id) if deleted else rooms.get(room_id))
        if room is None:
            raise not_found("room_not_found")
        if call.identity is None:
            return Visit(room, Standing())
        standing = await self.members.standing(room.id, call.user.id, address_of(call))
        if standing is None:
            raise not_found("room_not_found")
        return Visit(room, standing)

    async def look(self, call: Call[Any]) -> Visit:
        """As `visit`, for what visitors of the room may know. Raises 403 `members_only`."""
        visit = await self.visit(call)
        if not admission.may_look(visit.room, visit.standing):
            raise Problem("members_only", admission.MEMBERS_ONLY.text)
        return visit

    async def with_right(self, call: Call[Any], right: Right, *, deleted: bool = False) -> Visit:
        """As `visit`, for those who have the right. Raises 403 `role_too_low`; whoever may not even look at the room
        learns no more than that."""
        visit = await self.visit(call, deleted=deleted)
        if not may(visit.role, right):
            raise role_too_low(right)
        return visit

    async def against(self, call: Call[Any], visit: Visit, right: Right, user_id: UUID) -> tuple[User, Standing]:
        """The person on whom the sender uses a right, and their standing. Raises 403 `role_too_low` for equals."""
        user, standing = await self.person(visit.room.id, user_id)
        if not may_against(visit.role, right, standing.role):
            raise Problem("role_too_low", f"{user.username} is {standing.role.label} here, which is not below you.")
        return user, standing

    async def person(self, room_id: UUID, user_id: UUID) -> tuple[User, Standing]:
        """Somebody, and what they are in the room. Raises 404 `user_not_found`."""
        user = await self._services.users.get(user_id)
        standing = await self.members.standing(room_id, user_id) if user else None
        if user is None or standing is None:
            raise not_found("user_not_found")
        return user, standing

    async def tell_standing(self, room: Room, user_id: UUID) -> None:
        """Make a change of somebody's standing felt where they are now."""
        directory = self._services.directory
        standing = await self.members.standing(room.id, user_id, directory.address_of(room.id, user_id))
        if standing is None:
            return
        refused = admission.refusal(room, standing)
        if refused is not None:
            await directory.send_out(room.id, user_id, refused.text, banned=refused.code == "banned")
        else:
            await directory.change_standing(room.id, user_id, standing)

    def shown(self, room: Room, role: Role = Role.GUEST) -> models.Room:
        """The room as the interface shows it to somebody of this role."""
        return models.Room.of(room, role, self._services.directory.head_count(room.id))


def role_too_low(right: Right) -> Problem:
    """403: the sender has not the right."""
    return Problem("role_too_low", f"This takes the role of {NEEDED[right].label} in this room.")


def actor_of(call: Call[Any]) -> Actor:
    """The sender, for the audit log."""
    return Actor(call.user.id, call.user.username)


def address_of(call: Call[Any]) -> str | None:
    """The sender's IP address; None: the connection has none."""
    return address_or_none(call.address)


def address_or_none(address: str) -> str | None:
    """An address that can be compared with bans; None for the stand-in of connections without one."""
    return address if parse_address(address) is not None else None
