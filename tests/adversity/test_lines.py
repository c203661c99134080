"""Bad lines: dead ones, slow ones, cut ones, and the same person twice. Nobody else notices."""

from protocol.constants import COURSE_AWAY, CloseCode, Continuity, Verb
from tests.adversity.conftest import HEARTBEAT_HZ, RESUME_S, STALL_S, TICK_RATE
from tests.adversity.proxy import proxied
from tests.adversity.server_process import ServerProcess
from tests.adversity.visitor import EAST, NORTH, SOUTH, WEST, Guests, Visitor
from tests.adversity.ways import to_the_glass_door

HEARTBEAT_TICKS = TICK_RATE // HEARTBEAT_HZ


def is_away(observer: Visitor, avatar: int) -> bool:
    """Whether the observer sees that somebody's connection is lost."""
    return avatar in observer.seen() and bool(observer.everyone()[avatar][2] & COURSE_AWAY)


async def gone(observer: Visitor, avatar: int) -> str:
    """Wait until the observer hears that somebody left; why."""
    return (
        await observer.until("LEFT", lambda: next((left for left in observer.left if left.avatar == avatar), None))
    ).reason


def assert_unaffected(observer: Visitor) -> None:
    """Nothing was missing for this person."""
    assert observer.largest_gap <= HEARTBEAT_TICKS, f"no snapshot for {observer.largest_gap} ticks"
    assert (observer.faults, observer.closed, observer.in_walls) == (0, None, [])


async def test_a_client_that_stops_reading_is_dropped_after_stall_s_and_slows_nobody(
    server: ServerProcess, guests: Guests
) -> None:
    observer = await guests.enter()
    async with proxied(server.address) as proxy:
        victim = await (await guests.new()).come(proxy.url)
        observer.walk(NORTH)
        await observer.ticks(10)
        proxy.hold()
        held = observer.tick
        await observer.until("somebody away", lambda: is_away(observer, victim.avatar))
        ticks = observer.tick - held
        # The last acknowledgement may be half a second old, or still be on its way.
        assert STALL_S * TICK_RATE - 20 <= ticks <= STALL_S * TICK_RATE + 45
        assert await gone(observer, victim.avatar) == "lost"
        assert_unaffected(observer)
        proxy.restore()
        await victim.end()


