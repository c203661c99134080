"""The rooms that run in this process, by what the rest of the server asks of them and changes in them."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from protocol.constants import CloseCode
from protocol.global_messages import CHAT_VERSION
from protocol.messages import Removed
from server.chat.room_chat import RoomChat
from server.chat.writer import MessageWriter
from server.networks import is_within, parse_address, parse_networks
from server.objects.part import ObjectsPart
from server.rooms import admission
from server.rooms.changes import Lookup
from server.rooms.lobby import Lobby, Viewer
from server.rooms.loop import RoomLoop
from server.rooms.presence_book import PresenceBook
from server.rooms.reservations import Reservations
from server.rooms.roles import Role
from server.rooms.running import STOPPING, RunningRooms
from server.rooms.session import Session
from server.services import Visit
from server.settings import Settings
from server.store.members import Standing
from server.store.objects import StoredObject
from server.store.portals import Portal
from server.store.presence import Presence
from server.store.rooms import Room as StoredRoom


class LocalRooms:
    """Implements `server.services.RoomDirectory`."""

    def __init__(
        self, settings: Settings, running: RunningRooms, messages_waiting: MessageWriter | None = None
    ) -> None:
        """`messages_waiting`: what rooms write messages with."""
        self.running, self.messages_waiting, self.changes = running, messages_waiting, running.changes
        self._reservations = Reservations(settings.ticket_s, time.monotonic)
        self.presence = PresenceBook()
        self.lobby = Lobby(self)

    def opened(self, room_id: UUID) -> RoomLoop | None:
        """The room's loop if it runs."""
        return self.running.loops.get(room_id)

    def loops(self) -> Iterator[RoomLoop]:
        """The loops of all rooms that run."""
        return iter(self.running.loops.values())

    async def close_empty(self) -> None:
        """Close the rooms in which nobody was for a while, and let go of the places that nobody took."""
        self._reservations.sweep()
        await self.running.close_empty()

    async def stop(self) -> None:
        """Close all rooms: the server stops, and people come back when it is there again."""
        self.lobby.close(CloseCode.RESTART, STOPPING, 1000)
        await self.running.stop()

    def count(self) -> tuple[int, int]:
        """How many rooms run and how many people are in them."""
        return len(self.running.loops), sum(len(loop.room.sessions) for loop in self.running.loops.values())

    def set_idle(self, user_id: UUID, idle: bool) -> None:
        """Somebody is idle in all their windows, or no longer."""
        self.presence.set_idle(user_id, idle)
        self._show_presence(user_id)

    def holds(self, loop: RoomLoop, lookup: Lookup) -> bool:
        """Whether what was found out about somebody who comes is still so, and the room runs."""
        return self.opened(loop.room.id) is loop and not lookup.stale

    def arrived(self, loop: RoomLoop, session: Session) -> None:
        """Somebody was let in: their place is no longer only kept, and they are seen as they want to be."""
        user_id, standing = session.claims.user_id, session.standing
        self._reservations.release(loop.room.id, user_id)
        self.presence.choose(user_id, Presence(standing.status, standing.text, standing.findable))
        self._show_presence(user_id)

    # --- server.services.RoomDirectory: questions -------------------------------------------------------------------

    def head_count(self, room_id: UUID) -> int:
        """How many people are in the room."""
        loop = self.running.loops.get(room_id)
        return len(loop.room.sessions) if loop else 0

    def people(self, room_id: UUID) -> list[tuple[UUID, str, bool]]:
        """(user id, name, is_guest) of everyone in the room."""
        loop = self.running.loops.get(room_id)
        return [(claims.user_id, claims.name, claims.is_guest) for claims in loop.room.people()] if loop else []

    def is_inside(self, room_id: UUID, user_id: UUID) -> bool:
        """Whether the person has an avatar in the room."""
        return self._session(room_id, user_id) is not None

    def address_of(self, room_id: UUID, user_id: UUID) -> str | None:
        """The IP address from which the person is in the room; None: not inside, or without an address."""
        session = self._session(room_id, user_id)
        return session.address if session else None

    def people_from(self, network: str | None, room_id: UUID) -> set[UUID]:
        """Who is in the room from an address of the network; nobody for None."""
        networks = parse_networks(network or "")
        return {
            visit.user_id
            for visit in self.visits()
            if visit.room_id == room_id and is_within(parse_address(visit.address or ""), networks)
        }

    def rooms_of(self, user_id: UUID) -> list[UUID]:
        """The rooms in which the person has an avatar."""
        return [loop.room.id for loop in self.running.loops.values() if loop.room.has_user(user_id)]

    def totals(self) -> tuple[int, int, int]:
        """How many rooms run, how many people are in them, and how many connections to `/ws/global` there are."""
        return (*self.count(), self.lobby.count())

    def is_online(self, user_id: UUID) -> bool:
        """Whether the person is around, in a room or not."""
        return self.lobby.is_online(user_id)

    def around(self) -> dict[UUID, bool | None]:
        """Everybody who is connected, and whether they are held for one of those who run the server; None: unknown."""
        found: dict[UUID, bool | None] = dict.fromkeys(self.lobby.user_ids())
        for loop in self.running.loops.values():
            for session in loop.room.sessions.values():
                found[session.claims.user_id] = session.standing.role is Role.OPERATOR
        return found

    def origins(self) -> set[tuple[UUID, str | None]]:
        """Everybody who is connected, each with every address that they come from; None: a connection without one."""
        return self.lobby.origins() | {(visit.user_id, visit.address) for visit in self.visits()}

    def visits(self) -> list[Visit]:
        """Everybody who is in a room."""
        now = time.monotonic()
        return [
            Visit(
                loop.room.id,
                session.claims.user_id,
                session.claims.name,
                session.claims.is_guest,
                session.claims.is_bot,
                session.address,
                None if session.away_since is None else now - session.away_since,
            )
            for loop in self.running.loops.values()
            for session in loop.room.sessions.values()
        ]

    # --- server.services.RoomDirectory: changes ---------------------------------------------------------------------

    def reserve(self, room: StoredRoom, user_id: UUID) -> bool:
        """Keep a place in the room for the person for as long as a ticket is good; False: the room is full."""
        loop = self.running.loops.get(room.id)
        if loop is None:
            return self._reservations.take(room.id, user_id, room.max_capacity, 0, ())
        inside = loop.room.user_ids()
        return self._reservations.take(room.id, user_id, loop.room.capacity, len(inside), inside)

    def release(self, room_id: UUID, user_id: UUID) -> None:
        """Give up the person's reserved place."""
        self._reservations.release(room_id, user_id)

    async def leave(self, room_id: UUID, user_id: UUID) -> None:
        """Take the person out of the room, if inside."""
        self._dismiss(room_id, user_id, CloseCode.LEFT, "You left the room.")

    async def send_out(self, room_id: UUID, user_id: UUID, reason: str, *, banned: bool = False) -> None:
        """Send the person out of the room, if inside."""
        self.changes.of_person(user_id, room_id)
        self._reservations.release(room_id, user_id)
        self._dismiss(room_id, user_id, CloseCode.BANNED if banned else CloseCode.KICKED, reason)

    async def close_room(
        self, room_id: UUID, reason: str = "The room was deleted.", *, may_return: bool = False
    ) -> None:
        """Send everyone out."""
        self.changes.of_room(room_id)
        if room_id in self.running.loops:
            await self.running.close(room_id, CloseCode.KICKED if may_return else CloseCode.CLOSED, reason)

    async def change_room(self, room: StoredRoom) -> None:
        """The room's settings were changed: whoever might not come in any more is sent out and told why. Others stay,
        also above a smaller capacity, and without having been asked for a new password."""
        self.changes.of_room(room.id)
        loop = self.running.loops.get(room.id)
        if loop:
            for session in list(loop.room.sessions.values()):
                refused = admission.refusal(room, session.standing)
                if refused is not None:
                    self._reservations.release(room.id, session.claims.user_id)
                    loop.room.attendance.dismiss(session.claims.user_id, CloseCode.KICKED, refused.text)
            loop.room.governance.change_settings(room)

    async def change_standing(self, room_id: UUID, user_id: UUID, standing: Standing) -> None:
        """The person is something else in the room than before."""
        self.changes.of_person(user_id, room_id)
        self.lobby.invited(user_id, room_id, standing.is_invited)
        loop = self.running.loops.get(room_id)
        if loop:
            loop.room.governance.change_standing(user_id, standing)

    async def change_portals(self, room_id: UUID, portals: Sequence[Portal]) -> None:
        """These are the room's portals from now on."""
        self.changes.of_room(room_id)
        loop = self.running.loops.get(room_id)
        if loop:
            loop.room.governance.change_portals(portals)

    async def put_object(self, stored: StoredObject) -> None:
        """An object was put into a room, moved or set up anew."""
        objects = self._objects(stored.room_id)
        if objects:
            objects.put(stored)

    async def remove_object(self, room_id: UUID, object_id: UUID) -> None:
        """An object is gone."""
        objects = self._objects(room_id)
        if objects:
            objects.remove(object_id)

    async def take_objects(self, room_id: UUID, stored: Sequence[StoredObject]) -> None:
        """This is all that stands in the room."""
        objects = self._objects(room_id)
        if objects:
            objects.compare(stored)

    def reaches_object(self, room_id: UUID, user_id: UUID, object_id: UUID) -> bool:
        """Whether the person is inside and can use the object from where they stand."""
        objects = self._objects(room_id)
        return objects is not None and objects.reaches(user_id, object_id)

    def author_of_message(self, room_id: UUID, message_id: UUID) -> tuple[UUID, str] | None:
        """Who wrote a message that the running room knows, be it in the history or not: (id, name)."""
        chat = self._chat(room_id)
        return chat.author_of(message_id) if chat else None

    async def withdraw_message(self, room_id: UUID, message_id: UUID) -> None:
        """Do not write a message into the room's history any more, if it is not there yet."""
        if self.messages_waiting is not None:
            await self.messages_waiting.withdraw(message_id)

    def tell_message_removed(self, room_id: UUID, message_id: UUID) -> None:
        """A message of the room was deleted: tell those inside."""
        chat = self._chat(room_id)
        if chat:
            chat.tell_removed(message_id)

    async def withdraw_direct(self, message_id: UUID, sender_id: UUID) -> bool:
        """Do not write somebody's direct message into the history any more; False: it is there, or never was."""
        return self.messages_waiting is not None and await self.messages_waiting.withdraw(message_id, sender_id)

    def tell_direct_removed(self, user_ids: Sequence[UUID], message_id: UUID) -> None:
        """A direct message was deleted: tell these people."""
        removed = Removed(str(message_id))
        for user_id in user_ids:
            for viewer in self.viewers_of(user_id):
                if viewer.version >= CHAT_VERSION:
                    viewer.tell(removed)

    def viewers_of(self, user_id: UUID) -> Collection[Viewer]:
        """The person's connections to `/ws/global`."""
        return self.lobby.viewers_of(user_id)

    async def change_presence(self, user_id: UUID, presence: Presence) -> None:
        """The person wants to be seen in another way."""
        self.presence.choose(user_id, presence)
        self._show_presence(user_id)

    async def change_user(self, user_id: UUID, name: str, look: bytes) -> None:
        """The person has another name or look; say so in every room they are in."""
        self.lobby.change_user(user_id, name, look)
        for loop in self.running.loops.values():
            session = loop.room.session_of(user_id)
            if session is not None and (session.claims.name, session.claims.look) != (name, look):
                loop.room.change_user(user_id, name, look)

    async def end_session(self, user_id: UUID, session_id: str) -> None:
        """The person logged out: close the connections that were opened with tickets of this log-in."""
        self.lobby.end_session(user_id, session_id)
        for loop in self.running.loops.values():
            if any(c.user_id == user_id and c.session_id == session_id for c in loop.room.people()):
                loop.room.attendance.dismiss(user_id, CloseCode.ENDED, "You logged out.")

    async def end_person(self, user_id: UUID, reason: str, *, banned: bool) -> None:
        """Send the person out of every room and close their other connections."""
        self.changes.of_person(user_id)
        code = CloseCode.BANNED if banned else CloseCode.ENDED
        self.lobby.end_person(user_id, code, reason)
        for loop in self.running.loops.values():
            loop.room.attendance.dismiss(user_id, code, reason)

    def know_rooms(self, user_id: UUID, rooms: Collection[UUID]) -> None:
        """These are the rooms that the person may know of, beside the public ones."""
        self.lobby.know_rooms(user_id, rooms)

    def notice(self, text: str) -> None:
        """Tell everybody who is around."""
        self.lobby.notice(text)

    # --- parts ------------------------------------------------------------------------------------------------------

    def _chat(self, room_id: UUID) -> RoomChat | None:
        loop = self.running.loops.get(room_id)
        return next((part for part in loop.room.parts if isinstance(part, RoomChat)), None) if loop else None

    def _session(self, room_id: UUID, user_id: UUID) -> Session | None:
        loop = self.running.loops.get(room_id)
        return loop.room.session_of(user_id) if loop else None

    def _objects(self, room_id: UUID) -> ObjectsPart | None:
        loop = self.running.loops.get(room_id)
        return next((part for part in loop.room.parts if isinstance(part, ObjectsPart)), None) if loop else None

    def _dismiss(self, room_id: UUID, user_id: UUID, code: CloseCode, reason: str) -> None:
        loop = self.running.loops.get(room_id)
        if loop:
            loop.room.attendance.dismiss(user_id, code, reason)

    def _show_presence(self, user_id: UUID) -> None:
        status, text = self.presence.shown(user_id)
        for loop in self.running.loops.values():
            loop.room.governance.change_presence(user_id, status, text)
        self.lobby.tell_own(user_id)
