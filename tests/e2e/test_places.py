"""Places in real pages: locks and knocks, full areas, tables, stages, whisper bubbles."""

from __future__ import annotations

import asyncio
import io
from typing import Any
from uuid import UUID

import pytest
from PIL import Image, ImageStat
from playwright.async_api import expect

from benchmarks.bots.api import Api
from tests.e2e.conftest import OpenTab
from tests.e2e.tab import PATIENCE_S, POLL_S, Probe, Tab, own

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BOOTH = (680.0, 520.0)
"""In the east booth of the meeting template, behind a glass door; four have room there."""
BOOTH_LEFT = 608
WINDOW = {"width": 1100, "height": 760}
"""Large enough for the booth to be clear of the toolbar."""
BOOTH_ID = 4
LOUNGE_ID = 5
LOUNGE_RIGHT, LOUNGE_TOP = 384, 384
STAGE_BOTTOM = 160
HALL = (660.0, 290.0)
"""Far from the stage, in its audience."""


async def go(tab: Tab, place: tuple[float, float], what: str, arrived: Any) -> Probe:
    """Click a place and walk there."""
    await tab.click_on_map(*place)
    await tab.until(what, arrived)
    return await tab.still()


def in_booth(probe: Probe) -> bool:
    return bool(own(probe)["x"] >= BOOTH_LEFT and own(probe)["y"] > 416)


async def brightness(tab: Tab, x: float, y: float) -> float:
    """How bright a place of the map is drawn, 0 to 255."""
    camera = (await tab.inside())["camera"]
    left, top = ((at - camera[edge]) * camera["zoom"] - 8 for at, edge in ((x, "left"), (y, "top")))
    shot = await tab.page.screenshot(clip={"x": left, "y": top, "width": 16, "height": 16})
    with Image.open(io.BytesIO(shot)) as image:
        return float(ImageStat.Stat(image.convert("L")).mean[0])


async def linked(tab: Tab) -> list[int]:
    """The avatars whom the page may hear and see, or who hear and see it."""
    found: list[int] = await tab.page.evaluate(
        "() => window.__hallwayMedia.peers.filter((peer) => peer.link !== null).map((peer) => peer.avatar)"
    )
    return found


async def near(tab: Tab, what: str, count: int) -> None:
    await tab.until(what, lambda p: len(p["near"]) == count)


async def test_a_locked_room_is_knocked_at_and_opened(open_tab: OpenTab, meeting: UUID) -> None:
    ana, bo = await open_tab(viewport=WINDOW), await open_tab(viewport=WINDOW)
    await ana.come_as_guest(meeting, "Ana")
    await bo.come_as_guest(meeting, "Bo")
    bright = await brightness(ana, *HALL)
    await go(ana, BOOTH, "Ana in the booth", in_booth)
    await ana.page.get_by_role("button", name="Lock East booth").click()
    await expect(ana.page.get_by_role("button", name="Unlock East booth")).to_be_visible()
    # What is outside is there, and darker; what is inside is not.
    assert 0.4 < await brightness(ana, *HALL) / bright < 0.75
    assert abs(await brightness(bo, *HALL) / bright - 1) < 0.05

    # A click leads up to the border and no further; walking on by hand says why.
    await bo.click_on_map(*BOOTH)
    before = await bo.until("Bo at the door", lambda p: own(p)["x"] > BOOTH_LEFT - 30)
    await bo.still()
    await bo.page.keyboard.down("ArrowRight")
    await expect(bo.page.get_by_text("East booth is locked.")).to_be_visible(timeout=PATIENCE_S * 1000)
    await bo.page.keyboard.up("ArrowRight")
    stopped = await bo.still()
    assert own(stopped)["x"] < BOOTH_LEFT
    assert stopped["stats"]["corrections"] <= before["stats"]["corrections"] + 1, "the border was foreseen"

    await bo.page.get_by_role("button", name="Knock at East booth").first.click()
    await ana.page.get_by_role("button", name="Not now").click()
    await expect(bo.page.get_by_text("Ana: not now")).to_be_visible()
    await bo.page.get_by_role("button", name="Close", exact=True).first.click()

    await bo.page.keyboard.press("l")
    knock = bo.page.get_by_role("complementary", name="Places").get_by_role("button", name="Knock at East booth")
    # The server takes a knock at the same door every five seconds; until then it says so.
    async with asyncio.timeout(PATIENCE_S):
        while not await ana.page.get_by_role("button", name="Let in").is_visible():
            if await knock.is_enabled():
                await knock.click()
            await asyncio.sleep(0.5)
    await ana.page.get_by_role("button", name="Let in").click()
    await bo.until("Bo inside", in_booth)
    await expect(bo.page.get_by_text("2 of 4 inside").first).to_be_visible()
    await near(ana, "Bo near Ana", 1)


