"""Where pictures are taken: a server with people on it, pages of one size, and a shutter."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from aiohttp import ClientSession
from playwright.async_api import Browser, Locator, Page

from tests.adversity.server_process import ServerProcess
from tests.adversity.visitor import Guests, PatientApi, Plan
from tests.e2e.media_sources import PICTURE
from tests.e2e.tab import PASSWORD, Tab

THEMES = ("light", "dark")
STEP_MS = 12_000
"""A scene that hangs is given up, the others are taken."""
SETTINGS = """
if (localStorage.getItem('hallway.settings') === null)
  localStorage.setItem('hallway.settings',
    JSON.stringify({ helpSeen: %s, renderer: '%s', detail: '%s', daylight: '%s', minimap: %s }))
"""
SETTLED = """
async () => {
  await document.fonts.ready
  // Until the new colours are on their way there is nothing to wait for.
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame)
  const ending = document.getAnimations().filter(({ effect }) => effect.getComputedTiming().iterations !== Infinity)
  const ended = Promise.all(ending.map(({ finished }) => finished.catch(() => null)))
  await Promise.race([ended, new Promise((go) => setTimeout(go, 1500))])
}
"""
A_DOCUMENT = """
navigator.mediaDevices.getDisplayMedia = async () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 })
  const pen = canvas.getContext('2d')
  setInterval(() => {
    pen.fillStyle = '#fff'
    pen.fillRect(0, 0, 1280, 720)
    pen.fillStyle = '#17594a'
    pen.fillRect(0, 0, 1280, 14)
    pen.font = 'bold 64px sans-serif'
    pen.fillText('Third quarter', 90, 150)
    pen.font = '30px sans-serif'
    pen.fillStyle = '#46544e'
    for (const [at, line] of ['Two offices became one', 'Support answers within the hour', 'What we do next'].entries())
      pen.fillText(`\\u2022  ${line}`, 90, 240 + at * 60)
    for (const [at, height] of [120, 160, 150, 230, 280].entries()) {
      pen.fillStyle = at === 4 ? '#f5b83d' : '#17594a'
      pen.fillRect(760 + at * 84, 620 - height, 56, height)
    }
  }, 100)
  return canvas.captureStream(10)
}
"""
"""The system's own dialog for choosing a screen is no part of the page."""


@dataclass(frozen=True)
class Size:
    """One kind of screen."""

    name: str
    width: int
    height: int
    touch: bool


SIZES = (Size("desktop", 1440, 900, False), Size("phone", 390, 844, True))


