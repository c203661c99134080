"""Soft furniture and what makes a room warm: sofas, armchairs, rugs, plants, lamps."""

# ruff: noqa: E501 - path data is read as one line.

from __future__ import annotations

import math

from .svg import Canvas, circle, darker, ellipse, gradient, lighter, path, rect, stroke

CORAL = "#e98a72"
TEAL = "#5a9c97"
MUSTARD = "#ecb95a"


def cushion(c: Canvas, x: float, y: float, w: float, d: float, h: float, colour: str, base: float) -> None:
    c.box(x, y, w, d, h, colour, None, 4, base=base)


def pillow(c: Canvas, x: float, y: float, colour: str, turn: float = 0) -> None:
    definition, paint = gradient(lighter(colour, 0.2), darker(colour, 0.1), 1, 1)
    c.add(
        definition,
        f'<g transform="translate({x} {y}) rotate({turn})">',
        path(
            "M-5.5 -4.5 Q0 -3.4 5.5 -4.5 Q4.6 0 5.5 4.5 Q0 3.4 -5.5 4.5 Q-4.6 0 -5.5 -4.5 Z",
            paint,
            stroke=darker(colour, 0.42),
            stroke_width=0.8,
        ),
        "</g>",
    )


def couch(side: str, seats: int, colour: str, pillows: tuple[str, ...]) -> Canvas:
    """A sofa or armchair whose sitters look to `side`; 40 px deep."""
    length = 96 if seats == 3 else 48
    dark = darker(colour, 0.06)
    if side in ("down", "up"):
        c = Canvas(length, 40)
        c.shadow(1, 6, length - 2, 33, 8)
        inner = (length - 16) / seats
        if side == "down":
            c.box(0, 2, length, 13, 22, colour, dark, 7, base=3)
            for n in range(seats):
                cushion(c, 8 + n * inner, 12, inner, 25, 5, lighter(colour, 0.1), 4)
            for x in (0, length - 9):
                c.box(x, 6, 9, 32, 13, colour, dark, 4.5)
            for n, one in enumerate(pillows):
                pillow(c, 14 if n == 0 else length - 14, 0, one, -14 if n == 0 else 12)
        else:
            for n in range(seats):
                cushion(c, 8 + n * inner, 4, inner, 24, 5, lighter(colour, 0.1), 4)
            for x in (0, length - 9):
                c.box(x, 2, 9, 30, 13, colour, dark, 4.5)
            c.box(0, 25, length, 12, 22, colour, dark, 6, base=2)
            for n in range(1, seats):
                c.add(stroke(f"M{8 + n * inner} 15 V33", darker(colour, 0.3), 0.8, opacity=0.5))
            c.add(rect(5, 36, 4, 3, "#6b4a3a", 1), rect(length - 9, 36, 4, 3, "#6b4a3a", 1))
        return c
    c = Canvas(40, length)
    c.shadow(2, 3, 36, length - 4, 8)
    left = side == "left"
    x = 27 if left else 0
    cx = 3 if left else 11
    inner = (length - 18) / seats
    c.box(1, 0, 38, 9, 13, colour, dark, 4.5)
    back_first = not left
    if back_first:
        c.box(x, 3, 13, length - 8, 22, colour, dark, 6, base=2)
    for n in range(seats):
        cushion(c, cx, 9 + n * inner, 26, inner, 4, lighter(colour, 0.1), 5)
    if not back_first:
        c.box(x, 3, 13, length - 8, 22, colour, dark, 6, base=2)
    c.box(1, length - 11, 38, 9, 13, colour, dark, 4.5)
    for n, one in enumerate(pillows[:1]):
        pillow(c, (22 if left else 18), 12 + n * 30, one, 20 if left else -20)
    return c


def beanbag() -> Canvas:
    c = Canvas(32, 32)
    c.round_shadow(16, 24, 13, 5)
    definition, paint = gradient(lighter(MUSTARD, 0.3), darker(MUSTARD, 0.14), 0.7, 1)
    c.add(
        definition,
        path(
            "M4 22 C2 12 8 2 15 2 C23 2 31 12 28.6 22 C27 29 6 29 4 22 Z",
            paint,
            stroke=darker(MUSTARD, 0.5),
            stroke_width=1,
        ),
    )
    c.add(
        ellipse(16, 15, 8.6, 5.4, darker(MUSTARD, 0.12), opacity=0.7),
        stroke("M14.4 3 q-4 6 -7.6 9 M17 3 q4 5 7 9", darker(MUSTARD, 0.35), 0.8, opacity=0.6),
    )
    return c.add(stroke("M6.6 17 Q7.6 9 13 5", "#fff6e0", 1.1, opacity=0.6))


