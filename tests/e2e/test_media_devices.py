"""Microphone, camera, speaker: tried before one goes in, changed without a break, cleaned of noise, blurred."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import Browser, Page, expect

from tests.adversity.server_process import ServerProcess
from tests.e2e.media_people import DEVICES, TONE_RMS, Company, Pair, Speaker
from tests.e2e.media_sources import CONTRAST, GAPS, PICTURE, SOUND

pytest_plugins = ["tests.e2e.media_fixtures"]

SOUNDS = ("noise", "voice")
QUIETER_DB = 20.0
"""By how much steady noise has to fall at least."""
LOST_DB = 3.0
"""By how much a voice may fall at most."""
LONGEST_GAP_MS = 200.0
MODEL_LOADED = "INFO: Created TensorFlow Lite XNNPACK delegate"
"""The library says so where browsers show mistakes."""

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]


async def loudness(listener: Speaker, speakers: Sequence[Speaker], seconds: float = 2.0) -> list[float]:
    """What arrives from each of these, RMS over a while."""
    avatars = [((await speaker.tab.probe()) or {})["selfId"] for speaker in speakers]
    squares: list[list[float]] = [[] for _ in speakers]
    for _ in range(int(seconds / 0.05)):
        arriving = {peer["avatar"]: peer["arriving"] for peer in await listener.peers()}
        for found, avatar in zip(squares, avatars, strict=True):
            found.append(arriving[avatar] ** 2)
        await asyncio.sleep(0.05)
    return [math.sqrt(sum(found) / len(found)) for found in squares]


async def choose(page: Page, legend: str, option: str) -> None:
    """In the dialog about sound and picture."""
    group = page.get_by_role("radiogroup", name=legend)
    await group.get_by_text(option, exact=True).click()


async def test_strong_noise_suppression_takes_noise_and_leaves_the_voice_and_silence_is_pointed_out(pair: Pair) -> None:
    ana, room = pair.ana, pair.room
    silent, *others = await asyncio.gather(
        *(pair.people.speaker(what, room, script=f"window.__sound = '{what}';{SOUND}") for what in ("nothing", *SOUNDS))
    )
    for speaker in (silent, *others):
        await speaker.toggle_microphone()
    await ana.until("both", lambda m: len([peer for peer in m["peers"] if peer["arriving"] > 0.02]) == len(others))
    assert await wishes(others, True)
    plain = await loudness(ana, others)

    async def clean(page: Page) -> None:
        await page.get_by_role("button", name="Sound and picture").click()
        await choose(page, "Noise suppression", "Strong")

    # Both at once: a page takes seconds for a dialog where five of them share a processor.
    await asyncio.gather(*(clean(speaker.tab.page) for speaker in others))
    assert await wishes(others, False)
    # Once the filter is loaded it learns what the noise is like, in about a second.
    for _ in range(10):
        cleaned = await loudness(ana, others)
        falls = [20 * math.log10(before / max(after, 1e-6)) for before, after in zip(plain, cleaned, strict=True)]
        if falls[0] > QUIETER_DB:
            break
    for what, before, after, fall in zip(SOUNDS, plain, cleaned, falls, strict=True):
        print(f"{what}: {before:.4f} before, {after:.4f} after, {fall:.1f} dB less")
    assert falls[0] > QUIETER_DB
    assert falls[1] < LOST_DB
    await asyncio.gather(*(choose(speaker.tab.page, "Noise suppression", "Off") for speaker in others))
    for _ in range(30):
        again = await loudness(ana, others, 0.3)
        if all(now > before / 2 for now, before in zip(again, plain, strict=True)):
            break
    else:
        raise AssertionError(f"still {again}, before {plain}")
    assert await wishes(others, False)
    hint = silent.tab.page.get_by_text("Your microphone is on, but it is silent")
    await hint.wait_for(timeout=20_000)
    await silent.toggle_microphone()
    await hint.wait_for(state="hidden")
    for speaker in others:
        await speaker.tab.page.get_by_role("button", name="Close").click()


async def wishes(speakers: Sequence[Speaker], suppressed: bool) -> bool:
    """Until each page asked its browser for noise suppression, or asked it for none."""
    for _ in range(100):
        found = [await speaker.tab.page.evaluate("window.__wishes") for speaker in speakers]
        if all(wish["noiseSuppression"] is suppressed for wish in found):
            return True
        await asyncio.sleep(0.05)
    return False


TWO_MICROPHONES = """
navigator.mediaDevices.enumerateDevices = async () => ['one', 'two'].map((deviceId) =>
  ({ kind: 'audioinput', deviceId, groupId: deviceId, label: `Microphone ${deviceId}`, toJSON() {} }))
