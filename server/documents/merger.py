"""The server's end of the process that merges documents (`server.documents.merging`): started when first needed.

MergerGone      the process ended or answered too late; documents are to be opened again
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import structlog

log = structlog.get_logger()

ANSWER_S = 10.0
_ROOT = Path(__file__).parents[2]
_LENGTH = struct.Struct("<I")


class MergerGone(Exception):  # noqa: N818 - what happened, not a mistake
    """The process is gone, and with it every document that was open there."""


class Merger:
    """Requests to the process, answered in order. `on_gone` is called once for every process that ended by itself."""

    def __init__(self, on_gone: Callable[[], None], *, answer_s: float = ANSWER_S) -> None:
        self._on_gone, self._answer_s = on_gone, answer_s
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._next = 0
        self._starting = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        return self._process.pid if self._process else None

    async def open(self, name: str, updates: list[bytes]) -> None:
        """Make a document of updates. Raises `MergerGone`, and ValueError if what was kept cannot be read."""
        if await self._ask("open", name, updates) is None:
            raise ValueError(f"document {name} cannot be read")

    async def apply(self, name: str, update: bytes) -> bytes | None:
        """Merge an update; what it brought, empty: nothing new, None: it is no update. Raises `MergerGone`."""
        brought: bytes | None = await self._ask("apply", name, [update])
        return brought

    async def diff(self, name: str, state_vector: bytes) -> tuple[bytes, bytes] | None:
        """(what somebody with the state vector lacks, the document's own state vector); None: that is no state vector.
        Raises `MergerGone`."""
        answer = await self._ask("diff", name, [state_vector])
        return None if answer is None else (answer[0], answer[1])

    async def close(self, name: str) -> None:
        """Forget a document."""
        with contextlib.suppress(MergerGone):
            await self._ask("close", name, [])

    async def stop(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if self._reader is not None:
            self._reader.cancel()
        if process is not None:
            self._end(process)
            await process.wait()
        self._fail()

    # --- parts ------------------------------------------------------------------------------------------------------

    async def _ask(self, operation: str, name: str, arguments: list[bytes]) -> Any:
        process = await self._running()
        assert process.stdin is not None  # noqa: S101  (started with a pipe)
        self._next += 1
        answer = self._waiting[self._next] = asyncio.get_running_loop().create_future()
        data = msgspec.msgpack.encode([self._next, operation, name, arguments])
        try:
            process.stdin.write(_LENGTH.pack(len(data)) + data)
            await process.stdin.drain()
            async with asyncio.timeout(self._answer_s):
                return await answer
        except TimeoutError as error:
            log.error("merging a document took too long", document=name)
            self._end(process)
            raise MergerGone from error
        except ConnectionError as error:
            raise MergerGone from error

    async def _running(self) -> asyncio.subprocess.Process:
        async with self._starting:
            if self._process is None or self._process.returncode is not None:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "server.documents.merging",
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    env={**os.environ, "PYTHONPATH": os.pathsep.join((str(_ROOT), os.environ.get("PYTHONPATH", "")))},
                    limit=1 << 20,
                )
                self._reader = asyncio.create_task(self._read(self._process))
            return self._process

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None  # noqa: S101  (started with a pipe)
        try:
            while True:
                head = await process.stdout.readexactly(_LENGTH.size)
                frame = await process.stdout.readexactly(_LENGTH.unpack(head)[0])
                request, answer = msgspec.msgpack.decode(frame)
                future = self._waiting.pop(request, None)
                if future is not None and not future.done():
                    future.set_result(answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            if self._process is process:
                log.error("the process that merges documents ended", code=process.returncode)
                self._process = None
                self._fail()
                self._on_gone()

    def _fail(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for future in waiting.values():
            if not future.done():
                future.set_exception(MergerGone())

    @staticmethod
    def _end(process: asyncio.subprocess.Process) -> None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
