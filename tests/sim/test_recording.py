from __future__ import annotations

import io
import json
from collections.abc import Callable

import numpy as np
import pytest

from sim.commands import Commands, DoorAction
from sim.recording import Recorder, RecordingError, replay
from sim.world import World

BusyRoom = Callable[[], World]
RandomCommands = Callable[[np.random.Generator, World], Commands]


def record(world: World, make_commands: RandomCommands, ticks: int, seed: int = 7) -> str:
    rng = np.random.default_rng(seed)
    file = io.StringIO()
    recorder = Recorder(file.write, world)
    for number in range(ticks):
        commands = make_commands(rng, world) if number % 3 else Commands()
        world.step(commands)
        recorder.step(world.tick, commands)
        if number % 25 == 0:
            recorder.checkpoint(world)
    recorder.checkpoint(world)
    return file.getvalue()


@pytest.mark.parametrize("seed", range(5))
def test_a_replay_comes_to_the_same_world_at_every_checkpoint(
    busy_room: BusyRoom, random_commands: RandomCommands, seed: int
) -> None:
    world = busy_room()
    text = record(world, random_commands, 200, seed)
    assert text.count('"hash"') >= 9
    assert replay(io.StringIO(text)).state_hash() == world.state_hash()


def test_a_replay_starts_with_the_doors_as_they_were(busy_room: BusyRoom) -> None:
    room = busy_room()
    world = World(room.config, room.room_map, {5: False})
    file = io.StringIO()
    recorder = Recorder(file.write, world)
    commands = Commands(doors=[DoorAction(0, 5)])
    world.step(commands)
    recorder.step(world.tick, commands)
    recorder.checkpoint(world)
    assert replay(io.StringIO(file.getvalue())).doors_open == {5: True}


def test_ticks_in_which_nothing_is_asked_take_no_space(busy_room: BusyRoom) -> None:
    text = record(busy_room(), lambda rng, world: Commands(), 24)
    assert text.count("\n") == 3


def test_a_replay_that_goes_another_way_is_noticed(busy_room: BusyRoom, random_commands: RandomCommands) -> None:
    lines = record(busy_room(), random_commands, 60).splitlines()
    for number in [n for n, line in enumerate(lines) if '"courses"' in line]:
        changed = json.loads(lines[number])
        changed["courses"][1] = [value ^ 1 for value in changed["courses"][1]]
        lines[number] = json.dumps(changed)
    with pytest.raises(RecordingError, match="the replay differs"):
        replay(io.StringIO("\n".join(lines)))


@pytest.mark.parametrize("seed", range(3))
def test_a_recording_may_begin_in_the_middle_of_a_busy_day(
    busy_room: BusyRoom, random_commands: RandomCommands, seed: int
) -> None:
    """What was recorded from its first tick and what began after a hundred come to the same world."""
    world, rng, file = busy_room(), np.random.default_rng(seed), io.StringIO()
    for _ in range(100):
        world.step(random_commands(rng, world))
    recorder = Recorder(file.write, world)
    for _ in range(100):
        commands = random_commands(rng, world)
        world.step(commands)
        recorder.step(world.tick, commands)
        recorder.checkpoint(world)
    found = replay(io.StringIO(file.getvalue()))
    assert (found.tick, found.state_hash()) == (200, world.state_hash())
    assert np.array_equal(found.proximity.pairs(), world.proximity.pairs())


def test_a_last_line_that_was_cut_off_is_left_out(busy_room: BusyRoom, random_commands: RandomCommands) -> None:
    world = busy_room()
    text = record(world, random_commands, 30)
    assert replay(io.StringIO(text + '{"tick":31,"cour')).state_hash() == world.state_hash()


def test_the_state_of_another_world_is_refused(busy_room: BusyRoom, random_commands: RandomCommands) -> None:
    lines = record(busy_room(), random_commands, 10).splitlines()
    header = json.loads(lines[0])
    header["config"]["capacity"] += 1
    with pytest.raises(RecordingError, match="line 1 of the recording is damaged"):
        replay(io.StringIO("\n".join([json.dumps(header), *lines[1:]])))


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda lines: [], "line 1 of the recording is damaged"),
        (lambda lines: ['{"format":"other"}'], 'this is "other"'),
        (lambda lines: [*lines, "{", ""], "damaged"),
        (lambda lines: [*lines, '{"tick":1,"leaves":[1]}'], "comes after tick"),
        (lambda lines: [*lines, '{"tick":9999,"leaves":[1,1]}'], "named once"),
    ],
)
def test_a_damaged_recording_is_refused_with_the_line(
    busy_room: BusyRoom,
    random_commands: RandomCommands,
    damage: Callable[[list[str]], list[str]],
    complaint: str,
) -> None:
    lines = record(busy_room(), random_commands, 10).splitlines()
    with pytest.raises(RecordingError, match=complaint):
        replay(io.StringIO("\n".join(damage(lines))))
