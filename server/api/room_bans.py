"""`/api/rooms/{id}/bans`: who is kept out of a room, as a person or by address."""

from __future__ import annotations

from typing import Any

from server.api import room_models as models
from server.api.endpoint import Call, Endpoint, not_found
from server.api.problems import Problem
from server.api.room_access import RoomAccess, actor_of
from server.rooms.roles import Right
from server.services import Services
from server.store.bans import Bans, network_of


class RoomBans:
    """Handlers for bans. Addresses are never shown: it is enough that the server knows them."""

    def __init__(self, services: Services, access: RoomAccess) -> None:
        self._services, self._access = services, access
        self._bans = Bans(services.db)

    def endpoints(self) -> list[Endpoint[Any]]:
        path, right = "/api/rooms/{id}/bans", ("room_not_found", "role_too_low")
        return [
            Endpoint("GET", path, self.list, answer=models.BanList, problems=right),
            Endpoint(
                "POST",
                path,
                self.ban,
                body=models.BanPerson,
                answer=models.Ban,
                status=201,
                problems=(*right, "user_not_found", "not_inside"),
            ),
            Endpoint("DELETE", path + "/{ban}", self.lift, status=204, problems=(*right, "ban_not_found")),
        ]

    async def list(self, call: Call[None]) -> models.BanList:
        """The bans that have not run out."""
        visit = await self._access.with_right(call, Right.BAN)
        return models.BanList([models.Ban.of(ban) for ban in await self._bans.list(visit.room.id)])

    async def ban(self, call: Call[models.BanPerson]) -> models.Ban:
        """Keep somebody out, and send them out if they are inside."""
        visit, body = await self._access.with_right(call, Right.BAN), call.body
        room, directory = visit.room, self._services.directory
        user, _ = await self._access.against(call, visit, Right.BAN, body.user_id)
        network = None
        if body.by_address:
            address = directory.address_of(room.id, user.id)
            if address is None:
                raise Problem("not_inside", f"{user.username} is not in the room, so their address is not known.")
            network = network_of(address)
        ban = await self._bans.add(
            room.id,
            user.id,
            user.username,
            actor_of(call),
            network=network,
            expires_in=body.expires_in,
            reason=body.reason,
        )
        for user_id in {user.id, *directory.people_from(network, room.id)}:
            await self._access.tell_standing(room, user_id)
        return models.Ban.of(ban)

    async def lift(self, call: Call[None]) -> None:
        """Let somebody in again."""
        visit = await self._access.with_right(call, Right.BAN)
        if not await self._bans.lift(visit.room.id, call.id("ban_not_found", "ban"), actor_of(call)):
            raise not_found("ban_not_found")
