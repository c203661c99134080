"""What clients report about their links becomes metrics that name nobody."""

from __future__ import annotations

import struct
from types import SimpleNamespace
from typing import Any

from prometheus_client import CollectorRegistry

from protocol.messages import Health
from server.media.health import REPORT_BURST, UNKNOWN, LinkMetrics, RoomHealth
from server.ops.metrics import Metrics


def row(quality: int = 0, way: int = 0, kbps: int = 640, loss: int = 12, jitter: int = 4, trip: int = 40) -> bytes:
    return struct.pack("<BBHHHH", quality, way, kbps, loss, jitter, trip)


def metrics() -> tuple[LinkMetrics, CollectorRegistry]:
    registry = CollectorRegistry()
    return LinkMetrics(registry), registry


def test_each_link_is_counted_by_its_way_and_measured_in_base_units() -> None:
    links, registry = metrics()
    links.add(Health(0, 0, 0, row() + row(way=1, quality=2) + row(way=2)))
    value = registry.get_sample_value
    assert value("hallway_link_states_total", {"way": "direct", "quality": "good"}) == 1
    assert value("hallway_link_states_total", {"way": "relay", "quality": "poor"}) == 1
    assert value("hallway_link_loss_ratio_sum", {"way": "sfu"}) == 0.012
    assert value("hallway_link_jitter_seconds_sum", {"way": "sfu"}) == 0.004
    assert value("hallway_link_round_trip_seconds_sum", {"way": "sfu"}) == 0.04
    assert value("hallway_link_bits_per_second_sum", {"way": "sfu"}) == 640_000


def test_repairs_are_added_up() -> None:
    links, registry = metrics()
    links.add(Health(2, 1, 0, b""))
    links.add(Health(1, 0, 255, b""))
    found = {
        what: registry.get_sample_value("hallway_link_repairs_total", {"what": what})
        for what in ("restart", "rebuild", "give_up")
    }
    assert found == {"restart": 3, "rebuild": 1, "give_up": 255}


def test_what_is_not_known_yet_is_not_measured_and_nonsense_is_left_out() -> None:
    links, registry = metrics()
    links.add(Health(0, 0, 0, row(quality=3) + row(quality=5) + row(way=3) + row(loss=1001) + row(trip=UNKNOWN)))
    value = registry.get_sample_value
    assert value("hallway_link_states_total", {"way": "direct", "quality": "connecting"}) == 1
    assert value("hallway_link_states_total", {"way": "direct", "quality": "good"}) == 1
    assert value("hallway_link_loss_ratio_count", {"way": "direct"}) == 1
    assert value("hallway_link_round_trip_seconds_count", {"way": "direct"}) in (0, None)


def test_who_reports_too_often_is_not_heard_and_counted() -> None:
    links, registry = metrics()
    counted = Metrics()
    room: Any = SimpleNamespace()
    part = RoomHealth(room, links, counted)
    [(_, receive)] = part.handlers().items()
    somebody: Any = SimpleNamespace(avatar=7)
    events: Any = None
    for _ in range(10):
        receive(somebody, Health(1, 0, 0, b""))
    assert registry.get_sample_value("hallway_link_repairs_total", {"what": "restart"}) == REPORT_BURST
    refused = counted.registry.get_sample_value("hallway_discarded_total", {"what": "health_flood"})
    assert refused == 10 - REPORT_BURST
    part.stepped(events, 10.0)
    receive(somebody, Health(1, 0, 0, b""))
    assert registry.get_sample_value("hallway_link_repairs_total", {"what": "restart"}) == REPORT_BURST + 1
    part.went(somebody)


def test_no_metric_has_a_label_that_could_name_somebody() -> None:
    links, registry = metrics()
    links.add(Health(1, 1, 1, row()))
    names = {label for metric in registry.collect() for sample in metric.samples for label in sample.labels}
    assert names == {"way", "quality", "what", "le"}
