"""The campus out of doors: water, stone, benches, a stall and light along the paths."""

# ruff: noqa: E501 - path data is read as one line.

# ruff: noqa: S311 - chance only scatters stones and leaves, from a fixed seed.

from __future__ import annotations

import math
import random

from .svg import Canvas, circle, darker, ellipse, gradient, group, lighter, path, rect, stroke

STONE = "#c3bcb2"
IRON = "#3b4a4f"
SLATS = "#b98457"
AWNING = "#2f7561"
PARASOL = "#e9a24c"


def ring(cx: float, cy: float, rx: float, ry: float, seed: int, wobble: float) -> str:
    """A closed curve around an ellipse, as a shore is: never quite round."""
    chance = random.Random(seed)
    points = []
    for n in range(14):
        angle = n * math.tau / 14
        away = 1 + chance.uniform(-wobble, wobble)
        points.append((cx + math.cos(angle) * rx * away, cy + math.sin(angle) * ry * away))
    middles = [
        ((ax + bx) / 2, (ay + by) / 2) for (ax, ay), (bx, by) in zip(points, [*points[1:], points[0]], strict=True)
    ]
    curve = f"M{middles[-1][0]:.1f} {middles[-1][1]:.1f}"
    for (x, y), (mx, my) in zip(points, middles, strict=True):
        curve += f" Q{x:.1f} {y:.1f} {mx:.1f} {my:.1f}"
    return curve + " Z"


def pond() -> Canvas:
    c = Canvas(320, 192, 0)
    c.add(path(ring(160, 97, 152, 88, 4, 0.05), "#7f9a63", opacity=0.85))
    c.add(path(ring(160, 96, 147, 84, 4, 0.05), "#d8cdb4", stroke="#9d9277", stroke_width=1))
    definition, water = gradient("#8fcbd6", "#5aa6bb", 0.3, 1)
    c.add(definition, path(ring(160, 97, 138, 76, 4, 0.05), water, stroke="#3f8598", stroke_width=1.4))
    c.add(path(ring(156, 104, 108, 52, 8, 0.07), "#4d99b0", opacity=0.35))
    chance = random.Random(21)
    for _ in range(26):
        x, y = 160 + chance.uniform(-110, 110), 97 + chance.uniform(-56, 56)
        c.add(stroke(f"M{x:.1f} {y:.1f} q6 -3 12 0 t12 0", "#ffffff", 1, opacity=round(chance.uniform(0.25, 0.55), 2)))
    for x, y, size in ((96, 66, 9), (110, 74, 7), (226, 124, 10), (241, 116, 7), (212, 134, 6)):
        c.add(
            path(
                f"M{x} {y} L{x + size} {y - 2} A{size} {size * 0.6} 0 1 1 {x + size * 0.7:.1f} {y - size * 0.4:.1f} Z",
                "#6aa25c",
                stroke="#3f7a4e",
                stroke_width=0.8,
            ),
        )
    for x, y in ((99, 61), (229, 118)):
        c.add(
            *(
                ellipse(x + dx, y + dy, 2.6, 1.8, "#f7c6d4", stroke="#c07f95", stroke_width=0.5)
                for dx, dy in ((-2, 0), (2, 0), (0, -2), (0, 1))
            )
        )
        c.add(circle(x, y - 0.6, 1.2, "#f2c14e"))
    for n in range(30):
        angle = n * math.tau / 30 + chance.uniform(-0.06, 0.06)
        x, y = 160 + math.cos(angle) * 143, 97 + math.sin(angle) * 80
        r = chance.uniform(4, 7.5)
        tone = lighter(STONE, chance.uniform(0, 0.3))
        c.add(
            ellipse(x, y, r, r * 0.7, tone, stroke=darker(STONE, 0.4), stroke_width=0.8),
            ellipse(x - r * 0.25, y - r * 0.25, r * 0.45, r * 0.28, lighter(tone, 0.5), opacity=0.7),
        )
    for x, y in ((34, 70), (40, 66), (284, 132), (278, 138), (46, 64)):
        c.add(
            stroke(f"M{x} {y} q-1 -12 1 -22 M{x + 3} {y} q1 -10 4 -18", "#5d8a4e", 1.4),
            rect(x, y - 27, 2.4, 8, "#8a5f3c", 1.2),
        )
    return c


