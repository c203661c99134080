"""The pages of a room: its door, its invitations, its moderation and its end."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import OpenTab
from tests.e2e.tab import Tab

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def opened_room(open_tab: OpenTab) -> tuple[Tab, str]:
    """A new owner, standing in a new room; and the room's path."""
    tab = await open_tab()
    await tab.sign_up(f"Owner{uuid4().hex[:6]}")
    return tab, await tab.open_room(name=f"Room {uuid4().hex[:6]}")


async def open_settings(page: Page, section: str) -> None:
    """From inside the room."""
    await page.get_by_role("button", name="Room settings").click()
    await page.get_by_role("navigation").get_by_role("button", name=section).click()


async def do_to(page: Page, name: str, action: str) -> None:
    """In the people panel, which is open."""
    await page.get_by_role("button", name=f"More about {name}").click()
    await page.get_by_role("menuitem", name=action).click()


async def test_an_invitation_leads_a_stranger_through_a_members_only_door(open_tab: OpenTab) -> None:
    owner = await open_tab()
    page = owner.page
    await owner.sign_up(f"Owner{uuid4().hex[:6]}")
    await page.get_by_role("button", name="New room").first.click()
    await page.get_by_label("Name of the room").fill(f"Room {uuid4().hex[:6]}")
    await page.get_by_role("dialog").get_by_text("Members only", exact=True).click()
    await page.get_by_role("button", name="Open the room").click()
    await owner.inside()
    room = await page.evaluate("() => location.pathname")
    await open_settings(page, "Invitations")
    await owner.page.get_by_role("button", name="Make the link").click()
    link = await owner.page.get_by_label("The link").input_value()

    stranger = await open_tab()
    stranger.expect_status(403, f"/api{room}")
    await stranger.go(room)
    await stranger.page.get_by_text("This room is for its members").wait_for()
    await stranger.page.goto(link)
    await stranger.page.get_by_text("You are invited to").wait_for()
    await stranger.page.get_by_label("Your name").fill("Ana")
    await stranger.page.get_by_role("button", name="Enter the room").click()
    await stranger.inside()

    await owner.page.get_by_role("button", name="Withdraw the invitation").click()
    await owner.page.get_by_text("No invitation is open.").wait_for()
    late = await open_tab()
    late.expect_status(404, "/api/invites/look")
    await late.page.goto(link)
    await late.page.get_by_text("This invitation does not work any more").wait_for()


async def test_the_door_asks_for_the_password_until_it_is_right(open_tab: OpenTab) -> None:
    owner, room = await opened_room(open_tab)
    await open_settings(owner.page, "Who gets in")
    await owner.page.get_by_label("New password").fill("open sesame")
    await owner.page.get_by_role("button", name="Set the password").click()
    await owner.page.get_by_text("The room has a password.").wait_for()

    guest = await open_tab()
    page = guest.page
    guest.expect_status(403, f"/api{room}/join")
    await guest.go(room)
    await page.get_by_label("Your name").fill("Bo")
    await page.get_by_role("button", name="Enter the room").click()
    await page.get_by_label("Password of the room").fill("sesame")
    await page.get_by_role("button", name="Enter", exact=True).click()
    await page.get_by_text("That is not the password of this room.").wait_for()
    await page.get_by_label("Password of the room").fill("open sesame")
    await page.get_by_role("button", name="Enter", exact=True).click()
    await guest.inside()


