"""The terrace: trees, bushes, benches, light."""

# ruff: noqa: S311 - chance only scatters leaves and grain, from a fixed seed.

from __future__ import annotations

import random

from .svg import Canvas, circle, darker, ellipse, gradient, lighter, path, rect, stroke


def crown(c: Canvas, puffs: list[tuple[float, float, float]], colour: str, seed: int) -> None:
    chance = random.Random(seed)
    for x, y, r in puffs:
        c.add(circle(x, y, r + 0.9, darker(colour, 0.5)))
    for x, y, r in puffs:
        c.add(circle(x, y, r, darker(colour, 0.2)))
    for x, y, r in puffs:
        c.add(circle(x - r * 0.12, y - r * 0.16, r * 0.84, colour))
    for x, y, r in puffs:
        c.add(circle(x - r * 0.26, y - r * 0.32, r * 0.5, lighter(colour, 0.18)))
    for x, y, r in puffs:
        for _ in range(int(r / 2)):
            px, py = x + chance.uniform(-r, r) * 0.7, y + chance.uniform(-r, r) * 0.7
            c.add(
                stroke(
                    f"M{px - 1.5:.1f} {py:.1f} q1.5 -1.8 3 0",
                    lighter(colour, 0.4) if py < y else darker(colour, 0.35),
                    0.9,
                    opacity=0.6,
                )
            )


def tree() -> Canvas:
    c = Canvas(64, 48, 64, 12)
    c.add(ellipse(36, 38, 26, 8, "#2b2140", opacity=0.26, filter="url(#blur25)"))
    c.add(
        path("M27 40 Q29 30 28 12 H36 Q35 30 38 40 Q32 42.4 27 40 Z", "#94694a", stroke="#55372a", stroke_width=1),
        stroke("M31 36 V20 M34 30 V18", "#6b4836", 0.8),
    )
    crown(
        c,
        [(14, 2, 15), (50, 2, 15), (32, 8, 17), (20, -18, 17), (45, -18, 16), (32, -32, 17), (32, -10, 19)],
        "#6fb069",
        3,
    )
    return c


def tree_birch() -> Canvas:
    c = Canvas(64, 48, 70, 12)
    c.add(ellipse(36, 38, 22, 7, "#2b2140", opacity=0.26, filter="url(#blur25)"))
    c.add(path("M29 40 Q30.4 26 29.6 0 H34.6 Q34 26 36 40 Q32 42 29 40 Z", "#f1ebe2", stroke="#6d635c", stroke_width=1))
    c.add(stroke("M30 32 h2 M33 27 h1.6 M30.4 21 h2.4 M32.6 14 h1.6 M30.6 36 h1.4", "#6d635c", 1.1))
    crown(
        c,
        [(20, -4, 12), (45, -4, 12), (32, 0, 13), (22, -22, 13), (43, -22, 13), (32, -38, 13), (32, -18, 15)],
        "#a9c765",
        5,
    )
    return c


def bush() -> Canvas:
    c = Canvas(48, 24, 32)
    c.round_shadow(24, 19, 21, 5)
    crown(c, [(11, 11, 10), (37, 11, 10), (24, 12, 10), (17, 2, 10), (31, 2, 10), (24, -4, 9)], "#63a468", 7)
    for x, y in ((13, 3), (22, -5), (31, 4), (36, 12), (20, 12), (10, 13), (27, 0)):
        c.add(
            circle(x, y, 1.9, "#f7a6b8", stroke="#b8607a", stroke_width=0.6), circle(x - 0.4, y - 0.4, 0.7, "#fff0f3")
        )
    return c


def hedge() -> Canvas:
    c = Canvas(64, 24, 32)
    c.shadow(0, 6, 64, 17)
    c.box(0, 4, 64, 19, 18, "#6cab68", "#4f8f5a", 5)
    chance = random.Random(9)
    for _ in range(90):
        x, y = chance.uniform(3, 61), chance.uniform(-12, 21)
        tone = "#a5d192" if y < 4 and chance.random() < 0.6 else "#3f7a4e"
        c.add(stroke(f"M{x - 1.4:.1f} {y:.1f} q1.4 -1.7 2.8 0", tone, 0.9, opacity=0.6))
    return c


