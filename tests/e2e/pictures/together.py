"""A room with other people in it, and how a visit ends."""

from __future__ import annotations

import re
from itertools import pairwise

from playwright.async_api import Page, expect

from tests.e2e.pictures.studio import Scene, Studio, escape, go_to, status, use

LONG_MS = 40_000


async def near(studio: Studio) -> None:
    maya, token = await studio.account("Maya")
    room = await studio.room(token, "Head office")
    ana, bo = await studio.enter(room, "Ana"), await studio.enter(room, "Bo")
    page = ana.page
    await maya.go(f"/rooms/{room}")
    await maya.inside()
    await ana.until("the others", lambda p: len(p["near"]) >= 2)
    await bo.page.keyboard.press("m")
    await bo.page.keyboard.press("v")
    await page.locator("video").first.wait_for(timeout=LONG_MS)
    await page.wait_for_timeout(1500)
    await studio.take(page, "near", frames=True)
    await page.keyboard.press("v")
    await page.keyboard.press("m")
    await page.wait_for_timeout(1500)
    await studio.take(page, "near-all-on", frames=True)
    for layout in ("Pictures in a grid", "Whoever speaks is large"):
        button = page.get_by_role("button", name=layout)
        if await button.count():
            await button.first.click()
            await page.wait_for_timeout(700)
            await studio.take(page, f"near-{layout.split()[-1]}", frames=True)
    if await page.get_by_role("button", name="Pictures in a row").count():
        await page.get_by_role("button", name="Pictures in a row").first.click()
    if studio.size.touch:
        # Phones share no screens.
        return
    await studio.tool(bo.page, "Share your screen")
    await page.get_by_role("region", name="Screen of Bo").locator("video").wait_for(timeout=LONG_MS)
    await page.wait_for_timeout(1000)
    await studio.take(page, "shared-screen", frames=True)
    await studio.take(bo.page, "sharing-own-screen", frames=True)
    await page.keyboard.press("p")
    await page.wait_for_timeout(800)
    await studio.take(page, "shared-screen-with-panel", frames=True)
    await page.keyboard.press("p")
    await page.get_by_role("button", name="Back to small pictures").first.click()
    await page.wait_for_timeout(500)
    await studio.take(page, "shared-screen-put-away", frames=True)


async def talk(studio: Studio) -> None:
    maya, token = await studio.account("Maya")
    room = await studio.room(token, "Head office")
    await maya.go(f"/rooms/{room}")
    await maya.inside()
    ana = await studio.enter(room, "Ana")
    page = ana.page
    for tab in (maya, ana):
        await tab.page.keyboard.press("c")
        await tab.page.get_by_role("complementary", name="Chat").get_by_role("radio", name="Room").check(force=True)
    for tab, text in (
        (maya, "Good morning! The kettle is on :coffee:"),
        (ana, "On my way. Is the long table free at ten?"),
        (maya, "It is: https://example.org/calendar\nBring `notes.md`, please."),
        (ana, "```\nmake pictures\n```"),
    ):
        box = tab.page.get_by_role("complementary", name="Chat").locator("textarea")
        await box.fill(text)
        await box.press("Enter")
        await tab.page.wait_for_timeout(400)
    await studio.take(page, "chat-room", frames=True)
    await page.get_by_role("radio", name="Nearby").check(force=True)
    await page.wait_for_timeout(300)
    await studio.take(page, "chat-nearby")
    await page.get_by_role("radio", name="Direct").check(force=True)
    await page.wait_for_timeout(300)
    await studio.take(page, "chat-direct")
    await escape(page)
    await maya.page.get_by_role("complementary", name="Chat").locator("[data-message]").first.hover()
    await studio.take(maya.page, "chat-moderator")
    await escape(maya.page)
    box = maya.page.get_by_role("complementary", name="Chat").locator("textarea")
    if not await box.is_visible():
        await maya.page.keyboard.press("c")
    await maya.page.get_by_role("radio", name="Room").check(force=True)
    await maya.page.get_by_role("button", name="Announce it to everybody").click()
    box = maya.page.get_by_role("complementary", name="Chat").locator("textarea")
    await box.fill("All hands at eleven, in the hall.")
    await box.press("Enter")
    await page.wait_for_timeout(600)
    await studio.take(page, "chat-unread", frames=True)
    await maya.page.keyboard.press("Escape")
    await maya.page.keyboard.press("p")
    await maya.page.locator("li", has_text="Ana").locator("button[aria-haspopup=menu]").first.click()
    await maya.page.get_by_role("menuitem", name="Whisper").click()
    await page.get_by_role("button", name="Join").wait_for()
    await studio.take(page, "asked-to-whisper", frames=True)
    await page.get_by_role("button", name="Join").click()
    await page.get_by_text("Whispering with").wait_for()
    await studio.take(page, "whispering", frames=True)


