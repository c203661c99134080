"""What a client behind a gateway is sent is, byte for byte, what it would be sent without one.

Random people do everything they can in the world of the snapshot tests, whose own bytes are held to numpy's and to the
compiled form. In every tick a twin of its clients' baselines is served through two gateways, over the wire between
processes, and everything is compared: the messages, and what the owner then holds clients to have.
"""

from __future__ import annotations

import copy

import numpy as np
import pytest
from numpy.typing import NDArray

from server.fanout.assembler import BlockAssembler
from server.fanout.blocks import TickBlocks
from server.fanout.messages import FanoutError, FromOwner, Incoming, Room, Tick, framed
from server.rooms.snapshots import Snapshot, SnapshotEncoder
from sim.commands import Commands, DoorAction, Join, Place
from tests.server.rooms.snapshot_world import CELL_PX, ORDINARY, STAFF, SnapshotWorld, by_avatar

PEOPLE, TICKS = 24, 160


class Fanned(SnapshotWorld):
    """Compares each tick. Clients with even ids are behind the first gateway, the others behind the second."""

    def __init__(self) -> None:
        super().__init__(capacity=40)
        room = Room(7, self.map.width_px, self.map.height_px, CELL_PX, CELL_PX)
        self.gateways = [(Incoming(FromOwner), BlockAssembler(room)) for _ in range(2)]
        self.compared = self.acted = self.complete = 0

    def _encode(self, able: NDArray[np.int64]) -> list[Snapshot]:
        plain = SnapshotEncoder(self.world, self.interest, self.encoder.heartbeat_ticks, self.encoder.check_ticks)
        for name in ("homes", "class_bit", "checks"):
            getattr(plain, name)[:] = getattr(self.encoder, name)
        twin = copy.deepcopy(self.baselines)
        through = self._through_gateways(plain, twin, able)
        sent = super()._encode(able)
        assert through == by_avatar(sent)
        for name, column in vars(twin).items():
            np.testing.assert_array_equal(getattr(self.baselines, name), column, err_msg=name)
        self.compared += len(through)
        self.acted += sum(len(avatars) == 1 for avatars, _ in sent)
        return sent

    def _through_gateways(self, plain: SnapshotEncoder, twin: object, able: NDArray[np.int64]) -> dict[int, bytes]:
        blocks = TickBlocks(plain, twin, able, self.input_seq, self.input_tick, self.slack)  # type: ignore[arg-type]
        numbers = np.arange(len(self.input_seq), dtype=np.uint32) + 1000
        received: dict[int, bytes] = {}
        for which, (incoming, assembler) in enumerate(self.gateways):
            tick = blocks.share(7, blocks.ids % 2 == which, numbers)
            if tick is None:
                continue
            wire = framed([tick])
            [arrived] = [*incoming.receive(wire[:11]), *incoming.receive(wire[11:])]
            for clients, message in assembler.messages(arrived):
                assert not received.keys() & {client - 1000 for client in clients}
                received.update((client - 1000, message) for client in clients)
        return received


def random_commands(world: Fanned, random: np.random.Generator) -> Commands:
    """What people do between two ticks."""
    commands = Commands()
    alive = np.flatnonzero(world.world.alive)
    turning = alive[random.random(len(alive)) < 0.15]
    commands.courses = (turning, random.integers(0, 48, len(turning)).astype(np.uint8))
    if random.random() < 0.1:
        commands.doors.append(DoorAction(0, int(random.integers(1, 3))))
    if random.random() < 0.1:
        x, y = random.integers(64, 1216, 2) * 256
        commands.placements.append(Place(int(random.choice(alive)), int(x), int(y)))
    if random.random() < 0.05:
        commands.visibility.append((int(random.choice(alive)), int(random.choice((ORDINARY | STAFF, STAFF)))))
    return commands


def test_gateways_send_the_bytes_that_the_room_would_have_sent(seed: int) -> None:
    random = np.random.default_rng(seed)
    world, arrivals = Fanned(), Commands()
    for _ in range(PEOPLE):
        x, y = random.integers(64, 1216, 2) * 256
        avatar = world.take_id()
        assert avatar is not None
        arrivals.joins.append(Join(avatar, int(x), int(y)))
        world.connect(avatar, reliable=bool(random.random() < 0.8), class_bit=int(random.choice((ORDINARY, STAFF))))
    world.step(arrivals)
    for _ in range(TICKS):
        world.step(random_commands(world, random))
        for client in world.clients.values():
            if random.random() < 0.04:
                client.blocked = not client.blocked
            if random.random() < 0.05:
                world.rest(client, rests=bool(random.random() < 0.3))
            if random.random() < 0.03:
                world.resume(client)
            elif random.random() < 0.4:
                world.acknowledge(client, int(world.baselines.sent[client.avatar]))
    assert world.compared > TICKS * PEOPLE // 4
    assert world.acted > TICKS


def test_a_tick_whose_parts_do_not_fit_together_is_refused() -> None:
    assembler = BlockAssembler(Room(1, 640, 640, 64, 64))
    for tick in (
        Tick(1, b"", b"", b"", b"", b"", b""),
        Tick(1, b"\x97\x01\x00\x00\xc2\x90\x90\xc4\x00", b"\x01\x00\x00\x00", b"", b"", b"", b""),
    ):
        with pytest.raises(FanoutError):
            list(assembler.messages(tick))


def test_a_length_that_nobody_sends_is_refused() -> None:
    with pytest.raises(FanoutError):
        Incoming(FromOwner).receive(b"\xff\xff\xff\xff")
