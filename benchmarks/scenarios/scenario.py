"""What a scenario is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from benchmarks.results import Point

Measure: TypeAlias = Callable[[bool], Iterator[Point]]
"""Yields points as they are found. The argument: a short form that shows that everything works, and no more."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """`title`: one line for people. `about`: what is measured and how, for the report."""

    name: str
    title: str
    about: str
    measure: Measure
