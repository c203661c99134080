"""Snapshots written straight to the sockets of those who only wait for one (writer.c), where a C compiler made that.

Handing some bytes to each client is most of what a tick costs, and a good part of that is spent on the way to the
kernel. So a tick writes by itself to every socket that nothing else is on its way to, and gives the event loop only
what such a socket did not take. Who may be written to so is a column of numbers: an outbox takes itself out of it
before anything else is queued or written (`Outbox.watch`), and is looked at again in the next tick.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from server.rooms.compiled import Messages
from server.rooms.outbox import Outbox
from sim.shared_library import library

NO_SOCKET = -1


class DirectSockets:
    """The sockets of a room's clients, by avatar."""

    def __init__(self, code: ctypes.PyDLL, rows: int) -> None:
        """`code`: the library. `rows`: avatars' ids are below."""
        self._write = code.hallway_write
        pointer = ctypes.c_void_p
        self._write.argtypes = (*(pointer,) * 4, ctypes.c_int32, *(pointer,) * 3)
        self._write.restype = ctypes.c_int32
        self._sockets = np.full(rows, NO_SOCKET, np.int32)
        self._unsent, self._bytes = np.zeros((rows, 3), np.int32), ctypes.c_int64()
        self._at = (self._sockets.ctypes.data, self._unsent.ctypes.data, ctypes.addressof(self._bytes))
        self._outboxes: dict[int, Outbox] = {}
        self._suspended: set[int] = set()
        """Whose outboxes were used otherwise since they were last looked at."""

    def open(self, avatar: int, outbox: Outbox) -> None:
        """From now on the avatar's messages go here."""
        self.close(avatar)
        if outbox.socket is not None:
            self._outboxes[avatar] = outbox
            self._suspended.add(avatar)

    def close(self, avatar: int) -> None:
        """The avatar's client is gone."""
        self._sockets[avatar] = NO_SOCKET
        self._suspended.discard(avatar)
        outbox = self._outboxes.pop(avatar, None)
        if outbox is not None:
            outbox.unwatch()

    def write(self, messages: Messages) -> Iterator[tuple[int, bytes, int]]:
        """Write what can be written now, at once. Yields the others: avatar, its message, and how many bytes of the
        message's frame its socket took; those must be followed by the rest of it."""
        for avatar in list(self._suspended):
            number = self._outboxes[avatar].watch(partial(self._suspend, avatar))
            if number != NO_SOCKET:
                self._sockets[avatar] = number
                self._suspended.remove(avatar)
        columns = messages.columns
        left = self._write(columns.out, columns.offset, columns.length, columns.recipient, columns.messages, *self._at)
        return self._left(messages, left)

    @property
    def written_bytes(self) -> int:
        """Of the messages that were written last, also of those that were left over."""
        return self._bytes.value

    def _left(self, messages: Messages, count: int) -> Iterator[tuple[int, bytes, int]]:
        made: dict[int, bytes] = {}
        for avatar, number, sent in self._unsent[:count].tolist():
            message = made.get(number)
            if message is None:
                message = made[number] = messages.message(number)
            yield avatar, message, sent

    def _suspend(self, avatar: int) -> None:
        self._sockets[avatar] = NO_SOCKET
        self._suspended.add(avatar)


_code = library(Path(__file__).with_name("writer.c"))


def direct_sockets(rows: int) -> DirectSockets | None:
    """For so many avatars; None: there is no compiled form here."""
    return DirectSockets(_code, rows) if _code is not None else None
