"""What the server says on the terminal when it has started."""

import io
from collections.abc import Iterable, Sequence

import segno
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from server.media.choice import own_addresses
from server.networks import parse_address
from server.settings import Settings

WIDTH = 88
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - only compared with


def addresses_of(settings: Settings, port: int) -> list[str]:
    """The links to open the office with, best first: those for others in the network stand before this computer's."""
    if settings.public_url:
        return [settings.public_url]
    scheme = "https" if settings.lan or settings.tls_cert else "http"
    hosts = ["localhost" if settings.host in (*EVERYWHERE, "127.0.0.1", "::1") else settings.host]
    if settings.lan and settings.host in EVERYWHERE:
        # A phone's camera reads one code: IPv4 works in every network that has both.
        hosts = [host for host in own_addresses() if ":" not in host and not _is_loopback(host)] + hosts
    return [f"{scheme}://{host}:{port}" for host in hosts]


def _is_loopback(host: str) -> bool:
    address = parse_address(host)
    return address is not None and address.is_loopback


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
    if settings.lan:
        rows.append(("Warning", "Browsers warn once: this computer has made the certificate by itself."))
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
    content: RenderableType = table
    if settings.lan and not urls[0].startswith("https://localhost"):
        content = Group(table, Text(), Text(_code(urls[0]), style="white on black" if color else ""))
    console.print(Panel(content, title="Hallway is open", title_align="left", expand=False, padding=(1, 2)))
    return output.getvalue()


def _code(url: str) -> str:
    """A QR code for the link in half blocks: light modules are drawn, for terminals are dark."""
    drawn = segno.make(url, error="l", micro=False)
    modules = [[not dark for dark in row] for row in drawn.matrix_iter(border=2)]
    if len(modules) % 2:
        modules.append([False] * len(modules[0]))
    blocks = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
    pairs = zip(modules[::2], modules[1::2], strict=True)
    return "\n".join("".join(blocks[above, below] for above, below in zip(*rows, strict=True)) for rows in pairs)
