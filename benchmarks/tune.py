"""`hallway tune`: what this computer holds, found by trying: a server of one's own, bots, more of them, other rates.

Each point is a server at one tick rate with so many people. A point holds while every limit below does; the limit that
a point uses most of is the one that gives way first.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from benchmarks.load import Load, Spent, fastest_loop, measure_on, point, short_load
from benchmarks.results import Figure, Point
from benchmarks.serving import Served, cores, serving

RATES: Final = (20, 30, 60)
PEOPLE: Final = (25, 50, 100, 200, 400, 800, 1600)
LOWER_RATES: Final = (30, 20, 15, 10)
GROWTH: Final = 1.5
MORE_TRIES: Final = 3
LESS_TRIES: Final = 4
HEADROOM: Final = 0.7
"""Share of the most people that held which is recommended."""
MUCH: Final = 100
"""People that a rate must hold to be recommended before a lower one."""


@dataclass(frozen=True, slots=True)
class Limit:
    """`figure` may be at most `most(rate)`. `what` gives way, and then `means` happens; `advice` is what helps.

    `by_bots`: bots that are the bottleneck themselves make this figure worse than it is.
    """

    figure: str
    what: str
    means: str
    advice: str
    most: Callable[[int], float]
    by_bots: bool = False


# In the order in which one leads to the next.
LIMITS: Final = (
    Limit(
        "cpu_share",
        "the processor core of the server",
        "a burst of joins or of speech has nowhere to go",
        "a lower tick_rate, a faster core, or rooms on several processes",
        lambda rate: 0.8,
    ),
    Limit(
        "tick_p99_ms",
        "the tick's own time",
        "the slowest ticks take most of their period, so the next ones begin late",
        "a lower tick_rate or fewer people in one room",
        lambda rate: 600 / rate,
    ),
    Limit(
        "late_p99_ms",
        "the punctuality of ticks",
        "people see others move unevenly",
        "nothing else on this computer's cores, or a lower tick_rate",
        lambda rate: max(5.0, 250 / rate),
    ),
    Limit(
        "ticks_dropped",
        "whole ticks",
        "time stands still for a moment in the room",
        "a lower tick_rate or fewer people",
        lambda rate: 0.5,
    ),
    Limit(
        "view_p95_ms",
        "the latency",
        "others see a step more than a tenth of a second after it was taken",
        "fewer people, or a faster core",
        lambda rate: 100.0,
        by_bots=True,
    ),
    Limit(
        "down_mbit_s",
        "the way out to the network",
        "snapshots wait in the line and people see the past",
        "a lower tick_rate, or a wider line",
        lambda rate: float("inf"),  # what the operator says
    ),
    Limit(
        "lost",
        "connections",
        "people are thrown out and come back",
        "fewer people",
        lambda rate: 0.0,
    ),
)


@dataclass(frozen=True, slots=True)
class Trial:
    """One point. `uses`: by limit, the share of it that is used; above 1 it does not hold."""

    rate: int
    people: int
    point: Point
    uses: dict[str, float]

    @property
    def broken(self) -> list[Limit]:
        """The limits that do not hold, causes before what follows from them."""
        return [limit for limit in LIMITS if self.uses[limit.figure] > 1]

    @property
    def holds(self) -> bool:
        """Whether every limit does."""
        return not self.broken

    @property
    def nearest(self) -> Limit:
        """The limit that is used most."""
        return max(LIMITS, key=lambda limit: self.uses[limit.figure])

    def value(self, name: str) -> float:
        """A figure; 0 if it was not found."""
        figure = self.point.figures.get(name)
        return figure.value if figure else 0.0


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be found out. `people`, `rate` None: a sweep. `uplink_mbit` None: the network is no limit."""

    people: int | None = None
    rate: int | None = None
    behaviour: str = "office"
    seconds: float = 8.0
    most_people: int = 1600
    uplink_mbit: float | None = None
    short: bool = False


