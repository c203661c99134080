"""The rooms that come with Hallway: `templates/*.json`, checked against the furniture catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from sim.maps import MapError, RoomMap, parse_map

FOLDER = Path(__file__).parent / "templates"
CATALOGUE = "furniture"
FIRST = ("office", "meeting", "social")
"""In this order they are offered, others behind them by name."""


@dataclass(frozen=True)
class Template:
    """A room to start from. `data` is the file's JSON, `public` what clients get of it (`GET rooms/{id}/map`)."""

    id: str
    data: Mapping[str, Any]
    room_map: RoomMap
    public: dict[str, Any]


@cache
def load_catalogue() -> Mapping[str, Any]:
    """The furniture: kind to size, solid rectangles, seats and sprites."""
    catalogue: dict[str, Any] = msgspec.json.decode((FOLDER / f"{CATALOGUE}.json").read_bytes())
    return MappingProxyType(catalogue)


@cache
def load_templates() -> Mapping[str, Template]:
    """All templates by id (the file's name), read once. Raises `sim.maps.MapError` for a map that is not right."""
    catalogue = dict(load_catalogue())
    templates = {}
    for path in sorted(FOLDER.glob("*.json"), key=_place):
        if path.stem == CATALOGUE:
            continue
        data = msgspec.json.decode(path.read_bytes())
        try:
            room_map = parse_map(data, catalogue)
        except MapError as error:
            raise MapError(f"template {path.name}: {error}") from error
        templates[path.stem] = Template(path.stem, data, room_map, room_map.to_public())
    return MappingProxyType(templates)


def _place(path: Path) -> tuple[int, str]:
    return (FIRST.index(path.stem) if path.stem in FIRST else len(FIRST), path.stem)
