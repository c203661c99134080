"""The pictures over the room: calm in a crowd, several screens, windows of their own, honest about pauses."""

from __future__ import annotations

import asyncio
import re
import urllib.request
from uuid import UUID

import pytest
from playwright.async_api import Page, expect

from benchmarks.bots.api import Pass
from protocol.client_session import ClientSession
from protocol.constants import Feature
from protocol.messages import Media, encode
from tests.adversity.server_process import ServerProcess
from tests.adversity.visitor import Guests, PatientApi, Visitor
from tests.e2e.media_people import Company, Pair

pytest_plugins = ["tests.e2e.media_fixtures"]

CROWD = 24
PEOPLE = "People you are talking with"

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]


class PersonApi(PatientApi):
    """Joins as people do: programs are not talked with."""

    async def join(self, room: UUID, token: str) -> Pass:
        answer = await self._call("POST", f"/api/rooms/{room}/join", token=token, json={})
        return Pass(str(answer["url"]), str(answer["ticket"]))


async def silent_guest(guests: Guests) -> Visitor:
    """Somebody who may be heard and sends nothing: no browser, only the wire."""
    visitor = await guests.new()
    features = int(Feature.CHECK | Feature.PROXIMITY | Feature.MEDIA)
    visitor.session = ClientSession(agent="hallway-tests", features=features)
    await visitor.come()
    visitor.send(encode(Media(1)))
    return visitor


async def test_a_crowd_is_shown_calmly_a_few_at_a_time(people: Company, server: ServerProcess, owner: str) -> None:
    async with PersonApi(server.url) as api:
        await look_at_a_crowd(people, await Guests.of(api, owner))


async def look_at_a_crowd(people: Company, guests: Guests) -> None:
    crowd = [await silent_guest(guests) for _ in range(CROWD)]
    ana = await people.speaker("Ana", guests.room)
    page = ana.tab.page
    near = len(await ana.peers())
    for _ in range(100):
        near = len(await ana.peers())
        if near >= 12:
            break
        await asyncio.sleep(0.1)
    assert near >= 12, f"only {near} of {CROWD} are near"
    tiles = page.get_by_role("list", name=PEOPLE).get_by_role("listitem")
    shown = await tiles.count()
    assert 3 <= shown <= 8
    more = page.get_by_role("button", name=f"+{near - shown} people")
    await expect(more).to_be_visible()
    # Nobody moves while nobody speaks.
    before = await tiles.all_inner_texts()
    await asyncio.sleep(2)
    assert await tiles.all_inner_texts() == before
    await more.click()
    await expect(page.get_by_role("navigation", name="Pages of pictures")).to_be_visible()
    first = await tiles.all_inner_texts()
    assert 4 <= len(first) <= 16
    await page.get_by_role("button", name="The next ones").click()
    await expect(page.get_by_text("2 of")).to_be_visible()
    assert set(await tiles.all_inner_texts()).isdisjoint(first)
    for visitor in crowd:
        visitor.drop()


MOVES = """(selector) => {
  const video = document.querySelector(selector)
  return video !== null && video.videoWidth > 0 ? video.currentTime : -1
}"""


async def moves(page: Page, selector: str = "video") -> None:
    """Until a video has a picture and plays on."""
    first = -1.0
    for _ in range(100):
        now: float = await page.evaluate(MOVES, selector)
        if first < 0:
            first = now
        elif now > first + 0.2:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("nothing moves")


async def full(page: Page) -> str | None:
    """What fills the screen; None: nothing."""
    found: str | None = await page.evaluate("document.fullscreenElement?.getAttribute('aria-label') ?? null")
    return found


async def becomes_full(page: Page, what: str | None) -> None:
    for _ in range(100):
        if await full(page) == what:
            return
        await asyncio.sleep(0.05)
    assert await full(page) == what


