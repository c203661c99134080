"""Shapes as SVG text: colours, primitives and the canvas on which one piece is drawn.

All lengths are map pixels. Light comes from the top left, so faces towards it are lighter and shadows fall to the right and down.
"""

# ruff: noqa: E501 - path data is read as one line.

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

_ids = itertools.count()

# Filters shared by all frames of a sheet.
DEFINITIONS = "".join(
    f'<filter id="blur{n}" x="-50%" y="-50%" width="200%" height="200%">'
    f'<feGaussianBlur stdDeviation="{n / 10}"/></filter>'
    for n in (8, 15, 25, 40)
)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(first: str, second: str, share: float) -> str:
    """`share` of the way from `first` to `second`, both `#rrggbb`."""
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def lighter(colour: str, share: float = 0.2) -> str:
    return mix(colour, "#fffaf0", share)


def darker(colour: str, share: float = 0.2) -> str:
    # Towards a violet ink rather than black: shadows stay warm.
    return mix(colour, "#2b2140", share)


def outline_of(colour: str) -> str:
    return darker(colour, 0.5)


def attributes(**values: object) -> str:
    return "".join(f' {name.replace("_", "-")}="{value}"' for name, value in values.items() if value is not None)


def rect(x: float, y: float, w: float, h: float, fill: str, r: float = 0, **more: object) -> str:
    return f'<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="{r}" fill="{fill}"{attributes(**more)}/>'


def ellipse(cx: float, cy: float, rx: float, ry: float, fill: str, **more: object) -> str:
    return f'<ellipse cx="{cx}" cy="{cy}" rx="{rx}" ry="{ry}" fill="{fill}"{attributes(**more)}/>'


def circle(cx: float, cy: float, r: float, fill: str, **more: object) -> str:
    return ellipse(cx, cy, r, r, fill, **more)


def path(d: str, fill: str = "none", **more: object) -> str:
    return f'<path d="{d}" fill="{fill}"{attributes(**more)}/>'


def stroke(d: str, colour: str, width: float = 1, **more: object) -> str:
    line = {"stroke": colour, "stroke_width": width, "stroke_linecap": "round", "stroke_linejoin": "round"}
    return path(d, "none", **(line | more))


def group(content: str, dx: float = 0, dy: float = 0, **more: object) -> str:
    return f'<g transform="translate({dx} {dy})"{attributes(**more)}>{content}</g>'


def gradient(first: str, last: str, x2: float = 0, y2: float = 1) -> tuple[str, str]:
    """A linear gradient over the shape that uses it: (definition, paint)."""
    name = f"g{next(_ids)}"
    stops = f'<stop offset="0" stop-color="{first}"/><stop offset="1" stop-color="{last}"/>'
    return f'<linearGradient id="{name}" x1="0" y1="0" x2="{x2}" y2="{y2}">{stops}</linearGradient>', f"url(#{name})"


@dataclass(frozen=True)
class Frame:
    """One picture of the atlas. `anchor` is the point of the frame, in px, that is put at the object's position."""

    name: str
    width: int
    height: int
    content: str
    anchor: tuple[float, float] = (0, 0)
    left: int = 0
    top: int = 0
    # Side of the tiles that a seamless pattern is used in; 0: not a pattern.
    tile: int = 0


