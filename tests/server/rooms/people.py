"""A room in virtual time, with people whose connections are lists of messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid5

from protocol.constants import WALKER_FEATURES
from protocol.messages import ClientMessage, Hello, Input, ServerMessage, Snapshot, Welcome, decode_server, encode
from server.auth.tickets import TicketClaims
from server.config import load_settings
from server.ops.metrics import Metrics
from server.rooms.attendance import Newcomer
from server.rooms.connection import Connection
from server.rooms.parts import PartMaker
from server.rooms.room import Room
from server.rooms.saver import Saver
from server.rooms.session import Session
from server.settings import Settings
from server.store.positions import Position
from server.store.rooms import Room as StoredRoom
from sim.maps import RoomMap, parse_map

ROOM_ID = UUID(int=1)
RATE = 20
WALL_X = 320
"""The map's wall begins here, px."""

SPACE = UUID(int=7)
STORED = StoredRoom(
    id=ROOM_ID,
    name="Room",
    description="",
    owner_id=UUID(int=5),
    owner_name="Ona",
    max_capacity=10,
    access="public",
    password_hash=None,
    guests_allowed=True,
    chat_kept=True,
    relay_only=False,
    share_near=True,
    chat_days=None,
    proximity_px=None,
    room_config={"template": "office"},
    is_public=True,
    archived_at=None,
    deleted_at=None,
    purged_at=None,
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
    updated_at=datetime(2026, 1, 1, tzinfo=UTC),
)
"""A room as the database has it, with nothing particular about it."""


def small_map() -> RoomMap:
    """20 x 12 tiles: a wall from top to bottom with one door in it, shut, and one chair."""
    rows = ["." * 10 + ("." if y == 6 else "#") + "." * 9 for y in range(12)]
    data = {
        "format": "hallway.map/1",
        "name": "Two rooms",
        "description": "",
        "width": 20,
        "height": 12,
        "floor": {"palette": ["wood"], "rows": ["a" * 20] * 12},
        "walls": rows,
        "furniture": [{"id": 1, "kind": "chair", "x": 64, "y": 64, "facing": "down"}],
        "doors": [{"id": 3, "x": 320, "y": 192, "w": 32, "h": 32, "open": False, "style": "wood", "axis": "v"}],
        "zones": [],
        "spawns": [{"x": 100, "y": 208}],
    }
    chair = {"size": [32, 32], "solid": [], "seats": [[16, 16, "down"]], "sprite": "chair", "layer": "standing"}
    return parse_map(data, {"chair": chair})


