from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from server.store.cache import open_cache


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = open_cache(redis_url)
    yield client
    await client.aclose()
