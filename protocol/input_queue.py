"""The courses of one client that wait for their tick (section 3.2)."""

from collections import deque
from typing import Final

from protocol.constants import INPUT_COURSE_BYTES, MAX_COURSES
from protocol.messages import Input

_SLACK_MIN: Final = -128
_SLACK_MAX: Final = 127


class InputQueue:
    """Takes INPUT messages, gives back one course a tick.

    It belongs to the session, not to the connection: a resume goes on with the same numbers, a fresh session
    (continuity 0) starts a new queue.
    """

    __slots__ = ("_max_ahead", "_waiting", "applied", "applied_tick", "discarded", "newest", "slack")

    def __init__(self, max_ahead: int) -> None:
        """`max_ahead`: ticks; a course due later than that takes effect that many ticks ahead."""
        self._max_ahead = max_ahead
        self._waiting: deque[tuple[int, int, int, int | None]] = deque()  # due tick, number, course, slack; due rising
        self.newest = 0
        """Number of the newest course taken."""
        self.applied = 0
        """Number of the newest course that took effect: `SNAPSHOT.input`."""
        self.applied_tick = 0
        """Tick at which it did. A snapshot whose baseline is not older says nil instead."""
        self.slack: int | None = None
        """Ticks by which it arrived early: `SNAPSHOT.slack`."""
        self.discarded = 0
        """Courses that found the queue full."""

    def __len__(self) -> int:
        return len(self._waiting)

    def push(self, message: Input, tick: int) -> None:
        """Take the new courses of a decoded INPUT. `tick`: the newest tick that the world has computed."""
        new = message.seq - self.newest
        courses = message.courses
        if new <= 0 or not courses:
            return
        count = min(new, len(courses) // INPUT_COURSE_BYTES)
        following = tick + 1
        latest = tick + self._max_ahead
        waiting = self._waiting
        for entry in range(count - 1, -1, -1):
            if message.tick:
                wanted = message.tick - courses[entry * 2 + 1]
                slack = min(max(wanted - following, _SLACK_MIN), _SLACK_MAX)
                due = max(min(wanted, latest), following)
            else:
                slack, due = None, following
            if waiting and due <= waiting[-1][0]:
                # Due with or before its predecessor: both fall on one tick, and of those the newest wins.
                due = waiting.pop()[0]
            elif len(waiting) >= MAX_COURSES:
                self.discarded += 1
                continue
            waiting.append((due, message.seq - entry, courses[entry * 2], slack))
        self.newest = message.seq

    def due(self, tick: int) -> int | None:
        """The course that takes effect at `tick`, or None. Call it once for each tick, in order."""
        waiting = self._waiting
        if not waiting or waiting[0][0] > tick:
            return None
        course = 0
        while waiting and waiting[0][0] <= tick:
            _, self.applied, course, self.slack = waiting.popleft()
        self.applied_tick = tick
        return course

    def clear(self) -> None:
        """Forget what waits (the connection was lost); numbers stay taken."""
        self._waiting.clear()
