"""`/api/admin/*`: the whole server, for those who run it. Single rooms are changed where everybody changes them."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from server.api import admin_models as models
from server.api.bodies import read_query
from server.api.endpoint import Access, Call, Endpoint, not_found
from server.api.problems import Problem
from server.api.room_access import RoomAccess, actor_of
from server.api.room_audit import Before, page_of
from server.api.room_models import AuditPage, Ban, BanList, BanPerson
from server.rooms.roles import Role
from server.services import Services
from server.store.admin import PAGE, Account, Administration
from server.store.audit import AuditLog
from server.store.bans import Bans, network_of
from server.store.rooms import ADMIN_PAGE
from server.store.users import User


class Admin:
    """Handlers for operators."""

    def __init__(self, services: Services, access: RoomAccess) -> None:
        self._services, self._access = services, access
        self._store, self._log, self._bans = Administration(services.db), AuditLog(services.db), Bans(services.db)
        self._started_at = datetime.now(UTC)

    def endpoints(self) -> list[Endpoint[Any]]:
        only: dict[str, Any] = {"access": Access.OPERATORS}
        person = "/api/admin/people/{id}"
        return [
            Endpoint("GET", "/api/admin/overview", self.overview, answer=models.Overview, **only),
            Endpoint("GET", "/api/admin/rooms", self.rooms, query=models.Page, answer=models.RoomPage, **only),
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
            Endpoint("GET", "/api/admin/sessions", self.sessions, answer=models.AdminSessionList, **only),
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
            Endpoint("POST", "/api/admin/notice", self.notice, body=models.GiveNotice, status=204, **only),
            Endpoint("GET", "/api/admin/audit", self.audit, query=Before, answer=AuditPage, **only),
        ]

    async def overview(self, call: Call[None]) -> models.Overview:
        """The server at a glance."""
        try:
            number = version("hallway")
        except PackageNotFoundError:  # run from a folder that was never installed
            number = "unknown"
        now = self._services.directory.totals()
        rate = self._services.settings.tick_rate
        return models.Overview.of(number, self._started_at, rate, now, await self._store.totals())

    async def rooms(self, call: Call[None]) -> models.RoomPage:
        """Every room, archived and deleted ones included; newest first."""
        query = read_query(call.request, models.Page)
        found = await self._services.rooms_store.everything(query.search, query.before)
        more = found[-1].created_at if len(found) == ADMIN_PAGE else None
        return models.RoomPage([self._access.shown(room, Role.OPERATOR) for room in found], more)

    async def people(self, call: Call[None]) -> models.AdminPersonPage:
        """Everybody, guests included; newest first."""
        query = read_query(call.request, models.Page)
        found = await self._store.people(query.search, query.before)
        more = found[-1].created_at if len(found) == PAGE else None
        return models.AdminPersonPage([self._shown(account) for account in found], more)

    async def change_person(self, call: Call[models.ChangePerson]) -> models.AdminPerson:
        """Make somebody an operator, or no longer."""
        user = await self._other(call)
        if user.is_guest:
            raise Problem("needs_account", "A guest cannot run the server: nobody could tell tomorrow who that was.")
        operator = call.body.role == "operator"
        await self._store.set_operator(user.id, user.username, operator, actor_of(call))
        for room_id in self._services.directory.rooms_of(user.id):
            room = await self._services.rooms_store.get(room_id)
            if room is not None:
                await self._access.tell_standing(room, user.id)
        disabled = user.disabled_at is not None
        return self._shown(
            Account(user.id, user.username, user.email, False, call.body.role, disabled, user.created_at)
        )

    async def end(self, call: Call[None]) -> None:
        """Log somebody out everywhere and send them out of every room. They may log in again."""
        user = await self._other(call)
        await self._store.note(actor_of(call), "person.ended", (user.id, user.username))
        await self._services.endings.end_all(user.id)
        await self._services.directory.end_person(user.id, "An operator ended your session.", banned=False)

    async def sessions(self, call: Call[None]) -> models.AdminSessionList:
        """Everybody who is in a room now, and from where."""
        visits = self._services.directory.visits()
        names = await self._store.room_names(list({visit.room_id for visit in visits}))
        return models.AdminSessionList(
            [models.AdminSession.of(visit, names.get(visit.room_id, "")) for visit in visits]
        )

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
        await directory.end_person(user.id, f"You were banned from this server. {body.reason}".strip(), banned=True)
        for user_id in directory.people_from(network):
            for room_id in directory.rooms_of(user_id):
                room = await self._services.rooms_store.get(room_id)
                if room is not None:
                    await self._access.tell_standing(room, user_id)
        return Ban.of(ban)

    async def lift(self, call: Call[None]) -> None:
        """Let somebody in again."""
        if not await self._bans.lift(None, call.id("ban_not_found", "ban"), actor_of(call)):
            raise not_found("ban_not_found")

    async def notice(self, call: Call[models.GiveNotice]) -> None:
        """Tell everybody who is around."""
        await self._store.note(actor_of(call), "server.notice", (None, ""), call.body.text)
        self._services.directory.notice(call.body.text)

    async def audit(self, call: Call[None]) -> AuditPage:
        """What was done on the whole server, newest first."""
        query = read_query(call.request, Before)
        return page_of(await self._log.of_server(query.before))

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
