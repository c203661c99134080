"""Which account belongs to somebody's identity at another provider (OpenID Connect)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from server.store.database import Database
from server.store.errors import Taken


@dataclass(frozen=True, slots=True)
class LinkedIdentity:
    """A link from a provider to an account. `email` as the provider last said."""

    issuer: str
    subject: str
    email: str | None
    created_at: datetime


class Identities:
    """The table `user_identities`. Methods raise `StoreUnavailable` when PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_user(self, issuer: str, subject: str) -> UUID | None:
        """Whose the identity is."""
        found: UUID | None = await self._database.fetchval(
            "SELECT user_id FROM user_identities WHERE issuer = $1 AND subject = $2", issuer, subject
        )
        return found

    async def link(self, user_id: UUID, issuer: str, subject: str, email: str | None) -> None:
        """Link an identity to an account, in the place of its former one of this provider.

        Raises `Taken` with field `identity` if it is another account's.
        """
        try:
            await self._database.execute(
                "INSERT INTO user_identities (issuer, subject, user_id, email) VALUES ($1, $2, $3, $4) "
                "ON CONFLICT ON CONSTRAINT user_identities_one_each DO UPDATE SET "
                "subject = excluded.subject, email = excluded.email",
                issuer,
                subject,
                user_id,
                email,
            )
        except asyncpg.UniqueViolationError as error:
            raise Taken("identity") from error

    async def of_user(self, user_id: UUID, issuer: str) -> LinkedIdentity | None:
        """The account's identity at this provider."""
        record = await self._database.fetchrow(
            "SELECT issuer, subject, email, created_at FROM user_identities WHERE user_id = $1 AND issuer = $2",
            user_id,
            issuer,
        )
        return LinkedIdentity(**dict(record)) if record else None

    async def unlink(self, user_id: UUID) -> bool:
        """Forget all identities of an account; whether there were any."""
        return await self._database.execute("DELETE FROM user_identities WHERE user_id = $1", user_id) > 0
