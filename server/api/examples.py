"""Examples for the reference: plausible values for a schema, by the names of its fields."""

from __future__ import annotations

from typing import Any

BY_NAME: dict[str, Any] = {
    "access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIuLi4ifQ.c2lnbmF0dXJl",
    "address": "203.0.113.7",
    "agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/146.0",
    "code": "validation",
    "description": "Where we meet on Mondays",
    "detail": "Look at the fields named below.",
    "email": "ada@example.org",
    "expires_in": 600,
    "issuer": "https://login.example.org",
    "label": "Example login",
    "look": [1, 2, 3, 4, 5, 0],
    "max_capacity": 50,
    "method": "password",
    "name": "Ada Lovelace",
    "new_password": "plenty of new words",
    "current_password": "correct horse battery",
    "password": "correct horse battery",
    "reason": "must have 2 to 32 characters",
    "template": "office",
    "text": "Back at three",
    "ticket": "q8mVd0oT3hXy1bQe5nWk2uJr7aZc9sLf",
    "title": "Some fields are not right",
    "token": "q8mVd0oT3hXy1bQe5nWk2uJr7aZc9sLf",
    "username": "Ada",
}
BY_FORMAT = {
    "uuid": "5b1d6a4e-6d0b-4a60-9a8f-0f6a2f1c7d3e",
    "date-time": "2026-01-31T09:30:00Z",
    "date": "2026-01-31",
}


def example_of(schema: dict[str, Any], components: dict[str, Any], name: str = "") -> Any:
    """A value that is valid by `schema`; `components` are the schemas that it refers to."""
    if "$ref" in schema:
        return example_of(components[schema["$ref"].rpartition("/")[2]], components, name)
    for fixed in ("const", "default"):
        if fixed in schema and schema[fixed] is not None:
            return schema[fixed]
    if "enum" in schema:
        return schema["enum"][0]
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            usable = [option for option in schema[choice] if option.get("type") != "null"]
            return example_of(usable[0], components, name) if usable else None
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        return {field: example_of(about, components, field) for field, about in schema.get("properties", {}).items()}
    if name in BY_NAME and _fits(BY_NAME[name], schema):
        return BY_NAME[name]
    if kind == "array":
        items = schema.get("items") or {}
        return [example_of(items, components, name)] * max(1, schema.get("minItems", 1))
    if kind == "string":
        return _text(schema)
    if kind in ("integer", "number"):
        return _number(schema)
    return {"boolean": True, "null": None}.get(str(kind))


def _fits(value: Any, schema: dict[str, Any]) -> bool:
    match schema.get("type"):
        case "string":
            within = schema.get("minLength", 0) <= len(str(value)) <= schema.get("maxLength", len(str(value)))
            return isinstance(value, str) and within and "format" not in schema and "pattern" not in schema
        case "integer":
            return isinstance(value, int) and schema.get("minimum", value) <= value <= schema.get("maximum", value)
        case "array":
            return isinstance(value, list)
        case _:
            return False


def _text(schema: dict[str, Any]) -> str:
    if schema.get("format") in BY_FORMAT:
        return BY_FORMAT[schema["format"]]
    text = "text"
    while len(text) < schema.get("minLength", 0):
        text += " and text"
    return text[: schema.get("maxLength", len(text))]


def _number(schema: dict[str, Any]) -> int:
    step = int(schema.get("multipleOf", 1))
    least = int(schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1))
    return -(-least // step) * step
