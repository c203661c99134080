"""What is counted, and the board that shows it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from server.media.health import LinkMetrics
from server.media.sfu.metrics import SfuMetrics
from server.ops.metrics import Metrics
from server.ops.pace import WINDOW_TICKS, Pace
from server.ops.servers import value_of
from server.ops.tallies import STAGES, Tallies
from tests.server.rooms.people import House

BOARD = Path("deploy/grafana/hallway.json")


def samples(metrics: Metrics) -> dict[tuple[str, str], float]:
    """By name and the value of the only label, or ""."""
    families = text_string_to_metric_families(metrics.render().decode())
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in families
        for sample in family.samples
    }


def known_names() -> set[str]:
    metrics = Metrics()
    LinkMetrics(metrics.registry), SfuMetrics(metrics.registry)
    families = list(metrics.registry.collect())
    names = {family.name for family in families} | {f"{f.name}_total" for f in families if f.type == "counter"}
    return names | {
        f"{f.name}_{part}" for f in families if f.type == "histogram" for part in ("bucket", "sum", "count")
    }


def test_every_query_of_the_board_asks_for_what_the_server_counts() -> None:
    board = json.loads(BOARD.read_text())
    panels = [panel for panel in board["panels"] if panel["type"] != "row"]
    assert len(panels) > 20
    known = known_names()
    for panel in panels:
        assert panel["description"], panel["title"]
        assert panel["targets"], panel["title"]
        for target in panel["targets"]:
            asked = set(re.findall(r"hallway_[a-z_]+", target["expr"]))
            assert asked, panel["title"]
            assert asked <= known, f"{panel['title']}: {asked - known}"
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


def test_a_distribution_counts_as_prometheus_does() -> None:
    registry = CollectorRegistry()
    times = Tallies(registry).distribution("times", "Times, s", (0.1, 1.0))
    for value in (0.1, 0.05, 0.5, 7.0):
        times.observe(value)
    text = generate_latest(registry).decode()
    assert 'times_bucket{le="0.1"} 2.0' in text
    assert 'times_bucket{le="1.0"} 3.0' in text
    assert 'times_bucket{le="+Inf"} 4.0' in text
    assert "times_count 4.0" in text
    assert (times.count, times.sum) == (4, pytest.approx(7.65))


def test_a_tick_is_counted_stage_by_stage_with_what_it_told_whom() -> None:
    house = House()
    ana, bo = house.person("Ana"), house.person("Bo")
    house.tick()
    for person in (ana, bo):
        person.heard()
    ana.walk(0x10)
    house.tick()
    found = samples(house.metrics)
    counts = {
        sample.labels["stage"]: sample.value
        for family in house.metrics.registry.collect()
        for sample in family.samples
        if sample.name == "hallway_tick_stage_seconds_count"
    }
    assert counts == dict.fromkeys(STAGES, 2.0)
    assert found["hallway_snapshot_rows_total", "full"] == 4, "two people, told of two"
    assert found["hallway_snapshot_rows_total", "course"] == 2, "one turned, both are told"
    assert found["hallway_corrections_total", ""] == 0


def test_values_that_are_looked_up_often_are_those_of_the_page() -> None:
    metrics = Metrics()
    metrics.connections.set(3)
    metrics.rooms.set(2)
    metrics.tick_seconds.observe(0.5)
    metrics.ticks_dropped.inc(4)
    for name, value in (("connections", 3), ("rooms", 2), ("tick_seconds_sum", 0.5), ("ticks_dropped_total", 4)):
        assert value_of(metrics, f"hallway_{name}") == metrics.registry.get_sample_value(f"hallway_{name}") == value


def test_the_pace_of_a_room_is_that_of_its_newest_ticks() -> None:
    pace = Pace()
    assert pace.report(0.05).ticks == 0
    for _ in range(WINDOW_TICKS):
        pace.note(0.0, 1.0, 3)
    for number in range(WINDOW_TICKS):
        pace.note(0.0, 0.002 if number else 0.01, 0)
    report = pace.report(0.05)
    assert (report.ticks, report.tick_p50_ms, report.tick_p99_ms) == (2 * WINDOW_TICKS, 2.0, 2.0)
    assert report.busy == pytest.approx(0.04, abs=0.001)
    assert pace.dropped == 3 * WINDOW_TICKS
