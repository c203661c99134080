"""Who is looked up again when something changes: those whom it concerns, and nobody else."""

from __future__ import annotations

from contextlib import ExitStack
from uuid import UUID

from server.rooms.changes import Changes

ROOM, OTHER_ROOM, ADA, BO = (UUID(int=number) for number in range(4))
LOOKUPS = {
    "Ada in the room": (ROOM, ADA),
    "Bo in the room": (ROOM, BO),
    "Ada in another": (OTHER_ROOM, ADA),
    "Ada anywhere": (None, ADA),
    "the room": (ROOM, None),
}


def stale_after(change: str, *ids: UUID) -> set[str]:
    changes = Changes()
    with ExitStack() as stack:
        lookups = {name: stack.enter_context(changes.during(*about)) for name, about in LOOKUPS.items()}
        getattr(changes, change)(*ids)
        return {name for name, lookup in lookups.items() if lookup.stale}


def test_a_change_of_a_room_concerns_everybody_who_comes_to_it() -> None:
    assert stale_after("of_room", ROOM) == {"Ada in the room", "Bo in the room", "Ada anywhere", "the room"}
    assert stale_after("of_room", OTHER_ROOM) == {"Ada in another", "Ada anywhere"}


def test_what_a_person_is_in_a_room_concerns_them_there() -> None:
    assert stale_after("of_person", ADA, ROOM) == {"Ada in the room", "Ada anywhere"}
    assert stale_after("of_person", BO, OTHER_ROOM) == set()


def test_a_person_may_change_everywhere() -> None:
    assert stale_after("of_person", ADA) == {"Ada in the room", "Ada in another", "Ada anywhere"}


def test_what_is_no_longer_looked_up_is_forgotten() -> None:
    changes = Changes()
    with changes.during(ROOM, ADA) as lookup:
        pass
    changes.of_room(ROOM)
    assert not lookup.stale
    assert not changes._lookups
