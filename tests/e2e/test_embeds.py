"""A page of another site on a presentation screen: shown to all around it, kept apart, and only where it is allowed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from playwright.async_api import expect

from benchmarks.bots.api import Api
from tests.adversity.server_process import running_server
from tests.adversity.visitor import new_account
from tests.e2e.conftest import OpenTab
from tests.e2e.test_objects import put_up, use

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NOSY = """<!doctype html><title>Board</title><p>Numbers of the week</p><output></output><script>
const found = []
try { parent.document.title; found.push('reads the room') } catch { found.push('kept out') }
try { top.location = '/taken'; found.push('leads away') } catch { found.push('stays') }
document.querySelector('output').textContent = found.join(', ')
</script>"""
"""A page that tries what embedded pages must not do."""


@asynccontextmanager
async def site(page: str) -> AsyncIterator[str]:
    """Another site with one page; its origin."""
    app = web.Application()

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=page, content_type="text/html")

    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", 0)
    await listener.start()
    try:
        yield f"http://localhost:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_a_page_of_an_allowed_site_is_shown_to_all_and_kept_apart_and_another_is_refused(
    open_tab: OpenTab,
) -> None:
    async with site(NOSY) as origin, site("no") as elsewhere:
        with running_server(EMBED_ORIGINS=origin) as server:
            owner = await new_account(server.url)
            async with Api(server.url) as api:
                room = await api.create_room(owner, "office", 10)
            await put_up(server, owner, room, "screen", name="Wall")
            ana, bo = await open_tab(server.url), await open_tab(server.url)
            await ana.come_as_guest(room, "Ana")
            await bo.come_as_guest(room, "Bo")
            await use(ana, "Wall")
            dialog = ana.page.get_by_role("dialog", name="Wall")
            await dialog.get_by_role("button", name="Present", exact=True).click()
            address = dialog.get_by_label("Address of the page")
            await address.fill(f"{elsewhere}/notes")
            await dialog.get_by_role("button", name="Show the page").click()
            await ana.page.get_by_text("Pages from there may not be shown in this room.").first.wait_for()
            if not await dialog.is_visible():
                await use(ana, "Wall")
            await address.fill(f"{origin}/numbers")
            await dialog.get_by_role("button", name="Show the page").click()
            for tab in (ana, bo):
                # The browser says on the console that it kept the page from leading away.
                tab.expect_text("Unsafe attempt to initiate navigation")
                frame = tab.page.frame_locator("[data-screen=page] iframe")
                await expect(frame.get_by_text("Numbers of the week")).to_be_visible(timeout=20_000)
                await expect(frame.locator("output")).to_contain_text("kept out")
                assert tab.page.url == f"{server.url}/rooms/{room}"
            sandbox = await bo.page.locator("[data-screen=page] iframe").get_attribute("sandbox")
            assert sandbox is not None
            assert "allow-top-navigation" not in sandbox
            # What is not allowed the browser would not load either.
            policy = (await bo.page.request.get(server.url)).headers["content-security-policy"]
            assert f"frame-src {origin};" in policy + ";"
            assert elsewhere not in policy
