"""Recordings: what happened to a room, tick by tick, so that it can be lived through again.

JSON lines, format "hallway.recording/2" (docs/recordings.md). The first line holds the configuration, the map, the
catalogue and the state of the world at that moment; every further one the commands of a step that had any, or a
checkpoint: a tick and the state hash that the world had after it. Steps without commands cost nothing. Nobody's name is
in it: avatars are numbers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any, Final, TextIO

import numpy as np

from sim.commands import Admission, BubbleAction, Commands, DoorAction, Join, LockAction, Place, SitAction
from sim.maps import RoomMap, parse_map
from sim.saved_world import restore, state_of
from sim.world import World, WorldConfig

FORMAT: Final = "hallway.recording/2"


class RecordingError(ValueError):
    """The recording cannot be read, or the replay went another way than the room did."""


class Recorder:
    """Writes the steps of one world from now on. `write` takes one line at a time, its end included."""

    def __init__(self, write: Callable[[str], object], world: World) -> None:
        self._write_line = write
        self._write(
            {
                "format": FORMAT,
                "config": asdict(world.config),
                "map": world.room_map.source,
                "catalogue": world.room_map.catalogue,
                "doors_open": sorted(world.doors_open.items()),
                "state": state_of(world),
            }
        )

    def step(self, tick: int, commands: Commands) -> None:
        """Record the commands of the step that made `tick`."""
        fields = _to_json(commands)
        if fields:
            self._write({"tick": tick, **fields})

    def checkpoint(self, world: World) -> None:
        """Record what the world looks like now; the replay must come to the same."""
        self._write({"tick": world.tick, "hash": world.state_hash()})

    def _write(self, line: dict[str, Any]) -> None:
        self._write_line(json.dumps(line, separators=(",", ":")) + "\n")


class Replay:
    """A recording, lived through again.

    config, room_map: what the room's world is made from. first_tick: the tick that the recording begins after.
    checkpoints: those that were met so far.
    """

    def __init__(self, file: TextIO) -> None:
        """Read the first line of an open text file. RecordingError if it is not that of a recording."""
        self._file = file
        self.checkpoints = 0
        try:
            header = json.loads(file.readline())
            if header["format"] != FORMAT:
                raise RecordingError(f'this is "{header["format"]}", not "{FORMAT}"')
            self.config = WorldConfig(**header["config"])
            self.room_map: RoomMap = parse_map(header["map"], header["catalogue"])
            self.world = World(self.config, self.room_map, dict(header["doors_open"]))
            restore(self.world, header["state"])
        except RecordingError:
            raise
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise RecordingError(f"line 1 of the recording is damaged: {error!r}") from error
        self.first_tick = self.world.tick

    def steps(self) -> Iterator[Commands]:
        """Yield the commands of every step in turn; between two of them whoever iterates makes that step with
        `world.step`. RecordingError if a line is damaged, or if a checkpoint differs."""
        world, number = self.world, 1
        try:
            for number, text in enumerate(self._file, start=2):
                try:
                    line = json.loads(text)
                except ValueError:
                    if text.endswith("\n"):
                        raise
                    return  # whoever recorded was interrupted in the middle of this line
                is_checkpoint = "hash" in line
                while world.tick < line["tick"] - (not is_checkpoint):
                    yield Commands()
                if world.tick != line["tick"] - (not is_checkpoint):
                    raise RecordingError(f"line {number}: tick {line['tick']} comes after tick {world.tick}")
                if not is_checkpoint:
                    yield _from_json(line)
                elif world.state_hash() != line["hash"]:
                    raise RecordingError(f"line {number}: at tick {world.tick} the replay differs from the room")
                else:
                    self.checkpoints += 1
        except RecordingError:
            raise
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise RecordingError(f"line {number} of the recording is damaged: {error!r}") from error


def replay(file: TextIO) -> World:
    """Live through a recording up to its last line. RecordingError if it is damaged or a checkpoint differs."""
    found = Replay(file)
    for commands in found.steps():
        try:
            found.world.step(commands)
        except (ValueError, TypeError, IndexError) as error:
            raise RecordingError(f"tick {found.world.tick + 1} of the recording is damaged: {error!r}") from error
    return found.world


def _to_json(commands: Commands) -> dict[str, Any]:
    ids, values = commands.courses
    fields: dict[str, Any] = {
        "leaves": commands.leaves,
        "joins": [[j.avatar, j.x, j.y, j.course, j.visible_to] for j in commands.joins],
        "ranks": commands.ranks,
        "visibility": commands.visibility,
        "placements": [[p.avatar, p.x, p.y] for p in commands.placements],
        "seats": [[s.avatar, s.seat, s.ref] for s in commands.seats],
        "doors": [[d.avatar, d.door, d.ref] for d in commands.doors],
        "locks": [[lock.avatar, lock.zone, lock.locked, lock.ref] for lock in commands.locks],
        "admissions": [[a.avatar, a.zone, a.guest, a.until] for a in commands.admissions],
        "bubbles": [[b.avatar, b.other, b.ref] for b in commands.bubbles],
        "ghosts": commands.ghosts,
        "away": commands.away,
        "courses": [ids.tolist(), values.tolist()] if ids.size else [],
    }
    recorded = {name: value for name, value in fields.items() if value}
    if commands.areas is not None:
        recorded["areas"] = sorted(commands.areas.items())
    if commands.capacities is not None:
        recorded["capacities"] = sorted(commands.capacities.items())
    if commands.lockable is not None:
        recorded["lockable"] = sorted(commands.lockable.items())
    if commands.radii is not None:
        recorded["radii"] = commands.radii
    return recorded


def _from_json(line: dict[str, Any]) -> Commands:
    ids, values = line.get("courses") or ([], [])
    return Commands(
        leaves=line.get("leaves", []),
        joins=[Join(*fields) for fields in line.get("joins", [])],
        ranks=[(avatar, rank) for avatar, rank in line.get("ranks", [])],
        areas=dict(line["areas"]) if "areas" in line else None,
        capacities=dict(line["capacities"]) if "capacities" in line else None,
        lockable=dict(line["lockable"]) if "lockable" in line else None,
        radii=(line["radii"][0], line["radii"][1]) if "radii" in line else None,
        visibility=[(avatar, mask) for avatar, mask in line.get("visibility", [])],
        placements=[Place(*fields) for fields in line.get("placements", [])],
        seats=[SitAction(*fields) for fields in line.get("seats", [])],
        doors=[DoorAction(*fields) for fields in line.get("doors", [])],
        locks=[LockAction(*fields) for fields in line.get("locks", [])],
        admissions=[Admission(*fields) for fields in line.get("admissions", [])],
        bubbles=[BubbleAction(*fields) for fields in line.get("bubbles", [])],
        ghosts=[(avatar, ghost) for avatar, ghost in line.get("ghosts", [])],
        away=[(avatar, away) for avatar, away in line.get("away", [])],
        courses=(np.array(ids, np.uint16), np.array(values, np.uint8)),
    )