class Studio:
    """Takes pictures of pages of one size."""

    def __init__(
        self, browser: Browser, server: ServerProcess, api: PatientApi, to: Path, size: Size, renderer: str
    ) -> None:
        """`to`: folder of the pictures. `renderer`: what draws rooms, `canvas` or `webgl`."""
        self.server, self.api, self.size = server, api, size
        self._browser, self._to, self._renderer = browser, to, renderer
        self._tabs: list[Tab] = []
        self._visitors: list[Guests] = []
        self.taken: list[str] = []

    # --- pages and people -------------------------------------------------------------------------------------------

    async def open(
        self,
        *,
        seen_tour: bool = True,
        daylight: str = "day",
        detail: str = "saver",
        minimap: bool = True,
        scale: float = 1,
        script: str = "",
    ) -> Tab:
        """A page of somebody new. `detail`: without `full` there is no light in the room; `scale`: pixels a px."""
        person = await self._browser.new_context(
            viewport={"width": self.size.width, "height": self.size.height},
            device_scale_factor=scale,
            has_touch=self.size.touch,
            is_mobile=self.size.touch,
            color_scheme="light",
        )
        person.set_default_timeout(STEP_MS)
        settings = (str(seen_tour).lower(), self._renderer, detail, daylight, str(minimap).lower())
        await person.add_init_script(SETTINGS % settings)
        await person.add_init_script(PICTURE + A_DOCUMENT + script)
        self._tabs.append(Tab(await person.new_page(), self.server.url))
        return self._tabs[-1]

    async def close(self) -> None:
        """Everybody of the scene goes."""
        for visitors in self._visitors:
            visitors.go()
        for tab in self._tabs:
            await tab.page.context.close()
        self._tabs.clear()
        self._visitors.clear()

    async def account(self, name: str) -> tuple[Tab, str]:
        """A page of somebody with a new account, and their access token."""
        tab = await self.open()
        body = {"username": name, "email": f"{name.lower()}-{uuid4().hex[:6]}@example.com", "password": PASSWORD}
        answer = await tab.page.context.request.post(f"{self.server.url}/api/auth/register", data=body)
        if not answer.ok:
            body["username"] = f"{name} {uuid4().hex[:3]}"
            answer = await tab.page.context.request.post(f"{self.server.url}/api/auth/register", data=body)
        assert answer.ok, await answer.text()
        return tab, str((await answer.json())["access_token"])

    async def room(self, token: str, name: str, template: str = "office", **fields: Any) -> UUID:
        """A new room."""
        body = {"name": name, "template": template, **fields}
        return UUID((await self.call("POST", "/api/rooms", token, body))["id"])

    async def call(self, method: str, path: str, token: str, body: Any = None) -> dict[str, Any]:
        """A request to the API."""
        return await self.api._call(method, path, token=token, json=body)

    async def upload(self, token: str, room: UUID, name: str, data: bytes) -> str:
        """A file in a room; its id."""
        url = f"{self.server.url}/api/rooms/{room}/files?name={name}"
        headers = {"Authorization": f"Bearer {token}"}
        async with ClientSession(headers=headers) as http, http.post(url, data=data) as answer:
            assert answer.status == 201, await answer.text()
            return str((await answer.json())["id"])

    async def company(self, room: UUID, *names: str) -> Guests:
        """People who just stand there, without browsers."""
        plan = Plan(await self.api.room_map(room, await self.api.guest("Reader")))
        guests = Guests(self.api, room, plan)
        self._visitors.append(guests)
        for name in names:
            await guests.known(await self.api.guest(name)).come()
        return guests

    async def enter(self, room: UUID, name: str, **options: Any) -> Tab:
        """Somebody new, inside."""
        tab = await self.open(**options)
        await tab.come_as_guest(room, name)
        return tab

    # --- the shutter ------------------------------------------------------------------------------------------------

    async def take(self, page: Page, name: str, *, frames: bool = False, key: str = "") -> None:
        """The page as it is, by day and by night. `frames`: it shows a room, which needs a moment to be drawn; `key`:
        pressed right before, for what is over soon."""
        for theme in THEMES:
            await page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            await page.evaluate(SETTLED)
            if frames:
                await page.wait_for_timeout(350)
            if key:
                await page.keyboard.press(key)
                await page.wait_for_timeout(300)
            folder = self._to / f"{self.size.name}-{theme}"
            folder.mkdir(parents=True, exist_ok=True)
            # What passes would be over at once where motion is cut short.
            await page.screenshot(path=folder / f"{name}.png", animations="allow" if key else "disabled")
        await page.emulate_media(color_scheme="light")
        self.taken.append(name)

    async def tool(self, page: Page, name: str) -> None:
        """Press a tool of the room, where necessary behind "More"."""
        button = page.get_by_role("toolbar").get_by_role("button", name=name).first
        if not await button.is_visible():
            await page.get_by_role("button", name="More", exact=True).click()
            button = page.get_by_role("dialog", name="More").get_by_role("button", name=name).first
        await button.click()


Scene = Callable[[Studio], Awaitable[None]]


def status(tab: Tab, words: str) -> Locator:
    """A sign that says something."""
    return tab.page.get_by_role("status").filter(has_text=words).first


async def escape(page: Page) -> None:
    """Shut what is open."""
    await page.keyboard.press("Escape")
    await page.wait_for_timeout(150)


async def go_to(tab: Tab, place: str) -> None:
    """Find a place in the list of places and be walked there; shuts the list again."""
    page = tab.page
    panel = page.get_by_role("complementary", name="Places")
    if not await panel.is_visible():
        await page.keyboard.press("l")
    await panel.get_by_role("button", name=f"Go to {place}", exact=True).click()
    await page.keyboard.press("l")


async def use(tab: Tab, name: str) -> None:
    """Find a thing in the list of what stands in the room, walk there and use it."""
    page = tab.page
    panel = page.get_by_role("complementary", name="Objects")
    if not await panel.is_visible():
        await page.keyboard.press("b")
    await panel.get_by_role("button", name="Walk there and use it").filter(has_text=name).click()