def bench() -> Canvas:
    c = Canvas(64, 24)
    c.shadow(2, 4, 60, 16)
    c.legs(4, 3, 56, 17, 10, "#6b4a3a")
    return c.box(0, 2, 64, 15, 4, TEAL, None, 4, base=7)


def coffee_table(round_: bool) -> Canvas:
    if round_:
        c = Canvas(40, 40)
        c.round_shadow(20, 30, 15, 6)
        c.add(stroke("M10 33 L13 20 M30 33 L27 20 M20 36 V20", "#6b4a3a", 2))
        c.drum(20, 22, 19, 13, 3, "#f3e2c8", "#c9a984")
        return (
            c.drum(15, 18, 2.2, 1.3, 3, "#ea7a63")
            .drum(25, 15, 2.2, 1.3, 3, "#f7f3ec")
            .add(ellipse(22, 23, 5, 3, "#ffffff", stroke="#b9a98f", stroke_width=0.7))
        )
    c = Canvas(64, 32)
    c.shadow(3, 6, 58, 24)
    c.legs(3, 2, 58, 28, 12, "#6b4a3a")
    c.box(0, 2, 64, 27, 3, "#c9925f", "#96643f", 5, base=10)
    c.add(
        rect(8, -4, 14, 10, "#f7f3ec", 1, stroke="#b9a98f", stroke_width=0.7),
        rect(10, -2, 10, 4, "#78b7e3", 0.6),
        rect(10, 3, 6, 1, "#b0a9b8"),
    )
    c.add(rect(11, -6.5, 14, 9, "#ea7a63", 1, stroke="#9a4436", stroke_width=0.7, transform="rotate(10 18 -2)"))
    c.drum(50, 4, 2.3, 1.4, 3, "#4f9a94")
    return c.drum(38, 3, 4.6, 2.6, 3, "#fff3dc", "#dcc4a0").add(
        *(
            circle(x, y, 1.7, col, stroke=darker(col, 0.35), stroke_width=0.5)
            for x, y, col in ((36.4, -1, "#ea7a63"), (39.4, -1.2, "#9bcb6b"), (38, -2.6, "#efb64c"))
        )
    )


def table_cafe() -> Canvas:
    c = Canvas(40, 40)
    c.round_shadow(20, 31, 10, 4.4)
    c.drum(20, 32, 8, 3.6, 2, "#6d7186").drum(20, 30, 2.2, 1.2, 18, "#9095a8")
    c.drum(20, 16, 18, 12, 3, "#fbf6ee", "#d8c7b0")
    c.drum(14, 14, 2.2, 1.3, 3, "#4f9a94").drum(27, 15, 2.2, 1.3, 3, "#ea7a63")
    c.add(stroke("M20 10 v-6", "#4f8f5a", 1), circle(20, 3, 2.2, "#ffd765", stroke="#b07a2a", stroke_width=0.6))
    return c.drum(20, 11, 1.8, 1, 4, "#dfeef2", "#b9d3dd")


def leaf_path(x: float, y: float, angle: float, length: float, width: float) -> str:
    """A leaf that grows from (x, y) towards `angle` (degrees, 0 is up, clockwise)."""
    a = math.radians(angle)
    tx, ty = x + math.sin(a) * length, y - math.cos(a) * length
    nx, ny = math.cos(a) * width, math.sin(a) * width
    mx, my = x + math.sin(a) * length * 0.5, y - math.cos(a) * length * 0.5
    return f"M{x:.1f} {y:.1f} Q{mx + nx:.1f} {my + ny:.1f} {tx:.1f} {ty:.1f} Q{mx - nx:.1f} {my - ny:.1f} {x:.1f} {y:.1f} Z"


