"""Logging in with another provider, in a real browser, against a provider that runs beside the office."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.adversity.server_process import ServerProcess, running_server
from tests.e2e.conftest import OpenTab
from tests.server.api.oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider, running_provider

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PER_MINUTE = 8
PASSWORD = "correct horse battery"


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def provider() -> AsyncIterator[Provider]:
    async with running_provider() as provider:
        yield provider


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def town(provider: Provider) -> AsyncIterator[ServerProcess]:
    settings = {
        "OIDC_ISSUER": provider.url,
        "OIDC_CLIENT_ID": CLIENT_ID,
        "OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "OIDC_LABEL": "Example",
        "PROVIDER_LOG_INS_ADDRESS_PER_MINUTE": PER_MINUTE,
        "UNLIMITED_ADDRESSES": "none",
    }
    with running_server(**settings) as server:
        yield server
        assert server.errors() == []


def somebody(provider: Provider, name: str) -> dict[str, Any]:
    """Who logs in at the provider from now on."""
    email = f"{name.lower()}@example.org"
    provider.person = {"sub": uuid4().hex, "email": email, "email_verified": True, "preferred_username": name}
    return provider.person


async def press_the_button(page: Page) -> None:
    await page.get_by_text("Log in", exact=True).first.click()
    await page.get_by_role("link", name="Continue with Example").click()


async def test_people_log_in_link_their_accounts_and_read_what_went_wrong(
    open_tab: OpenTab, town: ServerProcess, provider: Provider
) -> None:
    # Somebody new: an account of their own, and the page that they came from.
    tab = await open_tab(town.url)
    page, name = tab.page, f"Ana{uuid4().hex[:6]}"
    ana = somebody(provider, name)
    await tab.go("/login")
    await press_the_button(page)
    await page.get_by_role("button", name=f"Your menu, {name}").wait_for()
    await page.reload()
    await page.get_by_role("button", name="New room").first.wait_for()

    # An account with a password is linked on its own page, and the provider leads into it from then on.
    other = await open_tab(town.url)
    page, owner = other.page, f"Bo{uuid4().hex[:6]}"
    await other.sign_up(owner)
    somebody(provider, f"Elsewhere{uuid4().hex[:6]}")
    await other.go("/account/login")
    await page.get_by_role("button", name="Connect Example").click()
    await page.get_by_role("button", name="Disconnect").wait_for()
    await page.get_by_role("button", name=f"Your menu, {owner}").click()
    await page.get_by_role("menuitem", name="Log out").click()
    await page.get_by_text("Come on in.").wait_for()
    await press_the_button(page)
    await page.get_by_role("button", name=f"Your menu, {owner}").wait_for()

    # What belongs to one account cannot be taken to another.
    third = await open_tab(town.url)
    await third.sign_up(f"Cy{uuid4().hex[:6]}")
    provider.person = ana
    await third.go("/account/login")
    await third.page.get_by_role("button", name="Connect Example").click()
    await third.page.get_by_text("That log-in belongs to another account here.").wait_for()

    # An address that an account has already opens nothing by itself; nor does a provider that errs.
    fourth = await open_tab(town.url)
    page = fourth.page
    provider.person = {"sub": "new", "email": f"{owner.lower()}@example.com", "email_verified": True}
    await fourth.go("/login")
    await press_the_button(page)
    await page.get_by_text("There is an account with your e-mail address already.").wait_for()
    somebody(provider, "Dee")
    provider.token_status = 500
    try:
        await page.get_by_role("link", name="Continue with Example").click()
        await page.get_by_text("The log-in service does not answer.").wait_for()
    finally:
        provider.token_status = 200

    # Over the limit there is a page with words, not a document for programs.
    last = await open_tab(town.url)
    start = f"{town.url}/api/auth/oidc/start"
    for _ in range(2 * PER_MINUTE):
        await last.page.request.get(start, max_redirects=0)
    await last.page.goto(start)
    await expect(last.page.get_by_text("Too many people log in from your address")).to_be_visible()
