"""Every endpoint for rooms x every role, on what belongs to somebody else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from protocol.constants import Channel
from server.rooms.roles import Role
from server.store.audit import Actor
from server.store.bans import Bans
from server.store.files import Files
from server.store.invites import Invites
from server.store.messages import Message, Messages
from server.store.objects import NewObject, Objects
from server.store.portals import Portals
from tests.server.api.room_table import KINDS, MEMBERS_ONLY, TABLE


class Scene:
    """A room with somebody of every kind."""

    def __init__(self, site: Any) -> None:
        self.site = site
        self.people: dict[str, Any] = {}
        self.values: dict[str, str] = {}

    async def set(self, access: str) -> None:
        site, services = self.site, self.site.services
        people = self.people
        people["nobody"], people["guest"] = await site.browser(), await (await site.browser()).enter()
        for kind in KINDS[2:]:
            people[kind] = await (await site.browser()).register()
        target = await (await site.browser()).register()
        room = await people["owner"].make_room(access=access)
        other = await people["owner"].make_room(name="Next door")
        room_id = UUID(room["id"])
        operator = UUID(people["operator"].user["id"])
        await services.users.set_operator(operator, True)
        for kind, role in (("invited", "guest"), ("member", "member"), ("moderator", "moderator"), ("admin", "admin")):
            await services.db.execute(
                "INSERT INTO room_members (room_id, user_id, role) VALUES ($1, $2, $3)",
                room_id,
                UUID(people[kind].user["id"]),
                role,
            )
        target_id = UUID(target.user["id"])
        await services.db.execute(
            "INSERT INTO room_members (room_id, user_id, role) VALUES ($1, $2, 'member')", room_id, target_id
        )
        site.rooms.inside[room_id] = [(target_id, "Target", False)]
        self.values = {"room": room["id"], "other": other["id"], "target": target.user["id"]}

    async def furnish(self, path: str, body: Any = None) -> dict[str, str]:
        """What a request uses up, anew; and the names of all that it speaks of."""
        room_id, owner = UUID(self.values["room"]), self.people["owner"]
        actor = Actor(UUID(owner.user["id"]), owner.user["username"])
        makers: dict[str, Callable[[], Awaitable[str]]] = {
            "ban": lambda: self._ban(room_id, actor),
            "server_ban": lambda: self._server_ban(actor),
            "invite": lambda: self._invite(room_id, actor),
            "number": lambda: self._portal(room_id, actor),
            "message": lambda: self._write(room_id),
            "object": lambda: self._put_up(room_id, actor),
            "file": lambda: self._upload(room_id, actor),
        }
        spoken_of = f"{path} {body}"
        made = {name: await make() for name, make in makers.items() if f"{{{name}}}" in spoken_of}
        if "{token}" in spoken_of:
            _, made["token"] = await self._new_invite(room_id, actor)
        if path.endswith("/restore"):
            await self.site.services.db.execute(
                "UPDATE rooms SET deleted_at = now(), purged_at = now() WHERE id = $1", room_id
            )
        return self.values | made

    async def _ban(self, room_id: UUID, actor: Actor) -> str:
        bans, invited = Bans(self.site.services.db), uuid_of(self.people["invited"])
        ban = await bans.add(room_id, invited, "x", actor, network="192.0.2.1/32")
        await self.site.services.db.execute("UPDATE bans SET user_id = NULL WHERE id = $1", ban.id)
        return str(ban.id)

    async def _server_ban(self, actor: Actor) -> str:
        return str((await Bans(self.site.services.db).add(None, None, "x", actor, network="192.0.2.9/32")).id)

    async def _new_invite(self, room_id: UUID, actor: Actor) -> tuple[str, str]:
        """Its id and its token."""
        invites = Invites(self.site.services.db)
        invite, token = await invites.create(room_id, actor, role=Role.GUEST, expires_in=None, max_uses=None)
        return str(invite.id), token

    async def _invite(self, room_id: UUID, actor: Actor) -> str:
        return (await self._new_invite(room_id, actor))[0]

    async def _portal(self, room_id: UUID, actor: Actor) -> str:
        there = (UUID(self.values["other"]), "Next door")
        portal = await Portals(self.site.services.db).add(room_id, there, "Door", (32, 32, 8, 8), actor)
        assert portal is not None
        return str(portal.number)

    async def _write(self, room_id: UUID) -> str:
        """Something that the target said, anew for each."""
        message = Message(
            uuid4(), UUID(self.values["target"]), "Target", Channel.ROOM, "Hello", datetime.now(UTC), room_id
        )
        await Messages(self.site.services.db).save_many([message])
        return str(message.id)

    async def _put_up(self, room_id: UUID, actor: Actor) -> str:
        await self.site.services.db.execute("DELETE FROM room_objects WHERE room_id = $1", room_id)
        board = NewObject("whiteboard", 32, 32, 96, 24, {"name": "", "edit_role": "guest", "view_role": "guest"})
        added = await Objects(self.site.services.db).add(room_id, board, actor)
        assert added is not None
        return str(added.id)

    async def _upload(self, room_id: UUID, actor: Actor) -> str:
        await self.site.services.db.execute("DELETE FROM files WHERE room_id = $1", room_id)
        kept = await Files(self.site.services.db).add(room_id, actor.id, "a.pdf", "application/pdf", b"%PDF-", 1 << 20)
        assert kept is not None
        return str(kept.id)

    async def undo(self) -> None:
        """Put the room back into the state in which the next person finds it."""
        room_id, owner = UUID(self.values["room"]), uuid_of(self.people["owner"])
        execute = self.site.services.db.execute
        await execute(
            "UPDATE rooms SET deleted_at = NULL, purged_at = NULL, archived_at = NULL, owner_id = $2 WHERE id = $1",
            room_id,
            owner,
        )
        await execute("DELETE FROM room_members WHERE room_id = $1 AND user_id = $2", room_id, owner)
        await execute("DELETE FROM bans WHERE room_id = $1 OR room_id IS NULL", room_id)
        target = UUID(self.values["target"])
        await execute(
            "INSERT INTO room_members (room_id, user_id, role) VALUES ($1, $2, 'member') "
            "ON CONFLICT (room_id, user_id) DO UPDATE SET role = 'member'",
            room_id,
            target,
        )


def uuid_of(browser: Any) -> UUID:
    return UUID(browser.user["id"])


def filled(body: Any, values: dict[str, str]) -> Any:
    if isinstance(body, dict):
        return {name: filled(value, values) for name, value in body.items()}
    return body.format(**values) if isinstance(body, str) else body


async def answers(scene: Scene, method: str, path: str, body: Any) -> dict[str, int]:
    found = {}
    for kind in KINDS:
        values = await scene.furnish(path, body)
        options = {} if body is None else {"json": filled(body, values)}
        response = await scene.people[kind].send(method, path.format(**values), **options)
        found[kind] = response.status
        if method != "GET":
            await scene.undo()
    return found


@pytest.mark.parametrize(("method", "path"), TABLE)
async def test_each_role_gets_the_expected_answer(site: Any, method: str, path: str) -> None:
    scene = Scene(site)
    await scene.set("unlisted")
    body, expected = TABLE[method, path]
    assert await answers(scene, method, path, body) == dict(zip(KINDS, expected, strict=True))


@pytest.mark.parametrize(("method", "path"), MEMBERS_ONLY)
async def test_a_members_room_shows_itself_to_those_only_who_were_invited(site: Any, method: str, path: str) -> None:
    scene = Scene(site)
    await scene.set("members")
    body, _ = TABLE[method, path]
    assert await answers(scene, method, path, body) == dict(zip(KINDS, MEMBERS_ONLY[method, path], strict=True))


ACTS: list[tuple[str, str, Any]] = [
    ("POST", "/api/rooms/{room}/kick", {"user_id": "{equal}"}),
    ("POST", "/api/rooms/{room}/bans", {"user_id": "{equal}"}),
    ("PUT", "/api/rooms/{room}/mutes/{equal}", None),
    ("DELETE", "/api/rooms/{room}/mutes/{equal}", None),
    ("PUT", "/api/rooms/{room}/members/{equal}", {"role": "guest"}),
    ("DELETE", "/api/rooms/{room}/members/{equal}", None),
]


@pytest.mark.parametrize(("method", "path", "body"), ACTS)
@pytest.mark.parametrize("kind", ["moderator", "admin", "owner", "operator"])
async def test_nobody_acts_against_an_equal_or_a_superior(
    site: Any, method: str, path: str, body: Any, kind: str
) -> None:
    scene = Scene(site)
    await scene.set("unlisted")
    equal = await (await site.browser()).register()
    room_id, equal_id = UUID(scene.values["room"]), uuid_of(equal)
    if kind in ("moderator", "admin"):
        await site.services.db.execute(
            "INSERT INTO room_members (room_id, user_id, role) VALUES ($1, $2, $3)", room_id, equal_id, kind
        )
    else:
        await site.services.users.set_operator(equal_id, True)
    site.rooms.inside[room_id].append((equal_id, "Equal", False))
    values = scene.values | {"equal": str(equal_id)}
    options = {} if body is None else {"json": filled(body, values)}
    response = await scene.people[kind].send(method, path.format(**values), **options)
    assert (response.status, (await response.json())["code"]) == (403, "role_too_low")


@pytest.mark.parametrize(
    ("kind", "highest"), [("admin", "moderator"), ("owner", "admin"), ("operator", "admin"), ("moderator", None)]
)
async def test_roles_are_granted_below_ones_own_only(site: Any, kind: str, highest: str | None) -> None:
    scene = Scene(site)
    await scene.set("unlisted")
    path = f"/api/rooms/{scene.values['room']}/members/{scene.values['target']}"
    granted = []
    for role in ("guest", "member", "moderator", "admin"):
        response = await scene.people[kind].put(path, {"role": role})
        if response.status == 200:
            granted.append(role)
        await scene.undo()
    assert (granted[-1] if granted else None) == highest


@pytest.mark.parametrize(
    ("method", "path"), [entry for entry in TABLE if "{room}" in entry[1] and "/admin/" not in entry[1]]
)
async def test_a_room_that_is_not_there_is_not_found_whoever_asks(site: Any, method: str, path: str) -> None:
    scene = Scene(site)
    await scene.set("unlisted")
    body, _ = TABLE[method, path]
    values = await scene.furnish(path, body) | {"room": str(uuid4())}
    options = {} if body is None else {"json": filled(body, values)}
    for kind in ("account", "operator"):
        response = await scene.people[kind].send(method, path.format(**values), **options)
        assert (response.status, (await response.json())["code"]) == (404, "room_not_found"), kind


@pytest.mark.parametrize("part", ["ban", "invite", "number", "target"])
async def test_what_belongs_to_another_room_is_not_found_here(site: Any, part: str) -> None:
    scene = Scene(site)
    await scene.set("unlisted")
    values = await scene.furnish(f"{{{part}}}")
    elsewhere = values | {"room": values["other"], "target": str(uuid4())}
    for method, path in TABLE:
        if path.endswith(f"{{{part}}}") and method == "DELETE":
            response = await scene.people["owner"].send(method, path.format(**elsewhere))
            assert response.status == 404, path
