"""Kitchen, bar, stage and games."""

# ruff: noqa: E501 - path data is read as one line.

from __future__ import annotations

from .office import WALNUT, mug
from .soft import leafy
from .svg import Canvas, circle, darker, ellipse, gradient, lighter, path, rect, stroke

MARBLE = "#fbf8f2"
CABINET = "#7fa39b"


def counter_block(w: int, doors: int) -> Canvas:
    c = Canvas(w, 32)
    c.shadow(0, 6, w, 26)
    c.box(0, 6, w, 25, 19, CABINET, CABINET, 1.5)
    each = w / doors
    for n in range(doors):
        x = n * each
        c.add(
            rect(x + 2.5, 15, each - 5, 14, lighter(CABINET, 0.12), 1.4, stroke=darker(CABINET, 0.3), stroke_width=0.8)
        )
        c.add(rect(x + each / 2 - 3, 17, 6, 1.4, "#f2d9a0", 0.7))
    return c.box(0, 4, w, 26, 3, MARBLE, "#ddd2c4", 1.5, base=19)


def counter() -> Canvas:
    c = counter_block(64, 2)
    c.add(
        rect(8, -12, 20, 11, WALNUT, 2, stroke=darker(WALNUT, 0.4), stroke_width=0.8),
        circle(15, -7, 2.8, "#ea6a55", stroke="#93372c", stroke_width=0.6),
    )
    c.add(circle(21, -6, 2.2, "#9bcb6b", stroke="#4f7f3a", stroke_width=0.6), stroke("M9 -3.4 h9", "#dcdfe8", 1.2))
    c.drum(46, -6, 6.6, 3.4, 4, "#fff3dc", "#dcc4a0")
    for x, y, colour in ((43, -11, "#efb64c"), (48, -11.4, "#ea7a63"), (45.6, -13.4, "#9bcb6b")):
        c.add(circle(x, y, 2.7, colour, stroke=darker(colour, 0.35), stroke_width=0.6))
    return c


def counter_sink() -> Canvas:
    c = counter_block(96, 3)
    c.add(
        rect(34, -14, 30, 15, "#b5bac8", 3, stroke="#7d8195", stroke_width=1),
        rect(36.5, -11.5, 25, 11, "#8b90a3", 2),
        circle(49, -5.4, 1.4, "#5d6077"),
    )
    c.add(
        stroke("M49 -14 V-21 Q49 -25 53 -24 Q55 -23.4 54 -19", "#dfe2ea", 2.2),
        stroke("M49 -14 V-21 Q49 -25 53 -24", "#7d8195", 0.6),
    )
    for x in (72, 76, 80):
        c.add(ellipse(x, -8, 2, 6, "#ffffff", stroke="#9fb3bd", stroke_width=0.8))
    c.add(rect(69, -3, 16, 3, "#a5714f", 1))
    mug(c, 10, -6, "#ea7a63")
    mug(c, 17, -8, "#efb64c")
    mug(c, 24, -6, "#78b7e3")
    return c


def counter_stove() -> Canvas:
    c = counter_block(64, 2)
    c.add(rect(6, -15, 52, 19, "#2f3144", 2.5, stroke="#1f2031", stroke_width=0.8))
    for x, y, r in ((18, -9, 5.4), (18, 0, 3.6), (44, -1, 4.6)):
        c.add(ellipse(x, y, r, r * 0.55, "none", stroke="#ea7a63", stroke_width=1, opacity=0.85))
    c.add(stroke("M50 -11 h9", "#3b3d50", 1.8))
    return c.drum(43, -8, 7, 3.6, 6, "#e07a5f", "#b5543f").add(ellipse(43, -14, 5.4, 2.4, "#f7d9a0"))


def coffee_machine() -> Canvas:
    c = counter_block(64, 2)
    c.box(10, -16, 30, 14, 22, "#4a4e63", "#3b3d50", 2.5, base=0)
    c.add(
        rect(13, -21, 24, 7, "#c9ccd8", 1.4, stroke="#6d7186", stroke_width=0.8),
        circle(18, -17.4, 1.4, "#6fcf8a"),
        circle(23, -17.4, 1.4, "#ffd765"),
    )
    c.add(
        rect(28, -19.4, 7, 3.4, "#78c7d6", 0.8),
        rect(15, -13, 20, 9, "#2b2d3d", 1),
        rect(19, -13, 3, 3.4, "#9aa0b3"),
        rect(28, -13, 3, 3.4, "#9aa0b3"),
    )
    c.add(rect(12, -4.6, 26, 2.4, "#9aa0b3", 0.8, stroke="#5d6077", stroke_width=0.6))
    mug(c, 20.5, -4.6, "#fbf8f2")
    mug(c, 29.5, -4.6, "#fbf8f2")
    for n, y in enumerate((-3, -6.4, -9.8)):
        c.drum(50, y, 3.4 - n * 0.1, 1.8, 2.6, "#fbf8f2", "#d8c7b0")
    return c


