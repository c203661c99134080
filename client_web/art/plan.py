"""A sheet on which a template is planned, in tiles, and its JSON (format hallway.map/1)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .furniture import TEMPLATES, catalogue

TILE = 32
FACINGS = ("down", "up", "left", "right")


def px(tiles: float) -> int:
    """Tiles to px; places are multiples of a quarter tile."""
    value = round(tiles * TILE)
    if value % 8:
        raise ValueError(f"{tiles} tiles is not a multiple of 8 px")
    return value


@dataclass
class Plan:
    name: str
    description: str
    width: int
    height: int
    floor: str
    palette: list[str] = field(default_factory=list)
    floors: list[list[str]] = field(default_factory=list)
    walls: list[list[str]] = field(default_factory=list)
    furniture: list[dict[str, Any]] = field(default_factory=list)
    doors: list[dict[str, Any]] = field(default_factory=list)
    zones: list[dict[str, Any]] = field(default_factory=list)
    spawns: list[dict[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.floors = [[self.floor] * self.width for _ in range(self.height)]
        self.walls = [["."] * self.width for _ in range(self.height)]
        self.kinds = catalogue()

    def lay(self, name: str, x: int, y: int, w: int, h: int) -> None:
        """A floor from tile (x, y), w by h tiles."""
        for row in range(y, y + h):
            self.floors[row][x : x + w] = [name] * w

    def wall(self, x: int, y: int, w: int, h: int, style: str = "#") -> None:
        for row in range(y, y + h):
            self.walls[row][x : x + w] = [style] * w

    def shell(self, x: int, y: int, w: int, h: int) -> None:
        """The outer wall of a building: nothing outside, so no floor under the wall's outer half."""
        for place in ((x, y, w, 1), (x, y + h - 1, w, 1), (x, y, 1, h), (x + w - 1, y, 1, h)):
            self.wall(*place)
            self.lay("void", *place)

    def windows(self, *places: tuple[int, int, int, int]) -> None:
        for place in places:
            self.wall(*place, style="w")

    def put(self, kind: str, x: float, y: float) -> None:
        if kind not in self.kinds:
            raise ValueError(f"furniture.json has no {kind}")
        end = kind.rsplit("-", 1)[-1]
        facing = end if end in FACINGS else "down"
        self.furniture.append({"id": len(self.furniture) + 1, "kind": kind, "x": px(x), "y": px(y), "facing": facing})

    def row(self, kind: str, xs: tuple[float, ...], y: float) -> None:
        for x in xs:
            self.put(kind, x, y)

    def column(self, kind: str, x: float, ys: tuple[float, ...]) -> None:
        for y in ys:
            self.put(kind, x, y)

    def door(self, x: int, y: int, axis: str, style: str, is_open: bool) -> None:
        """A door two tiles wide whose first tile is (x, y); it takes the place of the wall there."""
        across = axis == "h"
        for step in range(2):
            self.walls[y + (0 if across else step)][x + (step if across else 0)] = "."
        left, top = (px(x), px(y + 0.5)) if across else (px(x + 0.25), px(y))
        size = (64, 16) if across else (16, 64)
        self.doors.append(
            {
                "id": len(self.doors) + 1,
                "x": left,
                "y": top,
                "w": size[0],
                "h": size[1],
                "open": is_open,
                "style": style,
                "axis": axis,
            }
        )

    def zone(
        self,
        kind: str,
        name: str,
        x: float,
        y: float,
        w: float,
        h: float,
        capacity: int | None = None,
        *,
        lockable: bool = False,
    ) -> None:
        self.zones.append(
            {
                "id": len(self.zones) + 1,
                "kind": kind,
                "name": name,
                "x": px(x),
                "y": px(y),
                "w": px(w),
                "h": px(h),
                "capacity": capacity,
            }
            | ({"lockable": True} if lockable else {})
        )

    def spawn(self, *places: tuple[float, float]) -> None:
        self.spawns.extend({"x": px(x), "y": px(y)} for x, y in places)

    def data(self) -> dict[str, Any]:
        palette = ["void", *sorted({name for row in self.floors for name in row} - {"void"})]
        letters = {name: chr(ord("a") + n) for n, name in enumerate(palette)}
        return {
            "format": "hallway.map/1",
            "name": self.name,
            "description": self.description,
            "width": self.width,
            "height": self.height,
            "floor": {"palette": palette, "rows": ["".join(letters[name] for name in row) for row in self.floors]},
            "walls": ["".join(row) for row in self.walls],
            "furniture": self.furniture,
            "doors": self.doors,
            "zones": self.zones,
            "spawns": self.spawns,
        }

    def save(self, template: str) -> Path:
        """One line for each row and item, so that changes can be read in a diff."""
        lines = []
        for key, value in self.data().items():
            if key == "floor":
                rows = ",\n    ".join(json.dumps(row) for row in value["rows"])
                lines.append(
                    f'"floor": {{\n   "palette": {json.dumps(value["palette"])},\n   "rows": [\n    {rows}\n   ]\n  }}'
                )
            elif isinstance(value, list):
                items = ",\n   ".join(json.dumps(item) for item in value)
                lines.append(f'"{key}": [\n   {items}\n  ]')
            else:
                lines.append(f'"{key}": {json.dumps(value)}')
        place = TEMPLATES / f"{template}.json"
        place.write_text("{\n  " + ",\n  ".join(lines) + "\n}\n")
        return place
