"""axe finds nothing to complain about: on every page, in every state of a room, by day and by night."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.e2e.conftest import OpenTab
from tests.e2e.tab import Tab

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AXE = Path(__file__).parents[2] / "client_web" / "node_modules" / "axe-core" / "axe.min.js"
FIND = """
async () => {
  // What is still fading has not its final colours; and what inherits a colour fades after it.
  const ends = ({ effect, playState }) => playState === 'running' && effect.getComputedTiming().iterations !== Infinity
  for (;;) {
    const fading = document.getAnimations().filter(ends)
    if (fading.length === 0) break
    await Promise.all(fading.map(({ finished }) => finished.catch(() => null)))
  }
  // By night the same page has other colours and nothing else.
  const isDark = document.documentElement.dataset.theme === 'dark'
  const rules = isDark ? { runOnly: ['color-contrast'] } : {}
  const { violations } = await axe.run(document, { resultTypes: ['violations'], ...rules })
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}
"""


@pytest_asyncio.fixture(loop_scope="session")
async def tab(open_tab: OpenTab) -> AsyncIterator[Tab]:
    """A page on which nothing moves, by day."""
    yield await open_tab(color_scheme="light", reduced_motion="reduce")


async def complaints(tab: Tab, where: str) -> list[str]:
    """What axe finds on the page as it is."""
    await expect(tab.page.locator("html")).to_have_attribute("data-theme", "light" if await is_light(tab) else "dark")
    if not await tab.page.evaluate("() => 'axe' in window"):
        # Not as a script of the page: its own content security policy forbids that.
        await tab.page.evaluate(AXE.read_text())
    found: list[str] = await tab.page.evaluate(FIND)
    return [f"{where}: {complaint}" for complaint in found]


async def in_both_lights(tab: Tab, where: str) -> list[str]:
    """What axe complains about by day and by night."""
    found = await complaints(tab, where)
    await tab.page.emulate_media(color_scheme="dark")
    found += await complaints(tab, f"{where}, dark")
    await tab.page.emulate_media(color_scheme="light")
    return found


async def is_light(tab: Tab) -> bool:
    """Whether the system wants light colours."""
    return bool(await tab.page.evaluate("() => matchMedia('(prefers-color-scheme: light)').matches"))


async def test_pages_for_strangers(tab: Tab, office: UUID) -> None:
    page = tab.page
    found: list[str] = []
    await tab.go("/login")
    for mode in ("As a guest", "Log in", "Register"):
        await page.get_by_text(mode, exact=True).first.click()
        found += await in_both_lights(tab, f"log-in page, {mode}")
    await page.get_by_role("button", name="Create my account").click()
    await page.locator("[aria-invalid=true]").first.wait_for()
    found += await in_both_lights(tab, "log-in page with problems")
    await tab.go(f"/rooms/{office}")
    await page.get_by_role("button", name="Enter the room").wait_for()
    found += await in_both_lights(tab, "a room's door")
    tab.expect_status(404, "/api/invites")
    await tab.go(f"/invite/{uuid4().hex}")
    await page.get_by_role("heading", level=2).or_(page.get_by_role("heading", level=1)).first.wait_for()
    found += await in_both_lights(tab, "a dead invitation")
    await tab.go("/reset-password")
    await page.get_by_role("heading").first.wait_for()
    found += await in_both_lights(tab, "password reset")
    await tab.go("/nowhere")
    await page.get_by_role("heading").first.wait_for()
    found += await in_both_lights(tab, "a page that is not there")
    assert not found, "\n".join(found)


async def test_pages_for_members(tab: Tab) -> None:
    page = tab.page
    found: list[str] = []
    await tab.register(f"Axe{uuid4().hex[:6]}")
    found += await in_both_lights(tab, "no rooms")
    await page.get_by_role("button", name="New room").first.click()
    await page.get_by_role("dialog").locator("fieldset label").first.wait_for()
    found += await in_both_lights(tab, "a new room")
    name = f"Axe {uuid4().hex[:6]}"
    await page.get_by_label("Name of the room").fill(name)
    await page.get_by_role("button", name="Open the room").click()
    await tab.inside()
    room = page.url.rsplit("/", 1)[1]
    await tab.go("/rooms")
    await page.get_by_role("link", name=f"Enter {name}").wait_for()
    found += await in_both_lights(tab, "the list of rooms")
    await page.get_by_role("button", name="Your menu").click()
    found += await in_both_lights(tab, "the own menu")
    await page.get_by_role("menuitem", name="Settings").click()
    await page.get_by_role("dialog").wait_for()
    found += await in_both_lights(tab, "settings")
    for path in (f"/rooms/{room}/settings", "/account"):
        await tab.go(path)
        sections = page.get_by_role("main").get_by_role("navigation").get_by_role("button")
        await sections.first.wait_for()
        for number in range(await sections.count()):
            section = await sections.nth(number).inner_text()
            await sections.nth(number).click()
            await expect(page.get_by_role("status", name="Loading")).to_have_count(0)
            found += await in_both_lights(tab, f"{path.rsplit('/', 1)[1]}, {section}")
    assert not found, "\n".join(found)


async def test_a_room_in_all_its_states(tab: Tab, open_tab: OpenTab, office: UUID) -> None:
    page = tab.page
    found: list[str] = []
    other = await open_tab()
    await other.come_as_guest(office, "Bo")
    await tab.come_as_guest(office, "Ana")
    await tab.until("Bo near Ana", lambda p: len(p["near"]) == 1)
    found += await in_both_lights(tab, "a room")
    buttons = page.get_by_role("toolbar").get_by_role("button")
    panels = [
        name for name in ("People", "Room as a list") if await buttons.filter(has=page.get_by_label(name)).count() >= 0
    ]
    for name in panels:
        await page.get_by_role("toolbar").get_by_role("button", name=name).click()
        await page.get_by_role("complementary", name=name).wait_for()
        found += await in_both_lights(tab, f"panel {name}")
        await page.keyboard.press("Escape")
    for key, name in (("Control+k", "Find and do"), ("n", "Map"), ("?", "Getting around")):
        await page.keyboard.press(key)
        await page.get_by_role("dialog", name=name).wait_for()
        found += await in_both_lights(tab, f"dialog {name}")
        await page.keyboard.press("Escape")
        await page.get_by_role("dialog", name=name).wait_for(state="hidden")
    for name, dialog in (("Settings", "Settings"), ("Sound and picture", "Sound and picture")):
        await page.get_by_role("toolbar").get_by_role("button", name=name).click()
        await page.get_by_role("dialog", name=dialog).wait_for()
        found += await in_both_lights(tab, f"dialog {name}")
        if name == "Settings":
            await page.get_by_role("button", name="Show the tour again").click()
            await page.get_by_role("heading", name="This is you").wait_for()
            found += await in_both_lights(tab, "the tour")
        await page.keyboard.press("Escape")
    await page.keyboard.press("Control+k")
    await page.keyboard.type("audio only")
    await page.keyboard.press("Enter")
    await page.get_by_role("region", name="Audio only").wait_for()
    found += await in_both_lights(tab, "audio only")
    await page.get_by_role("button", name="Show the room", exact=True).click()
    await page.get_by_role("region", name="Audio only").wait_for(state="hidden")
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.get_by_role("button", name="More", exact=True).click()
    await page.get_by_role("dialog", name="More").wait_for()
    found += await in_both_lights(tab, "more tools on a phone")
    assert not found, "\n".join(found)
