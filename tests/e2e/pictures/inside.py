"""A room in all its states, for one person."""

from __future__ import annotations

import io

from tests.e2e.pictures.studio import Scene, Studio, escape, go_to, status, use
from tests.e2e.tab import Tab


def picture(width: int, height: int) -> bytes:
    """A poster."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (width, height), (23, 89, 74))
    draw = ImageDraw.Draw(image)
    draw.ellipse((width * 0.25, height * 0.18, width * 0.75, height * 0.18 + width * 0.5), fill=(245, 184, 61))
    draw.rectangle((width * 0.12, height * 0.78, width * 0.88, height * 0.82), fill=(253, 248, 234))
    draw.rectangle((width * 0.12, height * 0.86, width * 0.6, height * 0.89), fill=(253, 248, 234))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


async def first_visit(studio: Studio) -> None:
    _, token = await studio.account("Maya")
    room = await studio.room(token, "Head office")
    tab = await studio.enter(room, "Ana", seen_tour=False)
    page = tab.page
    tour = page.get_by_role("dialog")
    await tour.first.wait_for()
    for number in range(9):
        await studio.take(page, f"tour-{number}", frames=True)
        following = tour.get_by_role("button", name="Next")
        if await following.count() == 0:
            break
        await following.click()
        await page.wait_for_timeout(300)


async def tools(studio: Studio) -> None:
    _, token = await studio.account("Maya")
    room = await studio.room(token, "Head office")
    await studio.company(room, "Bo", "Cleo", "Deniz")
    tab = await studio.enter(room, "Ana")
    page = tab.page
    await tab.until("the others", lambda p: len(p["near"]) >= 1)
    await studio.take(page, "room", frames=True)
    await page.keyboard.down("ArrowUp")
    await page.wait_for_timeout(700)
    await studio.take(page, "room-walking", frames=True)
    await page.keyboard.up("ArrowUp")
    if not studio.size.touch:
        await page.get_by_role("toolbar").get_by_role("button", name="Objects").hover()
        await page.wait_for_timeout(500)
        await studio.take(page, "tool-name")
    for key, name in (("p", "people"), ("c", "chat"), ("l", "places"), ("b", "objects"), ("o", "outline")):
        await page.keyboard.press(key)
        await page.get_by_role("complementary").first.wait_for()
        await page.wait_for_timeout(200)
        await studio.take(page, f"panel-{name}", frames=True)
        if name == "people":
            await page.locator("li", has_text="Bo").locator("button[aria-haspopup=menu]").first.click()
            await studio.take(page, "panel-people-menu")
            await escape(page)
        # In the chat a letter is a letter.
        await escape(page)
        await page.get_by_role("complementary").first.wait_for(state="hidden")
    for key, name in (("Control+k", "palette"), ("n", "map"), ("?", "keys")):
        await page.keyboard.press(key)
        await page.get_by_role("dialog").first.wait_for()
        await studio.take(page, f"dialog-{name}")
        await escape(page)
    for name in ("Settings", "Sound and picture"):
        await studio.tool(page, name)
        await page.get_by_role("dialog", name=name).wait_for()
        await studio.take(page, f"dialog-{name.split()[0].lower()}")
        await escape(page)
    if studio.size.touch:
        await page.get_by_role("button", name="More", exact=True).click()
        await studio.take(page, "dialog-more")
        await escape(page)
    await page.keyboard.press("h")
    await page.keyboard.press("1")
    await page.wait_for_timeout(300)
    await studio.take(page, "hand-and-reaction")
    await page.keyboard.press("h")
    await page.keyboard.press("g")
    await page.wait_for_timeout(300)
    await studio.take(page, "ghost", frames=True)
    await page.keyboard.press("g")
    await page.keyboard.press("F3")
    await page.wait_for_timeout(1200)
    await studio.take(page, "debug")
    await page.keyboard.press("F3")
    await page.keyboard.press("Control+k")
    await page.keyboard.type("audio only")
    await page.keyboard.press("Enter")
    await page.get_by_role("region", name="Audio only").wait_for()
    await studio.take(page, "audio-only")


async def places(studio: Studio) -> None:
    _, token = await studio.account("Maya")
    room = await studio.room(token, "Head office")
    tab = await studio.enter(room, "Ana")
    page = tab.page
    for place, name in (
        ("Birch meeting room", "private"),
        ("Phone booth 1", "booth"),
        ("Library", "silent"),
        ("Kitchen table", "table"),
    ):
        await go_to(tab, place)
        await status(tab, place).wait_for(timeout=40_000)
        await tab.still()
        await page.wait_for_timeout(700)
        await studio.take(page, f"area-{name}", frames=True)
    await page.keyboard.press("p")
    await page.wait_for_timeout(1200)
    await studio.take(page, "area-at-the-edge-with-panel", frames=True)


async def night(studio: Studio) -> None:
    _, token = await studio.account("Maya")
    for template in ("office", "meeting", "social", "campus", "conference"):
        room = await studio.room(token, f"The {template}", template)
        await studio.company(room, "Bo", "Cleo")
        for light in ("day", "night"):
            tab = await studio.enter(room, "Ana", daylight=light, detail="full")
            await tab.page.wait_for_timeout(800)
            await studio.take(tab.page, f"template-{template}-{light}", frames=True)
            await studio.tool(tab.page, "Leave")
            await tab.page.wait_for_url("**/rooms")


async def things(studio: Studio) -> None:
    tab, token = await studio.account("Maya")
    room = await studio.room(token, "Head office")
    poster = await studio.upload(token, room, "poster.png", picture(420, 560))
    for at, (kind, config) in enumerate(
        {
            "note": {"text": "Please wash up what you used.\n\nThe machine runs at six.", "name": "Kitchen rules"},
            "link": {"url": "https://example.org/handbook", "name": "Handbook"},
            "poster": {"file": poster, "name": "Summer party", "alt": "A sun above two lines."},
            "jukebox": {"name": "Jukebox", "playing": True},
            "vending_machine": {"name": "Snacks"},
            "pet": {"name": "Momo"},
            "screen": {"name": "Wall screen"},
            "whiteboard": {"name": "Sketches"},
        }.items()
    ):
        body = {"type": kind, "x": 560 + at * 56, "y": 1032, "config": config}
        await studio.call("POST", f"/api/rooms/{room}/objects", token, body)
    await tab.go(f"/rooms/{room}")
    await tab.inside()
    page = tab.page
    names = ("Kitchen rules", "Handbook", "Summer party", "Jukebox", "Snacks", "Momo", "Wall screen", "Sketches")
    for name in names:
        await use(tab, name)
        dialog = page.get_by_role("dialog", name=name)
        await dialog.wait_for(timeout=40_000)
        await page.wait_for_timeout(500)
        if name == "Sketches":
            await draw(tab)
        if name == "Wall screen":
            await studio.take(page, "object-wall-screen-free", frames=True)
            await dialog.get_by_role("button", name="Present", exact=True).click()
            await dialog.get_by_text("What to show").wait_for()
        await studio.take(page, f"object-{name.lower().replace(' ', '-')}", frames=True)
        await dialog.get_by_role("button", name="Close").first.click()
        await dialog.wait_for(state="hidden")
    await use(tab, "Wall screen")
    await page.locator("input[type=file]").set_input_files(
        {"name": "poster.png", "mimeType": "image/png", "buffer": picture(960, 540)}
    )
    await page.locator("[data-screen=file]").wait_for()
    await page.wait_for_timeout(600)
    await studio.take(page, "screen-shows-picture", frames=True)
    await page.get_by_role("button", name="Make it smaller").click()
    await page.keyboard.press("b")
    await page.get_by_role("button", name="A few lines for whoever comes by").click()
    await page.get_by_role("dialog").wait_for()
    await studio.take(page, "object-new")
    await page.get_by_label("Name", exact=True).fill("Welcome")
    await page.get_by_label("Text").fill("Hello.")
    await page.get_by_role("button", name="Choose a place").click()
    await page.get_by_role("application", name="Choose a place for Welcome").wait_for()
    await studio.take(page, "object-placing", frames=True)


async def draw(tab: Tab) -> None:
    """A few strokes on the open board."""
    page = tab.page
    canvas = page.locator("canvas.interactive")
    await canvas.wait_for()
    box = await canvas.bounding_box()
    assert box is not None
    await page.keyboard.press("7")
    left = box["x"] + box["width"] * 0.4
    for row in range(3):
        y = box["y"] + box["height"] * 0.4 + row * 60
        await page.mouse.move(left, y)
        await page.mouse.down()
        for step in range(9):
            await page.mouse.move(left + step * 20, y + (step % 2) * 22)
        await page.mouse.up()
    await page.wait_for_timeout(600)


SCENES: tuple[Scene, ...] = (first_visit, tools, places, night, things)
