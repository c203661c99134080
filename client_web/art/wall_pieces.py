"""What hangs on a wall's face, or overhead. A face is 36 px high: from 4 px above its tile to the tile's bottom edge."""

# ruff: noqa: E501 - path data is read as one line.

from __future__ import annotations

import math

from .soft import leafy
from .svg import Canvas, circle, darker, ellipse, gradient, lighter, path, rect, stroke


def framed(c: Canvas, x: float, y: float, w: float, h: float, frame: str, inside: str) -> None:
    c.add(
        rect(x + 1, y + 1.6, w, h, "#2b2140", 1, opacity=0.28, filter="url(#blur8)"),
        rect(x, y, w, h, frame, 1, stroke=darker(frame, 0.45), stroke_width=0.8),
    )
    c.add(
        rect(x + 2, y + 2, w - 4, h - 4, "#fffaf0"),
        f'<svg x="{x + 3}" y="{y + 3}" width="{w - 6}" height="{h - 6}" overflow="hidden">{inside}</svg>',
    )


def picture_abstract() -> Canvas:
    c = Canvas(48, 32, 8)
    inside = (
        rect(0, 0, 40, 30, "#f6dfc6")
        + circle(9, 6, 6, "#ea7a63")
        + path("M0 20 Q10 8 20 14 T38 8 V24 H0 Z", "#4f9a94")
        + path("M16 20 Q24 10 36 16 V24 H16 Z", "#2f5f75")
        + circle(25, 6, 3, "#efb64c")
    )
    framed(c, 6, 0, 36, 22, "#c99766", inside)
    return c


def picture_landscape() -> Canvas:
    c = Canvas(64, 32, 8)
    sky, paint = gradient("#bfe0f2", "#fff0d6")
    inside = (
        sky
        + rect(0, 0, 52, 20, paint)
        + circle(37, 7, 3.4, "#fff6d0")
        + path("M0 15 L12 5 L21 13 L31 4 L48 15 V20 H0 Z", "#7f9fbf")
        + path("M31 4 L27.4 8 L31 9 L34 7.4 Z", "#fff")
        + path("M0 16 Q16 10 30 15 T50 13 V22 H0 Z", "#7fb37a")
        + path("M0 18 Q20 14 50 18 V24 H0 Z", "#5a9466")
    )
    framed(c, 6, 0, 52, 22, "#565a6e", inside)
    return c


def picture_trio() -> Canvas:
    c = Canvas(64, 32, 8)
    for n, (back, colour) in enumerate((("#fbe3d6", "#ea7a63"), ("#e0efe9", "#4f9a94"), ("#fdf0cd", "#e0a23c"))):
        inside = rect(0, 0, 20, 24, back) + (
            circle(5, 7, 3.4, colour)
            + path("M5 16 V9 M5 14 l-2.4 -2 M5 13 l2.4 -2", "none", stroke="#4f6a4f", stroke_width=1)
            if n != 1
            else path("M5 15 Q1 10 5 3 Q9 10 5 15 Z", colour) + stroke("M5 16 V6", "#e0efe9", 0.8)
        )
        framed(c, 4 + n * 20, 1, 16, 21, "#f3ead8" if n != 1 else "#8a5d45", inside)
    return c


def clock() -> Canvas:
    c = Canvas(32, 32, 8)
    c.add(
        circle(16.8, 12.2, 9.4, "#2b2140", opacity=0.28, filter="url(#blur8)"),
        circle(16, 11, 9.4, "#fffdf6", stroke="#565a6e", stroke_width=2),
    )
    for n in range(12):
        a = math.radians(n * 30)
        inner = 5.8 if n % 3 == 0 else 6.6
        c.add(
            stroke(
                f"M{16 + math.sin(a) * inner:.1f} {11 - math.cos(a) * inner:.1f} L{16 + math.sin(a) * 7.4:.1f} {11 - math.cos(a) * 7.4:.1f}",
                "#565a6e",
                0.8,
            )
        )
    return c.add(
        stroke("M16 11 L12.6 8.4", "#3b3d50", 1.6),
        stroke("M16 11 L20.6 6.6", "#3b3d50", 1.1),
        circle(16, 11, 1.2, "#ea7a63"),
    )


