"""`/api/admin/people/*` and `/api/admin/bans`: accounts and bans of the whole server, for those who run it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import UNSET

from server.api import admin_models as models
from server.api.account_watch import AccountWatch
from server.api.bodies import read_query
from server.api.endpoint import Access, Call, Endpoint, not_found
from server.api.problems import Problem
from server.api.room_access import RoomAccess, actor_of
from server.api.room_models import Ban, BanList, BanPerson
from server.auth.origin import own_address
from server.services import Services
from server.store.admin import PAGE, Account, Administration
from server.store.bans import Bans, network_of
from server.store.password_resets import PasswordResets, reset_address
from server.store.users import User


class AdminPeople:
    """Handlers for operators."""

    def __init__(self, services: Services, access: RoomAccess) -> None:
        self._services = services
        self._store, self._bans = Administration(services.db), Bans(services.db)
        self._resets, self._watch = PasswordResets(services.db), AccountWatch(services, access)

    def endpoints(self) -> list[Endpoint[Any]]:
        only: dict[str, Any] = {"access": Access.OPERATORS}
        person = "/api/admin/people/{id}"
        return [
            Endpoint("GET", "/api/admin/people", self.people, query=models.Page, answer=models.AdminPersonPage, **only),
            Endpoint(
                "PUT",
                person,
                self.change_person,
                body=models.ChangePerson,
                answer=models.AdminPerson,
                problems=("user_not_found", "not_yourself", "needs_account"),
                **only,
            ),
            Endpoint(
                "POST", person + "/end", self.end, status=204, problems=("user_not_found", "not_yourself"), **only
            ),
            Endpoint(
                "POST",
                person + "/reset-password",
                self.reset_password,
                body=models.MakeResetLink,
                body_optional=True,
                answer=models.ResetLink,
                status=201,
                problems=("user_not_found", "not_yourself", "needs_account"),
                **only,
            ),
            Endpoint("GET", "/api/admin/bans", self.list_bans, answer=BanList, **only),
            Endpoint(
                "POST",
                "/api/admin/bans",
                self.ban,
                body=BanPerson,
                answer=Ban,
                status=201,
                problems=("user_not_found", "not_yourself", "not_inside", "role_too_low"),
                **only,
            ),
            Endpoint("DELETE", "/api/admin/bans/{ban}", self.lift, status=204, problems=("ban_not_found",), **only),
        ]

    async def people(self, call: Call[None]) -> models.AdminPersonPage:
        """Everybody, guests included; newest first."""
        query = read_query(call.request, models.Page)
        found = await self._store.people(query.search, query.before)
        more = found[-1].created_at if len(found) == PAGE else None
        return models.AdminPersonPage([self._shown(account) for account in found], more)

    async def change_person(self, call: Call[models.ChangePerson]) -> models.AdminPerson:
        """Make somebody an operator, or no longer; switch an account off, or on again. Off, nobody can log in with it,
        and whoever is connected is sent away."""
        user, body = await self._other(call), call.body
        if user.is_guest:
            raise Problem("needs_account", "A guest has no account. Send them out, or ban them.")
        operator = user.is_operator if body.role is UNSET else body.role == "operator"
        disabled = user.disabled_at is not None if body.disabled is UNSET else bool(body.disabled)
        await self._store.change_account(user.id, user.username, actor_of(call), operator=operator, disabled=disabled)
        await self._watch.look_at(user.id)
        await self._services.news.tell_change(user.id)
        if disabled:
            await self._services.endings.end_all(user.id)
        role = "operator" if operator else "user"
        return self._shown(Account(user.id, user.username, user.email, False, role, disabled, user.created_at))

    async def reset_password(self, call: Call[models.MakeResetLink]) -> models.ResetLink:
        """A link that sets a new password once, for the operator to pass on. Earlier links of the person are void."""
        user = await self._other(call)
        if user.is_guest:
            raise Problem("needs_account", "A guest has no password.")
        life = timedelta(hours=24 if call.body.hours is UNSET else int(call.body.hours))
        token = await self._resets.issue(user.id, life)
        await self._store.note(actor_of(call), "person.reset_link", (user.id, user.username))
        origin = own_address(call.request, self._services.settings)
        return models.ResetLink(reset_address(origin, token), datetime.now(UTC) + life)

    async def end(self, call: Call[None]) -> None:
        """Log somebody out everywhere and send them out of every room. They may log in again."""
        user = await self._other(call)
        await self._store.note(actor_of(call), "person.ended", (user.id, user.username))
        await self._services.endings.end_all(user.id)
        await self._services.directory.end_person(user.id, "An operator ended your session.", banned=False)

    async def list_bans(self, call: Call[None]) -> BanList:
        """The bans from the whole server that have not run out."""
        return BanList([Ban.of(ban) for ban in await self._bans.list(None)])

    async def ban(self, call: Call[BanPerson]) -> Ban:
        """Keep somebody out of every room, and close their connections."""
        body, directory = call.body, self._services.directory
        user = await self._services.users.get(body.user_id)
        if user is None:
            raise not_found("user_not_found")
        if user.id == call.user.id:
            raise Problem("not_yourself", "You cannot do this to yourself.")
        if user.is_operator:
            raise Problem("role_too_low", f"{user.username} runs this server, too.")
        network = None
        if body.by_address:
            addresses = [directory.address_of(room_id, user.id) for room_id in directory.rooms_of(user.id)]
            known = [address for address in addresses if address]
            if not known:
                raise Problem("not_inside", f"{user.username} is in no room, so their address is not known.")
            network = network_of(known[0])
        ban = await self._bans.add(
            None,
            user.id,
            user.username,
            actor_of(call),
            network=network,
            expires_in=body.expires_in,
            reason=body.reason,
        )
        await self._watch.look_at_ban(ban.id)
        await self._services.news.tell_ban(ban.id)
        return Ban.of(ban)

    async def lift(self, call: Call[None]) -> None:
        """Let somebody in again."""
        if not await self._bans.lift(None, call.id("ban_not_found", "ban"), actor_of(call)):
            raise not_found("ban_not_found")

    async def _other(self, call: Call[Any]) -> User:
        user = await self._services.users.get(call.id("user_not_found"))
        if user is None:
            raise not_found("user_not_found")
        if user.id == call.user.id:
            raise Problem("not_yourself", "You cannot do this to yourself.")
        return user

    def _shown(self, account: Account) -> models.AdminPerson:
        directory = self._services.directory
        rooms = directory.rooms_of(account.id)
        return models.AdminPerson.of(
            account, is_online=directory.is_online(account.id), room_id=rooms[0] if rooms else None
        )
