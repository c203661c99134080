"""Furniture of offices: desks, chairs, tables, storage and machines."""

# ruff: noqa: E501 - path data is read as one line.

from __future__ import annotations

from .svg import Canvas, circle, darker, ellipse, gradient, lighter, path, rect, stroke

OAK = "#dfae78"
WALNUT = "#a5714f"
WHITE = "#f7f3ec"
INK = "#3b3d50"
STEEL = "#9aa0b3"
SEAT = "#4f7f92"


def mug(c: Canvas, x: float, y: float, colour: str) -> None:
    c.add(ellipse(x + 0.8, y + 0.6, 2.4, 1.4, "#2b2140", opacity=0.25))
    c.add(stroke(f"M{x + 2} {y - 2} q2.2 .2 .2 2", darker(colour, 0.3), 0.9))
    c.drum(x, y, 2, 1.2, 2.8, colour)


def keyboard(c: Canvas, x: float, y: float, w: float = 15) -> None:
    c.add(rect(x, y, w, 5, "#eceaf0", 1.2, stroke="#9d9bab", stroke_width=0.7))
    for row in range(2):
        c.add(stroke(f"M{x + 1.6} {y + 1.5 + row * 1.8} H{x + w - 1.6}", "#b9b7c6", 0.9, stroke_dasharray="1.2 .9"))


def screen_glow(
    c: Canvas, x: float, y: float, w: float, h: float, first: str = "#4f6bd0", last: str = "#78c7d6"
) -> None:
    definition, paint = gradient(first, last, 1, 1)
    c.add(
        definition,
        rect(x, y, w, h, "#2d2f42", 1.6, stroke="#1f2031", stroke_width=0.8),
        rect(x + 1.2, y + 1.2, w - 2.4, h - 2.4, paint, 0.8),
    )
    c.add(
        rect(x + 2.6, y + 2.8, w * 0.36, 1.2, "#ffffff", 0.5, opacity=0.75),
        rect(x + 2.6, y + 5, w * 0.55, 1, "#ffffff", 0.5, opacity=0.5),
    )
    c.add(rect(x + 2.6, y + 7, w * 0.45, 1, "#ffffff", 0.5, opacity=0.5))
    c.add(path(f"M{x + w - 2} {y + 2} L{x + w - 9} {y + 2} L{x + w - 2} {y + 10} Z", "#ffffff", opacity=0.16))


def monitor(c: Canvas, x: float, y: float, behind: bool = False) -> None:
    """A 26 px wide monitor whose foot stands at (x, y)."""
    c.add(ellipse(x + 1, y + 0.5, 7, 2.2, "#2b2140", opacity=0.25))
    c.add(ellipse(x, y, 6, 2, "#737991", stroke="#474c61", stroke_width=0.8), rect(x - 1.5, y - 6, 3, 6, "#5d6379"))
    if behind:
        definition, paint = gradient("#eceaf1", "#c3c3d0")
        c.add(
            definition,
            rect(x - 13, y - 19, 26, 15, paint, 2, stroke="#6d7085", stroke_width=1),
            circle(x, y - 12, 1.8, "#a9abbb"),
        )
        c.add(rect(x - 2.2, y - 9, 4.4, 6, "#a9abbb", 1))
    else:
        screen_glow(c, x - 13, y - 19, 26, 15)


