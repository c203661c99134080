"""`hallway tune`: from what was measured to what it says. test_smoke.py runs it for real, in its short form."""

from __future__ import annotations

import pytest

from benchmarks.results import Figure, Point
from benchmarks.tune import LIMITS, Question, Trial, answer, most_that_holds
from benchmarks.tune_report import outcomes


def trial(rate: int, people: int, doubt: str | None = None, **uses: float) -> Trial:
    shares = {limit.figure: 0.1 for limit in LIMITS} | uses
    figures = {
        limit.figure: Figure(limit.most(rate) * shares[limit.figure], "x")
        for limit in LIMITS
        if limit.most(rate) < float("inf")
    }
    return Trial(rate, people, Point({"rate": rate, "people": people}, figures, doubt), shares)


def test_what_holds_is_said_with_what_comes_first() -> None:
    trials = [trial(30, 400, cpu_share=0.5), trial(30, 600, cpu_share=0.7), trial(30, 900, cpu_share=1.2)]
    yes, tried, recommended = answer(Question(400, 30), trials)
    assert yes.startswith("Yes: this computer holds 400 people at 30 Hz: 40% of a core")
    assert "up to 600 people; with 900, what gives way first is the processor core" in tried
    assert recommended == "Recommended: tick_rate 30."


def test_what_does_not_hold_is_said_with_what_would() -> None:
    trials = [
        trial(30, 400, tick_p99_ms=1.5, late_p99_ms=2.5),
        trial(30, 267, tick_p99_ms=0.9),
        trial(20, 400, tick_p99_ms=0.8),
    ]
    no, first, most, recommended = answer(Question(400, 30), trials)
    assert no.startswith("No: 400 people at 30 Hz are too many")
    assert "gives way first: the tick's own time" in first
    assert most == "At 30 Hz it holds 267 people."
    assert recommended == "Recommended: tick_rate 20, at which 400 people hold."


def test_bots_that_are_the_bottleneck_are_named() -> None:
    lines = answer(Question(400, 30), [trial(30, 400, doubt="The bots' process used 99% of a core.")])
    assert lines[-1].startswith("From 400 people on, the bots were the bottleneck")


def test_a_sweep_names_the_most_of_each_rate_and_recommends_one() -> None:
    trials = [
        trial(rate, people, cpu_share=rate * people / 8000) for rate in (20, 30, 60) for people in (100, 200, 400)
    ]
    assert [most_that_holds(trials, rate) for rate in (20, 30, 60)] == [400, 200, 100]
    lines = answer(Question(), trials)
    assert lines[0] == "Recommended: tick_rate 30, for up to 140 people in all."
    assert lines[1].startswith("At 20 Hz this computer holds 400 people, and nothing gave way")
    assert "with 400, what gives way first is the processor core" in lines[2]
    report = outcomes(trials)
    assert [outcome.title for outcome in report.outcomes] == ["20 Hz", "30 Hz", "60 Hz"]
    assert report.outcomes[0].points[0].figures["cpu_share"].target == pytest.approx(0.8)
