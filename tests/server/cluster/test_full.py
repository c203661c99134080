"""`max_clients` is the server's, however many workers share it."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import aiohttp
import msgspec
import pytest
from redis.asyncio import Redis

from protocol.messages import Welcome
from server.app import started
from server.cluster.registry import Process
from server.config import load_settings
from tests.server.live.conftest import Office


async def test_a_server_is_full_when_all_its_workers_together_are(
    fresh_database: str, fresh_redis: str, redis: Redis, tmp_path: Path
) -> None:
    flags = {"port": 0, "database_url": fresh_database, "redis_url": fresh_redis, "data_dir": tmp_path}
    async with started(load_settings({}, flags=flags | {"max_clients": 3})) as server:
        office, registry = Office(server), server.office.registry  # type: ignore[union-attr]
        machine = registry.me.machine

        async def another(name: str, machine: str, connections: int) -> None:
            process = Process(id=name, machine=machine, socket="/nowhere", connections=connections, is_draining=True)
            await redis.zadd("hallway:processes", {name: 2e9})
            await redis.set(f"hallway:process:{name}", msgspec.msgpack.encode(process))

        await another("worker", machine, 2)
        await another("server", "somewhere else", 7)
        await registry.beat()
        room = await office.room(await office.account())
        first, second = [await office.guest() for _ in range(2)]
        inside = await first.join(room)
        await inside.hear(Welcome)
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await second.join(room)
        assert refused.value.status == 503
        assert server.rooms.head_count(UUID(room)) == 1

        await another("worker", machine, 1)
        await registry.beat()
        beside = await second.join(room)
        await beside.hear(Welcome)
        await office.close()