def fridge() -> Canvas:
    c = Canvas(40, 32, 56)
    c.shadow(0, 6, 40, 25)
    c.box(1, 6, 38, 25, 48, "#eef3f3", "#d6e2e3", 4)
    c.add(stroke("M2 -1 H38", "#93a8ab", 1.1), rect(5, -9, 2.4, 6, "#93a8ab", 1.2), rect(5, 3, 2.4, 13, "#93a8ab", 1.2))
    for x, y, colour in ((20, 6, "#ffe28a"), (28, 11, "#ffc2b3"), (22, 15, "#c9e6ff")):
        c.add(
            rect(x, y, 6, 6, colour, 0.4, stroke=darker(colour, 0.25), stroke_width=0.5),
            circle(x + 3, y + 0.6, 0.9, "#ea6a55"),
        )
    return c.add(stroke("M34.6 -12 V26", "#ffffff", 1.6, opacity=0.55))


def bar() -> Canvas:
    c = Canvas(192, 32)
    c.shadow(0, 6, 192, 26)
    c.box(2, 8, 188, 23, 22, "#8a4f43", "#7a4439", 2)
    for n in range(8):
        x = 7 + n * 23
        c.add(
            rect(x, 13, 18, 15, "#935a4b", 1.4, stroke="#55291f", stroke_width=0.8),
            path(f"M{x + 9} 15 L{x + 14} 20.5 L{x + 9} 26 L{x + 4} 20.5 Z", "#a96a57"),
        )
    c.add(rect(3, 28.6, 186, 1.8, "#e6bd6a", 0.8, stroke="#8a6428", stroke_width=0.5))
    c.box(0, 3, 192, 28, 4, "#c98b5a", "#94603a", 4, base=22)
    c.add(stroke("M6 -17 H186", "#ffe3bd", 1, opacity=0.35))
    for x, colour in ((24, "#f7b955"), (60, "#ea7a63"), (112, "#9bd0a0"), (158, "#f7b955")):
        c.add(
            path(f"M{x - 3} -14 h6 l-.8 8 h-4.4 Z", colour, stroke=darker(colour, 0.4), stroke_width=0.7, opacity=0.92),
            ellipse(x, -14, 3, 1.2, "#ffffff", opacity=0.85),
        )
    c.add(
        rect(82, -26, 10, 14, "#d8dbe6", 2, stroke="#6d7186", stroke_width=0.9),
        *(rect(83 + n * 3, -30, 2, 6, ("#ea7a63", "#efb64c", "#4f9a94")[n], 0.8) for n in range(3)),
    )
    return c


def bar_side() -> Canvas:
    c = Canvas(32, 96)
    c.shadow(0, 4, 32, 90)
    c.box(2, 66, 28, 28, 22, "#8a4f43", "#7a4439", 2)
    c.add(
        rect(7, 76, 18, 15, "#935a4b", 1.4, stroke="#55291f", stroke_width=0.8),
        path("M16 78 L21 83.5 L16 89 L11 83.5 Z", "#a96a57"),
    )
    c.box(0, 0, 32, 94, 4, "#c98b5a", "#94603a", 4, base=22)
    for y, colour in ((4, "#9bd0a0"), (34, "#f7b955")):
        c.add(
            path(f"M13 {y} h6 l-.8 8 h-4.4 Z", colour, stroke=darker(colour, 0.4), stroke_width=0.7),
            ellipse(16, y, 3, 1.2, "#ffffff", opacity=0.85),
        )
    return c


