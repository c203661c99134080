"""Each schema works with the version of Hallway before it: what that one reads is there, and what it writes is taken.

So servers can be upgraded one after another. The schemas before the first release are not held to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import asyncpg
import pytest

from server.store.migrations.upgrade import REVISIONS, upgrade_to

FIRST = "0002"
"""The newest schema when servers began to be upgraded one by one."""


@dataclass(frozen=True)
class Column:
    type: str
    is_generated: bool
    may_be_left_out: bool


@dataclass(frozen=True)
class Schema:
    """`checks`: of each constraint that is no key's, its table and the columns that it looks at."""

    columns: dict[tuple[str, str], Column]
    checks: dict[str, tuple[str, frozenset[str]]]
    unique: dict[str, tuple[str, frozenset[str]]]

    @property
    def tables(self) -> set[str]:
        return {table for table, _ in self.columns}


async def schema(url: str) -> Schema:
    connection = await asyncpg.connect(url)
    try:
        columns = await connection.fetch(
            "SELECT table_name, column_name, data_type, is_generated = 'ALWAYS' AS generated, is_nullable = 'YES' "
            "OR column_default IS NOT NULL OR is_identity = 'YES' OR is_generated = 'ALWAYS' AS optional "
            "FROM information_schema.columns WHERE table_schema = 'public'"
        )
        checks = await connection.fetch(
            "SELECT c.conname, t.relname, array_agg(a.attname::text) AS names FROM pg_constraint c "
            "JOIN pg_class t ON t.oid = c.conrelid "
            "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY(c.conkey) "
            "WHERE c.contype = 'c' AND c.connamespace = 'public'::regnamespace GROUP BY 1, 2"
        )
        unique = await connection.fetch(
            "SELECT i.relname AS conname, t.relname, array_agg(a.attname::text) AS names FROM pg_index x "
            "JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid "
            "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY(x.indkey) "
            "WHERE x.indisunique AND t.relnamespace = 'public'::regnamespace GROUP BY 1, 2"
        )
    finally:
        await connection.close()
    return Schema(
        {
            (row["table_name"], row["column_name"]): Column(row["data_type"], row["generated"], row["optional"])
            for row in columns
        },
        *({row["conname"]: (row["relname"], frozenset(row["names"])) for row in rows} for rows in (checks, unique)),
    )


def in_the_way(before: Schema, after: Schema) -> list[str]:
    """What of the newer schema the version before would stumble over."""
    found = []
    for (table, name), column in before.columns.items():
        now = after.columns.get((table, name))
        if now is None:
            found.append(f"{table}.{name} is gone")
        elif (now.type, now.is_generated) != (column.type, column.is_generated):
            found.append(f"{table}.{name} is something else")
        elif column.may_be_left_out and not now.may_be_left_out:
            found.append(f"{table}.{name} has to be given")
    for (table, name), column in after.columns.items():
        if (table, name) not in before.columns and table in before.tables and not column.may_be_left_out:
            found.append(f"{table}.{name} is new and has to be given")
    for kind, old, new in (("check", before.checks, after.checks), ("unique", before.unique, after.unique)):
        for constraint, (table, names) in new.items():
            known = {name for name in names if (table, name) in before.columns}
            if constraint not in old and table in before.tables and known == names:
                found.append(f"{constraint} is a new {kind} over {', '.join(sorted(names))}")
    return found


async def test_servers_of_the_version_before_can_go_on_with_each_schema(empty_database: str) -> None:
    await upgrade_to(empty_database, FIRST)
    before = await schema(empty_database)
    for revision in REVISIONS[REVISIONS.index(FIRST) + 1 :]:
        await upgrade_to(empty_database, revision)
        after = await schema(empty_database)
        assert in_the_way(before, after) == [], f"schema {revision}"
        before = after


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("ALTER TABLE rooms DROP COLUMN description", "rooms.description is gone"),
        ("ALTER TABLE rooms RENAME COLUMN description TO about", "rooms.description is gone"),
        ("ALTER TABLE users ALTER COLUMN username TYPE varchar", "users.username is something else"),
        ("ALTER TABLE users ALTER COLUMN email SET NOT NULL", "users.email has to be given"),
        ("ALTER TABLE rooms ADD COLUMN color text NOT NULL", "rooms.color is new and has to be given"),
        ("ALTER TABLE users ADD CONSTRAINT short CHECK (char_length(username) < 9)", "short is a new check"),
        ("CREATE UNIQUE INDEX once ON user_sessions (user_id)", "once is a new unique"),
    ],
)
async def test_what_would_break_them_is_noticed(fresh_database: str, change: str, found: str) -> None:
    before = await schema(fresh_database)
    connection = await asyncpg.connect(fresh_database)
    await connection.execute(change)
    await connection.close()
    assert any(line.startswith(found) for line in in_the_way(before, await schema(fresh_database)))
