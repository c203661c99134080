"""Floors: seamless patterns of 4 x 4 tiles, cut into tiles."""

# ruff: noqa: E501 - path data is read as one line.

# ruff: noqa: S311 - chance only scatters leaves and grain, from a fixed seed.

from __future__ import annotations

import random

from .svg import Frame, circle, darker, ellipse, group, lighter, mix, path, rect, stroke

SIDE = 128
TILE = 32


def wrapped(draw: str, dx: float = 0, dy: float = 0) -> str:
    """The drawing and its copies one pattern further, so that what leaves at one edge enters at the other."""
    return "".join(group(draw, x, y) for x in (dx - SIDE, dx, dx + SIDE) for y in (dy - SIDE, dy, dy + SIDE))


def planks(base: str, seed: int, rows: int = 12) -> str:
    """Long boards that hardly differ: a floor is what people and furniture stand out from."""
    chance = random.Random(seed)
    out = [rect(0, 0, SIDE, SIDE, base)]
    height = SIDE / rows
    for row in range(rows):
        y = round(row * height, 2)
        start = chance.randrange(0, 64)
        cuts = [start, start + chance.randrange(52, 76)]
        ends = [*cuts[1:], cuts[0] + SIDE]
        for x, end in zip(cuts, ends, strict=True):
            tone = chance.uniform(-0.045, 0.06)
            colour = lighter(base, tone) if tone > 0 else darker(base, -tone * 0.8)
            piece = [rect(x, y, end - x, height, colour)]
            piece.append(rect(x + 0.5, y, end - x - 0.5, 0.7, lighter(colour, 0.28), opacity=0.5))
            piece.append(rect(x, y + height - 0.7, end - x, 0.7, darker(base, 0.3), opacity=0.38))
            piece.append(rect(end - 0.7, y, 0.7, height, darker(base, 0.34), opacity=0.4))
            for _ in range(3):
                gx, gy = x + chance.uniform(3, end - x - 18), y + chance.uniform(2, height - 2)
                piece.append(
                    stroke(
                        f"M{gx:.1f} {gy:.1f} q6 {chance.uniform(-1, 1):.1f} 13 0", darker(base, 0.2), 0.5, opacity=0.22
                    )
                )
            body = "".join(piece)
            out.append(body)
            if end > SIDE:
                out.append(group(body, -SIDE, 0))
    return "".join(out)


def carpet(base: str, seed: int, squares: bool) -> str:
    chance = random.Random(seed)
    out = [rect(0, 0, SIDE, SIDE, base)]
    if squares:
        for row in range(4):
            for column in range(4):
                nap = lighter(base, 0.05) if (row + column) % 2 else darker(base, 0.025)
                out.append(rect(column * TILE, row * TILE, TILE, TILE, nap))
    for _ in range(420):
        x, y = chance.uniform(0, SIDE - 2), chance.uniform(0, SIDE - 1)
        colour = lighter(base, 0.22) if chance.random() < 0.5 else darker(base, 0.14)
        out.append(rect(round(x, 1), round(y, 1), 1.3, 0.6, colour, opacity=0.45))
    return "".join(out)


def ceramic(base: str, seed: int) -> str:
    chance = random.Random(seed)
    out = [rect(0, 0, SIDE, SIDE, darker(base, 0.13))]
    for row in range(8):
        for column in range(8):
            tone = chance.uniform(0, 0.05) + (0.045 if (row + column) % 2 else 0)
            x, y = column * 16, row * 16
            out.append(rect(x + 0.4, y + 0.4, 15.2, 15.2, darker(base, tone), 1.2))
            out.append(stroke(f"M{x + 1.4} {y + 13.5} V{y + 1.4} H{x + 13.5}", "#ffffff", 0.7, opacity=0.65))
    return "".join(out)


