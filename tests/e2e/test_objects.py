"""What stands in a room, in the browser: one screen for all, things put up with keys."""

from __future__ import annotations

import io
import secrets
from typing import Any
from uuid import UUID

import pytest
from aiohttp import ClientSession

from benchmarks.bots.api import Api
from tests.adversity.server_process import ServerProcess
from tests.e2e.conftest import OpenTab
from tests.e2e.tab import Tab

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PATIENCE_MS = 60_000
REGISTER = """async (name) => {
  const body = JSON.stringify({ username: name, email: `${name}@example.com`, password: 'correct horse battery' })
  const headers = { 'Content-Type': 'application/json' }
  const answer = await fetch('/api/auth/register', { method: 'POST', headers, body })
  return (await answer.json()).access_token
}"""
BEFORE_THE_GUEST = (640, 944)
"""Within reach of the office's first spawn point, px."""


async def put_up(server: ServerProcess, token: str, room: UUID, kind: str, **config: Any) -> str:
    """An object near the entrance of an office; its id."""
    x, y = BEFORE_THE_GUEST
    body = {"type": kind, "x": x, "y": y, "config": config}
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        ClientSession() as http,
        http.post(f"{server.url}/api/rooms/{room}/objects", json=body, headers=headers) as answer,
    ):
        assert answer.status == 201, await answer.text()
        return str((await answer.json())["id"])


async def use(tab: Tab, name: str) -> None:
    """Walk up to an object by its name and use it, as somebody would who does not see the map."""
    await tab.page.keyboard.press("b")
    await tab.page.get_by_role("button", name=f"{name}: Walk there and use it").click()


def pdf(pages: int) -> bytes:
    """A PDF with a page for each number."""
    from PIL import Image

    sheets = [Image.new("RGB", (320, 180), (40 * page, 90, 160)) for page in range(1, pages + 1)]
    file = io.BytesIO()
    sheets[0].save(file, "PDF", save_all=True, append_images=sheets[1:])
    return file.getvalue()


async def test_a_screen_turns_its_pages_for_everybody(
    open_tab: OpenTab, server: ServerProcess, owner: str, office: UUID
) -> None:
    await put_up(server, owner, office, "screen", name="Wall")
    ana, bo = await open_tab(), await open_tab()
    await ana.come_as_guest(office, "Ana")
    await bo.come_as_guest(office, "Bo")
    await use(ana, "Wall")
    await ana.page.get_by_role("button", name="Present", exact=True).click()
    await ana.page.locator("input[type=file]").set_input_files(
        {"name": "slides.pdf", "mimeType": "application/pdf", "buffer": pdf(3)}
    )
    for tab in (ana, bo):
        await tab.page.locator("canvas[data-page='1']").wait_for(timeout=PATIENCE_MS)
    await ana.page.get_by_role("button", name="Next page").click()
    for tab in (ana, bo):
        await tab.page.locator("canvas[data-page='2']").wait_for(timeout=PATIENCE_MS)
    assert await bo.page.get_by_role("button", name="Next page").count() == 0


async def test_a_note_is_put_up_with_keys_and_read_by_others(
    open_tab: OpenTab, api: Api, server: ServerProcess
) -> None:
    owns, ana = await open_tab(), await open_tab()
    await owns.go("/login")
    token = await owns.page.evaluate(REGISTER, f"owner{secrets.token_hex(4)}")
    office = await api.create_room(token, "office", 80)
    await owns.go(f"/rooms/{office}")
    await owns.inside()
    await ana.come_as_guest(office, "Ana")
    keys = owns.page.keyboard
    await keys.press("b")
    await owns.page.get_by_role("button", name="A few lines for whoever comes by").press("Enter")
    await owns.page.get_by_label("Name", exact=True).fill("Kitchen")
    await owns.page.get_by_label("Text").fill("Please wash up.")
    await owns.page.get_by_role("button", name="Choose a place").press("Enter")
    place = owns.page.get_by_role("application", name="Choose a place for Kitchen")
    await place.wait_for()
    before = await place.get_attribute("data-placing")
    await keys.press("Shift+ArrowLeft")
    await keys.press("ArrowDown")
    assert await place.get_attribute("data-placing") != before
    await keys.press("Enter")
    await owns.page.get_by_text("Kitchen stands there now.").wait_for()
    await use(ana, "Kitchen")
    await ana.page.get_by_text("Please wash up.").wait_for()
    assert await ana.page.get_by_role("button", name="Write").count() == 0
