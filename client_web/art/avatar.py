"""People: bodies and clothes in light greys to be tinted, faces in colour, for three directions and six frames.

Coordinates are those of the 32 x 48 frame; the feet box's centre is at (16, 43). The head is 18 px wide around (16, 16).
"""

# ruff: noqa: E501 - path data is read as one line.

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .accessories import ACCESSORIES
from .hair import HAIR
from .svg import Frame, circle, ellipse, gradient, group, path, rect, stroke

DIRECTIONS = ("down", "right", "up")
LINE = "#7d7880"
LIGHT = "#ffffff"
SHADE = "#cdc9cf"
SHOE = "#605c66"


@dataclass(frozen=True)
class Pose:
    """How a frame differs from standing: `rise` of everything above the legs, stride and arm swing in px."""

    name: str
    rise: float = 0
    left_foot: float = 0
    right_foot: float = 0
    stride: float = 0
    lift: float = 0
    swing: float = 0
    sits: bool = False


POSES = (
    Pose("idle"),
    Pose("walk0", rise=0.5, left_foot=0.6, right_foot=-3.0, stride=5.2, swing=3.6),
    Pose("walk1", rise=-1, left_foot=0, right_foot=-1.2, stride=0.6, lift=2.4, swing=0.4),
    Pose("walk2", rise=0.5, left_foot=-3.0, right_foot=0.6, stride=-5.2, swing=-3.6),
    Pose("walk3", rise=-1, left_foot=-1.2, right_foot=0, stride=-0.6, lift=2.4, swing=-0.4),
    Pose("sit", rise=1.5, sits=True),
)


def shaded(shape: Callable[..., str], *args: float, light: str = LIGHT, shade: str = SHADE, **more: object) -> str:
    definition, paint = gradient(light, shade, 0.7, 1)
    return definition + shape(*args, paint, stroke=LINE, stroke_width=1, stroke_linejoin="round", **more)


def shaded_path(d: str, light: str = LIGHT, shade: str = SHADE) -> str:
    definition, paint = gradient(light, shade, 0.7, 1)
    return definition + path(d, paint, stroke=LINE, stroke_width=1, stroke_linejoin="round")


def limb(x1: float, y1: float, x2: float, y2: float, width: float, colour: str) -> str:
    line = f"M{x1} {y1} L{x2} {y2}"
    return stroke(line, LINE, width + 1) + stroke(line, colour, width - 0.6)


def shoe(x: float, y: float, w: float = 6) -> str:
    return rect(x - w / 2, y - 3.2, w, 4, SHOE, 1.9, stroke="#45414a", stroke_width=0.8) + stroke(
        f"M{x - w / 2 + 1.4} {y - 2.2} h{w / 2 - 1}", "#ffffff", 0.8, opacity=0.35
    )


def bottom(direction: str, pose: Pose) -> str:
    if direction == "right":
        return bottom_side(pose)
    if pose.sits:
        if direction == "up":
            return shaded(rect, 10, 34.5, 12, 6.5, r=3)
        legs = "".join(shaded(rect, x, 36, 5.4, 7, r=2.4, shade="#bdb8c0") + shoe(x + 2.7, 45.2) for x in (10.0, 16.6))
        return legs + shaded(rect, 9.8, 35, 12.4, 5, r=2.4)
    out = ""
    feet = ((12.9, pose.left_foot), (19.1, pose.right_foot))
    for x, foot in sorted(feet, key=lambda one: one[1]):
        tone = LIGHT if foot >= 0 else "#dedae0"
        out += shoe(x, 46.4 + foot) + shaded(rect, x - 2.9, 35, 5.8, 9 + foot, r=2.2, light=tone)
        if direction == "up" and foot < -1.5:
            out += shoe(x, 46.4 + foot, 5.4)
    return out + rect(10.6, 34.6, 10.8, 4, "#f1eff2")


def bottom_side(pose: Pose) -> str:
    if pose.sits:
        far = limb(15, 38, 20.4, 38.2, 5, "#d3cfd6") + limb(20.6, 38.4, 20.8, 42.6, 4.6, "#d3cfd6")
        near = limb(14.5, 38.6, 20, 39, 5.4, "#f6f4f7") + limb(20.2, 39.2, 20.2, 43, 4.8, "#f6f4f7")
        return far + near + shoe(21.6, 46, 6.6)
    hip = 36.5 + pose.rise * 0.5
    front_lift = pose.lift if pose.stride < 0 else 0
    back_lift = pose.lift if pose.stride > 0 else 0
    near_x, far_x = 16 + pose.stride, 16 - pose.stride
    near_y = 43.6 - front_lift - (0.9 if pose.stride < -2 else 0)
    far_y = 43.6 - back_lift - (0.9 if pose.stride > 2 else 0)
    if pose.name == "idle":
        near_x, far_x, far_y = 15.4, 16.8, 43.2
    out = shoe(far_x + 1, far_y + 2.6, 6.6) + limb(16, hip, far_x, far_y, 5, "#d3cfd6")
    return out + shoe(near_x + 1, near_y + 3, 6.6) + limb(15.8, hip, near_x, near_y, 5.2, "#f6f4f7")


