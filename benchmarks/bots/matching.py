"""From one bot's input to another bot's view, on one clock.

A bot's course is known by avatar and value; the first snapshot anywhere that brings it fixes the tick at which it took
effect, and every later arrival is matched by (avatar, tick). So a course that took effect twice is never confused, and
one that a newer course of the same tick replaced is dropped.
"""

from __future__ import annotations

from array import array
from collections import defaultdict, deque
from dataclasses import dataclass, field
from functools import lru_cache
from struct import iter_unpack
from typing import Final

from protocol.constants import COURSE_AWAY
from protocol.messages import Snapshot

REMEMBERED: Final = 64
"""Courses in effect that are remembered for each avatar; a baseline is at most 63 ticks old."""


@lru_cache(maxsize=2048)
def course_changes(courses: bytes) -> tuple[tuple[int, int, int], ...]:
    """(avatar, course, ago) of each row. The server shares bytes between clients, so one parse serves many bots."""
    return tuple(iter_unpack("<HBB", courses))


@lru_cache(maxsize=2048)
def row_courses(rows: bytes) -> tuple[tuple[int, int], ...]:
    """(avatar, course) of each complete row."""
    return tuple((avatar, course) for avatar, course, _ in iter_unpack("<HB6s", rows))


@dataclass(slots=True)
class Observer:
    """What one bot has seen of the others: the newest effective tick of each avatar's course."""

    avatar: int
    room: int = 0
    """Number of the room, which avatars' ids are good in."""
    seen: dict[int, int] = field(default_factory=dict)
    tick: int = 0
    """Tick of the newest snapshot."""


@dataclass(slots=True)
class _Walker:
    """Courses of one bot: sent and not seen yet, and in effect (tick to time sent)."""

    waiting: deque[tuple[int, float]] = field(default_factory=deque)
    in_effect: dict[int, float] = field(default_factory=dict)


class CourseMatcher:
    """Matches arrivals with inputs. Times are seconds of one clock."""

    def __init__(self) -> None:
        self.latencies = array("d")
        """Seconds from input to another bot's view, one for each (input, observer)."""
        self.sent = 0
        """Courses sent."""
        self.seen = 0
        """Courses that at least one other bot saw."""
        self.replaced = 0
        """Courses that never took effect because a newer one did at the same tick."""
        self._rooms: dict[int, dict[int, _Walker]] = defaultdict(dict)

    def course_sent(self, avatar: int, course: int, now: float, room: int = 0) -> None:
        """The bot with this avatar is about to send `course`."""
        self.sent += 1
        self._rooms[room].setdefault(avatar, _Walker()).waiting.append((course, now))

    def forget(self, avatar: int, room: int = 0) -> None:
        """The avatar's session is over: its id may go to somebody else."""
        self._rooms[room].pop(avatar, None)

    def start_over(self) -> None:
        """Begin to count anew; what is under way still counts when it arrives."""
        self.latencies = array("d")
        self.sent = self.seen = self.replaced = 0

    def snapshot(self, observer: Observer, snapshot: Snapshot, now: float) -> None:
        """`observer` received `snapshot`. A complete one tells what is, not what is new."""
        if snapshot.age:
            if snapshot.courses:
                for avatar, course, ago in course_changes(snapshot.courses):
                    self._arrived(observer, avatar, course, snapshot.tick - ago, now)
            if snapshot.rows:
                self._rows(observer, snapshot, now)
        observer.tick = snapshot.tick

    def _rows(self, observer: Observer, snapshot: Snapshot, now: float) -> None:
        """A row says no tick: it is a change only if the course is one that this observer could not have seen yet."""
        walkers = self._rooms[observer.room]
        for avatar, course in row_courses(snapshot.rows):
            walker = walkers.get(avatar)
            if walker is None:
                continue
            newest = next(reversed(walker.in_effect), -1)
            if any(waiting == course & ~COURSE_AWAY for waiting, _ in walker.waiting) and newest < snapshot.tick:
                self._arrived(observer, avatar, course, snapshot.tick, now)
            elif newest > observer.tick:
                self._arrived(observer, avatar, course, newest, now)

    def _arrived(self, observer: Observer, avatar: int, course: int, tick: int, now: float) -> None:
        if avatar == observer.avatar or observer.seen.get(avatar, -1) >= tick:
            return
        walker = self._rooms[observer.room].get(avatar)
        if walker is None:
            return
        observer.seen[avatar] = tick
        sent = walker.in_effect.get(tick)
        if sent is None:
            sent = self._took_effect(walker, course & ~COURSE_AWAY, tick)
            if sent is None:
                return
        self.latencies.append(now - sent)

    def _took_effect(self, walker: _Walker, course: int, tick: int) -> float | None:
        """The time at which the course that took effect at `tick` was sent; None if no bot sent it."""
        if not any(waiting == course for waiting, _ in walker.waiting):
            return None
        while True:
            value, sent = walker.waiting.popleft()
            if value == course:
                break
            self.replaced += 1
        self.seen += 1
        walker.in_effect[tick] = sent
        if len(walker.in_effect) > REMEMBERED:
            del walker.in_effect[next(iter(walker.in_effect))]
        return sent
