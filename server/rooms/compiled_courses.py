"""The courses of a room's clients in columns (listener.c), where a C compiler made that: what comes with the frequent
messages is queued there without a Python object, and a tick takes what is due with one call."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from protocol.constants import INPUT_COURSE_BYTES, MAX_COURSES
from protocol.messages import Input
from server.ops.metrics import Metrics
from server.rooms.courses import Courses
from server.rooms.session import Session
from sim.shared_library import library

code: Final = library(Path(__file__).with_name("listener.c"))
"""What takes messages and courses; None: there is no compiled form here."""


class Columns(ctypes.Structure):
    """`Courses` in listener.c."""

    _fields_ = (
        *(
            (name, ctypes.c_void_p)
            for name in ("queue", "waiting", "applied", "applied_tick", "slack", "due_id", "due_course")
        ),
        *((name, ctypes.c_int64) for name in ("max_ahead", "discarded", "corrections")),
        *((name, ctypes.c_int32) for name in ("rows", "due_count")),
    )


_COURSE = np.dtype([("due", np.int64), ("number", np.int64), ("course", np.int32), ("slack", np.int32)])
_QUEUE = np.dtype([("newest", np.int64), ("waiting", _COURSE, (MAX_COURSES,))])


class CompiledCourses(Courses):
    """As `Courses`; it takes the place of the sessions' own queues."""

    def __init__(self, library: ctypes.PyDLL, size: int, max_ahead: int, metrics: Metrics) -> None:
        """`max_ahead`: as `InputQueue`. The rest as `Courses`."""
        super().__init__(size, metrics)
        self._queues, self._counts = np.zeros(size, _QUEUE), np.zeros(size, np.int32)
        self._ids, self._courses = np.zeros(size, np.uint16), np.zeros(size, np.uint8)
        self._nobody = (self._ids[:0], self._courses[:0])
        arrays = (self._queues, self._counts, self.applied, self.applied_tick, self.slack, self._ids, self._courses)
        self.columns = Columns(*(array.ctypes.data for array in arrays), max_ahead, 0, 0, size, 0)
        self.at = ctypes.addressof(self.columns)
        self._push, self._due = library.hallway_push, library.hallway_due
        pointer, number, long = ctypes.c_void_p, ctypes.c_int32, ctypes.c_int64
        self._push.argtypes = (pointer, number, long, long, ctypes.c_char_p, number, long)
        self._due.argtypes = (pointer, long)

    def __len__(self) -> int:
        return int(self._counts.sum())

    def begin(self, avatar: int) -> None:
        super().begin(avatar)
        self._counts[avatar] = self._queues["newest"][avatar] = 0

    def receive(self, session: Session, message: Input, tick: int) -> None:
        courses = message.courses
        count = len(courses) // INPUT_COURSE_BYTES
        self._push(self.at, session.avatar, message.seq, message.tick, courses, count, tick)
        self.count_discarded()

    def count_discarded(self) -> None:
        """Report the courses that found their queue full."""
        if discarded := self.columns.discarded:
            self.columns.discarded = 0
            self._metrics.discarded.labels("course").inc(discarded)

    def forget(self, session: Session) -> None:
        self._counts[session.avatar] = 0

    def due(self, tick: int) -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
        """As `Courses.due`; the arrays hold until this is asked again."""
        columns = self.columns
        self._due(self.at, tick)
        count = columns.due_count
        if not count:
            return self._nobody
        if corrections := columns.corrections:
            columns.corrections = 0
            self._metrics.corrections.inc(corrections)
        return self._ids[:count], self._courses[:count]


def make_courses(size: int, max_ahead: int, metrics: Metrics, *, compiled: bool) -> Courses:
    """The courses of a room. `compiled`: in columns, if there is such a form here. The rest as `CompiledCourses`."""
    if code is None or not compiled or not hasattr(code, "hallway_push"):
        return Courses(size, metrics)
    return CompiledCourses(code, size, max_ahead, metrics)
