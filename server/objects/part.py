"""The objects of one running room: who uses what, and what everybody is told of it (STANDARD.md section 10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol
from uuid import UUID

import msgspec
import structlog

from protocol.constants import OBJECT_JSON_BYTES, Feature
from protocol.messages import (
    Error,
    ObjectEntry,
    ObjectEvent,
    ObjectGone,
    ObjectList,
    ObjectPut,
    ObjectState,
    Use,
    encode,
)
from server.embeds import allowed_origins, may_embed
from server.objects.kind import Person, Refused, Surroundings
from server.objects.places import AREA_PX, furniture_objects, private_area, private_area_of, reaches
from server.objects.thing import Thing
from server.objects.types import object_types
from server.rooms.parts import Handler, Part, Showing
from server.rooms.room import Room
from server.rooms.session import Session
from server.settings import Settings
from server.store.errors import StoreUnavailable
from server.store.objects import Objects, StoredObject
from server.store.rooms import Room as StoredRoom
from sim.commands import Events

log = structlog.get_logger()


class DocumentWatch(Protocol):
    """Who looks after documents is told what becomes of their objects and of those who write."""

    def changed(self, stored: StoredObject) -> None:
        """An object was set up anew."""

    def removed(self, object_id: UUID) -> None:
        """An object is gone."""

    def left(self, room_id: UUID, user_id: UUID) -> None:
        """Somebody left the room: what they opened from inside is shut."""


class ObjectsPart(Part):
    """Implements `Part`. `save` writes how objects stand, a few times a second."""

    def __init__(self, room: Room, store: Objects, settings: Settings, documents: DocumentWatch) -> None:
        super().__init__(room)
        self._store, self._settings, self._documents = store, settings, documents
        self._things: dict[UUID, Thing] = {}
        self._surroundings = Surroundings()
        self._unsaved: set[UUID] = set()
        self._told_of: dict[int, int] = {}
        """By avatar, the private area whose objects their client knows the states of."""

    # --- server.rooms.parts.Part ------------------------------------------------------------------------------------

    def handlers(self) -> Mapping[type, Handler]:
        return {Use: self._use}

    async def load(self) -> None:
        await self._store.seed(self.room.id, furniture_objects(self.room.map))
        for stored in await self._store.list(self.room.id):
            self._take(stored, stored.state)

    async def save(self) -> None:
        while self._unsaved:
            object_id = self._unsaved.pop()
            thing = self._things.get(object_id)
            if thing is None:
                continue
            try:
                await self._store.save_state(self.room.id, object_id, thing.state, self.room.epoch)
            except StoreUnavailable:
                self._unsaved.add(object_id)
                return

    @property
    def is_saved(self) -> bool:
        return not self._unsaved

    def configure(self, stored: StoredRoom) -> None:
        origins = allowed_origins(self._settings, stored.room_config.get("embeds"))
        self._surroundings.may_embed = lambda url: may_embed(url, origins)

    def tell_state(self, session: Session) -> None:
        if not session.wants(Feature.OBJECTS):
            return
        session.tell(ObjectList(tuple(_entry(thing.stored) for thing in self._things.values())))
        for thing in self._things.values():
            if thing.state and self._may_know(session, thing):
                session.tell_encoded(_state(thing))

    def went(self, session: Session) -> None:
        self._told_of.pop(session.avatar, None)
        for thing in self._things.values():
            thing.kind.went(thing, session.claims.user_id)
            self._announce(thing)
        self._documents.left(self.room.id, session.claims.user_id)

    def lets_share(self, session: Session) -> bool:
        user_id = session.claims.user_id
        return any(thing.kind.lets_share(thing, user_id) for thing in self._things.values())

    def showings(self) -> Iterator[Showing]:
        for thing in self._things.values():
            user_id = thing.kind.shares(thing)
            if user_id is not None:
                stored = thing.stored
                reach = None if thing.config.audience == "room" else AREA_PX
                x, y = stored.x + stored.width / 2, stored.y + stored.height / 2
                yield Showing(user_id, x, y, reach, thing.area)

    def stepped(self, events: Events, now: float) -> None:
        private = [thing for thing in self._things.values() if thing.area and thing.state]
        if not private:
            return
        for avatar in events.zone_changes[0].tolist():
            session = self.room.sessions.get(avatar)
            if session is None or not session.wants(Feature.OBJECTS):
                continue
            area = private_area_of(self.room.world, avatar)
            for thing in private:
                known = thing.area == self._told_of.get(avatar, 0)
                if (thing.area == area) != known:
                    forgotten = encode(ObjectState(str(thing.stored.id), "{}"))
                    session.tell_encoded(forgotten if known else _state(thing))
            self._told_of[avatar] = area

    # --- what the directory says ------------------------------------------------------------------------------------

    def put(self, stored: StoredObject) -> None:
        """An object was put up, moved or set up anew."""
        before = self._things.get(stored.id)
        self._take(stored, before.state if before else stored.state)
        self.room.tell_all(Feature.OBJECTS, encode(ObjectPut(_entry(stored))))
        thing = self._things.get(stored.id)
        if thing is not None and thing.state:
            self._tell(thing)
        if before is not None:
            self._documents.changed(stored)

    def remove(self, object_id: UUID) -> None:
        """An object was removed."""
        if self._things.pop(object_id, None) is not None:
            self.room.tell_all(Feature.OBJECTS, encode(ObjectGone(str(object_id))))
        self._documents.removed(object_id)

    def compare(self, stored: Sequence[StoredObject]) -> None:
        """This is all that stands in the room now."""
        for object_id in self._things.keys() - {each.id for each in stored}:
            self.remove(object_id)
        for each in stored:
            known = self._things.get(each.id)
            if known is None or (known.stored.config, known.stored.rect) != (each.config, each.rect):
                self.put(each)

    def reaches(self, user_id: UUID, object_id: UUID) -> bool:
        """Whether somebody who is inside can use the object from where they stand."""
        session, thing = self.room.session_of(user_id), self._things.get(object_id)
        return session is not None and thing is not None and reaches(self.room.world, session.avatar, thing.stored.rect)

    # --- what clients say -------------------------------------------------------------------------------------------

    def _use(self, session: Session, message: Use) -> None:
        try:
            self._act(session, message)
        except Refused as refused:
            session.tell(Error(message.ref, refused.code, refused.text))

    def _act(self, session: Session, message: Use) -> None:
        thing = self._things.get(UUID(message.object_id))
        action = thing.kind.actions().get(message.action) if thing else None
        if thing is None or action is None:
            raise Refused("unknown_target", "That is not there any more.")
        if not action.from_afar and not reaches(self.room.world, session.avatar, thing.stored.rect):
            raise Refused("out_of_reach", "That is too far away. Step closer.")
        value = None
        if action.value is not None:
            try:
                value = msgspec.json.decode(message.value, type=action.value)
            except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
                raise Refused("not_right", "That cannot be done with it.") from error
        claims = session.claims
        before = thing.state
        action.handler(thing, Person(session.avatar, claims.user_id, claims.name, session.standing.role), value)
        if len(msgspec.json.encode(thing.state)) > OBJECT_JSON_BYTES:
            thing.state, thing.changed = before, False
            raise Refused("not_right", "That is more than it can hold.")
        self._announce(thing)

    # --- parts ------------------------------------------------------------------------------------------------------

    def _take(self, stored: StoredObject, state: dict[str, object]) -> None:
        kind = object_types().get(stored.type)
        if kind is None:  # put up by a server that knew more types
            return
        try:
            config = msgspec.convert(stored.config, kind.config)
        except msgspec.ValidationError:
            log.warning("an object cannot be read", object=str(stored.id), type=stored.type)
            return
        fresh = stored.id not in self._things
        area = private_area(self.room.world, stored.rect) if kind.in_area else 0
        shown = kind.restored(dict(state), config) if fresh else dict(state)
        self._things[stored.id] = Thing(stored, kind, config, shown, area, self._surroundings)

    def _announce(self, thing: Thing) -> None:
        """Tell of what an action has done, if anything."""
        if thing.changed:
            thing.changed = False
            self._unsaved.add(thing.stored.id)
            self._tell(thing)
        for event in thing.told:
            self.room.tell_all(Feature.OBJECTS, encode(ObjectEvent(str(thing.stored.id), event)))
        thing.told.clear()

    def _tell(self, thing: Thing) -> None:
        message = _state(thing)
        if not thing.area:
            self.room.tell_all(Feature.OBJECTS, message)
            return
        for session in self.room.sessions.values():
            if session.wants(Feature.OBJECTS) and self._may_know(session, thing):
                session.tell_encoded(message)

    def _may_know(self, session: Session, thing: Thing) -> bool:
        if not thing.area:
            return True
        world = self.room.world
        if not world.is_alive(session.avatar) or private_area_of(world, session.avatar) != thing.area:
            return False
        self._told_of[session.avatar] = thing.area
        return True


def _entry(stored: StoredObject) -> ObjectEntry:
    by = None if stored.created_by is None else str(stored.created_by)
    config = msgspec.json.encode(stored.config).decode()
    return ObjectEntry(str(stored.id), stored.type, stored.x, stored.y, stored.width, stored.height, config, by)


def _state(thing: Thing) -> bytes:
    return encode(ObjectState(str(thing.stored.id), msgspec.json.encode(thing.state).decode()))
