"""A presentation screen: one person at a time shows something, everybody in its area sees the same.

    nobody --present--> presenting --leave, pass, take, went--> the next of the queue, or nobody

The state: `presenter` and `queue` ({"user", "name"}), `show` (what is on it), `page` (from 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from msgspec import Meta, Struct

from server.auth.rules import RuleError
from server.objects.kind import Action, FileId, Name, ObjectType, Person, Refused, RoleName, Url, web_address
from server.objects.thing import Thing
from server.rooms.roles import Role

QUEUE_LIMIT = 20
PAGES = 5000


class Screen(Struct, frozen=True, forbid_unknown_fields=True):
    """`present_role`: the least role that may show something. `audience`: who sees it: people in the area around the
    screen, or everybody in the room."""

    name: Name = ""
    present_role: RoleName = "guest"
    audience: Literal["area", "room"] = "area"


class Nothing(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="nothing"):
    """The screen is dark."""


class Share(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="share"):
    """The screen that the presenter shares."""


class File(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="file"):
    """A picture or a PDF of `POST rooms/{id}/files`."""

    file: FileId
    media: Literal["image", "pdf"]
    name: Annotated[str, Meta(max_length=120)] = ""


class Page(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="page"):
    """A web page, from a place that server and room allow."""

    url: Url


class Turn(Struct, frozen=True, forbid_unknown_fields=True):
    page: Annotated[int, Meta(ge=1, le=PAGES)]


class ScreenType(ObjectType[Screen]):
    name = "screen"
    config = Screen
    size = (128, 32)
    placed_by = Role.MODERATOR
    furniture: ClassVar = {"screen": {}, "tv-stand": {}}
    in_area = True

    def actions(self) -> Mapping[str, Action]:
        return {
            "present": Action(_present),
            "leave": Action(_leave, from_afar=True),
            "pass": Action(_pass, from_afar=True),
            "take": Action(_take, from_afar=True),
            "show": Action(_show, Nothing | Share | File | Page, from_afar=True),
            "turn": Action(_turn, Turn, from_afar=True),
        }

    def restored(self, state: dict[str, Any], config: Screen) -> dict[str, Any]:
        show = state.get("show", {"kind": "nothing"})
        kept = show if show.get("kind") != "share" else {"kind": "nothing"}
        file = {"file": kept["file"]} if "file" in kept else {}
        return {"presenter": None, "queue": [], "show": kept, "page": state.get("page", 1), **file}

    def shares(self, thing: Thing) -> UUID | None:
        show = thing.state.get("show", {})
        return UUID(show["user"]) if show.get("kind") == "share" else None

    def lets_share(self, thing: Thing, user_id: UUID) -> bool:
        presenter = thing.state.get("presenter")
        return presenter is not None and presenter["user"] == str(user_id)

    def went(self, thing: Thing, user_id: UUID) -> None:
        _forget(thing, str(user_id))


def _present(thing: Thing, person: Person, _value: None) -> None:
    if person.role < Role.of(thing.config.present_role):
        raise Refused("not_allowed", f"Presenting here takes the role of {thing.config.present_role}.")
    user, queue = str(person.user_id), thing.state.get("queue", [])
    presenter = thing.state.get("presenter")
    if presenter is None:
        thing.change(presenter=_entry(person), queue=[entry for entry in queue if entry["user"] != user])
    elif presenter["user"] != user and all(entry["user"] != user for entry in queue):
        if len(queue) >= QUEUE_LIMIT:
            raise Refused("occupied", "Too many people wait already.")
        thing.change(queue=[*queue, _entry(person)])


def _leave(thing: Thing, person: Person, _value: None) -> None:
    _forget(thing, str(person.user_id))


def _pass(thing: Thing, person: Person, _value: None) -> None:
    _must_present(thing, person, or_moderate=True)
    _next(thing)


def _take(thing: Thing, person: Person, _value: None) -> None:
    if person.role < Role.MODERATOR:
        raise Refused("not_allowed", "Only moderators take over.")
    queue = [entry for entry in thing.state.get("queue", []) if entry["user"] != str(person.user_id)]
    thing.change(presenter=_entry(person), queue=queue, **_dark_share(thing))


def _show(thing: Thing, person: Person, value: Nothing | Share | File | Page) -> None:
    _must_present(thing, person)
    match value:
        case File(file, media, name):
            shown = {"kind": "file", "file": file, "media": media, "name": name}
            thing.change(show=shown, file=file, page=1)
        case Page(url):
            try:
                url = web_address(url)
            except RuleError as error:
                raise Refused("not_allowed", f"The address {error}.") from error
            if not thing.surroundings.may_embed(url):
                raise Refused("not_allowed", "Pages from there may not be shown in this room.")
            thing.change(show={"kind": "page", "url": url}, file=None, page=1)
        case Share():
            thing.change(show={"kind": "share", "user": str(person.user_id)}, file=None, page=1)
        case _:
            thing.change(show={"kind": "nothing"}, file=None, page=1)


def _turn(thing: Thing, person: Person, value: Turn) -> None:
    _must_present(thing, person)
    if thing.state.get("page") != value.page:
        thing.change(page=value.page)


def _must_present(thing: Thing, person: Person, *, or_moderate: bool = False) -> None:
    presenter = thing.state.get("presenter")
    if presenter is not None and presenter["user"] == str(person.user_id):
        return
    if not (or_moderate and person.role >= Role.MODERATOR):
        raise Refused("not_allowed", "Somebody else presents now.")


def _forget(thing: Thing, user: str) -> None:
    presenter, queue = thing.state.get("presenter"), thing.state.get("queue", [])
    if presenter is not None and presenter["user"] == user:
        _next(thing)
    elif any(entry["user"] == user for entry in queue):
        thing.change(queue=[entry for entry in queue if entry["user"] != user])


def _next(thing: Thing) -> None:
    queue = thing.state.get("queue", [])
    thing.change(presenter=queue[0] if queue else None, queue=queue[1:], **_dark_share(thing))


def _dark_share(thing: Thing) -> dict[str, Any]:
    """A shared screen ends with its presenter; pictures and pages stay up."""
    return {"show": {"kind": "nothing"}} if thing.state.get("show", {}).get("kind") == "share" else {}


def _entry(person: Person) -> dict[str, str]:
    return {"user": str(person.user_id), "name": person.name}


TYPE = ScreenType()
