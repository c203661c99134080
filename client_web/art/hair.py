"""Hair styles in light grey: one function each, from direction to drawing. The head is 18 px wide around (16, 16)."""

# ruff: noqa: E501 - path data is read as one line.

from __future__ import annotations

from collections.abc import Callable

from .svg import circle, gradient, path, stroke

LINE = "#716b74"
LIGHT = "#f7f5f8"
SHADE = "#c4bfc8"


def lock(d: str, gloss: str = "M9.6 10.4 Q11.6 6.6 16 6.2") -> str:
    definition, paint = gradient(LIGHT, SHADE, 0.5, 1)
    shine = stroke(gloss, "#ffffff", 1.3, opacity=0.9) if gloss else ""
    return definition + path(d, paint, stroke=LINE, stroke_width=1, stroke_linejoin="round") + shine


def strands(d: str) -> str:
    return stroke(d, "#a39ca8", 0.7, opacity=0.8)


BACK = "M6.2 17.5 C4.8 7 10 3.6 16 3.6 C22 3.6 27.2 7 25.8 17.5 C25.4 22 22 24.6 16 24.6 C10 24.6 6.6 22 6.2 17.5 Z"
SIDE = (
    "M24.4 12.6 C22.4 11.4 20.4 11.8 18.8 12.8 C18.4 14.4 17.8 15.4 16.4 15.6 C14.2 15.6 12.8 17.4 12.8 20.4 C12.4 23.2 10.6 24 8.8 23 "
    "C4.6 17.6 4.8 4.4 16 3.6 C21.6 3.4 25.8 7 25.6 11.6 C25.4 12.6 25 12.9 24.4 12.6 Z"
)


def short(direction: str) -> str:
    if direction == "up":
        return lock(BACK) + strands("M12 22.6 q.6 -2 .4 -3.4 M16 23.2 v-3 M20 22.6 q-.6 -2 -.4 -3.4")
    if direction == "right":
        return lock(SIDE) + strands("M10.6 21.4 q-1.6 -2.6 -1.8 -5")
    return lock(
        "M6.3 17.6 C4.8 7.4 10 3.6 16 3.6 C22 3.6 27.2 7.4 25.7 17.6 C24.8 16.2 24.6 14.2 24.1 12.7 C22 13 20 12 19 10.6 "
        "C16.6 12.8 12 13.2 8.1 12.6 C7.5 14.2 7.2 16.2 6.3 17.6 Z"
    )


def side_parting(direction: str) -> str:
    if direction == "up":
        return lock(BACK) + strands("M20.6 4.8 q-1.2 3 -.4 6 M11 22.4 q-.4 -3 .4 -5 M20 22.8 q.8 -3 0 -5")
    if direction == "right":
        return lock(
            "M25 14.4 C23.6 15 21.4 14.8 19.6 13.4 C18.8 15.2 17.6 16 16.2 16 C14 16.2 12.8 17.8 12.8 20.4 C12.4 23.2 10.6 24 8.8 23 "
            "C4.6 17.6 4.8 4 16 3.2 C22.4 3 26.6 7.6 26 12.6 C25.9 13.6 25.6 14.2 25 14.4 Z"
        ) + strands("M13 5.2 q6 .6 8.6 6.6")
    return lock(
        "M6.1 18 C4.6 7 10 3.2 16 3.2 C22.6 3.2 27.4 7.4 25.9 18 C25 16.6 24.8 14.6 24.2 12.6 C22.6 12 21.6 10.6 21 8.8 "
        "C18.4 13 12.8 14.4 7.9 14 C7.4 15.2 7 17 6.1 18 Z"
    ) + strands("M21 8.6 q-.6 -2.2 .2 -4 M18.4 9 q-3.4 3 -7.6 3.4")


def bob(direction: str) -> str:
    if direction == "up":
        return lock(
            "M5.6 23.6 C3.8 20 4.6 3.2 16 3.2 C27.4 3.2 28.2 20 26.4 23.6 C24.6 26.6 20 27 16 27 C12 27 7.4 26.6 5.6 23.6 Z"
        ) + strands("M10 25 q-1 -4 0 -8 M16 25.6 v-7 M22 25 q1 -4 0 -8")
    if direction == "right":
        return lock(
            "M24.8 13.4 C22.6 13.6 20.6 12.8 19.2 11.6 C19.6 16 19.4 21 17.8 25 C16.4 27 8.6 27 6.6 24.4 C4 18 4.6 3.4 16 3.2 "
            "C22.4 3.2 26.4 7.4 25.9 12.2 C25.8 13 25.4 13.4 24.8 13.4 Z"
        ) + strands("M16.4 13 q.6 6 -.8 11.4 M11 24.6 q-1.6 -5 -.8 -9")
    return lock(
        "M5.8 25 C3.8 22 4.2 3.4 16 3.2 C27.8 3.4 28.2 22 26.2 25 C24.8 26.4 23.2 26 23.2 24.4 C24 20 24.2 16 23.6 12.8 "
        "C19 13.8 13 13.8 8.4 12.8 C7.8 16 8 20 8.8 24.4 C8.8 26 7.2 26.4 5.8 25 Z"
    ) + strands("M12 6.4 q-.8 3 -.6 6 M20 6.4 q.8 3 .6 6")