def flower_bed() -> Canvas:
    c = Canvas(64, 24, 32)
    c.shadow(0, 6, 64, 17)
    c.box(0, 4, 64, 19, 9, "#6b4d3d", "#c58f6a", 2.5)
    c.add(rect(3, -3, 58, 13, "#5a3f33", 1.5))
    chance = random.Random(12)
    for n in range(20):
        x, y = 6 + n % 10 * 5.7 + chance.uniform(-1, 1), 2 + n // 10 * 6
        tall = chance.uniform(7, 11)
        colour = ("#f28fa2", "#ffd765", "#fff3dc", "#c7a0e8", "#ff9d6b")[n * 3 % 5]
        c.add(
            stroke(f"M{x:.1f} {y} V{y - tall:.1f} M{x:.1f} {y - 2} l-2.4 -2 M{x:.1f} {y - 3} l2.4 -2", "#4f8f5a", 1.1)
        )
        c.add(
            circle(x, y - tall, 2.5, colour, stroke=darker(colour, 0.35), stroke_width=0.6),
            circle(x, y - tall, 0.9, "#e9a83c"),
        )
    return c


def picnic_table() -> Canvas:
    c = Canvas(96, 72)
    c.shadow(4, 6, 88, 62)
    wood, edge = "#c99766", "#946640"
    c.box(4, 2, 88, 12, 3, wood, edge, 2, base=7)
    for x in (14, 78):
        c.add(stroke(f"M{x} 6 V66", "#6b4a33", 3))
        c.add(rect(x - 2, 50, 4, 10, edge, 1, stroke="#55372a", stroke_width=0.8))
    for x in (12, 80):
        c.add(rect(x, 64, 4, 6, edge, 1, stroke="#55372a", stroke_width=0.8))
    c.box(4, 54, 88, 13, 3, wood, edge, 2, base=7)
    c.box(0, 17, 96, 36, 3, wood, edge, 2, base=16)
    c.add(*(stroke(f"M1 {-2 + n * 9 + 9} H95", darker(wood, 0.25), 0.9) for n in range(3)))
    c.drum(26, 12, 2.2, 1.3, 4, "#f7b955").drum(68, 20, 2.2, 1.3, 4, "#ea7a63")
    c.add(
        ellipse(47, 16, 9, 5, "#fffaf0", stroke="#b9a98f", stroke_width=0.8),
        *(
            circle(x, y, 2.2, col, stroke=darker(col, 0.35), stroke_width=0.5)
            for x, y, col in ((44, 15, "#ea6a55"), (49, 14, "#9bcb6b"), (47.4, 17, "#efb64c"))
        ),
    )
    return c


def lantern() -> Canvas:
    c = Canvas(16, 16, 48)
    c.round_shadow(8, 12, 4.4, 2)
    c.add(
        circle(8, -22, 14, "#ffdf8f", opacity=0.35, filter="url(#blur40)"),
        stroke("M8 12 V-14", "#3b3d50", 2.2),
        rect(4.6, 9.6, 6.8, 3.4, "#3b3d50", 1.4),
    )
    definition, paint = gradient("#fffbe0", "#ffc95f")
    c.add(
        definition,
        path(
            "M4.4 -27 H11.6 L12.6 -15.6 Q8 -13.6 3.4 -15.6 Z",
            paint,
            stroke="#3b3d50",
            stroke_width=1.2,
            stroke_linejoin="round",
        ),
    )
    return c.add(path("M3 -27 L8 -32 L13 -27 Z", "#3b3d50"), stroke("M6.4 -25 L6 -17", "#ffffff", 1, opacity=0.8))


KINDS = {
    "tree": tree,
    "tree-birch": tree_birch,
    "bush": bush,
    "hedge": hedge,
    "flower-bed": flower_bed,
    "picnic-table": picnic_table,
    "lantern": lantern,
}
