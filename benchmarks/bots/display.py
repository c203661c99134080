"""What a run shows while it goes on: how far it is, and the figures so far."""

from __future__ import annotations

import time
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from benchmarks.bots.health import Health
from benchmarks.bots.measure import Measure

EVERY_S: Final = 0.5
_STAGES: Final = {"join": "Joining", "walk": "Walking", "leave": "Leaving"}
_SHOWN: Final = {"input_to_view_ms": "input to view", "snapshot_interval_ms": "snapshot interval", "ping_ms": "ping"}


class Display:
    """Use as a context manager around the run; `progress` is the swarm's. Without a terminal it shows nothing."""

    measure: Measure | None = None
    health: Health | None = None

    def __init__(self, console: Console) -> None:
        self._live = Live(console=console, transient=True, auto_refresh=False)
        self._drawn = 0.0

    def __enter__(self) -> Display:
        self._live.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.__exit__(None, None, None)

    def progress(self, stage: str, done: float, of: float) -> None:
        """How far a stage is."""
        now = time.monotonic()
        if self._live.console.is_terminal and (done >= of or now - self._drawn >= EVERY_S):
            self._drawn = now
            self._live.update(self.render(stage, done, of), refresh=True)

    def render(self, stage: str, done: float, of: float) -> RenderableType:
        """The bar, and below it what was measured so far."""
        bar = Table.grid(padding=(0, 1))
        amount = f"{done:.0f} of {of:.0f}{' s' if stage == 'walk' else ''}"
        bar.add_row(_STAGES[stage], ProgressBar(total=of or 1, completed=done, width=40), amount)
        if stage != "walk" or self.measure is None:
            return bar
        return Group(bar, self._figures(self.measure))

    def _figures(self, measure: Measure) -> RenderableType:
        table = Table(box=None, padding=(0, 2))
        for heading in ("ms", "p50", "p95", "p99", "max"):
            table.add_column(heading, justify="left" if heading == "ms" else "right")
        for name, spread in measure.spreads().items():
            if name in _SHOWN and spread is not None:
                shown = (spread.percentiles[50], spread.percentiles[95], spread.percentiles[99], spread.largest)
                table.add_row(_SHOWN[name], *(f"{value:.1f}" for value in shown))
        counts = measure.counts
        line = (
            f"{counts.snapshots:,} snapshots, {counts.course_rows + counts.full_rows:,} rows, "
            f"{counts.corrections} corrections, {sum(measure.errors.values())} errors"
        )
        parts: list[RenderableType] = [table, Text(line)]
        report = self.health.report() if self.health is not None else None
        if report is not None:
            complaint = report.complaint()
            parts.append(Text(complaint or f"bots' CPU {report.cpu:.0%}", style="bold yellow" if complaint else "dim"))
        return Group(*parts)
