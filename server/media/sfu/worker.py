"""The worker's process: one UDP port, one pipe to the server, one timer.

    python -m server.media.sfu      the pipe is its standard input and output; the first line: its options, as JSON

It ends when the pipe does, so that no worker outlives its server.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import socket
import sys
import time
from typing import Final

import msgspec

from server.media.sfu.control import Notice, Reader, Ready, pack
from server.media.sfu.copies import Copies, compiled_copies
from server.media.sfu.forwarder import PACKETS_S, Forwarder
from server.media.sfu.ice_lite import Address
from server.media.sfu.intake import BATCH, DATAGRAM_BYTES, Intake, compiled_intake

TIMER_S: Final = 0.02
FIGURES_S: Final = 1.0
PRIORITY: Final = -15
"""Niceness. Hundreds of ms without a processor were measured beside a busy browser, each one a gap in all sound."""
BUFFER_BYTES: Final = 4 << 20
MAX_WAITING_BYTES: Final = 8 << 20
"""Notices that the server has not read; a server that far behind is gone."""


class Options(msgspec.Struct, frozen=True):
    """`host`, `port`: where to listen, port 0: any. `addresses`: what clients are told, without port. `compiled`:
    copies may be made by the compiled form, if there is one."""

    host: str
    port: int
    addresses: tuple[str, ...]
    simulcast: bool = False
    packets_s: int = PACKETS_S
    compiled: bool = True


class Worker:
    """Runs a `Forwarder` on a socket."""

    def __init__(self, options: Options, read: asyncio.StreamReader, write: asyncio.StreamWriter) -> None:
        self._read, self._write = read, write
        self._socket = _listen(socket.AF_INET, options.host, options.port)
        self._port: int = self._socket.getsockname()[1]
        self._sockets = [self._socket]
        self._socket6 = self._socket
        addresses = options.addresses
        if any(":" in address for address in addresses):
            try:
                self._socket6 = _listen(socket.AF_INET6, "::", self._port)
                self._sockets.append(self._socket6)
            except OSError:
                addresses = tuple(address for address in addresses if ":" not in address)
        self._descriptors = self._socket.fileno(), self._socket6.fileno()
        self._unsent = self._sent_bytes = 0
        self._stopped = asyncio.Event()
        copies = compiled_copies(self._flush) if options.compiled else None
        self._intake = compiled_intake(copies)
        if self._intake is not None:
            self._intake.send_through(*self._descriptors)
        now = time.monotonic()
        self._forwarder = Forwarder(
            self._send,
            self._tell,
            tuple((address, self._port) for address in addresses),
            now,
            time.time(),
            simulcast=options.simulcast,
            packets_s=options.packets_s,
            copies=copies,
            intake=self._intake,
        )

    async def run(self) -> None:
        """Until the server is gone."""
        loop = asyncio.get_running_loop()
        for each in self._sockets:
            if self._intake is not None:
                loop.add_reader(each.fileno(), self._take, self._intake, each.fileno())
            else:
                loop.add_reader(each.fileno(), self._readable, each)
        self._tell(Ready(self._port))
        tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._tick())]
        try:
            await self._stopped.wait()
        finally:
            for each in self._sockets:
                loop.remove_reader(each.fileno())
                each.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _take(self, intake: Intake, descriptor: int) -> None:
        self._forwarder.receive_all(intake, time.monotonic(), descriptor)

    def _readable(self, source: socket.socket) -> None:
        now = time.monotonic()
        receive, take = source.recvfrom, self._forwarder.receive_datagram
        for _ in range(BATCH):
            try:
                data, address = receive(DATAGRAM_BYTES)
            except (BlockingIOError, InterruptedError):
                break
            except OSError:
                # An ICMP error of a client that is gone.
                continue
            take(data, address if len(address) == 2 else address[:2], now)

    def _send(self, data: bytes, address: Address) -> None:
        try:
            (self._socket6 if ":" in address[0] else self._socket).sendto(data, address)
            self._sent_bytes += len(data)
        except OSError:
            # A full buffer, or nobody there: media is never kept for later.
            self._unsent += 1

    def _flush(self, copies: Copies) -> None:
        unsent, sent_bytes = copies.send(*self._descriptors)
        self._unsent += unsent
        self._sent_bytes += sent_bytes

    def _tell(self, notice: Notice) -> None:
        self._write.write(pack(notice))
        if self._write.transport.get_write_buffer_size() > MAX_WAITING_BYTES:
            self._stopped.set()

    async def _listen(self) -> None:
        reader = Reader()
        with contextlib.suppress(ConnectionError, ValueError, msgspec.DecodeError):
            while data := await self._read.read(1 << 16):
                for order in reader.orders(data):
                    self._forwarder.receive_order(order, time.monotonic())
        self._stopped.set()

    async def _tick(self) -> None:
        # Processor time, and not the time that passed: whoever is kept waiting by others has not too much to do, and
        # hands on no more for having less to hand on.
        began, spent = time.monotonic(), time.thread_time()
        while True:
            await asyncio.sleep(TIMER_S)
            now = time.monotonic()
            self._forwarder.handle_timer(now)
            if now >= began + FIGURES_S:
                spent_now = time.thread_time()
                share = (spent_now - spent) / (now - began)
                began, spent = now, spent_now
                self._tell(self._forwarder.figures(now, busy=share, unsent=self._unsent, sent_bytes=self._sent_bytes))
                self._unsent = self._sent_bytes = 0


def _listen(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    """A socket for media. A port that is taken is no reason to be silent: any other does, and the server says which."""
    listening = socket.socket(family, socket.SOCK_DGRAM)
    if family is socket.AF_INET6:
        listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
        listening.setsockopt(socket.SOL_SOCKET, option, BUFFER_BYTES)
    listening.setblocking(False)
    try:
        listening.bind((host, port))
    except OSError:
        if family is socket.AF_INET6:
            listening.close()
            raise
        listening.bind((host, 0))
    return listening


def come_first(process: int) -> None:
    """Ask for a higher priority of a worker, where this process may: a worker needs little, but each packet in time,
    and a conversation waits for one that begins."""
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, process, PRIORITY)


async def _main() -> None:
    loop = asyncio.get_running_loop()
    read = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(read), sys.stdin)
    transport, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, sys.stdout)
    write = asyncio.StreamWriter(transport, protocol, None, loop)
    # Up to here anything may take its time: nobody needs this worker yet (spare.py).
    if line := await read.readline():
        await Worker(msgspec.json.decode(line, type=Options), read, write).run()


def main() -> None:
    """The process."""
    # Nothing here makes cycles by the packet; a full collection would stop the sound.
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        if sys.platform == "win32":
            asyncio.run(_main())
        else:
            import uvloop

            uvloop.run(_main())