def long(direction: str) -> str:
    if direction == "up":
        return lock(
            "M5.6 31 C3.8 22 4.2 3.2 16 3.2 C27.8 3.2 28.2 22 26.4 31 C25 35 20 35.6 16 35.6 C12 35.6 7 35 5.6 31 Z"
        ) + strands("M10 33.4 q-1.2 -8 0 -15 M16 34 V19 M22 33.4 q1.2 -8 0 -15")
    if direction == "right":
        return lock(
            "M24.6 13 C22.4 12.8 20.6 12 19 10.6 C18.8 13.6 17.6 15 16.8 16.4 C17.6 22 17.4 30 14.6 33.6 C11.4 35.2 7 34.2 6.2 32 "
            "C3.6 22 4.2 3.4 16 3.2 C22.4 3.2 26.2 7 25.8 11.8 C25.6 12.6 25.2 13.1 24.6 13 Z"
        ) + strands("M13.8 18 q1.2 8 -1 14 M9.2 32 q-1.4 -7 -.4 -13")
    return lock(
        "M5.8 33 C3.4 26 3.6 3.4 16 3.2 C28.4 3.4 28.6 26 26.2 33 C25 34.8 22.4 34 22.4 31.6 C24 25 24.8 17 23.4 12 "
        "C20.6 11.6 17.6 10.4 16 7.8 C14.4 10.4 11.4 11.6 8.6 12 C7.2 17 8 25 9.6 31.6 C9.6 34 7 34.8 5.8 33 Z",
        "M8.6 10.8 Q10.4 6.8 14 5.8",
    ) + strands("M16 7.6 V4.4 M7.2 30 q-1 -5 -.6 -9 M24.8 30 q1 -5 .6 -9")


def bun(direction: str) -> str:
    definition, paint = gradient(LIGHT, SHADE, 0.5, 1)
    x = {"down": 16, "up": 16, "right": 11.6}[direction]
    knot = (
        definition
        + circle(x, 2.6, 4.4, paint, stroke=LINE, stroke_width=1)
        + strands(f"M{x - 2.4} 3.6 q2.4 -3 4.8 -1.4")
    )
    if direction == "up":
        return lock(BACK) + strands("M10 21.6 q2 -8 5 -14 M22 21.6 q-2 -8 -5 -14 M16 23 V8") + knot
    if direction == "right":
        return (
            knot
            + lock(
                "M24.2 11.4 C21.6 10 18.8 10.6 17.4 12.4 C16.8 14.4 15.4 15.6 13.6 16.4 C12.8 18.4 12.4 21 11.4 22.8 C10.4 23.6 9.4 23.4 8.6 22.6 "
                "C4.6 17 5.2 4.4 16 3.8 C21.4 3.8 25.2 6.8 25.2 10.8 C25 11.4 24.7 11.6 24.2 11.4 Z"
            )
            + strands("M21 8.6 q-6 -1.6 -9 -4")
        )
    return (
        knot
        + lock(
            "M6.4 17 C5 7.6 10.2 3.8 16 3.8 C21.8 3.8 27 7.6 25.6 17 C24.9 15.6 24.4 13.6 23.2 11.8 C21 9.6 18.6 9 16 9 C13.4 9 11 9.6 8.8 11.8 "
            "C7.6 13.6 7.1 15.6 6.4 17 Z"
        )
        + strands("M12.4 9.2 q1 -2.4 2.4 -3.8 M19.6 9.2 q-1 -2.4 -2.4 -3.8")
    )


