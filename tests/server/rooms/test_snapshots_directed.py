"""Two rules of the delta that chance seldom meets, each in the smallest scene that needs it."""

from __future__ import annotations

import numpy as np

from sim.commands import Commands, Join
from tests.server.rooms.snapshot_world import ORDINARY, Client, SnapshotWorld

VIEWER, WALKER = 1, 2
EAST, WEST, NORTH = 0, 8, 12
WALK, RUN = 0x10, 0x20


def scene(walker_x: int) -> tuple[SnapshotWorld, Client]:
    """A viewer at (450, 250) px, whose interest set begins at x = 256 px, and somebody else; both up to date."""
    room = SnapshotWorld()
    room.step(Commands(joins=[Join(VIEWER, 450 * 256, 250 * 256), Join(WALKER, walker_x * 256, 250 * 256)]))
    viewer = room.connect(VIEWER, reliable=True, class_bit=ORDINARY)
    turn(room, 0)
    hear(room, viewer)
    assert WALKER in viewer.view.now.ids()
    return room, viewer


def turn(room: SnapshotWorld, course: int) -> None:
    room.step(Commands(courses=(np.array([WALKER], np.uint16), np.array([course], np.uint8))))


def hear(room: SnapshotWorld, viewer: Client) -> None:
    """Everything arrives; each snapshot that is applied is compared with what the server had."""
    for message in viewer.down:
        room.deliver(viewer, message)
    viewer.down.clear()


def test_two_turns_since_the_baseline_are_told_as_a_whole_row() -> None:
    room, viewer = scene(walker_x=350)
    viewer.blocked = True
    turn(room, RUN | EAST)
    room.step(Commands())
    turn(room, WALK | NORTH)
    viewer.blocked = False
    turn(room, WALK | NORTH)
    room.step(Commands())
    turn(room, 0)
    hear(room, viewer)
    assert viewer.applied > 1


def test_who_turns_and_walks_out_of_sight_since_the_baseline_leaves_no_ghost() -> None:
    room, viewer = scene(walker_x=262)
    turn(room, WALK | NORTH)
    hear(room, viewer)
    viewer.blocked = True
    turn(room, RUN | WEST)
    room.step(Commands())
    room.step(Commands())
    assert room.world.x[WALKER] < 256 * 256
    viewer.blocked = False
    for _ in range(room.encoder.heartbeat_ticks):
        room.step(Commands())
    hear(room, viewer)
    assert WALKER not in viewer.view.now.ids()
