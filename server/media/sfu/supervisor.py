"""The server's hold on a worker: starts it, hears from it, and starts it anew when it dies.

STARTING --Ready--> RUNNING --death--> WAITING --backoff--> STARTING
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final, TypeAlias

import msgspec
import structlog

from server.media.sfu.control import Figures, Notice, Order, Reader, Ready, pack
from server.media.sfu.metrics import SfuMetrics
from server.media.sfu.spare import Spare, start_process
from server.media.sfu.worker import Options, come_first

log = structlog.get_logger()

FIRST_WAIT_S: Final = 0.02
LONGEST_WAIT_S: Final = 10.0
HEALTHY_S: Final = 30.0
"""A worker that lived so long starts the backoff from the beginning."""
READY_S: Final = 15.0
SILENT_S: Final = 20.0
"""A worker reports every second; one that does not for so long hangs, and is killed."""

Hear: TypeAlias = Callable[[Notice], None]


class Supervisor:
    """Keeps one worker running from `start` to `stop`. `on_notice`: what it says; `on_change`: is it up?"""

    def __init__(
        self,
        options: Options,
        metrics: SfuMetrics,
        on_notice: Hear,
        on_change: Callable[[bool], None],
        number: int = 0,
        spare: Spare | None = None,
    ) -> None:
        """`spare`: where processes come from; None: each is started when it is needed."""
        self._spare = spare
        self._options, self._metrics, self._number = options, metrics, number
        self._on_notice, self._on_change = on_notice, on_change
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None
        self.running = False
        """The worker listens."""
        self.restarts = 0

    @property
    def pid(self) -> int | None:
        """Process id of the worker, None: there is none now."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Begin; `on_change` says when the worker is up."""
        self._task = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """End the worker."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def order(self, order: Order) -> None:
        """Say something to the worker; nothing if it is down: the next one is told everything anew."""
        process = self._process
        if self.running and process is not None and process.stdin is not None:
            process.stdin.write(pack(order))

    async def _keep(self) -> None:
        wait = FIRST_WAIT_S
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            try:
                await self._live()
            except OSError as error:
                log.error("could not start the SFU", worker=self._number, error=str(error))
            if loop.time() - began > HEALTHY_S:
                wait = FIRST_WAIT_S
            self.restarts += 1
            self._metrics.gone(str(self._number))
            log.warning("the SFU ended and is started anew", worker=self._number, wait_s=wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT_S)

    async def _live(self) -> None:
        """One worker's life."""
        process = await (start_process() if self._spare is None else self._spare.take())
        self._process = process
        come_first(process.pid)
        try:
            if process.stdin is not None:
                process.stdin.write(msgspec.json.encode(self._options) + b"\n")
            await self._hear(process)
        finally:
            was_running, self.running, self._process = self.running, False, None
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
            await process.wait()
            if was_running:
                self._on_change(False)

    async def _hear(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            return
        reader = Reader()
        while True:
            try:
                # Not `wait_for`: before Python 3.12 it forgets that it was cancelled if it has just got something.
                async with asyncio.timeout(SILENT_S if self.running else READY_S):
                    data = await process.stdout.read(1 << 16)
            except TimeoutError:
                log.error("the SFU does not answer", worker=self._number)
                return
            if not data:
                return
            try:
                notices = reader.notices(data)
            except (ValueError, msgspec.DecodeError):
                log.exception("the SFU says what nobody understands", worker=self._number)
                return
            for notice in notices:
                self._take(notice)

    def _take(self, notice: Notice) -> None:
        if isinstance(notice, Ready):
            self.running = True
            wanted = self._options.port
            if wanted and notice.port != wanted:
                log.warning("the SFU's port is taken: it listens on another", wanted=wanted, port=notice.port)
            else:
                log.info("the SFU listens", worker=self._number, port=notice.port)
            self._on_notice(notice)
            self._on_change(True)
            return
        if isinstance(notice, Figures):
            self._metrics.take(str(self._number), notice)
        self._on_notice(notice)