def bar_shelf() -> Canvas:
    c = Canvas(128, 24, 58)
    c.shadow(0, 4, 128, 20)
    c.box(0, 6, 128, 17, 50, "#7a4439", "#6b3b31", 2)
    definition, paint = gradient("#f7c98a", "#b5704a")
    for row in range(2):
        top = -24 + row * 17
        c.add(definition, rect(3, top, 122, 14.5, paint, 1), rect(3, top, 122, 2, "#2b2140", opacity=0.25))
        for n in range(17):
            x = 6 + n * 7
            colour = ("#5f9a6a", "#c9574a", "#e6a23c", "#5a7fb5", "#f3ead8", "#8a5aa0", "#3f7f7a")[
                (n * 3 + row * 2) % 7
            ]
            tall = 6.4 + (n * 5 + row) % 3
            foot = top + 14.5
            c.add(
                rect(x, foot - tall, 4.2, tall, colour, 1, stroke=darker(colour, 0.5), stroke_width=0.6),
                rect(x + 1.3, foot - tall - 3, 1.6, 3.4, darker(colour, 0.15)),
            )
            c.add(rect(x + 0.5, foot - tall + 2.4, 3.2, 2.4, "#fff8e6", 0.3, opacity=0.85))
    c.add(
        rect(3, 12, 122, 9, "#5c3028", 1),
        *(rect(5 + n * 30, 13, 27, 7, "#7a4439", 1, stroke="#44211a", stroke_width=0.7) for n in range(4)),
    )
    return c


def fireplace() -> Canvas:
    c = Canvas(96, 32, 56)
    c.shadow(0, 6, 96, 26)
    c.box(4, 6, 88, 25, 38, "#e9dccb", "#d9c8b3", 2)
    for row in range(7):
        for n in range(9):
            x = 5 + n * 10 + (5 if row % 2 else 0)
            c.add(
                rect(
                    min(x, 82),
                    -5 + row * 5.1,
                    9,
                    4.5,
                    ("#c98b74", "#bd7f69", "#d3977f")[(n + row * 2) % 3],
                    0.6,
                )
            )
    c.add(path("M24 30 V8 Q24 -1 48 -1 Q72 -1 72 8 V30 Z", "#2a2030", stroke="#6b4438", stroke_width=2))
    c.add(ellipse(48, 26, 21, 10, "#ff9d45", opacity=0.55, filter="url(#blur25)"))
    c.add(path("M48 6 Q58 14 57 22 Q56 29 48 29 Q40 29 39 22 Q39 17 43 14 Q44 17 46 18 Q49 12 48 6 Z", "#ff8a3c"))
    c.add(
        path(
            "M37 17 Q42 22 41 26 Q40 29 36 29 Q32 28 33 24 Q34 20 37 17 Z M59 16 Q64 22 63 26 Q62 29 59 29 Q55 28 56 24 Z",
            "#ff7a35",
        )
    )
    c.add(path("M48 15 Q53 20 52 25 Q51 29 48 29 Q44 29 44 25 Q45 21 48 15 Z", "#ffd765"))
    c.add(stroke("M34 29.4 L62 26.4 M35 26.4 L61 29.6", "#7a4a34", 3.4), stroke("M34 29.4 L62 26.4", "#a5714f", 1.2))
    c.box(0, 4, 96, 28, 4, WALNUT, None, 2, base=38)
    for x in (16, 22):
        c.drum(x, -30, 1.4, 0.8, 7, "#fff8e6", "#e3d6bd").add(path(f"M{x} -42 q2 3 0 4.6 q-2 -1.6 0 -4.6 Z", "#ffb347"))
    c.box(66, -38, 14, 3, 10, "#f2d9a0", "#78b7e3", 1)
    leafy(c, 48, -33, [(-50, 9, 3), (48, 9, 3), (0, 12, 3.4)], "#5da268")
    return c.drum(48, -30, 3, 1.4, 4, "#e98a6f")


def arcade() -> Canvas:
    c = Canvas(40, 32, 60)
    c.shadow(2, 6, 36, 25)
    c.box(3, 10, 34, 21, 22, "#5b4a9a", "#4b3c86", 2)
    c.box(3, 6, 34, 14, 30, "#5b4a9a", "#4b3c86", 3, base=16)
    c.add(rect(5, -29, 30, 8, "#ffd765", 1.5, stroke="#8a5a1f", stroke_width=0.8), rect(9, -27, 22, 4, "#ea5a6a", 1))
    definition, paint = gradient("#1f2a55", "#31418a")
    c.add(definition, rect(6, -19, 28, 18, paint, 1.5, stroke="#221a4a", stroke_width=1))
    for x, y, colour in (
        (11, -14, "#7ff0c0"),
        (17, -14, "#7ff0c0"),
        (23, -14, "#7ff0c0"),
        (29, -14, "#7ff0c0"),
        (14, -10, "#ff8fb0"),
        (20, -10, "#ff8fb0"),
        (26, -10, "#ff8fb0"),
    ):
        c.add(rect(x - 1.4, y - 1, 2.8, 2, colour, 0.4))
    c.add(path("M17 -3 h6 l-3 -3 Z", "#ffd765"), rect(19.5, -8, 0.9, 2, "#ffffff"))
    c.add(
        path("M4 0 H36 L38 9 H2 Z", "#6f5cb5", stroke="#2c2158", stroke_width=1),
        stroke("M11 5 V0", "#26283a", 1.4),
        circle(11, -1, 2.1, "#ea5a6a", stroke="#7a2430", stroke_width=0.6),
    )
    for x, colour in ((22, "#ffd765"), (27, "#7ff0c0"), (32, "#78b7e3")):
        c.add(ellipse(x, 4, 1.9, 1.3, colour, stroke="#2c2158", stroke_width=0.6))
    return c.add(
        rect(14, 15, 12, 10, "#382c66", 1),
        rect(16, 17, 2, 4, "#ffd765", 0.5),
        rect(22, 17, 2, 4, "#ffd765", 0.5),
        path("M5 -26 V-1", "none", stroke="#ff8fb0", stroke_width=1),
    )