def screen() -> Canvas:
    c = Canvas(128, 32, 12)
    c.add(
        rect(3, -4, 124, 34, "#2b2140", 2, opacity=0.35, filter="url(#blur15)"),
        rect(2, -6, 124, 33, "#2d2f42", 2.5, stroke="#1f2031", stroke_width=1),
    )
    definition, paint = gradient("#3d4f9f", "#5fb3c4", 1, 1)
    c.add(definition, rect(4.5, -3.5, 119, 28, paint, 1.2))
    c.add(
        rect(12, 2, 40, 3.4, "#ffffff", 1, opacity=0.95),
        *(rect(12, 8.6 + n * 3.8, (34, 28, 36)[n], 1.6, "#ffffff", 0.8, opacity=0.6) for n in range(3)),
    )
    c.add(
        circle(76, 10.5, 9, "#ffffff", opacity=0.2),
        path("M76 10.5 V1.5 A9 9 0 0 1 84.4 13.6 Z", "#ffd765"),
        path("M76 10.5 L84.4 13.6 A9 9 0 0 1 70 17.2 Z", "#ff9d87"),
    )
    c.add(*(rect(94 + n * 5.6, 19 - h, 4, h, "#ffffff", 0.6, opacity=0.8) for n, h in enumerate((5, 9, 7, 14))))
    return c.add(path("M123 -3 H88 L110 24 H123 Z", "#ffffff", opacity=0.09))


def menu_board() -> Canvas:
    c = Canvas(64, 32, 8)
    c.add(
        rect(3, 0, 60, 25, "#2b2140", 1.5, opacity=0.3, filter="url(#blur8)"),
        rect(2, -2, 60, 26, "#a5714f", 1.5, stroke="#5c3f33", stroke_width=0.9),
        rect(4.5, 0.5, 55, 21, "#33403f", 1),
    )
    c.add(stroke("M11 4.4 h15 M38 4.4 h14", "#ffd765", 1.4))
    c.add(
        *(
            stroke(f"M8 {y} h{w} M27 {y} h3 M36 {y} h{w - 2} M54 {y} h2.4", "#e9efe6", 0.9, opacity=0.8)
            for y, w in ((9, 13), (12.6, 10), (16.2, 14))
        )
    )
    return c.add(stroke("M33 3 V19", "#e9efe6", 0.6, opacity=0.5))


def shelf_wall() -> Canvas:
    c = Canvas(64, 32, 8)
    c.add(
        rect(2, 19, 60, 5, "#2b2140", 1, opacity=0.25, filter="url(#blur8)"),
        rect(2, 16, 60, 3.4, "#c99766", 0.8, stroke="#80562f", stroke_width=0.8),
    )
    for x, w, h, colour in (
        (6, 3, 10, "#ea7a63"),
        (9, 3, 11.4, "#4f9a94"),
        (12, 3, 9, "#efb64c"),
        (15, 3, 10.6, "#f7f3ec"),
    ):
        c.add(rect(x, 16 - h, w, h, colour, 0.4, stroke=darker(colour, 0.4), stroke_width=0.6))
    leafy(c, 30, 9, [(-50, 8, 2.6), (50, 8, 2.6), (-20, 10, 3), (22, 10, 3)], "#5da268")
    c.add(
        path("M27 9 h6 l-1 7 h-4 Z", "#f3e0cb", stroke="#a58a6d", stroke_width=0.7),
        rect(40, 4, 10, 12, "#fffaf0", 0.6, stroke="#8a5d45", stroke_width=1),
        circle(45, 10, 2.4, "#78b7e3"),
    )
    leafy(c, 57, 15, [(120, 9, 2.4), (160, 12, 2.4), (200, 9, 2.4)], "#7ab56b")
    return c.add(path("M54.4 9.4 h5.4 l-.8 6.6 h-3.8 Z", "#e98a6f", stroke="#8a4f3c", stroke_width=0.7))


