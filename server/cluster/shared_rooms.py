"""The rooms of all processes, as the REST interface sees them: what is here, what others told, and who has to hear.

Questions about one room are asked where it runs (`forward`). What concerns a person reaches every process as news
(`server.auth.news`): each looks into the database and makes it felt where the person is.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Collection, Iterator, Mapping, Sequence
from uuid import UUID

from redis.exceptions import RedisError

from protocol.constants import EntryFlag
from protocol.global_messages import CHAT_VERSION, encode_global
from protocol.messages import Removed
from server.auth.news import News
from server.cluster.neighbours import Neighbours, State
from server.rooms.directory import LocalRooms
from server.rooms.elsewhere import Person, Room
from server.rooms.lobby import Viewer
from server.rooms.loop import RoomLoop
from server.services import Visit
from server.store.members import Standing
from server.store.objects import StoredObject
from server.store.portals import Portal
from server.store.presence import Presence
from server.store.rooms import Room as StoredRoom


class SharedRooms:
    """Implements `server.services.RoomDirectory` over this process's rooms and its neighbours'."""

    def __init__(self, local: LocalRooms, neighbours: Neighbours, news: News) -> None:
        self._local, self._neighbours, self._news = local, neighbours, news

    # --- questions --------------------------------------------------------------------------------------------------

    def head_count(self, room_id: UUID) -> int:
        there = self._neighbours.room(room_id)
        return self._local.head_count(room_id) or (there.people if there else 0)

    def people(self, room_id: UUID) -> Sequence[tuple[UUID, str, bool]]:
        return self._local.people(room_id)

    def is_inside(self, room_id: UUID, user_id: UUID) -> bool:
        return self._local.is_inside(room_id, user_id) or room_id in self._neighbours.rooms_of(user_id)

    def address_of(self, room_id: UUID, user_id: UUID) -> str | None:
        here = self._local.address_of(room_id, user_id)
        there = (v.address for v in self._neighbours.visits() if (v.room_id, v.user_id) == (room_id, user_id))
        return here or next(there, None)

    def people_from(self, network: str | None, room_id: UUID) -> set[UUID]:
        return self._local.people_from(network, room_id)

    def rooms_of(self, user_id: UUID) -> list[UUID]:
        return [*self._local.rooms_of(user_id), *self._neighbours.rooms_of(user_id)]

    def viewers_of(self, user_id: UUID) -> Collection[Viewer]:
        """The person's connections to `/ws/global` of this process."""
        return self._local.viewers_of(user_id)

    def visits(self) -> Sequence[Visit]:
        return [*self._local.visits(), *self._neighbours.visits()]

    def totals(self) -> tuple[int, int, int]:
        rooms, people, viewers = self._local.totals()
        there = self._neighbours
        return rooms + len(there.rooms()), people + len(there.visits()), viewers + there.viewers()

    def around(self) -> Mapping[UUID, bool | None]:
        others: dict[UUID, bool | None] = {person.user_id: None for person in self._neighbours.people()}
        return others | self._local.around()

    def origins(self) -> Collection[tuple[UUID, str | None]]:
        return self._local.origins() | {(visit.user_id, visit.address) for visit in self._neighbours.visits()}

    def is_online(self, user_id: UUID) -> bool:
        return self._local.is_online(user_id)

    def loops(self) -> Iterator[RoomLoop]:
        return self._local.loops()

    def author_of_message(self, room_id: UUID, message_id: UUID) -> tuple[UUID, str] | None:
        return self._local.author_of_message(room_id, message_id)

    def reaches_object(self, room_id: UUID, user_id: UUID, object_id: UUID) -> bool:
        return self._local.reaches_object(room_id, user_id, object_id)

    # --- what concerns a room: asked where it runs ------------------------------------------------------------------

    def reserve(self, room: StoredRoom, user_id: UUID) -> bool:
        return self._local.reserve(room, user_id)

    def release(self, room_id: UUID, user_id: UUID) -> None:
        self._local.release(room_id, user_id)

    async def leave(self, room_id: UUID, user_id: UUID) -> None:
        await self._local.leave(room_id, user_id)

    async def withdraw_message(self, room_id: UUID, message_id: UUID) -> None:
        await self._local.withdraw_message(room_id, message_id)

    def tell_message_removed(self, room_id: UUID, message_id: UUID) -> None:
        self._local.tell_message_removed(room_id, message_id)

    async def send_out(self, room_id: UUID, user_id: UUID, reason: str, *, banned: bool = False) -> None:
        await self._local.send_out(room_id, user_id, reason, banned=banned)

    async def close_room(
        self, room_id: UUID, reason: str = "The room was deleted.", *, may_return: bool = False
    ) -> None:
        await self._local.close_room(room_id, reason, may_return=may_return)
        if self._neighbours.room(room_id) is not None:  # such as the rooms of an account that is deleted
            await _told(self._news.tell_room(room_id))

    async def change_room(self, room: StoredRoom) -> None:
        await self._local.change_room(room)

    async def change_portals(self, room_id: UUID, portals: Sequence[Portal]) -> None:
        await self._local.change_portals(room_id, portals)

    async def put_object(self, stored: StoredObject) -> None:
        await self._local.put_object(stored)

    async def remove_object(self, room_id: UUID, object_id: UUID) -> None:
        await self._local.remove_object(room_id, object_id)

    async def take_objects(self, room_id: UUID, stored: Sequence[StoredObject]) -> None:
        await self._local.take_objects(room_id, stored)

    # --- what concerns a person: all hear of it ---------------------------------------------------------------------

    async def change_standing(self, room_id: UUID, user_id: UUID, standing: Standing) -> None:
        await self._local.change_standing(room_id, user_id, standing)
        await _told(self._news.tell_change(user_id))

    async def withdraw_direct(self, message_id: UUID, sender_id: UUID) -> bool:
        return await self._local.withdraw_direct(message_id, sender_id)

    def tell_direct_removed(self, user_ids: Sequence[UUID], message_id: UUID) -> None:
        self._local.tell_direct_removed(user_ids, message_id)
        self._neighbours.say(user_ids, encode_global(Removed(str(message_id))), version=CHAT_VERSION)

    async def change_presence(self, user_id: UUID, presence: Presence) -> None:
        await self._local.change_presence(user_id, presence)
        await _told(self._news.tell_change(user_id))

    async def change_user(self, user_id: UUID, name: str, look: bytes) -> None:
        await self._local.change_user(user_id, name, look)
        await _told(self._news.tell_change(user_id))

    async def end_person(self, user_id: UUID, reason: str, *, banned: bool) -> None:
        await self._local.end_person(user_id, reason, banned=banned)
        if not banned:  # all hear of bans as such
            await _told(self._news.tell_end(user_id, reason))

    async def end_session(self, user_id: UUID, session_id: str) -> None:
        await self._local.end_session(user_id, session_id)

    def know_rooms(self, user_id: UUID, rooms: Collection[UUID]) -> None:
        self._local.know_rooms(user_id, rooms)

    def notice(self, text: str) -> None:
        self._local.notice(text)


