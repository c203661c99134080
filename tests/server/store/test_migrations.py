import asyncio

import asyncpg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from server.store.errors import MigrationError, StoreUnavailable
from server.store.migrations import migrate
from server.store.migrations.upgrade import FOLDER, NEWEST


async def tables(database_url: str) -> set[str]:
    connection = await asyncpg.connect(database_url)
    try:
        rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {row["tablename"] for row in rows}
    finally:
        await connection.close()


async def test_an_empty_database_gets_all_tables(empty_database: str) -> None:
    assert await migrate(empty_database) is True
    assert await tables(empty_database) >= {"users", "rooms", "user_sessions", "room_objects"}


async def test_a_current_database_needs_nothing(empty_database: str) -> None:
    await migrate(empty_database)
    assert await migrate(empty_database) is False


async def test_of_servers_that_start_together_one_migrates(empty_database: str) -> None:
    assert sorted(await asyncio.gather(*(migrate(empty_database) for _ in range(5)))) == [False] * 4 + [True]


async def test_a_database_of_a_newer_version_is_left_alone(empty_database: str) -> None:
    await migrate(empty_database)
    connection = await asyncpg.connect(empty_database)
    await connection.execute("UPDATE alembic_version SET version_num = '9999'")
    await connection.close()
    with pytest.raises(MigrationError, match="9999"):
        await migrate(empty_database)


async def test_a_database_that_is_away_is_reported_as_unavailable(empty_database: str) -> None:
    with pytest.raises(StoreUnavailable):
        await migrate("postgresql://nobody@/nothing?host=/nonexistent")


def test_the_newest_file_is_the_head_of_the_revisions() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == NEWEST
