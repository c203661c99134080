"""The operator's page: an account becomes an operator by a command, and what it does is felt at once by others."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.async_api import Locator, Page, expect

from tests.adversity.server_process import ServerProcess
from tests.e2e.conftest import OpenTab
from tests.e2e.tab import Tab

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PASSWORD = "correct horse battery"


async def account(open_tab: OpenTab, kind: str) -> tuple[Tab, str]:
    tab, name = await open_tab(), f"{kind}{uuid4().hex[:6]}"
    await tab.sign_up(name)
    return tab, name


async def section(page: Page, name: str) -> None:
    await page.get_by_role("navigation", name="Parts of the server").get_by_role("button", name=name).click()


async def do_to(page: Page, thing: str, action: str, *, confirm: bool = True) -> None:
    await page.get_by_role("button", name=f"More about {thing}").click()
    await page.get_by_role("menuitem", name=action).click()
    if confirm:
        await page.get_by_role("dialog").get_by_role("button", name=action).click()
        await page.get_by_role("dialog").wait_for(state="hidden")


def row(page: Page, text: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=text)


async def test_an_operator_sees_the_server_and_acts_on_rooms_people_and_sessions(
    open_tab: OpenTab, server: ServerProcess
) -> None:
    boss, boss_name = await account(open_tab, "Boss")
    ann, ann_name = await account(open_tab, "Ann")
    page = boss.page
    await boss.go("/admin")
    await page.get_by_text("For operators only").wait_for()
    server.command("user", "make-admin", boss_name)
    await page.reload()
    await page.get_by_text("People inside").wait_for()

    await ann.page.get_by_role("button", name="New room").first.click()
    room = f"Room {uuid4().hex[:6]}"
    await ann.page.get_by_label("Name of the room").fill(room)
    await ann.page.get_by_role("button", name="Open the room").click()
    await ann.inside()

    await section(page, "Servers")
    own = row(page, f"localhost:{server.port}")
    await expect(own).to_contain_text("You are here")
    await expect(own).to_contain_text("1 person")
    await expect(own.get_by_role("meter", name="Time that the rooms take")).to_be_visible()

    await section(page, "Overview")
    await page.get_by_label("What they should know").fill("Back in five minutes.")
    await page.get_by_role("button", name="Tell everybody").click()
    await ann.page.get_by_text("Back in five minutes.").wait_for()

    await section(page, "Sessions")
    await do_to(page, ann_name, "Send out of the room")
    await ann.page.get_by_text(f"{boss_name} sent you out of the room.").wait_for()

    await ann.page.reload()
    await ann.inside()
    await section(page, "Rooms")
    await page.get_by_label("Find a room").fill(room)
    await do_to(page, room, "Send everybody out")
    await ann.page.get_by_text("An operator closed the room.").wait_for()
    await do_to(page, room, "Archive")
    await expect(row(page, room)).to_contain_text("Archived")
    await do_to(page, room, "Take out of the archive", confirm=False)
    await expect(row(page, room)).not_to_contain_text("Archived")

    await ann.page.reload()
    await ann.inside()
    ann.expect_status(401, "/api/")
    await section(page, "People")
    await page.get_by_label("Find a person").fill(ann_name)
    await do_to(page, ann_name, "Switch the account off")
    await expect(row(page, ann_name)).to_contain_text("Switched off")
    await ann.page.get_by_text("This account cannot be used any more.").first.wait_for()
    ann.expect_status(403, "/api/auth/login")
    await ann.go("/login")
    await log_in(ann.page, ann_name, PASSWORD)
    await ann.page.get_by_text("This account is switched off.").wait_for()
    await do_to(page, ann_name, "Switch the account on")
    await expect(row(page, ann_name)).not_to_contain_text("Switched off")

    await do_to(page, ann_name, "Link for a new password", confirm=False)
    link = await page.get_by_label("The link").input_value()
    await page.keyboard.press("Escape")
    await page.get_by_role("dialog").wait_for(state="hidden")
    await ann.page.goto(link)
    await ann.page.get_by_label("New password").fill("another horse battery")
    await ann.page.get_by_role("button", name="Save the password").click()
    await ann.page.get_by_role("link", name="Log in").click()
    await ann.page.get_by_label("E-mail or name").fill(ann_name)
    await ann.page.get_by_label("Password", exact=True).fill("another horse battery")
    await ann.page.get_by_role("button", name="Log in").click()
    await ann.page.get_by_role("button", name="New room").first.wait_for()

    await section(page, "Log")
    await page.get_by_text(f"{boss_name} made a link for a new password for {ann_name}").wait_for()
    await page.get_by_text(f"{boss_name} switched off the account of {ann_name}").wait_for()


async def log_in(page: Page, name: str, password: str) -> None:
    await page.get_by_text("Log in", exact=True).first.click()
    await page.get_by_label("E-mail or name").fill(name)
    await page.get_by_label("Password", exact=True).fill(password)
    await page.get_by_role("button", name="Log in").click()


async def test_a_message_can_be_answered_while_a_dialog_is_open(open_tab: OpenTab) -> None:
    tab, _ = await account(open_tab, "Owner")
    page = tab.page
    await page.get_by_role("button", name="New room").first.click()
    await page.get_by_label("Name of the room").fill("Soon gone")
    await page.get_by_role("button", name="Open the room").click()
    await tab.inside()
    path = await page.evaluate("() => location.pathname")
    await tab.go(f"{path}/settings/more")
    await page.get_by_role("button", name="Delete the room").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete the room").click()
    await page.get_by_role("button", name="Undo").wait_for()
    await page.get_by_role("button", name="New room").first.click()
    await page.get_by_role("dialog").wait_for()
    await page.get_by_role("button", name="Undo").click()
    await page.get_by_text("is back").first.wait_for()
