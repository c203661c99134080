"""What a scenario found: points with figures, the machine they were found on, and how two of them compare."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from os import cpu_count
from pathlib import Path
from typing import Any, Final

FORMAT: Final = "hallway.benchmarks/1"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. `better`: "less", "more", or "" where neither is. `target`: what it should be, None: no target."""

    value: float
    unit: str
    better: str = "less"
    target: float | None = None

    @property
    def holds(self) -> bool | None:
        """Whether the target is met; None: there is none."""
        if self.target is None:
            return None
        return self.value >= self.target if self.better == "more" else self.value <= self.target


@dataclass(frozen=True, slots=True)
class Point:
    """Figures for one choice of parameters. `doubt`: why they may be the measuring process's own. `note`: what explains
    them."""

    parameters: Mapping[str, Any]
    figures: Mapping[str, Figure]
    doubt: str | None = None
    note: str = ""

    @property
    def name(self) -> str:
        """The parameters as one line."""
        return ", ".join(f"{key} {value}" for key, value in self.parameters.items())


@dataclass(slots=True)
class Outcome:
    """All points of one scenario."""

    scenario: str
    title: str
    points: list[Point] = field(default_factory=list)
    about: str = ""


@dataclass(slots=True)
class Report:
    """The outcomes of one run."""

    outcomes: list[Outcome]
    machine: Mapping[str, Any] = field(default_factory=lambda: machine())
    made_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))

    def write(self, path: Path) -> None:
        """Save as JSON. OSError."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"format": FORMAT, **asdict(self)}, indent=1) + "\n")

    @classmethod
    def read(cls, path: Path) -> Report:
        """Load what `write` saved. ValueError for another kind of file, OSError."""
        try:
            data = json.loads(path.read_text())
            if data["format"] != FORMAT:
                raise ValueError
            outcomes = [
                Outcome(
                    outcome["scenario"],
                    outcome["title"],
                    [
                        Point(
                            point["parameters"],
                            {name: Figure(**figure) for name, figure in point["figures"].items()},
                            point["doubt"],
                            point.get("note", ""),
                        )
                        for point in outcome["points"]
                    ],
                    outcome.get("about", ""),
                )
                for outcome in data["outcomes"]
            ]
            return cls(outcomes, data["machine"], data["made_at"])
        except (ValueError, TypeError, LookupError):
            raise ValueError(f"{path} does not hold results of these benchmarks") from None


@dataclass(frozen=True, slots=True)
class Change:
    """How one figure differs between two reports. `ratio`: after divided by before."""

    scenario: str
    point: str
    figure: str
    before: Figure
    after: Figure
    ratio: float

    def is_regression(self, tolerance: float) -> bool:
        """Whether it got worse by more than `tolerance` (0.25: a quarter)."""
        if self.after.better == "more":
            return self.ratio < 1 / (1 + tolerance)
        return self.after.better == "less" and self.ratio > 1 + tolerance


def compare(before: Report, after: Report) -> Iterator[Change]:
    """Every figure that both reports have for the same point and that is not zero before."""
    known = {(o.scenario, p.name): p.figures for o in before.outcomes for p in o.points}
    for outcome in after.outcomes:
        for point in outcome.points:
            old = known.get((outcome.scenario, point.name), {})
            for name, figure in point.figures.items():
                if name in old and old[name].value:
                    yield Change(outcome.scenario, point.name, name, old[name], figure, figure.value / old[name].value)


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "processor": _processor(),
        "cores": cpu_count(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
