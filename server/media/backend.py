"""What hands media on beside the direct way: one interface for the built-in SFU, Janus and LiveKit.

    Conductor (one a room)  --open, describe, publish, hear, look, close-->  MediaBackend
    Conductor               <--described, filled, limited, changed, reset--  MediaBackend

A backend knows legs by number and rooms by id, and nothing of avatars, links or plans.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from protocol.constants import BackendKind, LegState, Source


@dataclass(frozen=True, slots=True)
class SlotRow:
    """What comes out of one section of a leg. `index`: 0 or 1, which of its connections. `who`: a leg."""

    index: int
    mid: int
    who: int
    source: Source
    layer: int


@dataclass(frozen=True, slots=True)
class Wish:
    """How a client wants a picture. `size`: 0 hidden, 1 small, 2 large."""

    who: int
    source: Source
    size: int


class LegEvents(Protocol):
    """Who opened a leg, and hears what becomes of it. Called on the server's event loop; none of these awaits."""

    def described(self, leg: int, index: int, form: int, sdp: str) -> None:
        """A description for the client. `form`: a `Description`."""

    def filled(self, leg: int, slots: Sequence[SlotRow]) -> None:
        """Whose what comes out of which section."""

    def limited(self, leg: int, level: int, reason: int, sound: int, pictures: int) -> None:
        """How much the leg gets: a `Level`, a `Reason`, and slots of each kind."""

    def changed(self, leg: int, state: LegState) -> None:
        """The leg is in another state; FAILED is final."""


class Watcher(Protocol):
    """Who wants to know how the whole backend is."""

    def backend_changed(self, available: bool) -> None:
        """It is there or away. All legs of before are gone in both cases."""


class MediaBackend:
    """No SFU at all: everything goes the direct way. The others override."""

    kind = BackendKind.NONE
    pass_s: float | None = None
    """How long what `pass_for` gives is good, s; None: for ever."""

    def __init__(self) -> None:
        self._watchers: list[Watcher] = []
        self._numbers = itertools.count(1)

    # --- the whole --------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Begin. Does not wait until it is available."""

    async def stop(self) -> None:
        """End; clients are told by whoever ends the rooms."""

    def wake(self) -> None:
        """Somebody is here who could use it: what costs something begins only now."""

    def watch(self, watcher: Watcher) -> None:
        """From now on this one is told of changes."""
        self._watchers.append(watcher)

    def unwatch(self, watcher: Watcher) -> None:
        """It need not be told any more."""
        self._watchers.remove(watcher)

    @property
    def available(self) -> bool:
        """Whether legs can be opened now."""
        return False

    def pass_for(self, room: UUID, user: UUID, name: str) -> tuple[str | None, str | None]:
        """The `url` and `token` of BACKEND for one person in one room."""
        return None, None

    # --- legs -------------------------------------------------------------------------------------------------------

    def open(self, room: UUID, user: UUID, events: LegEvents) -> int:
        """A new leg; its number is never used again. RuntimeError from a backend that is never `available`."""
        raise RuntimeError("this backend carries no media: ask whether it is available first")

    def describe(self, leg: int, index: int, form: int, sdp: str) -> None:
        """The client's description."""

    def candidate(self, leg: int, index: int, candidate: str | None) -> None:
        """A candidate of the client's; None: there are no more."""

    def publish(self, leg: int, bits: int, allowed: int) -> None:
        """What of this leg may be handed on: bits of MEDIA, those of `allowed` at most. Nothing before the first call.
        `allowed` is what the room's moderators leave to the person; it changes seldom."""

    def hear(self, leg: int, speakers: Mapping[int, int]) -> None:
        """Everyone whom this leg may hear and see, and how near they are, 0 to 255. Nobody before the first call."""

    def look(self, leg: int, most: int, wishes: Sequence[Wish]) -> None:
        """What the client has room for."""

    def close(self, leg: int) -> None:
        """The leg ends at once."""

    def _next_number(self) -> int:
        # A u32 on the wire; 0 means none.
        return (next(self._numbers) - 1) % 0xFFFF_FFFF + 1

    def _tell_watchers(self, available: bool) -> None:
        for watcher in tuple(self._watchers):
            watcher.backend_changed(available)
