"""Walls by neighbour mask, their shadows, and doors. README.md has the rules for choosing and placing them."""

from __future__ import annotations

from .svg import Canvas, Frame, darker, gradient, lighter, rect, stroke

NORTH, EAST, SOUTH, WEST = 1, 2, 4, 8
HEIGHT = 36
THICK = 12
# The wall runs in the middle of the tile from north to south, along the bottom from west to east.
LEFT, RIGHT = 10, 22

CAP = "#5d6077"
PLASTER = "#f3e8d8"
SKIRTING = "#c79f79"
GLASS = "#bfe3ea"
STEEL = "#4c5166"
WOOD = "#c08a5b"


def spans(mask: int) -> list[tuple[float, float]]:
    """The stretches of the tile's bottom edge, in x, where a front face is seen."""
    start = 0 if mask & WEST else LEFT
    end = 32 if mask & EAST else RIGHT
    if not mask & SOUTH:
        return [(start, end)]
    return [span for span in ((start, LEFT), (RIGHT, end)) if span[0] < span[1]]


def plaster(x: float, w: float) -> str:
    top = 32 - HEIGHT
    definition, paint = gradient(PLASTER, darker(PLASTER, 0.09))
    return "".join([
        definition,
        rect(x, top, w, HEIGHT, paint),
        rect(x, top, w, 4, "#2b2140", opacity=0.14),
        rect(x, top, w, 2, "#2b2140", opacity=0.12),
        rect(x, 27, w, 5, SKIRTING),
        rect(x, 27, w, 1, lighter(SKIRTING, 0.45)),
        rect(x, 31, w, 1, darker(SKIRTING, 0.35)),
    ])  # fmt: skip


def glazing(x: float, w: float) -> str:
    top = 32 - HEIGHT
    definition, paint = gradient("#dff3f4", GLASS)
    return "".join([
        definition,
        rect(x, top, w, HEIGHT - 9, paint, opacity=0.8),
        stroke(f"M{x + w * 0.2} {22} L{x + w * 0.55} {0}", "#ffffff", 3, opacity=0.4),
        stroke(f"M{x + w * 0.5} {22} L{x + w * 0.75} {6}", "#ffffff", 1.4, opacity=0.4),
        rect(x, top, w, 2.4, STEEL),
        rect(x, 22, w, 2, STEEL),
        rect(x, 24, w, 8, darker(PLASTER, 0.03)),
        rect(x, 24, w, 1, lighter(PLASTER, 0.5)),
        rect(x, 28.5, w, 3.5, SKIRTING),
        rect(x, 31, w, 1, darker(SKIRTING, 0.35)),
    ])  # fmt: skip


def cap(mask: int, window: bool) -> str:
    """The top of the wall: a node with an arm to each joined side."""
    top = 32 - HEIGHT - THICK
    arms = [(LEFT, top, THICK, THICK)]
    if mask & NORTH:
        arms.append((LEFT, -HEIGHT - 4, THICK, top + HEIGHT + 5))
    if mask & EAST:
        arms.append((RIGHT - 1, top, 16, THICK))
    if mask & WEST:
        arms.append((-5, top, LEFT + 6, THICK))
    if mask & SOUTH:
        arms.append((LEFT, top + THICK - 1, THICK, 1))
    colour = "#6d7590" if window else CAP
    parts = [rect(*arm, darker(CAP, 0.55), stroke=darker(CAP, 0.55), stroke_width=1) for arm in arms]
    parts += [rect(x + 0.4, y + 0.4, w - 0.8, h - 0.8, lighter(colour, 0.3)) for x, y, w, h in arms]
    parts += [rect(x + 1.4, y + 1.4, w - 1.8, h - 1.8, colour) for x, y, w, h in arms]
    # The inner joints: arms overlap, so the light edge of one must not cross the other.
    joint = [(LEFT + 1.4, top + 1.4, THICK - 2.8, THICK - 2.8)]
    if mask & NORTH:
        joint.append((LEFT + 1.4, top - 4, THICK - 2.4, 10))
    if mask & EAST:
        joint.append((RIGHT - 6, top + 1.4, 10, THICK - 2.2))
    if mask & WEST:
        joint.append((LEFT - 4, top + 1.4, 10, THICK - 2.2))
    if mask & SOUTH:
        joint.append((LEFT + 1.4, top + 4, THICK - 2.4, 9))
    parts += [rect(*one, colour) for one in joint]
    if window:
        glass = [(-5, top + 4.5, LEFT + 11, 3)] if mask & WEST else []
        glass += [(16, top + 4.5, 21, 3)] if mask & EAST else []
        glass += [(14.5, -HEIGHT - 4, 3, top + HEIGHT + 10)] if mask & NORTH else []
        glass += [(14.5, top + 6, 3, 7)] if mask & SOUTH else []
        parts += [rect(*one, GLASS, opacity=0.95) for one in glass]
    return "".join(parts)


def wall(style: str, mask: int) -> Frame:
    face = glazing if style == "window" else plaster
    parts = []
    for start, end in spans(mask):
        parts.append(face(start, end - start))
        ends = [x for x in (start, end - 0.8) if x in (LEFT, RIGHT - 0.8)]
        parts += [rect(x, 32 - HEIGHT, 0.8, HEIGHT, darker(PLASTER, 0.4)) for x in ends]
    if style == "window" and spans(mask) and mask & (EAST | WEST):
        edges = [edge for span in spans(mask) for edge in span]
        parts += [
            rect(max(edge - 1, 0) if edge < 32 else 31, 32 - HEIGHT, 1, HEIGHT - 9, STEEL)
            for edge in (edges[0], edges[-1])
        ]
    parts.append(cap(mask, style == "window"))
    return Frame(f"wall/{style}/{mask}", 32, 32 + HEIGHT, "".join(parts), (0, HEIGHT), 0, -HEIGHT)


