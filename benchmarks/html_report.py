"""A report as one HTML page: a table for each scenario, and a plot of each figure against the size."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import log10
from pathlib import Path
from typing import Final

from benchmarks.results import Figure, Outcome, Point, Report
from benchmarks.scenarios import SCENARIOS

WIDTH, HEIGHT, MARGIN = 320, 180, 34
COLOURS: Final = 4
LOG_FROM: Final = 50
"""Largest value by smallest from which on the scale is logarithmic."""
_STYLE: Final = """
:root { color-scheme: light dark; --ink: light-dark(#1d1f27, #e8e9ef); --soft: light-dark(#6b7080, #9aa0b4);
  --line: light-dark(#dfe2ea, #343847); --mark: light-dark(#3b5bdb, #8aa4ff); --bad: light-dark(#c92a2a, #ff8787);
  --curve-0: var(--mark); --curve-1: light-dark(#e8590c, #ffa94d); --curve-2: light-dark(#2b8a3e, #69db7c);
  --curve-3: light-dark(#9c36b5, #e599f7); --good: light-dark(#2b8a3e, #69db7c); --page: light-dark(#fbfbfd, #15171e); }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); margin: 2.5rem auto;
  max-width: 70rem; padding: 0 1.5rem; }
h1 { font-size: 1.6rem; } h2 { margin-top: 2.5rem; font-size: 1.2rem; }
.lead { color: var(--ink); font-size: 1.05rem; } h1 + .lead { font-size: 1.25rem; font-weight: 600; }
p, caption { color: var(--soft); max-width: 46rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px; }
th, td { padding: .3rem .7rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; } th { font-weight: 600; }
.note { text-align: left; color: var(--soft); }
.misses { color: var(--bad); font-weight: 600; } .holds { color: var(--good); font-weight: 600; }
.plots { display: flex; flex-wrap: wrap; gap: 1rem; margin-top: 1rem; } figure { margin: 0; }
figcaption { font-size: 12px; color: var(--soft); } svg text { font-size: 10px; fill: var(--soft); }
svg .axis { stroke: var(--line); } svg .curve { fill: none; stroke-width: 2; }
svg .target { stroke: var(--bad); stroke-dasharray: 3 3; }
"""


def write_html(report: Report, path: Path, title: str = "Hallway benchmarks", lead: Sequence[str] = ()) -> None:
    """Write the page. `lead`: paragraphs before the tables. OSError."""
    machine = ", ".join(escape(f"{key}: {value}") for key, value in report.machine.items())
    body = "".join(_section(outcome) for outcome in report.outcomes)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>'
        f"<h1>{escape(title)}</h1>{''.join(f'<p class=lead>{escape(text)}</p>' for text in lead)}"
        f"<p>{escape(report.made_at)}. {machine}.</p>{body}</html>\n",
        encoding="utf-8",
    )


def _section(outcome: Outcome) -> str:
    about = SCENARIOS[outcome.scenario].about if outcome.scenario in SCENARIOS else outcome.about
    names = list(dict.fromkeys(name for point in outcome.points for name in point.figures))
    head = "".join(f"<th>{escape(name.replace('_', ' '))}</th>" for name in names)
    rows = "".join(_row(point, names) for point in outcome.points)
    plots = "".join(_plot(outcome.points, name) for name in names)
    return (
        f"<h2>{escape(outcome.title)}</h2><p>{escape(about)}</p>"
        f'<div class="wide"><table><thead><tr><th>point</th>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
        f'<div class="plots">{plots}</div>'
    )


def _row(point: Point, names: list[str]) -> str:
    cells = []
    for name in names:
        figure = point.figures.get(name)
        if figure is None:
            cells.append("<td></td>")
            continue
        verdict = {None: "", True: "holds", False: "misses"}[figure.holds]
        target = "" if figure.target is None else f" / {figure.target:g}"
        cells.append(f'<td class="{verdict}" title="{escape(figure.unit)}">{figure.value:,.6g}{target}</td>')
    doubt = f' title="{escape(point.doubt)}"' if point.doubt else ""
    mark = " *" if point.doubt else ""
    note = f'<td class="note">{escape(point.note)}</td>' if point.note else ""
    return f"<tr><td{doubt}>{escape(point.name)}{mark}</td>{''.join(cells)}{note}</tr>"


def _plot(points: list[Point], name: str) -> str:
    """Curves of the figure against the last number among the parameters, which a scenario sweeps, one for each choice
    of the others; "" if no choice has two sizes."""
    curves: dict[str, list[tuple[float, Figure]]] = {}
    for point in points:
        if name in point.figures and _size(point) > 0:
            curves.setdefault(_rest(point), []).append((_size(point), point.figures[name]))
    curves = {rest: sorted(found, key=lambda each: each[0]) for rest, found in curves.items() if len(found) > 1}
    curves = {rest: found for rest, found in curves.items() if len({size for size, _ in found}) == len(found)}
    everything = [each for found in curves.values() for each in found]
    if not everything:
        return ""
    most = max(max(figure.value, figure.target or 0) for _, figure in everything) or 1.0
    sizes = sorted({size for size, _ in everything})
    low, high = log10(sizes[0]), log10(sizes[-1])
    least = min(figure.value for _, figure in everything)
    # What spans more is a line along the floor and a spike on an even scale.
    is_log = least > 0 and most / least > LOG_FROM

    def place(size: float, value: float) -> tuple[float, float]:
        x = MARGIN + (WIDTH - 2 * MARGIN) * (log10(size) - low) / ((high - low) or 1)
        share = log10(max(value, least) / least) / log10(most / least) if is_log else value / most
        return x, HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * share

    drawn, legend = "", ""
    for number, (rest, found) in enumerate(curves.items()):
        colour = f"--curve-{number % COLOURS}"
        spots = [place(size, figure.value) for size, figure in found]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
        drawn += f'<polyline class="curve" style="stroke:var({colour})" points="{line}"/>'
        drawn += "".join(
            f'<circle style="fill:var({colour})" cx="{x:.1f}" cy="{y:.1f}" r="3"><title>{size:g}: '
            f"{figure.value:,.5g}</title></circle>"
            for (x, y), (size, figure) in zip(spots, found, strict=True)
        )
        if len(curves) > 1:
            legend += f' <span style="color:var({colour})">{escape(rest)}</span>'
    ticks = "".join(
        f'<text x="{place(size, 0)[0]:.1f}" y="{HEIGHT - MARGIN + 14}" text-anchor="middle">{_short(size)}</text>'
        for size in sizes
    )
    targets = "".join(
        f'<line class="target" x1="{x - 9:.1f}" x2="{x + 9:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
        for x, y in (place(size, figure.target) for size, figure in everything if figure.target is not None)
    )
    floor = HEIGHT - MARGIN
    scale = f" (logarithmic, from {least:,.3g})" if is_log else ""
    unit = escape(everything[0][1].unit)
    return (
        f'<figure><svg width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="{escape(name)} by size">'
        f'<line class="axis" x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{floor}" y2="{floor}"/>'
        f'<text x="{MARGIN}" y="{MARGIN - 10}">{most:,.4g} {unit}{scale}</text>{targets}{drawn}{ticks}</svg>'
        f"<figcaption>{escape(name.replace('_', ' '))}{legend}</figcaption></figure>"
    )


def _rest(point: Point) -> str:
    """All parameters but the one that is swept."""
    numbers = [key for key, value in point.parameters.items() if isinstance(value, int | float)]
    return ", ".join(f"{key} {value}" for key, value in point.parameters.items() if key != (numbers or [""])[-1])


def _short(size: float) -> str:
    return f"{size / 1000:g}k" if size >= 1000 else f"{size:g}"


def _size(point: Point) -> float:
    numbers = [value for value in point.parameters.values() if isinstance(value, int | float)]
    return float(numbers[-1]) if numbers else 0.0
