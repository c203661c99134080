"""How the age of a state is counted: from the first thing that happened and is not known."""

import pytest

from benchmarks.scenarios.lossy import RATE, Reference

TICK_S = 1 / RATE


@pytest.fixture
def reference() -> Reference:
    """Something happened in the ticks 10, 11 and 20, and was known beside the server at 1.0, 1.05 and 1.5 s."""
    made = Reference()
    made.ticks, made.arrived = [10, 11, 20], [1.0, 1.05, 1.5]
    return made


@pytest.mark.parametrize(
    ("tick", "now", "age"),
    [
        (9, 1.04, 0.04 + TICK_S),
        (10, 1.04, 0.04),
        (10, 1.06, 0.01 + TICK_S),
        (10, 1.40, 0.35 + TICK_S),
        (11, 1.40, TICK_S),
        (15, 1.49, TICK_S),
        (15, 1.60, 0.10 + TICK_S),
        (20, 1.52, 0.02),
        (9, 0.99, 0.0),
    ],
)
def test_what_the_kernel_foresees_is_known(reference: Reference, tick: int, now: float, age: float) -> None:
    assert reference.age(tick, now) == pytest.approx(age)
