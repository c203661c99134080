"""One of the processes of a `hallway serve --workers N`: the whole server, but for the port and the databases.

    python -m server.cluster.worker <- one line: `Order`; then `stop` (all stop) or `restart` (only this one stops)

The line from the supervisor is its life: when it ends without a word, so does this process.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import msgspec

from server.settings import Settings

STOP, RESTART = b"stop\n", b"restart\n"


class Order(msgspec.Struct, frozen=True):
    """What a worker is told at its start. `port`: the descriptor of the socket on which all of them listen."""

    settings: Settings
    id: str
    machine: str
    folder: Path
    port: int


def packed(order: Order) -> bytes:
    """One line."""
    return msgspec.json.encode(order, enc_hook=str) + b"\n"


def unpacked(line: bytes) -> Order:
    """The line's order. Raises msgspec's errors."""

    def from_text(kind: type, value: Any) -> Any:
        return kind(value)

    return msgspec.json.decode(line, type=Order, dec_hook=from_text)


async def _work(order: Order) -> None:
    from server.app import GC_THRESHOLD, started
    from server.cluster.office import Place

    loop, ordered = asyncio.get_running_loop(), asyncio.Queue[bytes]()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    # Somebody who stops this process alone wants its rooms to go on in the others.
    loop.add_signal_handler(signal.SIGTERM, ordered.put_nowait, RESTART)

    async def listen() -> None:
        while line := await reader.readline():
            ordered.put_nowait(line)
        os._exit(1)

    listening = asyncio.create_task(listen())
    place = Place(order.id, order.machine, order.folder)
    async with started(order.settings, place, socket.socket(fileno=order.port)) as server:
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GC_THRESHOLD)
        line = await ordered.get()
        await server.drain(but_machine=line == STOP)
    # All is saved and everything is closed. A task that a library keeps from being cancelled must not keep us.
    listening.cancel()
    sys.stdout.flush()
    os._exit(0)


def main() -> None:
    """Run until told otherwise."""
    order = unpacked(sys.stdin.buffer.readline())
    from server.app import loop_factory
    from server.ops.logs import configure_logs

    configure_logs(order.settings)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_work(order))


if __name__ == "__main__":
    main()
