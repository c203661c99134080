"""A machine full of emojis: whoever takes one holds it up for all to see."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

from server.objects.kind import Action, Name, ObjectType, Person, Refused
from server.objects.thing import Thing

FIRST = ("☕", "🍵", "🍩", "🍎", "🍕", "🎈", "🎉", "🌻")
_DIRECTIONS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_emoji(text: str) -> bool:
    """Whether it is a picture among characters, skin tones and joiners included, and nothing that could be read."""
    return (
        all(unicodedata.category(character) in ("So", "Sk", "Mn", "Me", "Cf", "Sm") for character in text)
        and any(unicodedata.category(character) in ("So", "Sm") for character in text)
        and not any(character in _DIRECTIONS for character in text)
    )


Emoji = Annotated[str, Meta(min_length=1, max_length=10)]


class VendingMachine(Struct, frozen=True, forbid_unknown_fields=True):
    name: Name = ""
    emojis: Annotated[tuple[Emoji, ...], Meta(min_length=1, max_length=12)] = FIRST

    def __post_init__(self) -> None:
        if not all(is_emoji(entry) for entry in self.emojis):
            raise ValueError("each must be an emoji")


class Choice(Struct, frozen=True, forbid_unknown_fields=True):
    emoji: Annotated[str, Meta(min_length=1, max_length=10)]


class VendingMachineType(ObjectType[VendingMachine]):
    name = "vending_machine"
    config = VendingMachine
    size = (40, 32)

    def actions(self) -> Mapping[str, Action]:
        return {"take": Action(_take, Choice)}


def _take(thing: Thing, person: Person, value: Choice) -> None:
    if value.emoji not in thing.config.emojis:
        raise Refused("unknown_target", "The machine is out of these.")
    thing.tell(emoji=value.emoji, avatar=person.avatar)


TYPE = VendingMachineType()
