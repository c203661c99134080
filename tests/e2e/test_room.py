"""In the room: others move, walls hold, doors open, seats are sat on; by keys, by click, by thumb."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from benchmarks.bots.api import Api
from benchmarks.bots.swarm import Swarm, SwarmConfig
from tests.e2e.conftest import OpenTab
from tests.e2e.tab import Probe, Tab, gait, names, own, remote

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BOTS = 12
HALF_W, HALF_H = 9, 5
"""Half of the feet box, px."""
OFFICE_BOTTOM = 1096
"""Upper edge of the wall below the office's first spawn point, px."""
BEHIND_THE_COUNTER = (640.0, 880.0)
GLASS_DOOR, GLASS_DOOR_LEFT, GLASS_DOOR_RIGHT = 2, 584, 600
"""The meeting template's door east of the entrance; it is open at first."""
LISTEN = """() => {
  window.__heard = []
  // A machine without a loudspeaker has no running context.
  Object.defineProperty(BaseAudioContext.prototype, 'state', { configurable: true, get: () => 'running' })
  const { start } = AudioBufferSourceNode.prototype
  const { connect } = AudioNode.prototype
  AudioNode.prototype.connect = function (to, ...more) {
    if (to instanceof GainNode && this instanceof AudioBufferSourceNode) this.__gain = to
    return connect.call(this, to, ...more)
  }
  AudioBufferSourceNode.prototype.start = function (...when) {
    const samples = this.buffer.getChannelData(0)
    const rms = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length)
    window.__heard.push({ rms, gain: this.__gain?.gain.value ?? 0 })
    return start.apply(this, when)
  }
}"""
"""Every short sound that the page makes from now on."""


def places(probe: Probe) -> dict[int, tuple[float, float]]:
    """Of everybody else, as drawn."""
    return {avatar["id"]: (avatar["x"], avatar["y"]) for avatar in probe["remotes"]}


