"""What `hallway top` draws."""

from __future__ import annotations

from datetime import UTC, datetime

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from server.ops.live import Live, LiveRoom
from server.ops.top import Look, Rates

BUSY, FULL = 0.5, 0.8
"""Shares of a core, or of a tick's period, above which figures turn yellow and red."""
BAR = 12
ROWS_BESIDE = 22
"""Lines of the screen that are not rooms."""
STAGES_SHOWN = 5


def view(looks: list[Look], height: int | None = None) -> RenderableType:
    """All servers. `height`: lines of the screen, so that the rooms that do not fit are counted instead."""
    parts: list[RenderableType] = []
    if len(looks) > 1:
        parts.append(_servers(looks))
    seen = [look for look in looks if look.live is not None]
    for look in seen:
        assert look.live is not None  # noqa: S101 - chosen above
        parts += _server(look.live, look.rates, max(3, (height - ROWS_BESIDE) // len(seen)) if height else 50)
    return Group(*parts)


def trouble(text: str) -> RenderableType:
    """Nothing to see at present."""
    return Panel(Text(f"{text}\nLooking again ...", style="yellow"), title="hallway top", title_align="left")


def verdict(live: Live, rates: Rates | None) -> Text:
    """How the server is doing, in a sentence."""
    if rates is None:
        return Text("Looking ...", style="dim")
    worst = max(live.rooms, key=lambda room: room.busy, default=None)
    period_ms = 1000 / live.tick_rate
    if rates.ticks_dropped > 0:
        return Text(
            f"Drops {rates.ticks_dropped:.1f} ticks a second: people see jumps. Fewer rooms or people here, or a lower "
            "tick_rate.",
            style="bold red",
        )
    if worst is not None and worst.late_p99_ms > period_ms / 2:
        why = "its ticks leave no time" if rates.tick_load > FULL else "something else keeps this computer busy"
        return Text(f"Ticks begin up to {worst.late_p99_ms:.0f} ms late: {why}.", style="bold red")
    if rates.tick_load > BUSY or rates.cpu > FULL:
        return Text(f"Holds, but {rates.cpu:.0%} of a core is in use: little room for more.", style="yellow")
    if rates.snapshots_skipped > 0 and live.slow_clients:
        return Text(f"Holds. {len(live.slow_clients)} slow clients are sent less; nobody else notices.", style="green")
    return Text("Holds.", style="green")


def _server(live: Live, rates: Rates | None, most_rooms: int) -> list[RenderableType]:
    parts: list[RenderableType] = [Panel(_head(live, rates), title=live.address, title_align="left", padding=(0, 1))]
    parts.append(_rooms(live, most_rooms))
    if live.slow_clients:
        parts.append(_clients(live))
    return parts


def _head(live: Live, rates: Rates | None) -> RenderableType:
    up = str(datetime.now(UTC) - live.started_at).partition(".")[0]
    line = f"Hallway {live.version} - {live.tick_rate} Hz - up {up} - {live.memory_bytes / 1e6:,.0f} MB"
    people = f"{live.people:,} people, {live.connections:,} connected, {live.rooms_open:,} rooms open"
    if rates is None:
        return Group(Text(line, style="dim"), Text(people), verdict(live, rates))
    each = rates.bytes_down / max(1, live.connections)
    load = (
        f"CPU {_bar(rates.cpu)} {rates.cpu:.0%}   ticks {_bar(rates.tick_load)} {rates.tick_load:.1%}   "
        f"{rates.ticks:,.0f} ticks/s"
    )
    dropped = f"{_marked(rates.ticks_dropped, 0)} ticks dropped/s, {live.totals.ticks_dropped:,} in all"
    down = f"{rates.bytes_down / 1000:,.1f} kB/s down, {each:,.0f} B/s each; {rates.snapshots:,.0f} snapshots/s"
    shared = f"{rates.shared:.0%} shared, {_marked(rates.snapshots_skipped, 0)} skipped/s"
    said = (
        f"{rates.messages:,.0f} messages/s in, {rates.events:,.0f} events/s out, {rates.corrections:.1f} late inputs/s"
    )
    return Group(
        Text(line, style="dim"),
        Text.from_markup(f"{people}; {dropped}"),
        Text.from_markup(load),
        Text.from_markup(f"{down}, {shared}"),
        Text(said),
        _stages(rates),
        verdict(live, rates),
    )


def _stages(rates: Rates) -> Text:
    spent = sum(rates.stages.values())
    dearest = sorted(rates.stages.items(), key=lambda stage: -stage[1])[:STAGES_SHOWN]
    shares = ", ".join(f"{stage} {share / spent:.0%}" for stage, share in dearest if spent)
    return Text(f"a tick's time: {shares}" if shares else "no ticks", style="dim")


def _rooms(live: Live, most: int) -> RenderableType:
    table = Table(box=None, padding=(0, 1), header_style="bold", expand=True)
    table.add_column("room", ratio=1, no_wrap=True)
    for heading in ("people", "away", "budget used", "tick p50", "p99 ms", "late p99", "dropped"):
        table.add_column(heading, justify="right", no_wrap=True)
    for room in live.rooms[:most]:
        table.add_row(*_room(room))
    hidden = live.rooms_open - min(most, len(live.rooms))
    if not live.rooms:
        return Text("No room is open: rooms open when somebody comes in.", style="dim")
    return Group(table, Text(f"and {hidden:,} more", style="dim")) if hidden > 0 else table


def _room(room: LiveRoom) -> tuple[str, ...]:
    name = (room.name or str(room.id)).replace("[", "\\[")
    return (
        f"{name}{' [red]recording[/]' if room.recording else ''}",
        f"{room.people}",
        f"{room.people - room.connections or ''}",
        f"{_bar(room.busy)} {room.busy:5.1%}",
        f"{room.tick_p50_ms:.2f}",
        f"{room.tick_p99_ms:.2f}",
        f"{room.late_p99_ms:.2f}",
        _marked(room.ticks_dropped, 0),
    )


def _clients(live: Live) -> RenderableType:
    names = {room.id: room.name for room in live.rooms}
    table = Table(title="clients that do not keep up", title_justify="left", box=None, padding=(0, 1), expand=True)
    table.add_column("who", ratio=1, no_wrap=True)
    for heading in ("room", "from", "unsent", "events wait", "silent for", "ticks skipped"):
        table.add_column(heading, justify="right", no_wrap=True)
    for client in live.slow_clients[:8]:
        table.add_row(
            Text(client.username),
            Text(names.get(client.room_id, "")),
            client.address or "",
            f"{client.unsent_bytes / 1000:,.1f} kB",
            f"{client.waiting_bytes / 1000:,.1f} kB",
            f"{client.unacked_ms / 1000:.1f} s",
            f"{client.skipped:,}",
        )
    return table


def _servers(looks: list[Look]) -> Table:
    table = Table(title="servers of this office", title_justify="left", box=None, padding=(0, 1))
    table.add_column("server")
    for heading in ("people", "rooms", "tick load", "dropped", ""):
        table.add_column(heading, justify="right")
    for look in looks:
        entry, live = look.entry, look.live
        load = look.rates.tick_load if look.rates else float(entry.get("load", 0.0))
        table.add_row(
            Text(str(entry.get("address", ""))),
            f"{live.people if live else entry.get('people', 0):,}",
            f"{live.rooms_open if live else entry.get('rooms', 0):,}",
            f"{_bar(load)} {load:.1%}",
            _marked(live.totals.ticks_dropped if live else int(entry.get("ticks_dropped", 0)), 0),
            "" if live else "[yellow]not reached from here[/]",
        )
    return table


def _bar(share: float) -> str:
    filled = min(BAR, round(share * BAR)) if share > 0 else 0
    colour = "red" if share > FULL else "yellow" if share > BUSY else "green"
    return f"[{colour}]{'━' * filled}[/][dim]{'─' * (BAR - filled)}[/]"


def _marked(value: float, fine: float) -> str:
    text = f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"
    return text if value <= fine else f"[bold red]{text}[/]"
