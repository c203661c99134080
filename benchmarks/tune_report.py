"""What `hallway tune` shows while it tries, and writes at the end."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks.bots.errors import BotError
from benchmarks.html_report import write_html
from benchmarks.results import Figure, Outcome, Point, Report
from benchmarks.serving import cores
from benchmarks.tune import LIMITS, Question, Trial, Tuner, answer

COLUMNS: Final = {
    "cpu_share": "core",
    "cpu_us": "us each",
    "down_mbit_s": "Mbit/s",
    "view_p95_ms": "seen p95",
    "view_p99_ms": "p99",
    "tick_p99_ms": "tick p99",
    "late_p99_ms": "late p99",
    "ticks_dropped": "drops",
}
_ABOUT: Final = (
    "A server of its own on one core, bots on the others, over loopback: half of the people walk (office), or all of "
    "them in one hall (crowd). The red lines are limits. Sound and picture are not in it."
)


def report(question: Question, out: Path, console: Console | None = None) -> bool:
    """Try, show, write `tune.html` and `tune.json`; whether what was asked for holds. BotError, OSError."""
    console = console or Console()
    if not hasattr(os, "sched_setaffinity"):
        raise BotError("hallway tune needs Linux: elsewhere a server cannot be kept on a core of its own.")
    for_server, for_load = cores()
    if for_server == for_load:
        console.print("[yellow]There is one core only: server and bots share it, and less holds than without bots.[/]")
    tuner = Tuner(question, lambda trial: console.print(line(trial), highlight=False))
    console.print("Trying; a point takes some seconds ...", style="dim")
    try:
        trials = tuner.run()
    except KeyboardInterrupt:
        trials = tuner.trials
        if not trials:
            raise
    console.print(table(trials))
    sentences = answer(question, trials)
    for sentence in sentences:
        console.print(sentence, highlight=False)
    results = outcomes(trials)
    results.write(out / "tune.json")
    write_html(results, out / "tune.html", "What this computer holds", sentences)
    console.print(f"Written: {out / 'tune.html'}, {out / 'tune.json'}", style="dim")
    return trials[0].holds if question.people is not None else any(trial.holds for trial in trials)


def line(trial: Trial) -> str:
    """One trial while it goes on."""
    broken = trial.broken
    verdict = "[green]holds[/]" if not broken else f"[red]too much: {broken[0].what}[/]"
    return f"{trial.rate} Hz, {trial.people} people: {verdict}"


def table(trials: list[Trial]) -> Table:
    """All trials, by rate and number of people."""
    found = Table(box=None, padding=(0, 1))
    for heading in ("Hz", "people", *COLUMNS.values()):  # times in ms
        found.add_column(heading, justify="right")
    found.add_column("")
    for trial in _sorted(trials):
        broken = {limit.figure for limit in trial.broken}
        cells = []
        for name in COLUMNS:
            text = f"{trial.value(name):.0%}" if name == "cpu_share" else f"{trial.value(name):,.4g}"
            cells.append(f"[red]{text}[/]" if name in broken else text)
        doubt = " *" if trial.point.doubt else ""
        mark = "[green]holds[/]" if trial.holds else "[red]too much[/]"
        found.add_row(str(trial.rate), str(trial.people), *cells, f"{mark}{doubt}")
    return found


def outcomes(trials: list[Trial]) -> Report:
    """As results of benchmarks: an outcome a rate, with the limits as targets."""
    found = []
    for rate in sorted({trial.rate for trial in trials}):
        points = [_with_limits(trial) for trial in _sorted(trials) if trial.rate == rate]
        found.append(Outcome(f"tune-{rate}", f"{rate} Hz", points, _ABOUT))
    return Report(found)


def _with_limits(trial: Trial) -> Point:
    limits = {limit.figure: limit.most(trial.rate) for limit in LIMITS}
    figures = {
        name: Figure(figure.value, figure.unit, figure.better, _finite(limits.get(name)))
        for name, figure in trial.point.figures.items()
        if name in COLUMNS or name in limits
    }
    return Point(trial.point.parameters, figures, trial.point.doubt)


def _finite(limit: float | None) -> float | None:
    return None if limit is None or limit == float("inf") else limit


def _sorted(trials: list[Trial]) -> list[Trial]:
    return sorted(trials, key=lambda trial: (trial.rate, trial.people))
