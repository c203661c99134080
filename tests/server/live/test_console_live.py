"""`hallway top` and `hallway record` against a whole server: who may look, what they see, and that a replay is true."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from rich.console import Console

from benchmarks.replay import replay_file
from protocol.messages import Input, Snapshot, Welcome, encode
from server.app import secret_key
from server.ops.live import WATCHED, LivePages
from server.ops.metrics import Metrics
from server.ops.operator_client import Credentials, OperatorClient, OperatorError, credentials_of
from server.ops.servers import Servers
from server.ops.top import Fleet, watch
from server.ops.top_view import view
from tests.server.live.conftest import PASSWORD, PATIENCE_S

EAST = 0x10


async def walk(socket: Any, seq: int = 1, course: int = EAST) -> None:
    await socket.say(encode(Input(0, seq, 0, bytes((course, 0)))))


def opened(office: Any, credentials: Credentials | None = None) -> OperatorClient:
    url = office.anybody().base
    return OperatorClient(url, credentials or Credentials(secret_key(office.services.settings), "here"))


async def test_the_command_line_sees_rooms_ticks_and_who_does_not_keep_up(office: Any) -> None:
    settings = office.services.settings
    assert credentials_of(settings) == Credentials(secret_key(settings), str(settings.data_dir / "secret_key"))
    owner = await office.account()
    room = await office.room(owner, name="North [wing]")
    sockets = [await person.join(room) for person in (owner, await office.guest("Ann"))]
    for socket in sockets:
        await socket.hear(Welcome)
        await socket.hear(Snapshot)
    await walk(sockets[0])
    async with opened(office) as client:
        fleet = Fleet(client)
        await fleet.look()
        async with asyncio.timeout(PATIENCE_S):  # until what it counts has begun to move
            while True:
                [look] = await fleet.look()
                if look.rates and look.rates.ticks > 0 and look.live and look.live.rooms[0].ticks > 20:
                    break
                await asyncio.sleep(0.1)
        assert look.live is not None
        seen = look.live.rooms[0]
        assert (str(seen.id), seen.name, seen.people, seen.connections) == (room, "North [wing]", 2, 2)
        assert 0 < seen.tick_p50_ms <= seen.tick_p99_ms
        assert 0 < seen.busy < 1
        assert set(look.live.totals.stage_s) == set(look.rates.stages) > {"movement", "encode", "send"}
        # Nobody here acknowledges anything, so after two seconds both are clients that do not keep up.
        async with asyncio.timeout(PATIENCE_S):
            while not look.live.slow_clients:
                await asyncio.sleep(0.2)
                [look] = await fleet.look()
                assert look.live is not None
        assert {client.username for client in look.live.slow_clients} <= {"Ann", owner.user["username"]}
        screen = Console(file=io.StringIO(), width=110)
        screen.print(view([look]))
        drawn = screen.file.getvalue()  # type: ignore[attr-defined]
        assert "North [wing]" in drawn
        assert "do not keep up" in drawn
        plain = Console(file=io.StringIO(), width=110)
        await watch(fleet, 0.2, once=True, as_json=False, console=plain)
        assert "people" in plain.file.getvalue()  # type: ignore[attr-defined]


async def test_every_server_of_the_office_is_seen_through_one(office: Any) -> None:
    services = office.services
    second = Servers(services.redis, services.settings, Metrics())
    second.address = "http://second.example.org"
    await second.beat(lambda: (1, 7, 7))
    pages = LivePages(services.redis, second, services.directory, services.settings.tick_rate)
    await services.redis.delete(WATCHED)
    await pages.tell()
    assert not await services.redis.exists(f"hallway:live:{second.id}"), "nobody looks, so nothing is told"
    async with opened(office) as client:
        fleet = Fleet(client)
        looks = await fleet.look()
        assert [look.live is not None for look in looks] == [True, False]
        assert not fleet.complete
        await pages.tell()
        ours, other = await fleet.look()
        assert fleet.complete
        assert (ours.live and ours.live.id, other.live and other.live.id) == (services.servers.id, second.id)
        await pages.tell()
        assert (await fleet.look())[1].rates is not None
        screen = Console(file=io.StringIO(), width=100)
        screen.print(view([ours, other]))
        assert "http://second.example.org" in screen.file.getvalue()  # type: ignore[attr-defined]
        with pytest.raises(OperatorError, match="no such server"):
            await client.get("/api/admin/live?server=nobody")
    await second.leave()


async def test_whoever_is_no_operator_of_this_office_is_told_so(office: Any) -> None:
    account = await office.account()
    for credentials, why in (
        (Credentials("another office's secret key, long enough", "/there/secret_key"), "another office's"),
        (Credentials(user=account.user["username"], password="wrong"), "do not match"),
        (Credentials(user=account.user["username"], password=PASSWORD), "is no operator"),
    ):
        async with opened(office, credentials) as client:
            with pytest.raises(OperatorError, match=why):
                await client.get("/api/admin/live")
    await office.services.users.set_operator(account.id, True)
    async with opened(office, Credentials(user=account.user["username"], password=PASSWORD)) as client:
        assert (await client.get("/api/admin/live"))["rooms"] == []
    async with OperatorClient("http://127.0.0.1:1", Credentials("k" * 40)) as client:
        with pytest.raises(OperatorError, match="no server answers at http"):
            await client.get("/api/admin/live")
    # What opens this page opens no other one, and nobody can make it without the key.
    async with opened(office) as client:
        with pytest.raises(OperatorError):
            await client.get("/api/admin/overview")


async def test_a_recording_of_a_running_room_is_lived_through_again_to_the_same_end(
    office: Any, tmp_path: Path
) -> None:
    owner = await office.account()
    room = await office.room(owner)
    inside = await owner.join(room)
    await inside.hear(Snapshot)
    file = tmp_path / "room.gz"

    async def take() -> None:
        async with opened(office) as client, client.stream(f"/api/admin/rooms/{room}/recording", seconds=3) as answer:
            file.write_bytes(await answer.read())

    taking = asyncio.create_task(take())
    [loop] = [loop for loop in office.services.directory.loops() if loop.room.id == UUID(room)]
    async with asyncio.timeout(PATIENCE_S):
        while loop.room.recorder is None:
            await asyncio.sleep(0.02)
    began = loop.room.world.tick
    async with opened(office) as client:
        with pytest.raises(OperatorError, match="records this room already"):
            await client.get(f"/api/admin/rooms/{room}/recording")
    await walk(inside)
    guest = await (await office.guest("Ben")).join(room)
    await guest.hear(Snapshot)
    await walk(guest, course=0x14)
    await walk(inside, 2, 0x08)
    await taking
    assert loop.room.recorder is None
    found = await asyncio.to_thread(replay_file, file)
    assert found.first_tick <= began
    assert found.ticks >= 2 * office.services.settings.tick_rate
    assert found.checkpoints >= 2, "each of them holds, else there is an error"
    assert found.most_people == 2
    assert found.snapshots > 0
    assert {"movement", "proximity", "encode and send"} <= found.stage_s.keys()
    assert b"Ben" not in gzip.decompress(file.read_bytes()), "no names"
    again = await asyncio.to_thread(replay_file, file, clients=False)
    assert again.state_hash == found.state_hash
    entries = json.dumps(await _audit(office, owner))
    assert "room.recorded" in entries


async def _audit(office: Any, owner: Any) -> Any:
    await office.services.users.set_operator(owner.id, True)
    return await owner.call("GET", "/api/admin/audit")


async def test_an_empty_room_and_an_unknown_one_are_not_recorded(office: Any) -> None:
    owner = await office.account()
    room = await office.room(owner)
    async with opened(office) as client:
        with pytest.raises(OperatorError, match="nothing to record"):
            await client.get(f"/api/admin/rooms/{room}/recording")
        with pytest.raises(OperatorError, match="does not exist"):
            await client.get(f"/api/admin/rooms/{UUID(int=5)}/recording")
