"""The benchmarks run, write down what they found, and tell a regression from noise."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.__main__ import app
from benchmarks.html_report import write_html
from benchmarks.maps import crowd_map, office_map
from benchmarks.results import Change, Figure, Outcome, Point, Report, compare
from benchmarks.scenarios import SCENARIOS
from benchmarks.stages import Rehearsal
from sim.maps import parse_map

RUNNER = CliRunner()


def report(**figures: Figure) -> Report:
    return Report([Outcome("office", "An office", [Point({"people": 100}, figures)])], {"cores": 2})


def change(before: float, after: float, better: str) -> Change:
    return next(compare(report(x=Figure(before, "us", better)), report(x=Figure(after, "us", better))))


@pytest.mark.parametrize(
    ("before", "after", "better", "worse"),
    [
        (100, 124, "less", False),
        (100, 126, "less", True),
        (100, 10, "less", False),
        (100, 79, "more", True),
        (100, 81, "more", False),
        (100, 900, "", False),
    ],
)
def test_a_regression_is_a_figure_worse_by_more_than_the_tolerance(
    before: float, after: float, better: str, worse: bool
) -> None:
    assert change(before, after, better).is_regression(0.25) is worse


def test_figures_that_only_one_report_has_are_not_compared() -> None:
    assert list(compare(report(x=Figure(1, "us")), report(y=Figure(1, "us")))) == []


def test_results_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    written = report(cpu_us=Figure(61.5, "us per client and second", "less", 60))
    written.write(tmp_path / "results.json")
    assert Report.read(tmp_path / "results.json") == written
    assert written.outcomes[0].points[0].figures["cpu_us"].holds is False


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "hallway.benchmarks/1", "outcomes": 3}'])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "results.json").write_text(text)
    answer = RUNNER.invoke(app, ["report", str(tmp_path / "results.json")])
    assert answer.exit_code == 2
    assert "does not hold results" in answer.output


def test_an_unknown_scenario_is_named() -> None:
    answer = RUNNER.invoke(app, ["run", "offfice"])
    assert answer.exit_code == 2
    assert "offfice" in answer.output
    assert "office" in answer.output


def test_a_regression_shows_in_the_exit_code(tmp_path: Path) -> None:
    report(cpu_us=Figure(60, "us")).write(tmp_path / "a.json")
    report(cpu_us=Figure(90, "us")).write(tmp_path / "b.json")
    assert RUNNER.invoke(app, ["compare", str(tmp_path / "a.json"), str(tmp_path / "b.json")]).exit_code == 1
    assert RUNNER.invoke(app, ["compare", str(tmp_path / "b.json"), str(tmp_path / "a.json")]).exit_code == 0


def test_the_maps_are_rooms() -> None:
    office = parse_map(office_map(), {})
    assert office.solid.mean() == pytest.approx(0.08, abs=0.005)
    assert parse_map(crowd_map(), {}).width == 22


def test_a_rehearsed_room_tells_everyone_of_everyone_near() -> None:
    """Clients in memory get what clients of a server get: snapshots while people walk, and nothing lost."""
    costs = Rehearsal(12, "crowd", 20).run(2.0)
    assert costs.ticks == 40
    assert costs.writes > 12 * 2 * 5
    assert {"movement", "proximity", "encode", "send"} <= costs.stages.keys()


def test_a_run_is_written_down_as_results_and_as_a_page(tmp_path: Path) -> None:
    answer = RUNNER.invoke(app, ["run", "stages", "--short", "--out", str(tmp_path)])
    assert answer.exit_code == 0, answer.output
    found = Report.read(tmp_path / "results.json")
    assert [outcome.scenario for outcome in found.outcomes] == ["stages"]
    assert found.outcomes[0].points[0].note in (tmp_path / "report.html").read_text()
    assert SCENARIOS["stages"].title in (tmp_path / "report.html").read_text()


def test_a_figure_is_plotted_against_the_size_for_each_room(tmp_path: Path) -> None:
    points = [
        Point({"room": room, "people": people}, {"tick_p99_ms": Figure(people / 100, "ms")})
        for room in ("office", "crowd")
        for people in (10, 100, 1000)
    ]
    write_html(Report([Outcome("scaling", "Scaling", points)]), tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text().count("<polyline") == 2
