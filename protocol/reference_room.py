"""A room in the plain terms of STANDARD.md: keeps every past tick and derives snapshots from it by definition.

It is to the server's snapshots what `reference` is to its world: the oracle, with no shortcut in it.
"""

from dataclasses import dataclass, field

import numpy as np

from protocol.messages import Door, Interest, Snapshot
from protocol.reference import Avatar, ReferenceWorld, cell_of, checksum, in_interest
from protocol.rows import pack_courses, pack_ids, pack_rows


@dataclass
class ReferenceRoom:
    """`cols`: cells in a row of the map; `history` has the world after every tick."""

    world: ReferenceWorld
    interest: Interest
    cols: int
    history: dict[int, ReferenceWorld] = field(default_factory=dict)
    courses: list[tuple[int, int, int]] = field(default_factory=list)
    """(tick, id, course) of every change of course."""
    placed: dict[int, int] = field(default_factory=dict)
    """Newest tick at which an avatar appeared or was placed."""

    def step(
        self,
        *,
        courses: dict[int, int] | None = None,
        places: dict[int, Avatar] | None = None,
        leaves: tuple[int, ...] = (),
        doors: dict[int, bool] | None = None,
    ) -> list[Door]:
        """One tick: leaves, places (joins and teleports), doors, courses, movement. Returns the DOOR events."""
        tick = self.world.tick + 1
        for avatar in leaves:
            del self.world.avatars[avatar]
        for avatar, place in (places or {}).items():
            self.world.avatars[avatar] = place
            self.placed[avatar] = tick
        for door, is_open in (doors or {}).items():
            self.world.set_door(door, is_open)
        for avatar, course in (courses or {}).items():
            self.world.avatars[avatar].course = course
            self.courses.append((tick, avatar, course))
        self.world.step()
        self.history[tick] = self.world.copy()
        return [Door(tick, door, is_open, 0) for door, is_open in (doors or {}).items()]

    def home(self, avatar: int) -> int:
        """The cell in which an avatar is now."""
        return cell_of(self.world.avatars[avatar], self.interest.cell, self.cols)

    def seen(self, tick: int, home: int) -> dict[int, Avatar]:
        """The avatars of the interest set of `home` at `tick`: what the client must know."""
        avatars = self.history[tick].avatars
        return {i: a for i, a in sorted(avatars.items()) if self._covers(home, a)}

    def snapshot(
        self,
        home: int,
        baseline: tuple[int, int] | None = None,
        *,
        applied: int | None = None,
        slack: int | None = None,
        check: bool = True,
    ) -> Snapshot:
        """The SNAPSHOT of now for a client that has the interest set of `baseline` = (tick, home), or nothing."""
        tick = self.world.tick
        seen = self.seen(tick, home)
        known: set[int] = set()
        since = tick
        if baseline is not None:
            since = baseline[0]
            known = {i for i, a in self.seen(*baseline).items() if self._covers(home, a)}
        gone = sorted(known - seen.keys())
        full = [i for i in seen if i not in known or self.placed[i] > since]
        changes = [
            (i, course, tick - at) for at, i, course in self.courses if at > since and i in seen and i not in full
        ]
        columns = np.array(changes, np.int64).reshape(-1, 3)
        return Snapshot(
            tick,
            tick - since,
            applied,
            slack,
            self.world.world,
            home,
            pack_ids(gone),
            pack_courses(columns[:, 0], columns[:, 1], columns[:, 2]).tobytes(),
            pack_rows(
                np.array(full, np.int64),
                np.array([seen[i].course for i in full], np.int64),
                np.array([seen[i].x for i in full], np.int64),
                np.array([seen[i].y for i in full], np.int64),
            ).tobytes(),
            checksum(seen) if check else None,
        )

    def _covers(self, home: int, avatar: Avatar) -> bool:
        return in_interest(cell_of(avatar, self.interest.cell, self.cols), home, self.cols, self.interest.radius)
