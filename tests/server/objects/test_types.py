"""Every type of object: a schema that bounds everything, a client of the same name, actions that keep to rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from server.api.bodies import decode_body
from server.api.problems import Problem
from server.objects.kind import CONFIG_BYTES, Person, Refused, Surroundings, web_address
from server.objects.thing import Thing
from server.objects.types import object_types
from server.objects.vending_machine import is_emoji
from server.rooms.roles import Role
from server.store.objects import StoredObject

CLIENT = Path(__file__).parents[3] / "client_web" / "src" / "objects"
FILE = "00000000-0000-0000-0000-000000000001"
LEAST: dict[str, dict[str, Any]] = {"link": {"url": "https://example.org"}, "poster": {"file": FILE}}
ANN, BEN, CLEO = (UUID(int=number) for number in (1, 2, 3))


def thing_of(name: str, **config: Any) -> Thing:
    kind = object_types()[name]
    checked = msgspec.convert({**LEAST.get(name, {}), **config}, kind.config)
    stored = StoredObject(uuid4(), uuid4(), name, 0, 0, *kind.size, msgspec.to_builtins(checked), {}, None)
    return Thing(stored, kind, checked, kind.restored({}, checked), 0, Surroundings())


def use(thing: Thing, action: str, who: UUID, value: Any = None, role: Role = Role.GUEST) -> None:
    found = thing.kind.actions()[action]
    decoded = None if found.value is None else msgspec.convert(value, found.value)
    found.handler(thing, Person(who.int, who, f"user{who.int}", role), decoded)


@pytest.mark.parametrize("name", list(object_types()))
def test_every_type_has_a_client_a_schema_and_a_bounded_configuration(name: str) -> None:
    kind = object_types()[name]
    assert (CLIENT / name / "kind.tsx").is_file()
    assert kind.size[0] % 8 == kind.size[1] % 8 == 0
    least = msgspec.json.encode(LEAST.get(name, {}))
    config = decode_body(least, kind.config)
    assert len(msgspec.json.encode(config)) < CONFIG_BYTES
    with pytest.raises(Problem) as refused:
        decode_body(msgspec.json.encode({**LEAST.get(name, {}), "onclick": "alert(1)"}), kind.config)
    assert refused.value.errors[0].field == "onclick"
    schema = msgspec.json.encode(kind.describe()).decode()
    assert '"additionalProperties":false' in schema


@pytest.mark.parametrize("name", list(object_types()))
def test_every_furniture_that_is_an_object_makes_a_valid_one(name: str) -> None:
    kind = object_types()[name]
    for config in kind.furniture.values():
        msgspec.convert(config, kind.config)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//example.org", "https://a:b@example.org", "https:///x", "ftp://x.y",
     "https://exa mple.org", "https://example.org/\u202e", "http://\\evil", "https://[::1", "x" * 2100],
)  # fmt: skip
def test_addresses_that_are_no_pages_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"must|is not"):
        web_address(url)


def test_only_emojis_come_out_of_the_machine() -> None:
    assert all(is_emoji(text) for text in ("☕", "👩🏽‍🚀", "❤️", "🎈"))
    assert not any(is_emoji(text) for text in ("a", "1", "<b>", "🎈x", "\u202e🎈", " "))
    machine = thing_of("vending_machine")
    with pytest.raises(Refused):
        use(machine, "take", ANN, {"emoji": "🐍"})
    use(machine, "take", ANN, {"emoji": "☕"})
    assert machine.told == ['{"emoji":"☕","avatar":1}']


def test_a_screen_goes_from_one_presenter_to_the_next() -> None:
    screen = thing_of("screen")
    use(screen, "present", ANN)
    use(screen, "present", BEN)
    use(screen, "present", CLEO)
    use(screen, "present", BEN)
    assert (screen.state["presenter"]["user"], [entry["user"] for entry in screen.state["queue"]]) == (
        str(ANN),
        [str(BEN), str(CLEO)],
    )
    with pytest.raises(Refused):
        use(screen, "turn", BEN, {"page": 2})
    use(screen, "show", ANN, {"kind": "file", "file": FILE, "media": "pdf", "name": "slides"})
    use(screen, "turn", ANN, {"page": 2})
    use(screen, "leave", ANN)
    assert (screen.state["presenter"]["user"], screen.state["page"], screen.state["show"]["kind"]) == (
        str(BEN),
        2,
        "file",
    )
    screen.kind.went(screen, BEN)
    assert screen.state["presenter"]["user"] == str(CLEO)
    with pytest.raises(Refused):
        use(screen, "take", ANN)
    use(screen, "take", ANN, role=Role.MODERATOR)
    assert screen.state["presenter"]["user"] == str(ANN)


def test_a_shared_screen_ends_with_its_presenter_and_with_the_room() -> None:
    screen = thing_of("screen")
    use(screen, "present", ANN)
    use(screen, "show", ANN, {"kind": "share"})
    assert screen.kind.restored(screen.state, screen.config)["show"] == {"kind": "nothing"}
    use(screen, "leave", ANN)
    assert screen.state["show"] == {"kind": "nothing"}


def test_pages_are_shown_from_allowed_sites_only() -> None:
    screen = thing_of("screen")
    use(screen, "present", ANN)
    screen.surroundings.may_embed = lambda url: url.startswith("https://docs.example.org/")
    use(screen, "show", ANN, {"kind": "page", "url": "https://docs.example.org/a"})
    for url in ("https://evil.example/", "javascript:alert(1)"):
        with pytest.raises(Refused):
            use(screen, "show", ANN, {"kind": "page", "url": url})


def test_a_pet_has_one_owner_until_it_is_let_go() -> None:
    pet = thing_of("pet")
    use(pet, "take", ANN)
    with pytest.raises(Refused):
        use(pet, "take", BEN)
    with pytest.raises(Refused):
        use(pet, "release", BEN)
    pet.kind.went(pet, ANN)
    assert pet.state["owner"] is None
    use(pet, "take", BEN)
    use(pet, "release", CLEO, role=Role.MODERATOR)
    assert pet.state["owner"] is None