"""


async def test_another_microphone_takes_over_without_a_gap(people: Company, office: UUID) -> None:
    ana, bo = await people.speaker("Ana", office), await people.speaker("Bo", office, script=TWO_MICROPHONES)
    await bo.toggle_microphone()
    await ana.hears(1)
    await asyncio.sleep(0.5)
    await ana.tab.page.evaluate(GAPS, TONE_RMS / 4)
    page = bo.tab.page
    await page.get_by_role("button", name="Sound and picture").click()
    gaps = []
    for device in ("two", "one"):
        await page.get_by_label("Microphone", exact=True).select_option(device)
        await asyncio.sleep(1)
        gaps.append(await ana.tab.page.evaluate("window.__gap.longest"))
        await ana.tab.page.evaluate("window.__gap.longest = 0")
    asked = await page.evaluate("window.__asked")
    print(f"longest gaps {[round(gap) for gap in gaps]} ms over {len(asked) - 1} changes")
    assert asked.count("audio") == 3
    assert max(gaps) < LONGEST_GAP_MS


async def contrast(page: Page, selector: str = "li video") -> dict[str, float]:
    """Of a video, once it plays."""
    for _ in range(200):
        found: dict[str, float] | None = await page.evaluate(CONTRAST, selector)
        if found is not None:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError("no picture")


async def test_a_blurred_background_hides_the_wall_and_keeps_the_face(people: Company, office: UUID) -> None:
    ana, bo = await people.speaker("Ana", office), await people.speaker("Bo", office, script=PICTURE)
    page = bo.tab.page
    bo.tab.expect_text(MODEL_LOADED)
    outside: list[str] = []
    page.on("request", lambda request: outside.append(request.url) if bo.tab.url not in request.url else None)
    await bo.toggle_camera()
    plain = await contrast(ana.tab.page)
    assert plain["wall"] > 40
    await page.get_by_role("button", name="Sound and picture").click()
    await page.get_by_role("switch", name="Blur what is behind me").click()
    blurred = plain
    for _ in range(150):
        blurred = await contrast(ana.tab.page)
        # On a busy machine pictures are coded coarsely at first, and the face is, too.
        if blurred["wall"] < plain["wall"] / 4 and blurred["face"] > plain["face"] / 2:
            break
        await asyncio.sleep(0.2)
    print(f"wall {plain['wall']:.0f} -> {blurred['wall']:.0f}, eyes {plain['face']:.0f} -> {blurred['face']:.0f}")
    assert blurred["wall"] < plain["wall"] / 4
    assert blurred["face"] > plain["face"] / 2
    await page.get_by_role("button", name="Close").click()
    # Off and on again: nothing is seen of the wall before it is blurred.
    await bo.toggle_camera()
    await ana.tab.page.locator("li video").wait_for(state="hidden")
    await bo.toggle_camera()
    for _ in range(20):
        assert (await contrast(ana.tab.page))["wall"] < plain["wall"] / 3
        await asyncio.sleep(0.05)
    assert [url for url in outside if not url.startswith(("blob:", "data:"))] == []


async def test_where_blurring_fails_the_camera_stays_off_and_says_so(people: Company, office: UUID) -> None:
    ana, bo = await people.speaker("Ana", office), await people.speaker("Bo", office, script=PICTURE)
    page = bo.tab.page
    await page.route("**/*.tflite", lambda route: route.abort())
    bo.tab.expect_text("selfie_segmenter")
    bo.tab.expect_text(MODEL_LOADED)
    await page.get_by_role("button", name="Sound and picture").click()
    await page.get_by_role("switch", name="Blur what is behind me").click()
    await page.get_by_role("button", name="Close").click()
    await bo.toggle_camera()
    await page.get_by_text("The background cannot be blurred").wait_for()
    assert (await bo.media())["own"]["camera"] == "off"
    assert await ana.tab.page.locator("li video").count() == 0


async def sent_picture(speaker: Speaker) -> dict[str, Any]:
    """The parameters of the picture that the newest connection sends; those to people who have left are closed."""
    found: dict[str, Any] = await speaker.tab.page.evaluate(
        """() => {
          const open = window.__connections.filter(({ connectionState }) => connectionState === 'connected')
          const sender = open.map((way) => way.getTransceivers()[1]?.sender).findLast((sender) => sender?.track != null)
          return { ...sender?.getParameters().encodings[0] }
        }"""
    )
    return found


async def test_the_quality_that_one_chooses_is_what_is_sent(pair: Pair) -> None:
    ana, bo = pair.both
    await bo.toggle_camera()
    await ana.tab.page.locator("li video").wait_for()
    page = bo.tab.page
    await page.get_by_role("button", name="Sound and picture").click()
    for option, bits in (("Low", 270_000), ("Usual", 900_000), ("High", 2_250_000)):
        await choose(page, "Quality of my picture", option)
        for _ in range(60):
            # Until the camera's picture is being sent there is no such number.
            if (await sent_picture(bo)).get("maxBitrate") == bits:
                break
            await asyncio.sleep(0.1)
        assert (await sent_picture(bo)).get("maxBitrate") == bits
    await choose(page, "Quality of my picture", "Usual")
    await page.get_by_role("button", name="Close").click()


async def entry(devices: Browser, server: ServerProcess, room: UUID, script: str = "") -> Page:
    """The page where a stranger says their name."""
    person = await devices.new_context(viewport={"width": 1000, "height": 800})
    await person.add_init_script(DEVICES.replace("PITCH", "500").replace("LOUDNESS", "0.3"))
    if script:
        await person.add_init_script(script)
    page = await person.new_page()
    await page.goto(f"{server.url}/rooms/{room}")
    return page


async def test_devices_and_connection_are_checked_before_one_goes_in(
    devices: Browser, server: ServerProcess, office: UUID
) -> None:
    page = await entry(devices, server, office)
    await page.get_by_role("button", name="Check microphone, camera and connection").click()
    await page.get_by_role("heading", name="Sound and picture").wait_for()
    assert await page.evaluate("window.__asked") == [], "the browser is asked after a click only"
    await page.get_by_role("button", name="Look at my picture").click()
    await expect(page.locator("dialog video")).to_be_visible()
    await page.get_by_role("button", name="Try the microphone").click()
    await page.get_by_text("the bar should move").wait_for()
    bar = page.get_by_role("img", name="Level of your microphone").locator("span")
    for _ in range(100):
        if await bar.evaluate("bar => new DOMMatrix(getComputedStyle(bar).transform).a") > 0.5:
            break
        await asyncio.sleep(0.1)
    else:
        raise AssertionError("the level does not move")
    await page.get_by_role("button", name="Play a sound").click()
    await page.get_by_text("Did you hear it?").wait_for()
    await page.get_by_role("button", name="No", exact=True).click()
    await page.get_by_text("choose another speaker").wait_for()
    await page.get_by_role("button", name="Test the connection").click()
    await page.get_by_text("The server is reached.").wait_for()
    assert await page.get_by_text("Works.").count() == 2
    await page.get_by_role("button", name="Close").click()
    # What was opened to be looked at is given back.
    assert await page.locator("video").count() == 0
    await page.context.close()


async def test_without_devices_the_check_says_so_and_one_goes_in_all_the_same(
    devices: Browser, server: ServerProcess, office: UUID
) -> None:
    page = await entry(devices, server, office, "window.__noDevices = true")
    await page.get_by_role("button", name="Check microphone, camera and connection").click()
    await page.get_by_role("button", name="Look at my picture").click()
    await page.get_by_text("No camera was found.").wait_for()
    await page.get_by_role("button", name="Try the microphone").click()
    await page.get_by_text("No microphone was found. You can listen meanwhile.").wait_for()
    await page.get_by_role("button", name="Close").click()
    await page.get_by_label("Your name").fill("Cleo")
    await page.get_by_role("button", name="Enter the room").click()
    await page.get_by_role("application").wait_for()
    await page.context.close()