async def test_a_stuck_client_is_skipped_and_catches_up_with_what_it_missed(
    server: ServerProcess, guests: Guests
) -> None:
    observer, walker = await guests.enter_many(2)
    async with proxied(server.address) as proxy:
        slow = await (await guests.new()).come(proxy.url)
        # The longer of them is as long as can be: with what may be unacknowledged before, it ends short of STALL_S.
        for ticks in (45, 80):
            skipped = server.metric("hallway_snapshots_skipped_total")
            proxy.hold()
            for way in (NORTH, EAST, SOUTH, WEST):
                walker.walk(way)
                await observer.ticks(ticks // 4)
            walker.stand()
            await observer.ticks(ticks // 4)
            proxy.restore()
            await slow.reach(observer.tick + 1)
            assert server.metric("hallway_snapshots_skipped_total") > skipped
            await observer.reach(slow.tick)
            assert slow.everyone() == observer.everyone()
            assert (slow.faults, slow.closed) == (0, None)
        assert slow.largest_gap > HEARTBEAT_TICKS
    assert_unaffected(observer)


async def test_after_a_cut_the_same_avatar_goes_on_and_hears_what_it_missed(
    server: ServerProcess, guests: Guests
) -> None:
    observer, leaver = await guests.enter_many(2)
    async with proxied(server.address) as proxy:
        victim = await (await guests.new()).come(proxy.url)
        avatar = victim.avatar
        victim.walk(WEST)
        await observer.ticks(10)
        proxy.cut()
        await observer.until("somebody away", lambda: is_away(observer, avatar))
        stopped = observer.place_of(avatar)
        await leaver.leave()
        newcomer = await guests.enter()
        proxy.restore()
        await victim.resume(proxy.url)
        assert victim.session.continuity is Continuity.RESUMED
        assert (victim.avatar, victim.here) == (avatar, stopped)
        assert set(victim.roster) == {observer.avatar, avatar, newcomer.avatar}
        assert [(left.avatar, left.reason) for left in victim.left] == [(leaver.avatar, "left")]
        await observer.until("somebody back", lambda: not is_away(observer, avatar))
        assert observer.seen() == {observer.avatar, avatar, newcomer.avatar}
        assert [left.avatar for left in observer.left] == [leaver.avatar]
        victim.walk(EAST)
        await observer.until("a walk", lambda: observer.place_of(avatar).x > stopped.x)
        assert victim.faults == 0
    assert_unaffected(observer)


async def test_a_door_that_moved_meanwhile_is_known_after_a_resume(guests: Guests, owner: str) -> None:
    guests = await Guests.of(guests.api, owner, "meeting")
    opener = await guests.enter()
    door = await to_the_glass_door(opener)
    victim = await guests.enter()
    victim.drop()
    await opener.until("somebody away", lambda: is_away(opener, victim.avatar))
    for _ in range(3):
        opener.doors.clear()
        opener.act(Verb.DOOR, door)
        await opener.until("the door", lambda: opener.doors)
    await victim.resume()
    assert [change.open for change in victim.doors] == [False, True, False]
    opener.walk(EAST)
    await opener.ticks(30)
    assert victim.faults == opener.faults == 0
    assert victim.place_of(opener.avatar).x == opener.here.x == (584 - 9) * 256, "the shut door stops everyone"
    guests.go()


async def test_whoever_stays_away_too_long_joins_anew_at_the_old_place(guests: Guests) -> None:
    observer, victim = await guests.enter_many(2)
    victim.walk(WEST)
    await observer.ticks(15)
    avatar = victim.avatar
    victim.drop()
    await observer.until("somebody away", lambda: is_away(observer, avatar))
    away, place = observer.tick, observer.place_of(avatar)
    assert await gone(observer, avatar) == "lost"
    assert observer.tick - away >= RESUME_S * TICK_RATE - 2 * HEARTBEAT_TICKS
    await victim.resume()
    assert victim.goodbye == victim.closed == CloseCode.RESUME
    await victim.come()
    assert victim.here == place
    await observer.until("the return", lambda: victim.avatar in observer.seen())
    assert observer.seen() == {observer.avatar, victim.avatar}


async def test_a_second_window_takes_the_avatar_over(guests: Guests) -> None:
    observer, first = await guests.enter_many(2)
    first.walk(NORTH)
    await observer.ticks(10)
    token = first.session.resume_token
    second = await guests.known(first.token).come()
    await first.end()
    assert first.goodbye == first.closed == CloseCode.REPLACED
    assert second.avatar == first.avatar
    second.walk(SOUTH)
    await observer.ticks(10)
    assert (observer.left, len(observer.seen()), len(observer.roster)) == ([], 2, 2)
    first.session.resume_token = token
    await first.resume()
    assert first.goodbye == CloseCode.RESUME, "the token of the replaced connection is of no use"
    assert second.closed is None


async def test_a_resume_replaces_a_connection_that_only_the_server_believes_in(
    server: ServerProcess, guests: Guests
) -> None:
    observer = await guests.enter()
    async with proxied(server.address) as proxy:
        victim = await (await guests.new()).come(proxy.url)
        avatar = victim.avatar
        proxy.hold()
        # The network changed: the old connection never ends, the new one goes another way.
        await victim.resume_elsewhere()
        assert (victim.avatar, victim.session.continuity) == (avatar, Continuity.RESUMED)
        victim.walk(WEST)
        await observer.ticks(10)
        assert (observer.left, observer.seen()) == ([], {observer.avatar, avatar})
        assert (victim.closed, victim.faults) == (None, 0)


async def test_who_leaves_is_gone_at_once_and_cannot_resume(guests: Guests) -> None:
    observer, leaver = await guests.enter_many(2)
    token = leaver.session.resume_token
    await leaver.leave()
    assert leaver.goodbye == leaver.closed == CloseCode.LEFT
    assert await gone(observer, leaver.avatar) == "left"
    leaver.session.resume_token = token
    await leaver.resume()
    assert leaver.goodbye == CloseCode.RESUME
