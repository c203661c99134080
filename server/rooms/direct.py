"""Events and snapshots written straight to the sockets of their clients (writer.c), where a C compiler made that.

Handing some bytes to each client is most of what a tick costs, and a good part of that is spent on the way to the
kernel. So a tick writes by itself to every socket that nothing else is on its way to, with one system call what its
client is told and its snapshot behind that, and gives the event loop only what such a socket did not take. Who may be
written to so is a column of numbers: an outbox takes itself out of it before it writes in another way
(`Outbox.watch`), and is looked at again in the next tick.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from server.gateway.frames import binary_frame
from server.rooms.compiled import Messages
from server.rooms.outbox import NOBODY, Outbox
from sim.shared_library import library

NO_SOCKET = -1
FEW_TOLD = 32
"""Up to so many, numpy takes longer between its calls than a loop does."""


class Left(NamedTuple):
    """What was not written: the message that is still to be sent, or the rest of frames of which the client's socket
    took the beginning; other frames have to wait for that. `is_snapshot`: a snapshot is among it."""

    avatar: int
    message: bytes
    rest: bytes
    is_snapshot: bool


class DirectSockets:
    """The sockets of a room's clients, by avatar."""

    def __init__(self, code: ctypes.PyDLL, rows: int) -> None:
        """`code`: the library. `rows`: avatars' ids are below."""
        self._write = code.hallway_write
        pointer, number = ctypes.c_void_p, ctypes.c_int32
        self._write.argtypes = (*(pointer,) * 4, number, *(pointer,) * 5, number, pointer, pointer)
        self._write.restype = number
        self.sockets = np.full(rows, NO_SOCKET, np.int32)
        """Where whole frames may be written, by avatar; NO_SOCKET: nowhere."""
        self._begins, self._sizes, self._told = (np.zeros(rows, np.int32) for _ in range(3))
        self._few = tuple(column.data for column in (self._begins, self._sizes, self._told))
        """The same three, for a few clients: numpy's first call of a tick is dear."""
        self._unsent, self._bytes = np.zeros((rows, 3), np.int32), ctypes.c_int64()
        self._sockets_at, self._unsent_at = self.sockets.ctypes.data, self._unsent.ctypes.data
        self._told_at = tuple(column.ctypes.data for column in (self._begins, self._sizes, self._told))
        self._bytes_at = ctypes.addressof(self._bytes)
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
        self.sockets[avatar] = NO_SOCKET
        self._suspended.discard(avatar)
        outbox = self._outboxes.pop(avatar, None)
        if outbox is not None:
            outbox.unwatch()

    def write(self, messages: Messages | None, with_events: Iterable[Outbox] = ()) -> list[Left]:
        """Write what can be written now, at once: the messages, and before them what waits in these outboxes, if they
        are here. Returns what is left, at most one of each client. None: there are no messages."""
        if self._suspended:
            self._look_again()
        made: dict[tuple[bytes, ...], bytes] = {}
        told = {
            outbox.watcher: outbox.take_frames(made)
            for outbox in with_events
            if outbox.watcher != NOBODY and outbox.waiting_bytes
        }
        begins, sizes, ids = self._told_at
        found = _NOTHING if messages is None else _places(messages)
        left = self._write(
            *(*found, self._sockets_at),
            *(self._note(told), begins, sizes, ids, len(told), self._unsent_at, self._bytes_at),
        )
        return self._left(messages, told, left) if left else []

    def _look_again(self) -> None:
        """Whether those whose outboxes were used otherwise may be written to."""
        for avatar in list(self._suspended):
            number = self._outboxes[avatar].watch(avatar, self._suspend)
            if number != NO_SOCKET:
                self.sockets[avatar] = number
                self._suspended.remove(avatar)

    @property
    def written_bytes(self) -> int:
        """Of the messages that were written last, also of those that were left over."""
        return self._bytes.value

    def _note(self, told: dict[int, bytes]) -> bytes:
        """Say where the frames of each client are; all of them."""
        if len(told) <= FEW_TOLD:
            begins, sizes, ids = self._few
            place = 0
            for number, (avatar, frames) in enumerate(told.items()):
                ids[number], begins[avatar], sizes[avatar] = avatar, place, len(frames)
                place += len(frames)
        else:
            avatars = self._told[: len(told)]
            avatars[:] = list(told)
            lengths = np.fromiter(map(len, told.values()), np.int32, len(told))
            self._sizes[avatars] = lengths
            self._begins[avatars] = np.cumsum(lengths) - lengths
        return b"".join(told.values())

    def _left(self, messages: Messages | None, told: dict[int, bytes], count: int) -> list[Left]:
        made: dict[int, bytes] = {NO_MESSAGE: b""}
        left = []
        for avatar, number, sent in self._unsent[:count].tolist():
            if number not in made and messages is not None:
                made[number] = messages.message(number)
            message = made[number]
            frames, rest = told.get(avatar, b""), b""
            if sent or frames:
                rest = (frames + (binary_frame(message) if message else b""))[sent:]
            left.append(Left(avatar, message, rest, number != NO_MESSAGE))
        return left

    def _suspend(self, avatar: int) -> None:
        self.sockets[avatar] = NO_SOCKET
        self._suspended.add(avatar)


def _places(messages: Messages) -> tuple[int | None, ...]:
    columns = messages.columns
    return columns.out, columns.offset, columns.length, columns.recipient, columns.messages


_NOTHING: Final = (None, None, None, None, 0)
NO_MESSAGE = -1
_code = library(Path(__file__).with_name("writer.c"))


def direct_sockets(rows: int) -> DirectSockets | None:
    """For so many avatars; None: there is no compiled form here."""
    return DirectSockets(_code, rows) if _code is not None else None
