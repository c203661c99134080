"""`/api/rooms/{id}/invites` and `/api/invites/*`: links that open a room to whoever has them.

A token is in bodies only, never in an address that servers and proxies write down; the page's own address holds it.
"""

from __future__ import annotations

from typing import Any

from server.api import room_models as models
from server.api.endpoint import Access, Call, Endpoint, not_found
from server.api.problems import Problem
from server.api.room_access import RoomAccess, actor_of, address_of
from server.rooms import admission
from server.rooms.roles import Right, Role, may_grant
from server.services import Services
from server.store.invites import Invite, Invites
from server.store.rooms import Room


class Invitations:
    """Handlers for invitations."""

    def __init__(self, services: Services, access: RoomAccess) -> None:
        self._services, self._access = services, access
        self._invites = Invites(services.db)

    def endpoints(self) -> list[Endpoint[Any]]:
        path, right = "/api/rooms/{id}/invites", ("room_not_found", "role_too_low")
        missing = ("invite_not_found",)
        use: dict[str, Any] = {"body": models.UseInvite, "answer": models.Invitation, "limit": "invites"}
        return [
            Endpoint("GET", path, self.list, answer=models.InviteList, problems=right),
            Endpoint(
                "POST",
                path,
                self.create,
                body=models.CreateInvite,
                body_optional=True,
                answer=models.NewInvite,
                status=201,
                limit="invites",
                problems=right,
            ),
            Endpoint("DELETE", path + "/{invite}", self.withdraw, status=204, problems=(*right, "invite_not_found")),
            Endpoint("POST", "/api/invites/look", self.look, access=Access.ANYONE, problems=missing, **use),
            Endpoint("POST", "/api/invites/redeem", self.redeem, problems=("invite_not_found", "banned"), **use),
        ]

    async def list(self, call: Call[None]) -> models.InviteList:
        """The room's invitations that are still good."""
        visit = await self._access.with_right(call, Right.INVITE)
        return models.InviteList([models.Invite.of(invite) for invite in await self._invites.list(visit.room.id)])

    async def create(self, call: Call[models.CreateInvite]) -> models.NewInvite:
        """Make an invitation. Its token is told this once."""
        visit, body = await self._access.with_right(call, Right.INVITE), call.body
        role = Role.of(body.role)
        if not may_grant(visit.role, role):
            raise Problem("role_too_low", f"Only somebody above can invite people as {role.label}.")
        invite, token = await self._invites.create(
            visit.room.id, actor_of(call), role=role, expires_in=body.expires_in, max_uses=body.max_uses
        )
        return models.NewInvite(models.Invite.of(invite), token, f"/invite/{token}")

    async def withdraw(self, call: Call[None]) -> None:
        """End an invitation. Who accepted it stays a member."""
        visit = await self._access.with_right(call, Right.INVITE)
        if not await self._invites.withdraw(visit.room.id, call.id("invite_not_found", "invite"), actor_of(call)):
            raise not_found("invite_not_found")

    async def look(self, call: Call[models.UseInvite]) -> models.Invitation:
        """What an invitation leads to, before one accepts it."""
        invite = await self._invites.look(call.body.token)
        if invite is None:
            raise not_found("invite_not_found")
        return self._shown(invite, await self._room(invite), invite.role)

    async def redeem(self, call: Call[models.UseInvite]) -> models.Invitation:
        """Accept an invitation: from now on it needs no link and no password to enter."""
        seen = await self._invites.look(call.body.token)
        if seen is None:
            raise not_found("invite_not_found")
        room = await self._room(seen)
        standing = await self._access.members.standing(room.id, call.user.id, address_of(call))
        refused = admission.refusal(room, standing) if standing else None
        if refused is not None and refused.code == "banned":
            raise Problem(refused.code, refused.text)
        invite = await self._invites.redeem(call.body.token, actor_of(call), is_guest=call.user.is_guest)
        if invite is None:
            raise not_found("invite_not_found")
        await self._access.tell_standing(room, call.user.id)
        _, standing = await self._access.person(room.id, call.user.id)
        return self._shown(invite, room, standing.role)

    async def _room(self, invite: Invite) -> Room:
        room = await self._services.rooms_store.get(invite.room_id)
        if room is None:
            raise not_found("invite_not_found")
        return room

    def _shown(self, invite: Invite, room: Room, role: Role) -> models.Invitation:
        return models.Invitation(self._access.shown(room, role), role.label, invite.expires_at)