@dataclass(slots=True)
class Tuner:
    """Tries. `told`: called with every trial."""

    question: Question
    told: Callable[[Trial], None] = lambda _trial: None
    trials: list[Trial] = field(default_factory=list)

    def run(self) -> list[Trial]:
        """Answer the question. BotError if no server or no bot starts."""
        question = self.question
        if question.people is not None:
            self._ask(question.people, question.rate or 30)
        else:
            for rate in (question.rate,) if question.rate else RATES:
                self._climb(rate, [people for people in PEOPLE if people <= question.most_people])
        return self.trials

    def _climb(self, rate: int, steps: list[int]) -> None:
        with _server(rate) as served:
            for people in steps[:1] if self.question.short else steps:
                if not self._try(served, rate, people).holds:
                    return

    def _ask(self, people: int, rate: int) -> None:
        with _server(rate) as served:
            first = self._try(served, rate, people)
            if self.question.short:
                return
            trial = first
            for _ in range(MORE_TRIES if first.holds else LESS_TRIES):
                # Upwards to what breaks first, or downwards to what holds.
                factor = GROWTH if first.holds else 1 / GROWTH
                trial = self._try(served, rate, max(1, round(trial.people * factor)))
                if trial.holds is not first.holds or (first.holds and trial.point.doubt):
                    break
        if not first.holds:
            for lower in (each for each in LOWER_RATES if each < rate):
                with _server(lower) as served:
                    if self._try(served, lower, people).holds:
                        return

    def _try(self, served: Served, rate: int, people: int) -> Trial:
        question = self.question
        room = "benchmark-crowd" if question.behaviour == "crowd" else "benchmark-office"
        load = (
            short_load(people, question.behaviour, room)
            if question.short
            else Load(people, question.behaviour, room, question.seconds)
        )
        with _bots_elsewhere(), asyncio.Runner(loop_factory=fastest_loop) as runner:
            spent = runner.run(measure_on(load, served))
        trial = judge(rate, load, spent, question.uplink_mbit)
        self.trials.append(trial)
        self.told(trial)
        return trial


def judge(rate: int, load: Load, spent: Spent, uplink_mbit: float | None = None) -> Trial:
    """What a load did to a server, and how much of each limit that is."""
    found = point(load, spent, {}, rate=rate)
    figures = dict(found.figures)
    joined = max(1, spent.result.joined)
    figures["cpu_share"] = Figure(round(spent.cpu_s / load.seconds, 4), "of a core")
    down = figures["down_kb_s"].value * joined * 8 / 1000
    figures["down_mbit_s"] = Figure(round(down, 3), "Mbit/s in all")
    figures["lost"] = Figure(load.count - spent.result.stayed, "bots")
    ordered = Point({"rate": rate, "people": load.count}, figures, found.doubt)
    uses = {}
    for limit in LIMITS:
        figure, most = figures.get(limit.figure), limit.most(rate)
        if limit.figure == "down_mbit_s":
            most = uplink_mbit or float("inf")
        value = figure.value if figure else 0.0
        share = value / most if most else float(value > 0) * 2
        # What the bots themselves delayed says nothing about the server.
        uses[limit.figure] = min(share, 1.0) if limit.by_bots and found.doubt else share
    return Trial(rate, load.count, ordered, uses)


def most_that_holds(trials: list[Trial], rate: int) -> int:
    """The most people that held at a rate, with none below that did not; 0: none was tried or held."""
    at_rate = sorted((trial for trial in trials if trial.rate == rate), key=lambda trial: trial.people)
    most = 0
    for trial in at_rate:
        if not trial.holds:
            break
        most = trial.people
    return most


