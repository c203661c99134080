"""Stands in for the running rooms: who is inside is what the test says, and calls are written down."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from server.networks import is_within, parse_address, parse_networks
from server.services import Visit
from server.store.members import Standing
from server.store.objects import StoredObject
from server.store.portals import Portal
from server.store.presence import Presence
from server.store.rooms import Room


@dataclass
class PretendedRooms:
    """Implements `server.services.RoomDirectory`."""

    inside: dict[UUID, list[tuple[UUID, str, bool]]] = field(default_factory=dict)
    addresses: dict[UUID, str] = field(default_factory=dict)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    on_the_way: dict[UUID, set[UUID]] = field(default_factory=dict)

    def loops(self) -> Iterator[Any]:
        return iter(())

    def head_count(self, room_id: UUID) -> int:
        return len(self.inside.get(room_id, []))

    def people(self, room_id: UUID) -> Sequence[tuple[UUID, str, bool]]:
        return self.inside.get(room_id, [])

    def is_inside(self, room_id: UUID, user_id: UUID) -> bool:
        return any(user_id == known for known, *_ in self.people(room_id))

    def reserve(self, room: Room, user_id: UUID) -> bool:
        waiting = self.on_the_way.setdefault(room.id, set())
        if not self.is_inside(room.id, user_id) and user_id not in waiting:
            if self.head_count(room.id) + len(waiting) >= room.max_capacity:
                return False
            waiting.add(user_id)
        return True

    def release(self, room_id: UUID, user_id: UUID) -> None:
        self.on_the_way.get(room_id, set()).discard(user_id)

    def address_of(self, room_id: UUID, user_id: UUID) -> str | None:
        return self.addresses.get(user_id) if self.is_inside(room_id, user_id) else None

    def people_from(self, network: str | None, room_id: UUID) -> set[UUID]:
        networks = parse_networks(network or "")
        return {
            visit.user_id
            for visit in self.visits()
            if visit.room_id == room_id and is_within(parse_address(visit.address or ""), networks)
        }

    def rooms_of(self, user_id: UUID) -> list[UUID]:
        return [room_id for room_id in self.inside if self.is_inside(room_id, user_id)]

    def totals(self) -> tuple[int, int, int]:
        return len(self.inside), sum(map(len, self.inside.values())), 0

    def around(self) -> Mapping[UUID, bool | None]:
        return {visit.user_id: None for visit in self.visits()}

    def origins(self) -> set[tuple[UUID, str | None]]:
        return {(visit.user_id, visit.address) for visit in self.visits()}

    def author_of_message(self, room_id: UUID, message_id: UUID) -> tuple[UUID, str] | None:
        return None

    async def withdraw_message(self, room_id: UUID, message_id: UUID) -> None:
        self.calls.append(("withdraw_message", room_id, message_id))

    def tell_message_removed(self, room_id: UUID, message_id: UUID) -> None:
        self.calls.append(("tell_message_removed", room_id, message_id))

    async def withdraw_direct(self, message_id: UUID, sender_id: UUID) -> bool:
        return False

    def tell_direct_removed(self, user_ids: Sequence[UUID], message_id: UUID) -> None:
        self.calls.append(("tell_direct_removed", tuple(user_ids), message_id))

    def is_online(self, user_id: UUID) -> bool:
        return bool(self.rooms_of(user_id))

    def visits(self) -> Sequence[Visit]:
        return [
            Visit(room_id, user_id, name, is_guest, False, self.addresses.get(user_id), None)
            for room_id, people in self.inside.items()
            for user_id, name, is_guest in people
        ]

    async def leave(self, room_id: UUID, user_id: UUID) -> None:
        self.calls.append(("leave", room_id, user_id))

    async def send_out(self, room_id: UUID, user_id: UUID, reason: str, *, banned: bool = False) -> None:
        self.calls.append(("send_out", room_id, user_id, reason, banned))

    async def close_room(
        self, room_id: UUID, reason: str = "The room was deleted.", *, may_return: bool = False
    ) -> None:
        self.calls.append(("close_room", room_id))

    async def change_room(self, room: Room) -> None:
        self.calls.append(("change_room", room.id, room.max_capacity))

    async def change_standing(self, room_id: UUID, user_id: UUID, standing: Standing) -> None:
        self.calls.append(("change_standing", room_id, user_id, standing.role.label, standing.is_muted))

    async def change_portals(self, room_id: UUID, portals: Sequence[Portal]) -> None:
        self.calls.append(("change_portals", room_id, [portal.number for portal in portals]))

    async def put_object(self, stored: StoredObject) -> None:
        self.calls.append(("put_object", stored.room_id, stored.type))

    async def remove_object(self, room_id: UUID, object_id: UUID) -> None:
        self.calls.append(("remove_object", room_id, object_id))

    async def take_objects(self, room_id: UUID, stored: Sequence[StoredObject]) -> None:
        self.calls.append(("take_objects", room_id))

    def reaches_object(self, room_id: UUID, user_id: UUID, object_id: UUID) -> bool:
        return self.is_inside(room_id, user_id)

    async def change_presence(self, user_id: UUID, presence: Presence) -> None:
        self.calls.append(("change_presence", user_id, presence.status, presence.text, presence.findable))

    async def change_user(self, user_id: UUID, name: str, look: bytes) -> None:
        self.calls.append(("change_user", user_id, name, look))

    async def end_session(self, user_id: UUID, session_id: str) -> None:
        self.calls.append(("end_session", user_id))

    async def end_person(self, user_id: UUID, reason: str, *, banned: bool) -> None:
        self.calls.append(("end_person", user_id, reason, banned))

    def know_rooms(self, user_id: UUID, rooms: Collection[UUID]) -> None:
        self.calls.append(("know_rooms", user_id))

    def notice(self, text: str) -> None:
        self.calls.append(("notice", text))
