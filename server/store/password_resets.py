"""One-use links that set a new password. The database keeps their hashes only."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from server.store.database import Database

LINK_LIFE = timedelta(hours=24)


class PasswordResets:
    """The table `password_resets`. Methods raise `StoreUnavailable` when PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def issue(self, user_id: UUID, life: timedelta = LINK_LIFE) -> str:
        """A token that sets this account's password once; earlier ones of the account are void."""
        token = secrets.token_urlsafe(32)
        await self._database.execute("DELETE FROM password_resets WHERE user_id = $1 OR expires_at < now()", user_id)
        await self._database.execute(
            "INSERT INTO password_resets (token_hash, user_id, expires_at) VALUES ($1, $2, now() + $3)",
            _hash(token),
            user_id,
            life,
        )
        return token

    async def use(self, token: str, password_hash: str) -> UUID | None:
        """Set the password of the token's account and use the token up; None: it is unknown, used or expired."""
        found: UUID | None = await self._database.fetchval(
            "WITH used AS (DELETE FROM password_resets WHERE token_hash = $1 RETURNING user_id, expires_at) "
            "UPDATE users SET password_hash = $2, updated_at = now() FROM used "
            "WHERE users.id = used.user_id AND used.expires_at > now() RETURNING users.id",
            _hash(token),
            password_hash,
        )
        return found

    async def is_good(self, token: str) -> bool:
        """Whether `use` would find it: asked before the costly hashing of a password."""
        return bool(
            await self._database.fetchval(
                "SELECT true FROM password_resets WHERE token_hash = $1 AND expires_at > now()", _hash(token)
            )
        )


def reset_address(origin: str, token: str) -> str:
    """The page that sets a new password. The token is after the #, which browsers keep to themselves: no log has it."""
    return f"{origin.rstrip('/')}/reset-password#{token}"


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()