def desk(side: str) -> Canvas:
    if side in ("down", "up"):
        c = Canvas(64, 32)
        c.shadow(2, 10, 60, 20)
        c.add(rect(3, 8, 58, 21, "#2b2140", 1, opacity=0.45))
        for x in (2, 58):
            c.add(rect(x, 8, 4, 23, WHITE, 1, stroke="#8d8794", stroke_width=0.9))
        if side == "down":
            c.box(44, 12, 14, 16, 15, WHITE, "#e6e0d8", 1.5)
            for y in (16, 21):
                c.add(stroke(f"M44.8 {y} h12.4", "#b9b1ad", 0.8), rect(49, y - 3, 4, 1.2, "#a39ba0", 0.6))
        else:
            c.add(rect(6, 12, 52, 13, "#ece6df", 1, stroke="#aaa3a3", stroke_width=0.8))
        c.box(0, 0, 64, 30, 3, OAK, darker(OAK, 0.25), 3, base=18)
        if side == "down":
            monitor(c, 32, -11)
            keyboard(c, 22, -2)
            c.add(rect(40, -1.5, 3.4, 4.6, WHITE, 1.7, stroke="#9d9bab", stroke_width=0.7))
            mug(c, 53, 0, "#ea7a63")
            c.add(rect(5, -12, 9, 12, "#fffdf8", 0.8, stroke="#c8bda9", stroke_width=0.7))
            c.add(stroke("M6.6 -9.4 h5.4 M6.6 -7 h4.4 M6.6 -4.6 h5", "#b0a9b8", 0.8))
        else:
            keyboard(c, 24, -17)
            monitor(c, 32, -2, behind=True)
            mug(c, 9, -9, "#4f9a94")
            c.add(
                rect(50, -16, 9, 11, "#efb64c", 0.8, stroke="#b07a2a", stroke_width=0.7),
                stroke("M52 -13 h5 M52 -10.6 h4", "#fff3d6", 0.9),
            )
        return c
    c = Canvas(32, 64)
    c.shadow(2, 4, 28, 58)
    c.add(rect(1, 44, 30, 18, "#2b2140", 1, opacity=0.4))
    for x in (1, 27):
        c.add(rect(x, 43, 4, 20, WHITE, 1, stroke="#8d8794", stroke_width=0.9))
    c.add(rect(5, 45, 22, 12, "#ece6df", 1, stroke="#aaa3a3", stroke_width=0.8))
    c.box(0, 0, 32, 62, 3, OAK, darker(OAK, 0.25), 3, base=18)
    left = side == "left"
    x = 22 if left else 10
    c.add(ellipse(x, 14, 3.4, 5, "#737991", stroke="#474c61", stroke_width=0.8))
    c.box(x - 2, -1, 4, 26, 13, "#4a4e63", "#2d2f42", 1.4, base=2)
    glow = x - 2.6 if left else x + 1.6
    c.add(rect(glow, -13, 1.6, 25, "#7fd0dd", 0.6, opacity=0.9))
    kx = 7 if left else 20
    c.add(rect(kx, 2, 5, 15, "#eceaf0", 1.2, stroke="#9d9bab", stroke_width=0.7))
    c.add(stroke(f"M{kx + 1.6} 3.6 v12 M{kx + 3.4} 3.6 v12", "#b9b7c6", 0.9, stroke_dasharray="1.2 .9"))
    mug(c, 10 if left else 22, 34, "#efb64c")
    c.add(rect(14 if left else 8, -15, 10, 8, "#fffdf8", 0.8, stroke="#c8bda9", stroke_width=0.7))
    return c


def chair(side: str) -> Canvas:
    c = Canvas(32, 32)
    cloth, back = SEAT, darker(SEAT, 0.12)
    c.round_shadow(16, 24, 10, 5)
    for dx, dy in ((-8, 1), (8, 1), (-5, 4.6), (5, 4.6), (0, -2)):
        c.add(stroke(f"M16 22.5 L{16 + dx} {22.5 + dy}", "#3f4256", 2.2), circle(16 + dx, 23.5 + dy, 1.5, "#2b2d3d"))
    c.add(rect(14.8, 16, 2.4, 7, "#6d7186"))
    if side == "down":
        c.box(7, 7, 18, 5, 15, back, darker(back, 0.05), 4, base=7)
        c.add(stroke("M12 -4.6 v7 M20 -4.6 v7", darker(back, 0.25), 0.8, opacity=0.6))
        c.box(6.5, 11, 19, 13.5, 4, cloth, None, 5, base=5)
    elif side == "up":
        c.box(6.5, 9.5, 19, 13, 4, cloth, None, 5, base=5)
        c.box(7, 20, 18, 4, 15, lighter(back, 0.1), back, 4, base=6)
        c.add(stroke("M12 4.4 v8 M20 4.4 v8", darker(back, 0.28), 0.9, opacity=0.7), rect(14, 16, 4, 4, "#6d7186", 1))
    else:
        left = side == "left"
        x = 20.5 if left else 6.5
        if left:
            c.box(6, 9, 17, 15, 4, cloth, None, 5, base=5)
            c.box(x, 9, 5, 15, 15, back, darker(back, 0.08), 2.5, base=6)
        else:
            c.box(9, 9, 17, 15, 4, cloth, None, 5, base=5)
            c.box(x, 9, 5, 15, 15, back, darker(back, 0.08), 2.5, base=6)
    return c


