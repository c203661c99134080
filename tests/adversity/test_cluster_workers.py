"""One `hallway serve` with several workers behind its one port."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator

import psutil
import pytest

from protocol.constants import CloseCode
from tests.adversity.crowd import Crowd
from tests.adversity.offices import GAP_S, Offices, until
from tests.adversity.priority import before_all_others
from tests.adversity.server_process import ServerProcess, running_server
from tests.server.live.conftest import Office as LiveOffice
from tests.server.live.sfu_people import Voice

WORKERS = 3
PEOPLE, ROOMS = 24, 9


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    with running_server(WORKERS=WORKERS, SFU_PORT=0, DIRECT_PEOPLE_SOUND=0, DIRECT_PEOPLE_VIDEO=0) as server:
        yield server


@pytest.fixture
def office(server: ServerProcess) -> Offices:
    return Offices({"only": server}, server.url, "")


def workers(server: ServerProcess) -> list[int]:
    """Process ids, without those that are children of others."""
    return sorted(children(server.pid, "server.cluster.worker"))


def sfus(server: ServerProcess) -> list[int]:
    """Process ids of the workers' SFUs; one that nobody needed yet was not started, one in reserve has no socket."""
    found: list[int] = []
    for worker in workers(server):
        for pid in children(worker, "server.media.sfu"):
            with contextlib.suppress(psutil.NoSuchProcess):
                if psutil.Process(pid).net_connections("udp"):
                    found.append(pid)
    return sorted(found)


def children(pid: int, module: str) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(psutil.NoSuchProcess):  # it ended between the two questions
        for process in psutil.Process(pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                if module in " ".join(process.cmdline()):
                    found.append(process.pid)
    return found


async def test_a_dead_worker_takes_only_its_rooms_with_it_and_they_open_in_the_others(
    server: ServerProcess, office: Offices
) -> None:
    async with Crowd(server.url, await office.rooms(ROOMS), PEOPLE) as crowd:
        before = workers(server)
        assert len(before) == WORKERS
        began = time.monotonic()
        os.kill(before[0], signal.SIGKILL)
        await until("somebody to notice", lambda: any(not person.is_inside for person in crowd.people))
        back_s = await crowd.until_all_inside(10, began)
        thrown_out = [person for person in crowd.people if person.ends]
        print(f"{len(thrown_out)} of {PEOPLE} were thrown out and are back after {back_s:.2f} s")
        assert 0 < len({person.room for person in thrown_out}) < ROOMS
        assert back_s < 5.0
        await until("another worker in its place", lambda: len(workers(server)) == WORKERS)
        assert before[0] not in workers(server)


async def test_workers_are_restarted_one_by_one_and_nobody_waits_for_a_second(
    server: ServerProcess, office: Offices
) -> None:
    async with Crowd(server.url, await office.rooms(ROOMS), PEOPLE) as crowd:
        before, began = set(workers(server)), time.monotonic()

        def are_new() -> bool:
            found = workers(server)
            return before.isdisjoint(found) and len(found) == WORKERS

        with before_all_others():
            os.kill(server.pid, signal.SIGHUP)
            await until("new workers", are_new, 40)
            await crowd.until_all_inside(5, time.monotonic())
        gap = crowd.longest_gap(began)
        print(f"longest time without a snapshot: {gap:.2f} s")
        assert gap < GAP_S
        ends = {code for person in crowd.people for code in person.ends}
        assert ends <= {CloseCode.RESTART}


class Outside(LiveOffice):
    """An office of which only the address is known."""

    def __init__(self, url: str) -> None:
        self._base, self._clients = url, []


def hear(talk: list[Voice]) -> bool:
    return talk[0].hears(talk[1]) and talk[1].hears(talk[0])


async def end(talk: list[Voice]) -> None:
    for voice in talk:
        await voice.leave()


async def test_a_dead_sfu_takes_only_its_conversations_and_they_are_back_within_five_seconds(
    server: ServerProcess,
) -> None:
    office, talks = Outside(server.url), list[list[Voice]]()
    owner = await office.account()
    while len(talks) < 2:
        room = await office.room(owner)
        talk = [await Voice.enter(office, room, number) for number in range(2)]
        await until("both to hear each other", lambda talk=talk: hear(talk))
        if len(sfus(server)) > len(talks):
            talks.append(talk)
        else:  # in a worker that has a conversation already
            await end(talk)
    before, games = sfus(server), workers(server)
    sessions = [[voice.sessions[-1] for voice in talk] for talk in talks]

    os.kill(before[0], signal.SIGKILL)
    killed = time.monotonic()

    def others(talk: list[Voice]) -> bool:
        return [voice.sessions[-1] for voice in talk] != sessions[talks.index(talk)]

    await until("the dead one's conversation to begin anew", lambda: any(others(talk) for talk in talks), 5)
    hit = next(talk for talk in talks if others(talk))
    spared = next(talk for talk in talks if talk is not hit)
    await until(
        "sound again",
        lambda: hear(hit) and all(voice.sessions[-1] not in sessions[talks.index(hit)] for voice in hit),
        5,
    )
    print(f"an SFU was killed: its conversation is back after {time.monotonic() - killed:.2f} s")
    assert time.monotonic() - killed < 5
    assert hear(spared)
    assert [voice.sessions for voice in spared] == [[session] for session in sessions[talks.index(spared)]]
    after = sfus(server)
    assert before[1] in after
    assert before[0] not in after
    assert len(after) == 2
    assert workers(server) == games, "who runs the rooms lives on"
    for talk in talks:
        await end(talk)
    await office.close()


async def test_it_stops_as_a_whole(server: ServerProcess) -> None:
    started = workers(server)
    server.ask_to_stop()
    await until("the end", server.has_ended)
    assert not any(psutil.pid_exists(pid) for pid in started)
    server.start()
