"""What people wear besides clothes, in colour: one function each, from direction to drawing ("" where it is not seen)."""

# ruff: noqa: E501 - path data is read as one line.

from __future__ import annotations

from collections.abc import Callable

from .svg import circle, ellipse, gradient, path, rect, stroke

INK = "#3a3346"


def glasses(direction: str) -> str:
    if direction == "up":
        return ""
    lens = {"fill": "#ffffff", "fill_opacity": 0.3, "stroke": INK, "stroke_width": 1}
    if direction == "right":
        return rect(18.6, 14.6, 5.4, 5.4, r=2.4, **lens) + stroke("M18.6 16.6 L14.6 17", INK, 1)
    return (
        rect(9.2, 14.8, 6, 5.4, r=2.5, **lens)
        + rect(16.8, 14.8, 6, 5.4, r=2.5, **lens)
        + stroke("M15.2 16.8 q.8 -.6 1.6 0", INK, 1)
    )


def headphones(direction: str) -> str:
    band = stroke("M6.6 16 C5.2 0.4 26.8 0.4 25.4 16", INK, 3) + stroke(
        "M6.6 16 C5.2 0.4 26.8 0.4 25.4 16", "#f4f1ec", 1.6
    )
    definition, paint = gradient("#ff8f78", "#e0604f", 0.5, 1)
    if direction == "right":
        return (
            definition
            + stroke("M15 16 V3", INK, 3)
            + stroke("M15 16 V3", "#f4f1ec", 1.6)
            + ellipse(14.8, 17.6, 3.4, 4.2, paint, stroke=INK, stroke_width=1)
            + ellipse(14.2, 16.8, 1.2, 1.7, "#ffffff", opacity=0.5)
        )
    cups = "".join(rect(x, 13.4, 4, 8, paint, 1.9, stroke=INK, stroke_width=1) for x in (4.4, 23.6))
    return definition + band + cups


def cap(direction: str) -> str:
    definition, paint = gradient("#6f9be8", "#4a6fc4", 0.4, 1)
    edge = {"stroke": "#2c3f7a", "stroke_width": 1, "stroke_linejoin": "round"}
    if direction == "up":
        dome = path("M5 14.4 C4 5 9.6 1.2 16 1.2 C22.4 1.2 28 5 27 14.4 C20 16.4 12 16.4 5 14.4 Z", paint, **edge)
        return (
            definition + dome + path("M13 13.6 q3 -3.4 6 0 Z", "#2c3f7a", opacity=0.7) + circle(16, 2.8, 1, "#8fb3f2")
        )
    if direction == "right":
        dome = path(
            "M4.6 13.6 C3.6 4.6 9.6 1.2 15.8 1.2 C22 1.2 26.4 4.8 26.2 12 C19 13.6 12 14.4 4.6 13.6 Z", paint, **edge
        )
        peak = path("M20.6 12.4 C25 10.4 30 11.4 31 13.2 C30.4 14.6 25 14.4 20.6 13.8 Z", "#3f62b5", **edge)
        return definition + dome + peak + stroke("M10.4 8.4 Q12 5 16 4.4", "#ffffff", 1, opacity=0.5)
    dome = path("M5.2 12 C4.2 4.8 9.6 1.2 16 1.2 C22.4 1.2 27.8 4.8 26.8 12 Z", paint, **edge)
    peak = path(
        "M6.6 11.4 C9 9.6 23 9.6 25.4 11.4 C26.6 13.4 26 14.2 24.6 14 C19 12.8 13 12.8 7.4 14 C6 14.2 5.4 13.4 6.6 11.4 Z",
        "#3f62b5",
        **edge,
    )
    return definition + dome + peak + stroke("M10 7.4 Q11.6 4.6 15.4 4.2", "#ffffff", 1, opacity=0.5)


def sunglasses(direction: str) -> str:
    if direction == "up":
        return ""
    if direction == "right":
        return (
            path("M18 15 H25 V17 C25 20.4 19.4 20.6 18.6 17.4 Z", INK)
            + stroke("M18.6 15.6 L14.6 16.4", INK, 1.1)
            + stroke("M20.2 16.4 l2 0", "#ffffff", 0.9, opacity=0.6)
        )
    lenses = path("M8.6 15 H23.4 V16.6 C23.2 20.6 17.6 20.8 16.8 16.8 H15.2 C14.4 20.8 8.8 20.6 8.6 16.6 Z", INK)
    return lenses + stroke("M10.6 16.6 l2 0 M18.6 16.6 l2 0", "#ffffff", 0.9, opacity=0.6)


def beanie(direction: str) -> str:
    definition, paint = gradient("#f7c964", "#dd9a3c", 0.4, 1)
    edge = {"stroke": "#8f5a24", "stroke_width": 1, "stroke_linejoin": "round"}
    low = 14.6 if direction == "up" else 12.4
    dome = path(f"M5 {low} C4 3.8 9.6 0.8 16 0.8 C22.4 0.8 28 3.8 27 {low} Z", paint, **edge)
    ribs = "".join(stroke(f"M{x} {low - 0.4} v-3", "#8f5a24", 0.6, opacity=0.5) for x in range(8, 26, 3))
    brim = rect(4.4, low - 4, 23.2, 4.6, "#eeb450", 2.2, **edge)
    return definition + dome + brim + ribs + circle(16, 0.4, 2.6, "#fff3dc", stroke="#8f5a24", stroke_width=0.9)


def scarf(direction: str) -> str:
    edge = {"stroke": "#7c2b35", "stroke_width": 0.9, "stroke_linejoin": "round"}
    if direction == "right":
        wrap = path(
            "M10.6 24.6 C13 26.4 19.4 26.4 21.6 24.4 C22.6 25.6 22.4 27.4 21.4 28.2 C18 29.6 13.4 29.4 10.8 28 C9.8 27 9.8 25.6 10.6 24.6 Z",
            "#d95763",
            **edge,
        )
        return path("M11 27 L7.4 33 L10.6 34.4 L13.2 28.4 Z", "#c44a57", **edge) + wrap
    wrap = path(
        "M8.8 24.4 C12 27 20 27 23.2 24.4 C24.4 25.6 24.2 27.6 23 28.4 C19 30 13 30 9 28.4 C7.8 27.6 7.6 25.6 8.8 24.4 Z",
        "#d95763",
        **edge,
    )
    if direction == "up":
        return wrap
    return (
        path("M18.6 28 L20.4 35.6 L16.8 36 L16 29 Z", "#c44a57", **edge)
        + wrap
        + stroke("M17.2 33.6 l2.6 -.4", "#ffd9c9", 0.9)
    )


def flower(direction: str) -> str:
    x, y = {"down": (23.4, 9.2), "right": (13.4, 10.4), "up": (8.6, 9.2)}[direction]
    petals = "".join(
        circle(x + dx, y + dy, 1.9, "#ff9db5", stroke="#b8506e", stroke_width=0.7)
        for dx, dy in ((0, -2), (1.9, -0.6), (1.2, 1.7), (-1.2, 1.7), (-1.9, -0.6))
    )
    return petals + circle(x, y, 1.5, "#ffd765", stroke="#b8506e", stroke_width=0.5)


ACCESSORIES: tuple[Callable[[str], str], ...] = (glasses, headphones, cap, sunglasses, beanie, scarf, flower)
