"""A room's world, its encoder, and clients behind scripted links: what the snapshot tests drive. No clock or socket."""

from __future__ import annotations

import copy
from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from protocol.constants import ALL_FEATURES
from protocol.messages import Door, Doors, Interest, Limits, Motion, Radii, Snapshot, Welcome, decode_server
from protocol.rows import pack_ids
from protocol.view import ClientView
from server.rooms.baselines import Baselines
from server.rooms.compiled import make_encoder
from server.rooms.interest import Interest as InterestSets
from server.rooms.snapshots import NO_SLACK, SnapshotEncoder
from server.rooms.snapshots import Snapshot as Message
from sim.commands import Commands, DoorAction, Events, Join
from sim.kernel import Kinematics, advance
from sim.maps import RoomMap, parse_map
from sim.raster import Raster
from sim.world import World, WorldConfig

CELL_PX = 128
TILES = 40
ORDINARY, STAFF = 1, 2
EVER = 10**6

Seen = dict[int, tuple[int, int, int]]
"""Avatar id to (x, y, course)."""


def walled_map() -> RoomMap:
    """40 x 40 tiles with walls to bump into, two doors and two seats; 100 cells of 128 px."""
    rows = [["."] * TILES for _ in range(TILES)]
    for tile in range(4, 36):
        if tile not in (10, 11, 24):
            rows[12][tile] = rows[26][tile] = "#"
        if tile % 5:
            rows[tile][20] = "#"
    for y, x in ((6, 6), (17, 9), (31, 30), (8, 33), (20, 31)):
        rows[y][x] = "#"
    data = {
        "format": "hallway.map/1",
        "name": "Test",
        "description": "",
        "width": TILES,
        "height": TILES,
        "floor": {"palette": ["wood"], "rows": ["a" * TILES] * TILES},
        "walls": ["".join(row) for row in rows],
        "furniture": [{"id": 1, "kind": "chair", "x": 320, "y": 480, "facing": "down"}],
        "doors": [
            {"id": 1, "x": 320, "y": 384, "w": 64, "h": 32, "open": True, "style": "wood", "axis": "h"},
            {"id": 2, "x": 768, "y": 832, "w": 32, "h": 32, "open": False, "style": "wood", "axis": "h"},
        ],
        "zones": [],
        "spawns": [{"x": 100, "y": 100}, {"x": 1100, "y": 1100}],
    }
    chair = {"size": [32, 32], "solid": [], "seats": [[16, 16, "down"]], "sprite": "chair", "layer": "standing"}
    return parse_map(data, {"chair": chair})


@dataclass
class Client:
    """A viewer and its two ways. What goes down the reliable one arrives in order; a datagram as the test says."""

    avatar: int
    view: ClientView
    reliable: bool
    class_bit: int
    blocked: bool = False
    down: list[bytes] = field(default_factory=list)
    datagrams: list[bytes] = field(default_factory=list)
    acks: list[int] = field(default_factory=list)
    events: deque[Door] = field(default_factory=deque)
    applied: int = 0
    discarded: int = 0


def by_avatar(messages: list[Message]) -> dict[int, bytes]:
    """What each client is sent; nobody is sent two."""
    found = {avatar: data for avatars, data in messages for avatar in avatars}
    assert len(found) == sum(len(avatars) for avatars, _ in messages)
    return found


