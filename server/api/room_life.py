"""`/api/rooms/{id}/*` and `/api/trash`: what owners do with whole rooms. A deleted room can be restored for a while."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from server.api import room_models as models
from server.api.endpoint import Access, Call, Endpoint, not_found
from server.api.problems import Problem
from server.api.room_access import RoomAccess, actor_of
from server.auth.rules import ROOM_NAME_LENGTH
from server.rooms.roles import Right, Role
from server.services import Services


class RoomLife:
    """Handlers for copying, archiving, deleting and handing over rooms."""

    def __init__(self, services: Services, access: RoomAccess) -> None:
        self._services, self._access = services, access

    def endpoints(self) -> list[Endpoint[Any]]:
        room: dict[str, Any] = {"answer": models.Room, "problems": ("room_not_found", "role_too_low")}
        return [
            Endpoint(
                "DELETE",
                "/api/rooms/{id}",
                self.delete,
                status=204,
                problems=("room_not_found", "role_too_low"),
            ),
            Endpoint("GET", "/api/trash", self.trash, access=Access.ACCOUNTS, answer=models.RoomList),
            Endpoint("POST", "/api/rooms/{id}/restore", self.restore, **room),
            Endpoint("POST", "/api/rooms/{id}/archive", self.archive, **room),
            Endpoint("DELETE", "/api/rooms/{id}/archive", self.unarchive, **room),
            Endpoint(
                "POST",
                "/api/rooms/{id}/copy",
                self.copy,
                access=Access.ACCOUNTS,
                body=models.CopyRoom,
                body_optional=True,
                status=201,
                **room,
            ),
            Endpoint(
                "PUT",
                "/api/rooms/{id}/owner",
                self.transfer,
                body=models.TransferRoom,
                answer=models.Room,
                problems=("room_not_found", "role_too_low", "user_not_found", "needs_account"),
            ),
        ]

    async def delete(self, call: Call[None]) -> None:
        """Delete a room. It can be restored for a while, and is then gone for good."""
        room = (await self._access.with_right(call, Right.DELETE)).room
        grace_s = self._services.settings.room_grace_s
        await self._services.rooms_store.delete(room.id, actor_of(call), grace_s)
        await self._services.directory.close_room(room.id, "The room was deleted.")

    async def trash(self, call: Call[None]) -> models.RoomList:
        """One's own deleted rooms that can still be restored."""
        deleted = await self._services.rooms_store.deleted_of(call.user.id)
        return models.RoomList([self._access.shown(room, Role.OWNER) for room in deleted])

    async def restore(self, call: Call[None]) -> models.Room:
        """Undo the deletion of a room."""
        visit = await self._access.with_right(call, Right.DELETE, deleted=True)
        room = await self._services.rooms_store.restore(visit.room.id, actor_of(call))
        return self._access.shown(room or visit.room, visit.role)

    async def archive(self, call: Call[None]) -> models.Room:
        """Close a room for everybody until it is taken out of the archive."""
        visit = await self._access.with_right(call, Right.ARCHIVE)
        room = await self._services.rooms_store.archive(visit.room.id, actor_of(call), archived=True)
        if room is None:
            raise not_found("room_not_found")
        await self._services.directory.close_room(room.id, "The room was archived.")
        return self._access.shown(room, visit.role)

    async def unarchive(self, call: Call[None]) -> models.Room:
        """Open an archived room again."""
        visit = await self._access.with_right(call, Right.ARCHIVE)
        room = await self._services.rooms_store.archive(visit.room.id, actor_of(call), archived=False)
        if room is None:
            raise not_found("room_not_found")
        return self._access.shown(room, visit.role)

    async def copy(self, call: Call[models.CopyRoom]) -> models.Room:
        """A room of one's own with the same layout and settings; people, invitations and password stay behind."""
        visit = await self._access.with_right(call, Right.COPY)
        default = f"{visit.room.name[: ROOM_NAME_LENGTH - 7]} (copy)"
        name = default if call.body.name is UNSET else str(call.body.name)
        room = await self._services.rooms_store.copy(
            visit.room.id, owner_id=call.user.id, name=name, actor=actor_of(call)
        )
        if room is None:
            raise not_found("room_not_found")
        return self._access.shown(room, max(visit.role, Role.OWNER))

    async def transfer(self, call: Call[models.TransferRoom]) -> models.Room:
        """Make somebody else the owner; the one before becomes an admin."""
        visit = await self._access.with_right(call, Right.TRANSFER)
        old_owner, new_owner = visit.room.owner_id, call.body.user_id
        user, _ = await self._access.person(visit.room.id, new_owner)
        if user.is_guest:
            raise Problem("needs_account", "A guest cannot own a room: nobody could tell tomorrow who that was.")
        room = await self._services.rooms_store.transfer(visit.room.id, actor_of(call), new_owner)
        if room is None:
            raise not_found("room_not_found")
        for user_id in (old_owner, new_owner):
            await self._access.tell_standing(room, user_id)
        return self._access.shown(room, (await self._access.visit(call)).role)
