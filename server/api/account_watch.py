"""What happens to an account is felt where its owner is: in rooms that are open, and on their other connections."""

from __future__ import annotations

from uuid import UUID

from server.api.room_access import RoomAccess
from server.services import Services

GONE = "This account cannot be used any more."


class AccountWatch:
    """Compares those who are connected to this server with their accounts. Raises `StoreUnavailable`."""

    def __init__(self, services: Services, access: RoomAccess) -> None:
        self._services, self._access = services, access

    async def look_at(self, user_id: UUID) -> None:
        """The account changed: it was switched off or deleted, or its owner runs the server now, or no longer."""
        directory = self._services.directory
        if user_id not in directory.around():
            return
        user = await self._services.users.get(user_id)
        if user is None or user.disabled_at is not None:
            await directory.end_person(user_id, GONE, banned=False)
            return
        for room_id in directory.rooms_of(user_id):
            room = await self._services.rooms_store.get(room_id)
            if room is not None:
                await self._access.tell_standing(room, user_id)

    async def look_at_all(self) -> None:
        """Find those whose account changed while nobody could tell, with one query for all."""
        around = self._services.directory.around()
        usable = await self._services.users.usable(list(around))
        for user_id, was_operator in around.items():
            if user_id not in usable or (was_operator is not None and was_operator is not usable[user_id]):
                await self.look_at(user_id)
