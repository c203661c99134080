"""All furniture: every kind of the catalogue has its drawing, and the drawing has the catalogue's size."""

from __future__ import annotations

import json
from pathlib import Path

from . import campus, conference, office, outdoors, social, soft, wall_pieces
from .svg import Frame

TEMPLATES = Path(__file__).resolve().parents[2] / "server" / "rooms" / "templates"
KINDS = {
    **office.KINDS,
    **soft.KINDS,
    **social.KINDS,
    **outdoors.KINDS,
    **wall_pieces.KINDS,
    **campus.KINDS,
    **conference.KINDS,
}


def catalogue() -> dict[str, dict]:
    return json.loads((TEMPLATES / "furniture.json").read_text())


def frames() -> list[Frame]:
    known = catalogue()
    if missing := set(known) ^ set(KINDS):
        raise SystemExit(f"furniture.json and the drawings differ: {', '.join(sorted(missing))}")
    out = []
    for kind, entry in known.items():
        canvas = KINDS[kind]()
        if [canvas.width, canvas.depth] != entry["size"]:
            raise SystemExit(f"{kind} is drawn {canvas.width} x {canvas.depth}, furniture.json says {entry['size']}")
        out.append(canvas.frame(entry["sprite"]))
    return out
