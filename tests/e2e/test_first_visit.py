"""How long it takes a first-time visitor from pressing "enter" on an invitation to standing in the room."""

from __future__ import annotations

import asyncio
from uuid import UUID

import aiohttp
import pytest

from tests.adversity.server_process import ServerProcess
from tests.e2e.conftest import OpenTab

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

GOAL_S = 2.0
"""What the product promises on loopback, in a browser that was never here."""
BUSY_MACHINE = 4
"""Tests share their processors with much else: only what is far above the goal fails. The figure is printed."""

FROM_CLICK_TO_ROOM = """() => new Promise((resolve) => {
  let pressed = null
  addEventListener('click', () => { pressed ??= performance.now() }, true)
  const look = () => {
    const game = pressed === null ? null : window.__hallway
    const inside = game && game.status === 'live' && game.self !== null && game.camera !== null
    if (inside) resolve(performance.now() - pressed)
    else requestAnimationFrame(look)
  }
  look()
})"""


async def invitation(server: ServerProcess, owner: str, room: UUID) -> str:
    url = f"{server.url}/api/rooms/{room}/invites"
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {owner}"}) as http,
        http.post(url, json={"role": "member"}) as answer,
    ):
        assert answer.status == 201
        return str((await answer.json())["token"])


async def test_a_stranger_with_an_invitation_stands_in_the_room_within_seconds(
    open_tab: OpenTab, server: ServerProcess, owner: str, office: UUID
) -> None:
    token = await invitation(server, owner, office)
    took = []
    for number in range(2):
        tab = await open_tab(never_used=True)
        await tab.go(f"/invite/{token}")
        await tab.page.get_by_label("Your name").fill(f"Stranger {number}")
        measuring = asyncio.create_task(tab.page.evaluate(FROM_CLICK_TO_ROOM))
        await asyncio.sleep(0)
        await tab.page.get_by_role("button", name="Enter the room").click()
        took.append(await asyncio.wait_for(measuring, 40) / 1000)
        await tab.inside()
    shown = ", ".join(f"{seconds:.2f} s" for seconds in took)
    print(f"first visits, from pressing enter to standing in the room: {shown} (goal {GOAL_S:.0f} s)")
    assert min(took) < GOAL_S * BUSY_MACHINE
