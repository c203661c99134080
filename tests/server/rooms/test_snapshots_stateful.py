"""Whatever the network and the people do, a client's view is the server's view of its cells at the acknowledged tick.

Random people turn, teleport, sit, work doors, hide, come and leave; clients sit behind reliable links that block, break
and resume, or behind datagrams that are lost, doubled and reordered, move between the two, and rest now and then. After
every snapshot that a client applies, its view is compared with what the server had.
"""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from sim.commands import Place, SitAction
from tests.server.rooms.snapshot_world import ORDINARY, STAFF, Client, Commands, DoorAction, Join, SnapshotWorld

courses = st.builds(lambda gait, direction: gait << 4 | direction, st.integers(0, 2), st.integers(0, 15))
places = st.tuples(st.integers(0, 1279), st.integers(0, 1279))
picks = st.integers(0, 10_000)
SEEN_BY = (ORDINARY | STAFF, STAFF)


class SnapshotMachine(RuleBasedStateMachine):
    """The rules are what may happen between ticks; `pass_ticks` lets the world move and the network deliver."""

    @initialize(seed=st.integers(0, 2**32 - 1))
    def begin(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.room = SnapshotWorld()
        self.commands = Commands()
        self.joining: set[int] = set()
        self.turns: dict[int, int] = {}
        for number in range(6):
            x, y = self.random.integers(64, 1216, 2)
            avatar = self._join(int(x), int(y))
            if number < 4:
                self.room.connect(avatar, reliable=number % 2 == 0, class_bit=ORDINARY if number < 3 else STAFF)
        self._tick()

    # --- people -----------------------------------------------------------------------------------------------------

    @rule(pick=picks, course=courses)
    def turn(self, pick: int, course: int) -> None:
        self.turns[self._someone(pick)] = course

    @rule(pick=picks, place=places)
    def teleport(self, pick: int, place: tuple[int, int]) -> None:
        self.commands.placements.append(Place(self._someone(pick), place[0] * 256, place[1] * 256))

    @rule(pick=picks)
    def sit_down(self, pick: int) -> None:
        avatar = self._someone(pick)
        self.commands.placements.append(Place(avatar, 350 * 256, 500 * 256))
        self.commands.seats.append(SitAction(avatar, 1))

    @rule(door=st.integers(1, 2))
    def work_a_door(self, door: int) -> None:
        self.commands.doors.append(DoorAction(0, door))

    @rule(pick=picks, mask=st.sampled_from(SEEN_BY))
    def hide_or_show(self, pick: int, mask: int) -> None:
        self.commands.visibility.append((self._someone(pick), mask))

    @rule(pick=picks, away=st.booleans())
    def go_away_or_come_back(self, pick: int, away: bool) -> None:
        self.commands.away.append((self._someone(pick), away))

    @rule(place=places)
    def join(self, place: tuple[int, int]) -> None:
        self._join(*place)

    @rule(place=places, reliable=st.booleans(), class_bit=st.sampled_from((ORDINARY, STAFF)))
    def join_with_a_client(self, place: tuple[int, int], reliable: bool, class_bit: int) -> None:
        avatar = self._join(*place)
        if avatar:
            self.room.connect(avatar, reliable=reliable, class_bit=class_bit)

    @precondition(lambda self: int(self.room.world.alive.sum()) - len(self.commands.leaves) > 2)
    @rule(pick=picks)
    def leave(self, pick: int) -> None:
        avatar = self._someone(pick)
        if avatar in self.commands.leaves:
            return
        self.commands.leaves.append(avatar)
        self.room.clients.pop(avatar, None)
        self.room.baselines.close(avatar)
        self.room.give_back(avatar)
        self.turns.pop(avatar, None)

    # --- the network ------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.room.clients)
    @rule(pick=picks, blocked=st.booleans())
    def block_or_unblock(self, pick: int, blocked: bool) -> None:
        self._client(pick).blocked = blocked

    @precondition(lambda self: self.room.clients)
    @rule(pick=picks)
    def break_and_resume(self, pick: int) -> None:
        self.room.resume(self._client(pick))

    @precondition(lambda self: self.room.clients)
    @rule(pick=picks)
    def move_the_lane(self, pick: int) -> None:
        self.room.move(self._client(pick))

    @precondition(lambda self: self.room.clients)
    @rule(pick=picks, rests=st.booleans())
    def rest_or_look(self, pick: int, rests: bool) -> None:
        client = self._client(pick)
        self.room.rest(client, rests=rests)
        if not rests and not client.blocked:
            self._tick()
            assert self.room.baselines.sent[client.avatar] == self.room.world.tick

    @rule(ticks=st.integers(1, 12), loss=st.sampled_from((0.0, 0.2, 0.7)), ack_loss=st.sampled_from((0.0, 0.5)))
    def pass_ticks(self, ticks: int, loss: float, ack_loss: float) -> None:
        for _ in range(ticks):
            self._tick()
            for client in list(self.room.clients.values()):
                self._network(client, loss, ack_loss)

    @rule(ticks=st.integers(30, 70))
    def pass_many_ticks_in_which_nothing_arrives(self, ticks: int) -> None:
        for _ in range(ticks):
            self._tick()
            for client in self.room.clients.values():
                client.datagrams.clear()

    @rule()
    def everything_arrives(self) -> None:
        """After a calm second every client is up to date."""
        for client in self.room.clients.values():
            client.blocked = False
        for _ in range(25):
            self._tick()
            for client in list(self.room.clients.values()):
                self._network(client, 0.0, 0.0)
        for client in self.room.clients.values():
            assert self.room.world.tick - client.view.newest_tick <= 2 * self.room.encoder.heartbeat_ticks
            assert client.view.ack, f"client {client.avatar} found no complete snapshot"

    # --- parts ------------------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        commands, self.commands = self.commands, Commands()
        alive = set(np.flatnonzero(self.room.world.alive).tolist()) | self.joining
        turns = {avatar: course for avatar, course in self.turns.items() if avatar in alive}
        commands.courses = (np.array(list(turns), np.uint16), np.array(list(turns.values()), np.uint8))
        self.turns.clear()
        self.joining.clear()
        self.room.step(commands)

    def _network(self, client: Client, loss: float, ack_loss: float) -> None:
        room, random = self.room, self.random
        if client.reliable or random.random() < 0.6:
            room.deliver_events(client)
            for message in client.down:
                room.deliver(client, message, reliable=True)
            client.down.clear()
        order = random.permutation(len(client.datagrams))
        kept = []
        for index in order.tolist():
            chance = random.random()
            if chance < loss:
                continue
            if chance > 0.85 and loss:
                kept.append(client.datagrams[index])  # late, or a second time
                if chance > 0.93:
                    continue
            room.deliver(client, client.datagrams[index], reliable=False)
        client.datagrams[:] = kept[-8:]
        for ack in client.acks:
            if random.random() >= ack_loss:
                room.acknowledge(client, ack)
        client.acks.clear()

    def _join(self, x: int, y: int) -> int:
        avatar = self.room.take_id()
        if avatar is None:
            return 0
        self.commands.joins.append(Join(avatar, x * 256, y * 256))
        self.joining.add(avatar)
        return avatar

    def _someone(self, pick: int) -> int:
        alive = [
            avatar for avatar in np.flatnonzero(self.room.world.alive).tolist() if avatar not in self.commands.leaves
        ]
        return alive[pick % len(alive)] if alive else 0

    def _client(self, pick: int) -> Client:
        clients = list(self.room.clients.values())
        return clients[pick % len(clients)]


TestSnapshots = SnapshotMachine.TestCase
TestSnapshots.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
