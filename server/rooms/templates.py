"""The rooms that come with Hallway, `templates/*.json`, and an operator's own, checked against the furniture."""

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
FIRST = ("office", "meeting", "social", "campus", "conference")
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
def load_templates(own: Path | None = None) -> Mapping[str, Template]:
    """All templates by id (the file's name), read once. `own`: a folder with more; a file there wins over one of the
    same name that comes with Hallway. Raises `sim.maps.MapError` for a map or a folder that is not right."""
    if own is not None and not own.is_dir():
        raise MapError(f"templates_dir: {own} is no folder")
    catalogue = dict(load_catalogue())
    files = {path.stem: path for folder in (FOLDER, own) if folder is not None for path in folder.glob("*.json")}
    files.pop(CATALOGUE)
    templates = {}
    for path in sorted(files.values(), key=_place):
        try:
            data = msgspec.json.decode(path.read_bytes(), type=dict)
            room_map = parse_map(data, catalogue)
        except (MapError, msgspec.DecodeError) as error:
            raise MapError(f"template {path.name}: {error}") from error
        templates[path.stem] = Template(path.stem, data, room_map, room_map.to_public())
    return MappingProxyType(templates)


def _place(path: Path) -> tuple[int, str]:
    return (FIRST.index(path.stem) if path.stem in FIRST else len(FIRST), path.stem)
