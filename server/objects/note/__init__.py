"""A note stuck to the floor or a wall: a few lines for whoever comes by."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from server.auth.rules import RuleError, description, rule
from server.objects.kind import Name, ObjectType, RoleName
from server.rooms.roles import Role

TEXT_LENGTH = 2000


def note_text(text: str) -> str:
    """Several lines of text."""
    if len(text) > TEXT_LENGTH:
        raise RuleError(f"must have at most {TEXT_LENGTH} characters")
    # The rule for descriptions, line by line: theirs are shorter.
    return "\n".join(description(line) for line in text.replace("\r\n", "\n").rstrip().split("\n"))


class Note(Struct, frozen=True, forbid_unknown_fields=True):
    """`edit_role`: the least role that may write on it."""

    name: Name = ""
    text: Annotated[str, Meta(max_length=TEXT_LENGTH), rule(note_text)] = ""
    colour: Literal["sun", "rose", "mint", "sky", "paper"] = "sun"
    edit_role: RoleName = "member"


class NoteType(ObjectType[Note]):
    name = "note"
    config = Note
    size = (24, 24)
    content = frozenset({"name", "text", "colour"})

    def edits(self, config: Note, role: Role) -> bool:
        return role >= Role.of(config.edit_role)


TYPE = NoteType()
