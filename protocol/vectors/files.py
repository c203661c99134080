"""The shape of the vector files."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec


def plain(message: Any) -> Any:
    """A Struct or a value as JSON can hold it: arrays, and every bin as {"bin": hex}."""
    if isinstance(message, msgspec.Struct):
        return plain(msgspec.msgpack.decode(msgspec.msgpack.encode(message)))
    if isinstance(message, bytes):
        return {"bin": message.hex()}
    if isinstance(message, list | tuple):
        return [plain(element) for element in message]
    return message


def write_json(path: Path, records: Iterable[object]) -> Path:
    """An array with one record a line, so that a change shows as one line."""
    lines = ",\n".join(json.dumps(record) for record in records)
    path.write_text(f"[\n{lines}\n]\n")
    return path


def write_json_lines(path: Path, records: Iterable[object]) -> Path:
    """One record a line."""
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path
