"""`/api/direct`: what one wrote with others directly. Nobody but the two can read it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.api import chat_models as models
from server.api.bodies import read_query
from server.api.endpoint import Call, Endpoint, not_found
from server.services import Services
from server.store.messages import Messages


class DirectMessages:
    """Handlers for direct messages. They are sent over `/ws/global`."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._messages = Messages(services.db)

    def endpoints(self) -> list[Endpoint[Any]]:
        path = "/api/direct/{id}"
        return [
            Endpoint("GET", "/api/direct", self.list, answer=models.ConversationList, limit="messages"),
            Endpoint(
                "GET",
                path + "/messages",
                self.read,
                query=models.MessagesQuery,
                answer=models.MessagePage,
                limit="messages",
                problems=("user_not_found",),
            ),
            Endpoint("PUT", path + "/read", self.mark_read, status=204, problems=("user_not_found",)),
            Endpoint(
                "DELETE",
                path + "/messages/{message}",
                self.delete,
                status=204,
                problems=("user_not_found", "message_not_found"),
            ),
        ]

    async def list(self, call: Call[None]) -> models.ConversationList:
        """With whom one wrote, and how much of it is unread."""
        found = await self._messages.conversations(call.user.id)
        return models.ConversationList([models.Conversation.of(conversation) for conversation in found])

    async def read(self, call: Call[None]) -> models.MessagePage:
        """What one wrote with somebody, newest first."""
        query = read_query(call.request, models.MessagesQuery)
        other = await self._other(call)
        page = await self._messages.between(call.user.id, other, query.before, query.q.strip())
        return models.MessagePage.of(page)

    async def mark_read(self, call: Call[None]) -> None:
        """One has read everything that somebody wrote."""
        await self._messages.mark_read(call.user.id, await self._other(call))

    async def delete(self, call: Call[None]) -> None:
        """Delete what one wrote to somebody, for both."""
        other, message_id = call.id("user_not_found"), call.id("message_not_found", "message")
        directory = self._services.directory
        waited = await directory.withdraw_direct(message_id, call.user.id)
        if not await self._messages.delete_direct(call.user.id, other, message_id) and not waited:
            raise not_found("message_not_found")
        directory.tell_direct_removed((call.user.id, other), message_id)

    async def _other(self, call: Call[None]) -> UUID:
        user = await self._services.users.get(call.id("user_not_found"))
        if user is None:
            raise not_found("user_not_found")
        return user.id