def concrete(base: str, seed: int) -> str:
    chance = random.Random(seed)
    out = [rect(0, 0, SIDE, SIDE, base)]
    for _ in range(16):
        x, y, r = chance.uniform(0, SIDE), chance.uniform(0, SIDE), chance.uniform(10, 22)
        blotch = ellipse(
            0,
            0,
            r,
            r * 0.6,
            lighter(base, 0.3) if chance.random() < 0.5 else darker(base, 0.12),
            opacity=0.16,
            filter="url(#blur40)",
        )
        out.append(wrapped(blotch, round(x, 1), round(y, 1)))
    for _ in range(60):
        x, y = round(chance.uniform(1, SIDE - 1), 1), round(chance.uniform(1, SIDE - 1), 1)
        out += [circle(x, y, 0.5, darker(base, 0.25), opacity=0.4)]
    for at in (0, 64):
        for shade, shift in ((darker(base, 0.22), 0), (lighter(base, 0.4), 0.8)):
            out.append(rect(at + shift, 0, 0.8, SIDE, shade, opacity=0.6))
            out.append(rect(0, at + shift, SIDE, 0.8, shade, opacity=0.6))
    return "".join(out)


def grass(base: str, seed: int) -> str:
    chance = random.Random(seed)
    out = [rect(0, 0, SIDE, SIDE, base)]
    for _ in range(14):
        blotch = ellipse(
            0,
            0,
            chance.uniform(12, 26),
            chance.uniform(8, 16),
            lighter(base, 0.2) if chance.random() < 0.5 else darker(base, 0.12),
            opacity=0.3,
            filter="url(#blur40)",
        )
        out.append(wrapped(blotch, round(chance.uniform(0, SIDE), 1), round(chance.uniform(0, SIDE), 1)))
    for _ in range(120):
        x, y = chance.uniform(3, SIDE - 3), chance.uniform(4, SIDE - 2)
        colour = mix(base, "#2f6b4a", 0.5) if chance.random() < 0.6 else lighter(base, 0.35)
        out.append(
            stroke(
                f"M{x - 1.6:.1f} {y - 2:.1f} L{x:.1f} {y:.1f} L{x + 1.2:.1f} {y - 2.8:.1f}", colour, 0.8, opacity=0.55
            )
        )
    for _ in range(9):
        x, y = round(chance.uniform(4, SIDE - 4), 1), round(chance.uniform(4, SIDE - 4), 1)
        petal = chance.choice(["#fff6e0", "#ffd9e3", "#ffe48f"])
        out.extend(circle(x + dx, y + dy, 0.9, petal) for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)))
        out.append(circle(x, y, 0.7, "#e9a83c"))
    return "".join(out)


# Slabs of the terrace in units of 16 px: (column, row, width, height), tiling 8 x 8 with wrap-around at the right and the bottom.
SLABS = [
    (0, 0, 4, 2), (4, 0, 2, 2), (6, 0, 2, 4),
    (0, 2, 2, 2), (2, 2, 2, 4), (4, 2, 2, 2),
    (0, 4, 2, 2), (4, 4, 4, 2), (0, 6, 4, 2), (4, 6, 2, 2), (6, 6, 2, 2),
]  # fmt: skip