def stool() -> Canvas:
    c = Canvas(24, 24)
    c.round_shadow(12, 18, 7, 3.6)
    c.add(
        stroke("M7.5 18.5 L9 8 M16.5 18.5 L15 8 M12 20 V8", "#5b4a44", 1.8), stroke("M8.2 14.6 H15.8", "#5b4a44", 1.2)
    )
    return c.drum(12, 9.6, 7.6, 4.6, 3, "#d9835f", "#a9684c")


def table_round() -> Canvas:
    c = Canvas(64, 64)
    c.round_shadow(32, 48, 24, 11, 0.34)
    c.drum(32, 50, 11, 5, 4, "#8b8fa3", "#6d7186").drum(32, 46, 4, 2, 18, "#b5b9c9", "#9095a8")
    c.drum(32, 30, 31, 22, 4, OAK, darker(OAK, 0.28))
    c.add(ellipse(32, 26, 24, 16.5, "none", stroke="#fff6e6", stroke_width=0.7, opacity=0.35))
    laptop(c, 24, 12)
    mug(c, 46, 24, "#ea7a63")
    c.add(rect(15, 28, 9, 11, "#fffdf8", 0.8, stroke="#c8bda9", stroke_width=0.7, transform="rotate(-12 19 33)"))
    return c


def laptop(c: Canvas, x: float, y: float) -> None:
    """Seen from behind: its user sits above."""
    c.add(rect(x, y + 4, 16, 10, "#2b2140", 1, opacity=0.2))
    c.add(path(f"M{x + 1} {y} h14 l1 3 h-16 Z", "#c9cbd8", stroke="#7d8094", stroke_width=0.7))
    definition, paint = gradient("#e9e9f2", "#bfc1d0")
    c.add(
        definition,
        rect(x, y + 2.4, 16, 9.4, paint, 1.4, stroke="#6d7085", stroke_width=0.9),
        circle(x + 8, y + 7, 1.3, "#9a9db2"),
    )


def notebook(c: Canvas, x: float, y: float, colour: str) -> None:
    c.add(
        rect(x + 0.8, y + 0.8, 10, 7.6, "#2b2140", 1, opacity=0.2),
        rect(x, y, 10, 7.6, colour, 1, stroke=darker(colour, 0.4), stroke_width=0.7),
    )
    c.add(
        rect(x + 5.2, y + 0.6, 4.2, 6.4, "#fffdf8", 0.6),
        stroke(f"M{x + 6} {y + 2.4} h2.6 M{x + 6} {y + 4.2} h2.2", "#b0a9b8", 0.6),
    )


def table_large() -> Canvas:
    c = Canvas(192, 64)
    c.shadow(10, 22, 172, 40, 8)
    for x in (24, 140):
        c.box(x, 34, 28, 22, 20, "#6d7186", "#565a6e", 3)
    c.box(0, 0, 192, 60, 4, WALNUT, darker(WALNUT, 0.3), 14, base=18)
    c.add(rect(8, -15, 176, 46, "none", 10, stroke=lighter(WALNUT, 0.35), stroke_width=0.8, opacity=0.5))
    for x in (58, 122):
        c.add(rect(x, 5, 14, 7, "#3b3d50", 3.4, stroke="#26283a", stroke_width=0.8), circle(x + 7, 8.4, 1.4, "#78c7d6"))
    laptop(c, 20, -14)
    laptop(c, 154, -14)
    notebook(c, 88, -13, "#4f9a94")
    notebook(c, 30, 18, "#ea7a63")
    notebook(c, 140, 19, "#efb64c")
    for x, y, colour in ((70, -8, "#f7f3ec"), (112, 24, "#ea7a63"), (174, 22, "#4f9a94"), (18, 8, "#efb64c")):
        mug(c, x, y, colour)
    return c