def fountain() -> Canvas:
    c = Canvas(128, 96)
    c.round_shadow(64, 66, 60, 28, 0.26)
    c.drum(64, 58, 60, 34, 12, STONE)
    definition, water = gradient("#a5d8e2", "#5ba5bb")
    c.add(definition, ellipse(64, 46, 53, 28, water, stroke="#8d8577", stroke_width=1))
    for rx, ry in ((40, 20), (28, 14)):
        c.add(ellipse(64, 48, rx, ry, "none", stroke="#ffffff", stroke_width=1, opacity=0.45))
    c.drum(64, 50, 9, 5, 28, STONE)
    c.drum(64, 22, 22, 9, 5, lighter(STONE, 0.1))
    c.add(definition, ellipse(64, 17, 18, 6.6, "#8fcbd6", stroke="#8d8577", stroke_width=0.7))
    for dx, end in ((-20, 46), (20, 46), (-12, 50), (12, 50)):
        c.add(stroke(f"M64 4 Q{64 + dx * 0.9:.1f} -4 {64 + dx} {end - 8}", "#e4f6fa", 2, opacity=0.8))
    c.add(stroke("M64 14 V0", "#f2fcff", 3, opacity=0.9), circle(64, -2, 3, "#ffffff", opacity=0.85))
    for x, y in ((38, 44), (90, 45), (50, 55), (78, 56), (64, 60)):
        c.add(ellipse(x, y, 4, 1.8, "none", stroke="#ffffff", stroke_width=0.9, opacity=0.8))
    return c


def street_lamp() -> Canvas:
    c = Canvas(16, 16, 84)
    c.round_shadow(8, 12, 5, 2.4)
    c.drum(8, 12, 5, 2.6, 5, IRON)
    c.add(stroke("M8 8 V-52", IRON, 2.6), stroke("M7.2 6 V-50", lighter(IRON, 0.35), 0.7))
    definition, glass = gradient("#fffbe6", "#ffcf70")
    c.add(circle(8, -62, 15, "#ffe2a0", opacity=0.28, filter="url(#blur40)"))
    c.add(
        definition,
        path("M2.6 -70 H13.4 L11.4 -54 H4.6 Z", glass, stroke=IRON, stroke_width=1.3, stroke_linejoin="round"),
    )
    return c.add(path("M1 -70 L8 -77 L15 -70 Z", IRON), rect(3.6, -54.4, 8.8, 2.6, IRON, 1), circle(8, -78, 1.5, IRON))


def park_bench(up: bool) -> Canvas:
    c = Canvas(80, 24)
    c.shadow(2, 4, 76, 16)
    for x in (7, 69):
        c.add(rect(x, 6, 4, 15, IRON, 1))
    if up:
        c.box(0, 4, 80, 12, 3, SLATS, None, 1.5, base=7)
        c.add(*(stroke(f"M2 {n} H78", darker(SLATS, 0.3), 0.8) for n in (-1.6, 2.4)))
        c.box(0, 15, 80, 4, 6, SLATS, None, 1.5, base=12)
        return c.box(0, 16, 80, 4, 5, SLATS, None, 1.5, base=4)
    c.box(0, 0, 80, 4, 6, SLATS, None, 1.5, base=14)
    c.box(0, 1, 80, 4, 5, SLATS, None, 1.5, base=6)
    c.box(0, 6, 80, 13, 3, SLATS, None, 1.5, base=7)
    return c.add(*(stroke(f"M2 {n} H78", darker(SLATS, 0.3), 0.8) for n in (1, 5)))


def parasol_table() -> Canvas:
    c = Canvas(64, 64, 72)
    c.round_shadow(36, 46, 27, 9, 0.22)
    for x in (10, 54):
        c.drum(x, 40, 7, 4, 7, SLATS)
    c.drum(32, 36, 17, 10, 3, "#efe3cd", "#c9a984", base=11)
    c.add(stroke("M32 40 V20", IRON, 2.4), stroke("M32 22 V-44", "#8a5f3c", 2.6))
    c.drum(25, 22, 2, 1.2, 4, "#ea7a63").drum(39, 26, 2, 1.2, 4, "#f7f3ec")
    wedges = []
    for n, (x1, x2) in enumerate(((-8, 10), (10, 26), (26, 40), (40, 56), (56, 72))):
        tone = PARASOL if n % 2 == 0 else "#fdf3df"
        wedges.append(
            path(
                f"M32 -52 L{x1} -16 Q{(x1 + x2) / 2} -9 {x2} -16 Z",
                tone,
                stroke=darker(PARASOL, 0.4),
                stroke_width=0.9,
                stroke_linejoin="round",
            )
        )
    return c.add(*wedges, path("M32 -52 L-8 -16 Q1 -12 10 -16 Z", "#ffffff", opacity=0.16), circle(32, -53, 2.2, IRON))


def kiosk() -> Canvas:
    c = Canvas(128, 64, 84)
    c.shadow(0, 14, 128, 48)
    wall = "#f0e4cd"
    c.box(4, 16, 120, 46, 50, wall, wall, 2)
    c.add(
        rect(14, -22, 100, 40, "#5a4436", 2, stroke="#3c2b22", stroke_width=1),
        rect(14, -22, 100, 8, "#3c2b22", opacity=0.5),
    )
    for n, colour in enumerate(("#d9694f", "#f2c14e", "#7fb069", "#e9a24c", "#8fc7d9", "#d98aa8", "#b98457")):
        c.add(
            rect(20 + n * 13, -6, 8, 11, colour, 1.5, stroke=darker(colour, 0.4), stroke_width=0.7),
            rect(20 + n * 13, -9, 8, 3, darker(colour, 0.2), 1),
        )
    c.add(rect(14, 6, 100, 3, "#8a5f3c"))
    c.box(8, 18, 112, 10, 4, SLATS, None, 2, base=14)
    for n in range(8):
        tone = AWNING if n % 2 == 0 else "#fdf8ea"
        c.add(
            path(
                f"M{2 + n * 15.5} -40 H{17.5 + n * 15.5} L{17.5 + n * 15.5} -20 A7.75 5 0 0 1 {2 + n * 15.5} -20 Z",
                tone,
                stroke=darker(AWNING, 0.35),
                stroke_width=0.8,
            )
        )
    c.box(0, 8, 128, 8, 5, darker(AWNING, 0.1), None, 2, base=46)
    c.add(
        rect(36, 34, 56, 20, "#2f4f47", 2, stroke="#1d332d", stroke_width=1),
        stroke("M44 41 h40 M44 47 h26", "#fdf8ea", 1.6, opacity=0.85),
    )
    return c


