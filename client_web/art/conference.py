"""The conference: a wide stage and its screen, rows of seats, stands, and what a foyer needs."""

from __future__ import annotations

from .svg import Canvas, circle, darker, ellipse, gradient, lighter, path, rect, stroke

PLUM = "#7a4a68"
VELVET = "#c8565c"
NAVY = "#34506b"
DESK = "#e8dcc6"
TEAL = "#2f7561"
STEEL = "#4a5163"


def stage_wide() -> Canvas:
    c = Canvas(512, 160, 0)
    c.add(rect(3, 5, 512, 160, "#2b2140", 5, opacity=0.32, filter="url(#blur25)"))
    c.add(rect(0, 0, 512, 160, "#5b4052", 5, stroke="#3a2736", stroke_width=1))
    for n in range(14):
        c.add(
            rect(1, 1 + n * 10, 510, 10, ("#6d4d62", "#735268", "#68495e")[n % 3]),
            rect(1, 10.4 + n * 10, 510, 0.7, "#3f2b3b", opacity=0.55),
        )
    c.add(rect(0.5, 146, 511, 13.5, "#3f2b3b", 2, stroke="#2a1c28", stroke_width=1), rect(1, 146, 510, 1.5, "#c79ab5"))
    for n in range(25):
        x = 10 + n * 20.5
        c.add(circle(x, 153, 4, "#ffdf8f", opacity=0.32, filter="url(#blur8)"), circle(x, 153, 1.8, "#fff3c4"))
    for x, tone in ((128, "#f4c56a"), (256, "#fff0cf"), (384, "#f4c56a")):
        c.add(
            ellipse(x, 78, 66, 40, tone, opacity=0.13, filter="url(#blur40)"),
            ellipse(x, 78, 48, 28, tone, opacity=0.12),
        )
    return c.add(rect(9, 9, 494, 130, "none", 3, stroke="#c79ab5", stroke_width=0.9, opacity=0.45))


def screen_wide() -> Canvas:
    c = Canvas(256, 32, 40)
    c.add(rect(3, -30, 252, 50, "#2b2140", 3, opacity=0.3, filter="url(#blur15)"))
    c.add(rect(0, -34, 256, 54, "#23283a", 3, stroke="#12151f", stroke_width=1))
    definition, glow = gradient("#33587c", "#1f3550", 1, 1)
    c.add(definition, rect(4, -30, 248, 46, glow, 2))
    c.add(
        rect(20, -22, 92, 6, "#fdf8ea", 2, opacity=0.95),
        *(rect(20, -10 + n * 7, w, 3, "#cfe0ec", 1.5, opacity=0.7) for n, w in enumerate((110, 96, 70))),
    )
    c.add(
        path(
            "M160 10 V-6 H172 V10 Z M178 10 V-14 H190 V10 Z M196 10 V-20 H208 V10 Z M214 10 V-10 H226 V10 Z", "#f4c56a"
        ),
        stroke("M154 10 H236", "#cfe0ec", 1.4),
    )
    return c.add(path("M4 -30 H90 L40 16 H4 Z", "#ffffff", opacity=0.06))


def theatre_row() -> Canvas:
    c = Canvas(128, 32)
    c.shadow(3, 12, 122, 14, strength=0.22)
    for n in range(4):
        x = 2 + n * 31
        c.box(x + 2, 7, 26, 14, 4, VELVET, None, 4, base=6)
        c.box(x + 1, 20, 28, 4, 16, lighter(VELVET, 0.08), VELVET, 4, base=5)
        c.add(
            stroke(f"M{x + 9} 4 v12 M{x + 21} 4 v12", darker(VELVET, 0.3), 0.8, opacity=0.6),
            rect(x - 1, 9, 4, 15, STEEL, 1.4),
        )
    return c.add(rect(123, 9, 4, 15, STEEL, 1.4), stroke("M2 26 H126", "#2b2d3d", 2))


def stand(colour: str) -> Canvas:
    """A sponsor's corner: a printed wall, a counter with leaflets."""
    c = Canvas(128, 64, 72)
    c.shadow(0, 2, 128, 14)
    c.box(0, 2, 128, 12, 62, colour, colour, 2)
    c.add(
        rect(5, -44, 118, 46, lighter(colour, 0.12), 2),
        circle(64, -26, 12, "#fdf8ea"),
        path("M58 -26 a6 6 0 0 1 12 0 v7 h-12 Z", colour),
    )
    c.add(rect(40, -8, 48, 4, "#fdf8ea", 2, opacity=0.9), rect(50, -1, 28, 2.4, "#fdf8ea", 1.2, opacity=0.6))
    c.shadow(32, 38, 64, 18)
    c.box(32, 36, 64, 20, 22, DESK, "#fffaf0", 3)
    c.add(
        rect(40, 40, 48, 12, lighter(colour, 0.05), 2),
        *(
            rect(x, y, 9, 6, tone, 0.8, stroke="#b9a98f", stroke_width=0.5)
            for x, y, tone in ((38, 17, "#ffffff"), (41, 19, "#f7e3c0"), (76, 18, "#dcebe4"))
        ),
    )
    return c.drum(64, 26, 3.4, 2, 6, "#f2c14e")


