"""One's own account, and everybody who is around."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import OpenTab
from tests.e2e.tab import Tab

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PASSWORD = "correct horse battery"


async def person(open_tab: OpenTab) -> tuple[Tab, str]:
    """Somebody with a new account, in the list of rooms; and their name."""
    tab = await open_tab()
    name = f"Person{uuid4().hex[:6]}"
    await tab.sign_up(name)
    return tab, name


async def open_menu(page: Page) -> None:
    await page.get_by_role("button", name="Your menu").click()


async def test_name_and_look_are_changed_and_kept(open_tab: OpenTab) -> None:
    tab, name = await person(open_tab)
    page = tab.page
    await tab.go("/account")
    await page.get_by_label("What people call you").fill(f"{name} II")
    await page.get_by_role("button", name="Save the name").click()
    await page.get_by_role("radio", name="Violet").check(force=True)
    await page.get_by_role("button", name="Save the look").click()
    await expect(page.get_by_role("button", name="Save the look")).to_be_disabled()
    await page.reload()
    await expect(page.get_by_role("radio", name="Violet")).to_be_checked()
    assert await page.get_by_label("What people call you").input_value() == f"{name} II"


async def test_a_new_password_ends_every_other_log_in(open_tab: OpenTab) -> None:
    here, name = await person(open_tab)
    there = await open_tab()
    await there.go("/login")
    await there.page.get_by_text("Log in", exact=True).first.click()
    await there.page.get_by_label("E-mail or name").fill(name)
    await there.page.get_by_label("Password", exact=True).fill(PASSWORD)
    await there.page.get_by_role("button", name="Log in").click()
    await there.page.get_by_role("button", name="Your menu").wait_for()

    page = here.page
    await here.go("/account/login")
    await expect(page.get_by_role("list", name="Log-ins").get_by_role("listitem")).to_have_count(2)
    await page.get_by_label("Present password").fill("something else")
    await page.get_by_label("New password").fill("another horse battery")
    here.expect_status(403, "/api/auth/password")
    await page.get_by_role("button", name="Change the password").click()
    await page.get_by_text("This is not right.").wait_for()
    await page.get_by_label("Present password").fill(PASSWORD)
    await page.get_by_role("button", name="Change the password").click()
    await page.get_by_text("Your password is changed.").wait_for()
    await page.reload()
    await expect(page.get_by_role("list", name="Log-ins").get_by_role("listitem")).to_have_count(1)
    await there.page.reload()
    await there.page.get_by_text("Come on in.").wait_for()


async def test_the_data_come_as_a_file_and_the_account_goes(open_tab: OpenTab) -> None:
    tab, name = await person(open_tab)
    page = tab.page
    await tab.go("/account/data")
    async with page.expect_download() as waiting:
        await page.get_by_role("button", name="Download my data").click()
    download = await waiting.value
    assert download.suggested_filename == "hallway-data.json"
    assert name in json.dumps(json.loads(Path(await download.path()).read_text()))

    await page.get_by_role("button", name="Delete my account").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Your password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Delete my account").click()
    await page.get_by_text("Come on in.").wait_for()


async def test_somebody_is_found_asked_over_and_comes(open_tab: OpenTab, meeting: UUID) -> None:
    host, host_name = await person(open_tab)
    friend, friend_name = await person(open_tab)
    await host.go(f"/rooms/{meeting}")
    await host.inside()
    page = host.page
    await page.get_by_role("toolbar").get_by_role("button", name="People").click()
    await page.get_by_text("Everywhere").click()
    await page.get_by_label("Find a person").fill(friend_name)
    await page.get_by_role("button", name=f"Ask {friend_name} to come here").click()

    await friend.page.get_by_text(f"{host_name} asks you to come").wait_for()
    await friend.page.get_by_role("button", name="Go there").click()
    await friend.inside()
    await page.get_by_text(f"{friend_name} is on the way.").wait_for()


async def test_a_status_is_seen_elsewhere_and_do_not_disturb_is_respected(open_tab: OpenTab, meeting: UUID) -> None:
    busy, busy_name = await person(open_tab)
    await open_menu(busy.page)
    await busy.page.get_by_role("menuitemradio", name="Do not disturb").click()

    other, _ = await person(open_tab)
    await other.go(f"/rooms/{meeting}")
    await other.inside()
    page = other.page
    await page.get_by_role("toolbar").get_by_role("button", name="People").click()
    await page.get_by_text("Everywhere").click()
    await page.get_by_label("Find a person").fill(busy_name)
    await page.get_by_text("Do not disturb").wait_for(state="attached")
    await expect(page.get_by_role("button", name=f"Ask {busy_name} to come here")).to_be_hidden()

    await open_menu(busy.page)
    await busy.page.get_by_role("menuitemradio", name="Available").click()
    await page.get_by_role("button", name=f"Ask {busy_name} to come here").wait_for()
