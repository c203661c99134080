"""Clients that lie with legal messages. Positions are not on the wire; what is left to lie about is time and number."""

from random import Random

import pytest

from protocol.constants import GAIT_MASK, GAIT_RUN, GAIT_SIT, UINT32_MAX, Verb
from protocol.messages import Input, encode
from server.rooms.session import ACTS_BURST
from tests.abuse.conftest import STALL_S, Stage
from tests.adversity.visitor import EAST, UNITS_PER_PX, WEST, Visitor

LIES_TICKS = 100
TICKS_AN_ACT = 7
"""As often as one may act at 30 Hz, once the burst is spent."""
BESIDE_A_SEAT_PX = 908
"""East of the third and fourth spawn points of the office, a seat is within reach from here."""


def courses(random: Random, tick: int) -> bytes:
    """Up to 32 courses, newest first, as wild as the wire allows."""
    count = random.choice((1, 1, 2, 31, 32))
    before = sorted(random.choice((0, 1, 255)) if tick else 0 for _ in range(count))
    before[0] = 0
    return bytes(value for back in before for value in (random.randrange(0x30), back))


class SpeedTrap:
    """Watches one avatar through an honest observer's eyes."""

    def __init__(self, observer: Visitor, avatar: int) -> None:
        self._observer, self._avatar = observer, avatar
        self._last: tuple[int, int, int] | None = None
        self.fastest = 0.0
        """Of the greatest allowed speed along one axis."""

    def look(self) -> None:
        """Measure since the last look."""
        tick, run = self._observer.tick, self._observer.welcome.kinematics.run
        if self._avatar not in self._observer.seen():
            self._last = None
            return
        here = self._observer.place_of(self._avatar)
        if self._last is not None and tick > self._last[0]:
            most = run * (tick - self._last[0])
            self.fastest = max(self.fastest, abs(here.x - self._last[1]) / most, abs(here.y - self._last[2]) / most)
        self._last = (tick, here.x, here.y)


async def test_whatever_inputs_say_nobody_is_faster_than_running_or_in_a_wall(
    stage: Stage, random_source: Random
) -> None:
    observer, random = stage.observer, random_source
    rascals = [await stage.inside() for _ in range(4)]
    traps = [SpeedTrap(observer, welcome.avatar) for _, welcome in rascals]
    seq = [0] * len(rascals)
    began = observer.tick
    while observer.tick < began + LIES_TICKS:
        for index, (rascal, _) in enumerate(rascals):
            now = observer.tick
            tick = random.choice((0, 1, now - 5000, now, now + 3, now + 15, now + 10**6, UINT32_MAX))
            tick = max(0, min(UINT32_MAX, tick))
            # Each message may skip as many numbers as it likes, but who jumps to the end has nothing left to say.
            leap = random.choice((1, 1, 2, 32, 33, 10**6, 0))
            seq[index] = max(32, min(UINT32_MAX, seq[index] + leap))
            ack = random.choice((0, now, now - 3, now + 100, UINT32_MAX))
            rascal.say(encode(Input(max(0, ack), seq[index], tick, courses(random, tick))))
        await observer.ticks(1)
        for trap in traps:
            trap.look()
    for trap in traps:
        assert 0 < trap.fastest <= 1
    assert observer.in_walls == []
    for rascal, _ in rascals:
        assert rascal.ending.close is None, "no lie here is against the wire"
        rascal.go()


async def test_a_client_that_runs_against_every_wall_stays_inside(stage: Stage, random_source: Random) -> None:
    runner = await stage.guests.enter()
    observer = stage.observer
    began, passed = observer.tick, set()
    while observer.tick < began + LIES_TICKS:
        runner.run(random_source.randrange(16))
        await observer.ticks(random_source.randint(3, 15))
        passed.add(runner.here)
    assert len(passed) > 5
    assert runner.in_walls == observer.in_walls == []
    assert runner.faults == 0
    runner.stand()


