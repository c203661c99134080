"""The recording of a running room: the tick puts lines into a bounded queue, somebody else takes them away."""

from __future__ import annotations

from collections.abc import Iterable

from server.rooms.room import Room
from sim.commands import Commands
from sim.recording import Recorder
from sim.world import World

QUEUE_BYTES = 8 * 1024 * 1024
"""Lines that wait for whoever takes them; beyond, the recording ends: one with a gap could not be replayed."""
CHECKPOINT_S = 2.0


class RoomRecording:
    """Records one room from now on. One room has at most one at a time."""

    def __init__(self, room: Room, tick_rate: int) -> None:
        self.ended: str | None = None
        """Why nothing more comes; None: it goes on."""
        self._room = room
        self._every = max(1, round(CHECKPOINT_S * tick_rate))
        self._lines: list[str] = []
        self._bytes = 0
        self._recorder = Recorder(self._put, room.world)
        room.recorder = self

    def step(self, world: World, commands: Commands) -> None:
        """A step was made, with these commands."""
        self._recorder.step(world.tick, commands)
        if world.tick % self._every == 0:
            self._recorder.checkpoint(world)
        if self._bytes > QUEUE_BYTES:
            self._end("nobody takes the lines away fast enough")

    def closed(self) -> None:
        """The room ends."""
        self._end("the room was closed")

    def stop(self) -> None:
        """Record no more; the last line says what the world looks like now."""
        if self.ended is None:
            self._recorder.checkpoint(self._room.world)
            self._end("it was stopped")

    def take(self) -> Iterable[str]:
        """The lines since the last call, in order."""
        lines, self._lines, self._bytes = self._lines, [], 0
        return lines

    def _put(self, line: str) -> None:
        self._lines.append(line)
        self._bytes += len(line)

    def _end(self, why: str) -> None:
        if self.ended is None:
            self.ended = why
            if self._room.recorder is self:
                self._room.recorder = None