def bike_rack() -> Canvas:
    c = Canvas(96, 24)
    c.shadow(2, 10, 92, 10, strength=0.18)
    for n in range(5):
        x = 8 + n * 18
        c.add(stroke(f"M{x} 18 V2 Q{x + 5} -6 {x + 10} 2 V18", darker(IRON, 0.1), 2.2))
    for x, colour in ((4, "#d9694f"), (40, "#4d99b0")):
        c.add(*(circle(x + dx, 14, 9, "none", stroke="#2b2d3d", stroke_width=1.8) for dx in (8, 36)))
        c.add(
            stroke(
                f"M{x + 8} 14 L{x + 17} -1 H{x + 31} L{x + 36} 14 M{x + 17} -1 L{x + 21} 14 L{x + 31} -1 M{x + 8} 14 H{x + 21}",
                colour,
                2.2,
            )
        )
        c.add(stroke(f"M{x + 14} -5 h6 M{x + 31} -1 l-1 -6 h5", "#2b2d3d", 1.9))
    return c


def signpost() -> Canvas:
    c = Canvas(24, 16, 64)
    c.round_shadow(12, 12, 5, 2.4)
    c.add(stroke("M12 12 V-46", "#6b4a33", 3.4), stroke("M11 10 V-44", "#a5784f", 0.8))
    for y, flip, colour in ((-44, 1, "#2f7561"), (-32, -1, "#d9694f"), (-20, 1, "#4d7fb0")):
        arrow = path(
            "M-9 0 H9 L14 4.4 L9 8.8 H-9 Z", colour, stroke=darker(colour, 0.4), stroke_width=1, stroke_linejoin="round"
        ) + stroke("M-5 4.4 h11", "#fdf8ea", 1.4)
        c.add(group(arrow if flip > 0 else f'<g transform="scale(-1 1)">{arrow}</g>', 12, y))
    return c


def boulder() -> Canvas:
    c = Canvas(48, 24, 32)
    c.round_shadow(25, 18, 23, 6)
    c.add(
        path(
            "M3 18 Q2 2 15 -8 Q27 -15 37 -5 Q47 4 45 18 Q24 25 3 18 Z",
            STONE,
            stroke=darker(STONE, 0.45),
            stroke_width=1,
        )
    )
    c.add(
        path("M8 10 Q9 0 18 -5 Q27 -9 33 -4 Q22 0 17 9 Z", lighter(STONE, 0.4), opacity=0.75),
        stroke("M30 2 q6 6 5 13 M20 12 q5 2 9 0", darker(STONE, 0.3), 1),
    )
    return c.add(stroke("M7 18 q2 -5 5 -1 q2 -4 5 0 q3 -3 5 1", "#7fa667", 1.6))


def tree_pine() -> Canvas:
    c = Canvas(64, 48, 78, 12)
    c.add(ellipse(36, 38, 22, 7, "#2b2140", opacity=0.26, filter="url(#blur25)"))
    c.add(rect(29, 20, 7, 21, "#7d5a41", 2, stroke="#55372a", stroke_width=1))
    for y, half in ((24, 27), (2, 22), (-20, 17), (-40, 11)):
        c.add(
            path(
                f"M32 {y - 34} L{32 + half} {y} Q{32 + half * 0.5} {y + 7} 32 {y + 4} Q{32 - half * 0.5} {y + 7} {32 - half} {y} Z",
                "#3f7f63",
                stroke="#275545",
                stroke_width=1.1,
                stroke_linejoin="round",
            )
        )
        c.add(
            path(
                f"M32 {y - 32} L{32 - half * 0.8} {y - 2} Q{32 - half * 0.4} {y + 2} {32 - 2} {y} Z",
                "#6fae84",
                opacity=0.55,
            )
        )
    return c


KINDS = {
    "pond": pond,
    "fountain": fountain,
    "street-lamp": street_lamp,
    "park-bench-down": lambda: park_bench(False),
    "park-bench-up": lambda: park_bench(True),
    "parasol-table": parasol_table,
    "kiosk": kiosk,
    "bike-rack": bike_rack,
    "signpost": signpost,
    "boulder": boulder,
    "tree-pine": tree_pine,
}
