"""`hallway tune` on the command line: what is asked, the table, the page."""

from pathlib import Path
from typing import Annotated

import typer


def tune_command(
    people: Annotated[int | None, typer.Option(min=1, max=5000, help="Can it hold so many?")] = None,
    rate: Annotated[int | None, typer.Option(min=10, max=60, help="At this tick rate; with --people: 30.")] = None,
    behaviour: Annotated[str, typer.Option(help="What people do: office or crowd.")] = "office",
    seconds: Annotated[float, typer.Option(min=2, max=120, help="How long each point is measured.")] = 8.0,
    most_people: Annotated[int, typer.Option(min=25, help="Where a sweep ends at the latest.")] = 1600,
    uplink: Annotated[float | None, typer.Option(min=0.1, help="What the line carries, Mbit/s.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for tune.html and tune.json.")] = Path("tune-results"),
    short: Annotated[bool, typer.Option(help="Only show that everything works; the figures mean nothing.")] = False,
) -> None:
    """Find out what this computer holds: start a server, let bots in, and raise their number and the tick rate."""
    from benchmarks.bots.errors import BotError
    from benchmarks.tune import Question
    from benchmarks.tune_report import report

    if behaviour not in ("office", "crowd"):
        typer.echo("hallway: --behaviour is office or crowd", err=True)
        raise typer.Exit(2)
    question = Question(people, rate, behaviour, seconds, most_people, uplink, short)
    try:
        holds = report(question, out)
    except (BotError, OSError) as error:
        typer.echo(f"hallway: {error}", err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    raise typer.Exit(0 if holds else 3)
