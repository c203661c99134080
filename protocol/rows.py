"""Packed rows inside `bin` values (sections 5.3 and 5.5), to and from numpy arrays. Little-endian throughout."""

import struct
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from protocol.constants import COURSE_ROW_BYTES, FULL_ROW_BYTES

COURSE_ROW = np.dtype([("id", "<u2"), ("course", "u1"), ("ago", "u1")])
"""One change of course: 4 bytes."""
FULL_ROW = np.dtype([("id", "<u2"), ("course", "u1"), ("x", "u1", (3,)), ("y", "u1", (3,))])
"""One complete row: 9 bytes; x and y are u24 in 1/256 px."""

_X_LOW = 3
_Y_LOW = 6


class FullRows(NamedTuple):
    """Complete rows: ids uint16[n], course uint8[n], x and y int32[n] in 1/256 px."""

    ids: NDArray[np.uint16]
    course: NDArray[np.uint8]
    x: NDArray[np.int32]
    y: NDArray[np.int32]


class CourseRows(NamedTuple):
    """Changes of course: ids uint16[n], course uint8[n], ago uint8[n] in ticks."""

    ids: NDArray[np.uint16]
    course: NDArray[np.uint8]
    ago: NDArray[np.uint8]


def pack_rows(
    ids: NDArray[np.integer], course: NDArray[np.integer], x: NDArray[np.integer], y: NDArray[np.integer]
) -> NDArray[np.uint8]:
    """Complete rows as uint8[n, 9], ready for slicing and `tobytes`. x, y: 0 to 2^24 - 1, in 1/256 px."""
    count = len(ids)
    packed = np.empty((count, FULL_ROW_BYTES), np.uint8)
    packed[:, 0:2] = _low_bytes(ids, 2)
    packed[:, 2] = course
    packed[:, _X_LOW : _X_LOW + 3] = _low_bytes(x, 3)
    packed[:, _Y_LOW : _Y_LOW + 3] = _low_bytes(y, 3)
    return packed


def unpack_rows(data: bytes) -> FullRows:
    """The rows in `data`, whose length is a multiple of 9."""
    packed = np.frombuffer(data, np.uint8).reshape(-1, FULL_ROW_BYTES)
    wide = np.zeros((3, len(packed), 4), np.uint8)
    wide[0, :, :2] = packed[:, 0:2]
    wide[1, :, :3] = packed[:, _X_LOW : _X_LOW + 3]
    wide[2, :, :3] = packed[:, _Y_LOW : _Y_LOW + 3]
    numbers = wide.view("<i4")[:, :, 0]
    return FullRows(numbers[0].astype(np.uint16), packed[:, 2], numbers[1], numbers[2])


def pack_courses(ids: NDArray[np.integer], course: NDArray[np.integer], ago: NDArray[np.integer]) -> NDArray[np.uint8]:
    """Changes of course as uint8[n, 4], ready for slicing and `tobytes`."""
    packed = np.empty((len(ids), COURSE_ROW_BYTES), np.uint8)
    packed[:, 0:2] = _low_bytes(ids, 2)
    packed[:, 2] = course
    packed[:, 3] = ago
    return packed


def unpack_courses(data: bytes) -> CourseRows:
    """The changes of course in `data`, whose length is a multiple of 4."""
    packed = np.frombuffer(data, COURSE_ROW)
    return CourseRows(packed["id"], packed["course"], packed["ago"])


def pack_ids(ids: NDArray[np.integer] | list[int]) -> bytes:
    """Avatar or door ids, u16 each."""
    if isinstance(ids, list):  # the usual few ids are packed four times as fast without an array
        return struct.pack(f"<{len(ids)}H", *ids)
    return ids.astype("<u2").tobytes()


def unpack_ids(data: bytes) -> NDArray[np.uint16]:
    """The ids in `data`, whose length is a multiple of 2."""
    return np.frombuffer(data, "<u2")


def _low_bytes(values: NDArray[np.integer], count: int) -> NDArray[np.uint8]:
    """The `count` lowest bytes of each value, lowest first: uint8[n, count]."""
    wide = np.ascontiguousarray(values, "<u4")
    return wide.view(np.uint8).reshape(-1, 4)[:, :count]
