"""Snapshots past the event loop in a whole server: plain connections are written to so, and encrypted ones never."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import ClientSession, TCPConnector

from protocol.messages import Input, Snapshot, encode
from server.app import started
from server.config import load_settings
from server.rooms.direct import direct_sockets
from server.tls import own_certificate
from tests.server.live.conftest import Office


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_only_plain_connections_are_written_to_directly(
    fresh_database: str, redis_url: str, data_dir: Path, scheme: str
) -> None:
    flags: dict[str, object] = {"port": 0, "database_url": fresh_database, "redis_url": redis_url, "data_dir": data_dir}
    if scheme == "https":
        certificate, key = own_certificate(data_dir / "tls", ["127.0.0.1"], datetime.now(UTC))
        flags |= {"tls_cert": certificate, "tls_key": key}
    async with started(load_settings({}, flags=flags)) as server:
        office = Office(server, scheme)
        person = await office.guest()
        socket = await person.join(await office.room(await office.account()))
        for _ in range(5):
            snapshot = await socket.hear(Snapshot)
            await socket.say(encode(Input(snapshot.tick, 0, 0, b"")))
        await socket.close()
        await office.close()
        async with (
            ClientSession(connector=TCPConnector(ssl=False)) as http,
            http.get(f"{scheme}://127.0.0.1:{server.port}/metrics") as answer,
        ):
            found = re.search(r"^hallway_snapshots_direct_total (\S+)$", await answer.text(), re.MULTILINE)
        assert found
        directly = float(found[1])
    expected = 3 if scheme == "http" and direct_sockets(1) is not None else 0
    assert directly >= expected
    assert directly == 0 or expected
