"""One whiteboard in two pages: both draw, both see, and who loses the network loses no stroke."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Locator, expect

from tests.adversity.proxy import proxied
from tests.adversity.server_process import ServerProcess
from tests.e2e.conftest import OpenTab
from tests.e2e.tab import PATIENCE_S, Tab
from tests.e2e.test_objects import put_up, use

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PATIENCE_MS = PATIENCE_S * 1000
PAINTED = """([x, y]) => {
  const canvas = document.querySelector('canvas.interactive')
  const box = canvas.getBoundingClientRect()
  const scale = canvas.width / box.width
  const area = [(x - box.x) * scale, (y - box.y) * scale, 60 * scale, 40 * scale]
  const { data } = canvas.getContext("2d").getImageData(...area)
  return data.some((value, at) => at % 4 === 3 && value > 0)
}"""
"""Whether something is shown over the drawing in the 60 x 40 px to the right and below of a place."""


DRAWN = """([x, y]) => {
  const canvas = document.querySelector('canvas.static')
  const box = canvas.getBoundingClientRect()
  const scale = canvas.width / box.width
  const area = [(x - 4 - box.x) * scale, (y - 4 - box.y) * scale, 8 * scale, 8 * scale]
  const { data } = canvas.getContext("2d").getImageData(...area)
  return data.some((value, at) => at % 4 === 0 && value < 100)
}"""
"""Whether something dark is drawn within 4 px of a place."""


def board(tab: Tab) -> Locator:
    return tab.page.get_by_role("dialog", name="Plan")


async def draw(tab: Tab, x: int, y: int) -> None:
    """A line by hand, 120 px wide."""
    page = tab.page
    await board(tab).get_by_title(re.compile("^Draw — ")).click()
    await page.mouse.move(x, y)
    await page.mouse.down()
    for step in range(1, 7):
        await page.mouse.move(x + 20 * step, y + 10 * (step % 2))
    await page.mouse.up()


async def is_safe(tab: Tab) -> None:
    await expect(board(tab).get_by_role("status").filter(has_text=re.compile("^Saved$"))).to_be_visible(
        timeout=PATIENCE_MS
    )


async def strokes(tab: Tab) -> list[str]:
    """The outlines of the lines in the page's picture of the board."""
    async with tab.page.expect_download() as saving:
        await board(tab).get_by_role("button", name="Save as SVG").click()
    svg = Path(await (await saving.value).path()).read_text()
    return sorted(re.findall(r'<g transform[^>]*><path [^>]*d="([^"]+)"', svg))


async def shows(tab: Tab, count: int) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while len(await strokes(tab)) != count:
            await asyncio.sleep(0.1)


async def test_two_people_draw_on_one_board(open_tab: OpenTab, server: ServerProcess, owner: str, office: UUID) -> None:
    await put_up(server, owner, office, "whiteboard", name="Plan")
    async with proxied(server.address) as proxy:
        ana, bo = await open_tab(), await open_tab(proxy.url)
        bo.may_be_away = True
        await ana.come_as_guest(office, "Ana")
        await bo.come_as_guest(office, "Bo")
        for tab in (ana, bo):
            await use(tab, "Plan")
        await board(ana).get_by_role("img", name="Here now: Bo").wait_for()
        await board(bo).get_by_role("img", name="Here now: Ana").wait_for()
        await board(bo).locator("canvas.interactive").wait_for()
        await board(ana).locator("canvas.interactive").wait_for()
        await asyncio.gather(draw(ana, 300, 300), draw(bo, 300, 450))
        for tab in (ana, bo):
            await is_safe(tab)
            await shows(tab, 2)
        # Everybody sees lines up to where the pen was lifted.
        for tab in (ana, bo):
            for end in ([420, 300], [420, 450]):
                assert await tab.page.evaluate(DRAWN, end), end
        # Bo's cursor is where Bo drew.
        assert await ana.page.evaluate(PAINTED, [415, 445])
        proxy.cut()
        await expect(board(bo).get_by_text("Connecting again")).to_be_visible(timeout=PATIENCE_MS)
        await draw(bo, 550, 300)
        await draw(ana, 550, 450)
        await shows(bo, 3)
        await is_safe(ana)
        proxy.restore()
        await is_safe(bo)
        for tab in (ana, bo):
            await shows(tab, 4)
        assert await strokes(ana) == await strokes(bo)
        async with ana.page.expect_download() as saving:
            await board(ana).get_by_role("button", name="Save as PNG").click()
        picture = await saving.value
        assert picture.suggested_filename == "Plan.png"
        assert Path(await picture.path()).read_bytes().startswith(b"\x89PNG")
