"""What clients say, read from their sockets when a tick begins, all at once.

It takes effect in that tick, and what others are told of it goes out with that tick: nothing would be earlier if it
were read earlier. But each message would wake a process that sleeps, with cold caches, and with a hundred people in a
room that is more than the tick itself. So the event loop leaves these sockets alone until they end.

    socket -> Intake.read -> InboundFrames.data_received -> Visit.take -> Room.receive -> Room.tick

What is said most is taken by a `Listener`, where there is one, and gets no further than to it.
"""

from __future__ import annotations

import contextlib
import os
import select
from asyncio import Transport
from collections.abc import Callable
from typing import NamedTuple

import structlog

from server.rooms.listener import Listener, Moment, Rest, Speaker

log = structlog.get_logger()

READ_BYTES = 8192
"""More than clients say in a tick, nearly always."""
MOST_READS = 4
"""Of one client in a tick: the largest message. What is left waits in the kernel, which makes the client wait. Whoever
floods a room delays its tick by no more than that takes to read, until the rate limit ends the connection: nothing is
kept of what they send beyond it."""


class _Reader(NamedTuple):
    transport: Transport
    take: Callable[[bytes], None]


class Intake:
    """The sockets of the clients in one room. Where there is no epoll, they stay with the event loop."""

    def __init__(self, listener: Listener | None = None) -> None:
        """`listener`: takes the frequent messages by itself."""
        self._listener = listener
        self._epoll = select.epoll() if hasattr(select, "epoll") else None
        self._readers: dict[int, _Reader] = {}

    def __len__(self) -> int:
        """How many sockets are read here."""
        return len(self._readers)

    def add(
        self, number: int, transport: Transport, take: Callable[[bytes], None], speaker: Speaker | None = None
    ) -> None:
        """Read the socket of that number from now on, until `release`. `take`: gets what comes; it may release.
        `speaker`: whose frequent messages need not go to `take`."""
        if self._epoll is None or transport.is_closing():
            return
        transport.pause_reading()
        self._readers[number] = _Reader(transport, take)
        self._epoll.register(number, select.EPOLLIN)
        if speaker is not None and self._listener is not None:
            self._listener.add(number, speaker)

    def release(self, number: int) -> None:
        """Give the socket back to the event loop, which sees to its end. Nothing happens if it is not here."""
        reader = self._readers.pop(number, None)
        if reader is None or self._epoll is None:
            return
        if self._listener is not None:
            self._listener.remove(number)
        with contextlib.suppress(OSError):
            self._epoll.unregister(number)
        if not reader.transport.is_closing():
            reader.transport.resume_reading()

    def read(self, moment: Moment | None = None) -> int:
        """Hand on everything that has come. `moment`: for the listener; None: it may take nothing, because nothing may
        take effect. Returns how many messages it took."""
        if not self._readers or self._epoll is None:
            return 0
        if self._listener is not None and moment is not None:
            taken, rests = self._listener.listen(self._epoll.fileno(), moment, READ_BYTES, MOST_READS)
            for rest in rests:
                self._read_rest(self._listener, rest)
            return taken
        for number, _ in self._epoll.poll(0, len(self._readers)):
            reader = self._readers.get(number)
            if reader is not None:
                self._read(number, reader)
                if self._listener is not None:
                    self._listener.look(number)
        return 0

    def close(self) -> None:
        """Give all of them back."""
        for number in list(self._readers):
            self.release(number)
        if self._epoll is not None:
            self._epoll.close()
            self._epoll = None

    def _read_rest(self, listener: Listener, rest: Rest) -> None:
        number, data, reads = rest
        reader = self._readers.get(number)
        if reader is None:
            return
        if not data or self._hand_on(number, reader, data):
            self._read(number, reader, MOST_READS - reads)
        listener.look(number)

    def _read(self, number: int, reader: _Reader, most_reads: int = MOST_READS) -> None:
        for _ in range(most_reads):
            try:
                data = os.read(number, READ_BYTES)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                # The end, or a fault: the event loop finds the same, and knows what to do.
                self.release(number)
                return
            if not self._hand_on(number, reader, data) or len(data) < READ_BYTES:
                return

    def _hand_on(self, number: int, reader: _Reader, data: bytes) -> bool:
        """Whether the socket is still to be read."""
        try:
            reader.take(data)
        except Exception:
            # A fault of ours ends this connection alone; the tick goes on for everybody else.
            log.exception("what a client said could not be taken")
            self.release(number)
            reader.transport.abort()
        return self._readers.get(number) is reader
