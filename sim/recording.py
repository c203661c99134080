"""Recordings: what happened to a room, tick by tick, so that it can be lived through again.

JSON lines. The first line holds the configuration, the map and the catalogue; every further one the commands of a
step that had any, or a checkpoint: a tick and the state hash the world had after it. Steps without commands cost
nothing.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final, TextIO

import numpy as np

from sim.commands import Admission, BubbleAction, Commands, DoorAction, Join, LockAction, Place, SitAction
from sim.maps import RoomMap, parse_map
from sim.world import World, WorldConfig

FORMAT: Final = "hallway.recording/1"


class RecordingError(ValueError):
    """The recording cannot be read, or the replay went another way than the room did."""


class Recorder:
    """Writes the steps of one world, from its first tick on, to an open text file that the caller closes."""

    def __init__(self, file: TextIO, config: WorldConfig, room_map: RoomMap, doors_open: dict[int, bool]) -> None:
        self._file = file
        self._write(
            {
                "format": FORMAT,
                "config": asdict(config),
                "map": room_map.source,
                "catalogue": room_map.catalogue,
                "doors_open": sorted(doors_open.items()),
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
        self._file.write(json.dumps(line, separators=(",", ":")) + "\n")


def replay(file: TextIO) -> World:
    """Live through a recording up to its last line. RecordingError if it is damaged or a checkpoint differs."""
    number = 1
    try:
        header = json.loads(file.readline())
        if header["format"] != FORMAT:
            raise RecordingError(f'this is "{header["format"]}", not "{FORMAT}"')
        world = World(
            WorldConfig(**header["config"]),
            parse_map(header["map"], header["catalogue"]),
            dict(header["doors_open"]),
        )
        for number, text in enumerate(file, start=2):
            line = json.loads(text)
            is_checkpoint = "hash" in line
            while world.tick < line["tick"] - (not is_checkpoint):
                world.step(Commands())
            if world.tick != line["tick"] - (not is_checkpoint):
                raise RecordingError(f"line {number}: tick {line['tick']} comes after tick {world.tick}")
            if not is_checkpoint:
                world.step(_from_json(line))
            elif world.state_hash() != line["hash"]:
                raise RecordingError(f"line {number}: at tick {world.tick} the replay differs from the room")
    except RecordingError:
        raise
    except (KeyError, TypeError, ValueError) as error:
        raise RecordingError(f"line {number} of the recording is damaged: {error!r}") from error
    return world


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
