"""Reads an update of Yjs (encoding v1) without applying it: is it whole, and does it build only on what is there?

Merging code takes updates that build on others that are still to come, and keeps them until these come; from a stranger
they may never come. Here such an update is refused, and so is everything that a map of texts does not need.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_GC, _DELETED, _ANY, _SKIP = 0, 1, 8, 10
_ORIGIN, _RIGHT_ORIGIN, _PARENT_SUB = 0x80, 0x40, 0x20
_DEPTH: Final = 16
_FIXED: Final = {127: 0, 126: 0, 124: 4, 123: 8, 122: 8, 121: 0, 120: 0}


class UpdateError(ValueError):
    """The bytes are no update, or not one that fits this document."""


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def byte(self) -> int:
        if self._at >= len(self._data):
            raise UpdateError("it ends too early")
        self._at += 1
        return self._data[self._at - 1]

    def uint(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7
            if shift > 63:
                raise UpdateError("a number of more than 64 bits")

    def skip(self, size: int) -> None:
        self._at += size
        if self._at > len(self._data):
            raise UpdateError("it ends too early")

    def text(self) -> None:
        self.skip(self.uint())

    def ended(self) -> bool:
        return self._at == len(self._data)


def read_state(state_vector: bytes) -> dict[int, int]:
    """A state vector: client to the number of what is known of it. Raises `UpdateError`."""
    reader = _Reader(state_vector)
    state = {}
    for _ in range(reader.uint()):
        client = reader.uint()
        state[client] = reader.uint()
    if not reader.ended():
        raise UpdateError("something comes after the state vector")
    return state


def check_update(update: bytes, known: Mapping[int, int]) -> dict[int, int]:
    """What is known of each client that the update names, once it is applied. Raises `UpdateError`."""
    reader = _Reader(update)
    after: dict[int, int] = {}
    needed: list[tuple[int, int]] = []
    for _ in range(reader.uint()):
        count, client, clock = reader.uint(), reader.uint(), reader.uint()
        if client in after:
            raise UpdateError("a client is named twice")
        if clock > known.get(client, 0):
            raise UpdateError("it builds on what is not there")
        for _ in range(count):
            clock += _struct(reader, needed)
        after[client] = max(clock, known.get(client, 0))
    for _ in range(reader.uint()):
        client = reader.uint()
        for _ in range(reader.uint()):
            clock, length = reader.uint(), reader.uint()
            needed.append((client, clock + length - 1))
    if not reader.ended():
        raise UpdateError("something comes after the update")
    for client, clock in needed:
        if clock >= after.get(client, known.get(client, 0)):
            raise UpdateError("it names what is not there")
    return after


def _struct(reader: _Reader, needed: list[tuple[int, int]]) -> int:
    """Read one struct; its length. `needed` gets what it refers to."""
    info = reader.byte()
    kind = info & 0x1F
    if kind == _GC:
        return _length(reader)
    if kind not in (_DELETED, _ANY):
        raise UpdateError(f"content of kind {kind}")
    needed.extend((reader.uint(), reader.uint()) for bit in (_ORIGIN, _RIGHT_ORIGIN) if info & bit)
    if not info & (_ORIGIN | _RIGHT_ORIGIN):
        if reader.uint() != 1:
            raise UpdateError("something inside something else")
        reader.text()
        if info & _PARENT_SUB:
            reader.text()
    length = _length(reader)
    if kind == _ANY:
        for _ in range(length):
            _any(reader, 0)
    return length


def _length(reader: _Reader) -> int:
    length = reader.uint()
    if not 1 <= length < 1 << 31:
        raise UpdateError(f"a length of {length}")
    return length


def _any(reader: _Reader, depth: int) -> None:
    tag = reader.byte()
    if tag in _FIXED:
        reader.skip(_FIXED[tag])
    elif tag == 125:
        reader.uint()
    elif tag in (119, 116):
        reader.text()
    elif tag in (118, 117) and depth < _DEPTH:
        for _ in range(reader.uint()):
            if tag == 118:
                reader.text()
            _any(reader, depth + 1)
    else:
        raise UpdateError(f"a value of kind {tag}, or too deep")
