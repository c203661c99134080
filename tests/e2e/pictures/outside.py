"""Every page outside of a room."""

from __future__ import annotations

from uuid import uuid4

from tests.e2e.pictures.studio import Scene, Studio


async def log_in(studio: Studio) -> None:
    tab = await studio.open()
    page = tab.page
    await tab.go("/login")
    for mode in ("As a guest", "Log in", "Register"):
        await page.get_by_text(mode, exact=True).first.click()
        await studio.take(page, f"login-{mode.split()[-1].lower()}")
    await page.get_by_role("button", name="Create my account").click()
    await page.locator("[aria-invalid=true]").first.wait_for()
    await studio.take(page, "login-register-problems")
    await tab.go("/reset-password#token=nonsense")
    await page.get_by_role("heading").first.wait_for()
    await studio.take(page, "reset-password")
    await tab.go("/nowhere")
    await page.get_by_role("heading").first.wait_for()
    await studio.take(page, "not-found")


async def doors(studio: Studio) -> None:
    _, token = await studio.account("Maya")
    room = await studio.room(token, "Design studio", "meeting", description="Where the small team sits.")
    tab = await studio.open()
    page = tab.page
    await tab.go(f"/rooms/{room}")
    await page.get_by_label("Your name").wait_for()
    await studio.take(page, "room-door")
    await page.get_by_role("button", name="Check microphone").click()
    await page.get_by_role("dialog").wait_for()
    await studio.take(page, "device-check")
    invite = await studio.call("POST", f"/api/rooms/{room}/invites", token, {"role": "member"})
    await tab.go(f"/invite/{invite['token']}")
    await page.get_by_label("Your name").wait_for()
    await studio.take(page, "invitation")
    await tab.go(f"/invite/{uuid4().hex}")
    await page.get_by_role("heading").first.wait_for()
    await studio.take(page, "invitation-gone")
    await tab.go(f"/rooms/{uuid4()}")
    await page.get_by_role("heading").first.wait_for()
    await studio.take(page, "room-gone")
    members = await studio.room(token, "Board", "meeting", access="members")
    await tab.go(f"/rooms/{members}")
    await page.get_by_text("This room is for its members").wait_for()
    await studio.take(page, "room-members-only")
    locked = await studio.room(token, "Vault", "meeting", password="open sesame")
    await tab.go(f"/rooms/{locked}")
    await page.get_by_label("Your name").fill("Bo")
    await page.get_by_role("button", name="Enter the room").click()
    await page.get_by_label("Password of the room").wait_for()
    await studio.take(page, "room-password")


async def lobby(studio: Studio) -> None:
    tab, token = await studio.account("Maya")
    page = tab.page
    await tab.go("/rooms")
    await page.get_by_role("button", name="New room").first.wait_for()
    await page.get_by_role("status", name="Loading").wait_for(state="detached")
    await studio.take(page, "lobby-empty")
    rooms = [
        await studio.room(token, name, template, description=about)
        for name, template, about in (
            ("Head office", "office", "Desks, meeting rooms and the kitchen."),
            ("Weekly meeting", "meeting", "Mondays at nine."),
            ("After work", "social", ""),
            ("Campus", "campus", "Lectures outdoors."),
            (
                "Autumn conference 2026: all tracks and the long way to the coffee",
                "conference",
                "Three days, two halls.",
            ),
        )
    ]
    await studio.company(rooms[0], "Bo", "Cleo", "Deniz")
    await page.reload()
    await page.get_by_text("After work").first.wait_for()
    await page.wait_for_timeout(800)
    await studio.take(page, "lobby")
    await page.get_by_role("button", name="New room").first.click()
    await page.get_by_role("dialog").locator("fieldset label").first.wait_for()
    await page.wait_for_timeout(500)
    await studio.take(page, "new-room")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Your menu").click()
    await studio.take(page, "own-menu")
    await page.get_by_role("menuitem", name="Settings").click()
    await page.get_by_role("dialog").wait_for()
    await studio.take(page, "settings")
    await page.keyboard.press("Escape")
    await tab.go("/account")
    sections = page.get_by_role("main").get_by_role("navigation").get_by_role("button")
    await sections.first.wait_for()
    for number in range(await sections.count()):
        await sections.nth(number).click()
        await page.wait_for_timeout(300)
        await studio.take(page, f"account-{number}")
    await studio.call("POST", f"/api/rooms/{rooms[0]}/invites", token, {"role": "member"})
    await tab.go(f"/rooms/{rooms[0]}/settings")
    await sections.first.wait_for()
    for number in range(await sections.count()):
        await sections.nth(number).click()
        await page.wait_for_timeout(300)
        await studio.take(page, f"room-settings-{number}")


async def operator(studio: Studio) -> None:
    tab, token = await studio.account("Opal")
    page = tab.page
    await tab.go("/admin")
    await page.get_by_text("For operators only").wait_for()
    await studio.take(page, "admin-refused")
    me = await studio.call("GET", "/api/auth/me", token)
    studio.server.command("user", "make-admin", str(me["username"]))
    room = await studio.room(token, "Head office")
    await studio.company(room, "Bo", "Cleo")
    await page.reload()
    await page.get_by_text("People inside").wait_for()
    sections = page.get_by_role("navigation", name="Parts of the server").get_by_role("button")
    for number in range(await sections.count()):
        await sections.nth(number).click()
        await page.wait_for_timeout(500)
        await studio.take(page, f"admin-{number}")


SCENES: tuple[Scene, ...] = (log_in, lobby, doors, operator)
