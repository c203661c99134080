"""A process that has loaded all that a worker needs, and waits to become one.

Loading is nearly all of what a new worker needs before it listens, and takes longest just when it matters: when one
died in a conversation, on a busy machine. One waits for all workers of a server, and is followed by another once it was
taken. It ends when its pipe does, as a worker.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from typing import Final

import structlog

log = structlog.get_logger()

AFTER_S: Final = 1.0
"""Between one that was taken and the next: whoever is being connected anew needs the processors first."""
DIED_S: Final = 30.0
"""The same after one that ended unused."""


async def start_process() -> asyncio.subprocess.Process:
    """A process that waits to be told its options. OSError: it could not be started."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.media.sfu"), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )


class Spare:
    """Keeps one in reserve from the first `take` to `stop`."""

    def __init__(self, after_s: float = AFTER_S, died_s: float = DIED_S) -> None:
        self._after_s, self._died_s = after_s, died_s
        self._process: asyncio.subprocess.Process | None = None
        self._taken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the one in reserve, None: there is none now."""
        return self._process.pid if self._process is not None else None

    async def take(self) -> asyncio.subprocess.Process:
        """The one in reserve, or a new one. It is the caller's to end. OSError: there is none to be had."""
        process, self._process = self._process, None
        self._taken.set()
        if self._task is None:
            self._task = asyncio.create_task(self._keep())
        if process is not None and process.returncode is None:
            return process
        return await start_process()

    async def stop(self) -> None:
        """End it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _keep(self) -> None:
        wait = self._after_s
        while True:
            await asyncio.sleep(wait)
            self._taken.clear()
            try:
                wait = await self._hold(await start_process())
            except OSError as error:
                log.warning("there is no SFU in reserve", error=str(error))
                wait = self._died_s

    async def _hold(self, process: asyncio.subprocess.Process) -> float:
        """Until it is taken or has ended; how long to wait before the next, s."""
        self._process = process
        end = asyncio.create_task(process.wait())
        taken = asyncio.create_task(self._taken.wait())
        try:
            await asyncio.wait((end, taken), return_when=asyncio.FIRST_COMPLETED)
            if self._process is not process:
                return self._after_s
            log.warning("the SFU in reserve ended", code=process.returncode)
            return self._died_s
        finally:
            taken.cancel()
            if self._process is process:
                self._process = None
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
            end.cancel()
