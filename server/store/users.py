"""Accounts and guests."""

# ruff: noqa: S608 - the only text put into queries is the constants below

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self
from unicodedata import normalize
from uuid import UUID

import asyncpg

from server.store.database import Database, columns
from server.store.errors import Taken

if TYPE_CHECKING:
    from server.store.database import Record

PURGE_BATCH = 500
LOOK_PARTS = 6
DEFAULT_LOOK = bytes(LOOK_PARTS)

_COLUMNS = (
    "id",
    "email",
    "username",
    "password_hash",
    "avatar_config",
    "is_guest",
    "created_at",
    "updated_at",
    "role",
    "disabled_at",
)
_SELECT = columns(_COLUMNS, "users")
_UNIQUE = {"users_email_unique": "email", "users_username_unique": "username"}


@dataclass(frozen=True, slots=True)
class User:
    """A person. Guests have neither e-mail nor password, and their `username` need not be unique.

    An account without a password logs in with another provider. `disabled_at`: since when it may not log in. `role` is
    "operator" for those who run the server, else "user".
    """

    id: UUID
    email: str | None
    username: str
    password_hash: str | None
    avatar_config: dict[str, Any]
    is_guest: bool
    created_at: datetime
    updated_at: datetime
    role: str = "user"
    disabled_at: datetime | None = None

    @property
    def is_operator(self) -> bool:
        """Whether this is one of those who run the server."""
        return self.role == "operator"

    @property
    def look(self) -> bytes:
        """The six bytes of STANDARD.md 5.7."""
        look = self.avatar_config.get("look")
        return bytes(look) if look is not None else DEFAULT_LOOK

    @classmethod
    def from_record(cls, record: Record) -> Self:
        return cls(**{name: record[name] for name in _COLUMNS})


def fold(text: str) -> str:
    """The form in which two names or addresses that people take for the same are equal."""
    return normalize("NFKC", normalize("NFKC", text.strip()).casefold())


