"""`/api/users/{id}`: what one may know of a person, and one's own profile."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from server.api import models
from server.api.accounts import look_of, taken
from server.api.endpoint import Call, Endpoint, not_found
from server.api.problems import Problem
from server.services import Services
from server.store.errors import Taken


class People:
    """Handlers for profiles."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def endpoints(self) -> list[Endpoint[Any]]:
        return [
            Endpoint("GET", "/api/users/{id}", self.show, answer=models.User),
            Endpoint("PUT", "/api/users/{id}", self.change, body=models.ChangeUser, answer=models.User),
        ]

    async def show(self, call: Call[None]) -> models.User:
        user = await self._services.users.get(call.id("user_not_found"))
        if user is None:
            raise not_found("user_not_found")
        return models.User.of(user, to_themselves=user.id == call.user.id)

    async def change(self, call: Call[models.ChangeUser]) -> models.User:
        user_id = call.id("user_not_found")
        if user_id != call.user.id:
            raise Problem("not_yours", "You can change your own profile only.")
        body = call.body
        try:
            user = await self._services.users.update(
                user_id,
                username=None if body.username is UNSET else str(body.username),
                look=look_of(body.avatar_config),
            )
        except Taken as error:
            raise taken(error) from error
        if user is None:
            raise not_found("user_not_found")
        if (user.username, user.look) != (call.user.username, call.user.look):
            await self._services.directory.change_user(user.id, user.username, user.look)
        return models.User.of(user, to_themselves=True)
