"""Two to four people who come near hear and see each other, louder when closer, and nobody else does."""

from __future__ import annotations

import asyncio
import math
from typing import Any
from uuid import UUID

import aiohttp
import pytest

from tests.adversity.server_process import ServerProcess
from tests.e2e.media_people import FIRST, STRANGER, TONE_RMS, Company, Pair, Speaker

pytest_plugins = ["tests.e2e.media_fixtures"]

FULL_PX = 64
LEAVE_PX = 192
FIRST_SOUND_MS = 1500
"""The aim is 500 ms on a machine of one's own; tests share theirs."""
FIRST_PICTURE_MS = 2500
"""The aim is 800 ms."""
AUDIBLE_DB = -60.0
"""A tone at the very edge of hearing is above this, everything else is far below."""
SCREEN_HINT = """
window.__connections.map((way) => way.getTransceivers()[2]?.sender.track?.contentHint).find((hint) => hint != null)
"""

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]


def gain_at(distance: float) -> float:
    """The law of the design: full within two tiles, nothing at the leave radius."""
    return min(1.0, max(0.0, (LEAVE_PX - distance) / (LEAVE_PX - FULL_PX)))


def audible(media: dict[str, Any]) -> set[int]:
    """The pitches that reach somebody's ears, Hz."""
    return {int(hz) for hz, level in media["pitches"].items() if level > AUDIBLE_DB}


async def distance_between(one: Speaker, other: Speaker) -> float:
    return math.dist(await one.place(), await other.place())


async def test_nobody_is_heard_or_seen_without_an_act_of_their_own(people: Company, office: UUID) -> None:
    ana, bo = await people.together(office, "Ana", "Bo")
    await ana.until("a connection", lambda m: any(peer["connected"] for peer in m["peers"]))
    await asyncio.sleep(1)
    for speaker in (ana, bo):
        media = await speaker.media()
        assert media["own"] == {"microphone": "off", "camera": "off", "screen": "off"}
        assert media["peers"][0]["packets"] == 0
        assert await speaker.tab.page.evaluate("window.__asked") == []
    # A microphone is tried without being heard.
    page = bo.tab.page
    await page.get_by_role("button", name="Sound and picture").click()
    await page.get_by_role("button", name="Try the microphone").click()
    bar = page.get_by_role("img", name="Level of your microphone").locator("span")
    for _ in range(100):
        if await bar.evaluate("bar => new DOMMatrix(getComputedStyle(bar).transform).a") > 0.5:
            break
        await asyncio.sleep(0.1)
    else:
        raise AssertionError("the level does not move")
    assert (await bo.media())["own"]["microphone"] == "off"
    assert (await ana.media())["peers"][0]["packets"] == 0


async def test_the_volume_falls_with_the_distance_and_beyond_it_there_is_silence_until_they_come_near_again(
    pair: Pair,
) -> None:
    ana, bo = await pair.talk()
    x, _ = await ana.place()
    measured: list[tuple[float, float]] = []
    for away in (40, 90, 130, 170):
        await bo.stroll_to_x(x + away)
        await asyncio.sleep(0.5)
        distance = await distance_between(ana, bo)
        for listener, side in ((ana, 1), (bo, -1)):
            [peer] = await listener.peers()
            heard = peer["heard"] / TONE_RMS
            assert heard == pytest.approx(gain_at(distance), abs=0.03), f"at {distance:.0f} px"
            assert peer["pan"] * side > 0
            measured.append((distance, heard))
    print("; ".join(f"{distance:.0f} px: {heard:.3f} (law {gain_at(distance):.3f})" for distance, heard in measured))
    assert measured[0][1] > 0.97
    assert measured[-1][1] < 0.3
    await bo.stroll_to_x(x + LEAVE_PX + 8)
    await ana.hears(0)
    await bo.hears(0)
    await asyncio.sleep(0.3)
    for listener, other in ((ana, bo), (bo, ana)):
        media = await listener.media()
        assert media["peers"][0]["heard"] == pytest.approx(0, abs=1e-4)
        assert media["pitches"][str(other.pitch)] < AUDIBLE_DB
    # Whoever comes back soon is heard over the connection that is there still.
    await bo.stroll_to_x(x + 100)
    await ana.hears(1)
    await bo.hears(1)
    assert (await ana.media())["repairs"] == {"restart": 0, "rebuild": 0, "sfu": 0}
    await ana.toggle_camera()
    await bo.stroll_to_x(x + LEAVE_PX + 8)
    # It is kept for a while; only without one does everything begin anew.
    await bo.until("the old connection to be gone", lambda m: m["peers"] == [])
    await bo.tab.page.evaluate(FIRST)
    await bo.stroll_to_x(x + 100)
    await bo.hears(1)
    sound, picture = await bo.first("sound"), await bo.first("picture")
    print(f"first sound after {sound:.0f} ms, first picture after {picture:.0f} ms")
    assert sound < FIRST_SOUND_MS
    assert picture < FIRST_PICTURE_MS


