from collections.abc import AsyncIterator

import asyncpg
import pytest

from server.store.database import Database, open_database


@pytest.fixture
async def empty_database(database_url: str) -> AsyncIterator[str]:
    """URL of a database without tables, of this test's own."""
    server = await asyncpg.connect(database_url)
    await server.execute("CREATE DATABASE empty")
    yield database_url.replace("@/hallway?", "@/empty?")
    await server.execute("DROP DATABASE empty WITH (FORCE)")
    await server.close()


@pytest.fixture
async def database(fresh_database: str) -> AsyncIterator[Database]:
    opened = await open_database(fresh_database)
    yield opened
    await opened.close()