def neon(c: Canvas, d: str, colour: str) -> None:
    c.add(
        stroke(d, colour, 5, opacity=0.45, filter="url(#blur15)"),
        stroke(d, colour, 2.4),
        stroke(d, "#ffffff", 0.9, opacity=0.9),
    )


def neon_sign() -> Canvas:
    c = Canvas(96, 32, 10)
    c.add(
        rect(4, -3, 88, 28, "#3a3350", 3, stroke="#231d38", stroke_width=1),
        rect(5, -2, 86, 2, "#ffffff", 1, opacity=0.1),
    )
    neon(c, "M12 3 V18 M12 10.6 H20 M20 3 V18", "#ff7fa8")
    neon(c, "M27 18 V8 M27 4 V4.1", "#ff7fa8")
    neon(c, "M52 18 Q42 12 43 6.6 Q44.4 2.4 49 4.4 Q52 6 52 8 Q52 6 55 4.4 Q59.6 2.4 61 6.6 Q62 12 52 18 Z", "#ffb347")
    neon(c, "M70 4 H84 L77 12 Z M77 12 V19 M73 19.4 H81", "#6fe0e6")
    return c


def logo_sign() -> Canvas:
    """An open door with a path of light: the mark of a hallway."""
    c = Canvas(96, 32, 8)
    c.add(
        rect(18, 0, 62, 24, "#2b2140", 4, opacity=0.25, filter="url(#blur8)"),
        rect(17, -2, 62, 24, "#3f7f7c", 4, stroke="#285453", stroke_width=0.9),
    )
    c.add(
        path("M23 18 V5 Q23 2 26 2 H32 Q35 2 35 5 V18", "none", stroke="#fff3dc", stroke_width=2),
        path("M25.6 18 V6.4 L31 4.6 V18 Z", "#efb64c"),
        circle(29.6, 11.6, 0.8, "#7a4f1f"),
    )
    letters = "M41 6 V15 M41 10.6 H46 M46 6 V15 M49 15 L52 6 L55 15 M50.2 12.2 H53.8 M58 6 V15 H61.4 M64 6 V15 H67.4 M70 6 L72 10.4 L74 6 M72 10.4 V15"
    return c.add(stroke(letters, "#fff3dc", 1.5))


def string_lights() -> Canvas:
    """A garland along a wall's top."""
    c = Canvas(192, 32, 10)
    c.add(stroke("M0 -2 Q24 14 48 -2 Q72 14 96 -2 Q120 14 144 -2 Q168 14 192 -2", "#4a4150", 1.1))
    for n in range(16):
        t = (n % 4 + 0.5) / 4
        x, y = n // 4 * 48 + t * 48, -2 + 32 * t * (1 - t)
        bulb = ("#ffd765", "#ff9d87", "#8fd6dd", "#ffd765")[n % 4]
        c.add(circle(x, y + 4, 5, bulb, opacity=0.4, filter="url(#blur15)"), rect(x - 0.9, y, 1.8, 2.4, "#4a4150"))
        c.add(ellipse(x, y + 4.2, 2, 2.6, lighter(bulb, 0.45), stroke=darker(bulb, 0.3), stroke_width=0.7))
    return c


KINDS = {
    "picture-abstract": picture_abstract,
    "picture-landscape": picture_landscape,
    "picture-trio": picture_trio,
    "clock": clock,
    "screen": screen,
    "menu-board": menu_board,
    "shelf-wall": shelf_wall,
    "neon-sign": neon_sign,
    "logo-sign": logo_sign,
    "string-lights": string_lights,
}