def table_tall() -> Canvas:
    c = Canvas(64, 160)
    c.shadow(6, 10, 52, 148, 8)
    c.box(18, 128, 28, 24, 20, "#6d7186", "#565a6e", 3)
    c.box(0, 0, 64, 156, 4, WALNUT, darker(WALNUT, 0.3), 14, base=18)
    c.add(rect(8, -15, 48, 142, "none", 10, stroke=lighter(WALNUT, 0.35), stroke_width=0.8, opacity=0.5))
    for y in (24, 84):
        c.add(
            rect(28.5, y, 7, 14, "#3b3d50", 3.4, stroke="#26283a", stroke_width=0.8), circle(32, y + 7, 1.4, "#78c7d6")
        )
    notebook(c, 8, 4, "#4f9a94")
    notebook(c, 44, 46, "#ea7a63")
    notebook(c, 9, 92, "#efb64c")
    for x, y, colour in ((50, 12, "#f7f3ec"), (14, 56, "#ea7a63"), (52, 104, "#4f9a94")):
        mug(c, x, y, colour)
    return c


def reception() -> Canvas:
    c = Canvas(128, 40)
    c.shadow(2, 4, 124, 36, 5)
    c.box(0, 12, 128, 26, 18, "#f2e6d3", "#e8d8c0", 5)
    definition, paint = gradient("#4f9a94", "#34706f")
    c.add(definition, rect(5, 23, 118, 12, paint, 2, stroke="#2c5a5b", stroke_width=0.8))
    for x in range(11, 123, 6):
        c.add(stroke(f"M{x} 24 v10", "#2c5a5b", 0.7, opacity=0.45))
    c.box(0, 24, 128, 12, 4, OAK, darker(OAK, 0.25), 4, base=20)
    c.box(0, 2, 12, 26, 4, OAK, darker(OAK, 0.25), 3, base=20)
    c.box(116, 2, 12, 26, 4, OAK, darker(OAK, 0.25), 3, base=20)
    monitor(c, 44, 2, behind=True)
    c.add(rect(84, 2, 12, 7, "#fffdf8", 1, stroke="#c8bda9", stroke_width=0.7))
    flower_vase(c, 108, 8)
    c.add(circle(72, 8, 2.6, "#f2d27a", stroke="#9a7430", stroke_width=0.8), circle(71.4, 7.2, 0.8, "#fff8df"))
    return c


def flower_vase(c: Canvas, x: float, y: float) -> None:
    c.add(stroke(f"M{x} {y - 5} l-4 -8 M{x} {y - 5} l0 -10 M{x} {y - 5} l4 -7", "#4f8f5a", 1.1))
    for dx, dy, colour in ((-4, -13, "#f28fa2"), (0, -16, "#ffd765"), (4, -12, "#f28fa2"), (-1.6, -11, "#fff3dc")):
        c.add(circle(x + dx, y + dy, 2.3, colour, stroke=darker(colour, 0.35), stroke_width=0.6))
    c.drum(x, y, 2.6, 1.4, 6, "#dfeef2", "#b9d3dd")


def partition(side: bool) -> Canvas:
    if side:
        c = Canvas(16, 64)
        c.shadow(5, 2, 6, 60)
        return c.box(4, 0, 8, 64, 26, "#7aa6a1", "#5f8f8b", 2)
    c = Canvas(64, 16)
    c.shadow(0, 8, 64, 6)
    c.box(0, 7, 64, 7, 26, "#8db6b0", "#74a39d", 2)
    c.add(stroke("M21.5 -10 V12 M42.5 -10 V12", "#4f7f7b", 0.8, opacity=0.6))
    for x, y, colour in ((6, -4, "#fff0b8"), (13, -2, "#ffd0c4"), (48, -3, "#cfe6ff")):
        c.add(rect(x, y, 5, 5, colour, 0.4, stroke=darker(colour, 0.25), stroke_width=0.5))
    return c


BOOKS = ("#ea7a63", "#efb64c", "#4f9a94", "#5a7fd6", "#f7f3ec", "#8fb58a", "#a06fb0", "#d95763")


