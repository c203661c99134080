"""Leaving, a shut laptop, lost Wi-Fi: within ten seconds the others see it, and nobody's ghost remains."""

from __future__ import annotations

import asyncio
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from random import Random
from typing import Any
from uuid import UUID

import psutil
import pytest
from playwright.async_api import Browser, Locator, async_playwright

from tests.adversity.proxy import Proxy
from tests.adversity.server_process import ServerProcess
from tests.e2e.media_network import Weather, only_by, udp_way
from tests.e2e.media_people import DEVICES, FLAGS, Company, MakeRoom, Speaker, company
from tests.e2e.tab import Tab, names

pytest_plugins = ["tests.e2e.media_fixtures"]

SEEN_S = 10.0
GONE_S = 40.0
"""Until the avatar is away for good: noticed, then kept for a while (`resume_s`) in case they come back."""

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]


async def within(seconds: float, what: str, holds: Callable[[], Any]) -> float:
    """Ask until it is so; how long it took, s."""
    began = time.monotonic()
    while not await holds():
        assert time.monotonic() - began < seconds, f"{what}: not within {seconds:.0f} s"
        await asyncio.sleep(0.05)
    return time.monotonic() - began


def tiles(ana: Speaker) -> Locator:
    """The pictures of those one talks with."""
    return ana.tab.page.get_by_role("list", name="People you are talking with")


async def sees_the_loss(ana: Speaker) -> bool:
    """The picture of the other one says that they are not there now."""
    return (
        await ana.tab.page.get_by_role("list", name="People you are talking with")
        .get_by_text("Connection lost")
        .count()
        > 0
    )


async def sees_nobody(ana: Speaker) -> bool:
    """Neither an avatar nor a picture nor a connection of anybody else is left."""
    probe = await ana.tab.probe()
    shown = await tiles(ana).get_by_role("listitem").count()
    return probe is not None and names(probe) == [] and shown == 0 and (await ana.media())["peers"] == []


@asynccontextmanager
async def laptop(chromium: str | None, url: str, room: UUID) -> AsyncIterator[tuple[Tab, list[psutil.Process]]]:
    """Somebody with a browser of their own, in the room with the microphone on, and its processes."""
    with tempfile.TemporaryDirectory() as profile:
        async with async_playwright() as playwright:
            context = await playwright.chromium.launch_persistent_context(
                profile, executable_path=chromium, args=FLAGS, viewport={"width": 800, "height": 600}
            )
            await context.add_init_script(DEVICES.replace("PITCH", "797").replace("LOUDNESS", "0.35"))
            tab = Tab(context.pages[0], url)
            await tab.come_as_guest(room, "Bo")
            await tab.page.keyboard.press("m")
            [main] = [
                process
                for process in psutil.process_iter(["cmdline"])
                if profile in " ".join(process.info["cmdline"] or [])
                and "--type=" not in " ".join(process.info["cmdline"])
            ][:1]
            processes = [main, *main.children(recursive=True)]
            try:
                yield tab, processes
            finally:
                for process in processes:
                    if process.is_running():
                        process.send_signal(signal.SIGCONT)
                await context.close()


async def test_whoever_leaves_loses_the_network_or_shuts_the_laptop_is_seen_gone_and_leaves_no_ghost(
    devices: Browser,
    crossing: ServerProcess,
    make_room: MakeRoom,
    chromium_executable: str | None,
    random_source: Random,
) -> None:
    rooms = [(await make_room(crossing, "office"))[0] for _ in range(3)]
    # Each mostly waits, for the server to notice and to give up hope: side by side, in rooms of their own.
    async with company(devices, crossing.url) as people, asyncio.TaskGroup() as group:
        group.create_task(a_page_is_closed(people, rooms[0]))
        group.create_task(a_laptop_is_shut(people, crossing, rooms[1], chromium_executable))
        group.create_task(the_wifi_is_lost(devices, people, crossing, rooms[2], random_source))


async def a_page_is_closed(people: Company, room: UUID) -> None:
    """Silent at once, and soon gone."""
    ana, bo = await people.together(room, "Ana", "Bo")
    for speaker in (ana, bo):
        await speaker.toggle_microphone()
    await ana.hears(1)
    await bo.tab.page.close()

    async def is_silent() -> bool:
        return all(peer["heard"] < 1e-3 for peer in await ana.peers())

    silent = await within(2, "silence", is_silent)
    gone = await within(GONE_S, "the end", lambda: sees_nobody(ana))
    print(f"page closed: silent after {silent:.1f} s, gone after {silent + gone:.1f} s")


async def a_laptop_is_shut(people: Company, server: ServerProcess, room: UUID, chromium: str | None) -> None:
    """Seen within ten seconds; opened again, it comes back without a ghost."""
    ana = await people.speaker("Ana", room)
    await ana.toggle_microphone()
    async with laptop(chromium, server.url, room) as (tab, processes):
        await ana.hears(1)
        for process in processes:
            process.send_signal(signal.SIGSTOP)
        seen = await within(SEEN_S, "the loss", lambda: sees_the_loss(ana))
        gone = await within(GONE_S, "the end", lambda: sees_nobody(ana))
        print(f"laptop shut: seen after {seen:.1f} s, gone after {seen + gone:.1f} s")
        for process in processes:
            process.send_signal(signal.SIGCONT)
        tab.may_be_away = True
        await ana.tab.until("them to be back, once", lambda probe: names(probe) == ["Bo"])
        await ana.hears(1, 30)


async def the_wifi_is_lost(
    devices: Browser, people: Company, server: ServerProcess, room: UUID, random_source: Random
) -> None:
    """Seen within ten seconds; sound comes back with it."""
    proxy = Proxy(server.address)
    await proxy.start()
    weather = Weather()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(proxy.stop)
        way = await stack.enter_async_context(udp_way(weather, random_source))
        far = await stack.enter_async_context(company(devices, proxy.url))
        ana = await people.speaker("Ana", room, script=only_by(way.ends[0]))
        bo = await far.speaker("Bo", room, script=only_by(way.ends[1]))
        bo.tab.may_be_away = True
        for speaker in (ana, bo):
            await speaker.toggle_microphone()
        for speaker in (ana, bo):
            await speaker.hears(1)
        proxy.hold()
        weather.silent = True
        seen = await within(SEEN_S, "the loss", lambda: sees_the_loss(ana))
        print(f"Wi-Fi lost: seen after {seen:.1f} s")
        weather.silent = False
        proxy.restore()
        for speaker in (ana, bo):
            await speaker.hears(1, 40)
        probe = await ana.tab.probe()
        assert probe is not None
        assert names(probe) == ["Bo"]