def curls(direction: str) -> str:
    rings = {
        "down": (
            (7, 16),
            (6, 11.6),
            (7.8, 7.4),
            (11.4, 4.6),
            (16, 3.6),
            (20.6, 4.6),
            (24.2, 7.4),
            (26, 11.6),
            (25, 16),
            (11, 9.6),
            (16, 8.6),
            (21, 9.6),
        ),
        "right": (
            (8, 21.6),
            (6.4, 17.4),
            (6, 12.6),
            (7.6, 8),
            (11.2, 4.8),
            (15.8, 3.6),
            (20.4, 4.6),
            (24, 7.8),
            (10.6, 17),
            (10.6, 11.8),
            (15, 9.4),
            (20, 9.6),
        ),
        "up": (
            (8, 21),
            (6.2, 16.4),
            (6, 11.6),
            (7.8, 7.4),
            (11.4, 4.6),
            (16, 3.6),
            (20.6, 4.6),
            (24.2, 7.4),
            (26, 11.6),
            (25.8, 16.4),
            (24, 21),
            (20, 23.4),
            (16, 24),
            (12, 23.4),
            (10.6, 9.6),
            (16, 8.6),
            (21.4, 9.6),
            (10.8, 14.6),
            (16, 13.8),
            (21.2, 14.6),
            (12.8, 19.2),
            (19.2, 19.2),
        ),
    }[direction]
    back = (
        path(BACK, "#d5d0d9")
        if direction == "up"
        else path("M8 22 C5 14 7 6 16 5.6 C14 8 13 12 12.6 20 Z", "#d5d0d9")
        if direction == "right"
        else ""
    )
    out = back + "".join(circle(x, y, 3.9, LINE) for x, y in rings)
    out += "".join(circle(x, y, 3.2, "#e4e0e7") for x, y in rings)
    return (
        out
        + "".join(
            stroke(f"M{x - 1.6} {y + 0.4} a1.7 1.7 0 0 1 2.4 -1.7", "#ffffff", 0.9, opacity=0.9) for x, y in rings
        )
        + "".join(
            stroke(f"M{x + 1.8} {y - 0.2} a1.9 1.9 0 0 1 -1.8 1.9", "#a39ca8", 0.7, opacity=0.8) for x, y in rings
        )
    )


def ponytail(direction: str) -> str:
    band = "#8f8794"
    if direction == "up":
        tail = lock("M13.4 13 C12 20 12.4 28 16 32.6 C19.6 28 20 20 18.6 13 Z", "M14.8 16 q-.8 5 0 9")
        return (
            lock(BACK)
            + strands("M8.6 19 q2.6 -6 6 -8 M23.4 19 q-2.6 -6 -6 -8")
            + tail
            + path("M13 11.6 h6 v3 h-6 Z", band, stroke=LINE, stroke_width=0.7)
        )
    if direction == "right":
        tail = lock("M8.4 9.6 C3.2 11 1.4 18 3.4 27.4 C6.6 24.6 8.6 20 9.6 14 Z", "M5.6 13.6 q-1.6 4 -1.2 8")
        return (
            tail
            + lock(
                "M24.6 13.2 C22.4 13.4 20.6 12.4 19.2 11.2 C18.6 14 17.2 15.4 15.6 16 C14 16.2 12.6 17 11.6 18.6 C10.6 20.4 9.6 21 8.6 21.4 "
                "C4.8 16.4 5 4 16 3.4 C22.2 3.2 26.2 7 25.8 12 C25.6 12.8 25.2 13.2 24.6 13.2 Z"
            )
            + path("M6.8 9.6 l3 -1.2 l1 4.6 l-3 .6 Z", band, stroke=LINE, stroke_width=0.7)
        )
    tail = lock("M23 8 C28.6 9 30 17 27.6 25 C25.4 22 24.4 16 23 12 Z", "")
    return tail + lock(
        "M6.2 18.4 C4.6 7.2 10 3.4 16 3.4 C22 3.4 27.4 7.2 25.8 18.4 C25 16.8 24.6 14.8 23.8 12.2 C20 13.2 15.4 12.2 12.6 9.4 "
        "C11.6 11.6 9.8 12.8 8 13.2 C7.4 15 7 17 6.2 18.4 Z"
    )


def quiff(direction: str) -> str:
    if direction == "up":
        return lock(
            "M6.4 17 C5 8 9 1.6 16 1.6 C23 1.6 27 8 25.6 17 C25 21 22 23.6 16 23.6 C10 23.6 7 21 6.4 17 Z"
        ) + strands("M9 18 q6 2.4 14 0 M10.4 21 q5.6 1.6 11.2 0")
    if direction == "right":
        return lock(
            "M24.6 10.8 C22 10.2 20 10.8 18.4 12 C18 13.8 17.4 15 16 15.4 C14.2 15.6 13 16.8 12.8 19 C12.2 22 10.6 22.8 9 22 "
            "C4.8 17 5 6 13 3.4 C17 .6 25 .4 27.4 4.6 C27.8 7.6 26.4 10.4 24.6 10.8 Z",
            "M11 8.2 Q15 3.6 21 3.4",
        ) + strands("M18.6 11 q4.6 -1 6.6 -4")
    return lock(
        "M6.6 16.4 C5.6 12 6.2 8.4 8 6.4 C9.6 2.4 14 .8 19 1.4 C23.6 1.8 26 4 25 6.6 C26.2 9 26.4 12.6 25.4 16.4 C24.8 15 24.6 13.4 23.8 11.6 "
        "C19 8.8 12.6 9 8.6 11.6 C7.6 13.4 7.2 15 6.6 16.4 Z",
        "M10 6.8 Q13 3.4 18 3.4",
    ) + strands("M12 9 q3 -3.4 8 -4 M18 8.6 q3 -1 5 -3")


HAIR: tuple[Callable[[str], str], ...] = (short, side_parting, bob, long, bun, curls, ponytail, quiff)
