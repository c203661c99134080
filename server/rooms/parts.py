"""What a room has beside its world: chat, objects, gestures ... each one a `Part`.

    client's message -> Room.receive -> Part.handlers -> world commands, events to sessions
    Room.tick -> World.step -> Part.stepped

A part is made with its room, loads what is kept before anybody comes in, and saves off the tick. Only `load` and `save`
may await. A new part is one module, its Structs in `protocol.messages`, and a line in `server.app`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from server.rooms.session import Session
from server.store.rooms import Room as StoredRoom
from sim.commands import Events

if TYPE_CHECKING:
    from server.rooms.room import Room

Handler: TypeAlias = Callable[[Session, Any], None]


@dataclass(frozen=True, slots=True)
class Showing:
    """A place where somebody's shared screen is seen by those around it.

    `x`, `y`: its middle, px. `reach_px`: how far around it, None: in the whole room. `area`: the private area
    in which it is, 0: none; nobody outside of that sees it.
    """

    user_id: UUID
    x: float
    y: float
    reach_px: float | None
    area: int


class Part:
    """One concern of one room. Whatever a part has nothing to say about, it does not override."""

    limits_itself = False
    """Whether the part holds its messages to limits of its own, instead of to the one on acts."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def handlers(self) -> Mapping[type, Handler]:
        """By message type, what takes a client's messages of that type."""
        return {}

    def verbs(self) -> Mapping[int, Handler]:
        """By verb, what takes a client's ACT with that verb. A verb has one part."""
        return {}

    async def load(self) -> None:
        """Fetch what is kept, before anybody is in the room. Raises `StoreUnavailable`."""

    async def save(self) -> None:
        """Write what has changed. Called a few times a second and once at the end; raises nothing for a database that
        is away, but keeps what could not be written for the next time."""

    @property
    def is_saved(self) -> bool:
        """Whether nothing waits to be written by `save`."""
        return True

    def configure(self, stored: StoredRoom) -> None:
        """These are the room's settings: when it opens, and after each change."""

    def tell_state(self, session: Session) -> None:
        """Tell a client the whole of what the event lane would have told it, had it been here from the start."""

    def arrived(self, session: Session) -> None:
        """Somebody new is in the room; everybody was told so."""

    def went(self, session: Session) -> None:
        """Somebody is gone for good; everybody was told so."""

    def stepped(self, events: Events, now: float) -> None:
        """The world made a tick. `now`: s, the room's clock."""

    def lets_share(self, session: Session) -> bool:
        """Whether the part gives somebody a place to share their screen at, wherever they stand."""
        return False

    def showings(self) -> Iterable[Showing]:
        """Where somebody's shared screen is shown now."""
        return ()

    def closed(self) -> None:
        """The room ends; everybody was sent out."""


PartMaker: TypeAlias = Callable[["Room"], Part]
