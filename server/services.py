"""What the parts of the server share. `server.app` makes one `Services` and hands it to whoever needs it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from redis.asyncio import Redis

from server.auth.endings import Endings
from server.auth.limits import Limits
from server.auth.news import News
from server.auth.passwords import Passwords
from server.auth.tickets import Tickets
from server.auth.tokens import Tokens
from server.fanout.entrance import Entrance
from server.ops.readiness import Readiness
from server.ops.servers import Servers
from server.settings import Settings
from server.store.database import Database
from server.store.members import Standing
from server.store.objects import StoredObject
from server.store.portals import Portal
from server.store.positions import Positions
from server.store.presence import Presence
from server.store.rooms import Room, Rooms
from server.store.users import Users

if TYPE_CHECKING:
    from server.rooms.loop import RoomLoop


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody in a room. `away_s`: how long their connection has been lost; None: it stands."""

    room_id: UUID
    user_id: UUID
    name: str
    is_guest: bool
    is_bot: bool
    address: str | None
    away_s: float | None


class RoomDirectory(Protocol):
    """The rooms that run here, as the REST API sees them. A room that does not run is an empty room, not an error."""

    def head_count(self, room_id: UUID) -> int:
        """How many people are in the room."""
        ...

    def people(self, room_id: UUID) -> Sequence[tuple[UUID, str, bool]]:
        """(user id, name, is_guest) of everyone in the room."""
        ...

    async def leave(self, room_id: UUID, user_id: UUID) -> None:
        """Take the user out of the room, if inside."""
        ...

    def is_inside(self, room_id: UUID, user_id: UUID) -> bool:
        """Whether the user has an avatar in the room."""
        ...

    def reserve(self, room: Room, user_id: UUID) -> bool:
        """Keep a place in the room for the user for as long as a ticket is good; False: the room is full."""
        ...

    def release(self, room_id: UUID, user_id: UUID) -> None:
        """Give up the user's reserved place."""
        ...

    def address_of(self, room_id: UUID, user_id: UUID) -> str | None:
        """The IP address from which the user is in the room; None: not inside, or without an address."""
        ...

    def people_from(self, network: str | None, room_id: UUID) -> set[UUID]:
        """Who is in the room from an address of the network; nobody for None."""
        ...

    def rooms_of(self, user_id: UUID) -> list[UUID]:
        """The rooms in which the user has an avatar."""
        ...

    def visits(self) -> Sequence[Visit]:
        """Everybody who is in a room."""
        ...

    def totals(self) -> tuple[int, int, int]:
        """How many rooms run, how many people are in them, and how many connections to `/ws/global` there are."""
        ...

    def around(self) -> Mapping[UUID, bool | None]:
        """Everybody who is connected, and whether they are held for one of those who run the server; None: unknown."""
        ...

    def origins(self) -> Collection[tuple[UUID, str | None]]:
        """Everybody who is connected, each with every address that they come from; None: a connection without one."""
        ...

    def author_of_message(self, room_id: UUID, message_id: UUID) -> tuple[UUID, str] | None:
        """Who wrote a message that the running room knows, be it in the history or not: (id, name)."""
        ...

    async def withdraw_message(self, room_id: UUID, message_id: UUID) -> None:
        """Do not write a message into the room's history any more, if it is not there yet."""
        ...

    def tell_message_removed(self, room_id: UUID, message_id: UUID) -> None:
        """A message of the room was deleted: tell those inside."""
        ...

    async def withdraw_direct(self, message_id: UUID, sender_id: UUID) -> bool:
        """Do not write somebody's direct message into the history any more; False: it is there, or never was."""
        ...

    def tell_direct_removed(self, user_ids: Sequence[UUID], message_id: UUID) -> None:
        """A direct message was deleted: tell these people."""
        ...

    def is_online(self, user_id: UUID) -> bool:
        """Whether the user is around, in a room or not."""
        ...

    def loops(self) -> Iterator[RoomLoop]:
        """The rooms that run in this process."""
        ...

    async def send_out(self, room_id: UUID, user_id: UUID, reason: str, *, banned: bool = False) -> None:
        """Send the user out of the room, if inside. `reason`: for them."""
        ...

    async def close_room(
        self, room_id: UUID, reason: str = "The room was deleted.", *, may_return: bool = False
    ) -> None:
        """Send everyone out. `reason`: for them. `may_return`: it is not the end of the room."""
        ...

    async def change_standing(self, room_id: UUID, user_id: UUID, standing: Standing) -> None:
        """The user is something else in the room than before."""
        ...

    async def change_portals(self, room_id: UUID, portals: Sequence[Portal]) -> None:
        """These are the room's portals from now on."""
        ...

    async def put_object(self, stored: StoredObject) -> None:
        """An object was put into a room, moved or set up anew."""
        ...

    async def remove_object(self, room_id: UUID, object_id: UUID) -> None:
        """An object is gone."""
        ...

    async def take_objects(self, room_id: UUID, stored: Sequence[StoredObject]) -> None:
        """This is all that stands in the room."""
        ...

    def reaches_object(self, room_id: UUID, user_id: UUID, object_id: UUID) -> bool:
        """Whether the user is inside and can use the object from where they stand."""
        ...

    async def change_presence(self, user_id: UUID, presence: Presence) -> None:
        """The user wants to be seen in another way."""
        ...

    async def end_person(self, user_id: UUID, reason: str, *, banned: bool) -> None:
        """Send the user out of every room and close their other connections."""
        ...

    def know_rooms(self, user_id: UUID, rooms: Collection[UUID]) -> None:
        """These are the rooms that the user may know of, beside the public ones."""
        ...

    def notice(self, text: str) -> None:
        """Tell everybody who is around."""
        ...

    async def change_room(self, room: Room) -> None:
        """The room's settings were changed."""
        ...

    async def change_user(self, user_id: UUID, name: str, look: bytes) -> None:
        """The user has another name or look; say so in every room they are in."""
        ...

    async def end_session(self, user_id: UUID, session_id: str) -> None:
        """The user logged out: close the connections that were opened with tickets of this log-in."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that handlers of requests and of connections use."""

    settings: Settings
    db: Database
    redis: Redis
    users: Users
    rooms_store: Rooms
    positions: Positions
    passwords: Passwords
    tokens: Tokens
    tickets: Tickets
    limits: Limits
    endings: Endings
    news: News
    servers: Servers
    directory: RoomDirectory
    readiness: Readiness = field(default_factory=Readiness)
    entrance: Entrance = field(default_factory=Entrance)
