"""What can be measured. Each scenario is a module here with a `SCENARIO`; a new one is a line in `SCENARIOS`."""

from __future__ import annotations

from typing import Final

from benchmarks.scenarios import crowd, idle, joins, office, rooms, stages, stuck
from benchmarks.scenarios.scenario import Scenario

SCENARIOS: Final[dict[str, Scenario]] = {
    module.SCENARIO.name: module.SCENARIO for module in (stages, office, crowd, idle, rooms, joins, stuck)
}
