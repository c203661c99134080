"""Builds the atlas: `python -m client_web.art.build`."""

from __future__ import annotations

import json
from pathlib import Path

from . import atlas, avatar, floors, walls
from .furniture import frames as furniture_frames

ASSETS = Path(__file__).resolve().parents[1] / "public" / "assets"


def main() -> None:
    frames = [*floors.frames(), *walls.frames(), *furniture_frames(), *avatar.frames()]
    image, sheet = atlas.build(frames, "atlas.webp")
    ASSETS.mkdir(parents=True, exist_ok=True)
    image.save(ASSETS / "atlas.webp", quality=76, method=6, alpha_quality=100, use_sharp_yuv=True)
    (ASSETS / "atlas.json").write_text(json.dumps(sheet, separators=(",", ":")) + "\n")
    kilobytes = [round((ASSETS / name).stat().st_size / 1024) for name in ("atlas.webp", "atlas.json")]
    print(f"{len(frames)} frames, {image.width} x {image.height}, {kilobytes[0]} KiB picture, {kilobytes[1]} KiB index")


if __name__ == "__main__":
    main()
