"""Coming in, opening rooms, leaving; and what a page says when something is not right."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from tests.e2e.conftest import OpenTab
from tests.e2e.tab import Tab

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_guest_follows_a_link_and_stands_in_the_room(open_tab: OpenTab, office: UUID) -> None:
    tab = await open_tab()
    await tab.go(f"/rooms/{office}")
    await tab.page.get_by_text("You are invited to").wait_for()
    await tab.page.get_by_label("Your name").fill("Ana")
    await tab.page.get_by_role("button", name="Enter the room").click()
    probe = await tab.inside()
    assert probe["renderer"] == "canvas"
    assert probe["selfId"] == 1
    assert await tab.page.get_by_role("status").filter(has_text="Connected").count() == 1


async def test_the_first_visit_explains_the_keys_once(open_tab: OpenTab, office: UUID) -> None:
    tab = await open_tab(never_used=True)
    await tab.page.add_init_script("localStorage.clear()")
    await tab.go(f"/rooms/{office}?renderer=canvas")
    await tab.page.get_by_label("Your name").fill("New")
    await tab.page.get_by_role("button", name="Enter the room").click()
    await tab.page.get_by_role("button", name="Skip").click()
    assert (await tab.inside())["renderer"] == "canvas"
    await tab.page.get_by_role("dialog").wait_for(state="hidden")


async def test_who_registers_opens_a_room_of_every_template_and_finds_them_in_the_list(open_tab: OpenTab) -> None:
    tab = await open_tab()
    name = f"Owner{uuid4().hex[:6]}"
    await tab.register(name)
    page = tab.page
    rooms = [f"{kind} {name}" for kind in ("Attic", "Cellar", "Garden", "Harbour", "Island")]
    for number, room in enumerate(rooms):
        await page.get_by_role("button", name="New room").click()
        await page.get_by_label("Name of the room").fill(room)
        plans = page.get_by_role("dialog").locator("fieldset label")
        await plans.nth(number).wait_for()
        assert await plans.count() == len(rooms)
        await plans.nth(number).click()
        await page.get_by_role("button", name="Open the room").click()
        probe = await tab.inside()
        assert probe["selfId"] == 1
        await tab.go("/rooms")
        await page.get_by_role("link", name=f"Enter {room}").wait_for()
    await page.get_by_label("Search rooms").fill("cellar")
    await page.get_by_role("link", name=f"Enter {rooms[0]}").wait_for(state="hidden")
    await page.get_by_role("link", name=f"Enter {rooms[1]}").click()
    await tab.inside()


async def test_who_logs_out_is_asked_who_they_are_and_comes_back_with_the_password(open_tab: OpenTab) -> None:
    tab = await open_tab()
    name = f"Person{uuid4().hex[:6]}"
    await tab.register(name)
    page = tab.page
    await page.get_by_role("button", name=f"Your menu, {name}").click()
    await page.get_by_role("menuitem", name="Log out").click()
    await page.get_by_text("Come on in.").wait_for()
    await tab.go("/rooms")
    await page.get_by_text("Log in", exact=True).first.click()
    await page.get_by_label("E-mail or name").fill(name)
    await page.get_by_label("Password", exact=True).fill("correct horse battery")
    await page.get_by_role("button", name="Log in").click()
    await page.get_by_role("button", name="New room").wait_for()
    await page.reload()
    await page.get_by_role("button", name="New room").wait_for()


async def noted(tab: Tab, label: str) -> str:
    """What stands below a field; the field must be marked as wrong."""
    field = tab.page.get_by_label(label, exact=True)
    await tab.page.locator(f"input[aria-invalid=true]#{await css_id(tab, label)}").wait_for()
    note = await field.get_attribute("aria-describedby")
    return (await tab.page.locator(f"[id='{note}']").inner_text()).strip()


async def css_id(tab: Tab, label: str) -> str:
    """The id of a field, for a selector."""
    value = await tab.page.get_by_label(label, exact=True).get_attribute("id")
    return str(await tab.page.evaluate("id => CSS.escape(id)", value))


async def test_what_is_wrong_with_a_form_stands_beside_its_fields(open_tab: OpenTab) -> None:
    taken = f"Taken{uuid4().hex[:6]}"
    tab = await open_tab()
    await tab.sign_up(taken)
    await tab.page.context.clear_cookies()
    page = tab.page
    await tab.go("/login")
    await page.get_by_role("button", name="Walk in").click()
    assert "call you" in await noted(tab, "Your name")
    await page.get_by_text("Register", exact=True).click()
    await page.get_by_label("Name", exact=True).fill(taken)
    await page.get_by_label("E-mail").fill("new@example.com")
    await page.get_by_label("Password", exact=True).fill("short")
    await page.get_by_role("button", name="Create my account").click()
    assert "10 characters" in await noted(tab, "Password")
    await page.get_by_label("Password", exact=True).fill("correct horse battery")
    tab.expect_status(409, "/api/auth/register")
    await page.get_by_role("button", name="Create my account").click()
    assert "somebody" in await noted(tab, "Name")


@pytest.mark.parametrize("path", ["/nowhere", "/rooms/x/y"])
async def test_an_address_without_a_page_says_so(open_tab: OpenTab, path: str) -> None:
    tab = await open_tab()
    await tab.go(path)
    await tab.page.get_by_text("This corridor leads nowhere").wait_for()


async def test_a_room_that_does_not_exist_is_closed(open_tab: OpenTab) -> None:
    tab = await open_tab()
    room = uuid4()
    tab.expect_status(404, f"/api/rooms/{room}")
    await tab.go(f"/rooms/{room}")
    await tab.page.get_by_text("This room is closed").wait_for()
