"""What the server says on the terminal when it has started."""

import io
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from server.settings import Settings

WIDTH = 88


def started_text(
    settings: Settings,
    services_description: Iterable[tuple[str, str]],
    urls: Sequence[str],
    *,
    color: bool = False,
) -> str:
    """A panel with the address, what runs where, the tick rate, and how to stop.

    `services_description` is what `EmbeddedServices.describe()` returns; `urls` are the addresses to open. `color` adds
    terminal colours: pass whether the output is a terminal.
    """
    rows = [
        ("Open", "\n".join(urls)),
        *services_description,
        ("Tick rate", f"{settings.tick_rate} Hz"),
        ("Stop", "Ctrl-C"),
    ]
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in rows:
        table.add_row(label, f"[bold cyan]{text}[/]" if label == "Open" else text)

    output = io.StringIO()
    # A fixed width keeps the panel whole in log files and in terminals of any size.
    console = Console(
        file=output, width=WIDTH, force_terminal=color, no_color=not color, color_system="standard" if color else None
    )
    console.print(Panel(table, title="Hallway is open", title_align="left", expand=False, padding=(1, 2)))
    return output.getvalue()
