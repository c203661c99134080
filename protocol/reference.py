"""The world of STANDARD.md, one avatar at a time: slow, plain, and independent of numpy.

It makes the golden vectors and is the oracle of the tests. The server's world is `sim`, the client's view is `view`.
"""

from dataclasses import dataclass, field

from protocol.messages import Motion

COSINES = (256, 237, 181, 98, 0, -98, -181, -237, -256, -237, -181, -98, 0, 98, 181, 237)
_UINT32 = 0xFFFF_FFFF


@dataclass
class Avatar:
    """Position in 1/256 px and course byte."""

    x: int
    y: int
    course: int = 0


@dataclass
class ReferenceWorld:
    """Avatars on a raster of 8 px cells (`solid[row][col]`; outside is solid) with doors, section 4."""

    solid: list[list[bool]]
    motion: Motion
    doors: dict[int, tuple[int, int, int, int]] = field(default_factory=dict)
    """By id: (column, row, columns, rows) of the raster cells that a shut door makes solid."""
    open: set[int] = field(default_factory=set)
    tick: int = 0
    world: int = 0
    """World revision."""
    avatars: dict[int, Avatar] = field(default_factory=dict)

    def copy(self) -> "ReferenceWorld":
        """An independent copy of everything that changes."""
        avatars = {i: Avatar(a.x, a.y, a.course) for i, a in self.avatars.items()}
        return ReferenceWorld(self.solid, self.motion, self.doors, set(self.open), self.tick, self.world, avatars)

    def set_door(self, door: int, is_open: bool) -> None:
        """Open or shut a door, which raises the world revision."""
        (self.open.add if is_open else self.open.discard)(door)
        self.world += 1

    def is_solid(self, col: int, row: int) -> bool:
        """Is the raster cell solid, shut doors included?"""
        if not (0 <= row < len(self.solid) and 0 <= col < len(self.solid[0])) or self.solid[row][col]:
            return True
        return any(
            c <= col < c + w and r <= row < r + h for i, (c, r, w, h) in self.doors.items() if i not in self.open
        )

    def step(self) -> None:
        """Section 4.2: one tick of everyone."""
        self.tick += 1
        for avatar in self.avatars.values():
            self.move(avatar)

    def move(self, avatar: Avatar) -> None:
        """Section 4.2: one tick of one avatar."""
        gait = avatar.course >> 4 & 3
        if gait not in (1, 2):
            return
        speed = self.motion.walk if gait == 1 else self.motion.run
        dx = _scaled(COSINES[avatar.course & 15], speed)
        dy = _scaled(COSINES[(avatar.course + 12) & 15], speed)
        count = max(1, (speed + 2047) >> 11)
        for i in range(count):
            avatar.x = self._slide(avatar.x, _part(dx, i, count), avatar.y, along_x=True)
            avatar.y = self._slide(avatar.y, _part(dy, i, count), avatar.x, along_x=False)

    def _slide(self, at: int, m: int, other: int, *, along_x: bool) -> int:
        if m == 0:
            return at
        half, across = (self.motion.half_w, self.motion.half_h) if along_x else (self.motion.half_h, self.motion.half_w)
        line = (at + m + half - 1) >> 11 if m > 0 else (at + m - half) >> 11
        for cell in range((other - across) >> 11, ((other + across - 1) >> 11) + 1):
            if self.is_solid(line, cell) if along_x else self.is_solid(cell, line):
                return (line << 11) - half if m > 0 else ((line + 1) << 11) + half
        return at + m


def _scaled(component: int, speed: int) -> int:
    way = (speed * abs(component) + 128) >> 8
    return way if component >= 0 else -way


def _part(way: int, i: int, count: int) -> int:
    part = abs(way) * (i + 1) // count - abs(way) * i // count
    return part if way >= 0 else -part


def cell_of(avatar: Avatar, cell_px: int, cols: int) -> int:
    """Section 4.3."""
    return avatar.y // (cell_px * 256) * cols + avatar.x // (cell_px * 256)


def in_interest(cell: int, home: int, cols: int, radius: int) -> bool:
    """Section 4.3: is `cell` in the interest set of `home`?"""
    (row, col), (home_row, home_col) = divmod(cell, cols), divmod(home, cols)
    return abs(row - home_row) <= radius and abs(col - home_col) <= radius


def checksum(avatars: dict[int, Avatar]) -> int:
    """Section 5.6."""
    total = 0
    for i, a in avatars.items():
        h = (i * 0x9E3779B1 + a.x * 0x85EBCA6B + a.y * 0xC2B2AE35 + a.course * 0x27D4EB2F) & _UINT32
        total += (h ^ (h >> 15)) * 0x2C1B3C6D
    return total & _UINT32
