"""People who come to a room from a process of their own, so that they do not delay those who measure what it does."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final
from uuid import UUID

from benchmarks.bots.api import Api
from benchmarks.bots.errors import BotError
from benchmarks.bots.swarm import Swarm, SwarmConfig
from benchmarks.load import fastest_loop

NICE: Final = 10
"""They share cores with those who measure, and have to give way to them."""
STAY_S: Final = 300.0
_CHECK_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Arrived:
    """How many got in, and how long each took from the request for an account to the first snapshot, s."""

    count: int
    joins: array[float]


class CrowdAtTheDoor:
    """A process that lets people in over some seconds. They stand where they came in until it ends."""

    def __init__(self, line: Connection) -> None:
        self._line = line

    def begin(self) -> None:
        """The first of them comes now."""
        self._line.send(None)

    async def arrived(self) -> Arrived:
        """When the last one is inside. BotError: nobody got in."""
        found = await asyncio.to_thread(self._line.recv)
        if isinstance(found, str):
            raise BotError(found)
        return Arrived(*found)


@contextmanager
def crowd_at_the_door(url: str, room: UUID, count: int, within_s: float) -> Iterator[CrowdAtTheDoor]:
    """A crowd of so many that will come, evenly, within so many seconds, each a new guest."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_come, args=(theirs, url, room, count, within_s), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(30):
            raise BotError("The process with the people who come did not start.")
        ours.recv()
        yield CrowdAtTheDoor(ours)
    finally:
        ours.close()
        process.join(10)
        if process.is_alive():
            process.kill()
            process.join()


def _come(line: Connection, url: str, room: UUID, count: int, within_s: float) -> None:
    _give_way()
    line.send(None)
    try:
        line.recv()
        with asyncio.Runner(loop_factory=fastest_loop) as runner:
            runner.run(_stand(line, url, room, count, within_s))
    except (EOFError, OSError):
        pass
    except BotError as error:
        line.send(str(error))


def _give_way() -> None:
    """Run only while those who measure need nothing. A process that is merely nice is not interrupted at once."""
    if hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    else:
        os.nice(NICE)


async def _stand(line: Connection, url: str, room: UUID, count: int, within_s: float) -> None:
    async with Api(url) as api:
        config = SwarmConfig(room, count, STAY_S, "idle", seed=2, watchers=0, join_s=within_s)

        async def ready() -> None:
            joins = array("d", swarm.measure.joins)
            line.send((len(joins), joins))

        swarm = Swarm(api, config, lambda *_: None, ready)
        standing = asyncio.create_task(swarm.run())
        # The other end closes the line when it has seen enough.
        while not standing.done() and not line.poll():  # noqa: ASYNC110
            await asyncio.sleep(_CHECK_S)
        swarm.stop()
        await standing
