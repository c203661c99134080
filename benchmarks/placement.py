"""Paper beyond the machines here: 100,000 people on many machines in several regions, and what happens when some fail.

Costs are those that were measured on one machine (`Costs`), rooms are given to processes by the server's own rule
(`server.cluster.placement`), and a machine that dies frees its rooms when their leases run out. Everything that is not
measured is an assumption, and a field of `World`. The same seed gives the same table:

    python -m benchmarks.placement --people 100000
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final

import numpy as np
import typer

from server.cluster.placement import Placement
from server.cluster.redis_ownership import LEASE_S, RENEW_S
from server.cluster.registry import Process

BEAT_S: Final = 1.0
"""How often processes say how busy they are."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Measured on the reference machine: docs/scaling.md says when and how."""

    client_us: tuple[tuple[int, float], ...] = ((10, 926.0), (100, 590.0), (500, 456.0), (1000, 471.0))
    """Processor time of one person and second, us, in a room of so many; between them along a straight line."""
    tick_share: float = 0.8
    """The part of it that is spent in ticks; the rest is spent on sockets."""
    join_ms: float = 4.4
    """Processor time of one person who comes in."""
    open_ms: float = 20.0
    """Processor time of a room that opens. Not measured: a guess on the safe side."""
    proxy_us: float = 160.0
    """Processor time of nginx for one person and second, without TLS."""
    down_bytes: float = 500.0
    """To one person and second, without sound and picture."""
    client_kb: float = 94.0
    process_mb: float = 117.0

    def of_room(self, people: int) -> float:
        """The part of a core that a room needs."""
        sizes, costs = zip(*self.client_us, strict=True)
        return people * float(np.interp(people, sizes, costs)) / 1e6


@dataclass(frozen=True, slots=True)
class World:
    """What is assumed."""

    people: int = 100_000
    regions: tuple[tuple[str, float], ...] = (("Europe", 0.40), ("America", 0.35), ("Asia", 0.20), ("Oceania", 0.05))
    """Their shares of the people. Each is an installation of its own, with its PostgreSQL and its Redis."""
    median_room: float = 8.0
    spread: float = 1.1
    """Of the lognormal distribution of room sizes: most are small, a few are halls."""
    festivals: tuple[int, ...] = (1500, 1000)
    """Rooms as large as one process holds, in every region."""
    zones: int = 3
    cores: int = 8
    """Of a machine; one is left to nginx, the SFU and the system."""
    full: float = 0.5
    """The part of a core that a process may use on an ordinary day: what is left is for machines that fail."""
    retry_s: tuple[float, float] = (0.5, 3.0)
    """After how long a client tries again, evenly spread."""
    seed: int = 1

    @property
    def workers(self) -> int:
        """Processes of a machine."""
        return self.cores - 1


@dataclass(slots=True)
class Machine:
    """`processes`: indices into its region's."""

    zone: int
    processes: list[int]


@dataclass(slots=True)
class Region:
    """Processes, and which rooms each has. `used`: the part of its core that each uses."""

    name: str
    machines: list[Machine]
    sizes: list[int]
    used: list[float]
    rooms: list[set[int]]
    connections: list[int]
    costs: Costs
    dead: set[int] = field(default_factory=set)

    def put(self, room: int, process: int) -> None:
        """The process runs the room from now on."""
        self.rooms[process].add(room)
        self.used[process] += self.costs.of_room(self.sizes[room])
        self.connections[process] += self.sizes[room]

    def told(self) -> list[Process]:
        """What the processes that live say of themselves."""
        return [
            Process(
                id=str(index),
                machine="",
                load=self.used[index] * self.costs.tick_share,
                connections=self.connections[index],
                rooms=len(self.rooms[index]),
            )
            for index in range(len(self.used))
            if index not in self.dead
        ]


