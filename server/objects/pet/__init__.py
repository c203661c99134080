"""A pet: whoever takes it along has it at their heels, until they let it go home.

Clients draw it a moment behind its owner, as a function of where the owner was: the simulation moves owners, not pets.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from msgspec import Struct

from server.objects.kind import Action, Name, ObjectType, Person, Refused
from server.objects.thing import Thing
from server.rooms.roles import Role


class Pet(Struct, frozen=True, forbid_unknown_fields=True):
    name: Name = ""
    kind: Literal["cat", "dog", "rabbit", "duck"] = "cat"
    colour: Literal["ginger", "grey", "white", "black", "brown"] = "ginger"


class PetType(ObjectType[Pet]):
    name = "pet"
    config = Pet
    size = (24, 24)

    def actions(self) -> Mapping[str, Action]:
        return {"take": Action(_take), "release": Action(_release, from_afar=True), "stroke": Action(_stroke)}

    def went(self, thing: Thing, user_id: UUID) -> None:
        if thing.state.get("owner") == str(user_id):
            thing.change(owner=None)


def _take(thing: Thing, person: Person, _value: None) -> None:
    if thing.state.get("owner") is not None:
        raise Refused("occupied", "It is out with somebody else.")
    thing.change(owner=str(person.user_id))


def _release(thing: Thing, person: Person, _value: None) -> None:
    if thing.state.get("owner") is None:
        return
    if thing.state["owner"] != str(person.user_id) and person.role < Role.MODERATOR:
        raise Refused("not_allowed", "It is out with somebody else.")
    thing.change(owner=None)


def _stroke(thing: Thing, person: Person, _value: None) -> None:
    thing.tell(stroked=True, avatar=person.avatar)


TYPE = PetType()
