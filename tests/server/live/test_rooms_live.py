"""What is decided over REST is felt at once by those who are in the room, and rooms hold no more than they may."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from protocol.constants import ROLE_SHIFT, Change, EntryFlag, Feature
from protocol.messages import Act, Changed, Error, Goodbye, Joined, Left, Portal, Presence, Roster, Welcome, encode
from server.rooms.roles import Role
from sim.commands import Place


def role_in(flags: int) -> Role:
    return Role(flags >> ROLE_SHIFT & 7)


async def test_a_hundred_who_come_at_once_to_ten_places_fill_exactly_ten(office: Any) -> None:
    owner = await office.account()
    room = await office.room(owner, max_capacity=10)
    people = await asyncio.gather(*(office.guest(f"Guest {number}") for number in range(100)))

    async def come(person: Any) -> int:
        status, ticket = await person.attempt("POST", f"/api/rooms/{room}/join", {})
        if status != 200:
            assert ticket["code"] == "room_full"
            return 0
        socket = await person.show(ticket)
        await socket.hear(Welcome)
        return 1

    assert sum(await asyncio.gather(*map(come, people))) == 10
    assert len((await owner.call("GET", f"/api/rooms/{room}/users"))["users"]) == 10


async def test_a_room_can_be_made_larger_while_it_is_full(office: Any) -> None:
    owner = await office.account()
    room = await office.room(owner, max_capacity=2)
    for _ in range(2):
        await (await (await office.guest()).join(room)).hear(Welcome)
    late = await office.guest()
    assert (await late.call("POST", f"/api/rooms/{room}/join", {}, status=409))["code"] == "room_full"
    await owner.call("PUT", f"/api/rooms/{room}", {"max_capacity": 3})
    await (await late.join(room)).hear(Welcome)
    await owner.call("POST", f"/api/rooms/{room}/join", {}, status=409)


async def test_a_kick_ends_the_visit_and_a_ban_keeps_away(office: Any) -> None:
    owner, guest = await office.account("Owner"), await office.guest("Loud")
    room = await office.room(owner)
    inside, seen = await guest.join(room), await owner.join(room)
    await inside.hear(Welcome)
    await seen.hear(Roster)
    await owner.call("POST", f"/api/rooms/{room}/kick", {"user_id": str(guest.id), "reason": "too loud"})
    goodbye = await inside.hear(Goodbye)
    assert (goodbye.code, goodbye.retry_ms) == (4014, None)
    assert goodbye.reason == "Owner sent you out of the room. The reason: too loud"
    assert (await seen.hear(Left)).reason == "removed"

    again, neighbour = await guest.join(room), await (await office.guest()).join(room)
    await again.hear(Welcome)
    await neighbour.hear(Welcome)
    ticket = await guest.call("POST", f"/api/rooms/{room}/join", {})
    ban = await owner.call("POST", f"/api/rooms/{room}/bans", {"user_id": str(guest.id), "by_address": True})
    assert await again.end() == 4015
    assert await neighbour.end() == 4015
    refused = await guest.call("POST", f"/api/rooms/{room}/join", {}, status=403)
    assert refused["code"] == "banned"
    # A ticket from before the ban is worth nothing after it.
    assert await (await guest.show(ticket)).end() == 4015
    # Others from the same address are kept out too, but not the owner, who sits there as well.
    other = await office.guest()
    assert (await other.call("POST", f"/api/rooms/{room}/join", {}, status=403))["code"] == "banned"
    await owner.call("DELETE", f"/api/rooms/{room}/bans/{ban['id']}")
    await (await guest.join(room)).hear(Welcome)


async def test_roles_and_mutes_show_at_once_in_everybodys_roster(office: Any) -> None:
    owner, ann = await office.account(), await office.account("Ann")
    room = await office.room(owner)
    inside = await ann.join(room)
    roster = await inside.hear(Roster)
    assert role_in(roster.entries[0].flags) is Role.GUEST
    path = f"/api/rooms/{room}"
    await owner.call("PUT", f"{path}/members/{ann.id}", {"role": "moderator"})
    assert role_in((await inside.hear(Joined)).entry.flags) is Role.MODERATOR
    await owner.call("PUT", f"{path}/mutes/{ann.id}")
    assert (await inside.hear(Joined)).entry.flags & EntryFlag.MUTED
    await owner.call("DELETE", f"{path}/mutes/{ann.id}")
    assert not (await inside.hear(Joined)).entry.flags & EntryFlag.MUTED
    old = await (await office.guest()).join(room, features=int(Feature.PROXIMITY))
    roster = await old.hear(Roster)
    assert all(entry.flags & 0b111100 == 0 for entry in roster.entries), "without the feature the flags say less"
    await owner.call("DELETE", f"{path}/members/{ann.id}")
    assert role_in((await inside.hear(Joined, lambda joined: joined.entry.name == "Ann")).entry.flags) is Role.GUEST


async def test_losing_the_membership_of_a_members_room_ends_the_visit(office: Any) -> None:
    owner, ann = await office.account(), await office.account()
    room = await office.room(owner, access="members")
    await ann.call("POST", f"/api/rooms/{room}/join", {}, status=403)
    invite = await owner.call("POST", f"/api/rooms/{room}/invites", {"role": "member"})
    await ann.call("POST", "/api/invites/redeem", {"token": invite["token"]})
    inside = await ann.join(room)
    await inside.hear(Welcome)
    await owner.call("DELETE", f"/api/rooms/{room}/members/{ann.id}")
    assert await inside.end() == 4014


@pytest.mark.parametrize(
    ("change", "who_goes", "why"),
    [
        ({"access": "members"}, {"guest", "stranger"}, "This room is for its members only."),
        ({"guests_allowed": False}, {"guest"}, "This room takes no guests."),
        ({"password": "open sesame"}, set(), ""),
        ({"access": "unlisted", "max_capacity": 2}, set(), ""),
    ],
    ids=["members only", "no guests", "a password", "unlisted and small"],
)
async def test_whoever_might_not_come_in_any_more_is_sent_out_at_once(
    office: Any, change: dict[str, Any], who_goes: set[str], why: str
) -> None:
    owner = await office.account()
    room = await office.room(owner)
    people = {"owner": owner, "member": await office.account(), "invited guest": await office.guest()}
    invite = await owner.call("POST", f"/api/rooms/{room}/invites", {"role": "member"})
    for name in ("member", "invited guest"):
        await people[name].call("POST", "/api/invites/redeem", {"token": invite["token"]})
    people |= {"stranger": await office.account(), "guest": await office.guest()}
    sockets = {name: await person.join(room) for name, person in people.items()}
    for socket in sockets.values():
        await socket.hear(Welcome)
    on_the_way = await (await office.guest()).call("POST", f"/api/rooms/{room}/join", {})
    await owner.call("PUT", f"/api/rooms/{room}", change)
    for name in who_goes:
        goodbye = await sockets[name].hear(Goodbye)
        assert (goodbye.code, goodbye.retry_ms) == (4014, None)
        assert goodbye.reason.startswith(why)
    for name in people.keys() - who_goes:
        await sockets[name].hear(Changed)
    inside = (await owner.call("GET", f"/api/rooms/{room}/users"))["users"]
    assert {entry["id"] for entry in inside} == {str(people[name].id) for name in people.keys() - who_goes}
    late = await (await office.guest()).show(on_the_way)
    if who_goes:
        refused = await late.hear(Goodbye)
        assert (refused.code, refused.reason.startswith(why)) == (4004, True), "nor does a ticket from before help"


async def test_of_many_who_redeem_the_last_use_of_an_invitation_one_gets_it(office: Any) -> None:
    owner = await office.account()
    room = await office.room(owner, access="members")
    invite = await owner.call("POST", f"/api/rooms/{room}/invites", {"role": "admin", "max_uses": 3})
    people = await asyncio.gather(*(office.guest() for _ in range(12)))

    async def redeem(person: Any) -> str | None:
        status, answer = await person.attempt("POST", "/api/invites/redeem", {"token": invite["token"]})
        if status != 200:
            assert answer["code"] == "invite_not_found"
            return None
        return str(answer["role"])

    roles = await asyncio.gather(*map(redeem, people))
    # Nobody without an account is made an admin.
    assert [role for role in roles if role] == ["member"] * 3
    members = (await owner.call("GET", f"/api/rooms/{room}/members"))["members"]
    assert [member["role"] for member in members] == ["owner", "member", "member", "member"]


async def test_a_portal_tells_where_it_leads_to_those_who_stand_near(office: Any) -> None:
    owner = await office.account()
    room, target = await office.room(owner), await office.room(owner, name="Garden")
    inside = await owner.join(room)
    await inside.hear(Roster)
    size = await owner.call("GET", f"/api/rooms/{room}/map")
    body = {"x": 0, "y": 0, "w": 8, "h": 8, "room_id": target}
    far = await owner.call("POST", f"/api/rooms/{room}/portals", body)
    assert (await inside.hear(Changed)).what == Change.PORTALS
    spawn = size["spawns"][0]
    near_body = {**body, "x": spawn["x"] // 8 * 8 - 80, "y": spawn["y"] // 8 * 8 - 80, "w": 160, "h": 160}
    near = await owner.call("POST", f"/api/rooms/{room}/portals", near_body)
    assert (near["number"], near["name"], near["room"]["name"]) == (2, "Garden", "Garden")
    await inside.say(encode(Act(5, 3, near["number"])))
    assert await inside.hear(Portal) == Portal(5, near["number"], target)
    for number, code in ((far["number"], "out_of_reach"), (77, "unknown_target")):
        await inside.say(encode(Act(6, 3, number)))
        refusal = await inside.hear(Error)
        assert (refusal.ref, refusal.code) == (6, code)
    await owner.call("DELETE", f"/api/rooms/{target}")
    assert (await owner.call("GET", f"/api/rooms/{room}/portals"))["portals"] == []


async def test_a_rooms_own_radius_holds_from_the_start_and_changes_while_people_are_inside(office: Any) -> None:
    owner = await office.account()
    room = await office.room(owner, proximity_px=96)
    inside = await owner.join(room)
    welcome = await inside.hear(Welcome)
    assert (welcome.proximity.join, welcome.proximity.leave) == (96, 128)
    await owner.call("PUT", f"/api/rooms/{room}", {"proximity_px": 48})
    changed = await inside.hear(Changed)
    assert (changed.what, changed.proximity.join, changed.proximity.leave) == (Change.SETTINGS, 48, 64)
    await owner.call("PUT", f"/api/rooms/{room}", {"proximity_px": None})
    assert (await inside.hear(Changed)).proximity.join == 144


async def test_an_area_that_is_closed_sends_those_out_of_it_who_may_not_be_there(office: Any) -> None:
    owner, guest = await office.account(), await office.guest()
    room = await office.room(owner)
    inside = await guest.join(room)
    avatar = (await inside.hear(Welcome)).avatar
    (loop,) = office.services.directory.loops()
    world = loop.room.world
    zone = next(zone for zone in loop.room.map.zones if zone.kind == "private")
    loop.room.commands.placements.append(Place(avatar, (zone.x + zone.w // 2) * 256, (zone.y + zone.h // 2) * 256))
    async with asyncio.timeout(10):
        while world.zone[avatar] != zone.id:
            await asyncio.sleep(0.02)
    areas = [{"zone": zone.id, "min_role": "member"}]
    assert (await owner.call("PUT", f"/api/rooms/{room}", {"areas": areas}))["areas"] == areas
    await inside.hear(Changed)
    assert world.zone[avatar] == 0
    unknown = await owner.call(
        "PUT", f"/api/rooms/{room}", {"areas": [{"zone": 999, "min_role": "member"}]}, status=422
    )
    assert unknown["errors"][0]["field"] == "areas"
    rules = [{"zone": zone.id, "capacity": 3, "lockable": False}]
    assert (await owner.call("PUT", f"/api/rooms/{room}", {"areas": rules}))["areas"] == rules
    async with asyncio.timeout(10):
        while world.areas.rules_of(zone.id) != (0, 3):
            await asyncio.sleep(0.02)
    start = next(each for each in loop.room.map.zones if each.kind == "spawn")
    for rule in ({"lockable": True}, {"capacity": 3}, {"min_role": "member"}):
        shut = [{"zone": start.id, **rule}]
        refused = await owner.call("PUT", f"/api/rooms/{room}", {"areas": shut}, status=422)
        assert refused["errors"][0]["field"] == "areas"


async def test_a_password_is_asked_of_strangers_only(office: Any) -> None:
    owner, guest = await office.account(), await office.guest()
    room = await office.room(owner, password="open sesame")
    path = f"/api/rooms/{room}"
    assert (await guest.call("POST", f"{path}/join", {}, status=403))["code"] == "password_needed"
    wrong = await guest.call("POST", f"{path}/join", {"password": "abracadabra"}, status=403)
    assert (wrong["code"], wrong["errors"][0]["field"]) == ("wrong_password", "password")
    await (await guest.join(room, password="open sesame")).hear(Welcome)
    await (await owner.join(room)).hear(Welcome)
    assert "open sesame" not in msgspec.json.encode(await owner.call("GET", f"{path}/audit")).decode()


async def test_deleting_and_archiving_send_everybody_out_and_can_be_undone(office: Any) -> None:
    owner, guest = await office.account(), await office.guest()
    room = await office.room(owner)
    path = f"/api/rooms/{room}"
    for close, undo, refused in (
        (("POST", f"{path}/archive"), ("DELETE", f"{path}/archive"), 409),
        (("DELETE", path), ("POST", f"{path}/restore"), 404),
    ):
        inside = await guest.join(room)
        await inside.hear(Welcome)
        await owner.call(*close)
        assert await inside.end() == 4007
        await guest.call("POST", f"{path}/join", {}, status=refused)
        await owner.call(*undo)
    assert (await owner.call("GET", "/api/trash"))["rooms"] == []
    await (await guest.join(room)).hear(Welcome)
    log = (await owner.call("GET", f"{path}/audit"))["entries"]
    assert [entry["action"] for entry in log] == [
        "room.restored",
        "room.deleted",
        "room.unarchived",
        "room.archived",
    ]


async def test_presence_is_seen_in_the_room(office: Any) -> None:
    owner, ann = await office.account(), await office.account("Ann")
    room = await office.room(owner)
    await ann.call("PUT", "/api/presence", {"status": "dnd", "text": "Writing"})
    watcher = await owner.join(room)
    await watcher.hear(Presence)
    inside = await ann.join(room)
    avatar = (await inside.hear(Welcome)).avatar
    mood = (await watcher.hear(Presence)).entries[0]
    assert (mood.avatar, mood.status, mood.text) == (avatar, 3, "Writing")
    await ann.call("PUT", "/api/presence", {"status": "available", "text": ""})
    mood = (await watcher.hear(Presence)).entries[0]
    assert (mood.avatar, mood.status, mood.text) == (avatar, 0, "")


async def test_an_operator_ends_bans_and_gives_notice(office: Any) -> None:
    operator, ann = await office.account(), await office.account("Ann")
    await office.services.users.set_operator(operator.id, True)
    room = await office.room(operator)
    inside = await ann.join(room)
    await inside.hear(Welcome)
    (session,) = (await operator.call("GET", "/api/admin/sessions"))["sessions"]
    assert (session["username"], session["room_name"], session["address"]) == ("Ann", "Room", "127.0.0.1")
    await operator.call("POST", f"/api/admin/people/{ann.id}/end")
    assert await inside.end() == 4013
    await ann.call("GET", "/api/auth/me", status=401)
    answer = await ann.call("POST", "/api/auth/login", {"email": "Ann", "password": "correct horse battery"})
    ann.token = answer["access_token"]
    again = await ann.join(room)
    await again.hear(Welcome)
    anns_own = await office.room(ann)
    await operator.call("POST", "/api/admin/bans", {"user_id": str(ann.id), "expires_in": 600})
    assert (await ann.call("POST", f"/api/rooms/{anns_own}/join", {}, status=403))["code"] == "banned"
    assert await again.end() == 4015
    assert (await ann.call("POST", f"/api/rooms/{room}/join", {}, status=403))["code"] == "banned"
    overview = await operator.call("GET", "/api/admin/overview")
    assert (overview["accounts"], overview["rooms"], overview["people_inside"]) == (2, 2, 0)