def books(c: Canvas, x: float, y: float, w: float, h: float, start: int) -> None:
    at, n = x, start
    while at + 3 <= x + w:
        colour = BOOKS[(n * 5 + start) % len(BOOKS)]
        wide = 2.4 + (n * 7 % 3) * 0.6
        tall = h - (n * 3 % 4) * 0.9
        if n % 7 == 6:
            at += 3.5
        else:
            c.add(rect(at, y - tall, wide, tall, colour, 0.4, stroke=darker(colour, 0.42), stroke_width=0.6))
            c.add(rect(at + 0.5, y - tall + 1.6, wide - 1, 0.9, "#fff8e8", opacity=0.7))
            at += wide
        n += 1


def bookshelf(low: bool) -> Canvas:
    c = Canvas(64, 24)
    height = 20 if low else 50
    c.lift = 56
    c.shadow(0, 4, 64, 20)
    c.box(0, 6, 64, 17, height, WALNUT, darker(WALNUT, 0.12), 2)
    front = 23 - height
    rows = 1 if low else 3
    shelf = (height - 4) / rows
    for row in range(rows):
        top = front + 2.5 + row * shelf
        c.add(rect(3, top, 58, shelf - 2.5, darker(WALNUT, 0.55), 1), rect(3, top, 58, 2, "#2b2140", opacity=0.3))
        foot = top + shelf - 2.5
        if row == 1:
            books(c, 4, foot, 28, shelf - 4.6, 3)
            c.drum(41, foot - 1, 3, 1, 4, "#e98a6f")
            c.add(
                circle(41, foot - 8, 3.6, "#6faa6a", stroke="#3f7549", stroke_width=0.7),
                circle(39.8, foot - 9, 1.2, "#9bcb8b"),
            )
            books(c, 48, foot, 12, shelf - 4.6, 1)
        else:
            books(c, 4, foot, 56, shelf - 4.6, row * 2 + 1)
        c.add(rect(3, foot, 58, 0.9, lighter(WALNUT, 0.35)))
    if low:
        plant_pot(c, 12, -3)
        c.box(26, -5, 14, 8, 5, "#f2d27a", None, 1, base=8)
        c.add(
            circle(52, -9, 4, "#78b7e3", stroke="#39648c", stroke_width=0.8),
            path("M49.6 -11 q2 -1 3 1 q-1 2 -3 1 Z M53 -8 q2 -1 2 1 q-1 1 -2 -1 Z", "#7fbf7a"),
        )
    return c


def plant_pot(c: Canvas, x: float, y: float) -> None:
    for dx, dy in ((-4, -9), (4, -9), (0, -12), (-2, -7), (2.4, -7)):
        c.add(
            path(
                f"M{x} {y - 4} Q{x + dx - 2} {y + dy + 2} {x + dx} {y + dy - 2} Q{x + dx + 2} {y + dy + 2} {x} {y - 4} Z",
                "#6faa6a",
                stroke="#3f7549",
                stroke_width=0.7,
            )
        )
    c.drum(x, y, 3.4, 1.5, 5, "#f3e0cb", "#dcbfa2")


def locker() -> Canvas:
    c = Canvas(64, 24)
    c.shadow(0, 4, 64, 20)
    c.box(0, 6, 64, 17, 42, "#e9edf0", "#d5dde2", 2)
    for n, colour in enumerate(("#7fb3b0", "#f0a08a", "#efc66f", "#8fa9dd")):
        for row in range(2):
            x, y = 2.5 + n * 15, -16.5 + row * 19
            tone = colour if (n + row) % 2 else lighter(colour, 0.45)
            c.add(
                rect(x, y, 14, 17.5, tone, 1.4, stroke=darker(tone, 0.35), stroke_width=0.8),
                circle(x + 11, y + 9, 1, "#5d6077"),
            )
            c.add(stroke(f"M{x + 3} {y + 3} h5 M{x + 3} {y + 5} h5", darker(tone, 0.3), 0.7))
    return c