async def hall(studio: Studio) -> None:
    """A table, the stage, a locked booth."""
    _, token = await studio.account("Maya")
    room = await studio.room(token, "Weekly meeting", "meeting")
    ana, bo = await studio.enter(room, "Ana"), await studio.enter(room, "Bo")
    for tab in (ana, bo):
        await go_to(tab, "Long table")
    for tab in (ana, bo):
        await status(tab, "Long table").wait_for(timeout=LONG_MS)
        await tab.still()
        await tab.page.get_by_role("button", name="Sit down").click()
    await status(ana, "you are in the conversation").wait_for(timeout=LONG_MS)
    await ana.page.wait_for_timeout(800)
    await studio.take(ana.page, "table-seated", frames=True)
    await go_to(bo, "Audience")
    await go_to(ana, "Stage")
    await status(ana, "Stage").wait_for(timeout=LONG_MS)
    await status(bo, "Audience").wait_for(timeout=LONG_MS)
    await use(ana, "Screen")
    await ana.page.get_by_role("button", name="Present", exact=True).click(timeout=LONG_MS)
    await ana.page.get_by_role("button", name="Your screen", exact=True).click()
    await expect(bo.page.get_by_role("region", name="Screen").locator("video")).to_be_visible(timeout=LONG_MS)
    await ana.page.keyboard.press("b")
    await bo.page.wait_for_timeout(1500)
    await studio.take(bo.page, "stage-audience", frames=True)
    await studio.take(ana.page, "stage-presenter", frames=True)
    await bo.page.keyboard.press("c")
    await bo.page.wait_for_timeout(900)
    await studio.take(bo.page, "stage-audience-with-panel", frames=True)
    await bo.page.keyboard.press("Escape")
    await bo.page.get_by_role("button", name="Make it smaller").click()
    await bo.page.wait_for_timeout(900)
    await studio.take(bo.page, "stage-audience-small", frames=True)
    await ana.page.get_by_role("button", name=re.compile("^Stop( sharing your screen)?$")).first.click()
    await go_to(ana, "East booth")
    await ana.page.get_by_role("button", name="Lock East booth").click(timeout=LONG_MS)
    await go_to(bo, "East booth")
    knock = bo.page.get_by_role("button", name="Knock at East booth").first
    await knock.wait_for(timeout=LONG_MS)
    await studio.take(bo.page, "area-locked-out", frames=True)
    await bo.page.keyboard.press("l")
    await bo.page.wait_for_timeout(500)
    await studio.take(bo.page, "area-locked-places", frames=True)
    await bo.page.keyboard.press("l")
    await knock.click()
    await ana.page.get_by_role("button", name="Let in").wait_for()
    await studio.take(ana.page, "area-knocked-at", frames=True)
    await studio.take(bo.page, "area-knocking", frames=True)