def answer(question: Question, trials: list[Trial]) -> list[str]:
    """The result in sentences, the most important first."""
    if not trials:
        return ["Nothing was measured."]
    if question.people is not None:
        return [*_answer_asked(question, trials), *_doubts(trials)]
    rates = sorted({trial.rate for trial in trials})
    lines = []
    for rate in rates:
        most, at_rate = most_that_holds(trials, rate), [t for t in trials if t.rate == rate]
        broken = next((t for t in at_rate if not t.holds), None)
        lines.append(f"At {rate} Hz this computer holds {most} people{_and_then(broken, at_rate)}")
    best = max(rates, key=lambda rate: (most_that_holds(trials, rate) >= MUCH, rate if rate <= 30 else 0))
    # People come at the same minute, and talk: a part of what was found is left for that.
    usual = int(most_that_holds(trials, best) * HEADROOM)
    lines.insert(0, f"Recommended: tick_rate {best}, for up to {usual} people in all.")
    return [*lines, *_doubts(trials)]


def _answer_asked(question: Question, trials: list[Trial]) -> list[str]:
    first, rate = trials[0], trials[0].rate
    what = f"{first.people} people at {rate} Hz"
    cost = (
        f"{first.value('cpu_share'):.0%} of a core, {first.value('down_mbit_s'):.2f} Mbit/s down, a step is seen after "
        f"{first.value('view_p95_ms'):.0f} ms (p95), ticks take {first.value('tick_p99_ms'):.1f} ms and begin "
        f"{first.value('late_p99_ms'):.1f} ms late (p99)"
    )
    at_rate = [trial for trial in trials if trial.rate == rate]
    if first.holds:
        broken = next((trial for trial in at_rate if not trial.holds), None)
        lines = [f"Yes: this computer holds {what}: {cost}."]
        lines.append(f"It was tried with up to {most_that_holds(trials, rate)} people{_and_then(broken, at_rate)}")
        lines.append(f"Recommended: tick_rate {rate}.")
        return lines
    worst = first.broken[0]
    lines = [
        f"No: {what} are too many for this computer: {cost}.",
        f"What gives way first: {worst.what}; {worst.means}. What helps: {worst.advice}.",
    ]
    most = most_that_holds(trials, rate)
    lines.append(f"At {rate} Hz it holds {most} people." if most else f"At {rate} Hz nothing that was tried held.")
    lower = next((trial for trial in trials if trial.rate < rate and trial.holds), None)
    if lower is not None:
        lines.append(f"Recommended: tick_rate {lower.rate}, at which {lower.people} people hold.")
    elif most:
        lines.append(f"Recommended: rooms for {most} people in all, or several processes or computers.")
    return lines


def _and_then(broken: Trial | None, trials: list[Trial]) -> str:
    if broken is not None:
        worst = broken.broken[0]
        return (
            f"; with {broken.people}, what gives way first is {worst.what} "
            f"({broken.value(worst.figure):.3g} where {worst.most(broken.rate):.3g} is the limit). "
            f"What helps: {worst.advice}."
        )
    newest = max(trials, key=lambda trial: trial.people)
    nearest = newest.nearest
    return (
        f", and nothing gave way; {nearest.what} comes first, of which {newest.uses[nearest.figure]:.0%} of what is "
        f"allowed is used with {newest.people}."
    )


def _doubts(trials: list[Trial]) -> list[str]:
    doubted = [trial for trial in trials if trial.point.doubt]
    if not doubted:
        return []
    return [
        f"From {min(trial.people for trial in doubted)} people on, the bots were the bottleneck or something else kept "
        f"the computer busy, so the latencies there are not the server's and were not judged: {doubted[0].point.doubt}"
    ]


@contextmanager
def _server(rate: int) -> Iterator[Served]:
    for_server, _ = cores()
    with serving({"tick_rate": rate}, for_server) as served:
        yield served


@contextmanager
def _bots_elsewhere() -> Iterator[None]:
    """The bots keep off the server's core, where there is another one."""
    for_server, for_load = cores()
    os.sched_setaffinity(0, for_load)
    try:
        yield
    finally:
        os.sched_setaffinity(0, for_server | for_load)
