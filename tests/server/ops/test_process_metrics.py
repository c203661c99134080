"""Several processes behind one port: the page of one tells of all, in the form that Prometheus reads."""

from __future__ import annotations

import time
import urllib.request

from prometheus_client.parser import text_string_to_metric_families

from server.ops.metrics import Metrics
from server.ops.process_metrics import merged
from tests.adversity.server_process import running_server


def test_each_metric_stands_together_with_each_process_as_a_label() -> None:
    pages = {}
    for number, process in enumerate(("a1", "b2"), start=1):
        metrics = Metrics()
        metrics.rooms.set(number)
        metrics.discarded.labels('odd "what"').inc(number)
        metrics.tick_seconds.observe(0.001)
        pages[process] = metrics.render().decode()
    families = {family.name: family for family in text_string_to_metric_families(merged(pages))}
    alone = {family.name for family in text_string_to_metric_families(pages["a1"])}
    assert set(families) == alone
    rooms = {sample.labels["process"]: sample.value for sample in families["hallway_rooms"].samples}
    assert rooms == {"a1": 1, "b2": 2}
    counted = [sample for sample in families["hallway_discarded"].samples if sample.name.endswith("_total")]
    assert [(sample.labels, sample.value) for sample in counted] == [
        ({"process": "a1", "what": 'odd "what"'}, 1),
        ({"process": "b2", "what": 'odd "what"'}, 2),
    ]
    buckets = [sample for sample in families["hallway_tick_seconds"].samples if sample.labels.get("le") == "+Inf"]
    assert [sample.value for sample in buckets] == [1, 1]


def test_whichever_process_is_asked_it_tells_of_both() -> None:
    with running_server(WORKERS=2, SFU_PORT=0, UDP_PORT=0) as server:

        def told() -> set[str]:
            with urllib.request.urlopen(f"{server.url}/metrics", timeout=10) as answer:
                families = {found.name: found for found in text_string_to_metric_families(answer.read().decode())}
            return {sample.labels["process"] for sample in families["hallway_rooms"].samples}

        deadline = time.monotonic() + 30  # the first is there before the second
        while len(told()) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        # Each has to have heard of the other, and any of them may be asked.
        while not all(len(told()) == 2 for _ in range(6)):
            assert time.monotonic() < deadline