class SnapshotWorld:
    """Steps a world and moves bytes; `check(client)` compares what a client has with what the server had."""

    def __init__(self, capacity: int = 24, rate: int = 20) -> None:
        self.map = walled_map()
        self.world = World(
            WorldConfig(tick_rate=rate, capacity=capacity, cell_px=CELL_PX, interest_radius_px=CELL_PX), self.map
        )
        self.interest = InterestSets(self.map.width_px, self.map.height_px, CELL_PX, CELL_PX)
        assert not self.interest.covers_all
        self.kinematics: Kinematics = self.world.kinematics
        fastest = max(self.kinematics.walk, self.kinematics.run)
        self.baselines = Baselines(capacity, CELL_PX * 256 // fastest, resend_ticks=3)
        self.encoder = make_encoder(self.world, self.interest, 10, 7, self.baselines)
        self.input_seq = np.zeros(capacity + 1, np.int64)
        self.input_tick = np.zeros(capacity + 1, np.int64)
        self.slack = np.full(capacity + 1, NO_SLACK, np.int64)
        self.clients: dict[int, Client] = {}
        self.history: dict[int, dict[int, tuple[int, int, int, int, int]]] = {}
        self.messages = self.shared = self.silent = 0
        self.free = list(range(1, capacity + 1))
        self.resting: deque[tuple[int, int]] = deque()

    def take_id(self) -> int | None:
        """A free id; ids of those who left rest for 64 ticks."""
        while self.resting and self.world.tick - self.resting[0][0] >= 64:
            self.free.append(self.resting.popleft()[1])
        return self.free.pop(0) if self.free else None

    def give_back(self, avatar: int) -> None:
        self.encoder.forget(avatar)
        self.resting.append((self.world.tick + 1, avatar))

    def connect(self, avatar: int, *, reliable: bool, class_bit: int) -> Client:
        """Give an avatar a client."""
        raster = Raster(self.map.solid)
        doors = {door.id: door for door in self.map.doors}
        for door in self.map.doors:
            raster.set_rect(door.rect, not self.world.doors_open[door.id])
        view = ClientView(
            lambda x, y, course: advance(raster, self.kinematics, x, y, course),
            self.interest.cols,
            self.interest.rows,
            Interest(CELL_PX, self.interest.radius),
            reliable=reliable,
            door_change=lambda door, is_open: raster.set_rect(doors[door].rect, not is_open),
            open_doors=[door for door, is_open in self.world.doors_open.items() if is_open],
        )
        view.welcome(self._welcome(avatar, continuity=0))
        client = Client(avatar, view, reliable, class_bit)
        self.clients[avatar] = client
        self.baselines.open(avatar, reliable=reliable)
        self.encoder.class_bit[avatar] = class_bit
        self.encoder.checks[avatar] = True
        return client

    def resume(self, client: Client) -> None:
        """The connection broke with everything in flight, and is back."""
        client.down.clear()
        client.datagrams.clear()
        client.acks.clear()
        client.blocked = False
        missed = list(client.events)
        client.view.welcome(self._welcome(client.avatar, continuity=1))
        client.events.clear()
        for door in missed:
            client.view.door(door)
        self.baselines.reopen(client.avatar, self.world.tick)
        self.baselines.move(client.avatar, self.world.tick, reliable=client.reliable)

    def move(self, client: Client) -> None:
        """The client's snapshots go the other way from now on; what is under way stays under way."""
        client.reliable = not client.reliable
        self.baselines.move(client.avatar, self.world.tick, reliable=client.reliable)

    def _welcome(self, avatar: int, continuity: int) -> Welcome:
        kin = self.kinematics
        return Welcome(
            version=0,
            features=ALL_FEATURES,
            continuity=continuity,  # type: ignore[arg-type]
            avatar=avatar,
            tick=self.world.tick,
            rate=self.world.config.tick_rate,
            events=0,
            resume=bytes(32),
            map_hash=self.map.hash,
            kinematics=Motion(kin.walk, kin.run, kin.half_w, kin.half_h),
            interest=Interest(CELL_PX, self.interest.radius),
            proximity=Radii(144, 192),
            limits=Limits(10, 10, 15, 500),
            doors=Doors(
                self.world.world_revision, pack_ids([d for d, is_open in self.world.doors_open.items() if is_open])
            ),
        )

    def step(self, commands: Commands) -> Events:
        """One tick: the world moves, doors are told, snapshots go out to every client that takes them."""
        events = self.world.step(commands)
        world = self.world
        for avatar in commands.courses[0].tolist():
            self.input_seq[avatar] += 1
            self.input_tick[avatar] = world.tick
        for change in events.doors:
            for client in self.clients.values():
                client.events.append(Door(world.tick, change.door, change.open, change.by))
        self.history[world.tick] = {
            avatar: (
                int(world.x[avatar]),
                int(world.y[avatar]),
                int(world.course[avatar]),
                int(world.cell[avatar]),
                int(world.visible_to[avatar]),
            )
            for avatar in np.flatnonzero(world.alive).tolist()
        }
        self.history.pop(world.tick - 3000, None)
        able = self._able()
        told = 0
        for avatars, message in self._encode(able):
            self.messages += 1
            told += len(avatars)
            for avatar in avatars:
                client = self.clients[avatar]
                (client.down if client.reliable else client.datagrams).append(message)
        self.shared += self.encoder.encoded.shared
        self.silent += len(able) - told
        return events

    def rest(self, client: Client, *, rests: bool) -> None:
        """Nobody looks at what the client knows, or somebody does again."""
        self.baselines.pace(client.avatar, self.encoder.heartbeat_ticks if rests else 0)

    def _able(self) -> NDArray[np.int64]:
        """Who can be told something now, as both forms say it."""
        able, due = self.encoder.keep_up(self.baselines, EVER)
        expected, expected_due = SnapshotEncoder.keep_up(self.encoder, self.baselines, EVER)
        assert (able.tolist(), due) == (expected.tolist(), expected_due)
        return able[~np.isin(able, [client.avatar for client in self.clients.values() if client.blocked])]

    def _encode(self, able: NDArray[np.int64]) -> list[Message]:
        """The messages of this tick. Where snapshots are compiled, numpy makes them, too, and both are held together:
        what is sent, what clients are known to have after it, and what is counted."""
        arguments = (able, self.input_seq, self.input_tick, self.slack)
        if type(self.encoder) is SnapshotEncoder:
            return list(self.encoder.encode(self.baselines, *arguments))
        plain = SnapshotEncoder(self.world, self.interest, self.encoder.heartbeat_ticks, self.encoder.check_ticks)
        for name in ("homes", "class_bit", "checks"):
            getattr(plain, name)[:] = getattr(self.encoder, name)
        twin = copy.deepcopy(self.baselines)
        expected = list(plain.encode(twin, *arguments))
        made = list(self.encoder.encode(self.baselines, *arguments))
        assert by_avatar(made) == by_avatar(expected)
        for name, column in vars(twin).items():
            if not np.array_equal(getattr(self.baselines, name), column):  # much quicker than the one that explains
                np.testing.assert_array_equal(getattr(self.baselines, name), column, err_msg=name)
        np.testing.assert_array_equal(self.encoder.homes, plain.homes)
        rows = ("course_rows", "full_rows")
        assert [getattr(self.encoder.encoded, row) for row in rows] == [getattr(plain.encoded, row) for row in rows]
        return made

    def deliver_events(self, client: Client) -> None:
        """The event lane is reliable, but on datagrams it may be late."""
        while client.events:
            client.view.door(client.events.popleft())

    def deliver(self, client: Client, message: bytes, *, reliable: bool | None = None) -> None:
        """One snapshot arrives; if it is applied, it must give exactly what the server had. `reliable`: on which way;
        None: on the one in use."""
        snapshot = decode_server(message)
        assert isinstance(snapshot, Snapshot)
        if client.view.apply(snapshot, reliable=client.reliable if reliable is None else reliable):
            client.applied += 1
            self.check(client)
        else:
            client.discarded += 1
        assert client.view.mismatches == 0, f"client {client.avatar}: a checksum differs at tick {snapshot.tick}"
        client.acks.append(client.view.ack)

    def acknowledge(self, client: Client, ack: int) -> None:
        self.baselines.acknowledge(client.avatar, ack, self.world.tick)

    def check(self, client: Client) -> None:
        """The client's view equals the server's view of its cells at the tick of its newest snapshot."""
        state = client.view.now
        covered = {cell for start, end in self.interest.whole(state.home) for cell in range(start, end)}
        expected: Seen = {
            avatar: (x, y, course)
            for avatar, (x, y, course, cell, visible) in self.history[state.tick].items()
            if cell in covered and visible & client.class_bit
        }
        seen: Seen = {
            avatar: (int(state.x[avatar]), int(state.y[avatar]), int(state.course[avatar]))
            for avatar in state.ids().tolist()
        }
        assert seen == expected, (
            f"client {client.avatar} (reliable {client.reliable}) at tick {state.tick}: "
            f"missing {expected.keys() - seen.keys()}, ghosts {seen.keys() - expected.keys()}, "
            f"wrong { {a for a in seen.keys() & expected.keys() if seen[a] != expected[a]} }"
        )


__all__ = ["ORDINARY", "STAFF", "Client", "Commands", "DoorAction", "Join", "SnapshotWorld"]