async def test_whoever_has_no_devices_listens_and_is_told_why_they_are_not_heard(pair: Pair) -> None:
    cleo = await pair.people.speaker("Cleo", pair.room, devices=False)
    await pair.ana.toggle_microphone()
    await cleo.until("a voice", lambda m: audible(m) == {pair.ana.pitch})
    await cleo.toggle_microphone()
    await cleo.tab.page.get_by_text("No microphone was found").wait_for()
    media = await cleo.media()
    assert media["own"]["microphone"] == "off"
    assert audible(media) == {pair.ana.pitch}


async def test_muting_is_heard_by_nobody_and_seen_by_all(pair: Pair) -> None:
    ana, bo = await pair.talk()
    await bo.toggle_microphone()
    await ana.until("silence", lambda m: m["peers"][0]["heard"] < 1e-4)
    await ana.tab.page.get_by_label("Bo is muted").wait_for()
    await bo.toggle_microphone()
    await ana.hears(1)
    await ana.tab.page.get_by_label("Bo is muted").wait_for(state="hidden")


async def test_a_camera_and_a_screen_are_seen_and_gone_when_they_are_switched_off(pair: Pair) -> None:
    bo, page = pair.bo, pair.ana.tab.page
    await bo.toggle_camera()
    await page.locator("li video").wait_for()
    await bo.tab.page.evaluate("window.__systemSound = true")
    await bo.tab.page.get_by_role("button", name="Share your screen").click()
    await page.get_by_role("region", name="Screen of Bo").locator("video").wait_for()
    # With the sound of the system, although the microphone is off; and without what the page itself plays.
    await pair.ana.until("the sound of the screen", lambda m: m["pitches"][str(STRANGER)] > AUDIBLE_DB)
    wish = await bo.tab.page.evaluate("window.__screenWish")
    assert (wish["systemAudio"], wish["audio"]["restrictOwnAudio"]) == ("include", True)
    assert await bo.tab.page.evaluate(SCREEN_HINT) == "detail", "letters are to be sharp"
    await page.get_by_role("button", name="Back to small pictures").click()
    await page.get_by_role("region", name="Screen of Bo").wait_for(state="hidden")
    await page.get_by_role("button", name="Show the screen of Bo").click()
    await page.get_by_role("region", name="Screen of Bo").locator("video").wait_for()
    await bo.tab.page.get_by_role("button", name="Stop sharing your screen").click()
    await page.get_by_role("region", name="Screen of Bo").wait_for(state="hidden")
    await pair.ana.until("silence of the screen", lambda m: m["pitches"][str(STRANGER)] < AUDIBLE_DB)
    await bo.tab.page.evaluate("window.__systemSound = false")
    await bo.toggle_camera()
    await page.locator("li video").wait_for(state="hidden")


async def test_a_volume_of_ones_own_is_kept_for_the_person(pair: Pair) -> None:
    ana, bo = await pair.talk()
    usual = gain_at(await distance_between(ana, bo))
    assert usual > 0.3
    slider = ana.tab.page.get_by_role("slider", name="How loud Bo is for you")
    await slider.fill("10")
    await ana.until("half the sound", lambda m: abs(m["peers"][0]["heard"] / TONE_RMS - usual / 2) < 0.03)
    stored = await ana.tab.page.evaluate("JSON.parse(localStorage.getItem('hallway.media')).volumes")
    assert list(stored.values()) == [0.5]
    assert (await bo.peers())[0]["heard"] / TONE_RMS == pytest.approx(usual, abs=0.03)
    await slider.fill("20")