class Wire:
    """A transport in memory. `open` False: it takes no bytes, as a peer that does not read."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.stuck_bytes = 0
        self.writes = 0
        self.open = True
        self.aborted = False

    def write(self, *messages: bytes) -> None:
        self.messages.extend(messages)
        self.writes += 1
        if not self.open:
            self.stuck_bytes += sum(map(len, messages))

    def buffered(self) -> int:
        return self.stuck_bytes if self.open else 1 << 20

    def abort(self) -> None:
        self.aborted = True


class Store:
    """Where positions are written; `away` makes it fail as PostgreSQL does when it is gone."""

    def __init__(self) -> None:
        self.rows: dict[UUID, Position] = {}
        self.error: Exception | None = None

    async def save_many(self, room_id: UUID, positions: list[Position]) -> int:
        if self.error:
            raise self.error
        self.rows.update({position.user_id: position for position in positions})
        return len(positions)


class Person:
    """One person's client: says things, and sorts what it hears."""

    def __init__(self, house: House, name: str) -> None:
        self.house, self.name = house, name
        self.user_id = uuid5(SPACE, name)
        self.wire = Wire()
        self.closed: tuple[int, str] | None = None
        self.session: Session | None = None
        self.read = 0
        self.seq = 0
        self.acks = True
        self.features = WALKER_FEATURES

    def connect(self, *, place: tuple[int, int] | None = None) -> Session | None:
        """Come in with a ticket."""
        self._open(Hello(0, self.features, "t" * 32, None, 0, "test"))
        claims = TicketClaims(self.user_id, ROOM_ID, "session", self.name, bytes(6), False, False)
        at = (place[0] * 256, place[1] * 256) if place else None
        self.session = self.house.room.attendance.admit(Newcomer(claims, self.connection, at))
        self.connection.pump()
        return self.session

    def resume(self, token: bytes, events_seen: int) -> Session | None:
        """Come back with a resume token."""
        hello = self._open(Hello(0, self.features, None, token, events_seen, "test"))
        self.session = self.house.room.attendance.resume(hello, self.connection)
        return self.session

    def lose_connection(self) -> None:
        """The network takes the connection away."""
        self.connection.lost()
        assert self.session
        self.house.room.attendance.lose(self.session, self.connection, self.house.now)

    def say(self, message: ClientMessage) -> None:
        """Send a message, as the gateway would hand it on."""
        assert self.session
        for heard in self.connection.receive(encode(message), self.house.now):
            self.house.room.receive(self.session, heard, lambda: 128)

    def walk(self, course: int, tick: int = 0) -> None:
        """Change course."""
        self.seq += 1
        self.say(Input(self.newest_tick(), self.seq, tick, bytes((course, 0))))

    def heard(self) -> list[ServerMessage]:
        """What arrived since the last call."""
        new = self.wire.messages[self.read :]
        self.read = len(self.wire.messages)
        return [decode_server(message) for message in new]

    def all_heard(self, kind: type) -> list[ServerMessage]:
        """Every message of a kind since the connection began."""
        return [m for m in map(decode_server, self.wire.messages) if isinstance(m, kind)]

    def newest_tick(self) -> int:
        """What to acknowledge."""
        snapshots = self.all_heard(Snapshot)
        return snapshots[-1].tick if snapshots else 0

    @property
    def welcome(self) -> Welcome:
        """The newest WELCOME."""
        return self.all_heard(Welcome)[-1]

    @property
    def avatar(self) -> int:
        """The own avatar's id."""
        assert self.session
        return self.session.avatar

    def at(self) -> tuple[float, float]:
        """Where the avatar is, px."""
        world = self.house.room.world
        return world.x[self.avatar] / 256, world.y[self.avatar] / 256

    def _open(self, hello: Hello) -> Hello:
        self.wire, self.read, self.closed = Wire(), 0, None
        self.connection = Connection(self.wire, self.house.settings, self.house.now, self._on_close)
        [heard] = self.connection.receive(encode(hello), self.house.now)
        assert isinstance(heard, Hello)
        return heard

    def _on_close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)


class House:
    """A room, its clock and its people."""

    def __init__(
        self,
        capacity: int = 10,
        room_map: RoomMap | None = None,
        make_parts: Callable[[Settings, Metrics], Sequence[PartMaker]] = lambda settings, metrics: (),
        **settings: object,
    ) -> None:
        self.settings = load_settings({}, flags={"tick_rate": RATE, **settings})
        self.metrics = Metrics()
        self.store = Store()
        self.saver = Saver(ROOM_ID, self.store, self.metrics)
        parts = make_parts(self.settings, self.metrics)
        self.room = Room(
            ROOM_ID, capacity, room_map or small_map(), self.settings, self.metrics, self.saver, parts=parts
        )
        self.now = 100.0
        self.people: list[Person] = []

    def person(self, name: str, *, features: int = WALKER_FEATURES, **connect: object) -> Person:
        """Somebody new, inside."""
        person = Person(self, name)
        person.features = features
        assert person.connect(**connect)  # type: ignore[arg-type]
        self.people.append(person)
        return person

    def tick(self, count: int = 1) -> None:
        """Let time pass. Everyone with `acks` acknowledges what arrived."""
        for _ in range(count):
            self.now += 1 / RATE
            self.room.let_in()
            self.room.tick(self.now)
            for person in self.people:
                if person.acks and person.session and person.session.connection is person.connection:
                    person.say(Input(person.newest_tick(), person.seq, 0, b""))
