"""Records a session: a dozen avatars wander about a room with walls and doors, one of them is the client's own."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from protocol.constants import MAX_BASELINE_AGE, SERVER_KINDS, Feature
from protocol.messages import (
    KIND_OF,
    Door,
    Doors,
    Entry,
    Goodbye,
    Interest,
    Joined,
    Left,
    Limits,
    Motion,
    Pong,
    Proximity,
    Radii,
    Roster,
    ServerMessage,
    Snapshot,
    Welcome,
    encode,
)
from protocol.reference import Avatar, ReferenceWorld
from protocol.reference_room import ReferenceRoom
from protocol.rows import pack_ids
from protocol.vectors.files import plain

MOTION = Motion(1092, 1911, 2304, 1280)
INTEREST = Interest(256, 1)
COLS, ROWS = 5, 3
RASTER_COLS, RASTER_ROWS = COLS * 32, ROWS * 32
OWN = 1
PEOPLE = 14
TICKS = 150
FIRST_TICK = 1000


def build_raster(chance: random.Random) -> tuple[list[list[bool]], dict[int, tuple[int, int, int, int]]]:
    """Walls with gaps, scattered blocks, and two doors in the gaps."""
    solid = [[False] * RASTER_COLS for _ in range(RASTER_ROWS)]
    for row in range(RASTER_ROWS):
        if not 40 <= row < 48:
            solid[row][64] = solid[row][65] = True
        if not 60 <= row < 68:
            solid[row][112] = True
    for _ in range(60):
        col, row = chance.randrange(RASTER_COLS - 4), chance.randrange(RASTER_ROWS - 4)
        for r in range(row, row + 3):
            for c in range(col, col + 4):
                solid[r][c] = True
    return solid, {1: (64, 40, 2, 8), 2: (112, 60, 1, 8)}


def build_room(chance: random.Random) -> ReferenceRoom:
    """Everyone on a free place; door 1 shut, door 2 open."""
    solid, doors = build_raster(chance)
    world = ReferenceWorld(solid, MOTION, doors, {2}, FIRST_TICK - 1, 7)
    room = ReferenceRoom(world, INTEREST, COLS)
    places = {i: free_place(room, chance) for i in range(1, PEOPLE + 1)}
    places[300] = free_place(room, chance)  # an id of two bytes, so that a view has to grow
    room.step(places=places)
    return room


def free_place(room: ReferenceRoom, chance: random.Random) -> Avatar:
    """A place where the feet box touches nothing solid."""
    while True:
        col, row = chance.randrange(2, RASTER_COLS - 2), chance.randrange(2, RASTER_ROWS - 2)
        if not any(room.world.is_solid(c, r) for c in range(col - 2, col + 3) for r in range(row - 2, row + 3)):
            return Avatar(col * 2048 + chance.randrange(2048), row * 2048 + chance.randrange(2048))


@dataclass
class _Client:
    """What the other end knows: by tick, the home of each state that it has."""

    homes: dict[int, int] = field(default_factory=dict)
    newest: int = 0
    world: int = 0


def record_session(*, reliable: bool) -> Iterator[object]:
    """First the room, then one record for each message in the order of arrival."""
    chance = random.Random(20 if reliable else 21)  # noqa: S311 - the vectors must not differ from run to run
    room = build_room(chance)
    yield {
        "reliable": reliable,
        "own": OWN,
        "cols": COLS,
        "rows": ROWS,
        "motion": plain(MOTION),
        "interest": plain(INTEREST),
        "doors": {str(i): rectangle for i, rectangle in room.world.doors.items()},
        "open": sorted(room.world.open),
        "solid": ["".join(".#"[cell] for cell in row) for row in room.world.solid],
    }
    client = _Client(world=room.world.world)
    for message in _greeting(room):
        yield _record(room, client, message)
    late: list[tuple[int, Snapshot]] = []
    for number in range(TICKS):
        for event in _wander(room, chance, number):
            yield _record(room, client, event)
        home = room.home(OWN)
        tick = room.world.tick
        for due, snapshot in [entry for entry in late if entry[0] <= number]:
            late.remove((due, snapshot))
            yield _record(room, client, snapshot)
        if number % 9 in (4, 5) and number > 3:
            continue  # ticks without a snapshot: the next one is older than one tick
        snapshot = _snapshot(room, client, home, tick, chance, reliable)
        if not reliable and chance.random() < 0.35:
            if chance.random() < 0.6:
                late.append((number + chance.randrange(1, 6), snapshot))
            continue
        yield _record(room, client, snapshot)
        if not reliable and chance.random() < 0.15:
            yield _record(room, client, snapshot)
    yield _record(room, client, Pong(77, room.world.tick, 128))
    yield _record(room, client, Goodbye(4012, "The server restarts.", 1500))


def _greeting(room: ReferenceRoom) -> Iterator[ServerMessage]:
    yield Welcome(
        0,
        int(Feature.CHECK | Feature.PROXIMITY),
        0,
        OWN,
        room.world.tick,
        30,
        0,
        bytes(range(32)),
        "0123456789abcdef",
        MOTION,
        INTEREST,
        Radii(144, 192),
        Limits(15, 15, 15, 500),
        Doors(room.world.world, pack_ids(sorted(room.world.open))),
    )
    yield Roster(tuple(_entry(i) for i in sorted(room.world.avatars)))
    yield Proximity(room.world.tick, 1, pack_ids([3, 300]), b"")
    yield room.snapshot(room.home(OWN))


def _entry(avatar: int) -> Entry:
    return Entry(avatar, f"00000000-0000-4000-8000-{avatar:012x}", f"Wanderer {avatar}", bytes([avatar % 6] * 6), 2)


def _wander(room: ReferenceRoom, chance: random.Random, number: int) -> Iterator[ServerMessage]:
    """One tick of the room, with the events that it makes."""
    walking = number < 110 or number > 125  # a pause in which nothing has to be said
    courses: dict[int, int] = {}
    for i, avatar in room.world.avatars.items():
        if chance.random() < (0.08 if walking else 0.0):
            course = chance.choice((0x00, 0x10, 0x10, 0x20)) | chance.randrange(16)
            if course != avatar.course:
                courses[i] = course
    if number == 109:
        courses = {i: 0x00 for i, a in room.world.avatars.items() if a.course}
    leaves: tuple[int, ...] = ()
    places: dict[int, Avatar] = {}
    doors: dict[int, bool] = {}
    if number == 30:
        leaves = (5,)
    if number == 40:
        places = {20: free_place(room, chance), 7: free_place(room, chance)}
    if number in (20, 55, 90):
        doors[1] = 1 not in room.world.open
    if number in (50, 56):
        doors[2] = 2 not in room.world.open
    if number == 70:
        courses[9] = 0x40
    if number == 80:
        places[OWN] = free_place(room, chance)
    for i in (*leaves, *places):
        courses.pop(i, None)
    yield from room.step(courses=courses, places=places, leaves=leaves, doors=doors)
    if number == 30:
        yield Left(5, "left")
    if number == 40:
        yield Joined(_entry(20))


def _snapshot(
    room: ReferenceRoom, client: _Client, home: int, tick: int, chance: random.Random, reliable: bool
) -> Snapshot:
    """Against the newest state that the client has, over datagrams sometimes an older one."""
    base = client.newest
    if reliable and tick - base > 1 and not _changed(room, base, client.homes[base], tick - 1):
        # The client can foresee this tick by itself: the server may name it although it sent nothing then.
        client.homes[tick - 1] = client.homes[base]
        base = tick - 1
    if not reliable:
        base = chance.choice([t for t in client.homes if tick - t <= MAX_BASELINE_AGE][-4:])
    applied = tick - FIRST_TICK if chance.random() < 0.2 else None
    slack = chance.randrange(-3, 9) if applied is not None and chance.random() < 0.8 else None
    return room.snapshot(home, (base, client.homes[base]), applied=applied, slack=slack, check=chance.random() < 0.3)


def _changed(room: ReferenceRoom, since: int, home: int, until: int) -> bool:
    """Did anything happen in (since, until] that a client cannot foresee? To come into its cells is such a thing."""
    known = room.seen(since, home).keys()
    return (
        any(since < at <= until for at, _, _ in room.courses)
        or any(since < at <= until for at in room.placed.values())
        or any(not room.seen(t, home).keys() <= known for t in range(since + 1, until + 1))
        or not known <= room.history[until].avatars.keys()
    )


def _record(room: ReferenceRoom, client: _Client, message: ServerMessage) -> object:
    """One message and, for a snapshot, whether the client applies it and what it then knows."""
    assert KIND_OF[type(message)] in SERVER_KINDS  # noqa: S101 - our own mistake, not a peer's
    record: dict[str, object] = {"hex": encode(message).hex()}
    if isinstance(message, Door):
        client.world += 1
        record["world"] = client.world
    if isinstance(message, Snapshot):
        applied = message.tick > client.newest and message.world <= client.world
        if applied:
            client.newest = message.tick
            client.homes[message.tick] = message.home
        seen = room.seen(client.newest, client.homes[client.newest])
        record |= {
            "applied": applied,
            "tick": client.newest,
            "avatars": [[i, a.course, a.x, a.y] for i, a in seen.items()],
        }
    return record
