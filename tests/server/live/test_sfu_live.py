"""Rooms on a real server whose people hear each other through the built-in SFU."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from protocol.constants import BackendKind, Route
from protocol.messages import Leave, Media, encode
from server.app import Server, started
from server.config import load_settings
from server.media.builtin import BuiltInSfu
from tests.media.sfu.janus_server import SECRET, JanusServer, interface, is_installed
from tests.media.sfu.people import until
from tests.server.live.conftest import Office
from tests.server.live.sfu_people import Voice


class SfuOffice(Office):
    """An office in which everything goes through the SFU."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        backend = server.backend
        assert isinstance(backend, BuiltInSfu)
        self.backend = backend


@pytest.fixture
async def sfu_office(fresh_database: str, redis_url: str, data_dir: Any) -> AsyncIterator[SfuOffice]:
    flags = {
        "port": 0,
        "database_url": fresh_database,
        "redis_url": redis_url,
        "data_dir": data_dir,
        "sfu_port": 0,
        "direct_people_video": 0,
        "direct_people_sound": 0,
    }
    async with started(load_settings({}, flags=flags)) as server:
        office = SfuOffice(server)
        yield office
        await office.close()


@pytest.fixture(params=["builtin", "janus"])
async def any_office(
    request: pytest.FixtureRequest, fresh_database: str, redis_url: str, data_dir: Any, tmp_path: Path
) -> AsyncIterator[Office]:
    """The same with each backend that can be run here."""
    flags: dict[str, Any] = {"port": 0, "database_url": fresh_database, "redis_url": redis_url, "data_dir": data_dir}
    flags |= {"sfu_port": 0, "direct_people_video": 0, "direct_people_sound": 0, "media_backend": request.param}
    environment: dict[str, str] = {}
    janus = None
    if request.param == "janus":
        if not is_installed():
            pytest.skip("needs Janus: apt-get install janus")
        janus = JanusServer(tmp_path, interface())
        await janus.start()
        flags["janus_url"] = janus.url
        environment["HALLWAY_JANUS_SECRET"] = SECRET
    try:
        async with started(load_settings(environment, flags=flags)) as server:
            office = Office(server)
            yield office
            await office.close()
    finally:
        if janus is not None:
            await janus.stop()


async def conversation(office: Office, people: int) -> tuple[str, list[Voice]]:
    """People in a new room, near each other, who all hear each other."""
    room = await office.room(await office.account())
    voices = [await Voice.enter(office, room, number) for number in range(people)]
    await until(lambda: all(len(voice.links) == people - 1 for voice in voices), 40, "everybody is linked")
    await until(lambda: all_hear_all(voices), 40, "all hear all")
    return room, voices


def all_hear_all(voices: list[Voice]) -> bool:
    return all(one.hears(other) for one in voices for other in voices if one is not other)


async def end(voices: list[Voice]) -> None:
    for voice in voices:
        await voice.leave()


async def test_people_near_each_other_hear_each_other_through_any_sfu(any_office: Office) -> None:
    _, voices = await conversation(any_office, 3)
    kinds = {voice.backend.backend for voice in voices if voice.backend}
    assert kinds <= {BackendKind.BUILT_IN, BackendKind.JANUS}

    def routes() -> set[Route]:
        return {one.route(other) for one in voices for other in voices if one is not other}

    # The SFU may have come up after they met, and then the old way is kept until all say that the new one delivers:
    # again and again as pages do, for it delivers to one sooner than to another.
    async with asyncio.timeout(30):
        while routes() != {Route.SFU}:
            for voice in voices:
                await voice.report()
            await asyncio.sleep(0.5)
    for voice in voices:
        others = {other.avatar for other in voices if other is not voice}
        assert set(voice.slots.values()) == others
    await end(voices)


async def test_a_killed_worker_is_back_with_sound_within_three_seconds(sfu_office: SfuOffice) -> None:
    _, voices = await conversation(sfu_office, 3)
    before = [voice.sessions[-1] for voice in voices]
    (pid,) = sfu_office.backend.pids
    os.kill(pid, signal.SIGKILL)
    killed = time.monotonic()
    await until(lambda: all(voice.sessions[-1] not in before for voice in voices), 3, "told to join anew")
    await until(lambda: all_hear_all(voices), 10, "sound again")
    took = time.monotonic() - killed
    print(f"sound back after {took:.2f} s")
    assert took < 3
    assert sfu_office.backend.pids != [pid]
    await end(voices)


async def test_who_leaves_or_mutes_is_not_heard_any_more_whatever_their_page_sends(any_office: Office) -> None:
    _, voices = await conversation(any_office, 3)
    ana, bo, cem = voices
    assert bo.socket is not None
    await bo.socket.say(encode(Media(0)))
    await until(lambda: not ana.hears(bo) and not cem.hears(bo), 2, "switched off")
    assert ana.hears(cem)
    assert cem.socket is not None
    await cem.socket.say(encode(Leave()))
    await until(lambda: not ana.hears(cem), 2, "left")
    await end(voices)


async def test_sound_goes_on_while_the_game_socket_is_away(any_office: Office) -> None:
    _, (ana, bo) = await conversation(any_office, 2)
    assert ana.socket is not None
    await ana.socket.close()
    await asyncio.sleep(1.5)
    assert bo.hears(ana)
    assert ana.hears(bo)
    await end([ana, bo])