async def test_several_screens_at_once_each_alone_on_the_screen_above_others_or_in_a_window_of_its_own(
    pair: Pair,
) -> None:
    ana, bo = pair.both
    cleo = await pair.people.speaker("Cleo", pair.room)
    page = ana.tab.page
    for speaker in (bo, cleo):
        await speaker.tab.page.get_by_role("button", name="Share your screen").click()
    screens = [page.get_by_role("region", name=f"Screen of {name}") for name in ("Bo", "Cleo")]
    for screen in screens:
        await screen.locator("video").wait_for()

    # Alone on the screen: by the button, by the key, by a double click; and back.
    await screens[1].get_by_role("button", name="Full screen (F)", exact=True).click()
    await becomes_full(page, "Screen of Cleo")
    await moves(page, "section:fullscreen video")
    await screens[1].get_by_role("button", name="Leave full screen (F)").click()
    await becomes_full(page, None)
    await page.evaluate("document.activeElement?.blur()")
    await page.keyboard.press("f")
    await becomes_full(page, "Screen of Bo")
    await page.keyboard.press("f")
    await becomes_full(page, None)
    await screens[1].locator("video").dblclick()
    await becomes_full(page, "Screen of Cleo")
    await page.keyboard.press("f")
    await becomes_full(page, None)

    # Above other windows, where the browser can: it says so, and takes it back.
    above = screens[1].get_by_role("button", name="Above other windows")
    if await page.evaluate("document.pictureInPictureEnabled === true"):
        await above.click()
        await expect(above).to_have_attribute("aria-pressed", "true")
        assert await page.evaluate("document.pictureInPictureElement?.videoWidth > 0")
        await above.click()
        await expect(above).to_have_attribute("aria-pressed", "false")
    else:
        await expect(above).to_have_attribute("aria-disabled", "true")
        await above.focus()
        await page.keyboard.press("Enter")
        await expect(screens[1].get_by_text("This browser lets no page float a picture")).to_be_visible()

    await page.evaluate("window.__open = window.open; void (window.open = () => null)")
    await screens[1].get_by_role("button", name="In a window of its own").click()
    await expect(screens[1].get_by_text("The browser blocked the window.")).to_be_visible()
    await page.evaluate("void (window.open = window.__open)")
    async with page.context.expect_page() as opened:
        await screens[1].get_by_role("button", name="In a window of its own").click()
    window = await opened.value
    assert await window.title() == "Screen of Cleo"
    await moves(window)
    await screens[1].get_by_text("Shown in a window of its own.").wait_for()
    # The window goes with what it shows.
    await cleo.tab.page.get_by_role("button", name="Stop sharing your screen").click()
    await screens[1].wait_for(state="hidden")
    for _ in range(100):
        if window.is_closed():
            break
        await asyncio.sleep(0.1)
    assert window.is_closed()
    await expect(screens[0].locator("video")).to_be_visible()
    hint = await bo.tab.page.evaluate("window.__connections.at(-1).getTransceivers()[2].sender.track?.readyState")
    assert hint == "live"
    await bo.tab.page.get_by_role("button", name="Stop sharing your screen").click()
    await screens[0].wait_for(state="hidden")


async def test_a_camera_that_sends_nothing_is_shown_as_paused_and_not_black(people: Company, office: UUID) -> None:
    ana, bo = await people.together(office, "Ana", "Bo")
    await bo.toggle_camera()
    tile = ana.tab.page.get_by_role("list", name=PEOPLE).get_by_role("listitem").filter(has_text="Bo")
    await expect(tile.locator("video")).to_have_css("opacity", "1")
    await bo.tab.page.evaluate(
        "for (const c of window.__connections) void c.getTransceivers()[1].sender.track?.applyConstraints({})"
    )
    stop = """() => { for (const c of window.__connections) {
      const { sender } = c.getTransceivers()[1]
      const parameters = sender.getParameters()
      parameters.encodings[0].active = false
      sender.setParameters = () => Promise.resolve()
      void RTCRtpSender.prototype.setParameters.call(sender, parameters)
    } }"""
    await bo.tab.page.evaluate(stop)
    await expect(tile.get_by_text("Video paused")).to_be_visible(timeout=15_000)
    await expect(tile.locator("video")).to_have_css("opacity", "0")


async def test_every_link_tells_its_numbers_to_the_page_and_to_the_server(pair: Pair, server: ServerProcess) -> None:
    ana, _ = await pair.talk()
    page = ana.tab.page
    await page.get_by_role("button", name="Sound and picture").first.click()
    row = page.get_by_role("row").filter(has_text="Bo")
    await expect(row.get_by_text(re.compile("Direct|Through the server"))).to_be_visible()
    await expect(row.get_by_text("kbit/s")).not_to_have_text("0 kbit/s")
    for _ in range(200):
        if "hallway_link_states_total{" in server_metrics(server):
            break
        await asyncio.sleep(0.1)
    await page.get_by_role("button", name="Close").click()
    text = server_metrics(server)
    assert re.search(r'^hallway_link_states_total\{.*quality="', text, re.MULTILINE)
    assert "hallway_link_jitter_seconds_count{way=" in text
    assert "hallway_link_loss_ratio_count{way=" in text


def server_metrics(server: ServerProcess) -> str:
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=10) as answer:
        return str(answer.read().decode())
