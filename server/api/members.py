"""`/api/rooms/{id}/members`, `kick` and `mutes`: roles in a room, and what moderators do about people at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.api import room_models as models
from server.api.endpoint import Call, Endpoint, not_found
from server.api.problems import Problem
from server.api.room_access import RoomAccess, Visit, actor_of
from server.rooms.roles import GUESTS_AT_MOST, Right, Role, may_grant
from server.services import Services
from server.store.members import Member

ONE = "/api/rooms/{id}/members/{user}"
MUTE = "/api/rooms/{id}/mutes/{user}"
PERSON_PROBLEMS = ("room_not_found", "role_too_low", "user_not_found")


class RoomMembers:
    """Handlers for members. Every change is felt at once by those who are in the room."""

    def __init__(self, services: Services, access: RoomAccess) -> None:
        self._services, self._access = services, access

    def endpoints(self) -> list[Endpoint[Any]]:
        person: dict[str, Any] = {"status": 204, "problems": PERSON_PROBLEMS}
        return [
            Endpoint(
                "GET",
                "/api/rooms/{id}/members",
                self.list,
                answer=models.MemberList,
                problems=("room_not_found", "role_too_low"),
            ),
            Endpoint(
                "PUT",
                ONE,
                self.set_role,
                body=models.ChangeMember,
                answer=models.Member,
                problems=(*PERSON_PROBLEMS, "needs_account"),
            ),
            Endpoint("DELETE", ONE, self.remove, **person),
            Endpoint(
                "POST",
                "/api/rooms/{id}/kick",
                self.kick,
                body=models.Kick,
                status=204,
                problems=(*PERSON_PROBLEMS, "not_inside"),
            ),
            Endpoint("PUT", MUTE, self.mute, **person),
            Endpoint("DELETE", MUTE, self.unmute, **person),
        ]

    async def list(self, call: Call[None]) -> models.MemberList:
        """The owner and the members."""
        room = (await self._access.with_right(call, Right.SEE_MEMBERS)).room
        return models.MemberList([self._shown(room.id, member) for member in await self._access.members.list(room.id)])

    async def set_role(self, call: Call[models.ChangeMember]) -> models.Member:
        """Give somebody a role in the room; whoever is no member yet becomes one."""
        visit = await self._access.with_right(call, Right.MEMBERS)
        room, role = visit.room, Role.of(call.body.role)
        user, _ = await self._access.against(call, visit, Right.MEMBERS, call.id("user_not_found", "user"))
        if not may_grant(visit.role, role):
            raise Problem("role_too_low", f"Only somebody above can make people {role.label}.")
        if user.is_guest and role > GUESTS_AT_MOST:
            raise Problem("needs_account", "A guest can be a member at most: nobody could tell tomorrow who that was.")
        if not await self._access.members.set_role(room.id, user.id, user.username, role, actor_of(call)):
            raise not_found("user_not_found")
        await self._access.tell_standing(room, user.id)
        for member in await self._access.members.list(room.id):
            if member.user_id == user.id:
                return self._shown(room.id, member)
        raise not_found("user_not_found")

    async def remove(self, call: Call[None]) -> None:
        """Take somebody's membership away, or give up one's own."""
        user_id = call.id("user_not_found", "user")
        if user_id == call.user.id:
            visit = await self._access.visit(call)
            user = call.user
        else:
            visit = await self._access.with_right(call, Right.MEMBERS)
            user, _ = await self._access.against(call, visit, Right.MEMBERS, user_id)
        if await self._access.members.remove(visit.room.id, user.id, user.username, actor_of(call)):
            await self._access.tell_standing(visit.room, user.id)

    async def kick(self, call: Call[models.Kick]) -> None:
        """Send somebody out; they may come back unless they are banned."""
        visit, body = await self._access.with_right(call, Right.KICK), call.body
        user, _ = await self._access.against(call, visit, Right.KICK, body.user_id)
        directory = self._services.directory
        if not directory.is_inside(visit.room.id, user.id):
            raise Problem("not_inside", f"{user.username} is not in the room.")
        await self._access.members.note_kick(visit.room.id, user.id, user.username, body.reason, actor_of(call))
        why = f" The reason: {body.reason}" if body.reason else ""
        await directory.send_out(visit.room.id, user.id, f"{call.user.username} sent you out of the room.{why}")

    async def mute(self, call: Call[None]) -> None:
        """Keep somebody in the room from being heard and seen, until further notice."""
        visit, user_id, name = await self._target(call)
        if await self._access.members.mute(visit.room.id, user_id, name, actor_of(call)):
            await self._access.tell_standing(visit.room, user_id)

    async def unmute(self, call: Call[None]) -> None:
        """Let somebody be heard again."""
        visit, user_id, name = await self._target(call)
        if await self._access.members.unmute(visit.room.id, user_id, name, actor_of(call)):
            await self._access.tell_standing(visit.room, user_id)

    async def _target(self, call: Call[None]) -> tuple[Visit, UUID, str]:
        visit = await self._access.with_right(call, Right.MUTE)
        user, _ = await self._access.against(call, visit, Right.MUTE, call.id("user_not_found", "user"))
        return visit, user.id, user.username

    def _shown(self, room_id: UUID, member: Member) -> models.Member:
        return models.Member.of(member, is_inside=self._services.directory.is_inside(room_id, member.user_id))
