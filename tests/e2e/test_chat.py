"""People write to each other in real pages: nearby, to the room, directly; and what they write is never markup."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.async_api import Locator, Page, expect

from benchmarks.bots.api import Api
from tests.e2e.conftest import OpenTab
from tests.e2e.tab import Tab
from tests.e2e.xss import CORPUS

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PATIENCE_MS = 20_000
API = """async ([method, path, body]) => {
  const session = await (await fetch('/api/auth/refresh', { method: 'POST' })).json()
  const answer = await fetch(path, {
    method,
    headers: { Authorization: `Bearer ${session.access_token}`, 'Content-Type': 'application/json' },
    body: body === null ? null : JSON.stringify(body),
  })
  return await answer.json()
}"""
"""A request as the page's person makes it."""


def panel(tab: Tab) -> Locator:
    return tab.page.get_by_role("complementary", name="Chat")


async def open_chat(tab: Tab, channel: str = "Room") -> None:
    if not await panel(tab).is_visible():
        await tab.page.keyboard.press("c")
    await panel(tab).get_by_role("radio", name=channel).check(force=True)


async def write(tab: Tab, text: str) -> None:
    box = panel(tab).locator("textarea")
    await box.fill(text)
    await box.press("Enter")


def message(tab: Tab, text: str) -> Locator:
    return panel(tab).locator("[data-message]").filter(has_text=text)


async def is_safe(tab: Tab, text: str) -> None:
    """Wait until the server has said that the message is safe."""
    await expect(message(tab, text)).to_be_visible(timeout=PATIENCE_MS)
    await expect(message(tab, text).get_by_text("Sending")).to_have_count(0, timeout=PATIENCE_MS)


async def delete(tab: Tab, text: str) -> None:
    await message(tab, text).hover()
    await message(tab, text).get_by_role("button", name="What to do with this message").click()
    await tab.page.get_by_role("menuitem", name="Delete").click()
    await tab.page.get_by_role("dialog").get_by_role("button", name="Delete").click()


async def own_room(open_tab: OpenTab, name: str) -> tuple[Tab, UUID]:
    """Somebody with an account, inside a room of their own."""
    tab = await open_tab()
    await tab.register(f"Chat{uuid4().hex[:8]}")
    room: dict[str, Any] = await tab.page.evaluate(API, ["POST", "/api/rooms", {"name": name, "template": "office"}])
    await tab.go(f"/rooms/{room['id']}")
    await tab.inside()
    return tab, UUID(room["id"])


async def test_the_room_reads_it_now_after_a_reload_and_by_its_words_until_it_is_deleted(open_tab: OpenTab) -> None:
    ana, room = await own_room(open_tab, "Studio")
    bo = await open_tab()
    await bo.come_as_guest(room, "Bo")
    await open_chat(ana)
    await open_chat(bo)
    await write(ana, "The kettle is on :coffee:")
    await write(bo, "Coming at once")
    await is_safe(ana, "The kettle is on ☕")
    await is_safe(bo, "Coming at once")
    await expect(message(bo, "The kettle is on ☕")).to_be_visible()

    await bo.page.reload()
    await bo.inside()
    await open_chat(bo)
    await expect(message(bo, "The kettle is on ☕")).to_be_visible(timeout=PATIENCE_MS)
    await panel(bo).get_by_role("button", name="Search messages").click()
    await panel(bo).get_by_role("searchbox").fill("kett")
    found = panel(bo).get_by_role("region", name="What was found")
    await expect(found.locator("[data-message]")).to_have_count(1, timeout=PATIENCE_MS)
    await panel(bo).get_by_role("button", name="Stop searching").click()

    # A moderator deletes what somebody else wrote; a guest may delete their own.
    await delete(ana, "Coming at once")
    await expect(message(bo, "Coming at once")).to_have_count(0, timeout=PATIENCE_MS)
    await bo.page.reload()
    await bo.inside()
    await open_chat(bo)
    await expect(message(bo, "The kettle is on ☕")).to_be_visible(timeout=PATIENCE_MS)
    await expect(message(bo, "Coming at once")).to_have_count(0)
    await message(bo, "The kettle is on ☕").hover()
    await message(bo, "The kettle is on ☕").get_by_role("button", name="What to do with this message").click()
    await expect(bo.page.get_by_role("menuitem", name="Delete")).to_have_count(0)


async def test_only_those_who_are_linked_read_what_is_said_nearby(open_tab: OpenTab) -> None:
    ana, room = await own_room(open_tab, "Nearby")
    # Newcomers appear 64 px beside each other, the third one farther away: within this radius are two of the three.
    await ana.page.evaluate(API, ["PUT", f"/api/rooms/{room}", {"proximity_px": 70}])
    bo, far = await open_tab(), await open_tab()
    await bo.come_as_guest(room, "Bo")
    await far.come_as_guest(room, "Cem")
    await far.until("being out of hearing", lambda p: p["near"] == [] and len(p["remotes"]) == 2)
    await ana.until("one near", lambda p: len(p["near"]) == 1)
    for tab in (ana, bo, far):
        await open_chat(tab, "Nearby")
    await write(ana, "Just between us")
    await expect(message(bo, "Just between us")).to_be_visible(timeout=PATIENCE_MS)
    # Over the avatar, too.
    await expect(bo.page.locator("[data-speech]")).to_have_text("Just between us")
    await write(far, "Hello?")
    await expect(panel(far).get_by_text("Nobody was near enough")).to_be_visible(timeout=PATIENCE_MS)
    await expect(message(far, "Just between us")).to_have_count(0)
    await expect(message(bo, "Hello?")).to_have_count(0)


