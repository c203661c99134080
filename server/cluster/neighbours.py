"""Who is at the other processes, and where: each tells the whole of it anew, and the others look twice a second.

A small key says whether something changed, so that the large one is read only then. Nothing is told in steps, so none
of it can be missed for good: when Redis was away, the next look is right again. What is said to one person at another
process (a call, a direct message) goes over pub/sub, and is a hint only: what must not be lost is in the history.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Callable, Collection, Iterable
from typing import cast
from uuid import UUID

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.cluster.registry import Registry
from server.rooms.elsewhere import Person, Room
from server.services import Visit

log = structlog.get_logger()

LIFE_S = 8
AGAIN_S = 2.0
"""How often an unchanged state is told anew, at least."""
CHANNEL = "hallway:said"
RECONNECT_S = 0.5
IDLE_S = 0.02


class State(msgspec.Struct, frozen=True, array_like=True):
    """What one process has: its rooms, who is in them, and who is connected to `/ws/global` there."""

    rooms: list[Room]
    people: list[Person]
    viewers: list[Person]


class Said(msgspec.Struct, frozen=True, array_like=True):
    """Something for people's connections to `/ws/global`. `by`: the process that says it. `call`: who calls, if it is
    one. `version`: the least one of a connection that understands it."""

    by: str
    to: list[UUID]
    message: bytes
    version: int = 0
    call: UUID | None = None


class Neighbours:
    """Implements `server.rooms.elsewhere.Elsewhere`. `tell(said)`: hands what others said to the viewers here;
    `changed(user_ids)`: these people's windows elsewhere are idle, or no longer."""

    def __init__(self, redis: Redis, registry: Registry) -> None:
        self._redis, self._registry = redis, registry
        self._mine, self._told_at = b"", float("-inf")
        self._versions: dict[str, bytes] = {}
        self._states: dict[str, State] = {}
        self._people: dict[UUID, Person] = {}
        self._inside: dict[UUID, list[Person]] = {}
        self._rooms: dict[UUID, Room] = {}
        self._owners: dict[UUID, str] = {}
        self._idle: dict[UUID, bool] = {}
        self.tell: Callable[[Said], None] = lambda _said: None
        self.changed: Callable[[Collection[UUID]], None] = lambda _user_ids: None
        self._tasks: set[asyncio.Task[None]] = set()
        self._has_left = False

    # --- Elsewhere --------------------------------------------------------------------------------------------------

    def people(self) -> Collection[Person]:
        """Everybody at other processes, once each."""
        return self._people.values()

    def rooms(self) -> Collection[Room]:
        """The rooms that run at other processes."""
        return self._rooms.values()

    def room(self, room_id: UUID) -> Room | None:
        """A room that runs at another process."""
        return self._rooms.get(room_id)

    def process_of(self, room_id: UUID) -> str | None:
        """The other process that runs the room, as it said last."""
        return self._owners.get(room_id)

    def person(self, user_id: UUID) -> Person | None:
        """Somebody at another process: in a room, or else with a window there."""
        return self._people.get(user_id)

    def rooms_of(self, user_id: UUID) -> list[UUID]:
        """The rooms at other processes in which the person is."""
        return [person.room_id for person in self._inside.get(user_id, ()) if person.room_id is not None]

    def is_idle(self, user_id: UUID) -> bool | None:
        """Whether all the person's windows at other processes are idle; None: there are none."""
        return self._idle.get(user_id)

    def visits(self) -> list[Visit]:
        """Everybody in rooms of other processes."""
        return [person.visit() for people in self._inside.values() for person in people]

    def viewers(self) -> int:
        """How many people have windows at other processes."""
        return sum(len(state.viewers) for state in self._states.values())

    def say(self, user_ids: Iterable[UUID], message: bytes, *, version: int = 0, call: UUID | None = None) -> None:
        """Hand a message to people's windows at other processes, if they have any."""
        to = [user_id for user_id in user_ids if user_id in self._idle]
        if to:
            said = msgspec.msgpack.encode(Said(self._registry.me.id, to, message, version, call))
            task = asyncio.create_task(self._publish(said))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    # --- what is told and read --------------------------------------------------------------------------------------

    async def exchange(self, state: State, now: float) -> None:
        """Tell what is here, and look at the others. Raises redis-py's errors."""
        me, packed = self._registry.me.id, msgspec.msgpack.encode(state)
        if packed != self._mine or now - self._told_at > AGAIN_S:
            pipeline = self._redis.pipeline(transaction=True)
            pipeline.set(_state_key(me), packed, ex=LIFE_S)
            pipeline.set(_version_key(me), hashlib.blake2b(packed, digest_size=8).digest(), ex=LIFE_S)
            await pipeline.execute()
            self._mine, self._told_at = packed, now
        await self._look([process_id for process_id in self._registry.known if process_id != me])

    async def listen(self) -> None:
        """Hand on what other processes say to people here, until cancelled."""
        while not self._has_left:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await pubsub.subscribe(CHANNEL)
                    while not self._has_left:
                        heard = await pubsub.get_message(timeout=1.0)
                        if heard is not None:
                            self._hear(cast(bytes, heard["data"]))
                        else:
                            # redis-py answers at once on a line that is closed, and may swallow that we are cancelled.
                            await asyncio.sleep(IDLE_S)
            except (RedisError, OSError) as error:
                log.debug("what is said at other processes is not heard at present", why=str(error))
                await asyncio.sleep(RECONNECT_S)

    async def leave(self) -> None:
        """This process stops. Raises redis-py's errors."""
        self._has_left = True
        me = self._registry.me.id
        await self._redis.delete(_state_key(me), _version_key(me))

    # --- parts ------------------------------------------------------------------------------------------------------

    async def _look(self, others: list[str]) -> None:
        versions = await self._redis.mget([_version_key(other) for other in others]) if others else []
        there = {other: version for other, version in zip(others, versions, strict=True) if version is not None}
        new = [other for other, version in there.items() if self._versions.get(other) != version]
        gone = self._states.keys() - there.keys()
        if not new and not gone:
            return
        for other in gone:
            del self._states[other]
            self._versions.pop(other, None)
        packed = await self._redis.mget([_state_key(other) for other in new]) if new else []
        for other, raw in zip(new, packed, strict=True):
            if raw is None:
                continue
            try:
                self._states[other] = msgspec.msgpack.decode(cast(bytes, raw), type=State)
            except msgspec.MsgspecError:  # of a version that says it otherwise
                self._states.pop(other, None)
            self._versions[other] = cast(bytes, there[other])
        self._digest()

    def _digest(self) -> None:
        before = self._idle
        self._people, self._inside, self._rooms, self._owners, self._idle = {}, {}, {}, {}, {}
        for state in self._states.values():
            for viewer in state.viewers:
                self._idle[viewer.user_id] = viewer.is_idle and self._idle.get(viewer.user_id, True)
                self._people.setdefault(viewer.user_id, viewer)
        for process_id, state in self._states.items():
            self._rooms.update((room.id, room) for room in state.rooms)
            self._owners.update((room.id, process_id) for room in state.rooms)
            for person in state.people:
                self._people[person.user_id] = person
                self._inside.setdefault(person.user_id, []).append(person)
        changed = {user_id for user_id in before.keys() | self._idle if before.get(user_id) != self._idle.get(user_id)}
        if changed:
            self.changed(changed)

    def _hear(self, data: bytes) -> None:
        try:
            said = msgspec.msgpack.decode(data, type=Said)
        except msgspec.MsgspecError:
            return
        if said.by != self._registry.me.id:
            self.tell(said)

    async def _publish(self, said: bytes) -> None:
        with contextlib.suppress(RedisError, OSError):
            await self._redis.publish(CHANNEL, said)


def _state_key(process_id: str) -> str:
    return f"hallway:around:{process_id}"


def _version_key(process_id: str) -> str:
    return f"hallway:around:{process_id}:version"
