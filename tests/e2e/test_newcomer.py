"""Somebody who was never here: from an invitation through everything an office is for, by what the page says alone."""

from __future__ import annotations

import os
import re

import pytest
from playwright.async_api import Locator, expect

from benchmarks.bots.api import Api
from tests.adversity.server_process import ServerProcess
from tests.e2e.conftest import OpenTab
from tests.e2e.tab import PATIENCE_S, Tab
from tests.e2e.test_first_visit import invitation
from tests.e2e.test_objects import A_SCREEN

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PATIENCE_MS = PATIENCE_S * 1000
WINDOW = {"width": 1280, "height": 800}
NEVER_HERE = "localStorage.setItem('hallway.settings', JSON.stringify({ renderer: 'canvas' }))"


async def shot(tab: Tab, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        await tab.page.screenshot(path=f"{folder}/{name}.png")


async def go_to(tab: Tab, place: str) -> None:
    """Find a place in the list of places and let oneself be walked there."""
    page = tab.page
    panel = page.get_by_role("complementary", name="Places")
    if not await panel.is_visible():
        await page.get_by_role("toolbar").get_by_role("button", name="Places").click()
    await panel.get_by_role("button", name=f"Go to {place}", exact=True).click()


async def use(tab: Tab, name: str) -> None:
    """Find a thing in the list of what stands in the room, walk there and use it."""
    page = tab.page
    panel = page.get_by_role("complementary", name="Objects")
    if not await panel.is_visible():
        await page.get_by_role("toolbar").get_by_role("button", name="Objects").click()
    await panel.get_by_role("button", name="Walk there and use it").filter(has_text=name).click()


def where(tab: Tab, words: str) -> Locator:
    """The sign that says where one is and what that means."""
    return tab.page.get_by_role("status").filter(has_text=words)


async def test_from_the_invitation_to_a_locked_room(
    open_tab: OpenTab, api: Api, server: ServerProcess, owner: str
) -> None:
    room = await api.create_room(owner, "meeting", 20)
    link = await invitation(server, owner, room)
    ana, bo = await open_tab(viewport=WINDOW, never_used=True), await open_tab(viewport=WINDOW)
    await ana.page.add_init_script(NEVER_HERE)
    await ana.page.add_init_script(A_SCREEN)

    # A name, a look, and in.
    await ana.go(f"/invite/{link}")
    await ana.page.get_by_label("Your name").fill("Ana")
    await shot(ana, "01-invite")
    await ana.page.get_by_role("button", name="Enter the room").click()
    await ana.inside()
    await bo.go(f"/invite/{link}")
    await bo.page.get_by_label("Your name").fill("Bo")
    await bo.page.get_by_role("button", name="Enter the room").click()
    await bo.inside()
    await shot(ana, "02-first")

    # The page says how one walks; and one does.
    tour = ana.page.get_by_role("dialog")
    await tour.first.wait_for()
    for _ in range(8):
        if await tour.get_by_role("button", name="Next").count() == 0:
            break
        await tour.get_by_role("button", name="Next").click()
    await shot(ana, "03-tour-end")
    await tour.get_by_role("button").last.click()
    await ana.walk_until("ArrowLeft", "a walk", lambda p: p["self"]["x"] < 400)
    await shot(ana, "04-walked")

    # A table is a conversation for those who sit at it.
    for tab in (ana, bo):
        await go_to(tab, "Long table")
    for tab in (ana, bo):
        await where(tab, "Long table").first.wait_for()
        await shot(tab, "05-table")
        await tab.page.get_by_role("button", name="Sit down").click()
        await expect(where(tab, "you are in the conversation")).to_be_visible(timeout=PATIENCE_MS)
    await ana.until("Bo in the conversation", lambda p: len(p["near"]) == 1)
    await shot(ana, "06-seated")

    # The whiteboard, together.
    for tab in (ana, bo):
        await use(tab, "Whiteboard")
    for tab in (ana, bo):
        await tab.page.get_by_role("dialog", name="Whiteboard").locator("canvas.interactive").wait_for()
    await shot(ana, "07-board")
    await ana.page.get_by_title(re.compile("^Draw — ")).click()
    await ana.page.mouse.move(600, 400)
    await ana.page.mouse.down()
    await ana.page.mouse.move(700, 430, steps=6)
    await ana.page.mouse.up()
    for tab in (ana, bo):
        await expect(tab.page.get_by_role("status").filter(has_text=re.compile("^Saved$"))).to_be_visible()
        await tab.page.get_by_role("button", name="Close").first.click()
    await shot(bo, "08-after-board")

    # A screen for everybody, from the stage.
    await go_to(bo, "Audience")
    await go_to(ana, "Stage")
    await expect(where(ana, "the audience hears you")).to_be_visible(timeout=PATIENCE_MS)
    await expect(where(bo, "you hear the stage")).to_be_visible(timeout=PATIENCE_MS)
    await shot(ana, "09-stage")
    await use(ana, "Screen")
    await ana.page.get_by_role("button", name="Present", exact=True).click()
    await shot(ana, "10-present")
    await ana.page.get_by_role("button", name="Your screen", exact=True).click()
    shown = bo.page.get_by_role("region", name="Screen")
    await expect(shown.locator("video")).to_be_visible(timeout=PATIENCE_MS)
    await shot(bo, "11-shown")
    await shot(ana, "12-sharing")
    await ana.page.get_by_role("button", name="Stop sharing your screen").click()
    await expect(shown).to_have_count(0, timeout=PATIENCE_MS)

    # A room of one's own, and somebody who knocks.
    await go_to(ana, "East booth")
    await ana.page.get_by_role("button", name="Lock East booth").click(timeout=PATIENCE_MS)
    await go_to(bo, "East booth")
    await shot(ana, "13-locked")
    await bo.page.get_by_role("button", name="Knock at East booth").first.click(timeout=PATIENCE_MS)
    await ana.page.get_by_role("button", name="Let in").wait_for()
    await shot(bo, "14-knocking")
    await shot(ana, "15-knocked")
    await ana.page.get_by_role("button", name="Let in").click()
    await expect(where(bo, "East booth").first).to_be_visible(timeout=PATIENCE_MS)
    await expect(ana.page.get_by_text("With Bo")).to_be_visible(timeout=PATIENCE_MS)
    await shot(bo, "16-inside")
