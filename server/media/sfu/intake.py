"""What came in at a socket taken in one go (intake.c), where a C compiler made that.

The next packet of a known stream is decrypted, counted, kept and copied there, and Python learns of it by its counts.
Everything else is left to `Forwarder`, one datagram at a time and in the order in which they came; it does all of it
where there is no compiled form, and what goes out is the same.
"""

from __future__ import annotations

import ctypes
import socket
from pathlib import Path
from typing import Any, Final, NamedTuple

from server.media.sfu.arrivals import Talker
from server.media.sfu.copies import Copies, Destination
from server.media.sfu.ice_lite import Address
from server.media.sfu.sdp import LEVEL_EXTENSION
from server.media.sfu.srtp import PROTECT, UNPROTECT
from sim.shared_library import library

BATCH: Final = 64
"""Datagrams read before anything else gets its turn."""
DATAGRAM_BYTES: Final = 2048
GO_ON: Final = -1
"""Nothing is to be read."""
_PLACES: Final = 4096
_DONE, _FULL, _DATAGRAM = 0, 1, 2
_NO_ROW: Final = -1
_NO_SOCKET: Final = -1
_int32, _int64, _pointer = ctypes.c_int32, ctypes.c_int64, ctypes.c_void_p


class _Packet(ctypes.Structure):
    _fields_ = (("payload", _pointer), ("numbers", _int32 * 9))


class _Place(ctypes.Structure):
    _fields_ = (("talker", _pointer), ("port", _int32), ("address_bytes", _int32), ("address", ctypes.c_uint8 * 16))


class _Letter(ctypes.Structure):
    _fields_ = (
        *((name, _int32) for name in ("size", "port", "address_bytes")),
        ("scope", ctypes.c_uint32),
        ("address", ctypes.c_uint8 * 16),
        ("data", ctypes.c_uint8 * DATAGRAM_BYTES),
    )


class _Intake(ctypes.Structure):
    _fields_ = (
        ("unprotect", _pointer),
        ("protect", _pointer),
        *((name, _int64) for name in ("received", "forwarded", "unsent", "sent_bytes", "refused", "left_leg")),
        *((name, _int32) for name in ("count", "at", "row", "level_extension", "four", "six")),
        *((name, _int32) for name in ("left", "left_size", "is_full")),
        ("arrivals", _pointer),
        ("packet", _Packet),
        ("places", _Place * _PLACES),
        ("letters", _Letter * BATCH),
    )


class Left(NamedTuple):
    """What is not ordinary: a datagram; or, `leg` not being None, a packet of that leg, decrypted and counted."""

    data: bytes
    address: Address
    leg: int | None


class Counts(NamedTuple):
    """Packets that were received and handed on; datagrams that a socket did not take, and the bytes of the others; and
    datagrams that are nobody's, or of one who sends too many."""

    received: int
    forwarded: int
    unsent: int
    sent_bytes: int
    refused: int


class Intake:
    """Takes what comes in, and hands it on through `copies`."""

    def __init__(self, code: ctypes.PyDLL, copies: Copies) -> None:
        """`code`: the library."""
        self._take, self._know = code.hallway_take, code.hallway_know
        self._take.argtypes = (_pointer, _pointer, _int32, ctypes.c_double)
        self._know.argtypes = (_pointer, ctypes.c_char_p, _int32, _int32, _pointer)
        self._take.restype = _int32
        self._know.restype = None
        self._copies, self._batch = copies, copies.batch
        self._intake: Any = _Intake(UNPROTECT, PROTECT)
        self._intake.row, self._intake.level_extension = _NO_ROW, LEVEL_EXTENSION
        self._intake.four = self._intake.six = _NO_SOCKET
        self._sends = False
        self._at = ctypes.addressof(self._intake)
        self._talkers: dict[Address, Talker] = {}

    def send_through(self, four: int, six: int) -> None:
        """From now on copies are sent through these sockets' file numbers, by kind of address, and not by `copies`."""
        self._intake.four, self._intake.six, self._sends = four, six, True

    def know(self, address: Address, talker: Talker | None) -> None:
        """Whose packets come from an address from now on; None: nobody's."""
        where = Destination()
        where.move(address)
        if where.address_bytes:
            packed = bytes(where.address[: where.address_bytes])
            at = None if talker is None else ctypes.addressof(talker)
            self._know(self._at, packed, where.address_bytes, where.port, at)
        if talker is None:
            self._talkers.pop(address, None)
        else:
            self._talkers[address] = talker

    def put(self, *datagrams: tuple[bytes, Address]) -> None:
        """As if these, `BATCH` at most, had been read."""
        for letter, (data, address) in zip(self._intake.letters, datagrams, strict=False):
            where = Destination()
            where.move(address)
            letter.size, letter.port = min(len(data), DATAGRAM_BYTES), where.port
            letter.scope, letter.address_bytes, letter.address = 0, where.address_bytes, where.address
            ctypes.memmove(ctypes.addressof(letter) + _Letter.data.offset, data, letter.size)
        self._intake.at, self._intake.row, self._intake.count = 0, _NO_ROW, min(len(datagrams), BATCH)

    def take(self, now: float, descriptor: int = GO_ON) -> Left | None:
        """Hand on what is here, up to the first thing that is not ordinary; None: all is done. `descriptor`: read what
        the socket of this file number has before, as far as there is room; all of before must be done. `now`: s."""
        kind = self._take(self._at, self._batch, descriptor, now)
        if not self._sends:
            self._copies.flush()
            while kind == _FULL:
                kind = self._take(self._at, self._batch, GO_ON, now)
                self._copies.flush()
        if kind == _DONE:
            return None
        letter = self._intake.letters[self._intake.left]
        data = ctypes.string_at(ctypes.addressof(letter) + _Letter.data.offset, self._intake.left_size)
        return Left(data, _address_of(letter), None if kind == _DATAGRAM else self._intake.left_leg)

    def counts(self) -> Counts:
        """What was done since this was asked last, without what was left."""
        numbers = self._intake
        found = Counts(numbers.received, numbers.forwarded, numbers.unsent, numbers.sent_bytes, numbers.refused)
        numbers.received = numbers.forwarded = numbers.unsent = numbers.sent_bytes = numbers.refused = 0
        return found


def _address_of(letter: Any) -> Address:
    size = letter.address_bytes
    host = socket.inet_ntop(socket.AF_INET if size == 4 else socket.AF_INET6, bytes(letter.address[:size]))
    if letter.scope:
        try:
            host = f"{host}%{socket.if_indextoname(letter.scope)}"
        except OSError:
            host = f"{host}%{letter.scope}"
    return host, letter.port


_code = library(Path(__file__).with_name("intake.c"))


def compiled_intake(copies: Copies | None) -> Intake | None:
    """None: there is no compiled form here."""
    return Intake(_code, copies) if _code is not None and copies is not None else None