def leafy(c: Canvas, x: float, y: float, leaves: list[tuple[float, float, float]], colour: str) -> None:
    for n, (angle, length, width) in enumerate(leaves):
        tone = (darker(colour, 0.14), colour, lighter(colour, 0.18))[n * 3 // len(leaves)]
        c.add(path(leaf_path(x, y, angle, length, width), tone, stroke=darker(colour, 0.5), stroke_width=0.8))
        a = math.radians(angle)
        c.add(
            stroke(
                f"M{x:.1f} {y:.1f} L{x + math.sin(a) * length * 0.8:.1f} {y - math.cos(a) * length * 0.8:.1f}",
                lighter(colour, 0.4),
                0.6,
                opacity=0.55,
            )
        )


def plant_monstera() -> Canvas:
    c = Canvas(32, 32)
    c.round_shadow(16, 27, 10, 3.6)
    leafy(
        c,
        16,
        14,
        [
            (-84, 17, 7),
            (84, 17, 7),
            (-60, 23, 8),
            (62, 23, 8),
            (-30, 29, 9),
            (32, 28, 9),
            (0, 33, 9),
            (-48, 14, 6),
            (46, 15, 6),
            (6, 20, 7),
        ],
        "#5da268",
    )
    return c.drum(16, 27, 8, 3.4, 13, "#e9dccb", "#d3b899")


def plant_fig() -> Canvas:
    c = Canvas(32, 32, 60)
    c.round_shadow(16, 27, 10, 3.6)
    c.add(stroke("M16 16 Q14 2 16 -14", "#7b5a49", 2.4))
    for x, y in (
        (8, -10),
        (24, -12),
        (12, -22),
        (21, -26),
        (16, -34),
        (6, -22),
        (26, -22),
        (16, -16),
        (10, -30),
        (22, -34),
    ):
        n = int(x * 7 + y * 3) % 3
        tone = ("#4f8f5a", "#5fa06a", "#7fbb7a")[n]
        c.add(
            f'<g transform="rotate({(x - 16) * 4} {x} {y})">',
            ellipse(x, y, 5, 7, tone, stroke="#2f5f43", stroke_width=0.9),
            stroke(f"M{x} {y - 5} v9", "#b5d9a0", 0.6, opacity=0.7),
            "</g>",
        )
    definition, paint = gradient("#d8b487", "#b58a5c", 1, 0)
    c.add(
        definition,
        path("M7 14 H25 L23.4 28 Q16 31 8.6 28 Z", paint, stroke="#7a5636", stroke_width=1),
        stroke("M8 19 H24 M8.6 24 H23.4", "#8f683f", 0.8, opacity=0.6),
    )
    return c.add(ellipse(16, 14, 9, 3, "#6b4a3a", stroke="#7a5636", stroke_width=1))


def plant_snake() -> Canvas:
    c = Canvas(24, 24)
    c.round_shadow(12, 20, 7, 2.8)
    leafy(
        c,
        12,
        10,
        [(-34, 20, 3.4), (36, 19, 3.4), (-16, 27, 3.6), (18, 26, 3.6), (0, 31, 3.8), (-6, 18, 3.2), (26, 13, 3)],
        "#6fae74",
    )
    return c.drum(12, 20, 6.4, 2.8, 11, "#5d6077", "#787d96")


def planter() -> Canvas:
    c = Canvas(96, 24)
    c.shadow(0, 6, 96, 17)
    for n in range(11):
        leafy(
            c,
            7 + n * 8.2,
            3,
            [(-40, 14, 4), (38, 13, 4), (-12 + n % 3 * 9, 19 + n % 4 * 2, 4.4)],
            ("#5da268", "#7ab56b", "#4f8f6a")[n % 3],
        )
    c.box(0, 6, 96, 17, 14, "#5b4638", "#e8d6bd", 3)
    c.add(rect(2.5, -6, 91, 12, "#5b4638", 2))
    for n in range(12):
        leafy(
            c,
            5 + n * 7.8,
            4,
            [(-50, 9, 3.4), (48, 9, 3.4), (n % 5 * 6 - 12, 12 + n % 3 * 2, 3.8)],
            ("#6fae6a", "#5da268", "#8cc27a")[n % 3],
        )
    for x in (24, 48, 72):
        c.add(stroke(f"M{x} 11 V22", "#bfa583", 0.8, opacity=0.7))
    return c


def lamp_floor() -> Canvas:
    c = Canvas(24, 24)
    c.round_shadow(12, 20, 7, 2.8)
    c.add(ellipse(12, -24, 19, 15, "#ffdf8f", opacity=0.28, filter="url(#blur40)"))
    c.drum(12, 20, 6, 2.6, 2, "#4a4e63").add(stroke("M12 18 V-18", "#4a4e63", 2))
    definition, paint = gradient("#fff3cf", "#f5cf7e", 0.6, 1)
    c.add(
        definition,
        path(
            "M6.4 -34 H17.6 L22 -18 Q12 -14.6 2 -18 Z", paint, stroke="#b98a3f", stroke_width=1, stroke_linejoin="round"
        ),
    )
    return c.add(
        ellipse(12, -34, 5.6, 1.8, "#fffbe8", stroke="#b98a3f", stroke_width=0.8),
        stroke("M7.4 -31 L5 -20", "#ffffff", 1.2, opacity=0.7),
    )


def rug(w: int, d: int, colour: str, trim: str, pattern: str) -> Canvas:
    c = Canvas(w, d, 0)
    c.add(rect(1, 2, w, d, "#2b2140", 5, opacity=0.16, filter="url(#blur8)"))
    if pattern != "cool":
        c.add(
            stroke(
                f"M1 2 V{d - 2} M{w - 1} 2 V{d - 2}",
                lighter(trim, 0.3),
                3,
                stroke_dasharray="1 2.2",
                stroke_linecap="butt",
            )
        )
    c.add(rect(2, 0, w - 4, d, colour, 4, stroke=darker(colour, 0.3), stroke_width=0.9))
    c.add(
        rect(7, 5, w - 14, d - 10, "none", 3, stroke=trim, stroke_width=2),
        rect(11, 9, w - 22, d - 18, "none", 2, stroke=lighter(colour, 0.4), stroke_width=0.8),
    )
    if pattern == "warm":
        for row in range(int((d - 32) // 16) + 1):
            for n in range(int((w - 32) // 20) + 1):
                x, y = 16 + (w - 32) % 20 / 2 + n * 20, 16 + (d - 32) % 16 / 2 + row * 16
                tone = trim if (row + n) % 2 else lighter(colour, 0.35)
                c.add(path(f"M{x} {y - 4.6} L{x + 5} {y} L{x} {y + 4.6} L{x - 5} {y} Z", tone, opacity=0.85))
    elif pattern == "cool":
        for n in range(4):
            inset = 18 + n * 11
            if d - 2 * inset > 8:
                c.add(
                    rect(
                        inset,
                        inset,
                        w - 2 * inset,
                        d - 2 * inset,
                        "none",
                        8,
                        stroke=(trim, lighter(colour, 0.3))[n % 2],
                        stroke_width=3,
                        opacity=0.7,
                    )
                )
    else:
        for y in range(18, d - 10, 14):
            c.add(
                stroke(
                    f"M16 {y} L{w / 4 + 8} {y + 6} L{w / 2} {y} L{w * 3 / 4 - 8} {y + 6} L{w - 16} {y}",
                    trim if y % 28 < 14 else lighter(colour, 0.4),
                    1.8,
                    opacity=0.85,
                )
            )
    return c


def rug_round() -> Canvas:
    c = Canvas(128, 128, 0)
    c.add(ellipse(65, 66, 63, 63, "#2b2140", opacity=0.16, filter="url(#blur8)"))
    for r, colour in (
        (63, "#d9c5a6"),
        (59, "#f3e4cb"),
        (48, "#e5a78c"),
        (45, "#f3e4cb"),
        (34, "#86b0a6"),
        (31, "#f3e4cb"),
        (18, "#efc06a"),
        (14, "#f7ead2"),
    ):
        c.add(circle(64, 64, r, colour))
    c.add(circle(64, 64, 62.5, "none", stroke="#b59b76", stroke_width=1))
    for n in range(60):
        a = math.radians(n * 6)
        c.add(
            stroke(
                f"M{64 + math.cos(a) * 50.5:.1f} {64 + math.sin(a) * 50.5:.1f} L{64 + math.cos(a) * 56:.1f} {64 + math.sin(a) * 56:.1f}",
                "#d3b58c",
                1,
                opacity=0.7,
            )
        )
    return c


def doormat() -> Canvas:
    c = Canvas(64, 32, 0)
    c.add(
        rect(1, 2, 64, 32, "#2b2140", 3, opacity=0.16, filter="url(#blur8)"),
        rect(0, 0, 64, 32, "#8a7a6d", 3, stroke="#5c4f47", stroke_width=0.9),
    )
    return c.add(
        rect(4, 4, 56, 24, "none", 2, stroke="#b5a592", stroke_width=1.2),
        *(stroke(f"M10 {y} H54", "#75665b", 1, stroke_dasharray="2 1.4") for y in range(9, 26, 4)),
    )


KINDS = {
    **{
        f"sofa-{side}": (lambda side=side: couch(side, 3, TEAL, ("#ffd98f", CORAL)))
        for side in ("down", "up", "left", "right")
    },
    **{f"armchair-{side}": (lambda side=side: couch(side, 1, CORAL, ())) for side in ("down", "up", "left", "right")},
    "beanbag": beanbag,
    "bench": bench,
    "table-cafe": table_cafe,
    "coffee-table": lambda: coffee_table(False),
    "coffee-table-round": lambda: coffee_table(True),
    "plant-monstera": plant_monstera,
    "plant-fig": plant_fig,
    "plant-snake": plant_snake,
    "planter": planter,
    "lamp-floor": lamp_floor,
    "rug-warm": lambda: rug(192, 128, "#dd9a80", "#b5604f", "warm"),
    "rug-cool": lambda: rug(192, 128, "#9fbcc9", "#5f8ba3", "cool"),
    "rug-runner": lambda: rug(64, 160, "#e6c48a", "#a8763f", "zigzag"),
    "rug-round": rug_round,
    "doormat": doormat,
}
