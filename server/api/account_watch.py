"""What happens to an account is felt where its owner is: in rooms that are open, and on their other connections."""

from __future__ import annotations

from uuid import UUID

from server.api.room_access import RoomAccess
from server.auth.tokens import Claims
from server.networks import is_within, parse_address, parse_networks
from server.services import Services
from server.store.bans import Bans
from server.store.objects import Objects
from server.store.portals import Portals
from server.store.presence import Presences
from server.store.users import User

GONE = "This account cannot be used any more."


class AccountWatch:
    """Compares those who are connected to this server with their accounts and the bans. Implements
    `server.auth.news.Listener`. Raises `StoreUnavailable`."""

    def __init__(self, services: Services, access: RoomAccess) -> None:
        self._services, self._access = services, access
        self._bans = Bans(services.db)
        self._presences = Presences(services.db)
        self._portals, self._objects = Portals(services.db), Objects(services.db)

    async def log_in_ended(self, user_id: UUID, session_id: str) -> None:
        """Close the connections of a log-in."""
        await self._services.endings.close_connections_of(Claims(user_id, session_id))

    async def look_at(self, user_id: UUID) -> None:
        """The account changed: it was switched off, deleted or banned, or its owner runs the server now, or no
        longer."""
        directory = self._services.directory
        if user_id not in directory.around():
            return
        user = await self._services.users.get(user_id)
        if user is None or user.disabled_at is not None:
            await directory.end_person(user_id, GONE, banned=False)
        elif not await self._end_if_banned(user):
            await directory.change_user(user.id, user.username, user.look)
            await directory.change_presence(user.id, await self._presences.get(user.id))
            directory.know_rooms(user.id, await self._access.members.rooms_of(user.id))
            for room_id in directory.rooms_of(user_id):
                room = await self._services.rooms_store.get(room_id)
                if room is not None:
                    await self._access.tell_standing(room, user_id)

    async def look_at_ban(self, ban_id: UUID) -> None:
        """Somebody was banned from the server: they and whoever comes from the banned network are sent away."""
        ban = await self._bans.get(ban_id)
        if ban is None:
            return
        networks = parse_networks(ban.address or "")
        concerned = {ban.user_id} if ban.user_id is not None else set()
        for user_id, address in self._services.directory.origins():
            if is_within(parse_address(address or ""), networks):
                concerned.add(user_id)
        for user_id in concerned:
            user = await self._services.users.get(user_id)
            if user is not None:
                await self._end_if_banned(user)

    async def look_at_room(self, room_id: UUID) -> None:
        """A room changed elsewhere. If it runs here, everything in it is compared with the database."""
        directory, services = self._services.directory, self._services
        if all(loop.room.id != room_id for loop in directory.loops()):
            return
        room = await services.rooms_store.get(room_id)
        if room is None or room.archived_at is not None:
            await directory.close_room(room_id, "The room was deleted." if room is None else "The room was archived.")
            return
        await directory.change_room(room)
        await directory.change_portals(room_id, await self._portals.list(room_id))
        await directory.take_objects(room_id, await self._objects.list(room_id))
        for person in directory.people(room_id):
            await self._access.tell_standing(room, person[0])

    async def end_person(self, user_id: UUID, reason: str) -> None:
        """An operator ended somebody's connections."""
        await self._services.directory.end_person(user_id, reason, banned=False)

    async def look_at_all(self) -> None:
        """Find those whose account changed while nobody could tell, with two queries for all."""
        directory = self._services.directory
        around = directory.around()
        usable = await self._services.users.usable(list(around))
        kept_out = await self._bans.kept_out(directory.origins())
        for user_id, was_operator in around.items():
            changed = was_operator is not None and was_operator is not usable.get(user_id)
            if user_id not in usable or user_id in kept_out or changed:
                await self.look_at(user_id)

    def notice(self, text: str) -> None:
        """Tell everybody who is connected to this server."""
        self._services.directory.notice(text)

    async def _end_if_banned(self, user: User) -> bool:
        """Whether a ban of the server keeps the person out of it. Who is being let in at this moment is seen, too."""
        if user.is_operator:
            return False
        directory = self._services.directory
        for address in {None, *(address for user_id, address in directory.origins() if user_id == user.id)}:
            ban = await self._bans.of_server_for(user.id, address)
            if ban is not None:
                await directory.end_person(
                    user.id, f"You were banned from this server. {ban.reason}".strip(), banned=True
                )
                return True
        return False