@dataclass(frozen=True, slots=True)
class Failure:
    """What a failure did. Times in s from the moment of it; `busiest`: the part of a core, after it."""

    what: str
    people: int
    rooms: int
    half_open_s: float
    all_open_s: float
    joins_s: float
    busiest: float
    over: int
    """Processes that would need more than a whole core."""


def room_sizes(people: int, world: World, chance: random.Random) -> list[int]:
    """Rooms that hold these people, the largest first."""
    sizes = [size for size in world.festivals if size <= people // 4]
    left = people - sum(sizes)
    while left > 0:
        size = min(left, 400, max(2, round(chance.lognormvariate(float(np.log(world.median_room)), world.spread))))
        sizes.append(size)
        left -= size
    return sorted(sizes, reverse=True)


def filled(name: str, people: int, world: World, costs: Costs) -> Region:
    """A region with as many machines as its people need, who came in one after another."""
    chance = random.Random(f"{world.seed} {name}")  # noqa: S311 - has to be repeatable
    sizes = room_sizes(people, world, chance)
    needed = sum(costs.of_room(size) for size in sizes) / world.full
    # One machine more in each zone than the load alone asks for would be waste; one in the region at least is needed.
    count = max(world.zones, -(-int(np.ceil(needed)) // world.workers))
    machines = [
        Machine(number % world.zones, list(range(number * world.workers, (number + 1) * world.workers)))
        for number in range(count)
    ]
    processes = count * world.workers
    region = Region(name, machines, sizes, [0.0] * processes, [set() for _ in range(processes)], [0] * processes, costs)
    order = list(range(len(sizes)))
    chance.shuffle(order)
    # A working day begins: so many rooms open in the second between two words of the processes.
    place_in_beats(region, order, per_beat=max(1, len(order) // 600))
    return region


def place_in_beats(region: Region, rooms: Sequence[int], per_beat: int) -> None:
    """Give rooms to processes by the server's rule, whose knowledge is a beat old."""
    placement = Placement()
    for start in range(0, len(rooms), per_beat):
        told = region.told()
        placement.heard()
        for room in rooms[start : start + per_beat]:
            chosen = placement.place(told)
            if chosen is None:
                raise ValueError("no process is left")
            region.put(room, int(chosen.id))


def fail(region: Region, what: str, dead: set[int], world: World, *, drained: bool = False) -> Failure:
    """Processes die, or are drained, and their rooms open elsewhere."""
    chance = random.Random(f"{world.seed} {region.name} {what}")  # noqa: S311 - has to be repeatable
    region.dead |= dead
    orphans = [room for index in sorted(dead) for room in sorted(region.rooms[index])]
    for index in dead:
        region.rooms[index].clear()
        region.used[index], region.connections[index] = 0.0, 0
    # A room is asked for by the first of its people who comes back, and can be had when its lease is over.
    asked = []
    for room in orphans:
        free = 0.0 if drained else LEASE_S - chance.uniform(0, RENEW_S)
        first = 0.0 if drained else min(chance.uniform(*world.retry_s) for _ in range(min(region.sizes[room], 50)))
        asked.append((max(free, first), room))
    asked.sort()
    opened = _open(region, asked, per_s=50.0 if drained else float("inf"))
    times = np.array(sorted(at for at, _ in opened)) if opened else np.zeros(1)
    people = sum(region.sizes[room] for room in orphans)
    span = max(1.0, float(times[-1] - times[0])) + world.retry_s[1]
    alive = [used for index, used in enumerate(region.used) if index not in region.dead]
    return Failure(
        what,
        people,
        len(orphans),
        float(np.percentile(times, 50)),
        float(times[-1]),
        people / span,
        max(alive),
        sum(used > 1 for used in alive),
    )


def _open(region: Region, asked: Sequence[tuple[float, int]], per_s: float) -> list[tuple[float, int]]:
    """When each room is open: its new process opens one after another, and lets its people in."""
    costs, placement = region.costs, Placement()
    free_at: dict[int, float] = {}
    opened, heard_at = [], -BEAT_S
    told: list[Process] = []
    for number, (at, room) in enumerate(asked):
        at = max(at, number / per_s)
        if at - heard_at >= BEAT_S:
            told, heard_at = region.told(), at
            placement.heard()
        chosen = placement.place(told)
        if chosen is None:
            raise ValueError("no process is left")
        index = int(chosen.id)
        # What the process does already slows it down.
        speed = max(0.1, 1 - region.used[index])
        begun = max(at, free_at.get(index, 0.0))
        opened.append((begun + costs.open_ms / 1000 / speed, room))
        free_at[index] = begun + (costs.open_ms + costs.join_ms * region.sizes[room]) / 1000 / speed
        region.put(room, index)
    return opened


def failures(region: Region, world: World, costs: Costs) -> Iterator[Failure]:
    """Each on the region as it was."""
    people = sum(region.sizes)
    machine = max(region.machines, key=lambda found: sum(region.connections[index] for index in found.processes))
    zone = {index for found in region.machines if found.zone == 0 for index in found.processes}
    largest = max(range(len(region.used)), key=lambda index: region.connections[index])
    for what, dead, drained in (
        ("a process is killed", {largest}, False),
        ("a machine dies", set(machine.processes), False),
        ("a zone is gone", zone, False),
        ("a machine is drained", set(machine.processes), True),
    ):
        yield fail(filled(region.name, people, world, costs), what, dead, world, drained=drained)


def capacity(world: World, costs: Costs, room: int) -> int:
    """People in rooms of this size that one process holds within `World.full`."""
    return int(world.full / costs.of_room(room)) * room


def report(world: World, costs: Costs) -> str:
    """The tables of docs/scaling.md."""
    lines = [
        "| rooms of | one process | its memory, MB | one machine |",
        "|---|---|---|---|",
    ]
    for room in (10, 50, 100, 500):
        held = capacity(world, costs, room)
        memory = costs.process_mb + held * costs.client_kb / 1000
        lines.append(f"| {room} | {held:,} | {memory:,.0f} | {held * world.workers:,} |")
    lines += [
        "",
        "| region | people | rooms | machines | processes | busiest | average | nginx, cores | down, Gbit/s |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    regions = [filled(name, round(world.people * share), world, costs) for name, share in world.regions]
    for region in regions:
        people = sum(region.sizes)
        lines.append(
            f"| {region.name} | {people:,} | {len(region.sizes):,} | {len(region.machines)} | {len(region.used)} "
            f"| {max(region.used):.0%} | {np.mean(region.used):.0%} | {people * costs.proxy_us / 1e6:.1f} "
            f"| {people * costs.down_bytes * 8 / 1e9:.2f} |"
        )
    machines, rooms = sum(len(region.machines) for region in regions), sum(len(region.sizes) for region in regions)
    lines += [
        f"| together | {world.people:,} | {rooms:,} | {machines} | {machines * world.workers} | | | | |",
        "",
        f"| in {regions[0].name} | people | rooms | half open after | all after | joins/s | busiest | over a core |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for found in failures(regions[0], world, costs):
        lines.append(
            f"| {found.what} | {found.people:,} | {found.rooms:,} | {found.half_open_s:.1f} s "
            f"| {found.all_open_s:.1f} s | {found.joins_s:,.0f} | {found.busiest:.0%} | {found.over} |"
        )
    return "\n".join(lines)


def main(
    people: Annotated[int, typer.Option(min=1000, help="How many, over all regions.")] = 100_000,
    cores: Annotated[int, typer.Option(min=2, help="Of a machine.")] = 8,
    full: Annotated[float, typer.Option(min=0.05, max=0.95, help="How full a process is on an ordinary day.")] = 0.5,
    seed: Annotated[int, typer.Option(help="Of everything random.")] = 1,
) -> None:
    """Place people on machines, let some of them fail, and print what happens."""
    typer.echo(report(World(people=people, cores=cores, full=full, seed=seed), Costs()))


if __name__ == "__main__":
    typer.run(main)
