"""Request bodies: bytes to a typed model, or one problem that names everything that is wrong with them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from server.api.problems import FieldError, Problem
from server.auth.rules import RuleError

BODY_LIMIT = 64 * 1024
BODY_TIMEOUT_S = 10.0
ERRORS_LIMIT = 20

M = TypeVar("M", bound=msgspec.Struct)

# msgspec's messages, "Expected `int` >= 2 - at `$.max_capacity`", in plain words.
_MESSAGE = re.compile(r"(?P<text>.*?)(?: - at `(?P<path>.*)`)?", re.DOTALL)
_WORDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"missing required field"), "is missing"),
    (re.compile(r"Object contains unknown field `(.{1,64}).*`"), "has no field {0}"),
    (re.compile(r"Expected `str` of length >= (\d+)"), "must have at least {0} characters"),
    (re.compile(r"Expected `str` of length <= (\d+)"), "must have at most {0} characters"),
    (re.compile(r"Expected `array` of length >= (\d+)"), "must have at least {0} entries"),
    (re.compile(r"Expected `array` of length <= (\d+)"), "must have at most {0} entries"),
    (re.compile(r"Expected `int` >= (-?\d+)"), "must be at least {0}"),
    (re.compile(r"Expected `int` <= (-?\d+)"), "must be at most {0}"),
    (re.compile(r"that's a multiple of (\d+)"), "must be a multiple of {0}"),
    (re.compile(r"Invalid enum value"), "is not one of the values that are possible here"),
    (re.compile(r"Expected `str"), "must be text"),
    (re.compile(r"Expected `int|Integer value out of range"), "must be a whole number"),
    (re.compile(r"Expected `bool"), "must be true or false"),
    (re.compile(r"Expected `array"), "must be a list"),
    (re.compile(r"Expected `object"), "must be an object"),
)


async def read_body(request: web.Request, model: type[M], *, optional: bool = False) -> M:
    """The request's body as a `model`; with `optional`, no body stands for a model of defaults. Raises `Problem`."""
    raw = await _read_bytes(request)
    if not raw and optional:
        return model()
    if request.content_type != "application/json":
        raise Problem("not_json", "Send JSON, with the header Content-Type: application/json.")
    return decode_body(raw, model)


def decode_body(raw: bytes, model: type[M]) -> M:
    """Decode and check a body; one `Problem` tells of all wrong fields."""
    try:
        data = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Problem("bad_json", f"The body is not JSON that can be read: {error}.") from error
    if not isinstance(data, dict):
        raise Problem("bad_json", "The body must be a JSON object.")
    data = _with_whole_numbers(data)
    fields = _fields(model)
    errors = [FieldError(name[:64], "is not known here") for name in data if name not in fields]
    values: dict[str, Any] = {}
    for name, field in fields.items():
        try:
            value = getattr(msgspec.convert({name: data[name]} if name in data else {}, field.alone), name)
            values[name] = field.check(value) if field.check and isinstance(value, str) else value
        except RuleError as error:
            errors.append(FieldError(name, str(error)))
        except msgspec.ValidationError as error:
            errors.append(_in_plain_words(name, str(error)))
    if errors:
        raise Problem("validation", "Look at the fields named below.", errors=errors[:ERRORS_LIMIT])
    return model(**values)


def read_query(request: web.Request, model: type[M]) -> M:
    """The query of the request's address as a `model`. Raises `Problem`; parameters that are not known are ignored."""
    try:
        return msgspec.convert(dict(request.query), model, strict=False)
    except msgspec.ValidationError as error:
        problem = _in_plain_words("query", str(error))
        raise Problem("validation", "Look at the parameters named below.", errors=[problem]) from error


def _with_whole_numbers(value: Any) -> Any:
    """50.0 is a whole number in JSON, and some programs write it so."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case dict():
            return {name: _with_whole_numbers(item) for name, item in value.items()}
        case list():
            return [_with_whole_numbers(item) for item in value]
        case _:
            return value


async def _read_bytes(request: web.Request) -> bytes:
    if (request.content_length or 0) > BODY_LIMIT:
        raise _too_large()
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > BODY_LIMIT:
                    raise _too_large()
    except TimeoutError as error:
        raise Problem("slow_body", "The body did not arrive in time.", close=True) from error
    except (web.RequestPayloadError, HttpProcessingError) as error:
        raise Problem("unreadable_body", "The body is cut off or wrongly encoded.") from error
    return bytes(body)


def _too_large() -> Problem:
    return Problem("too_large", f"A body has at most {BODY_LIMIT} bytes.", close=True)


@dataclass(frozen=True, slots=True)
class _Field:
    alone: type[msgspec.Struct]  # a model with this field only, so that one wrong field does not hide the next
    check: Callable[[str], str] | None


@cache
def _fields(model: type[msgspec.Struct]) -> dict[str, _Field]:
    hints = get_type_hints(model, include_extras=True)
    fields = {}
    for field in msgspec.structs.fields(model):
        entry = (field.name, hints[field.name]) if field.required else (field.name, hints[field.name], field.default)
        alone = msgspec.defstruct(model.__name__, [entry])
        fields[field.name] = _Field(alone, next(_rules_in(hints[field.name]), None))
    return fields


def _rules_in(hint: Any) -> Iterator[Callable[[str], str]]:
    if get_origin(hint) is Annotated:
        for meta in hint.__metadata__:
            if isinstance(meta, msgspec.Meta) and meta.extra and "rule" in meta.extra:
                yield meta.extra["rule"]
    for part in get_args(hint):
        yield from _rules_in(part)


def _in_plain_words(field: str, message: str) -> FieldError:
    match = _MESSAGE.fullmatch(message)
    text, path = (match["text"], match["path"] or "") if match else (message, "")
    # `$.avatar_config.look[...]` is the entry of a list: the list is what a page can point at.
    place = re.sub(r"\[.*", "", path.removeprefix("$.")) or field
    for pattern, words in _WORDS:
        if found := pattern.search(text):
            return FieldError(place, words.format(*found.groups()))
    return FieldError(place, "is not right")
