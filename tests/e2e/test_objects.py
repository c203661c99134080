"""What stands in a room, in the browser: one screen for all, things put up with keys."""

from __future__ import annotations

import io
import re
import secrets
from typing import Any
from uuid import UUID

import pytest
from aiohttp import ClientSession

from benchmarks.bots.api import Api
from tests.adversity.server_process import ServerProcess
from tests.e2e.conftest import OpenTab
from tests.e2e.tab import Tab
from tests.e2e.test_accessibility import in_both_lights

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PATIENCE_MS = 60_000
REGISTER = """async (name) => {
  const body = JSON.stringify({ username: name, email: `${name}@example.com`, password: 'correct horse battery' })
  const headers = { 'Content-Type': 'application/json' }
  const answer = await fetch('/api/auth/register', { method: 'POST', headers, body })
  return (await answer.json()).access_token
}"""
A_SCREEN = """
navigator.mediaDevices.getDisplayMedia = async () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 })
  const pen = canvas.getContext('2d')
  setInterval(() => {
    pen.fillStyle = `hsl(${performance.now() / 20 % 360} 70% 60%)`
    pen.fillRect(0, 0, 640, 360)
  }, 50)
  return canvas.captureStream(20)
}
"""
"""The system's own dialog for choosing a screen is no part of the page."""
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


async def upload(server: ServerProcess, token: str, room: UUID, data: bytes) -> str:
    """A file of a room; its id."""
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{server.url}/api/rooms/{room}/files?name=picture.png"
    async with ClientSession() as http, http.post(url, data=data, headers=headers) as answer:
        assert answer.status == 201, await answer.text()
        return str((await answer.json())["id"])


async def use(tab: Tab, name: str) -> None:
    """Walk up to an object by its name and use it, as somebody would who does not see the map."""
    await tab.page.keyboard.press("b")
    await tab.page.get_by_role("button", name="Walk there and use it").filter(has_text=name).click()


def image() -> bytes:
    """A picture for a wall."""
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (240, 320), (245, 184, 61)).save(file, "PNG")
    return file.getvalue()


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
    _, office = await account_and_room(owns, api)
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


async def account_and_room(tab: Tab, api: Api) -> tuple[str, UUID]:
    """Somebody with an account on this page, and a room of theirs."""
    await tab.go("/login")
    token = await tab.page.evaluate(REGISTER, f"owner{secrets.token_hex(4)}")
    return token, await api.create_room(token, "office", 80)


async def test_axe_finds_nothing_in_the_dialogs_of_objects_nor_in_the_chat(
    open_tab: OpenTab, api: Api, server: ServerProcess
) -> None:
    tab = await open_tab(color_scheme="light", reduced_motion="reduce")
    token, office = await account_and_room(tab, api)
    configs: dict[str, dict[str, Any]] = {
        "note": {"text": "Please wash up."},
        "link": {"url": "https://example.org/"},
        "poster": {"file": await upload(server, token, office, image()), "alt": "A sunny day."},
        "jukebox": {},
        "vending_machine": {},
        "pet": {},
        "screen": {},
        "whiteboard": {},
    }
    for kind, config in configs.items():
        await put_up(server, token, office, kind, name=f"The {kind}", **config)
    await tab.go(f"/rooms/{office}")
    await tab.inside()
    page = tab.page
    found: list[str] = []
    await page.keyboard.press("b")
    found += await in_both_lights(tab, "objects")
    await page.get_by_role("button", name="A few lines for whoever comes by").click()
    await page.get_by_role("dialog").wait_for()
    found += await in_both_lights(tab, "a new note")
    await page.keyboard.press("Escape")
    await page.get_by_role("dialog").wait_for(state="hidden")
    for kind in configs:
        await use(tab, f"The {kind}")
        dialog = page.get_by_role("dialog", name=f"The {kind}")
        await dialog.wait_for()
        if kind == "screen":
            await dialog.get_by_role("button", name="Present", exact=True).click()
            await dialog.get_by_text("What to show").wait_for()
        if kind == "whiteboard":
            await dialog.locator("canvas.interactive").wait_for()
        found += await in_both_lights(tab, kind)
        await dialog.get_by_role("button", name="Close").first.click()
        await dialog.wait_for(state="hidden")
    await page.keyboard.press("c")
    chat = page.get_by_role("complementary", name="Chat")
    for channel in ("Room", "Nearby", "Direct"):
        await chat.get_by_role("radio", name=channel).check(force=True)
        if channel == "Room":
            await chat.locator("textarea").fill("`code` and https://example.org :tada:")
            await page.keyboard.press("Enter")
            await chat.locator("[data-message]").wait_for()
        found += await in_both_lights(tab, f"chat, {channel}")
    assert not found, "\n".join(found)


async def test_a_room_decides_where_screens_are_shared(open_tab: OpenTab, api: Api) -> None:
    owns, ana = await open_tab(), await open_tab()
    _, office = await account_and_room(owns, api)
    await ana.come_as_guest(office, "Ana")
    await ana.page.evaluate(A_SCREEN)
    sharing = ana.page.get_by_role("toolbar").get_by_role("button", name="Stop sharing your screen")
    await ana.page.get_by_role("toolbar").get_by_role("button", name=re.compile("^Share your screen")).click()
    await sharing.wait_for()
    await owns.go(f"/rooms/{office}/settings/screens")
    # It ends where it is not allowed any more, and cannot be begun again.
    await owns.page.get_by_role("switch", name="Share screens with people nearby").click()
    await owns.page.get_by_role("button", name="Save").first.click()
    await ana.page.get_by_text("Screens are not shared here.").wait_for()
    await sharing.wait_for(state="hidden")
    await ana.page.get_by_role("toolbar").get_by_role("button", name=re.compile("^Share your screen")).click()
    await ana.page.get_by_text("Screens are not shared here.").wait_for()
    await sharing.wait_for(state="hidden")
    await owns.page.get_by_text("This server allows no pages of other sites.").wait_for()
