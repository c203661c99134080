"""Too much of everything: it is discarded unread, the sender is told, and in the end sent away."""

from benchmarks.bots.framing import Opcode
from protocol.constants import CloseCode
from protocol.messages import Act, Error, Input, Left, Ping, Pong, encode
from tests.abuse.conftest import FLOOD, MESSAGE_BURST, MESSAGE_RATE, Stage
from tests.abuse.rascal import frame

CHUNK = 250


async def test_a_sustained_flood_ends_with_4008(stage: Stage) -> None:
    rascal, welcome = await stage.inside()
    ping = encode(Ping(1, 0))
    for _ in range(FLOOD // CHUNK + 1):
        rascal.write(frame(ping) * CHUNK)
        await rascal.drain()
    ending = await rascal.ended()
    assert ending.goodbye == ending.close == CloseCode.FLOOD
    observer = stage.observer
    await observer.until("LEFT", lambda: observer.left)
    assert observer.left == [Left(welcome.avatar, "removed")]


async def test_above_the_rate_messages_are_discarded_and_the_sender_is_told_once_a_second(stage: Stage) -> None:
    rascal, _ = await stage.inside()
    before = stage.server.metric("hallway_discarded_total")
    rascal.say(*(encode(Ping(number, 0)) for number in range(4 * MESSAGE_BURST)))
    await rascal.hears(Error)
    pongs = len(await rascal.hears(Pong, MESSAGE_BURST - 1))
    # One of the burst went to HELLO; while they are read, new tokens come.
    assert pongs < MESSAGE_BURST + 2 * MESSAGE_RATE
    assert [error.code for error in rascal.ending.of(Error)].count("too_fast") <= 3
    assert rascal.ending.close is None
    rascal.go()
    await stage.observer.until("somebody away", lambda: len(stage.observer.roster) >= 3)
    await stage.observer.ticks(3)
    assert stage.server.metric("hallway_discarded_total") >= before + 2 * MESSAGE_BURST


async def test_a_flood_of_full_inputs_and_actions_slows_nobody(stage: Stage) -> None:
    rascals = [(await stage.inside())[0] for _ in range(5)]
    full = bytes(64)
    for round_ in range(1, 40):
        for rascal in rascals:
            rascal.say(
                *(encode(Input(0, 32 * round_ + k, 0, full)) for k in range(10)),
                *(encode(Act(1, 1, door)) for door in range(1, 8)),
            )
        await stage.observer.ticks(1)
    for rascal in rascals:
        assert rascal.ending.close is None
        rascal.go()


async def test_a_flood_of_websocket_pings_is_a_flood(stage: Stage) -> None:
    rascal, _ = await stage.inside()
    for _ in range(FLOOD // CHUNK + 1):
        rascal.write(frame(b"", Opcode.PING) * CHUNK)
        await rascal.drain()
    ending = await rascal.ended()
    assert ending.goodbye == ending.close == CloseCode.FLOOD
