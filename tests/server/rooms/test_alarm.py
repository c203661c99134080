"""What calls a room when its tick is due: not early, once, and not at all when nobody waits for it."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable

import pytest

from server.rooms.alarm import Alarm, KernelAlarm, TimerAlarm

FORMS = [
    TimerAlarm,
    pytest.param(KernelAlarm, marks=pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these timers")),
]
Form = Callable[[Callable[[], None]], Alarm]


@pytest.fixture(name="form", params=FORMS)
def _form(request: pytest.FixtureRequest) -> Form:
    form: Form = request.param
    return form


class Ringing:
    """An alarm, and when it rang."""

    def __init__(self, form: Form) -> None:
        self.alarm = form(self._ring)
        self.times: list[float] = []
        self.then: list[float] = []
        """What it is set to when it rings."""

    def _ring(self) -> None:
        self.times.append(time.monotonic())
        if self.then:
            self.alarm.set(self.then.pop(0))

    async def rang(self, times: int) -> None:
        async with asyncio.timeout(10):
            while len(self.times) < times:
                await asyncio.sleep(0.001)


@pytest.fixture(name="ringing")
async def _ringing(form: Form) -> Ringing:
    return Ringing(form)


async def another_rang(form: Form, moment: float) -> None:
    """Wait as long as an alarm that is set to the moment: what was to ring before has rung then."""
    last = Ringing(form)
    last.alarm.set(moment)
    await last.rang(1)
    last.alarm.close()


async def test_it_rings_at_its_moment_and_not_before(ringing: Ringing) -> None:
    moments = [time.monotonic() + ahead for ahead in (0.0103, 0.0207, 0.0311)]
    ringing.then = moments[1:]
    ringing.alarm.set(moments[0])
    await ringing.rang(3)
    assert all(rang >= moment for rang, moment in zip(ringing.times, moments, strict=True))
    ringing.alarm.close()


async def test_a_moment_that_has_passed_rings_at_once_but_not_within_the_call(ringing: Ringing) -> None:
    ringing.alarm.set(time.monotonic() - 100)
    assert not ringing.times
    await ringing.rang(1)
    ringing.alarm.close()


async def test_it_rings_once_for_each_time_that_it_is_set(ringing: Ringing, form: Form) -> None:
    now = time.monotonic()
    ringing.alarm.set(now + 0.001)
    await another_rang(form, now + 0.03)
    assert len(ringing.times) == 1
    ringing.alarm.set(time.monotonic())
    await ringing.rang(2)
    ringing.alarm.close()


async def test_only_the_newest_moment_counts(ringing: Ringing, form: Form) -> None:
    now = time.monotonic()
    ringing.alarm.set(now + 0.001)
    ringing.alarm.set(now + 0.02)
    await another_rang(form, now + 0.04)
    assert len(ringing.times) == 1
    assert ringing.times[0] >= now + 0.02
    ringing.alarm.close()


async def test_one_that_is_closed_is_silent_whatever_it_is_set_to(ringing: Ringing, form: Form) -> None:
    now = time.monotonic()
    ringing.alarm.set(now + 0.001)
    ringing.alarm.close()
    ringing.alarm.set(now + 0.001)
    ringing.alarm.close()
    await another_rang(form, now + 0.02)
    assert not ringing.times


async def test_it_may_be_closed_while_it_rings(form: Form) -> None:
    rung: list[Alarm] = []

    def ring() -> None:
        made.close()
        rung.append(made)

    made = form(ring)
    made.set(time.monotonic())
    async with asyncio.timeout(10):
        while not rung:
            await asyncio.sleep(0.001)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these timers")
async def test_the_timers_of_the_kernel_are_given_back() -> None:
    before = len(os.listdir("/proc/self/fd"))
    made = [KernelAlarm(lambda: None) for _ in range(5)]
    for one in made:
        one.close()
    assert len(os.listdir("/proc/self/fd")) == before