async def test_a_full_area_and_a_restricted_one_stop_the_next_one_and_say_why(
    open_tab: OpenTab, api: Api, owner: str, meeting: UUID
) -> None:
    rules = {"areas": [{"zone": BOOTH_ID, "capacity": 1}, {"zone": LOUNGE_ID, "min_role": "member"}]}
    await api._call("PUT", f"/api/rooms/{meeting}", token=owner, json=rules)
    ana, bo = await open_tab(viewport=WINDOW), await open_tab(viewport=WINDOW)
    await ana.come_as_guest(meeting, "Ana")
    await bo.come_as_guest(meeting, "Bo")
    await go(ana, BOOTH, "Ana in the booth", in_booth)
    await bo.click_on_map(*BOOTH)
    await bo.until("Bo at the door", lambda p: own(p)["x"] > BOOTH_LEFT - 30)
    await bo.still()
    await bo.page.keyboard.down("ArrowRight")
    await expect(bo.page.get_by_text("East booth is full: 1 of 1 are inside.")).to_be_visible(timeout=PATIENCE_S * 1000)
    await bo.page.keyboard.up("ArrowRight")
    assert not in_booth(await bo.still())
    # Guests do not get into the lounge at all; it shows before one tries, and nothing in the list leads past it.
    await bo.page.keyboard.press("l")
    panel = bo.page.get_by_role("complementary", name="Places")
    await expect(panel.get_by_role("listitem").filter(has_text="Lounge")).to_contain_text("Closed to you")
    await panel.get_by_role("button", name="Go to Lounge").click()
    await bo.until("Bo before the lounge", lambda p: own(p)["x"] < LOUNGE_RIGHT + 40)
    stopped = own(await bo.still())
    assert not (stopped["x"] < LOUNGE_RIGHT and stopped["y"] >= LOUNGE_TOP)


async def test_in_a_private_area_one_is_heard_inside_only_and_in_a_silent_one_not_at_all(
    open_tab: OpenTab, office: UUID
) -> None:
    ana, bo = await open_tab(viewport=WINDOW), await open_tab(viewport=WINDOW)
    await ana.come_as_guest(office, "Ana")
    await bo.come_as_guest(office, "Bo")
    await near(ana, "Bo near Ana", 1)

    async def go_to(tab: Tab, place: str) -> None:
        if not await tab.page.get_by_role("complementary", name="Places").is_visible():
            await tab.page.keyboard.press("l")
        await tab.page.get_by_role("button", name=f"Go to {place}", exact=True).click()

    async def is_at(tab: Tab, place: str) -> None:
        sign = tab.page.get_by_role("status").filter(has_text=place).first
        await expect(sign).to_be_visible(timeout=PATIENCE_S * 1000)

    for tab in (ana, bo):
        await go_to(tab, "Library")
    for tab in (ana, bo):
        await is_at(tab, "Library")
        await expect(tab.page.get_by_text("quiet, nobody is heard")).to_be_visible()
        await near(tab, "silence", 0)
    await go_to(ana, "Birch meeting room")
    await go_to(bo, "Birch meeting room")
    for tab in (ana, bo):
        await is_at(tab, "Birch meeting room")
        await expect(tab.page.get_by_text("2 of 10 inside").first).to_be_visible()
        await near(tab, "the two inside", 1)
    await go_to(bo, "Library")
    await near(ana, "nobody through the wall", 0)