def high_table() -> Canvas:
    c = Canvas(40, 40, 56)
    c.round_shadow(20, 30, 12, 5)
    c.drum(20, 30, 9, 4.4, 2, STEEL)
    c.add(stroke("M20 29 V-4", STEEL, 3.2), stroke("M19 27 V-2", lighter(STEEL, 0.4), 0.8))
    c.drum(20, 0, 17, 9.4, 3, "#fffaf0", "#d8c8ac")
    c.drum(14, -4, 2.2, 1.3, 4, "#6b4a3a").drum(26, -2, 2.2, 1.3, 4, "#ea7a63")
    return c.add(ellipse(20, -7, 4, 2.2, "#ffffff", stroke="#b9a98f", stroke_width=0.6))


def banner() -> Canvas:
    c = Canvas(32, 16, 72)
    c.round_shadow(16, 12, 14, 3)
    c.box(3, 8, 26, 5, 3, STEEL, None, 1)
    definition, print_ = gradient(NAVY, darker(NAVY, 0.25))
    c.add(
        definition,
        rect(4, -56, 24, 64, print_, 1, stroke=darker(NAVY, 0.5), stroke_width=0.9),
        rect(4, -56, 24, 3, STEEL),
    )
    c.add(circle(16, -38, 7, "#f4c56a"), path("M12.4 -38 a3.6 3.6 0 0 1 7.2 0 v4.4 h-7.2 Z", NAVY))
    return c.add(*(rect(8, -22 + n * 6, w, 2.4, "#fdf8ea", 1.2, opacity=0.85) for n, w in enumerate((16, 12, 14))))


def registration() -> Canvas:
    c = Canvas(192, 40)
    c.shadow(2, 4, 188, 34)
    c.box(0, 4, 192, 34, 26, DESK, "#fffaf0", 4)
    c.add(rect(8, 16, 176, 17, TEAL, 2), rect(66, 21, 60, 6, "#fdf8ea", 3, opacity=0.95))
    for x in (16, 136):
        c.add(
            rect(x, -14, 30, 3, "#8b90a3", 1),
            path(f"M{x + 3} -14 L{x + 1} -30 H{x + 29} L{x + 27} -14 Z", "#3b3d50", stroke="#23283a", stroke_width=0.8),
            rect(x + 4, -28, 22, 12, "#8fc7d9", 1),
        )
    for row in range(2):
        for n in range(6):
            x, y = 58 + n * 12, -14 + row * 8
            c.add(
                rect(x, y, 9, 5.6, "#ffffff", 0.8, stroke="#b9a98f", stroke_width=0.6),
                rect(x + 1, y + 1, 7, 1.5, ("#d9694f", "#2f7561", "#f2c14e")[(n + row) % 3]),
            )
    return c


def camera_stand() -> Canvas:
    c = Canvas(32, 24, 64)
    c.round_shadow(16, 18, 12, 4)
    c.add(stroke("M16 -18 L6 20 M16 -18 L26 20 M16 -18 V16", "#2b2d3d", 2.2), stroke("M10 4 H22", "#2b2d3d", 1.2))
    c.box(6, -18, 20, 8, 13, "#3b3d50", None, 2)
    c.add(
        circle(16, -17, 4.6, "#12151f", stroke="#6d7186", stroke_width=1.2),
        circle(15, -18, 1.4, "#8fc7d9"),
        circle(24, -27, 1.5, "#e8604c"),
    )
    return c


def coffee_cart() -> Canvas:
    c = Canvas(96, 32, 72)
    c.shadow(2, 4, 92, 26)
    c.box(2, 4, 92, 24, 24, "#8a5f3c", "#6b4a33", 3)
    c.add(
        rect(8, 8, 80, 15, "#f0e4cd", 2),
        stroke("M16 15.500h24 M16 19h15", "#6b4a33", 1.4),
        circle(70, 15.5, 5, "#6b4a33"),
        circle(70, 15.5, 2, "#f0e4cd"),
    )
    c.box(12, 6, 32, 12, 15, "#c9ced8", None, 2, base=22)
    c.add(circle(20, -18, 2, "#e8604c"), circle(27, -18, 2, "#7fb069"), stroke("M34 -14 v6", "#3b3d50", 2))
    for n in range(4):
        c.drum(56 + n * 9, 12, 3, 1.8, 6, "#fffaf0", base=22)
    c.add(stroke("M6 4 V-46 M90 4 V-46", "#6b4a33", 2.2))
    for n in range(6):
        tone = "#d9694f" if n % 2 == 0 else "#fdf3df"
        c.add(
            path(
                f"M{n * 16} -46 H{n * 16 + 16} V-36 A8 5 0 0 1 {n * 16} -36 Z", tone, stroke="#8f3f30", stroke_width=0.8
            )
        )
    return c


KINDS = {
    "stage-wide": stage_wide,
    "screen-wide": screen_wide,
    "theatre-row": theatre_row,
    "stand-teal": lambda: stand(TEAL),
    "stand-plum": lambda: stand(PLUM),
    "stand-navy": lambda: stand(NAVY),
    "high-table": high_table,
    "banner": banner,
    "registration": registration,
    "camera-stand": camera_stand,
    "coffee-cart": coffee_cart,
}
