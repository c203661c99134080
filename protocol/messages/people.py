"""Who is in the room, how they want to be seen, and what its rulers change (sections 5.2 and 5.14 to 5.16)."""

from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Meta, Struct

from protocol.constants import PRESENCE_TEXT_BYTES, UINT32_MAX, Kind
from protocol.errors import MalformedError
from protocol.messages.core import Radii
from protocol.messages.types import AvatarId, Checks, Look, Uint16, Uint32, UserId


class Entry(Struct, array_like=True, forbid_unknown_fields=True, frozen=True, gc=False):
    """One person in the room (section 5.2)."""

    avatar: AvatarId
    user_id: UserId
    name: Annotated[str, Meta(min_length=1, max_length=64)]
    look: Look
    flags: Uint32


class Roster(Struct, array_like=True, tag=int(Kind.ROSTER), forbid_unknown_fields=True, frozen=True):
    """Everyone in the room; replaces what was known (section 5.2)."""

    entries: tuple[Entry, ...]


class Joined(Struct, array_like=True, tag=int(Kind.JOINED), forbid_unknown_fields=True, frozen=True, gc=False):
    """Adds or replaces one entry (section 5.2)."""

    entry: Entry


LeftReason: TypeAlias = Literal["left", "lost", "replaced", "removed"]


class Left(Struct, array_like=True, tag=int(Kind.LEFT), forbid_unknown_fields=True, frozen=True, gc=False):
    """Removes one entry (section 5.2)."""

    avatar: AvatarId
    reason: LeftReason


class Mood(Struct, array_like=True, forbid_unknown_fields=True, frozen=True, gc=False):
    """How one person wants to be seen (section 5.14)."""

    avatar: AvatarId
    status: Annotated[int, Meta(ge=0, le=3)]
    text: Annotated[str, Meta(max_length=PRESENCE_TEXT_BYTES)]


class Presence(Struct, array_like=True, tag=int(Kind.PRESENCE), forbid_unknown_fields=True, frozen=True):
    """Section 5.14."""

    entries: tuple[Mood, ...]


class Portal(Struct, array_like=True, tag=int(Kind.PORTAL), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 5.15."""

    ref: Uint16
    portal: Uint16
    room_id: UserId


class Changed(Struct, array_like=True, tag=int(Kind.CHANGED), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 5.16. `what`: bits of `Change`."""

    what: Annotated[int, Meta(ge=1, le=UINT32_MAX)]
    proximity: Radii


PeopleServerMessage: TypeAlias = Roster | Joined | Left | Presence | Portal | Changed


def _check_name(entry: Entry) -> None:
    if len(entry.name.encode()) > 64:
        raise MalformedError("name is longer than 64 bytes")


def _check_joined(message: Joined) -> None:
    _check_name(message.entry)


def _check_roster(message: Roster) -> None:
    for entry in message.entries:
        _check_name(entry)


def _check_presence(message: Presence) -> None:
    for mood in message.entries:
        if len(mood.text.encode()) > PRESENCE_TEXT_BYTES:
            raise MalformedError(f"text is longer than {PRESENCE_TEXT_BYTES} bytes")


CHECKS: Final[Checks] = {Joined: _check_joined, Roster: _check_roster, Presence: _check_presence}
"""What types cannot say, by message."""
