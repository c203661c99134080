"""How a client applies a SNAPSHOT, and what it knows of doors (STANDARD.md 4.2, 5.4-5.6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from .wire import Message
from .world import Avatar, Grid, Kinematics, PublicMap, Raster, checksum, step

STATES_KEPT = 64
"""Ticks of states kept: a baseline is at most 63 ticks old."""


class Outcome(Enum):
    APPLIED = "applied"
    NOT_NEWER = "not newer than the newest snapshot applied"
    WORLD_AHEAD = "its world revision is not known yet"
    NO_BASELINE = "its baseline cannot be had"
    WRONG_SUM = "the checksum differs"


@dataclass
class Doors:
    """Which doors are open at a tick: WELCOME's set and every DOOR since."""

    tick: int
    world: int
    open: frozenset[int]
    changes: list[tuple[int, int, bool]] = field(default_factory=list)

    def change(self, tick: int, door: int, is_open: bool) -> None:
        self.changes.append((tick, door, is_open))

    def open_at(self, tick: int) -> frozenset[int]:
        now_open = set(self.open)
        for at, door, is_open in self.changes:
            if at <= tick:
                (now_open.add if is_open else now_open.discard)(door)
        return frozenset(now_open)

    def world_at(self, tick: int) -> int:
        """The revision at a tick not before `self.tick`."""
        return self.world + sum(self.tick < at <= tick for at, _, _ in self.changes)

    @property
    def newest_world(self) -> int:
        return self.world + sum(self.tick < at for at, _, _ in self.changes)


@dataclass(frozen=True)
class State:
    tick: int
    avatars: dict[int, Avatar]
    input: int | None


class Snapshots:
    """The states a client keeps, and the one way to a new one: apply()."""

    def __init__(self, public_map: PublicMap, kinematics: Kinematics, grid: Grid, *, reliable: bool = True) -> None:
        self._map = public_map
        self._kinematics = kinematics
        self.grid = grid
        self._reliable = reliable
        self._states: dict[int, State] = {}
        self._rasters: dict[frozenset[int], Raster] = {}
        self._newest_applied = -1
        self.expected_sum = 0

    @property
    def newest(self) -> State | None:
        return self._states[max(self._states)] if self._states else None

    def forget(self) -> None:
        self._states.clear()

    def apply(self, m: Message, doors: Doors) -> Outcome:
        if m["tick"] <= self._newest_applied:
            return Outcome.NOT_NEWER
        if m["world"] > doors.newest_world:
            return Outcome.WORLD_AHEAD
        baseline = self._baseline(m["tick"] - m["age"], doors) if m["age"] else State(m["tick"], {}, None)
        if baseline is None:
            return Outcome.NO_BASELINE
        avatars = self._within({i: a for i, a in baseline.avatars.items() if i not in m["gone"]}, m["home"])
        for tick in range(baseline.tick + 1, m["tick"] + 1):
            for avatar_id, course, ago in m["courses"]:
                if ago == m["tick"] - tick and avatar_id in avatars:
                    avatars[avatar_id] = Avatar(course, avatars[avatar_id].x, avatars[avatar_id].y)
            avatars = self._moved(avatars, tick, doors)
        for avatar_id, course, x, y in m["rows"]:
            avatars[avatar_id] = Avatar(course, x, y)
        avatars = self._within(avatars, m["home"])
        self.expected_sum = checksum(avatars)
        if m["check"] is not None and m["check"] != self.expected_sum:
            self.forget()
            return Outcome.WRONG_SUM
        number = m["input"] if m["input"] is not None else baseline.input
        self._states[m["tick"]] = State(m["tick"], avatars, number)
        self._newest_applied = m["tick"]
        self._states = {t: s for t, s in self._states.items() if t >= m["tick"] - STATES_KEPT}
        return Outcome.APPLIED

    def _baseline(self, tick: int, doors: Doors) -> State | None:
        if tick in self._states:
            return self._states[tick]
        newest = self.newest
        if newest is None or newest.tick > tick or not self._reliable:
            return None
        avatars = newest.avatars
        for t in range(newest.tick + 1, tick + 1):
            avatars = self._moved(avatars, t, doors)
        return State(tick, avatars, newest.input)

    def _moved(self, avatars: dict[int, Avatar], tick: int, doors: Doors) -> dict[int, Avatar]:
        now_open = doors.open_at(tick)
        if now_open not in self._rasters:
            self._rasters[now_open] = Raster(self._map, now_open)
        raster = self._rasters[now_open]
        return {i: step(a, self._kinematics, raster) for i, a in avatars.items()}

    def _within(self, avatars: dict[int, Avatar], home: int) -> dict[int, Avatar]:
        return {i: a for i, a in avatars.items() if self.grid.in_interest(self.grid.cell(a.x, a.y), home)}