def ping_pong() -> Canvas:
    c = Canvas(128, 64)
    c.shadow(6, 16, 116, 44)
    for x in (10, 114):
        c.add(rect(x, 10, 4, 30, "#3b4a5f", 1), rect(x, 40, 4, 21, "#55677f", 1, stroke="#2c3746", stroke_width=0.8))
    c.box(0, 0, 128, 58, 3, "#3f7fa8", "#2c5f80", 2, base=18)
    c.add(rect(3, -18, 122, 52, "none", 0, stroke="#f7fbff", stroke_width=1.4), stroke("M3 8 H125", "#f7fbff", 0.9))
    c.add(
        rect(62, -28, 4, 66, "#2b2140", 1, opacity=0.18),
        rect(62.6, -29, 2.8, 66, "#f3f6fa", 0.6, opacity=0.85, stroke="#6d7f93", stroke_width=0.6),
    )
    c.add(
        stroke("M64 -28 V37", "#9fb0c2", 0.6, stroke_dasharray="1 1.4"),
        circle(64, -29, 1.4, "#2c3746"),
        circle(64, 38, 1.4, "#2c3746"),
    )
    for x, y, turn, colour in ((22, -6, -30, "#e0523f"), (100, 20, 140, "#33364a")):
        c.add(
            f'<g transform="translate({x} {y}) rotate({turn})">',
            rect(-1.3, 3, 2.6, 7, "#d9a066", 1, stroke="#80562f", stroke_width=0.6),
            ellipse(0, 0, 4.6, 5, colour, stroke=darker(colour, 0.4), stroke_width=0.7),
            "</g>",
        )
    return c.add(
        ellipse(47, 17, 1.6, 1, "#2b2140", opacity=0.3),
        circle(46, 15, 1.7, "#fff6e0", stroke="#b0a08a", stroke_width=0.5),
    )


def foosball() -> Canvas:
    c = Canvas(80, 48)
    c.shadow(3, 12, 74, 34)
    for x in (5, 69):
        c.add(rect(x, 20, 6, 26, "#6b4a3a", 1, stroke="#3f2a20", stroke_width=0.8))
    c.box(0, 0, 80, 42, 12, "#b5754c", "#8f5737", 3, base=12)
    c.add(
        rect(5, -19, 70, 33, "#5fa866", 1.5, stroke="#3f2a20", stroke_width=1),
        rect(39.5, -19, 1, 33, "#eaf5e0"),
        circle(40, -2.5, 6, "none", stroke="#eaf5e0", stroke_width=1),
    )
    for n, x in enumerate((14, 26, 34, 46, 54, 66)):
        c.add(stroke(f"M{x} -27 V22", "#dfe2ea", 1.4), rect(x - 1.4, -28 if n % 2 else 17, 2.8, 6, "#2f3144", 1.2))
        for y in (-13, -2.5, 8):
            colour = "#e0523f" if n % 2 else "#3f66c4"
            c.add(rect(x - 1.8, y - 2.6, 3.6, 5.2, colour, 1.2, stroke=darker(colour, 0.4), stroke_width=0.6))
    return c.add(circle(40.5, 2, 1.4, "#ffffff"))


