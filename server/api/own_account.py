"""`/api/auth/*` for those who are logged in: password, log-ins, all that is kept about them, and leaving for good."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from server.api import account_models as models
from server.api.endpoint import Access, Call, Endpoint, json_response
from server.api.problems import FieldError, Problem
from server.api.sign_in import SignIn, signed_out
from server.auth.tokens import Claims
from server.services import Services
from server.store.identities import Identities
from server.store.password_resets import PasswordResets
from server.store.personal_data import PersonalData
from server.store.users import fold

EXPORT_NAME = "hallway-data.json"


class OwnAccount:
    """Handlers for one's own account."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._sign_in = SignIn(services)
        self._identities = Identities(services.db)
        self._resets = PasswordResets(services.db)
        self._data = PersonalData(services.db)

    def endpoints(self) -> list[Endpoint[Any]]:
        accounts: dict[str, Any] = {"access": Access.ACCOUNTS}
        return [
            Endpoint("GET", "/api/auth/account", self.show, answer=models.Account, **accounts),
            Endpoint(
                "PUT",
                "/api/auth/password",
                self.change_password,
                body=models.ChangePassword,
                status=204,
                problems=("wrong_password", "rate_limited"),
                **accounts,
            ),
            Endpoint(
                "POST",
                "/api/auth/reset-password",
                self.reset_password,
                access=Access.ANYONE,
                body=models.ResetPassword,
                status=204,
                problems=("reset_link_invalid", "rate_limited"),
            ),
            Endpoint(
                "POST",
                "/api/auth/delete-account",
                self.delete,
                body=models.DeleteAccount,
                by_cookie=True,
                status=204,
                problems=("wrong_password", "owns_rooms", "rate_limited"),
            ),
            Endpoint("GET", "/api/auth/export", self.export, answer=models.PersonalData),
            Endpoint("GET", "/api/auth/sessions", self.list_sessions, answer=models.LogInList),
            Endpoint("POST", "/api/auth/sessions/end-others", self.end_other_sessions, status=204),
            Endpoint(
                "DELETE",
                "/api/auth/sessions/{session}",
                self.end_session,
                status=204,
                problems=("session_not_found",),
            ),
        ]

    async def show(self, call: Call[None]) -> models.Account:
        """What one's account is made of: address, password, link to a provider, rooms."""
        user, settings = call.user, self._services.settings
        linked = await self._identities.of_user(user.id, settings.oidc_issuer) if settings.oidc_issuer else None
        return models.Account(
            email=user.email or "",
            has_password=user.password_hash is not None,
            identity=models.Identity.of(linked, settings.oidc_label) if linked else None,
            owned_rooms=await self._data.owned_rooms(user.id),
            created_at=user.created_at,
        )

    async def change_password(self, call: Call[models.ChangePassword]) -> None:
        """Change the password. All other log-ins of the account end."""
        if call.user.password_hash is not None:
            await self._check_password(call, call.body.current_password, "current_password")
        password_hash = await self._services.passwords.hash(call.body.new_password)
        await self._services.users.set_password_hash(call.user.id, password_hash)
        await self._services.endings.end_all(call.user.id, keep=call.signed_in.claims.session_id)

    async def reset_password(self, call: Call[models.ResetPassword]) -> None:
        """Set a new password with the token of a link. All log-ins of the account end."""
        invalid = Problem("reset_link_invalid", "This link was used already or is too old. Ask for another one.")
        async with self._services.limits.password_attempt(address=call.address, account=None) as attempt:
            attempt.wrong = not await self._resets.is_good(call.body.token)
        if attempt.wrong:
            raise invalid
        password_hash = await self._services.passwords.hash(call.body.new_password)
        user_id = await self._resets.use(call.body.token, password_hash)
        if user_id is None:  # another request was faster with the same link
            raise invalid
        await self._services.endings.end_all(user_id)

    async def delete(self, call: Call[models.DeleteAccount]) -> web.Response:
        """Delete one's account and all that is kept about it."""
        user, body = call.user, call.body
        if user.password_hash is not None:
            await self._check_password(call, body.password, "password")
        elif body.username is None or fold(body.username) != fold(user.username):
            raise Problem(
                "validation", "Type your name to confirm.", errors=[FieldError("username", "must be your own name")]
            )
        rooms = await self._data.delete(user.id, with_rooms=body.delete_rooms)
        if rooms is None:
            count = await self._data.owned_rooms(user.id)
            what = "a room" if count == 1 else f"{count} rooms"
            raise Problem("owns_rooms", f"You own {what}. Hand over or delete what you own, or let it be deleted too.")
        for room_id in rooms:
            await self._services.directory.close_room(room_id)
        await self._services.endings.end_all(user.id)
        response = signed_out()
        self._sign_in.forget_cookie(call.request, response)
        return response

    async def export(self, call: Call[None]) -> web.Response:
        """Everything that is kept about oneself, as one document."""
        user_id = call.user.id
        answer = json_response(
            models.PersonalData(
                exported_at=datetime.now(UTC),
                account=await self._data.account(user_id),
                log_ins=await self._log_ins(call),
                records=await self._data.records(user_id),
            )
        )
        answer.headers["Content-Disposition"] = f'attachment; filename="{EXPORT_NAME}"'
        return answer

    async def list_sessions(self, call: Call[None]) -> models.LogInList:
        """One's log-ins that stand, last used first."""
        return models.LogInList(await self._log_ins(call))

    async def end_session(self, call: Call[None]) -> None:
        """End one of one's log-ins, with its connections."""
        session_id = call.request.match_info["session"]
        if all(session_id != log_in.session_id for log_in in await self._services.tokens.log_ins(call.user.id)):
            raise Problem("session_not_found", "This log-in has ended already.")
        await self._services.endings.end_session(Claims(call.user.id, session_id))

    async def end_other_sessions(self, call: Call[None]) -> None:
        """End all of one's log-ins but this one."""
        await self._services.endings.end_all(call.user.id, keep=call.signed_in.claims.session_id)

    async def _log_ins(self, call: Call[None]) -> list[models.LogInEntry]:
        current = call.signed_in.claims.session_id
        return [models.LogInEntry.of(found, current) for found in await self._services.tokens.log_ins(call.user.id)]

    async def _check_password(self, call: Call[Any], password: str | None, field: str) -> None:
        user, limits = call.user, self._services.limits
        if not password:
            raise Problem("wrong_password", "Your password is needed.", errors=[FieldError(field, "is missing")])
        async with limits.password_attempt(address=call.address, account=str(user.id)) as attempt:
            verdict = await self._services.passwords.verify(password, user.password_hash)
            attempt.wrong = not verdict.right
        if attempt.wrong:
            raise Problem("wrong_password", "Check it and try again.", errors=[FieldError(field, "is not right")])