async def test_push_to_talk_is_heard_while_the_key_is_held(pair: Pair) -> None:
    ana, bo = pair.both
    page = bo.tab.page

    async def switch() -> None:
        await page.get_by_role("button", name="Sound and picture").click()
        await page.get_by_role("switch", name="Push to talk").click()
        await page.get_by_role("button", name="Close").click()

    await switch()
    await page.keyboard.down("t")
    await ana.hears(1)
    await page.keyboard.up("t")
    await ana.until("silence", lambda m: m["peers"][0]["heard"] < 1e-4)
    assert (await bo.media())["own"]["microphone"] == "off"
    await switch()


async def test_four_people_all_hear_all_each_by_their_own_pitch(pair: Pair) -> None:
    speakers = [*pair.both, *await pair.people.together(pair.room, "Cleo", "Dan")]
    for speaker in speakers:
        await speaker.toggle_microphone()
    for listener in speakers:
        others = {other.pitch for other in speakers if other is not listener}
        await listener.until(f"{listener.name} to hear {others}", lambda m, others=others: audible(m) == others)


async def test_a_reloaded_page_is_connected_anew(pair: Pair) -> None:
    ana, bo = await pair.talk()
    await bo.tab.page.reload()
    await bo.tab.inside()
    await bo.hears(1)
    await bo.toggle_microphone()
    await ana.hears(1)


@pytest.mark.parametrize("side", [0, 1])
async def test_a_dead_connection_is_noticed_rebuilt_and_counted(pair: Pair, side: int) -> None:
    both = await pair.talk()
    before = [(await speaker.media())["repairs"] for speaker in both]
    broken, other = both[side], both[1 - side]
    await broken.tab.page.evaluate("window.__connections.at(-1).close()")
    await other.until("silence", lambda m: m["peers"][0]["heard"] < 0.02, 15)
    await broken.hears(1, 25)
    await other.hears(1, 25)
    after = [(await speaker.media())["repairs"] for speaker in both]
    made = [
        now["restart"] + now["rebuild"] - was["restart"] - was["rebuild"]
        for was, now in zip(before, after, strict=True)
    ]
    assert sum(made) > 0


async def test_a_moderator_mutes_and_sends_out_and_it_is_silent_at_once(pair: Pair, server: ServerProcess) -> None:
    ana, bo = await pair.talk()
    [peer] = await ana.peers()
    await moderate(server, pair, "PUT", f"mutes/{peer['userId']}", None)
    await ana.until("silence", lambda m: m["peers"][0]["heard"] < 1e-4)
    await bo.until("being muted", lambda m: m["own"]["microphone"] == "off")
    await bo.toggle_microphone()
    await bo.tab.page.get_by_text("A moderator has muted you").wait_for()
    assert (await bo.media())["own"]["microphone"] == "off"
    await moderate(server, pair, "DELETE", f"mutes/{peer['userId']}", None)
    for _ in range(50):
        await bo.toggle_microphone()
        await asyncio.sleep(0.1)
        if (await bo.media())["own"]["microphone"] != "off":
            break
    await ana.hears(1)
    await moderate(server, pair, "POST", "kick", {"user_id": peer["userId"]})
    await ana.hears(0, 3)
    media = await bo.until("everything off", lambda m: m["own"]["microphone"] == "off", 3)
    assert media["peers"] == []


async def moderate(server: ServerProcess, pair: Pair, method: str, path: str, body: object) -> None:
    url = f"{server.url}/api/rooms/{pair.room}/{path}"
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {pair.owner}"}) as http,
        http.request(method, url, json=body) as answer,
    ):
        assert answer.status == 204, await answer.text()


async def test_a_browsers_own_devices_work_under_the_pages_security_rules(people: Company, office: UUID) -> None:
    ana, bo = await people.together(office, "Ana", "Bo", own_devices=True)
    for speaker in (ana, bo):
        await speaker.toggle_microphone()
        await speaker.toggle_camera()
    for speaker in (ana, bo):
        await speaker.until("the other's sound", lambda m: m["peers"] and m["peers"][0]["packets"] > 50)
        await speaker.tab.page.locator("li video").nth(1).wait_for()