def wall_shadow(mask: int) -> Frame:
    ink = "#2b2140"
    parts = []
    for start, end in spans(mask):
        parts.append(
            rect(
                start - (8 if mask & WEST else 0),
                27,
                end - start + (16 if mask & EAST else 5),
                9,
                ink,
                0,
                opacity=0.3,
                filter="url(#blur25)",
            )
        )
    if mask & (NORTH | SOUTH):
        y = -12 if mask & NORTH else 22
        end = 46 if mask & SOUTH else 34
        parts.append(rect(RIGHT - 4, y, 10, end - y, ink, 0, opacity=0.3, filter="url(#blur25)"))
        parts.append(rect(LEFT - 2, y, 4, end - y, ink, 0, opacity=0.2, filter="url(#blur15)"))
    # Rows north and south of the tile belong to its neighbours; only the shadow's end may leave it.
    height = 32 if mask & SOUTH else 44
    return Frame(f"wall-shadow/{mask}", 44 if not mask & EAST else 32, height, "".join(parts), (0, 0), 0, 0)


def leaf(canvas: Canvas, style: str, x: float, w: float) -> None:
    """A door leaf seen from the front, standing on the bottom edge of the door's rectangle."""
    foot, top = 16, 16 - HEIGHT + 2
    frame = WOOD if style == "wood" else STEEL
    canvas.add(rect(x, top - 6, w, 6, lighter(frame, 0.12), stroke=darker(frame, 0.5), stroke_width=0.8))
    if style == "wood":
        definition, paint = gradient(lighter(WOOD, 0.12), darker(WOOD, 0.12))
        canvas.add(definition, rect(x, top, w, foot - top, paint, 0, stroke=darker(WOOD, 0.5), stroke_width=0.8))
        if w > 16:
            for y, h in ((top + 4, 11), (top + 18, 12)):
                canvas.add(
                    rect(x + 4, y, w - 8, h, darker(WOOD, 0.08), 1.5, stroke=darker(WOOD, 0.25), stroke_width=0.7)
                )
                canvas.add(rect(x + 4.5, y + h - 1, w - 9, 0.8, lighter(WOOD, 0.4), opacity=0.7))
    else:
        canvas.add(rect(x, top, w, foot - top, "#d3eef2", 0, opacity=0.62))
        canvas.add(rect(x + 0.7, top + 0.7, w - 1.4, foot - top - 1.4, "none", 0, stroke=STEEL, stroke_width=1.6))
        if w > 16:
            canvas.add(stroke(f"M{x + 6} {foot - 6} L{x + 18} {top + 6}", "#ffffff", 3, opacity=0.5))
            canvas.add(rect(x + 1.5, -4, w - 3, 1.6, "#ffffff", opacity=0.7))


def door(style: str, axis: str, is_open: bool) -> Frame:
    frame = WOOD if style == "wood" else STEEL
    if axis == "h":
        canvas = Canvas(64, 16, 36, 4)
        if is_open:
            canvas.add(rect(0, 14, 64, 2, darker(frame, 0.2), opacity=0.35))
            leaf(canvas, style, 0, 7)
            leaf(canvas, style, 57, 7)
        else:
            canvas.add(rect(1, 14, 66, 6, "#2b2140", opacity=0.25, filter="url(#blur15)"))
            leaf(canvas, style, 0, 32)
            leaf(canvas, style, 32, 32)
            for x in (28.2, 33.8):
                canvas.add(rect(x, -3, 2, 7, "#f2d9a0", 1, stroke=darker(frame, 0.6), stroke_width=0.6))
    else:
        canvas = Canvas(16, 64, 36, 4)
        top = 2 - HEIGHT
        shade = lighter(frame, 0.12)
        edge = darker(frame, 0.5)
        if is_open:
            canvas.add(rect(5, 0, 6, 64, darker(frame, 0.2), opacity=0.3))
            definition, paint = gradient(frame, darker(frame, 0.2))
            canvas.add(definition, rect(5, top, 6, 7, shade, 0, stroke=edge, stroke_width=0.8))
            canvas.add(rect(5, top + 7, 6, HEIGHT - 2, paint, 0, stroke=edge, stroke_width=0.8))
            canvas.add(rect(5, top + 57, 6, 7, shade, 0, stroke=edge, stroke_width=0.8))
        else:
            canvas.add(rect(9, 2, 9, 62, "#2b2140", opacity=0.25, filter="url(#blur15)"))
            canvas.add(rect(5, top, 6, 66, shade, 0, stroke=edge, stroke_width=0.8))
            if style == "glass":
                canvas.add(rect(6.6, top + 1, 2.8, 62, GLASS))
            canvas.add(rect(5, top + 31.4, 6, 1.2, edge))
            canvas.add(rect(6, top + 27, 4, 2, "#f2d9a0"), rect(6, top + 35, 4, 2, "#f2d9a0"))
    return canvas.frame(f"door/{style}-{axis}-{'open' if is_open else 'shut'}")


def frames() -> list[Frame]:
    out = [wall(style, mask) for style in ("plain", "window") for mask in range(16)]
    out += [wall_shadow(mask) for mask in range(16)]
    out += [door(style, axis, is_open) for style in ("wood", "glass") for axis in "hv" for is_open in (True, False)]
    return out