async def board(studio: Studio) -> None:
    """Two people on one whiteboard: a plan in boxes, and what the other adds to it by hand."""
    _, token = await studio.account("Maya")
    room = await studio.room(token, "Head office")
    body = {"type": "whiteboard", "x": 952, "y": 1032, "config": {"name": "Launch plan"}}
    await studio.call("POST", f"/api/rooms/{room}/objects", token, body)
    ana, bo = await studio.enter(room, "Ana"), await studio.enter(room, "Bo")
    for tab in (ana, bo):
        await use(tab, "Launch plan")
        await tab.page.get_by_role("dialog", name="Launch plan").wait_for(timeout=LONG_MS)
        await tab.page.locator("canvas.interactive").wait_for(timeout=LONG_MS)
    await ana.page.get_by_role("img", name="Here now: Bo").wait_for()
    boxes = ((0.36, 0.3, "Draft"), (0.36, 0.5, "Review"), (0.36, 0.7, "Launch"))
    for x, y, words in boxes:
        await drag(ana.page, "r", (x, y), (x + 0.24, y + 0.1))
        await ana.page.keyboard.type("\n")
        await ana.page.keyboard.type(words)
        await ana.page.keyboard.press("Escape")
        await ana.page.keyboard.press("Escape")
    for (x, y, _), (_, below, _) in pairwise(boxes):
        await drag(ana.page, "a", (x + 0.12, y + 0.105), (x + 0.12, below - 0.005))
        await ana.page.keyboard.press("Escape")
    await drag(bo.page, "7", (0.66, 0.54), (0.72, 0.58), (0.84, 0.48))
    await drag(bo.page, "7", (0.63, 0.78), (0.74, 0.75), (0.85, 0.78), (0.63, 0.8))
    for tab in (ana, bo):
        await tab.page.get_by_role("status").filter(has_text="Saved").first.wait_for()
        await tab.page.wait_for_timeout(600)
    await studio.take(ana.page, "board-together")
    await studio.take(bo.page, "board-together-other")


async def drag(page: Page, tool: str, *way: tuple[float, float]) -> None:
    """Press a key of the board's tools and drag along a way, in parts of the board."""
    box = await page.locator("canvas.interactive").bounding_box()
    assert box is not None
    places = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in way]
    await page.keyboard.press(tool)
    await page.mouse.move(*places[0])
    await page.mouse.down()
    for place in places[1:]:
        await page.mouse.move(*place, steps=8)
    await page.mouse.up()


async def ends(studio: Studio) -> None:
    maya, token = await studio.account("Maya")
    room = await studio.room(token, "Head office")
    await maya.go(f"/rooms/{room}")
    await maya.inside()
    cleo = await studio.enter(room, "Cleo")
    page = maya.page
    await page.keyboard.press("p")
    for action, words in (("Send out", "You were sent out"), ("Ban", "You cannot enter this room")):
        await page.get_by_role("button", name="More about Cleo").click()
        await page.get_by_role("menuitem", name=action).click()
        await page.get_by_role("dialog").wait_for()
        await studio.take(page, f"moderate-{action.split()[0].lower()}")
        await page.get_by_role("dialog").get_by_role("button", name=action).click()
        await cleo.page.get_by_text(words).wait_for()
        await studio.take(cleo.page, f"end-{action.split()[0].lower()}")
        if action == "Send out":
            await cleo.page.get_by_role("button", name="Come back in").click()
            await cleo.inside()
    full = await studio.room(token, "Cupboard", "meeting", max_capacity=2)
    await studio.company(full, "Bo", "Deniz")
    tab = await studio.open()
    await tab.go(f"/rooms/{full}")
    await tab.page.get_by_label("Your name").fill("Ana")
    await tab.page.get_by_role("button", name="Enter the room").click()
    await tab.page.get_by_role("dialog").or_(tab.page.get_by_role("heading", name="full")).first.wait_for()
    await studio.take(tab.page, "end-full")


async def offline(studio: Studio) -> None:
    """Kills the server: to be taken last."""
    _, token = await studio.account("Maya")
    room = await studio.room(token, "Head office")
    tab = await studio.enter(room, "Ana")
    studio.server.kill()
    await tab.page.get_by_role("alert").filter(has_text="Connection lost").wait_for()
    await tab.page.wait_for_timeout(1500)
    await studio.take(tab.page, "reconnecting", frames=True)
    fresh = await studio.open()
    studio.server.start()
    await tab.until("the return", lambda p: p["status"] == "live")
    await fresh.page.close()


SCENES: tuple[Scene, ...] = (near, talk, board, hall, ends, offline)