async def everybody_moves(tab: Tab, standing: str) -> None:
    """Wait until everybody in this page's view has moved, apart from one."""
    # The bots walk away from the entrance, so that not all of them stay in view of it.
    first = await tab.until("the crowd", lambda p: len(p["remotes"]) > BOTS // 2 and standing in names(p))
    before = places(first)
    del before[remote(first, standing)["id"]]
    await tab.until(
        "everybody in view to move",
        lambda p: all(places(p).get(avatar) != place for avatar, place in before.items()),
    )


async def test_two_pages_see_each_other_and_every_bot_in_view_moves(
    open_tab: OpenTab, api: Api, office: UUID, seed: int
) -> None:
    ana, bo = await open_tab(), await open_tab()
    await ana.come_as_guest(office, "Ana")
    await bo.come_as_guest(office, "Bo")
    swarm = Swarm(api, SwarmConfig(office, BOTS, seconds=120, behaviour="crowd", seed=seed), lambda *_: None)
    running = asyncio.create_task(swarm.run())
    try:
        for tab, other in ((ana, "Bo"), (bo, "Ana")):
            await everybody_moves(tab, standing=other)
        walked = await ana.walk_until("ArrowDown", "a walk", lambda p: p["self"]["y"] > 985)
        await bo.until("Ana where Ana is", lambda p: abs(remote(p, "Ana")["y"] - own(walked)["y"]) < 0.5)
        for tab in (ana, bo):
            probe = await tab.until("news", lambda p: True)
            assert len(set(names(probe))) == len(probe["remotes"]), "nobody is drawn twice"
    finally:
        swarm.stop()
        result = await running
    assert (result.joined, result.stayed, dict(result.measure.errors)) == (BOTS, BOTS, {})


async def test_a_page_that_nobody_looks_at_draws_nothing_and_is_right_when_it_is_seen_again(
    open_tab: OpenTab, office: UUID
) -> None:
    ana, bo = await open_tab(), await open_tab()
    me = (await ana.come_as_guest(office, "Ana"))["selfId"]
    await bo.come_as_guest(office, "Bo")
    before = await bo.until("Ana", lambda p: "Ana" in names(p))
    await bo.page.evaluate(SEE, False)
    await ana.walk_until("ArrowDown", "a walk", lambda p: p["self"]["y"] > 985)
    there = own(await ana.still())["y"]
    hidden = await bo.until("news of Ana", lambda p: any(a["id"] == me and a["y"] == there for a in p["newest"]))
    assert remote(hidden, "Ana")["y"] == remote(before, "Ana")["y"]
    await bo.page.evaluate(SEE, True)
    await bo.until("Ana where Ana is", lambda p: names(p) == ["Ana"] and remote(p, "Ana")["y"] == there)


async def test_a_wall_stops_who_walks_into_it(open_tab: OpenTab, office: UUID) -> None:
    tab = await open_tab()
    await tab.come_as_guest(office, "Ana")
    await tab.page.keyboard.down("ArrowDown")
    at_wall = await tab.until("the wall", lambda p: p["self"]["predictedY"] == OFFICE_BOTTOM - HALF_H)
    later = await tab.until("a second at the wall", lambda p: p["tick"] > at_wall["tick"] + 30)
    assert later["self"]["predictedY"] == own(later)["y"] == OFFICE_BOTTOM - HALF_H
    await tab.page.keyboard.up("ArrowDown")
    stopped = await tab.still()
    assert own(stopped)["y"] == OFFICE_BOTTOM - HALF_H
    assert stopped["stats"]["corrections"] == 0


async def test_a_click_leads_round_the_furniture(open_tab: OpenTab, office: UUID) -> None:
    tab = await open_tab()
    await tab.come_as_guest(office, "Ana")
    x, y = BEHIND_THE_COUNTER
    await tab.click_on_map(x, y)
    await tab.until("a walk", lambda p: gait(p["self"]["course"]) == 1)
    stopped = await tab.until("the arrival", lambda p: gait(p["self"]["course"]) == 0 and near(p, x, y))
    assert gait(own(await tab.still())["course"]) == 0
    assert near(stopped, x, y)


def near(probe: Probe, x: float, y: float) -> bool:
    """Whether the own avatar is within a few px of a place."""
    return bool(abs(probe["self"]["predictedX"] - x) < 8 and abs(probe["self"]["predictedY"] - y) < 8)


async def to_the_glass_door(tab: Tab) -> None:
    """From the meeting room's first spawn point to within reach of its glass door."""
    await tab.click_on_map(GLASS_DOOR_LEFT - 40, 480)
    await tab.until("the door", lambda p: near(p, GLASS_DOOR_LEFT - 40, 480))
    stopped = await tab.still()
    assert own(stopped)["x"] < GLASS_DOOR_LEFT - HALF_W


async def test_a_door_holds_back_until_e_opens_it(open_tab: OpenTab, meeting: UUID) -> None:
    tab, witness = await open_tab(), await open_tab()
    assert GLASS_DOOR in (await tab.come_as_guest(meeting, "Ana"))["openDoors"]
    await witness.come_as_guest(meeting, "Bo")
    await to_the_glass_door(tab)
    await tab.page.get_by_role("button", name="Close the door").wait_for()
    for page in (tab, witness):
        await page.page.evaluate(LISTEN)
    await tab.page.keyboard.press("e")
    for page in (tab, witness):
        await page.until("the shut door", lambda p: GLASS_DOOR not in p["openDoors"])
    # Both hear it, and who stands farther away hears less of it.
    loud, faint = [await page.page.evaluate("() => window.__heard") for page in (tab, witness)]
    assert len(loud) == len(faint) == 1
    assert loud[0]["rms"] == faint[0]["rms"] > 0.01
    assert 0.01 < faint[0]["gain"] < loud[0]["gain"] <= 1
    held = await tab.walk_until("d", "the door", lambda p: own(p)["x"] == GLASS_DOOR_LEFT - HALF_W)
    assert own(held)["x"] == GLASS_DOOR_LEFT - HALF_W
    await tab.page.keyboard.press("e")
    for page in (tab, witness):
        await page.until("the open door", lambda p: GLASS_DOOR in p["openDoors"])
    passed = await tab.walk_until("d", "the other side", lambda p: p["self"]["predictedX"] > GLASS_DOOR_RIGHT + HALF_W)
    await witness.until("Ana over there", lambda p: remote(p, "Ana")["x"] == own(passed)["x"])


async def test_e_sits_down_and_walking_stands_up(open_tab: OpenTab, meeting: UUID) -> None:
    tab, witness = await open_tab(), await open_tab()
    await tab.come_as_guest(meeting, "Ana")
    await witness.come_as_guest(meeting, "Bo")
    start = own(await tab.still())
    # In the middle of a walk: one stops for it.
    await tab.page.keyboard.down("ArrowLeft")
    await tab.page.get_by_role("button", name="Sit down").wait_for()
    await tab.page.keyboard.press("e")
    seated = await tab.until("a seat", lambda p: gait(own(p)["course"]) == 3 and gait(p["self"]["course"]) == 3)
    await tab.page.keyboard.up("ArrowLeft")
    assert (own(seated)["x"], own(seated)["y"]) != (start["x"], start["y"])
    await witness.until("Ana seated", lambda p: gait(remote(p, "Ana")["course"]) == 3)
    up = await tab.walk_until("ArrowLeft", "standing up", lambda p: p["self"]["predictedX"] < own(seated)["x"] - 10)
    assert gait(own(up)["course"]) == 0


async def test_a_thumb_on_the_stick_walks(open_tab: OpenTab, office: UUID) -> None:
    tab = await open_tab(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    start = await tab.come_as_guest(office, "Phone")
    stick = tab.page.get_by_role("img", name="Joystick: drag to walk")
    box = await stick.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = await tab.page.context.new_cdp_session(tab.page)

    async def thumb(kind: str, *points: dict[str, float]) -> None:
        await touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    await thumb("touchStart", {"x": x, "y": y})
    await thumb("touchMove", {"x": x + 40, "y": y})
    await tab.until("a walk to the east", lambda p: p["self"]["predictedX"] > start["self"]["predictedX"] + 40)
    await thumb("touchEnd")
    stopped = await tab.still()
    assert own(stopped)["y"] == start["self"]["predictedY"]


async def test_input_to_another_page(open_tab: OpenTab, office: UUID) -> None:
    """How long it takes from a key on one page to the news on another; informative, machines differ."""
    ana, bo = await open_tab(), await open_tab()
    me = (await ana.come_as_guest(office, "Ana"))["selfId"]
    await bo.come_as_guest(office, "Bo")
    await bo.until("Ana", lambda p: "Ana" in names(p))
    taken = []
    for turn in range(12):
        seen = asyncio.create_task(bo.page.evaluate(WAIT_FOR_COURSE, [me, turn % 2 == 0]))
        # Answered after the wait has begun: a page runs what it is sent in order.
        await bo.probe()
        pressed = await ana.page.evaluate(PRESS, [turn % 4 < 2, turn % 2 == 0])
        taken.append(await seen - pressed)
        await (ana.until("a walk", walks) if turn % 2 == 0 else ana.still())
    taken.sort()
    print(f"key to another page's snapshot: median {taken[6]:.0f} ms, longest {taken[-1]:.0f} ms of {len(taken)}")
    assert min(taken) > 0


def walks(probe: Probe) -> bool:
    """Whether the server has the own avatar walking."""
    return gait(own(probe)["course"]) == 1


SEE = """(seen) => {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => !seen })
  document.dispatchEvent(new Event('visibilitychange'))
}"""
PRESS = """([left, down]) => {
  const code = left ? 'ArrowLeft' : 'ArrowRight'
  window.dispatchEvent(new KeyboardEvent(down ? 'keydown' : 'keyup', { code, key: code, bubbles: true }))
  return performance.timeOrigin + performance.now()
}"""
WAIT_FOR_COURSE = """([avatar, walking]) => new Promise((resolve) => {
  const channel = new MessageChannel()
  channel.port1.onmessage = () => {
    const found = window.__hallway.newest.find(({ id }) => id === avatar)
    const walks = found !== undefined && (found.course >> 4 & 3) === 1
    if (walks === walking) resolve(performance.timeOrigin + performance.now())
    else setTimeout(() => channel.port2.postMessage(0), 1)
  }
  channel.port2.postMessage(0)
})"""
