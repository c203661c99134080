"""From drawings to one picture: Chromium draws, Pillow trims and packs, PixiJS reads the JSON."""

from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image
from playwright.sync_api import sync_playwright

from .svg import DEFINITIONS, Frame

SCALE = 2
SHEET_WIDTH = 2000
# Border texels are repeated around each frame, so that a scaled tile never blends with its neighbour in the atlas.
EXTRUDE = 2
# A pattern goes on beyond its edges instead, as far as the picture's compression looks.
CONTINUE = 16


@dataclass(frozen=True)
class Cut:
    """A frame's visible pixels and where they lie in the whole frame, in texels."""

    frame: Frame
    image: Image.Image | None
    x: int
    y: int


def draw(frames: Sequence[Frame]) -> list[Image.Image]:
    """Each frame as an RGBA image of `SCALE` texels a px."""
    places = []
    x = y = row = 0
    for frame in frames:
        if x + frame.width > SHEET_WIDTH:
            x, y, row = 0, y + row + 2, 0
        places.append((x, y))
        x += frame.width + 2
        row = max(row, frame.height)
    height = y + row
    body = "".join(
        f'<svg x="{left}" y="{top}" width="{frame.width}" height="{frame.height}" overflow="hidden" '
        f'viewBox="{frame.left} {frame.top} {frame.width} {frame.height}">{frame.content}</svg>'
        for frame, (left, top) in zip(frames, places, strict=True)
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SHEET_WIDTH}" height="{height}" style="display:block">'
        f"<defs>{DEFINITIONS}</defs>{body}</svg>"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page(viewport={"width": SHEET_WIDTH, "height": height}, device_scale_factor=SCALE)
        page.set_content(f'<body style="margin:0;background:transparent">{svg}</body>')
        sheet = Image.open(io.BytesIO(page.screenshot(omit_background=True))).convert("RGBA")
        browser.close()
    return [
        sheet.crop((left * SCALE, top * SCALE, (left + frame.width) * SCALE, (top + frame.height) * SCALE))
        for frame, (left, top) in zip(frames, places, strict=True)
    ]


def trim(frame: Frame, image: Image.Image) -> Cut:
    box = image.getchannel("A").point(lambda alpha: 255 if alpha > 3 else 0).getbbox()
    if box is None:
        return Cut(frame, None, 0, 0)
    return Cut(frame, image.crop(box), box[0], box[1])


def extruded(image: Image.Image) -> Image.Image:
    width, height = image.size
    out = Image.new("RGBA", (width + 2 * EXTRUDE, height + 2 * EXTRUDE))
    for dx, dy in ((-1, -1), (1, -1), (-1, 1), (1, 1), (-1, 0), (1, 0), (0, -1), (0, 1)):
        for step in range(EXTRUDE, 0, -1):
            out.paste(image, (EXTRUDE + dx * step, EXTRUDE + dy * step))
    out.paste(image, (EXTRUDE, EXTRUDE))
    return out


def continued(image: Image.Image) -> Image.Image:
    """A seamless pattern with what its own repetition has around it."""
    width, height = image.size
    out = Image.new("RGBA", (width + 2 * CONTINUE, height + 2 * CONTINUE))
    for x in (-width, 0, width):
        for y in (-height, 0, height):
            out.paste(image, (CONTINUE + x, CONTINUE + y))
    return out


def pack(sizes: Sequence[tuple[int, int]], width: int) -> tuple[list[tuple[int, int]], int]:
    """Skyline packing, tall ones first: a place for each size and the height used."""
    skyline = [0] * width
    places: list[tuple[int, int]] = [(0, 0)] * len(sizes)
    for at in sorted(range(len(sizes)), key=lambda n: (-sizes[n][1], -sizes[n][0])):
        w, h = sizes[at]
        best = (1 << 30, 0)
        x = 0
        while x + w <= width:
            y = max(skyline[x : x + w])
            best = min(best, (y, x))
            # Nothing lower can start before the skyline changes.
            here = skyline[x]
            while x < width and skyline[x] == here:
                x += 1
        y, x = best
        places[at] = (x, y)
        skyline[x : x + w] = [y + h] * w
    return places, max(skyline)


def build(frames: Sequence[Frame], image_name: str, width: int = 2048) -> tuple[Image.Image, dict[str, object]]:
    """The atlas and its PixiJS spritesheet. Equal pictures are stored once."""
    cuts = [trim(frame, image) for frame, image in zip(frames, draw(frames), strict=True)]
    unique: dict[str, Image.Image] = {}
    patterns: set[str] = set()
    keys = []
    for cut in cuts:
        # A frame with nothing to see still needs a texture: one transparent texel.
        image = cut.image or Image.new("RGBA", (SCALE, SCALE))
        key = hashlib.sha256(repr(image.size).encode() + image.tobytes()).hexdigest()
        unique.setdefault(key, image)
        keys.append(key)
        if cut.frame.tile:
            patterns.add(key)
    pictures = {key: continued(image) if key in patterns else extruded(image) for key, image in unique.items()}
    places, height = pack([picture.size for picture in pictures.values()], width)
    atlas = Image.new("RGBA", (width, height))
    where = {}
    for (key, picture), (x, y) in zip(pictures.items(), places, strict=True):
        atlas.paste(picture, (x, y))
        border = CONTINUE if key in patterns else EXTRUDE
        where[key] = (x + border, y + border)
    entries: dict[str, object] = {}
    for cut, key in zip(cuts, keys, strict=True):
        if cut.frame.tile:
            entries.update(tiles(cut.frame, where[key]))
        else:
            entries.update(entry(cut, where[key], unique[key].size))
    meta = {"image": image_name, "format": "RGBA8888", "size": {"w": width, "h": height}, "scale": str(SCALE)}
    return atlas, {"frames": entries, "meta": meta}


def entry(cut: Cut, place: tuple[int, int], size: tuple[int, int]) -> dict[str, object]:
    frame = cut.frame
    (x, y), (w, h) = place, size
    whole = {"w": frame.width * SCALE, "h": frame.height * SCALE}
    one: dict[str, object] = {"frame": {"x": x, "y": y, "w": w, "h": h}}
    if (w, h) != (whole["w"], whole["h"]):
        one |= {"trimmed": True, "sourceSize": whole, "spriteSourceSize": {"x": cut.x, "y": cut.y, "w": w, "h": h}}
    if frame.anchor != (0, 0):
        one["anchor"] = {"x": round(frame.anchor[0] / frame.width, 5), "y": round(frame.anchor[1] / frame.height, 5)}
    return {frame.name: one}


def tiles(pattern: Frame, place: tuple[int, int]) -> dict[str, object]:
    """A pattern's tiles, row by row, each whole and as halves for floors that meet under a wall."""
    side = pattern.tile * SCALE
    columns = pattern.width // pattern.tile
    out: dict[str, object] = {}
    for n in range(columns * (pattern.height // pattern.tile)):
        x, y = place[0] + n % columns * side, place[1] + n // columns * side
        for half, left, width in (("", 0, side), ("/left", 0, side // 2), ("/right", side // 2, side // 2)):
            out[f"{pattern.name}/{n}{half}"] = {"frame": {"x": x + left, "y": y, "w": width, "h": side}}
    return out
