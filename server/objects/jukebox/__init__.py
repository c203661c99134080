"""Something that sounds: music or weather, louder the nearer one stands. The loops are made by the client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta, Struct

from server.objects.kind import Action, Name, ObjectType, Person
from server.objects.thing import Thing

Loop = Literal["lofi", "piano", "drift", "rain", "waves", "fire", "forest"]


class Jukebox(Struct, frozen=True, forbid_unknown_fields=True):
    """`volume`: percent. `radius_px`: nothing is heard from there on. `loop`, `playing`: how it stands at first."""

    name: Name = ""
    loop: Loop = "lofi"
    playing: bool = False
    volume: Annotated[int, Meta(ge=0, le=100)] = 60
    radius_px: Annotated[int, Meta(ge=64, le=1024)] = 288


class Choice(Struct, frozen=True, forbid_unknown_fields=True):
    loop: Loop


class JukeboxType(ObjectType[Jukebox]):
    name = "jukebox"
    config = Jukebox
    size = (40, 32)
    furniture: ClassVar = {
        "dj-booth": {"loop": "lofi"},
        "fireplace": {"loop": "fire", "playing": True, "volume": 50, "radius_px": 192},
    }

    def actions(self) -> Mapping[str, Action]:
        return {"play": Action(_play, Choice), "stop": Action(_stop)}

    def restored(self, state: dict[str, Any], config: Jukebox) -> dict[str, Any]:
        return {"loop": state.get("loop", config.loop), "playing": state.get("playing", config.playing)}


def _play(thing: Thing, person: Person, value: Choice) -> None:
    thing.change(loop=value.loop, playing=True, by=person.name)


def _stop(thing: Thing, person: Person, _value: None) -> None:
    thing.change(playing=False, by=person.name)


TYPE = JukeboxType()
