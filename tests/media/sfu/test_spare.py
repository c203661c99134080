"""The process in reserve: there when a worker dies, replaced when it was taken or died itself, and never left over."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator

import psutil
import pytest
from prometheus_client import CollectorRegistry

from server.media.sfu.metrics import SfuMetrics
from server.media.sfu.spare import Spare, start_process
from server.media.sfu.supervisor import Supervisor
from server.media.sfu.worker import Options
from tests.media.sfu.people import until

AT_ONCE_S = 0.05


@pytest.fixture
async def spare() -> AsyncIterator[Spare]:
    spare = Spare(after_s=AT_ONCE_S, died_s=AT_ONCE_S)
    yield spare
    await spare.stop()


async def end(process: asyncio.subprocess.Process) -> None:
    process.kill()
    await process.wait()


async def test_the_first_one_is_started_and_each_next_was_waiting(spare: Spare) -> None:
    first = await spare.take()
    await until(lambda: spare.pid is not None, 5, "one in reserve")
    waiting = spare.pid
    assert waiting != first.pid
    second = await spare.take()
    assert second.pid == waiting
    await until(lambda: spare.pid not in (None, waiting), 5, "the next")
    for process in (first, second):
        await end(process)


async def test_one_that_died_unused_is_replaced_and_given_to_nobody(spare: Spare) -> None:
    await end(await spare.take())
    await until(lambda: spare.pid is not None, 5, "one in reserve")
    dead = spare.pid or 0
    os.kill(dead, signal.SIGKILL)
    await until(lambda: spare.pid not in (None, dead), 5, "another")
    taken = await spare.take()
    assert psutil.Process(taken.pid).is_running()
    await end(taken)


async def test_it_ends_with_its_server_and_when_it_is_told_to(spare: Spare) -> None:
    process = await start_process()
    assert process.stdin is not None
    process.stdin.close()
    assert await asyncio.wait_for(process.wait(), 10) == 0, "the pipe is all that ties it to a server"
    await end(await spare.take())
    await until(lambda: spare.pid is not None, 5, "one in reserve")
    pid = spare.pid or 0
    await spare.stop()
    assert not psutil.pid_exists(pid)
    assert spare.pid is None


async def test_a_killed_worker_is_followed_by_the_one_in_reserve(spare: Spare) -> None:
    ups: list[bool] = []
    options = Options("127.0.0.1", 0, ("127.0.0.1",))
    workers = [
        Supervisor(options, SfuMetrics(CollectorRegistry()), lambda _: None, ups.append, number, spare)
        for number in range(2)
    ]
    try:
        for worker in workers:
            worker.start()
        await until(lambda: all(worker.running for worker in workers), 15, "both listen")
        await until(lambda: spare.pid is not None, 5, "one in reserve")
        waiting = psutil.Process(spare.pid)
        # One that is still loading would do, but not show what it is for. uvloop comes last.
        await until(lambda: any("uvloop" in each.path for each in waiting.memory_maps()), 10, "loaded")
        old = workers[1].pid or 0
        began = time.monotonic()
        os.kill(old, signal.SIGKILL)
        await until(lambda: ups[2:] == [False, True], 10, "up again")
        print(f"a killed worker is followed after {time.monotonic() - began:.3f} s")
        assert workers[1].pid == waiting.pid
        assert [worker.restarts for worker in workers] == [0, 1]
    finally:
        await asyncio.gather(*(worker.stop() for worker in workers))
