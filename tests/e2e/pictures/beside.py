"""Six situations in which others show their offices, taken to be put beside theirs: `docs/comparison.md`.

Most of the people have no browser. Where each stands when the picture is taken is where the map lets them in.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Page

from protocol.constants import GAIT_STAND, Verb
from server.rooms.templates import FOLDER
from tests.adversity.visitor import Plan, Visitor
from tests.e2e.pictures.studio import Scene, Studio, status, use
from tests.e2e.tab import Tab

TILE_PX = 32
REACH_PX = 60
WINDOW = {"width": 1468, "height": 850}
"""CSS px; taken at twice the resolution."""
EAST, SOUTH, WEST, NORTH = 0, 4, 8, 12


@dataclass(frozen=True)
class Part:
    """Somebody in a picture, at a place in tiles. `sits`: on the nearest seat; else they look in a direction."""

    name: str
    x: float
    y: float
    sits: bool = False
    facing: int = SOUTH


SEAT = True
CASTS: dict[str, tuple[str, tuple[Part, ...]]] = {
    "desks": (
        "office",
        (
            Part("Bo", 16, 12.3, SEAT),
            Part("Cleo", 20, 16.6, SEAT),
            Part("Deniz", 24, 16.6, SEAT),
            Part("Emil", 26, 12.3, SEAT),
            Part("Fay", 18, 18.3, SEAT),
            Part("Goran", 30, 17.5, facing=WEST),
            Part("Hana", 28.9, 17.6, facing=EAST),
            Part("Ana", 21.6, 16.4),
        ),
    ),
    "two": ("office", (Part("Alexis", 27.2, 30.2, facing=WEST), Part("Ana", 24.8, 29.6))),
    "talk": (
        "conference",
        (
            Part("David", 21, 5.2),
            Part("Sophie", 15, 11.5, SEAT),
            Part("Edy", 17.2, 9.3, facing=NORTH),
            Part("Julie", 26.4, 9.4, facing=NORTH),
            Part("Clara", 24.5, 11.5, SEAT),
            Part("Jack", 14, 13.5, SEAT),
            Part("Kevin", 20, 11.5, SEAT),
            Part("Nico", 19, 13.5, SEAT),
            Part("Lili", 26, 13.5, SEAT),
            Part("Ana", 22, 9.4, facing=NORTH),
        ),
    ),
    "board": ("office", (Part("Bo", 23.5, 29), Part("Ana", 25.5, 31))),
    "quiet": (
        "conference",
        (
            Part("Milan", 3.6, 31, SEAT),
            Part("Valdo", 8, 31.5, SEAT),
            Part("Ines", 5, 33.3, SEAT),
            Part("Sesmi", 11, 30.5, facing=WEST),
            Part("Ana", 9, 34.2),
        ),
    ),
    "applause": ("office", (Part("Ana", 24.5, 31),)),
}


def write_maps(folder: Path) -> Path:
    """A template for each picture, for the setting `templates_dir`; the folder."""
    for name, (template, parts) in CASTS.items():
        data = json.loads((FOLDER / f"{template}.json").read_text())
        data["spawns"] = [{"x": round(part.x * TILE_PX), "y": round(part.y * TILE_PX)} for part in parts]
        for zone in data["zones"]:  # nobody may be let in where one might find it full or locked
            zone.update(capacity=None, lockable=False)
        (folder / f"{name}.json").write_text(json.dumps(data))
    return folder


async def staged(studio: Studio, name: str, room_name: str, things: tuple[dict[str, Any], ...] = ()) -> Tab:
    """A room with everybody in their places; the page of the last of them."""
    _, token = await studio.account("Maya")
    room = await studio.room(token, room_name, name)
    for thing in things:
        await studio.call("POST", f"/api/rooms/{room}/objects", token, thing)
    *others, own = CASTS[name][1]
    visitors = await studio.company(room)
    for part in others:
        visitor = await visitors.known(await studio.api.guest(part.name)).come()
        if part.sits:
            await sit(visitor, visitors.plan)
        else:
            visitor.send(visitor.session.course(GAIT_STAND | part.facing, 0, 0.0))
    tab = await studio.enter(room, own.name, detail="full", scale=2, minimap=False)
    await tab.page.set_viewport_size(WINDOW)  # type: ignore[arg-type]
    await tab.still()
    await tab.page.wait_for_timeout(1500)
    return tab


async def sit(visitor: Visitor, plan: Plan) -> None:
    """On the nearest seat."""
    here = visitor.here
    seats = sorted(plan.seats, key=lambda seat: abs(seat["x"] - here.x / 256) + abs(seat["y"] - here.y / 256))
    visitor.act(Verb.SIT, int(seats[0]["id"]))
    await visitor.until("a seat", lambda: visitor.course >> 4 & 3 == 3)


async def zoom_in(page: Page, times: int) -> None:
    """As far as the keys go."""
    for _ in range(times):
        await page.keyboard.press("+")
    await page.wait_for_timeout(1200)


async def beside(studio: Studio) -> None:
    """The first five."""
    if studio.size.touch:
        return
    page = (await staged(studio, "desks", "Head office")).page
    await studio.take(page, "beside-desks", frames=True)
    page = (await staged(studio, "two", "Head office")).page
    await zoom_in(page, 4)
    await page.get_by_role("toolbar").get_by_role("button", name="Chat").hover()
    await page.wait_for_timeout(700)
    await studio.take(page, "beside-two", frames=True)
    page = (await staged(studio, "talk", "All hands")).page
    await studio.take(page, "beside-talk", frames=True)
    note = {"text": "Write on the board together: it is kept, also when everybody has gone.", "name": "Collaborate"}
    thing = {"type": "note", "x": 27 * TILE_PX, "y": 28 * TILE_PX, "config": note}
    tab = await staged(studio, "board", "Head office", (thing,))
    await use(tab, "Collaborate")
    await tab.page.get_by_role("dialog", name="Collaborate").wait_for()
    await tab.page.wait_for_timeout(700)
    await studio.take(tab.page, "beside-board", frames=True)
    tab = await staged(studio, "quiet", "Conference")
    await status(tab, "Quiet lounge").wait_for()
    await studio.take(tab.page, "beside-quiet", frames=True)


async def applause(studio: Studio) -> None:
    """The sixth."""
    if studio.size.touch:
        return
    thing = {"type": "pet", "x": 784, "y": 1016, "config": {"name": "Momo", "kind": "dog", "colour": "ginger"}}
    tab = await staged(studio, "applause", "Head office", (thing,))
    await use(tab, "Momo")
    await tab.page.get_by_role("button", name="Take it along").click()
    await tab.page.keyboard.press("Escape")
    await tab.page.get_by_role("dialog").first.wait_for(state="hidden")
    await zoom_in(tab.page, 4)
    # It comes to heel when its owner has gone a few steps.
    await tab.page.keyboard.down("ArrowLeft")
    await tab.page.wait_for_timeout(350)
    await tab.page.keyboard.up("ArrowLeft")
    await tab.still()
    await tab.page.wait_for_timeout(600)
    await studio.take(tab.page, "beside-applause", frames=True, key="2")


SCENES: tuple[Scene, ...] = (beside, applause)
