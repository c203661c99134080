"""Calls a room when its next tick is due: to the microsecond where the kernel has timers that can be waited for.

A timer of the event loop is kept in milliseconds and rings up to one early or late. Whoever wants to be in time sleeps
again for what is left, and each time a process that slept is dear: with a hundred people in a room, that was as much as
reading what they say. So on Linux the kernel's own timer (timerfd_create(2)) wakes the loop once, when it is time.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import math
import os
import sys
import time
from collections.abc import Callable
from typing import Protocol

CLOCK_MONOTONIC = 1
"""The clock of `time.monotonic`."""
TFD_TIMER_ABSTIME = 1
_NS = 1_000_000_000


class Alarm(Protocol):
    """Rings once for each time that it is set. To be made and used on a running event loop."""

    def set(self, moment: float) -> None:
        """Ring then and not earlier, s of `time.monotonic`; at once, if it has passed. Another moment that it was set
        to counts no more."""

    def close(self) -> None:
        """Never ring again, whatever it is set to."""


class TimerAlarm:
    """An `Alarm` by the event loop's timers."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring, self._moment, self._closed = ring, 0.0, False
        self._loop = asyncio.get_running_loop()
        self._handle: asyncio.TimerHandle | None = None

    def set(self, moment: float) -> None:
        """As `Alarm.set`."""
        self._cancel()
        if not self._closed:
            self._moment = moment
            # In whole milliseconds: a part of one would be no sleep at all, and the last moment be spent in circles.
            ahead = max(0.0, moment - time.monotonic())
            self._handle = self._loop.call_later(math.ceil(ahead * 1000) / 1000, self._wake)

    def close(self) -> None:
        """As `Alarm.close`."""
        self._closed = True
        self._cancel()

    def _cancel(self) -> None:
        if self._handle is not None:
            self._handle.cancel()

    def _wake(self) -> None:
        if time.monotonic() < self._moment:
            self.set(self._moment)
        else:
            self._ring()


class _Spec(ctypes.Structure):
    """`struct itimerspec`: how often from then on, and when."""

    _fields_ = tuple((name, ctypes.c_long) for name in ("every_s", "every_ns", "at_s", "at_ns"))


class KernelAlarm:
    """An `Alarm` by a timer of the kernel's. OSError or AttributeError: there is none."""

    def __init__(self, ring: Callable[[], None]) -> None:
        code = ctypes.CDLL(None, use_errno=True)
        self._number = code.timerfd_create(CLOCK_MONOTONIC, os.O_NONBLOCK | os.O_CLOEXEC)
        if self._number < 0:
            raise OSError(ctypes.get_errno(), "timerfd_create")
        self._ring, self._is_set = ring, False
        self._spec = _Spec()
        self._set_time, self._at = code.timerfd_settime, ctypes.byref(self._spec)
        self._loop = asyncio.get_running_loop()
        try:
            self._loop.add_reader(self._number, self._wake)
        except BaseException:
            os.close(self._number)
            raise

    def set(self, moment: float) -> None:
        """As `Alarm.set`."""
        if self._number >= 0:
            self._is_set = True
            # A time of zero would stop the timer.
            self._spec.at_s, self._spec.at_ns = divmod(max(1, math.ceil(moment * _NS)), _NS)
            self._set_time(self._number, TFD_TIMER_ABSTIME, self._at, None)

    def close(self) -> None:
        """As `Alarm.close`."""
        number, self._number = self._number, -1
        if number >= 0:
            self._loop.remove_reader(number)
            os.close(number)

    def _wake(self) -> None:
        self._is_set = False
        self._ring()
        if not self._is_set and self._number >= 0:
            # To set it stops it, too, from saying that it has rung.
            with contextlib.suppress(BlockingIOError):
                os.read(self._number, 8)


def alarm(ring: Callable[[], None]) -> Alarm:
    """The best that this machine has."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            return KernelAlarm(ring)
    return TimerAlarm(ring)
