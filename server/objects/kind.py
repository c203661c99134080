"""What a type of object says of itself. A folder below `server/objects/` with a `TYPE` is a type; no list names it.

Refused         what somebody asked of an object cannot be; `code` is stable, the text is for people
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, Literal, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from server.auth.rules import RuleError, description, rule
from server.rooms.roles import Role

if TYPE_CHECKING:
    from server.objects.thing import Thing

C = TypeVar("C", bound=Struct)

RoleName = Literal["guest", "member", "moderator", "admin", "owner"]
FileId = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
Grant = Literal["edit", "view"]

CONFIG_BYTES = 4096
"""Most bytes of an object's configuration and of its state, as JSON."""
NAME_LENGTH = 60
URL_LENGTH = 2000


class Refused(Exception):  # noqa: N818 - the word of the wire's ERROR
    """Ends an action. `code`: of STANDARD.md section 5.9."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


def short_name(text: str) -> str:
    """What an object is called: one line."""
    kept = " ".join(description(text[:500]).split())
    if len(text) > NAME_LENGTH or len(kept) > NAME_LENGTH:
        raise RuleError(f"must have at most {NAME_LENGTH} characters")
    return kept


def web_address(text: str) -> str:
    """An address that browsers open as a page: http or https, without a name and a password in it."""
    from urllib.parse import urlsplit

    address = text.strip()
    try:
        parts = urlsplit(address)
        host, user = parts.hostname, parts.username
    except ValueError:
        raise RuleError("is not a web address") from None
    printable = address.isprintable() and not any(character.isspace() for character in address)
    if parts.scheme not in ("http", "https") or not host or user is not None or not printable or "\\" in address:
        raise RuleError("must be a web address that begins with https://")
    if len(text) > URL_LENGTH:
        raise RuleError(f"must have at most {URL_LENGTH} characters")
    return address


Name = Annotated[str, Meta(max_length=NAME_LENGTH), rule(short_name)]
Url = Annotated[str, Meta(max_length=URL_LENGTH), rule(web_address)]


@dataclass(frozen=True, slots=True)
class Person:
    """Who does something with an object."""

    avatar: int
    user_id: UUID
    name: str
    role: Role


Handler = Callable[["Thing", Person, Any], None]


@dataclass(frozen=True, slots=True)
class Action:
    """Something one can do with an object.

    `handler(thing, person, value)` changes `thing.state`, tells of an event, or raises `Refused`. `value`: the type of
    the JSON that comes with it, None: nothing comes. `from_afar`: one need not stand at the object.
    """

    handler: Handler
    value: Any = None
    from_afar: bool = False


class ObjectType(Generic[C]):
    """One type of object. `config` is its schema: a Struct whose fields all say what they may be.

    `size`: width and height on the map, px. `placed_by`: the least role that puts one up. `furniture`: which pieces of
    a map's furniture are such an object, and the configuration that they come with. `in_area`: the state is told only
    inside the private area in which the object stands, if it stands in one.
    """

    name: ClassVar[str]
    config: type[C]
    size: ClassVar[tuple[int, int]]
    placed_by: ClassVar[Role] = Role.MEMBER
    furniture: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    in_area: ClassVar[bool] = False
    has_document: ClassVar[bool] = False
    content: ClassVar[frozenset[str]] = frozenset()
    """Fields that whoever `edits` may change, too."""

    def actions(self) -> Mapping[str, Action]:
        """What can be done with it, by name."""
        return {}

    def edits(self, config: C, role: Role) -> bool:
        """Whether the role may change what is in `content`."""
        return False

    def size_of(self, config: C) -> tuple[int, int]:
        """Width and height with this configuration, px."""
        return self.size

    def document_grant(self, config: C, role: Role) -> Grant | None:
        """What the role may do with the object's document; None: not even look."""
        return None

    def files(self, config: C) -> Iterable[tuple[str, str, frozenset[str]]]:
        """(field, file id, media types that will do) of every file that the configuration names."""
        return ()

    def restored(self, state: dict[str, Any], config: C) -> dict[str, Any]:
        """How it stands after the room was closed: without those who were there."""
        return {}

    def shares(self, thing: Thing) -> UUID | None:
        """Whose shared screen it shows now, to those in its area; None: nobody's."""
        return None

    def lets_share(self, thing: Thing, user_id: UUID) -> bool:
        """Whether it is a place at which this person may share their screen now."""
        return False

    def went(self, thing: Thing, user_id: UUID) -> None:
        """Somebody left the room for good."""

    def describe(self) -> dict[str, Any]:
        """The schema of the configuration, as JSON Schema."""
        return msgspec.json.schema(self.config)


@dataclass(slots=True)
class Surroundings:
    """What an object may know of its room and server."""

    may_embed: Callable[[str], bool] = field(default=lambda _url: False)
    """Whether pages of an address may be shown in this room."""
