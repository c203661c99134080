"""Who owns a room: the same scenarios for a process that is alone and for many on Redis."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from server.cluster.errors import OwnedElsewhere
from server.cluster.ownership import lease_clock
from tests.server.cluster.conftest import LIFE_S, World


async def test_the_first_owns_a_room_and_the_others_are_told_who_does(world: World) -> None:
    first, second, room = world.holder("first"), world.holder("second"), world.rooms[0]
    assert await second.owner_of(room) is None
    lease = await first.acquire(room)
    assert lease is not None
    assert (lease.room_id, lease.epoch, lease.holds()) == (room, 1, True)
    with pytest.raises(OwnedElsewhere) as refused:
        await second.acquire(room)
    assert refused.value.holder == "first"
    assert await second.owner_of(room) == "first"
    other = await second.acquire(world.rooms[1])
    assert other is not None, "another room is another matter"


async def test_there_is_no_lease_for_a_room_that_does_not_exist(world: World) -> None:
    assert await world.holder("first").acquire(uuid4()) is None


async def test_a_room_that_was_released_is_anybodys_with_the_next_epoch(world: World) -> None:
    first, second, room = world.holder("first"), world.holder("second"), world.rooms[0]
    lease = await first.acquire(room)
    assert lease is not None
    await first.release(lease)
    assert not lease.holds()
    taken = await second.acquire(room)
    assert taken is not None
    assert taken.epoch == 2
    await first.release(lease)
    assert await first.owner_of(room) == "second", "what was released twice is not taken from the next owner"


async def test_of_many_who_want_a_room_at_once_one_gets_it(world: World) -> None:
    holders = [world.holder(f"holder {number}") for number in range(8)]
    answers = await asyncio.gather(*(holder.acquire(world.rooms[0]) for holder in holders), return_exceptions=True)
    assert sum(isinstance(answer, OwnedElsewhere) for answer in answers) == 7
    assert await world.epochs.current(world.rooms[0]) in range(1, 9)


async def test_a_lease_that_is_renewed_never_runs_out(world: World) -> None:
    first, second, room = world.holder("first"), world.holder("second"), world.rooms[0]
    lease = await first.acquire(room)
    assert lease is not None
    for _ in range(8):
        world.time.now += LIFE_S / 4
        assert await first.renew([lease]) == []
        assert lease.holds()
    with pytest.raises(OwnedElsewhere):
        await second.acquire(room)


async def test_who_slept_too_long_may_not_act_and_another_takes_the_room(world: World) -> None:
    first, second, room = world.holder("first"), world.holder("second"), world.rooms[0]
    lease = await first.acquire(room)
    assert lease is not None
    await world.pass_life()
    assert not lease.holds(), "known without asking anybody"
    taken = await second.acquire(room)
    assert taken is not None
    assert taken.epoch == lease.epoch + 1
    assert await first.renew([lease]) == [lease]
    assert not lease.holds()
    assert taken.holds()
    assert await second.renew([taken]) == []
    assert await world.epochs.overtaken({room: lease.epoch}) == {room}


async def test_who_slept_too_long_goes_on_if_nobody_took_the_room(world: World) -> None:
    first, room = world.holder("first"), world.rooms[0]
    lease = await first.acquire(room)
    assert lease is not None
    await world.pass_life()
    assert await first.renew([lease]) == []
    assert lease.holds()
    assert await world.epochs.current(room) == lease.epoch


async def test_a_process_of_the_same_name_may_take_its_room_again(world: World) -> None:
    first, room = world.holder("first"), world.rooms[0]
    assert await first.acquire(room) is not None
    again = await first.acquire(room)
    assert again is not None
    assert again.epoch == 2


def test_the_clock_of_leases_goes_forward() -> None:
    assert lease_clock() <= lease_clock()
