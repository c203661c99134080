"""`python -m benchmarks`: run scenarios, compare two results, make a report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.html_report import write_html
from benchmarks.results import Change, Outcome, Point, Report, compare
from benchmarks.scenarios import SCENARIOS

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)
console = Console()
RESULTS = Path("benchmark-results")
PEERS_ABOUT = (
    "100 x 100 tiles with 8 % walls, half of the people walk, 4 tiles a second, 20 Hz, everyone sees 16 tiles far. "
    "Each server on one core, the load on the others, over loopback. CPU is the server process's user and system time."
)


@app.command("list")
def list_scenarios() -> None:
    """Name the scenarios."""
    table = Table("name", "what", box=None)
    for scenario in SCENARIOS.values():
        table.add_row(scenario.name, scenario.title)
    console.print(table)


@app.command()
def run(
    names: Annotated[list[str] | None, typer.Argument(help="Scenarios; without any, all of them.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for results.json and report.html.")] = RESULTS,
    short: Annotated[bool, typer.Option(help="Only show that everything works; the figures mean nothing.")] = False,
) -> None:
    """Measure, and write the figures down."""
    unknown = [name for name in names or [] if name not in SCENARIOS]
    if unknown:
        typer.echo(f"There is no scenario {unknown[0]!r}; there are {', '.join(SCENARIOS)}.", err=True)
        raise typer.Exit(2)
    report = Report([])
    for name in names or SCENARIOS:
        scenario = SCENARIOS[name]
        outcome = Outcome(name, scenario.title)
        report.outcomes.append(outcome)
        console.rule(scenario.title)
        for point in scenario.measure(short):
            outcome.points.append(point)
            _show(point)
            # Hours of measuring are not lost to whatever happens in the next scenario.
            report.write(out / "results.json")
    write_html(report, out / "report.html")
    console.print(f"Written: {out / 'results.json'}, {out / 'report.html'}")


@app.command()
def peers(
    people: Annotated[str, typer.Option(help="Sizes of the room, with commas.")] = "100,500",
    servers: Annotated[str, typer.Option(help="Which; the peers must be installed.")] = "hallway,colyseus,socketio",
    seconds: Annotated[float, typer.Option(min=1, help="How long each is measured.")] = 10.0,
    largest: Annotated[bool, typer.Option("--largest", help="Go on to larger rooms until each breaks.")] = False,
    out: Annotated[Path, typer.Option(help="Folder for peers.json and peers.html.")] = RESULTS,
) -> None:
    """Measure Hallway and servers on other frameworks with the same scenario, side by side."""
    from benchmarks.peers.compare import LARGE, side_by_side
    from benchmarks.peers.load import PEERS

    names = [name.strip() for name in servers.split(",")]
    unknown = [name for name in names if name != "hallway" and name not in PEERS]
    sizes = sorted({int(size) for size in people.split(",") if size.strip().isdigit() and int(size)})
    if unknown or not sizes:
        what = f"There is no server {unknown[0]!r}" if unknown else f"{people!r} are no sizes"
        typer.echo(f"{what}; there are hallway, {', '.join(PEERS)}, and sizes like 100,500.", err=True)
        raise typer.Exit(2)
    if largest:
        sizes += [size for size in LARGE if size > sizes[-1]]
    outcome = Outcome("peers", "Hallway and its peers", about=PEERS_ABOUT)
    found = Report([outcome])
    for each in side_by_side(names, sizes, seconds, until_broken=largest):
        outcome.points.append(each)
        _show(each)
        found.write(out / "peers.json")
    write_html(found, out / "peers.html", "Hallway and its peers")
    console.print(_beside(outcome))


@app.command("compare")
def compare_reports(
    before: Annotated[Path, typer.Argument(help="An earlier results.json.")],
    after: Annotated[Path, typer.Argument(help="A later one.")],
    tolerance: Annotated[
        float, typer.Option(min=0, help="By which share a figure may get worse; runs differ by a quarter.")
    ] = 0.25,
) -> None:
    """Show the ratio of every figure that two results share; exit code 1 if one got worse beyond the tolerance."""
    changes = list(compare(_read(before), _read(after)))
    if not changes:
        typer.echo("The two have no figure in common.", err=True)
        raise typer.Exit(2)
    table = Table("scenario", "point", "figure", "before", "after", "ratio", "")
    for change in sorted(changes, key=lambda each: -abs(each.ratio - 1)):
        table.add_row(*_row(change, tolerance))
    console.print(table)
    raise typer.Exit(1 if any(change.is_regression(tolerance) for change in changes) else 0)


@app.command()
def report(results: Path, out: Annotated[Path | None, typer.Option(help="Where the page goes.")] = None) -> None:
    """Make the HTML page of a results.json anew."""
    target = out or results.with_name("report.html")
    write_html(_read(results), target)
    console.print(f"Written: {target}")


def _read(path: Path) -> Report:
    try:
        return Report.read(path)
    except (OSError, ValueError) as error:
        typer.echo(f"Cannot read {path}: {error}", err=True)
        raise typer.Exit(2) from None


def _show(point: Point) -> None:
    table = Table("", point.name, "", box=None)
    for name, figure in point.figures.items():
        mark = {None: "", True: "[green]holds[/]", False: "[red]misses[/]"}[figure.holds]
        target = "" if figure.target is None else f"{mark} {figure.target:g}"
        table.add_row(name, f"{figure.value:,.6g} {figure.unit}", target)
    console.print(table)
    if point.note:
        console.print(f"[dim]{point.note}[/]")
    if point.doubt:
        console.print(f"[yellow]{point.doubt}[/]")


def _beside(outcome: Outcome) -> Table:
    names = list(dict.fromkeys(name for point in outcome.points for name in point.figures))
    table = Table("people", "server", *(name.replace("_", " ") for name in names), box=None)
    for point in sorted(outcome.points, key=lambda each: each.parameters["people"]):
        cells = (f"{point.figures[name].value:,.5g}" if name in point.figures else "-" for name in names)
        table.add_row(str(point.parameters["people"]), str(point.parameters["server"]), *cells)
    return table


def _row(change: Change, tolerance: float) -> tuple[str, ...]:
    verdict = "[red]worse[/]" if change.is_regression(tolerance) else ""
    values = (f"{change.before.value:,.6g}", f"{change.after.value:,.6g}", f"{change.ratio:.2f}")
    return change.scenario, change.point, change.figure, *values, verdict


if __name__ == "__main__":
    app()