def dj_booth() -> Canvas:
    c = Canvas(96, 32)
    c.shadow(2, 6, 92, 25)
    c.box(2, 8, 92, 22, 22, "#3b3d50", "#32344a", 3)
    for n in range(14):
        h = (6, 10, 14, 9, 12, 7, 15)[n % 7]
        c.add(rect(8 + n * 6, 26 - h, 4, h, ("#ff8fb0", "#ffb36b", "#7fd0dd")[n % 3], 0.8, opacity=0.92))
    c.box(0, 4, 96, 24, 3, "#565a6e", "#3b3d50", 3, base=22)
    for x in (20, 76):
        c.add(
            ellipse(x, -9, 13, 8.4, "#26283a", stroke="#14151f", stroke_width=0.8),
            ellipse(x, -9, 8.6, 5.4, "none", stroke="#4a4e63", stroke_width=0.8),
            ellipse(x, -9, 3.6, 2.4, "#ff8f78"),
            circle(x, -9, 0.7, "#fff"),
        )
        c.add(stroke(f"M{x + 11} -16 l-3 6", "#dfe2ea", 1.1))
    c.add(
        rect(38, -17, 20, 17, "#2b2d3d", 1.5),
        *(circle(42 + n * 4, -13, 1.2, ("#ffd765", "#7fd0dd", "#ff8fb0", "#9be08f")[n]) for n in range(4)),
    )
    return c.add(
        *(stroke(f"M{42 + n * 4} -9 v6", "#6d7186", 1) for n in range(4)),
        *(rect(40.8 + n * 4, -7 + n % 3, 2.4, 1.8, "#f3f1f6", 0.4) for n in range(4)),
    )


def speaker() -> Canvas:
    c = Canvas(32, 32)
    c.shadow(3, 8, 26, 22)
    c.box(3, 8, 26, 22, 36, "#4a4e63", "#34364a", 2.5)
    for y, r in ((18, 8.4), (1, 5)):
        c.add(
            circle(16, y, r, "#22232f", stroke="#5d6077", stroke_width=1.4),
            circle(16, y, r * 0.62, "#3f4256"),
            circle(16, y, r * 0.26, "#6d7186"),
            stroke(
                f"M{16 - r * 0.5:.1f} {y - r * 0.3:.1f} a{r * 0.6:.1f} {r * 0.6:.1f} 0 0 1 {r * 0.4:.1f} -{r * 0.3:.1f}",
                "#ffffff",
                0.9,
                opacity=0.5,
            ),
        )
    return c


def stage() -> Canvas:
    c = Canvas(256, 128, 0)
    c.add(rect(2, 4, 256, 128, "#2b2140", 4, opacity=0.3, filter="url(#blur25)"))
    c.add(rect(0, 0, 256, 128, "#9c6a48", 4, stroke="#5a3826", stroke_width=1))
    for n in range(12):
        c.add(
            rect(1, 1 + n * 9.6, 254, 9.6, ("#b5805a", "#bb8760", "#ae7953")[n % 3]),
            rect(1, 10 + n * 9.6, 254, 0.7, "#7a5138", opacity=0.6),
        )
    c.add(rect(0.5, 116, 255, 11.5, "#7a4f38", 2, stroke="#5a3826", stroke_width=1), rect(1, 116, 254, 1.4, "#d9a57c"))
    for n in range(13):
        c.add(
            circle(10 + n * 19.6, 122, 3.6, "#ffdf8f", opacity=0.35, filter="url(#blur8)"),
            circle(10 + n * 19.6, 122, 1.8, "#fff3c4"),
        )
    return c.add(rect(8, 8, 240, 100, "none", 3, stroke="#d9a57c", stroke_width=0.9, opacity=0.5))


def dance_floor() -> Canvas:
    c = Canvas(192, 160, 0)
    c.add(rect(0, 0, 192, 160, "#43395f", 3, stroke="#2c2447", stroke_width=1))
    colours = ("#f08fa8", "#f5b877", "#8fc7d9", "#b49be0", "#f3d98a", "#93cfae")
    for row in range(6):
        for column in range(7):
            x, y = 6.5 + column * 25.8, 5.5 + row * 25
            colour = colours[(column * 2 + row * 3 + column * row) % 6]
            definition, paint = gradient(lighter(colour, 0.35), darker(colour, 0.06), 1, 1)
            c.add(
                definition,
                rect(x, y, 24, 23.4, paint, 2.5, opacity=0.92),
                stroke(f"M{x + 3} {y + 8} V{y + 3} H{x + 10}", "#ffffff", 1, opacity=0.7),
            )
    return c


KINDS = {
    "counter": counter,
    "counter-sink": counter_sink,
    "counter-stove": counter_stove,
    "coffee-machine": coffee_machine,
    "fridge": fridge,
    "bar": bar,
    "bar-side": bar_side,
    "bar-shelf": bar_shelf,
    "fireplace": fireplace,
    "arcade": arcade,
    "ping-pong": ping_pong,
    "foosball": foosball,
    "dj-booth": dj_booth,
    "speaker": speaker,
    "stage": stage,
    "dance-floor": dance_floor,
}
