"""What names, addresses and passwords may be. Each rule returns the text as it is kept, or says what is wrong.

RuleError       the text breaks a rule; its text finishes the sentence "This field ..."
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

PASSWORD_LENGTH = (10, 256)
NAME_LENGTH = (2, 32)
NAME_BYTES = 64  # STANDARD.md 5.2: what an entry of the roster has room for
EMAIL_LENGTH = 254
ROOM_NAME_LENGTH = 80
DESCRIPTION_LENGTH = 500

_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[\w-]{1,63}\.)*[\w-]{1,63}", re.ASCII)


Rule = Callable[[str], str]


class RuleError(ValueError):
    """A text breaks a rule. `str(error)` finishes the sentence "This field ..."."""


def username(text: str) -> str:
    """The name of an account or a guest: letters and digits of any script, single spaces and `.`, `_`, `-`."""
    name = _normal(text)
    least, most = NAME_LENGTH
    if not (least <= len(text) <= most and least <= len(name) <= most):
        raise RuleError(f"must have {least} to {most} characters")
    if len(name.encode()) > NAME_BYTES:
        raise RuleError("is too long in this script: use fewer characters")
    for character in name:
        if character not in " ._-" and unicodedata.category(character)[0] not in "LMN":
            raise RuleError("may hold letters, digits, spaces and . _ - only")
    if not name[0].isalnum():
        raise RuleError("must start with a letter or a digit")
    return name


def email(text: str) -> str:
    """An e-mail address that could exist. Whether it does, only a message to it can tell."""
    address = unicodedata.normalize("NFKC", text.strip())
    if len(text) > EMAIL_LENGTH or len(address) > EMAIL_LENGTH or _EMAIL.fullmatch(address) is None or ".." in address:
        raise RuleError("is not an e-mail address")
    return address


def password(text: str) -> str:
    """A password as people choose it. Length is the only rule: others make passwords worse."""
    least, most = PASSWORD_LENGTH
    if not least <= len(text) <= most:
        raise RuleError(f"must have {least} to {most} characters")
    return text


def room_name(text: str) -> str:
    name = _normal(text)
    if len(text) > ROOM_NAME_LENGTH or not 1 <= len(name) <= ROOM_NAME_LENGTH:
        raise RuleError(f"must have 1 to {ROOM_NAME_LENGTH} characters")
    return _printable(name)


def description(text: str) -> str:
    kept = unicodedata.normalize("NFC", text.replace("\r\n", "\n").strip())
    if len(text) > DESCRIPTION_LENGTH or len(kept) > DESCRIPTION_LENGTH:
        raise RuleError(f"must have at most {DESCRIPTION_LENGTH} characters")
    _printable(kept.replace("\n", " "))
    return kept


def _normal(text: str) -> str:
    """One form for all spellings that look alike, one space for any run of spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _printable(text: str) -> str:
    # Control characters, and the invisible ones that turn the direction of text or hide in it. Of the format category
    # only the joiners are of use (emoji, Indic and Arabic scripts).
    for character in text:
        kind = unicodedata.category(character)
        if kind in ("Cc", "Cs", "Co", "Cn") or (kind == "Cf" and character not in "\u200c\u200d"):
            raise RuleError("holds characters that cannot be shown")
    return text


# What the reference says of the rules. Lengths are those of the text as it is sent, in characters.
SCHEMAS: Mapping[Rule, dict[str, Any]] = {
    username: {
        "minLength": NAME_LENGTH[0],
        "maxLength": NAME_LENGTH[1],
        "description": "Letters, digits, single spaces and . _ -, of which the first is a letter or a digit; kept in "
        "Unicode form NFKC",
    },
    email: {"minLength": 3, "maxLength": EMAIL_LENGTH, "description": "An e-mail address"},
    password: {"minLength": PASSWORD_LENGTH[0], "maxLength": PASSWORD_LENGTH[1]},
    room_name: {"minLength": 1, "maxLength": ROOM_NAME_LENGTH},
    description: {"maxLength": DESCRIPTION_LENGTH},
}


def rule(check: Callable[[str], str]) -> msgspec.Meta:
    """Metadata for a text field: `check` returns the text as it is kept or raises `RuleError`."""
    return msgspec.Meta(extra={"rule": check}, extra_json_schema=SCHEMAS.get(check))
