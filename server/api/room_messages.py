"""`/api/rooms/{id}/messages`: the history of a room that keeps it."""

from __future__ import annotations

from typing import Any

from server.api import chat_models as models
from server.api.bodies import read_query
from server.api.endpoint import Call, Endpoint, not_found
from server.api.problems import Problem
from server.api.room_access import RoomAccess, Visit, actor_of, role_too_low
from server.rooms.roles import Right, Role, may
from server.services import Services
from server.store.messages import Messages


class RoomMessages:
    """Handlers for what was written in a room. Its members may read it, and whoever is inside."""

    def __init__(self, services: Services, access: RoomAccess) -> None:
        self._services, self._access = services, access
        self._messages = Messages(services.db)

    def endpoints(self) -> list[Endpoint[Any]]:
        path, problems = "/api/rooms/{id}/messages", ("room_not_found", "role_too_low")
        return [
            Endpoint(
                "GET",
                path,
                self.read,
                query=models.MessagesQuery,
                answer=models.MessagePage,
                limit="messages",
                problems=problems,
            ),
            Endpoint("DELETE", path + "/{message}", self.delete, status=204, problems=(*problems, "message_not_found")),
        ]

    async def read(self, call: Call[None]) -> models.MessagePage:
        """What was written in the room and is kept, newest first."""
        query = read_query(call.request, models.MessagesQuery)
        visit = await self._reader(call)
        if not visit.room.chat_kept:
            return models.MessagePage([], None, kept=False)
        return models.MessagePage.of(await self._messages.of_room(visit.room.id, query.before, query.q.strip()))

    async def delete(self, call: Call[None]) -> None:
        """Delete what one wrote, or as a moderator what anybody wrote; those inside see it go at once."""
        visit = await self._reader(call)
        room_id, message_id = visit.room.id, call.id("message_not_found", "message")
        directory = self._services.directory
        author = directory.author_of_message(room_id, message_id)
        author = author or await self._messages.author_in(room_id, message_id)
        if author is None:
            raise not_found("message_not_found")
        is_own = author[0] == call.user.id
        if not is_own and not may(visit.role, Right.DELETE_MESSAGES):
            raise role_too_low(Right.DELETE_MESSAGES)
        # First: else it could be written after it was deleted.
        await directory.withdraw_message(room_id, message_id)
        await self._messages.delete_in(room_id, message_id, actor_of(call), author, logged=not is_own)
        directory.tell_message_removed(room_id, message_id)

    async def _reader(self, call: Call[None]) -> Visit:
        """The room, for those who may read what is written in it."""
        visit = await self._access.visit(call)
        if visit.role >= Role.MEMBER or self._services.directory.is_inside(visit.room.id, call.user.id):
            return visit
        raise Problem("role_too_low", "Enter this room to read what was written in it.")