def whiteboard() -> Canvas:
    c = Canvas(96, 24)
    c.round_shadow(12, 20, 8, 2.4)
    c.round_shadow(84, 20, 8, 2.4)
    for x in (10, 84):
        c.add(stroke(f"M{x} 20 V-6 M{x - 5} 21 H{x + 6}", "#7d8195", 2))
    c.add(rect(2, -27, 92, 41, "#fdfdfb", 2.4, stroke="#7d8195", stroke_width=1.6))
    c.add(rect(3, -26, 90, 3, "#2b2140", opacity=0.06))
    c.add(stroke("M12 -18 h22 M12 -13 h16", "#4a6fc4", 1.3), stroke("M46 4 V-18 M46 4 H82", "#5d6077", 1.1))
    c.add(
        stroke("M49 0 L57 -7 L65 -4 L80 -16", "#ea7a63", 1.5),
        circle(20, -2, 5.5, "none", stroke="#4f9a94", stroke_width=1.3),
    )
    c.add(stroke("M26 -2 h7 M36 -5 h-6", "#4f9a94", 1.2))
    for x, y, colour in ((66, 1, "#ffe28a"), (84, -20, "#ffc2b3"), (84, -11, "#c9e6ff")):
        c.add(rect(x, y, 6, 6, colour, 0.4, stroke=darker(colour, 0.25), stroke_width=0.5))
    c.box(30, 14, 36, 3, 2, "#b5b9c9", None, 1)
    for x, colour in ((36, "#ea7a63"), (44, "#4a6fc4"), (52, "#3f8f5a")):
        c.add(rect(x, 11.4, 6, 1.8, colour, 0.8))
    return c


def tv_stand() -> Canvas:
    c = Canvas(96, 24)
    c.round_shadow(48, 19, 26, 3.6)
    c.add(stroke("M30 20 L40 14 H56 L66 20", "#3f4256", 2.4), rect(46, -4, 4, 19, "#5d6379"))
    c.add(rect(4, -36, 88, 46, "#2d2f42", 3, stroke="#1f2031", stroke_width=1.2))
    definition, paint = gradient("#3f51a8", "#67b9c9", 1, 1)
    c.add(definition, rect(6.5, -33.5, 83, 41, paint, 1.5))
    c.add(
        rect(13, -27, 30, 3, "#ffffff", 1, opacity=0.9),
        rect(13, -21, 22, 1.8, "#ffffff", 0.8, opacity=0.55),
        rect(13, -17, 26, 1.8, "#ffffff", 0.8, opacity=0.55),
    )
    for n, h in enumerate((8, 13, 10, 18, 23)):
        c.add(rect(52 + n * 7, 1 - h, 5, h, ("#ffd765", "#ff9d87")[n % 2], 0.8))
    c.add(path("M89 -33 H60 L89 2 Z", "#ffffff", opacity=0.1))
    return c


def printer() -> Canvas:
    c = Canvas(40, 32)
    c.shadow(0, 6, 40, 24)
    c.box(1, 8, 38, 22, 16, "#e9e6e2", "#d4cfcb", 2.5)
    c.add(stroke("M4 21 H36", "#a39ba0", 0.9), rect(16, 23, 8, 1.6, "#8d8794", 0.8))
    c.box(3, 8, 34, 17, 13, "#fbfaf7", "#e3dfdc", 3, base=16)
    c.add(
        rect(8, -2, 24, 4, "#3b3d50", 1.4), path("M11 0 h18 l2 7 h-22 Z", "#ffffff", stroke="#b9b3b0", stroke_width=0.7)
    )
    c.add(rect(26, -17, 8, 5, "#78c7d6", 1, stroke="#3b3d50", stroke_width=0.8), circle(23, -14, 1, "#6fcf8a"))
    return c


def water_cooler() -> Canvas:
    c = Canvas(24, 24)
    c.shadow(3, 8, 18, 14)
    c.box(3, 8, 18, 14, 24, "#fbfaf7", "#e3e0de", 3)
    c.add(
        rect(6, 2, 12, 9, "#565a6e", 1.5), rect(8, 2, 2.4, 3.4, "#78b7e3", 0.8), rect(13.6, 2, 2.4, 3.4, "#ea7a63", 0.8)
    )
    definition, paint = gradient("#cfeefa", "#7fc3e6", 1, 0)
    c.add(
        definition,
        path(
            "M7 -10 V-25 Q7 -29 12 -29 Q17 -29 17 -25 V-10 Q12 -7 7 -10 Z",
            paint,
            stroke="#4d8fb5",
            stroke_width=1,
            opacity=0.92,
        ),
    )
    return c.add(
        stroke("M9.2 -24 V-14", "#ffffff", 1.4, opacity=0.8),
        stroke("M7.4 -19.6 q4.6 2 9.2 0", "#4d8fb5", 0.7, opacity=0.7),
    )