async def test_whispers_are_for_two_ghosts_for_nobody_and_who_is_asked_along_comes(
    open_tab: OpenTab, meeting: UUID
) -> None:
    ana, bo, cy = await open_tab(viewport=WINDOW), await open_tab(viewport=WINDOW), await open_tab(viewport=WINDOW)
    for tab, name in ((ana, "Ana"), (bo, "Bo"), (cy, "Cy")):
        await tab.come_as_guest(meeting, name)
    await near(cy, "everybody near", 2)
    await ana.page.keyboard.press("p")
    await ana.page.locator("li", has_text="Bo").locator("button[aria-haspopup=menu]").click()
    await ana.page.get_by_role("menuitem", name="Whisper").click()
    await bo.page.get_by_role("button", name="Join").click()
    await expect(ana.page.get_by_text("Whispering with Bo")).to_be_visible()
    await near(ana, "Bo alone near Ana", 1)
    await near(cy, "Cy left out", 0)
    await bo.page.get_by_role("button", name="Leave", exact=True).first.click()
    await near(cy, "everybody near again", 2)
    # A ghost hears nobody and is heard by nobody, until it comes back.
    await cy.page.keyboard.press("g")
    await expect(cy.page.get_by_text("You are a ghost").first).to_be_visible()
    await near(cy, "nobody near the ghost", 0)
    await near(ana, "Bo alone near Ana", 1)
    await cy.page.get_by_role("button", name="Come back", exact=True).click()
    await near(ana, "Cy near again", 2)
    # Who is asked to come along and agrees is walked, until they walk themselves.
    await ana.page.locator("li", has_text="Bo").locator("button[aria-haspopup=menu]").click()
    await ana.page.get_by_role("menuitem", name="Ask to follow me").click()
    await bo.page.get_by_role("button", name="Follow", exact=True).click()
    # News say it, too, and go by themselves.
    sign = ana.page.locator("#root").get_by_text("Bo follows you")
    await expect(sign).to_be_visible()
    await ana.page.keyboard.press("Escape")
    there = own(await ana.walk_until("ArrowRight", "a walk", lambda p: own(p)["x"] > 530))
    await bo.until("Bo beside Ana", lambda p: abs(own(p)["x"] - there["x"]) < 64)
    await bo.page.keyboard.press("ArrowDown")
    await expect(sign).to_be_hidden()


async def test_the_stage_is_heard_at_the_other_end_of_the_hall_and_not_the_other_way(
    open_tab: OpenTab, meeting: UUID
) -> None:
    ana, bo = await open_tab(viewport=WINDOW), await open_tab(viewport=WINDOW)
    await ana.come_as_guest(meeting, "Ana")
    await bo.come_as_guest(meeting, "Bo")
    await ana.page.keyboard.press("l")
    await ana.page.get_by_role("button", name="Go to Stage").click()
    await go(bo, HALL, "Bo in the hall", lambda p: own(p)["y"] < 330)
    await ana.until("Ana on the stage", lambda p: own(p)["y"] < STAGE_BOTTOM and own(p)["x"] > 416)
    await near(bo, "nobody near Bo", 0)
    async with asyncio.timeout(PATIENCE_S):
        while len(await linked(ana)) != 1 or len(await linked(bo)) != 1:
            await asyncio.sleep(POLL_S)
    await expect(ana.page.get_by_text("the audience hears you", exact=True)).to_be_visible()
    await expect(bo.page.get_by_text("you hear the stage", exact=True)).to_be_visible()


async def test_a_table_is_a_conversation_for_those_who_sit_and_not_for_whoever_stands_by(
    open_tab: OpenTab, meeting: UUID
) -> None:
    ana, bo, cy = await open_tab(viewport=WINDOW), await open_tab(viewport=WINDOW), await open_tab(viewport=WINDOW)
    for tab, name in ((ana, "Ana"), (bo, "Bo"), (cy, "Cy")):
        await tab.come_as_guest(meeting, name)
    for tab in (ana, bo, cy):
        await tab.page.keyboard.press("l")
        await tab.page.get_by_role("button", name="Go to Long table").click()
    for tab in (ana, bo):
        await expect(tab.page.get_by_text("sit down to join in")).to_be_visible(timeout=PATIENCE_S * 1000)
        await tab.still()
        await tab.page.get_by_role("button", name="Sit down").click()
        await expect(tab.page.get_by_text("you are in the conversation")).to_be_visible(timeout=PATIENCE_S * 1000)
    await expect(cy.page.get_by_text("sit down to join in")).to_be_visible(timeout=PATIENCE_S * 1000)
    await near(ana, "Bo alone", 1)
    await near(cy, "nobody", 0)
    await bo.page.get_by_role("button", name="Stand up").click()
    await near(bo, "Cy beside Bo, who stands, too", 1)
    await near(ana, "nobody at the table", 0)