def top(direction: str, pose: Pose) -> str:
    if direction == "right":
        torso = shaded_path(
            "M11.6 28.5 Q11.8 24.5 16 24.5 Q20.2 24.5 20.6 28.5 L21.2 36 Q21.2 38.4 16.2 38.4 Q11 38.4 11 36 Z"
        )
        reach = 3.2 if pose.sits else pose.swing
        sleeve = limb(15.8, 28.4, 15.6 - reach, 33.6 - abs(reach) * 0.25, 4.6, "#e9e6ea")
        if pose.sits:
            sleeve = limb(15.4, 28.4, 17.6, 33.4, 4.6, "#e9e6ea")
        return torso + sleeve
    arms = "".join(
        limb(x, 28, x + side * 1.1, 33.6 + shift * 0.45, 4.4, "#e6e3e8")
        for x, side, shift in ((10.4, -1, pose.right_foot), (21.6, 1, pose.left_foot))
    )
    torso = shaded_path("M9.8 29 Q9.8 24.6 16 24.6 Q22.2 24.6 22.2 29 L22 36.6 Q22 38.6 16 38.6 Q10 38.6 10 36.6 Z")
    fold = stroke("M12.2 36.9 Q16 37.9 19.8 36.9", "#b5b0b9", 0.7)
    if direction == "up":
        return arms + torso + fold
    collar = path("M12.6 25.2 Q16 29.6 19.4 25.2 Z", "#b5b0b9")
    return arms + torso + fold + collar


def body(direction: str, pose: Pose) -> str:
    """Head and hands: drawn over the clothes, with the neck's shade on them."""
    if direction == "right":
        reach = pose.swing
        hand = (18.4, 35.2) if pose.sits else (15.4 - reach * 1.15, 35.8 - abs(reach) * 0.35)
        head = shaded_path(
            "M16 6.8 C22 6.8 25.2 10.6 25.2 15.6 C25.2 16.4 26.3 17.6 26.3 18.4 C26.3 19.3 25 19.2 24.9 19.8 C24.2 23.6 20.6 25.4 "
            "16.6 25.4 C10.8 25.4 7.2 21.6 7.2 16 C7.2 10.6 10.6 6.8 16 6.8 Z"
        )
        ear = shaded(ellipse, 14.8, 18.2, 2, 2.5)
        return shaded(circle, *hand, 2.1) + head + ear + stroke("M14.4 18.9 q.8 -1.6 1.2 .2", "#b0a8ae", 0.7)
    hands = "".join(
        shaded(circle, x, 36 + shift * 0.45, 2.1) for x, shift in ((8.7, pose.right_foot), (23.3, pose.left_foot))
    )
    ears = "".join(shaded(ellipse, x, 17.6, 1.9, 2.4) for x in (7.2, 24.8))
    return hands + ears + shaded(rect, 7, 6.8, 18, 18.6, r=8.6)


def eye(x: float, y: float) -> str:
    return ellipse(x, y, 1.35, 2, "#3b2c3c") + circle(x - 0.4, y - 0.7, 0.55, "#ffffff")


def face(direction: str, _pose: Pose) -> str:
    if direction == "up":
        return ""
    if direction == "right":
        return (
            eye(21.4, 17.2)
            + stroke("M20.2 13.6 q1.4 -.8 2.6 -.1", "#3b2c3c", 0.8, opacity=0.5)
            + ellipse(19.8, 20.6, 1.9, 1.1, "#f0606a", opacity=0.28)
            + stroke("M22.3 21.6 q1 .5 1.7 -.1", "#6b3440", 0.9, opacity=0.8)
        )
    return (
        eye(12.3, 17.4)
        + eye(19.7, 17.4)
        + stroke("M10.9 13.9 q1.3 -.9 2.6 -.2", "#3b2c3c", 0.8, opacity=0.5)
        + stroke("M21.1 13.9 q-1.3 -.9 -2.6 -.2", "#3b2c3c", 0.8, opacity=0.5)
        + ellipse(10.3, 20.6, 1.9, 1.1, "#f0606a", opacity=0.28)
        + ellipse(21.7, 20.6, 1.9, 1.1, "#f0606a", opacity=0.28)
        + stroke("M14.5 21.2 q1.5 1.3 3 0", "#6b3440", 0.9, opacity=0.85)
    )


def raised(content: str, pose: Pose) -> str:
    return group(content, 0, pose.rise) if content else ""


def frames() -> list[Frame]:
    out = []

    def add(layer: str, direction: str, pose: Pose, content: str) -> None:
        # Who sits is as high as the seat.
        seated = group(content, 0, -3) if pose.sits else content
        out.append(Frame(f"avatar/{layer}/{direction}/{pose.name}", 32, 52, seated, (16, 47), 0, -4))

    for direction in DIRECTIONS:
        for pose in POSES:
            add("bottom", direction, pose, bottom(direction, pose))
            add("top", direction, pose, raised(top(direction, pose), pose))
            add("body", direction, pose, raised(body(direction, pose), pose))
            add("face", direction, pose, raised(face(direction, pose), pose))
            for n, style in enumerate(HAIR, start=1):
                add(f"hair-{n}", direction, pose, raised(style(direction), pose))
            for n, thing in enumerate(ACCESSORIES, start=1):
                add(f"accessory-{n}", direction, pose, raised(thing(direction), pose))
    shade = ellipse(16.8, 44, 9.5, 4.2, "#2b2140", opacity=0.34, filter="url(#blur15)")
    out.append(Frame("avatar/shadow", 40, 24, shade, (20, 11), -4, 32))
    return out