async def test_a_moderator_mutes_sends_out_and_bans_and_takes_the_ban_back(open_tab: OpenTab) -> None:
    owner, room = await opened_room(open_tab)
    guest = await open_tab()
    await guest.come_as_guest(room.removeprefix("/rooms/"), "Cleo")
    page = owner.page
    await page.get_by_role("toolbar").get_by_role("button", name="People").click()

    await do_to(page, "Cleo", "Mute")
    await page.get_by_text("Cleo is muted for everybody.").wait_for()
    await page.get_by_role("button", name="Walk to Cleo").get_by_text("Muted").wait_for()

    await do_to(page, "Cleo", "Send out")
    await page.get_by_role("dialog").get_by_role("button", name="Send out").click()
    await guest.page.get_by_text("You were sent out").wait_for()
    await guest.page.get_by_role("button", name="Come back in").click()
    await guest.inside()

    await do_to(page, "Cleo", "Ban")
    await page.get_by_label("Reason").fill("Too loud.")
    await page.get_by_role("dialog").get_by_role("button", name="Ban").click()
    await guest.page.get_by_text("You cannot enter this room").wait_for()

    await open_settings(page, "Bans")
    await page.get_by_text("Too loud.").wait_for()
    await page.get_by_role("button", name="Lift the ban of Cleo").click()
    await page.get_by_text("Nobody is banned.").wait_for()
    await page.get_by_role("navigation").get_by_role("button", name="Log").click()
    await page.get_by_text("lifted the ban of Cleo").wait_for()
    await guest.go(room)
    await guest.inside()


async def test_who_becomes_a_moderator_finds_the_tools_at_once(open_tab: OpenTab) -> None:
    owner, room = await opened_room(open_tab)
    other = await open_tab()
    name = f"Dara{uuid4().hex[:6]}"
    await other.sign_up(name)
    await other.go(room)
    await other.inside()
    await expect(other.page.get_by_role("button", name="Room settings")).to_be_hidden()

    await owner.page.get_by_role("toolbar").get_by_role("button", name="People").click()
    await do_to(owner.page, name, "Make moderator")
    await open_settings(other.page, "Invitations")
    await other.page.get_by_role("button", name="Make the link").wait_for()


async def test_settings_are_kept_and_what_is_wrong_stands_beside_its_field(open_tab: OpenTab) -> None:
    owner, room = await opened_room(open_tab)
    page = owner.page
    await owner.go(f"{room}/settings")
    await page.get_by_label("Name", exact=True).fill("Attic")
    await page.get_by_label("Room for").fill("1")
    await page.get_by_role("button", name="Save the changes").click()
    await page.get_by_text("Between 2 and 5,000 people.").wait_for()
    await page.get_by_label("Room for").fill("12")
    await page.get_by_role("button", name="Save the changes").click()
    await page.get_by_text("Saved").wait_for()
    await page.reload()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Attic")
    assert await page.get_by_label("Room for").input_value() == "12"


async def test_a_room_is_copied_archived_deleted_and_brought_back(open_tab: OpenTab) -> None:
    owner, room = await opened_room(open_tab)
    page = owner.page
    await owner.go(f"{room}/settings/more")
    await page.get_by_label("Name of the copy").fill("Twin")
    await page.get_by_role("button", name="Make the copy").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Twin")

    await page.get_by_role("button", name="Copy and close").click()
    await page.get_by_role("button", name="Archive the room").click()
    await page.get_by_role("dialog").get_by_role("button", name="Archive the room").click()
    await page.get_by_text("This room is archived.").wait_for()
    await page.get_by_role("button", name="Open it again").click()

    await page.get_by_role("button", name="Delete the room").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete the room").click()
    await page.get_by_text("“Twin” is deleted.").wait_for()
    await expect(page.get_by_role("link", name="Enter Twin")).to_be_hidden()
    await page.get_by_role("button", name="Undo").click()
    await page.get_by_role("link", name="Enter Twin").wait_for()


async def test_a_portal_is_laid_where_one_stands_and_leads_into_the_other_room(open_tab: OpenTab) -> None:
    owner, there = await opened_room(open_tab)
    page = owner.page
    name = await page.get_by_role("heading", level=1).inner_text()
    await owner.go("/rooms")
    await page.get_by_role("button", name="New room").click()
    await page.get_by_label("Name of the room").fill("Ground floor")
    await page.get_by_role("button", name="Open the room").click()
    await owner.inside()
    await open_settings(page, "Portals")
    await page.get_by_label("Leads to").select_option(label=name)
    await page.get_by_role("button", name="Lay it here").click()
    await page.get_by_text("Saved").wait_for()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name=f"Go to {name}").wait_for()
    await page.keyboard.press("e")
    await expect(page.get_by_role("heading", name=name)).to_be_visible()
    await owner.inside()
    assert await page.evaluate("() => location.pathname") == there