def slabs(base: str, seed: int) -> str:
    chance = random.Random(seed)
    out = [rect(0, 0, SIDE, SIDE, darker(base, 0.2))]
    for column, row, w, h in SLABS:
        x, y, w, h = column * 16, row * 16, w * 16, h * 16
        tone = chance.uniform(0, 0.09)
        colour = darker(base, tone)
        out.append(rect(x + 0.8, y + 0.8, w - 1.6, h - 1.6, colour, 2.5))
        out.append(
            stroke(
                f"M{x + 2} {y + h - 4} V{y + 3} Q{x + 2} {y + 2} {x + 3} {y + 2} H{x + w - 4}",
                lighter(base, 0.6),
                0.8,
                opacity=0.6,
            )
        )
        for _ in range(w * h // 160):
            px, py = chance.uniform(x + 4, x + w - 4), chance.uniform(y + 4, y + h - 4)
            out.append(ellipse(round(px, 1), round(py, 1), 1.1, 0.6, darker(base, 0.2), opacity=0.35))
    for x, y in ((96, 30), (32, 62), (64, 98), (2, 33)):
        out.append(
            path(
                f"M{x} {y} q-1 -3 -2.4 -3.4 M{x} {y} q0 -3 .6 -4 M{x} {y} q1.4 -2 2.6 -2.4",
                stroke="#7fa667",
                stroke_width=0.9,
            )
        )
    return "".join(out)


def gravel(base: str, seed: int) -> str:
    chance = random.Random(seed)
    out = [rect(0, 0, SIDE, SIDE, base)]
    for _ in range(240):
        r = chance.uniform(0.7, 1.9)
        colour = chance.choice([lighter(base, 0.45), darker(base, 0.14), darker(base, 0.24), lighter(base, 0.2)])
        x, y = chance.uniform(2, SIDE - 2), chance.uniform(2, SIDE - 2)
        out.append(ellipse(round(x, 1), round(y, 1), round(r, 1), round(r * 0.7, 1), colour, opacity=0.75))
    return "".join(out)


def paving(base: str, seed: int) -> str:
    """Square stones, each a little different."""
    chance = random.Random(seed)
    out = [rect(0, 0, SIDE, SIDE, darker(base, 0.24))]
    for row in range(8):
        for column in range(4):
            x = column * 32 + (16 if row % 2 else 0)
            tone = darker(base, chance.uniform(0, 0.1))
            stone = rect(x + 0.6, row * 16 + 0.6, 30.8, 14.8, tone, 2) + stroke(
                f"M{x + 2} {row * 16 + 12} V{row * 16 + 2.2} H{x + 27}", lighter(base, 0.6), 0.8, opacity=0.55
            )
            out.append(stone)
            if x + 32 > SIDE:
                out.append(group(stone, -SIDE, 0))
    return "".join(out)


def parquet(base: str, seed: int) -> str:
    """Blocks of four boards, along and across by turns."""
    chance = random.Random(seed)
    out = [rect(0, 0, SIDE, SIDE, darker(base, 0.18))]
    for row in range(4):
        for column in range(4):
            for n in range(4):
                tone = chance.uniform(-0.04, 0.05)
                colour = lighter(base, tone) if tone > 0 else darker(base, -tone)
                x, y = column * 32, row * 32
                place = (
                    (x + 0.4, y + n * 8 + 0.4, 31.2, 7.2)
                    if (row + column) % 2
                    else (x + n * 8 + 0.4, y + 0.4, 7.2, 31.2)
                )
                out.append(rect(*place, colour, 0.8))
                out.append(rect(place[0], place[1], place[2], 0.7, lighter(colour, 0.3), opacity=0.5))
    return "".join(out)


def patterns() -> dict[str, str]:
    """Each floor's pattern, `SIDE` px square."""
    return {
        "wood": planks("#e4cba6", 3),
        "wood-dark": planks("#b58a69", 5),
        "carpet-grey": carpet("#c3c4cc", 7, True),
        "carpet-blue": carpet("#93aeca", 11, True),
        "carpet-sand": carpet("#dccbb2", 13, False),
        "tile": ceramic("#f0ece3", 17),
        "concrete": concrete("#cfcac4", 19),
        "grass": grass("#9bc47c", 23),
        "terrace": slabs("#d9cbb9", 29),
        "gravel": gravel("#d8c7a4", 31),
        "paving": paving("#cfc8bd", 37),
        "carpet-plum": carpet("#8d6f86", 41, True),
        "parquet": parquet("#d0aa80", 43),
    }


def frames() -> list[Frame]:
    """One frame a pattern. The atlas keeps it whole: tiles stored apart would show the picture's losses at their edges."""
    return [Frame(f"floor/{name}", SIDE, SIDE, pattern, tile=TILE) for name, pattern in patterns().items()]
