"""What a run found, for a person and for a program."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict
from os import cpu_count
from pathlib import Path
from typing import Any, Final

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from benchmarks.bots.measure import PERCENTILES, Spread
from benchmarks.bots.swarm import Result

_NAMES: Final = {  # a row fits into 80 columns
    "input_to_view_ms": "input to view",
    "input_to_echo_ms": "input to echo",
    "snapshot_interval_ms": "snapshot interval",
    "ping_ms": "ping",
    "join_ms": "join",
    "signal_ms": "signal",
    "chat_ms": "chat to others",
    "chat_safe_ms": "chat to safe",
}
_ONLY_IF_THERE: Final = frozenset({"signal_ms", "chat_ms", "chat_safe_ms"})
_CAPTION: Final = (
    "view: from a bot's input to the snapshot that brings it to another bot; echo: to its own. Both include waiting "
    "for the tick."
)


def to_json(result: Result) -> dict[str, Any]:
    """Everything that was measured; times in ms, rates for each bot and second."""
    measure, config = result.measure, result.config
    spreads = {name: spread.to_json() if spread else None for name, spread in measure.spreads().items()}
    return {
        "format": "hallway.bots/1",
        "machine": {
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.machine()}",
            "cores": cpu_count(),
        },
        "run": {
            "room": str(config.room),
            "count": config.count,
            "behaviour": config.behaviour,
            "seed": config.seed,
            "watchers": config.watchers,
            "rooms": [str(room) for room in config.rooms],
            "transport": config.transport,
            "media": config.media,
            "chat_per_minute": config.chat_per_minute,
            "seconds": round(measure.seconds, 3),
        },
        "bots": {"joined": result.joined, "stayed": result.stayed},
        "latency": spreads,
        "per_bot_second": measure.per_bot(result.joined),
        "totals": asdict(measure.traffic) | asdict(measure.counts),
        "courses": {
            "sent": measure.matcher.sent,
            "seen": measure.matcher.seen,
            "replaced": measure.matcher.replaced,
        },
        "errors": dict(measure.errors),
        "server_ticks": asdict(result.ticks) if result.ticks else None,
        "bots_process": {
            "cpu": round(result.health.cpu, 3),
            "loop_late_ms": result.health.loop_late_ms.to_json() if result.health.loop_late_ms else None,
            "complaint": result.health.complaint(),
        },
    }


def write_json(result: Result, file: Path) -> None:
    """Write `to_json`. OSError if that is impossible."""
    file.write_text(json.dumps(to_json(result), indent=2) + "\n", encoding="utf-8")


def show(result: Result, console: Console) -> None:
    """Print the tables."""
    console.print(render(result))


def render(result: Result) -> RenderableType:
    """The tables, the errors and the warnings."""
    config = result.config
    title = f"{result.joined} of {config.count} bots, {config.behaviour}, {result.measure.seconds:.0f} s"
    parts: list[RenderableType] = [_latency(result, title), _rates(result)]
    for what, count in result.measure.errors.most_common(10):
        parts.append(Text(f"{count} x {what}", style="red"))
    if not result.measure.errors:
        parts.append(Text("No errors.", style="green"))
    complaint = result.health.complaint()
    if complaint is not None:
        parts.append(Text(complaint, style="bold yellow"))
    return Group(*parts)


def _latency(result: Result, title: str) -> Table:
    table = Table(title=title, title_justify="left", caption=_CAPTION, caption_justify="left")
    table.add_column("ms", no_wrap=True)
    for heading in (*(f"p{p}" for p in PERCENTILES), "max", "values"):
        table.add_column(heading, justify="right")
    for name, spread in result.measure.spreads().items():
        if spread is None and name in _ONLY_IF_THERE:
            continue
        table.add_row(_NAMES[name], *_cells(spread))
    if result.ticks is not None:
        ticks = result.ticks
        table.add_row(
            "server tick", f"{ticks.tick_p50_ms:.1f}", "", "", f"{ticks.tick_p99_ms:.1f}", "", f"{ticks.ticks}"
        )
        table.add_row("server tick late", "", "", "", f"{ticks.late_p99_ms:.1f}", "", f"{ticks.dropped} dropped")
    table.add_row("bots' loop late", *_cells(result.health.loop_late_ms))
    return table


def _cells(spread: Spread | None) -> list[str]:
    if spread is None:
        return ["-"] * (len(PERCENTILES) + 1) + ["0"]
    return [*(f"{spread.percentiles[p]:.1f}" for p in PERCENTILES), f"{spread.largest:.1f}", f"{spread.count:,}"]


def _rates(result: Result) -> Table:
    measure, counts = result.measure, result.measure.counts
    each = measure.per_bot(result.joined)
    table = Table(title="for each bot and second", title_justify="left", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    table.add_column(justify="right")
    table.add_row("bytes down", f"{each['bytes_down']:,.0f}", "bytes up", f"{each['bytes_up']:,.0f}")
    table.add_row("packets down", f"{each['packets_down']:.1f}", "packets up", f"{each['packets_up']:.1f}")
    table.add_row("snapshots", f"{each['snapshots_down']:.1f}", "courses sent", f"{each['courses_sent']:.2f}")
    table.add_row("course rows", f"{each['course_rows']:.1f}", "complete rows", f"{each['full_rows']:.1f}")
    table.add_row("courses sent", f"{measure.matcher.sent:,} in all", "seen by others", f"{measure.matcher.seen:,}")
    table.add_row("corrections", f"{counts.corrections} in all", "resumed", f"{counts.resumed} in all")
    table.add_row("checksums", f"{counts.checked:,} right", "wrong or lost", f"{counts.mismatches} in all")
    if result.config.other_rooms:
        table.add_row("moves between rooms", f"{counts.moves:,} in all", "rooms", f"{len(result.config.rooms)}")
    if result.config.media:
        table.add_row("signals sent", f"{counts.signals_sent:,}", "received", f"{counts.signals_received:,}")
    if result.config.chat_per_minute > 0:
        table.add_row("messages written", f"{counts.written:,} in all", "read by others", f"{counts.read:,}")
    table.add_row("bots' CPU", f"{result.health.cpu:.0%}", "still inside", f"{result.stayed}")
    return table
