"""Whisper bubbles: a few people who talk among themselves wherever they stand (docs/places.md).

A bubble holds while its people are near its middle and on the ground it began on; alone nobody is in one.
"""

from __future__ import annotations

import hashlib
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from sim.raster import UNITS_PER_PX

MOST_PEOPLE: Final = 8
_IDS: Final = 0xFFFF

BubbleRefusal = Literal["out_of_reach", "not_allowed", "occupied"]


class Bubbles:
    """`of`: uint16, by avatar id, the bubble each is in, 0 = none; `radius_px`: how far from the middle one may be."""

    def __init__(self, rows: int, radius_px: int) -> None:
        self.of = np.zeros(rows, np.uint16)
        self._ground = np.zeros(rows, np.int32)
        self._radius = radius_px * UNITS_PER_PX
        self._last = 0
        self.anyone = False
        """Whether somebody may be in a bubble; surely known after `settle`."""

    def join(
        self, avatar: int, other: int, x: NDArray[np.int32], y: NDArray[np.int32], ground: NDArray[np.int32]
    ) -> BubbleRefusal | None:
        """`avatar` comes into the bubble of `other`, which is made if there is none; None: done, else why not.

        x, y: int32, by avatar id, 1/256 px. ground: int32, by avatar id, the private area they are in, 0 = open floor,
        below 0: nobody can be in a bubble there.
        """
        bubble = int(self.of[other])
        if avatar == other or ground[avatar] != ground[other] or ground[avatar] < 0:
            return "not_allowed"
        if bubble and bubble == self.of[avatar]:
            return None
        members = np.flatnonzero(self.of == bubble) if bubble else np.array([other])
        if members.size >= MOST_PEOPLE:
            return "occupied"
        together = np.append(members, avatar)
        if not self._holds(together, x, y)[-1]:
            return "out_of_reach"
        if not bubble:
            bubble = self._free_id()
        self.anyone = True
        self.of[[avatar, other]] = bubble
        self._ground[[avatar, other]] = ground[other]
        return None

    def leave(self, avatar: int) -> None:
        """The avatar is in no bubble any more."""
        self.of[avatar] = 0

    def settle(self, x: NDArray[np.int32], y: NDArray[np.int32], ground: NDArray[np.int32]) -> None:
        """After everyone has moved: who went too far or elsewhere is out, and so is whoever is left alone."""
        members = np.flatnonzero(self.of)
        self.anyone = bool(members.size)
        if not members.size:
            return
        out = self._ground[members] != ground[members]
        for bubble in np.unique(self.of[members]).tolist():
            mine = np.flatnonzero(self.of[members] == bubble)
            out[mine] |= ~self._holds(members[mine], x, y)
        self.of[members[out]] = 0
        alone = np.bincount(self.of[members], minlength=_IDS + 1)[self.of[members]] == 1
        self.of[members[alone]] = 0

    def _holds(self, members: NDArray[np.integer], x: NDArray[np.int32], y: NDArray[np.int32]) -> NDArray[np.bool_]:
        """bool[n]: is each near enough to the middle of all?"""
        px, py = x[members].astype(np.int64), y[members].astype(np.int64)
        dx, dy = px - px.sum() // px.size, py - py.sum() // py.size
        near: NDArray[np.bool_] = dx * dx + dy * dy <= self._radius**2
        return near

    def _free_id(self) -> int:
        used = set(self.of[self.of > 0].tolist())
        while True:
            self._last = self._last % _IDS + 1
            if self._last not in used:
                return self._last

    def state_hash(self) -> str:
        """A digest of everything that later steps depend on."""
        digest = hashlib.sha256(str(self._last).encode())
        digest.update(self.of.astype("<i8").tobytes())
        digest.update(np.where(self.of > 0, self._ground, 0).astype("<i8").tobytes())
        return digest.hexdigest()
