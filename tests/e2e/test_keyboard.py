"""A room by keyboard alone, and without looking at it; and what a page does that nobody looks at."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from uuid import UUID

import pytest
from playwright.async_api import WebSocket, expect

from protocol.constants import Kind
from tests.e2e.conftest import OpenTab
from tests.e2e.tab import Tab, gait, own

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

HIDE = """
(hidden) => {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden })
  document.dispatchEvent(new Event('visibilitychange'))
}
"""
COUNT_CALLS = """
() => {
  window.__calls = 0
  const { drawImage } = CanvasRenderingContext2D.prototype
  CanvasRenderingContext2D.prototype.drawImage = function (...what) { window.__calls += 1; drawImage.apply(this, what) }
}
"""


def count_snapshots(tab: Tab) -> Callable[[], int]:
    """How many the page was sent; to be asked for before it enters a room."""
    kinds: list[int] = []

    def listen(socket: WebSocket) -> None:
        if "/ws/rooms/" in socket.url:
            socket.on("framereceived", lambda data: kinds.append(data[1] if isinstance(data, bytes) else 0))

    tab.page.on("websocket", listen)
    return lambda: kinds.count(Kind.SNAPSHOT)


async def find_and_do(tab: Tab, words: str) -> None:
    """Open the palette, type, take the first."""
    await tab.page.keyboard.press("Control+k")
    await tab.page.get_by_role("combobox", name="Find and do").wait_for()
    await tab.page.keyboard.type(words)
    await tab.page.keyboard.press("Enter")
    await tab.page.get_by_role("combobox", name="Find and do").wait_for(state="hidden")


async def test_places_people_and_actions_are_found_by_name(open_tab: OpenTab, office: UUID) -> None:
    ana, bo = await open_tab(), await open_tab()
    await bo.come_as_guest(office, "Bo")
    await bo.walk_until("ArrowRight", "a way off", lambda p: p["self"]["x"] > 900)
    await ana.come_as_guest(office, "Ana")
    start = own(await ana.still())
    await find_and_do(ana, "go library")
    await ana.until("a walk", lambda p: gait(p["self"]["course"]) != 0)
    await expect(ana.page.get_by_role("log")).to_have_text("Walking to Library.")
    await find_and_do(ana, "stop walk")
    stopped = await ana.still()
    assert (own(stopped)["x"], own(stopped)["y"]) != (start["x"], start["y"])
    await find_and_do(ana, "go bo")
    await ana.until("Bo", lambda p: len(p["near"]) == 1)
    await find_and_do(ana, "audio only")
    region = ana.page.get_by_role("region", name="Audio only")
    await region.get_by_text("Next to you: Bo.").wait_for()
    await find_and_do(ana, "picture full")
    await region.wait_for(state="hidden")


async def test_the_list_of_the_room_leads_everywhere_without_a_pointer(open_tab: OpenTab, office: UUID) -> None:
    tab = await open_tab()
    await tab.come_as_guest(office, "Ana")
    page = tab.page
    await page.evaluate("() => document.activeElement?.blur()")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Show the room as a list")).to_be_focused()
    await page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="Room as a list")
    await expect(panel.get_by_role("heading", name="Room as a list")).to_be_focused()
    await panel.get_by_text("You are in: Open floor.").wait_for()
    await panel.get_by_role("button", name="Walk to Game corner", exact=True).focus()
    await page.keyboard.press("Enter")
    await tab.until("a walk", lambda p: gait(p["self"]["course"]) != 0)
    # It is said on the way there, and once more on the way out, which is walked with the arrow keys.
    await panel.get_by_text("You are in: Game corner.").wait_for()
    await page.keyboard.press("Escape")
    await panel.wait_for(state="hidden")
    await tab.still()
    await tab.walk_until("ArrowUp", "the way out", lambda p: p["self"]["y"] < 770)
    await page.keyboard.press("o")
    await panel.get_by_text("You are in: Open floor.").wait_for()


async def test_a_hidden_page_draws_nothing_and_hears_everything(open_tab: OpenTab, office: UUID) -> None:
    tab = await open_tab(never_used=True)
    await tab.page.add_init_script(f"({COUNT_CALLS})()")
    snapshots = count_snapshots(tab)
    await tab.come_as_guest(office, "Ana")
    other = await open_tab()
    await other.come_as_guest(office, "Bo")
    # How quick the line is nobody asks of a page that nobody looks at: a slow one would stay slow.
    tick = (await tab.until("a quick line", lambda p: p["status"] == "live"))["tick"]
    await tab.page.evaluate(HIDE, True)
    before = await tab.page.evaluate("() => window.__calls")
    told, since = snapshots(), monotonic()
    moved = await other.walk_until("ArrowRight", "a walk", lambda p: p["self"]["x"] > 850)
    at = own(moved)
    await tab.until(
        "Bo's walk", lambda p: any(one["id"] == moved["selfId"] and one["x"] == at["x"] for one in p["newest"])
    )
    probe = await tab.until("later ticks", lambda p: p["tick"] > tick)
    assert probe["status"] == "live"
    assert await tab.page.evaluate("() => window.__calls") == before
    # However much happens, two a second; one more that was under way, and one for the seconds not being whole.
    assert snapshots() - told <= 2 * (monotonic() - since) + 2
    told = snapshots()
    await tab.page.evaluate(HIDE, False)
    await tab.until("Bo drawn where Bo is", lambda p: any(abs(one["x"] - at["x"]) < 1 for one in p["remotes"]))
    assert snapshots() > told
    assert (await tab.until("news", lambda p: p["tick"] > probe["tick"]))["status"] == "live"
