"""What can be measured. Each scenario is a module here with a `SCENARIO`; a new one is a line in `SCENARIOS`."""

from __future__ import annotations

from typing import Final

from benchmarks.scenarios import (
    crowd,
    fanout,
    idle,
    joins,
    latency,
    lossy,
    memory,
    office,
    rooms,
    scaling,
    sfu,
    sfu_ticks,
    stages,
    stuck,
    traffic,
)
from benchmarks.scenarios.scenario import Scenario

SCENARIOS: Final[dict[str, Scenario]] = {
    module.SCENARIO.name: module.SCENARIO
    for module in (
        stages,
        scaling,
        traffic,
        office,
        crowd,
        fanout,
        idle,
        latency,
        lossy,
        memory,
        rooms,
        joins,
        stuck,
        sfu,
        sfu_ticks,
    )
}