def coat_rack() -> Canvas:
    c = Canvas(24, 24)
    c.round_shadow(12, 20, 8, 3)
    c.add(
        stroke("M12 20 V-28 M5 21.5 L12 18 L19 21.5", "#7b5a49", 2.4),
        circle(12, -29, 2, "#a5714f", stroke="#5c3f33", stroke_width=0.8),
    )
    c.add(stroke("M12 -22 L5 -26 M12 -22 L19 -26", "#7b5a49", 1.8))
    c.add(
        path("M4 -25 Q0 -18 1 -2 Q6 0 9 -3 Q9 -20 6 -25 Z", "#d98a5f", stroke="#8a4f35", stroke_width=0.9),
        stroke("M5 -20 V-4", "#8a4f35", 0.7, opacity=0.6),
    )
    return c.add(
        path("M18 -25 Q23 -18 22 -6 Q17 -4 15 -7 Q15 -20 17 -25 Z", "#5f8fb0", stroke="#355a75", stroke_width=0.9)
    )


def bin_() -> Canvas:
    c = Canvas(16, 16)
    c.round_shadow(8, 12, 5.5, 2.6)
    c.drum(8, 12, 5.2, 2.6, 13, "#4a4e63", "#7d8399")
    return c.add(ellipse(8, -1, 3.8, 1.7, "#33364a"), path("M6 -2 l2 -2 l3 1.4 l-2 2 Z", "#fffdf8"))


def booth_desk() -> Canvas:
    c = Canvas(64, 24)
    c.shadow(0, 2, 64, 12)
    c.add(rect(1, 0, 62, 14, "#2b2140", 1, opacity=0.3))
    c.box(0, 0, 64, 16, 3, OAK, darker(OAK, 0.25), 2, base=16)
    laptop_front(c, 24, -19)
    mug(c, 52, -9, "#efb64c")
    return c.drum(9, -6, 3, 1.5, 2, "#4a4e63").add(
        stroke("M9 -8 q-1 -7 4 -9", "#4a4e63", 1.3),
        path("M10 -19 l6 1 l-1 4 Z", "#ffd765", stroke="#9a7430", stroke_width=0.7),
    )


def laptop_front(c: Canvas, x: float, y: float) -> None:
    c.add(path(f"M{x - 1} {y + 11} h18 l1.4 5 h-20.8 Z", "#c9cbd8", stroke="#7d8094", stroke_width=0.8))
    c.add(stroke(f"M{x + 1} {y + 13} h14", "#9a9db2", 1, stroke_dasharray="1.4 .8"))
    screen_glow(c, x, y, 16, 11)


def lectern() -> Canvas:
    c = Canvas(32, 24)
    c.shadow(5, 6, 22, 14)
    c.box(6, 8, 20, 12, 24, WALNUT, darker(WALNUT, 0.12), 2)
    c.box(3, 5, 26, 12, 3, OAK, None, 2, base=23)
    c.add(
        rect(10, -20, 12, 8, "#fffdf8", 0.8, stroke="#c8bda9", stroke_width=0.7),
        stroke("M23 -14 q2 -8 -1 -13", "#3b3d50", 1.2),
        circle(22, -28, 1.8, "#3b3d50"),
    )
    return c.add(circle(16, 6, 4, "#f2d27a", stroke="#9a7430", stroke_width=0.8))


KINDS = {
    **{f"desk-{side}": (lambda side=side: desk(side)) for side in ("down", "up", "left", "right")},
    **{f"chair-{side}": (lambda side=side: chair(side)) for side in ("down", "up", "left", "right")},
    "stool": stool,
    "table-round": table_round,
    "table-large": table_large,
    "table-tall": table_tall,
    "reception": reception,
    "partition": lambda: partition(False),
    "partition-side": lambda: partition(True),
    "bookshelf": lambda: bookshelf(False),
    "bookshelf-low": lambda: bookshelf(True),
    "locker": locker,
    "whiteboard": whiteboard,
    "tv-stand": tv_stand,
    "printer": printer,
    "water-cooler": water_cooler,
    "coat-rack": coat_rack,
    "bin": bin_,
    "booth-desk": booth_desk,
    "lectern": lectern,
}
