"""Draws whole maps from the atlas, in the order the client draws them: `python -m client_web.art.preview [--full DIR]`."""

# ruff: noqa: E501 - path data is read as one line.

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageChops

from .atlas import SCALE
from .build import ASSETS
from .furniture import TEMPLATES, catalogue

BACKGROUND = (32, 36, 45, 255)
# A map's walls and trees stand higher than their tiles.
MARGIN = 48
PREVIEW_WIDTH = 640


class Atlas:
    """Frames of the built atlas as images, with the texel that goes to the object's position."""

    def __init__(self) -> None:
        self.image = Image.open(ASSETS / "atlas.webp").convert("RGBA")
        self.frames = json.loads((ASSETS / "atlas.json").read_text())["frames"]
        self.known: dict[tuple[str, int, bool], Image.Image] = {}

    def picture(self, name: str, tint: int = 0xFFFFFF, mirrored: bool = False) -> tuple[Image.Image, int, int]:
        frame = self.frames[name]
        box = frame["frame"]
        whole = frame.get("sourceSize", box)
        inner = frame.get("spriteSourceSize", {"x": 0, "y": 0})
        anchor = frame.get("anchor", {"x": 0, "y": 0})
        x, y = round(inner["x"] - anchor["x"] * whole["w"]), round(inner["y"] - anchor["y"] * whole["h"])
        key = (name, tint, mirrored)
        if key not in self.known:
            image = self.image.crop((box["x"], box["y"], box["x"] + box["w"], box["y"] + box["h"]))
            if tint != 0xFFFFFF:
                colour = (tint >> 16, tint >> 8 & 255, tint & 255, 255)
                image = ImageChops.multiply(image, Image.new("RGBA", image.size, colour))
            if mirrored:
                image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
            self.known[key] = image
        return self.known[key], -x - box["w"] if mirrored else x, y


@dataclass
class Picture:
    atlas: Atlas
    image: Image.Image
    margin: int = MARGIN
    standing: list[tuple[float, int, str, float, float]] = field(default_factory=list)

    def put(self, name: str, x: float, y: float, tint: int = 0xFFFFFF, mirrored: bool = False) -> None:
        image, dx, dy = self.atlas.picture(name, tint, mirrored)
        at = (round((x + self.margin) * SCALE) + dx, round((y + self.margin) * SCALE) + dy)
        # Frames may hang over the picture's edge.
        part = image.crop((max(0, -at[0]), max(0, -at[1]), image.width, image.height))
        self.image.alpha_composite(part, (max(0, at[0]), max(0, at[1])))

    def stand(self, line: float, rank: int, name: str, x: float, y: float) -> None:
        self.standing.append((line, rank, name, x, y))


def door_tiles(room: dict, axes: str = "hv") -> set[tuple[int, int]]:
    return {
        (column, row)
        for door in room["doors"]
        if door["axis"] in axes
        for column in range(door["x"] // 32, -(-(door["x"] + door["w"]) // 32))
        for row in range(door["y"] // 32, -(-(door["y"] + door["h"]) // 32))
    }


def draw_floor(picture: Picture, room: dict) -> None:
    palette, rows, walls = room["floor"]["palette"], room["floor"]["rows"], room["walls"]
    width, height = room["width"], room["height"]
    across = door_tiles(room, "v")

    def name_at(column: int, row: int) -> str:
        return palette[ord(rows[row][column]) - ord("a")]

    for row in range(height):
        for column in range(width):
            own = name_at(column, row)
            n = column % 4 + 4 * (row % 4)
            if walls[row][column] == "." and (column, row) not in across:
                if own != "void":
                    picture.put(f"floor/{own}/{n}", column * 32, row * 32)
                continue
            for side, step in (("left", -1), ("right", 1)):
                beside = column + step
                # A doorway in a north-south wall has the floors of both rooms, as the wall has.
                inside = 0 <= beside < width and walls[row][beside] == "."
                name = name_at(beside, row) if inside else own
                if name != "void":
                    picture.put(f"floor/{name}/{n}/{side}", column * 32 + (16 if step > 0 else 0), row * 32)


def draw_walls(picture: Picture, room: dict) -> None:
    walls, doors = room["walls"], door_tiles(room)

    def is_wall(column: int, row: int) -> bool:
        return 0 <= row < room["height"] and 0 <= column < room["width"] and walls[row][column] != "."

    def joins(column: int, row: int) -> bool:
        return is_wall(column, row) or (column, row) in doors

    for row in range(room["height"]):
        for column in range(room["width"]):
            if not is_wall(column, row):
                continue
            mask = (
                joins(column, row - 1)
                + 2 * joins(column + 1, row)
                + 4 * is_wall(column, row + 1)
                + 8 * joins(column - 1, row)
            )
            style = "window" if walls[row][column] == "w" else "plain"
            picture.put(f"wall-shadow/{mask}", column * 32, row * 32)
            picture.stand(row * 32 + 32, 0, f"wall/{style}/{mask}", column * 32, row * 32)


def draw(room: dict, atlas: Atlas) -> Image.Image:
    size = ((room["width"] * 32 + 2 * MARGIN) * SCALE, (room["height"] * 32 + 2 * MARGIN) * SCALE)
    picture = Picture(atlas, Image.new("RGBA", size, BACKGROUND))
    kinds = catalogue()
    draw_floor(picture, room)
    over = []
    for item in room["furniture"]:
        kind = kinds[item["kind"]]
        if kind["layer"] == "rug":
            picture.put(kind["sprite"], item["x"], item["y"])
        elif kind["layer"] == "over":
            over.append((kind["sprite"], item["x"], item["y"]))
        else:
            picture.stand(item["y"] + kind["sort"], 2, kind["sprite"], item["x"], item["y"])
    draw_walls(picture, room)
    for door in room["doors"]:
        line = door["y"] if door["axis"] == "v" and door["open"] else door["y"] + door["h"]
        name = f"door/{door['style']}-{door['axis']}-{'open' if door['open'] else 'shut'}"
        picture.stand(line, 1, name, door["x"], door["y"])
    for _, _, name, x, y in sorted(picture.standing, key=lambda one: one[:2]):
        picture.put(name, x, y)
    for name, x, y in over:
        picture.put(name, x, y)
    return picture.image


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", type=Path, help="folder for the whole maps at twice the size")
    full: Path | None = parser.parse_args().full
    atlas = Atlas()
    for name in ("office", "meeting", "social", "campus", "conference"):
        image = draw(json.loads((TEMPLATES / f"{name}.json").read_text()), atlas)
        if full:
            full.mkdir(parents=True, exist_ok=True)
            image.convert("RGB").save(full / f"{name}.png")
        box = image.convert("RGB").resize(
            (PREVIEW_WIDTH, round(image.height * PREVIEW_WIDTH / image.width)), Image.Resampling.LANCZOS
        )
        box.save(ASSETS / f"preview-{name}.webp", quality=82, method=6)


if __name__ == "__main__":
    main()