class Users:
    """The table `users`. Methods raise `StoreUnavailable` when PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create_account(self, *, email: str, username: str, password_hash: str | None, look: bytes) -> User:
        """A new account. Raises `Taken` with field `email` or `username`."""
        return await self._insert(email, username, password_hash, look, is_guest=False)

    async def create_guest(self, *, name: str, look: bytes) -> User:
        return await self._insert(None, name, None, look, is_guest=True)

    async def _insert(
        self, email: str | None, username: str, password_hash: str | None, look: bytes, *, is_guest: bool
    ) -> User:
        try:
            record = await self._database.fetchrow(
                "INSERT INTO users (email, email_key, username, username_key, password_hash, avatar_config, is_guest) "
                f"VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING {_SELECT}",
                email,
                email and fold(email),
                username,
                fold(username),
                password_hash,
                {"look": list(look)},
                is_guest,
            )
        except asyncpg.UniqueViolationError as error:
            raise Taken(_UNIQUE[error.constraint_name or ""]) from error
        assert record is not None  # noqa: S101  (INSERT ... RETURNING)
        return User.from_record(record)

    async def get(self, user_id: UUID) -> User | None:
        record = await self._database.fetchrow(f"SELECT {_SELECT} FROM users WHERE id = $1", user_id)
        return User.from_record(record) if record else None

    async def find_account(self, email_or_username: str) -> User | None:
        """The account to log in with. A username cannot hold an `@`, so the two never mix."""
        by = "email_key = $1" if "@" in email_or_username else "username_key = $1 AND NOT is_guest"
        query = f"SELECT {_SELECT} FROM users WHERE {by}"
        record = await self._database.fetchrow(query, fold(email_or_username))
        return User.from_record(record) if record else None

    async def update(self, user_id: UUID, *, username: str | None = None, look: bytes | None = None) -> User | None:
        """Change what is not None; None when there is no such user. Raises `Taken` with field `username`."""
        try:
            record = await self._database.fetchrow(
                "UPDATE users SET username = coalesce($2, username), username_key = coalesce($3, username_key), "
                "avatar_config = avatar_config || coalesce($4::jsonb, '{}'), updated_at = now() "
                f"WHERE id = $1 RETURNING {_SELECT}",
                user_id,
                username,
                username and fold(username),
                None if look is None else {"look": list(look)},
            )
        except asyncpg.UniqueViolationError as error:
            raise Taken(_UNIQUE[error.constraint_name or ""]) from error
        return User.from_record(record) if record else None

    async def replace_password_hash(self, user_id: UUID, old: str, new: str) -> bool:
        """Put `new` in the place of `old`; False when the password was changed meanwhile."""
        changed = await self._database.execute(
            "UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2", user_id, old, new
        )
        return changed == 1

    async def set_password_hash(self, user_id: UUID, password_hash: str) -> bool:
        """Give an account another password; links that would set one are void. False: there is no such account."""
        changed = await self._database.execute(
            "WITH void AS (DELETE FROM password_resets WHERE user_id = $1) "
            "UPDATE users SET password_hash = $2, updated_at = now() WHERE id = $1 AND NOT is_guest",
            user_id,
            password_hash,
        )
        return changed == 1

    async def set_disabled(self, user_id: UUID, disabled: bool) -> None:
        """Keep an account from logging in, or let it again. The time of the first disabling stays."""
        await self._database.execute(
            "UPDATE users SET disabled_at = CASE WHEN $2 THEN coalesce(disabled_at, now()) END, updated_at = now() "
            "WHERE id = $1",
            user_id,
            disabled,
        )

    async def set_operator(self, user_id: UUID, operator: bool) -> None:
        """Make an account one of those who run the server, or an ordinary one again."""
        await self._database.execute(
            "UPDATE users SET role = CASE WHEN $2 THEN 'operator' ELSE 'user' END, updated_at = now() "
            "WHERE id = $1 AND NOT is_guest",
            user_id,
            operator,
        )

    async def touch(self, user_id: UUID) -> None:
        """The person is here. Written once an hour at most."""
        await self._database.execute(
            "UPDATE users SET last_seen_at = now() WHERE id = $1 AND last_seen_at < now() - interval '1 hour'", user_id
        )

    async def purge_guests(self, unseen_s: float, online: Collection[UUID]) -> int:
        """Remove up to `PURGE_BATCH` guests who were not seen for so long; how many. Never those `online`, nor whom a
        ban names: it would end with them."""
        return await self._database.execute(
            "DELETE FROM users WHERE id IN (SELECT id FROM users u WHERE is_guest "
            "AND last_seen_at < now() - $1::interval AND id <> ALL ($2::uuid[]) "
            "AND NOT EXISTS (SELECT FROM user_sessions s WHERE s.user_id = u.id "
            "AND s.last_active >= now() - $1::interval) "
            "AND NOT EXISTS (SELECT FROM bans b WHERE b.user_id = u.id) "
            "AND NOT EXISTS (SELECT FROM rooms r WHERE r.owner_id = u.id) "
            "ORDER BY last_seen_at LIMIT $3 FOR UPDATE SKIP LOCKED)",
            timedelta(seconds=unseen_s),
            list(online),
            PURGE_BATCH,
        )

    async def usable(self, user_ids: Sequence[UUID]) -> dict[UUID, bool]:
        """Which of these accounts and guests exist and are not switched off, and whether each runs the server."""
        records = await self._database.fetch(
            "SELECT id, role = 'operator' AS operates FROM users WHERE id = ANY($1::uuid[]) AND disabled_at IS NULL",
            list(user_ids),
        )
        return {record["id"]: record["operates"] for record in records}

    async def list_accounts(self, search: str = "", limit: int = 1000) -> list[User]:
        """Accounts by name, guests left out; `search` is a part of the name or of the address, in any case."""
        records = await self._database.fetch(
            f"SELECT {_SELECT} FROM users WHERE NOT is_guest AND "
            "($1 = '' OR strpos(username_key, $1) > 0 OR strpos(email_key, $1) > 0) ORDER BY username_key LIMIT $2",
            fold(search),
            limit,
        )
        return [User.from_record(record) for record in records]
