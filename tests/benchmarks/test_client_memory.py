"""When a page's memory counts as flat."""

from __future__ import annotations

import pytest

from benchmarks.client_memory import Growth, Reading


def readings(*heaps_kb: float) -> list[Reading]:
    return [Reading(minute, heap / 1000, 0, 0, 0) for minute, heap in enumerate(heaps_kb)]


def test_a_straight_line_is_its_slope_and_nothing_unsure() -> None:
    growth = Growth.of(readings(10_000, 10_050, 10_100, 10_150))
    assert growth.kb == pytest.approx(50)
    assert growth.unsure_kb == pytest.approx(0, abs=1e-6)
    assert not growth.is_flat(20)


def test_people_who_come_and_go_make_no_growth() -> None:
    growth = Growth.of(readings(*(12_000 + 300 * (minute % 3) for minute in range(15))))
    assert abs(growth.kb) < 20
    assert growth.is_flat(20)


def test_growth_shows_through_people_who_come_and_go() -> None:
    growth = Growth.of(readings(*(12_000 + 90 * minute + 300 * (minute % 3) for minute in range(15))))
    assert growth.kb == pytest.approx(90, abs=25)
    assert not growth.is_flat(20)


def test_two_readings_say_nothing() -> None:
    with pytest.raises(ValueError, match="three"):
        Growth.of(readings(1, 2))


def test_readings_that_are_too_scattered_show_nothing() -> None:
    growth = Growth.of(readings(12_000, 12_600, 11_900, 12_700, 12_100))
    assert growth.kb - 2 * growth.unsure_kb < 20
    assert not growth.is_flat(20)
