"""The alarms: right by Prometheus's own judge, ringing when they should, and each with a page that says what to do."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.files import DEPLOY, ROOT

ALERTS = DEPLOY / "prometheus/alerts.yaml"
needs_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool is not installed (apt-get install prometheus)"
)


def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load(ALERTS.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"] if "alert" in rule]


def test_each_alarm_has_a_page_that_says_what_it_means_what_to_look_at_and_what_to_do() -> None:
    pages = re.split(r"^### ", (ROOT / "docs/operations.md").read_text(), flags=re.MULTILINE)
    by_name = {page.partition("\n")[0].strip(): page for page in pages}
    for alert in alerts():
        page = by_name[alert["alert"]]
        assert [word for word in ("**Means**", "**Look at**", "**Do**") if word not in page] == []
        assert alert["annotations"]["runbook"] == f"docs/operations.md#{alert['alert'].lower()}"
        assert alert["labels"]["severity"] in ("warning", "critical")
        assert alert["annotations"]["summary"]
    assert len(alerts()) >= 10


@needs_promtool
def test_prometheus_takes_the_files() -> None:
    for what, file in (("rules", ALERTS), ("config", DEPLOY / "prometheus/prometheus.yaml")):
        judged = subprocess.run(["promtool", "check", what, str(file)], capture_output=True, text=True, timeout=30)
        assert judged.returncode == 0, judged.stdout + judged.stderr


WHO = 'instance="a:8080", job="hallway"'
RINGING = {
    "HallwayDown": {f"up{{{WHO}}}": "0x20"},
    "HallwayDatabaseAway": {f'hallway_part_up{{{WHO}, part="database"}}': "0x20"},
    "HallwayRedisAway": {f'hallway_part_up{{{WHO}, part="redis"}}': "0x20"},
    "HallwayNotSaved": {
        f"hallway_save_failures_total{{{WHO}}}": "0+3x40",
        f"hallway_chat_write_failures_total{{{WHO}}}": "0x40",
    },
    "HallwayTickBudget": {f"hallway_tick_seconds_sum{{{WHO}}}": "0+42x40"},
    "HallwayTicksDropped": {f"hallway_ticks_dropped_total{{{WHO}}}": "0+30x40"},
    "HallwayClientsBehind": {
        f"hallway_snapshots_skipped_total{{{WHO}}}": "0+1000x40",
        f"hallway_snapshots_total{{{WHO}}}": "0+6000x40",
    },
    "HallwayFull": {f'hallway_refused_total{{{WHO}, code="http_503"}}': "0+5x40"},
    "HallwaySfuAtItsLimit": {f'hallway_sfu_level{{{WHO}, worker="0"}}': "1x40"},
    "HallwayConversationsFail": {
        f'hallway_link_states_total{{{WHO}, way="direct", quality="good"}}': "0+60x40",
        f'hallway_link_states_total{{{WHO}, way="direct", quality="connecting"}}': "0+10x40",
    },
    "HallwayRoomsContested": {
        f"hallway_leases_lost_total{{{WHO}}}": "0+1x40",
        f"hallway_stale_writes_total{{{WHO}}}": "0x40",
    },
}
"""Series, a value a minute, that must make each alarm ring, and no other."""
QUIET = {
    f"up{{{WHO}}}": "1x40",
    f'hallway_part_up{{{WHO}, part="database"}}': "1x40",
    f"hallway_tick_seconds_sum{{{WHO}}}": "0+20x40",
    f"hallway_snapshots_skipped_total{{{WHO}}}": "0+10x40",
    f"hallway_snapshots_total{{{WHO}}}": "0+6000x40",
    f'hallway_sfu_level{{{WHO}, worker="0"}}': "0x40",
}


@needs_promtool
@pytest.mark.parametrize("ringing", [*RINGING, None])
def test_an_alarm_rings_when_it_should_and_alone(ringing: str | None, tmp_path: Path) -> None:
    series = QUIET | (RINGING[ringing] if ringing else {})
    checks = []
    for alert in alerts():
        # promtool compares labels and annotations, too: what matters here is which of them ring at all.
        rings = f'count(ALERTS{{alertname="{alert["alert"]}", alertstate="firing"}}) or vector(0)'
        value = 1 if alert["alert"] == ringing else 0
        checks.append({"expr": rings, "eval_time": "20m", "exp_samples": [{"labels": "{}", "value": value}]})
    test = {
        "rule_files": [str(ALERTS)],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": name, "values": values} for name, values in series.items()],
                "promql_expr_test": checks,
            }
        ],
    }
    file = tmp_path / "test.yaml"
    file.write_text(yaml.safe_dump(test))
    done = subprocess.run(["promtool", "test", "rules", str(file)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alarm_is_tried() -> None:
    assert set(RINGING) == {alert["alert"] for alert in alerts()}
