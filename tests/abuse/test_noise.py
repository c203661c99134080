"""10,000 random messages over sockets that are opened again whenever the server has had enough."""

from random import Random

from protocol.constants import UINT32_MAX, CloseCode
from protocol.messages import Act, Input, Ping, encode
from protocol.vectors.examples import CLIENT, SERVER
from tests.abuse.conftest import MESSAGE_BURST, Stage

MESSAGES = 10_000
INSIDE = 30
"""Sockets whose noise begins in the room, where it takes the longest until it is understood to be noise."""
EXAMPLES = [encode(message) for _, message in (*CLIENT, *SERVER)]


def anything(random: Random) -> bytes:
    """Random bytes, or a message of somebody's with some of it changed."""
    if random.random() < 0.3:
        return random.randbytes(random.choice((0, 1, 2, 7, 60, 900, 4096)))
    data = bytearray(random.choice(EXAMPLES))
    for _ in range(random.randint(0, 3)):
        data[random.randrange(len(data))] = random.randrange(256)
    if random.random() < 0.2:
        del data[random.randrange(len(data)) :]
    return bytes(data)


def something_legal(random: Random) -> bytes:
    """What the wire allows in the room, with values that mean nothing."""
    number = random.choice((0, 1, 7, 255, 65_535, 10**6, UINT32_MAX))
    what = random.randrange(4)
    if what == 0:
        return encode(Ping(number, random.randrange(2**32)))
    if what == 1:
        return encode(Act(random.randint(1, 65_535), random.choice((1, 2)), random.randrange(200)))
    seq = max(32, number)
    return encode(Input(random.randrange(2**32), seq, random.choice((0, number)), bytes((random.randrange(0x30), 0))))


async def test_10000_random_messages_bother_nobody(stage: Stage, random_source: Random) -> None:
    random, sent = random_source, 0
    token = await stage.guests.api.guest("Noise")
    endings: list[int | None] = []
    for _ in range(INSIDE):
        rascal, _ = await stage.inside(token)
        legal = [something_legal(random) for _ in range(MESSAGE_BURST - 10)]
        noise = [anything(random) for _ in range(9)]
        rascal.say(*legal, *noise, b"\xc1")
        sent += MESSAGE_BURST
        endings.append((await rascal.ended()).goodbye)
    while sent < MESSAGES:
        rascal = await stage.outside()
        burst = [anything(random) for _ in range(random.choice((1, 40, 90)))]
        rascal.say(*burst, b"\xc1")
        sent += len(burst) + 1
        endings.append((await rascal.ended()).goodbye)
    assert set(endings) <= {CloseCode.MALFORMED, CloseCode.TICKET, CloseCode.RESUME, CloseCode.LEFT, CloseCode.VERSION}
    observer = stage.observer
    await observer.until("nobody else", lambda: len(observer.roster) == 2)
    print(f"{sent} messages over {len(endings)} sockets")