async def _told(telling: Awaitable[None]) -> None:
    """What Redis does not take now is found by the others when it is back, in the database."""
    with contextlib.suppress(RedisError, OSError):
        await telling


def state_of(local: LocalRooms) -> State:
    """What the neighbours are told of this process."""
    presence = local.presence
    rooms, people = [], []
    for loop in local.loops():
        room = loop.room
        rooms.append(Room(room.id, room.governance.name, len(room.sessions), room.governance.is_public))
        for session in room.sessions.values():
            claims = session.claims
            people.append(
                Person(
                    claims.user_id,
                    claims.name,
                    claims.look,
                    (EntryFlag.GUEST if claims.is_guest else 0) | (EntryFlag.BOT if claims.is_bot else 0),
                    *presence.shown(claims.user_id),
                    presence.chosen(claims.user_id).findable,
                    room.id,
                    claims.is_guest,
                    claims.is_bot,
                    session.address,
                    None if session.away_since is None else 0.0,
                )
            )
    windows: dict[UUID, Person] = {}
    for viewer in local.lobby.viewers():
        before = windows.get(viewer.user_id)
        windows[viewer.user_id] = Person(
            viewer.user_id,
            viewer.name,
            viewer.look,
            int(EntryFlag.GUEST) if viewer.is_guest else 0,
            *presence.shown(viewer.user_id),
            is_guest=viewer.is_guest,
            is_idle=viewer.idle and (before is None or before.is_idle),
        )
    return State(rooms, people, list(windows.values()))
