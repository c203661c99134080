"""Every scenario runs in its short form, against one server, and so do commuting bots that negotiate media."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from benchmarks.bots.api import Api
from benchmarks.bots.report import to_json
from benchmarks.bots.swarm import Swarm, SwarmConfig
from benchmarks.scenarios import SCENARIOS
from benchmarks.serving import Served, serving
from server.cli import app

IN_MEMORY = {"stages", "scaling", "traffic"}
ON_A_SERVER = ["fanout", "joins", "memory", "office", "rooms", "stuck"]
"""Those that are not a few numbers apart from another."""


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving({"tick_rate": 30}) as found:
        yield found


@pytest.fixture
def one_server(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scenarios start a server for each point; here they share one, and the cores are left alone."""

    @contextmanager
    def shared(*_: Any) -> Iterator[Served]:
        yield served

    for scenario in SCENARIOS.values():
        module = __import__(scenario.measure.__module__, fromlist=["serving"])
        if hasattr(module, "serving"):
            monkeypatch.setattr(module, "serving", shared)
    monkeypatch.setattr("benchmarks.load.serving", shared)
    monkeypatch.setattr("benchmarks.tune.serving", shared)


@pytest.mark.parametrize("name", sorted(IN_MEMORY))
def test_a_scenario_in_memory_finds_figures(name: str) -> None:
    points = list(SCENARIOS[name].measure(True))
    assert len({point.name for point in points}) == len(points) > 1
    assert all(figure.value >= 0 for point in points for figure in point.figures.values())


@pytest.mark.parametrize("name", ON_A_SERVER)
def test_a_scenario_on_a_server_finds_figures(name: str, one_server: None) -> None:
    [point] = SCENARIOS[name].measure(True)
    assert point.figures
    for name in {"stayed", "arrived"} & point.figures.keys():
        assert point.figures[name].value == 1


def test_the_stages_of_a_tick_are_all_told_with_their_parts() -> None:
    office, crowd = SCENARIOS["stages"].measure(True)
    for stage in ("inputs", "movement", "cells", "proximity", "encode", "send"):
        assert crowd.figures[f"{stage}_us"].value > 0
    assert "%" in office.note


def test_tune_answers_a_question_with_a_table_and_a_page(one_server: None, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["tune", "--people", "10", "--short", "--out", str(tmp_path)])
    assert result.exit_code in (0, 3), result.output  # 3: this computer was too busy to hold even that
    assert "10 people at 30 Hz" in " ".join(result.output.split())
    found = json.loads((tmp_path / "tune.json").read_text())
    assert found["outcomes"][0]["points"][0]["figures"]["cpu_us"]["value"] > 0
    assert "What this computer holds" in (tmp_path / "tune.html").read_text()


def test_commuters_move_between_rooms_and_answer_each_other(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.bots.behaviour.STAY_S", (0.4, 1.2))

    async def run() -> Any:
        async with Api(served.url) as api:
            owner = await api.account()
            rooms = [await api.create_room(owner, "benchmark-crowd", 30) for _ in range(2)]
            config = SwarmConfig(rooms[0], 8, 1.8, "commuters", seed=3, watchers=0, other_rooms=(rooms[1],), media=True)
            return await Swarm(api, config, lambda *_: None).run()

    result = asyncio.run(run())
    assert result.stayed == result.joined == 8
    assert not result.measure.errors
    assert result.measure.counts.moves >= 2
    assert 0 < result.measure.counts.signals_received <= result.measure.counts.signals_sent
    found = to_json(result)
    assert found["latency"]["signal_ms"]["p95"] < 1000
    assert found["courses"]["seen"] > 0
