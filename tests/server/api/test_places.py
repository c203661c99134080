from typing import Any
from uuid import UUID, uuid4

from server.rooms.roles import Role, rights_of


async def test_a_new_room_has_what_was_asked_and_defaults_for_the_rest(site: Any) -> None:
    browser = await (await site.browser()).register()
    room = await browser.make_room(name="  Team   room ")
    assert room | {"id": "", "created_at": "", "updated_at": ""} == {
        "id": "",
        "name": "Team room",
        "description": "",
        "template": "closet",
        "owner": {"id": browser.user["id"], "username": browser.user["username"]},
        "max_capacity": 50,
        "people": 0,
        "is_public": True,
        "access": "public",
        "has_password": False,
        "guests_allowed": True,
        "chat_kept": True,
        "relay_only": False,
        "share_near": True,
        "chat_days": None,
        "proximity_px": None,
        "areas": [],
        "role": "owner",
        "rights": rights_of(Role.OWNER),
        "archived_at": None,
        "deleted_at": None,
        "purged_at": None,
        "created_at": "",
        "updated_at": "",
    }
    assert await (await browser.get(f"/api/rooms/{room['id']}")).json() == room


async def test_the_list_shows_public_rooms_and_ones_own(site: Any) -> None:
    owner, other = await (await site.browser()).register(), await (await site.browser()).enter()
    public, unlisted = await owner.make_room(), await owner.make_room(is_public=False)

    async def listed(browser: Any) -> set[str]:
        return {room["id"] for room in (await (await browser.get("/api/rooms")).json())["rooms"]}

    assert {public["id"], unlisted["id"]} <= await listed(owner)
    assert public["id"] in await listed(other)
    assert unlisted["id"] not in await listed(other)
    assert (await other.get(f"/api/rooms/{unlisted['id']}")).status == 200


async def test_changing_a_room_changes_what_was_named_and_tells_those_inside(site: Any) -> None:
    owner = await (await site.browser()).register()
    room = await owner.make_room(description="Before")
    path = f"/api/rooms/{room['id']}"
    changed = await (await owner.put(path, {"max_capacity": 9})).json()
    assert changed | {"updated_at": ""} == room | {"max_capacity": 9, "updated_at": ""}
    assert changed["updated_at"] > room["updated_at"]
    assert site.rooms.calls == [("change_room", UUID(room["id"]), 9)]


async def test_a_deleted_room_is_closed_and_gone(site: Any) -> None:
    owner = await (await site.browser()).register()
    room = await owner.make_room()
    assert (await owner.delete(f"/api/rooms/{room['id']}")).status == 204
    assert site.rooms.calls == [("close_room", UUID(room["id"]))]
    for path in ("", "/map", "/users"):
        assert (await (await owner.get(f"/api/rooms/{room['id']}{path}")).json())["code"] == "room_not_found"


async def test_a_map_is_sent_once_and_then_known_by_its_hash(site: Any) -> None:
    browser = await (await site.browser()).register()
    path = f"/api/rooms/{(await browser.make_room())['id']}/map"
    first = await browser.get(path)
    room_map = await first.json()
    assert {"hash", "solid", "seats", "walls"} <= room_map.keys()
    assert first.headers["ETag"] == f'"{room_map["hash"]}"'
    again = await browser.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, await again.read()) == (304, b"")
    for other in ('"other"', "garbage", '"', ""):
        assert (await browser.get(path, headers={"If-None-Match": other})).status == 200


async def test_templates_come_with_their_maps(browser: Any) -> None:
    templates = (await (await browser.get("/api/templates")).json())["templates"]
    assert [(entry["id"], entry["name"], entry["width"]) for entry in templates] == [
        ("closet", "Closet", 4),
        ("other", "Closet", 4),
    ]
    assert {"hash", "solid"} <= templates[0]["map"].keys()


async def test_joining_gives_a_ticket_for_this_person_and_room(site: Any) -> None:
    owner = await (await site.browser()).register("Ticket Holder")
    await owner.put(f"/api/users/{owner.user['id']}", {"avatar_config": {"look": [1, 2, 3, 4, 5, 6]}})
    room = await owner.make_room()
    answer = await (await owner.post(f"/api/rooms/{room['id']}/join", {"is_bot": True})).json()
    assert (answer["url"], answer["expires_in"], answer["room"]) == (f"/ws/rooms/{room['id']}", 30, room)
    claims = await site.services.tickets.redeem(answer["ticket"], UUID(room["id"]))
    assert (claims.name, claims.look, claims.is_guest, claims.is_bot) == (
        "Ticket Holder",
        bytes([1, 2, 3, 4, 5, 6]),
        False,
        True,
    )
    assert str(claims.user_id) == owner.user["id"]


async def test_a_full_room_takes_back_only_those_inside(site: Any) -> None:
    owner = await (await site.browser()).register()
    room = await owner.make_room(max_capacity=2)
    owner_inside = (UUID(owner.user["id"]), owner.user["username"], False)
    site.rooms.inside[UUID(room["id"])] = [owner_inside, (uuid4(), "Guest", True)]
    path = f"/api/rooms/{room['id']}"
    assert (await owner.post(f"{path}/join")).status == 200
    refused = await (await (await site.browser()).enter()).post(f"{path}/join")
    assert (refused.status, (await refused.json())["code"]) == (409, "room_full")
    people = (await (await owner.get(f"{path}/users")).json())["users"]
    assert [(person["username"], person["is_guest"]) for person in people] == [
        (owner.user["username"], False),
        ("Guest", True),
    ]
    assert (await (await owner.get(path)).json())["people"] == 2


async def test_leaving_takes_one_out_of_the_room(site: Any) -> None:
    browser = await (await site.browser()).register()
    room = await browser.make_room()
    site.rooms.inside[UUID(room["id"])] = [(UUID(browser.user["id"]), browser.user["username"], False)]
    assert (await browser.post(f"/api/rooms/{room['id']}/leave")).status == 204
    assert site.rooms.calls == [("leave", UUID(room["id"]), UUID(browser.user["id"]))]
