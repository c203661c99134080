"""One browser page as tests use it: what the game says of itself, and what went wrong on the page."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from typing import Any, TypeVar

from playwright.async_api import ConsoleMessage, Error, Page

T = TypeVar("T")
Probe = dict[str, Any]

PATIENCE_S = 40.0
PASSWORD = "correct horse battery"
POLL_S = 0.03
STEADY = 4
"""Looks that have to find the camera where it was."""
CALM_POLL_S = 0.06
"""After a second: each question costs the page and both ends of its line some of a processor that they wait for."""
ALLOWED = (
    # Whether there is a session is asked with the cookie, and a stranger has none.
    re.compile(r"status of 401 .*/api/auth/refresh"),
    # Said by the browser where the machine has no sound at all, or is too busy for it.
    re.compile(r"The AudioContext encountered an error"),
)
WHILE_AWAY = (
    re.compile(r"WebSocket connection to .* failed"),
    re.compile(r"net::ERR_(CONNECTION|EMPTY_RESPONSE|NETWORK|INTERNET|SOCKET)"),
    re.compile(r"status of 50[23]"),
)
"""What a browser itself says when a server or a network is gone."""


def next_poll_s(waited_s: float) -> float:
    """How long to wait until a page is asked again that has been asked for `waited_s`, s."""
    return POLL_S if waited_s < 1.0 else CALM_POLL_S


class Tab:
    """A page. `window.__hallway` is the client's probe for tests."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.may_be_away = False
        """Whether this test takes the server or the network away."""
        self._access_token = ""
        self._expected: list[re.Pattern[str]] = []
        self._problems: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", self._note_error)

    def expect_status(self, status: int, path: str) -> None:
        """The browser will complain about this answer, rightly so."""
        self._expected.append(re.compile(f"status of {status} .*{re.escape(path)}"))

    def expect_text(self, text: str) -> None:
        """The console will say this, and it is no mistake."""
        self._expected.append(re.compile(re.escape(text)))

    def problems(self) -> list[str]:
        """Console errors and page errors that nobody expects."""
        allowed = [*ALLOWED, *self._expected, *(WHILE_AWAY if self.may_be_away else ())]
        return [text for text in self._problems if not any(pattern.search(text) for pattern in allowed)]

    def look_away(self) -> None:
        """What is said on the page from now on is not this person's business."""
        self.page.remove_listener("console", self._note)
        self.page.remove_listener("pageerror", self._note_error)

    def _note_error(self, error: Error) -> None:
        self._problems.append(f"page error: {error}")

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._problems.append(f"{message.text} at {message.location.get('url', '')}")

    # --- coming in --------------------------------------------------------------------------------------------------

    async def go(self, path: str) -> None:
        """Open a page of the server."""
        await self.page.goto(self.url + path)

    async def come_as_guest(self, room: object, name: str) -> Probe:
        """Follow a room's link as somebody new."""
        await self.go(f"/rooms/{room}")
        await self.page.get_by_label("Your name").fill(name)
        await self.page.get_by_role("button", name="Enter the room").click()
        return await self.inside()

    async def sign_up(self, name: str, password: str = PASSWORD) -> None:
        """Have a new account, with this page logged in to it, and be in the list of rooms."""
        body = {"username": name, "email": f"{name.lower()}@example.com", "password": password}
        # The page's own cookies: this is what its form would send.
        answer = await self.page.context.request.post(f"{self.url}/api/auth/register", data=body)
        assert answer.ok, await answer.text()
        self._access_token = (await answer.json())["access_token"]
        await self.go("/rooms")
        await self.page.get_by_role("button", name="New room").first.wait_for()

    async def open_room(self, **fields: object) -> str:
        """Open a room in the name of the account that this page signed up, and walk in; the room's path."""
        body = {"name": "Room", "template": "office", **fields}
        headers = {"Authorization": f"Bearer {self._access_token}"}
        answer = await self.page.context.request.post(f"{self.url}/api/rooms", data=body, headers=headers)
        assert answer.ok, await answer.text()
        path = f"/rooms/{(await answer.json())['id']}"
        await self.go(path)
        await self.inside()
        return path

    async def register(self, name: str, password: str = PASSWORD) -> None:
        """Make an account on the log-in page; ends in the list of rooms."""
        await self.go("/login")
        await self.page.get_by_text("Register", exact=True).click()
        await self.page.get_by_label("Name", exact=True).fill(name)
        await self.page.get_by_label("E-mail").fill(f"{name.lower()}@example.com")
        await self.page.get_by_label("Password", exact=True).fill(password)
        await self.page.get_by_role("button", name="Create my account").click()
        await self.page.get_by_role("button", name="New room").wait_for()

    async def inside(self) -> Probe:
        """Wait until this page is in a room and drawn."""
        return await self.until(
            "being in the room", lambda p: p["status"] == "live" and p["self"] is not None and p["camera"] is not None
        )

    # --- knowing ----------------------------------------------------------------------------------------------------

    async def probe(self) -> Probe | None:
        """What the game says now; None: there is no game on this page."""
        found: Probe | None = await self.page.evaluate("() => window.__hallway ?? null")
        return found

    async def until(self, what: str, holds: Callable[[Probe], object]) -> Probe:
        """Ask the probe until `holds` is true; return that probe."""
        probe: Probe | None = None
        began = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE_S):
                while (probe := await self.probe()) is None or not holds(probe):
                    await asyncio.sleep(next_poll_s(time.monotonic() - began))
                return probe
        except TimeoutError:
            raise AssertionError(f"waited {PATIENCE_S:.0f} s for {what}; the page says {probe}") from None

    async def still(self) -> Probe:
        """Wait until the own avatar stands, on the server too, and is drawn where it stands."""
        return await self.until("a stop", is_still)

    # --- walking ----------------------------------------------------------------------------------------------------

    async def walk_until(self, key: str, what: str, holds: Callable[[Probe], object]) -> Probe:
        """Hold a key until something is so, then stand."""
        await self.page.keyboard.down(key)
        try:
            await self.until(what, holds)
        finally:
            await self.page.keyboard.up(key)
        return await self.still()

    async def steady_camera(self) -> dict[str, float]:
        """Where the camera looks, once it moves no more: on the way in it glides, and finds its zoom."""
        seen: list[dict[str, float]] = []
        async with asyncio.timeout(PATIENCE_S):
            while True:
                seen.append((await self.inside())["camera"])
                if len(seen) >= STEADY and all(_is_near(camera, seen[-1]) for camera in seen[-STEADY:]):
                    return seen[-1]
                await asyncio.sleep(POLL_S)

    async def click_on_map(self, x: float, y: float) -> None:
        """Click where a place of the map (px) is drawn."""
        camera = await self.steady_camera()
        mouse = self.page.mouse
        await mouse.move((x - camera["left"]) * camera["zoom"], (y - camera["top"]) * camera["zoom"])
        # At once, as a hand does: a button that is let go only when a busy page has answered was held, and what is held
        # for half a second is no click.
        await asyncio.gather(mouse.down(), mouse.up())