async def test_a_direct_message_waits_for_whoever_is_away_and_only_the_two_have_it(open_tab: OpenTab) -> None:
    ana, room = await own_room(open_tab, "Directs")
    bo = await open_tab()
    await bo.come_as_guest(room, "Bo")
    await ana.until("Bo", lambda p: len(p["remotes"]) == 1)
    await bo.page.keyboard.press("p")
    people = bo.page.get_by_role("complementary", name="People")
    await people.get_by_role("button", name="More about").first.click()
    await bo.page.get_by_role("menuitem", name="Write a message").click()
    await write(bo, "Have you got a minute?")
    await is_safe(bo, "Have you got a minute?")
    # The chat is not open there: a count says that something waits.
    await expect(ana.page.get_by_role("button", name="Chat (1)")).to_be_visible(timeout=PATIENCE_MS)

    await bo.page.get_by_role("button", name="Leave").click()
    await ana.page.reload()
    await ana.inside()
    await expect(ana.page.get_by_role("button", name="Chat (1)")).to_be_visible(timeout=PATIENCE_MS)
    await open_chat(ana, "Direct")
    await panel(ana).get_by_role("button", name="Have you got a minute?").click()
    await write(ana, "Now I have")
    await is_safe(ana, "Now I have")
    await expect(ana.page.get_by_role("button", name="Chat", exact=True)).to_be_visible()

    await bo.page.goto(f"{bo.url}/rooms/{room}")
    await bo.inside()
    await open_chat(bo, "Direct")
    await expect(panel(bo).get_by_role("button", name="Now I have")).to_be_visible(timeout=PATIENCE_MS)
    await open_chat(bo, "Room")
    await expect(message(bo, "Now I have")).to_have_count(0)


async def test_hands_stand_in_order_and_waves_and_reactions_arrive(open_tab: OpenTab, office: UUID) -> None:
    ana, bo = await open_tab(), await open_tab()
    await ana.come_as_guest(office, "Ana")
    await bo.come_as_guest(office, "Bo")
    await bo.page.keyboard.press("h")
    await expect(bo.page.get_by_role("button", name="Lower hand")).to_be_visible(timeout=PATIENCE_MS)
    await ana.page.keyboard.press("h")
    await ana.page.keyboard.press("p")
    hands = ana.page.get_by_role("complementary", name="People").locator("ol li")
    await expect(hands).to_have_text(["1Bo", "2Ana"], timeout=PATIENCE_MS)
    await ana.page.get_by_role("complementary", name="People").get_by_role("button", name="More about Bo").click()
    await ana.page.get_by_role("menuitem", name="Wave").click()
    await expect(bo.page.get_by_text("Ana waves at you")).to_be_visible(timeout=PATIENCE_MS)
    await bo.page.get_by_role("button", name="Wave back").click()
    await expect(ana.page.get_by_text("Bo waves at you")).to_be_visible(timeout=PATIENCE_MS)


async def test_what_people_write_is_never_markup(open_tab: OpenTab, api: Api) -> None:
    payload = '<img src=x onerror="window.__xss=1">'
    ana, room = await own_room(open_tab, payload)
    bo = await open_tab()
    await bo.come_as_guest(room, "Bo")
    await expect(bo.page.get_by_text(payload).first).to_be_visible()
    await open_chat(ana)
    await open_chat(bo)
    for number, text in enumerate(CORPUS):
        await write(ana if number % 2 else bo, text)
    await open_chat(ana, "Nearby")
    await write(ana, CORPUS[1])
    await open_chat(ana, "Room")
    await panel(ana).get_by_role("button", name="Announce it to everybody").click()
    await write(ana, CORPUS[0])
    await expect(bo.page.get_by_role("alert").filter(has_text=CORPUS[0])).to_be_visible(timeout=PATIENCE_MS)
    for tab in (ana, bo):
        await expect(panel(tab).locator("[data-message]")).to_have_count(len(CORPUS) + 1, timeout=PATIENCE_MS)
        shown = await panel(tab).locator("[data-message]").all_inner_texts()
        for text in CORPUS:
            assert any(text in each for each in shown), text
        await nothing_happened(tab.page)


async def nothing_happened(page: Page) -> None:
    """No payload ran, nor is any an element or a link."""
    assert await page.evaluate("() => window.__xss ?? null") is None
    found = await page.evaluate(
        """() => [...document.querySelectorAll('[data-message] :is(img, script, iframe, details, style, math)')].length
          + [...document.querySelectorAll('[data-message] a')].filter((a) => !/^(https?:|mailto:)/.test(a.href)
            || a.rel.split(' ').includes('noopener') === false).length"""
    )
    assert found == 0
