"""A stage and its audience: heard and seen one way, at the other end of the hall; a screen is shown once only."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from tests.adversity.server_process import ServerProcess
from tests.e2e.media_people import HEARD_RMS, TONE_RMS, Company, MakeRoom
from tests.e2e.tab import own

pytest_plugins = ["tests.e2e.media_fixtures"]

STAGE_BOTTOM = 160
HALL = (560.0, 290.0)
"""Far from the stage, in its audience, in the meeting template; not where the page shows who is near as soon as
somebody is."""
WINDOW: dict[str, object] = {"viewport": {"width": 1100, "height": 760}}
SILENT_DB = -60.0

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]


async def test_the_stage_is_heard_and_seen_by_its_audience_and_does_not_hear_it(
    people: Company, server: ServerProcess, make_room: MakeRoom
) -> None:
    room, _ = await make_room(server, "meeting")
    ana, bo = await people.together(room, "Ana", "Bo", **WINDOW)
    await ana.tab.page.keyboard.press("l")
    await ana.tab.page.get_by_role("button", name="Go to Stage").click()
    await bo.tab.click_on_map(*HALL)
    await bo.tab.until("Bo in the hall", lambda probe: own(probe)["y"] < 330)
    await ana.tab.until("Ana on the stage", lambda p: own(p)["y"] < STAGE_BOTTOM and own(p)["x"] > 416)
    for speaker in (ana, bo):
        await speaker.tab.still()
        await speaker.toggle_microphone()

    def hears_the_stage(media: dict[str, Any]) -> bool:
        # As loud as if they stood side by side.
        return any(abs(peer["heard"] - TONE_RMS) < 0.02 for peer in media["peers"])

    await bo.until("the stage", hears_the_stage)
    media = await ana.until("the other's microphone", lambda m: any(peer["link"] for peer in m["peers"]))
    assert all(peer["heard"] < HEARD_RMS / 10 for peer in media["peers"])
    assert media["pitches"][str(bo.pitch)] < SILENT_DB
    assert all(peer["packets"] == 0 for peer in media["peers"]), "nothing of the audience is even sent"
    # Both are told whom they reach.
    await expect(ana.tab.page.get_by_text("Heard by Bo", exact=True)).to_be_visible()
    await expect(ana.tab.page.get_by_role("button", name="You are heard by Bo")).to_be_visible()
    await expect(bo.tab.page.get_by_text("Nobody is near you", exact=True)).to_be_visible()
    await expect(bo.tab.page.get_by_role("button", name="Nobody is near enough to hear you")).to_be_visible()

    screens = bo.tab.page.get_by_role("region", name="Screen of Ana")
    await ana.tab.page.get_by_role("button", name="Share your screen").click()
    await screens.locator("video").wait_for()
    await bo.tab.page.get_by_role("button", name="Share your screen").click()
    await expect(bo.tab.page.get_by_role("button", name="Stop sharing your screen")).to_be_visible()
    # On the screen of the stage as well: shown there, and not a second time beside the pictures.
    await ana.tab.page.keyboard.press("b")
    await ana.tab.page.get_by_role("button", name="Walk there and use it").filter(has_text="Screen").first.click()
    await ana.tab.page.get_by_role("button", name="Present", exact=True).click()
    await ana.tab.page.get_by_role("button", name="Your screen", exact=True).click()
    wall = bo.tab.page.locator("[data-screen=share]")
    await wall.locator("video").wait_for()
    await expect(screens).to_have_count(0)
    await wall.get_by_role("button", name="Make it smaller").click()
    await expect(wall).to_have_count(0)
    await expect(screens).to_have_count(0)
    assert await ana.tab.page.get_by_role("region", name="Screen of Bo").count() == 0
