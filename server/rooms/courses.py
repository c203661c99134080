"""The courses that clients ask for, until the tick in which they take effect (STANDARD.md section 3.2)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from protocol.messages import Input
from server.ops.metrics import Metrics
from server.rooms.session import Session
from server.rooms.snapshots import NO_SLACK


class Courses:
    """Who has courses waiting, and what each avatar's client is told of its newest one.

    `applied`, `applied_tick`, `slack`: int64, by avatar id; what SNAPSHOT's fields `input` and `slack` are made from.
    """

    def __init__(self, size: int, metrics: Metrics) -> None:
        """`size`: highest avatar id + 1."""
        self.applied = np.zeros(size, dtype=np.int64)
        self.applied_tick = np.zeros(size, dtype=np.int64)
        self.slack = np.full(size, NO_SLACK, dtype=np.int64)
        self._waiting: dict[int, Session] = {}
        self._metrics = metrics

    def __len__(self) -> int:
        """How many courses wait."""
        return sum(len(session.inputs) for session in self._waiting.values())

    def begin(self, avatar: int) -> None:
        """A client begins anew: none of its courses has been applied."""
        self.applied[avatar] = self.applied_tick[avatar] = 0

    def receive(self, session: Session, message: Input, tick: int) -> None:
        """Queue the courses of a message that has some; those that come too early or too often are counted."""
        queue = session.inputs
        before = queue.discarded
        queue.push(message, tick)
        if queue.discarded != before:
            self._metrics.discarded.labels("course").inc(queue.discarded - before)
        if len(queue):
            self._waiting[session.avatar] = session

    def forget(self, session: Session) -> None:
        """Whatever is waiting takes no effect."""
        session.inputs.clear()
        self._waiting.pop(session.avatar, None)

    def due(self, tick: int) -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
        """Take what takes effect in `tick`: avatars and their courses."""
        avatars: list[int] = []
        courses: list[int] = []
        for avatar, session in list(self._waiting.items()):
            queue = session.inputs
            course = queue.due(tick)
            if course is not None:
                avatars.append(avatar)
                courses.append(course)
                self.applied[avatar] = queue.applied
                self.applied_tick[avatar] = tick
                self.slack[avatar] = NO_SLACK if queue.slack is None else queue.slack
                if queue.slack is not None and queue.slack < 0:
                    self._metrics.corrections.inc()
            if not len(queue):
                del self._waiting[avatar]
        return np.array(avatars, np.uint16), np.array(courses, np.uint8)