@dataclass
class Canvas:
    """Draws one piece in the coordinates of its rectangle on the floor; `lift` px above it and `pad` px around it are seen too."""

    width: int
    depth: int
    lift: int = 48
    pad: int = 10
    parts: list[str] = field(default_factory=list)

    def add(self, *parts: str) -> Canvas:
        self.parts.extend(parts)
        return self

    def frame(self, name: str) -> Frame:
        return Frame(
            name,
            self.width + 2 * self.pad,
            self.depth + self.lift + 2 * self.pad,
            "".join(self.parts),
            (self.pad, self.pad + self.lift),
            -self.pad,
            -self.pad - self.lift,
        )

    def shadow(self, x: float, y: float, w: float, d: float, r: float = 4, strength: float = 0.28) -> Canvas:
        """The shadow of something that touches the floor on this rectangle."""
        return self.add(
            rect(x + 1, y + 2, w + 4, d + 2, "#2b2140", r, opacity=strength, filter="url(#blur25)"),
            rect(x, y + d - 3, w + 1, 4.5, "#2b2140", 2, opacity=strength, filter="url(#blur8)"),
        )

    def round_shadow(self, cx: float, cy: float, rx: float, ry: float, strength: float = 0.3) -> Canvas:
        return self.add(ellipse(cx + 1.5, cy + 1, rx + 1, ry + 0.5, "#2b2140", opacity=strength, filter="url(#blur15)"))

    def box(
        self,
        x: float,
        y: float,
        w: float,
        d: float,
        h: float,
        colour: str,
        front: str | None = None,
        r: float = 2.5,
        base: float = 0,
    ) -> Canvas:
        """A block on the rectangle (x, y, w, d), `h` high, `base` above the floor: its top and its front are seen."""
        front = front or darker(colour, 0.22)
        edge = outline_of(front)
        y -= base
        front_gradient, front_paint = gradient(front, darker(front, 0.16))
        top_gradient, top_paint = gradient(lighter(colour, 0.16), colour, 0.6, 1)
        self.add(
            front_gradient,
            top_gradient,
            rect(x, y - h, w, d + h, front_paint, r, stroke=edge, stroke_width=1),
            rect(x + 0.5, y - h + 0.5, w - 1, d - 0.5, top_paint, max(r - 0.5, 0)),
        )
        if d > 3:
            self.add(
                stroke(
                    f"M{x + 1.2} {y - h + d - 2} V{y - h + r + 0.8} Q{x + 1.2} {y - h + 1.3} {x + r + 0.8} {y - h + 1.3} H{x + w - 3}",
                    "#fffaf0",
                    0.8,
                    opacity=0.45,
                )
            )
        if h > 3:
            self.add(stroke(f"M{x + 1.5} {y + d - h + 0.6} H{x + w - 1.5}", "#fffaf0", 0.7, opacity=0.3))
        return self

    def drum(
        self,
        cx: float,
        cy: float,
        rx: float,
        ry: float,
        h: float,
        colour: str,
        front: str | None = None,
        base: float = 0,
    ) -> Canvas:
        """A standing cylinder whose foot is the ellipse around (cx, cy)."""
        front = front or darker(colour, 0.22)
        cy -= base
        side_gradient, side = gradient(lighter(front, 0.1), darker(front, 0.2), 1, 0)
        top_gradient, top = gradient(lighter(colour, 0.18), colour, 0.6, 1)
        return self.add(
            side_gradient,
            top_gradient,
            path(
                f"M{cx - rx} {cy - h} V{cy} A{rx} {ry} 0 0 0 {cx + rx} {cy} V{cy - h} Z",
                side,
                stroke=outline_of(front),
                stroke_width=1,
                stroke_linejoin="round",
            ),
            ellipse(cx, cy - h, rx, ry, top, stroke=outline_of(front), stroke_width=1),
            stroke(
                f"M{cx - rx + 1.6} {cy - h} A{rx - 1.6} {max(ry - 1.3, 0.5)} 0 0 1 {cx} {cy - h - max(ry - 1.3, 0.5)}",
                "#fffaf0",
                0.8,
                opacity=0.5,
            ),
        )

    def legs(self, x: float, y: float, w: float, d: float, h: float, colour: str, thick: float = 3) -> Canvas:
        """Four legs at the corners of a rectangle; the back ones are in shade."""
        for lx in (x, x + w - thick):
            self.add(rect(lx, y - 2, thick, d - 4, darker(colour, 0.5), 1, opacity=0.85))
        for lx in (x, x + w - thick):
            self.add(rect(lx, y + d - h, thick, h, colour, 1, stroke=outline_of(colour), stroke_width=0.8))
        return self
