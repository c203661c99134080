"""What bots do: a seeded stream of courses. A behaviour knows neither the map nor the network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Final, TypeAlias

from protocol.constants import GAIT_RUN, GAIT_STAND, GAIT_WALK


@dataclass(frozen=True, slots=True)
class Move:
    """Wait `after` seconds, then take `course` (section 4.1 of the wire)."""

    after: float
    course: int


Behaviour: TypeAlias = Iterator[Move]
"""Moves without end, or none at all. No course equals the one before it."""

STEP_S: Final = (0.5, 2.0)
"""A walker keeps a direction this long."""
_STEPS_A_WALK: Final = 4
BREAK_S: Final = 8.0
TALK_S: Final = 12.0
STAY_S: Final = (4.0, 12.0)


def office(random: Random) -> Behaviour:
    """Half of the people walk at any time, a new direction every 0.5 to 2 s; walks and rests last 5 s on average."""
    direction = random.randrange(16)
    walking = random.random() < 0.5
    wait = random.uniform(0.0, STEP_S[1])
    while True:
        if walking:
            for _ in range(random.randint(1, 2 * _STEPS_A_WALK - 1)):
                direction = _another(random, direction)
                yield Move(wait, GAIT_WALK | direction)
                wait = random.uniform(*STEP_S)
            yield Move(wait, GAIT_STAND | direction)
            wait = 0.0
        wait += _STEPS_A_WALK * random.uniform(*STEP_S)
        walking = True


def crowd(random: Random) -> Behaviour:
    """Everyone walks all the time, now and then running, and turns every 0.5 to 2 s."""
    direction = random.randrange(16)
    wait = random.uniform(0.0, STEP_S[1])
    while True:
        direction = _another(random, direction)
        yield Move(wait, (GAIT_RUN if random.random() < 0.1 else GAIT_WALK) | direction)
        wait = random.uniform(*STEP_S)


def idle(random: Random) -> Behaviour:
    """Nobody moves."""
    return iter(())


def conference(random: Random) -> Behaviour:
    """Talks and breaks: in a talk nearly everyone stands and a few look for a better place; then all walk at once."""
    direction = random.randrange(16)
    wait = passed = random.uniform(0.0, STEP_S[1])
    while True:
        while passed < BREAK_S:
            direction = _another(random, direction)
            yield Move(wait, GAIT_WALK | direction)
            wait = min(random.uniform(*STEP_S), BREAK_S - passed)
            passed += wait
        yield Move(wait, GAIT_STAND | direction)
        passed = 0.0
        wait = TALK_S
        if random.random() < 0.1:
            before = random.uniform(0.1, 0.8) * TALK_S
            direction, step = _another(random, direction), random.uniform(*STEP_S)
            yield Move(before, GAIT_WALK | direction)
            yield Move(step, GAIT_STAND | direction)
            wait = TALK_S - before - step


def commuters(random: Random) -> Behaviour:
    """As the office; the swarm also sends them from room to room (`stays`)."""
    return office(random)


def stays(seed: int, index: int) -> Iterator[float]:
    """Seconds that a commuter spends in each room, without end."""
    random = Random(f"{seed}/stays/{index}")  # noqa: S311 - a walk needs to be repeatable, not secret
    while True:
        yield random.uniform(*STAY_S)


def _another(random: Random, direction: int) -> int:
    return (direction + random.randint(1, 15)) % 16


BEHAVIOURS: Final[dict[str, Callable[[Random], Behaviour]]] = {
    "office": office,
    "crowd": crowd,
    "conference": conference,
    "commuters": commuters,
    "idle": idle,
}


def behaviour(name: str, seed: int, index: int) -> Behaviour:
    """The behaviour of bot `index`: the same for the same seed, whatever the other bots do. KeyError: unknown name."""
    return BEHAVIOURS[name](Random(f"{seed}/{name}/{index}"))  # noqa: S311 - a walk needs to be repeatable, not secret