@pytest.mark.parametrize("jump", [UINT32_MAX, 2**31, 1000])
async def test_who_jumps_in_sequence_numbers_only_cheats_themselves(stage: Stage, jump: int) -> None:
    rascal, welcome = await stage.inside()
    rascal.say(encode(Input(0, jump, 0, bytes((GAIT_RUN, 0)))))
    rascal.say(encode(Input(0, 1, 0, bytes((GAIT_RUN | 8, 0)))))
    observer = stage.observer
    await observer.until(
        "a run", lambda: welcome.avatar in observer.seen() and observer.everyone()[welcome.avatar][2] == GAIT_RUN
    )
    await observer.ticks(10)
    assert observer.everyone()[welcome.avatar][2] == GAIT_RUN, "an old number does not count"
    rascal.go()


async def test_acks_of_the_future_are_no_acks(stage: Stage) -> None:
    rascal, welcome = await stage.inside()
    observer = stage.observer
    began = observer.tick
    while rascal.ending.close is None and not rascal_is_away(observer, welcome.avatar):
        rascal.say(encode(Input(observer.tick + 1000, 0, 0, b"")))
        await observer.ticks(1)
        assert observer.tick < began + (STALL_S + 5) * welcome.rate, "it was never called stalled"
    await rascal.ended()


def rascal_is_away(observer: Visitor, avatar: int) -> bool:
    """Whether the connection of the avatar is gone."""
    return avatar in observer.seen() and bool(observer.everyone()[avatar][2] & 0x40)


async def test_asking_for_complete_snapshots_all_the_time_brings_two_a_second(stage: Stage) -> None:
    rascal, welcome = await stage.inside()
    observer = stage.observer
    began = observer.tick
    while observer.tick < began + 60:
        rascal.say(encode(Input(0, 0, 0, b"")))
        await observer.ticks(1)
    seconds = (observer.tick - began) / welcome.rate
    assert 2 <= rascal.ending.complete_snapshots <= 2 * seconds + 2
    rascal.go()


async def test_nothing_out_of_reach_moves(stage: Stage) -> None:
    visitor = await stage.guests.enter()
    place, plan = visitor.here, stage.guests.plan
    far = [(Verb.DOOR, door) for door in plan.doors]
    far += [(Verb.SIT, int(seat["id"])) for seat in plan.seats if abs(seat["x"] - place.x / 256) > 80][::4]
    unknown = [(verb, target) for verb in (Verb.DOOR, Verb.SIT) for target in (0, 999, 65_535)]
    for ref, (verb, target) in enumerate(far + unknown, start=1):
        if ref > ACTS_BURST:
            await visitor.ticks(TICKS_AN_ACT)
        visitor.act(verb, target, ref)
    wanted = ["out_of_reach"] * len(far) + ["unknown_target"] * len(unknown)
    assert len(wanted) > 30
    await visitor.until("every refusal", lambda: len(visitor.errors) == len(wanted))
    assert [error.code for error in sorted(visitor.errors, key=lambda error: error.ref)] == wanted
    assert (visitor.here, visitor.doors) == (place, [])


async def test_a_taken_seat_is_not_given_to_another(stage: Stage) -> None:
    first, second = await stage.guests.enter_many(2)
    for visitor in (first, second):
        await visitor.walk_until(EAST, lambda here: here.x >= BESIDE_A_SEAT_PX * UNITS_PER_PX)
    (seat,) = (int(seat["id"]) for seat in first.plan.seats if abs(seat["x"] - 952) + abs(seat["y"] - 1006) < 8)
    first.act(Verb.SIT, seat)
    await first.until("a seat", lambda: first.course & GAIT_MASK == GAIT_SIT)
    place = first.here
    second.act(Verb.SIT, seat, ref=7)
    await second.until("a refusal", lambda: second.errors)
    assert [(error.ref, error.code) for error in second.errors] == [(7, "occupied")]
    assert first.here == place
    first.walk(WEST)
    await first.until("a walk", lambda: first.here != place)
    assert first.in_walls == []
