"""All that the database keeps about one person, read out and deleted.

What names a person is found by the foreign keys to `users`, so that tables added later are in it without a word here.
"""

# ruff: noqa: S608 - the texts put into queries are names of tables and columns, quoted by the database itself

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.store.database import Database

# Never left the server: hashes of secrets, and folded copies of other columns.
HIDDEN = frozenset({"password_hash", "token_hash", "email_key", "username_key", "words"})
# What a person did to others tells of those others too; their addresses and the reasons are not the person's data.
HIDDEN_OF_OTHERS = frozenset({"address", "reason", "details", "target_name", "target_id"})
ABOUT_OTHERS = frozenset({"banned_by", "actor_id"})

_REFERENCES = """
SELECT c.conrelid::regclass::text AS table, quote_ident(a.attname) AS column, a.attname AS name
FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.contype = 'f' AND c.confrelid = 'users'::regclass AND cardinality(c.conkey) = 1
ORDER BY 1, 2
"""


class PersonalData:
    """Reads and deletes across tables. Methods raise `StoreUnavailable` when PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def account(self, user_id: UUID) -> dict[str, Any]:
        """The row of `users`; empty if there is none."""
        rows = await self._rows("users", "id", user_id)
        return _shown(rows[0], HIDDEN) if rows else {}

    async def records(self, user_id: UUID) -> dict[str, list[dict[str, Any]]]:
        """Every row of another table that names the person, by "table.column". Empty ones are left out."""
        found = {}
        for reference in await self._database.fetch(_REFERENCES):
            hidden = HIDDEN | (HIDDEN_OF_OTHERS if reference["name"] in ABOUT_OTHERS else frozenset())
            rows = await self._rows(reference["table"], reference["column"], user_id)
            if rows:
                found[f"{reference['table']}.{reference['name']}"] = [_shown(row, hidden) for row in rows]
        return found

    async def owned_rooms(self, user_id: UUID) -> int:
        """How many rooms would be without an owner; those that are deleted and wait for their end do not count."""
        count: int = await self._database.fetchval(
            "SELECT count(*) FROM rooms WHERE owner_id = $1 AND deleted_at IS NULL", user_id
        )
        return count

    async def delete(self, user_id: UUID, *, with_rooms: bool) -> list[UUID] | None:
        """Delete the person and all that is theirs alone; the rooms that went along.

        None, and nothing is deleted, if they own rooms and `with_rooms` is false.
        """
        async with self._database.transaction() as connection:
            # Nobody makes or takes over a room in the person's name meanwhile.
            await connection.execute("SELECT 1 FROM users WHERE id = $1 FOR UPDATE", user_id)
            rooms = await connection.fetch("SELECT id, deleted_at FROM rooms WHERE owner_id = $1 FOR UPDATE", user_id)
            if not with_rooms and any(room["deleted_at"] is None for room in rooms):
                return None
            await connection.execute("DELETE FROM rooms WHERE owner_id = $1", user_id)
            # Nobody opens the door to their address by deleting who was banned from it.
            await connection.execute(
                "UPDATE bans SET user_id = NULL WHERE user_id = $1 AND address IS NOT NULL", user_id
            )
            await connection.execute("DELETE FROM users WHERE id = $1", user_id)
            return [room["id"] for room in rooms]

    async def _rows(self, table: str, column: str, user_id: UUID) -> list[dict[str, Any]]:
        # As JSON, because that is the form in which all of PostgreSQL's types can be shown.
        records = await self._database.fetch(f"SELECT to_jsonb(t) AS row FROM {table} t WHERE t.{column} = $1", user_id)
        return [dict(record["row"]) for record in records]


def _shown(row: dict[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in hidden}