def _is_near(camera: dict[str, float], other: dict[str, float]) -> bool:
    """Whether both show every place at the same px, nearly."""
    return all(abs(camera[part] - other[part]) < most for part, most in (("left", 0.5), ("top", 0.5), ("zoom", 0.002)))


def gait(course: int) -> int:
    """0 stand, 1 walk, 2 run, 3 sit."""
    return course >> 4 & 3


def own(probe: Probe) -> dict[str, Any]:
    """The own avatar in the newest snapshot."""
    return next(
        (avatar for avatar in probe["newest"] if avatar["id"] == probe["selfId"]), {"x": -1, "y": -1, "course": 0}
    )


def is_still(probe: Probe) -> bool:
    """Whether server, prediction and picture agree on where the avatar stands or sits."""
    me, server = probe["self"], own(probe)
    return bool(
        gait(me["course"]) in (0, 3)
        and gait(server["course"]) in (0, 3)
        and (me["predictedX"], me["predictedY"]) == (server["x"], server["y"])
        and abs(me["x"] - server["x"]) < 0.5
        and abs(me["y"] - server["y"]) < 0.5
    )


def remote(probe: Probe, name: str) -> dict[str, Any]:
    """Somebody else as drawn, by name. KeyError: not drawn, or more than once."""
    found: list[dict[str, Any]] = [avatar for avatar in probe["remotes"] if avatar["name"] == name]
    if len(found) != 1:
        raise KeyError(f"{name} is drawn {len(found)} times")
    return found[0]


def names(probe: Probe) -> list[str]:
    """Everybody else who is drawn, sorted, doubles included."""
    return sorted(avatar["name"] for avatar in probe["remotes"])
