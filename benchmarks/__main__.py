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


def _row(change: Change, tolerance: float) -> tuple[str, ...]:
    verdict = "[red]worse[/]" if change.is_regression(tolerance) else ""
    values = (f"{change.before.value:,.6g}", f"{change.after.value:,.6g}", f"{change.ratio:.2f}")
    return change.scenario, change.point, change.figure, *values, verdict


if __name__ == "__main__":
    app()
