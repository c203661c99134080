"""What is wrong before the wire's messages begin: handshakes, frames, sizes, silence."""

import pytest

from benchmarks.bots.framing import Opcode
from protocol.client_session import ClientSession
from protocol.constants import CLIENT_MESSAGE_BYTES, CloseCode
from protocol.messages import Ping, Pong, encode
from tests.abuse.conftest import Stage
from tests.abuse.rascal import Rascal, frame

TOO_BIG = {CloseCode.MALFORMED, 1009}
"""4001, or 1009 where the message was not even read."""


async def test_a_text_message_ends_the_connection(stage: Stage) -> None:
    rascal, _ = await stage.inside()
    rascal.write(frame(b"hello", Opcode.TEXT))
    ending = await rascal.ended()
    assert ending.goodbye == ending.close == CloseCode.MALFORMED


@pytest.mark.parametrize("size", [CLIENT_MESSAGE_BYTES + 1, 16_385, 1 << 20])
async def test_a_message_that_is_too_long_ends_the_connection(stage: Stage, size: int) -> None:
    rascal, _ = await stage.inside()
    rascal.write(frame(b"\x90" * size))
    await rascal.drain()
    assert (await rascal.ended()).close in TOO_BIG | {None}


async def test_a_length_that_is_only_claimed_costs_the_server_nothing(stage: Stage) -> None:
    rascal, _ = await stage.inside()
    rascal.write(frame(b"abc", size=(1 << 63) - 1))
    assert (await rascal.ended()).close in TOO_BIG | {1002, None}


async def test_a_message_in_parts_is_a_message(stage: Stage) -> None:
    rascal, _ = await stage.inside()
    ping = encode(Ping(77, 0))
    rascal.write(frame(ping[:1], final=False) + frame(b"", Opcode.PING))
    rascal.write(frame(ping[1:3], Opcode.CONTINUATION, final=False) + frame(ping[3:], Opcode.CONTINUATION))
    assert [pong.token for pong in await rascal.hears(Pong)] == [77]
    rascal.go()


async def test_parts_without_end_end_the_connection(stage: Stage) -> None:
    rascal, _ = await stage.inside()
    rascal.write(frame(b"\x94", final=False))
    rascal.write(frame(bytes(1000), Opcode.CONTINUATION, final=False) * 100)
    await rascal.drain()
    assert (await rascal.ended()).close in TOO_BIG | {None}


@pytest.mark.parametrize(
    "bad",
    [
        frame(b"", 3),
        frame(b"", 11),
        frame(encode(Ping(1, 0)), reserved=0x40),
        frame(b"x" * 126, Opcode.PING),
        frame(b"", Opcode.PING, final=False),
        frame(b"x", Opcode.CONTINUATION),
        frame(b"\x03", Opcode.CLOSE),
    ],
    ids=["opcode 3", "opcode 11", "reserved bit", "long ping", "ping in parts", "stray part", "half a close code"],
)
async def test_frames_against_rfc_6455_end_the_connection(stage: Stage, bad: bytes) -> None:
    rascal, _ = await stage.inside()
    rascal.write(bad)
    assert (await rascal.ended()).close in (1002, 1007, None)


async def test_who_says_nothing_is_sent_away(stage: Stage) -> None:
    silent = [await stage.outside() for _ in range(50)]
    for rascal in silent:
        ending = await rascal.ended()
        assert ending.goodbye == ending.close == CloseCode.HELLO_TIMEOUT


async def test_half_a_hello_is_nothing_said(stage: Stage) -> None:
    rascal = await stage.outside()
    rascal.write(frame(ClientSession().connect("x" * 24))[:10])
    assert (await rascal.ended()).goodbye == CloseCode.HELLO_TIMEOUT


@pytest.mark.parametrize("offer", [None, "", "hallway.v0", "hallway.v10", "chat, superchat"])
async def test_another_subprotocol_is_refused(stage: Stage, offer: str | None) -> None:
    rascal = await Rascal.connect(stage.server.url, stage.guests.room, subprotocol=offer)
    assert rascal.status == 400
    rascal.go()


async def test_the_subprotocol_may_be_one_of_several(stage: Stage) -> None:
    rascal = await Rascal.connect(stage.server.url, stage.guests.room, subprotocol="chat, hallway.v1")
    assert rascal.status == 101
    rascal.go()


@pytest.mark.parametrize("room", ["x", "1", "%00", "..%2f..%2fetc%2fpasswd", "0" * 5000])
async def test_what_is_no_room_is_not_found(stage: Stage, room: str) -> None:
    rascal = await Rascal.connect(stage.server.url, room)
    assert rascal.status in (400, 404)
    rascal.go()


async def test_a_plain_request_is_no_socket(stage: Stage) -> None:
    rascal = await Rascal.connect(stage.server.url, stage.guests.room, headers="Accept: text/html\r\n")
    assert rascal.status == 400
    rascal.go()


async def test_a_connection_that_breaks_within_a_frame_is_a_lost_one(stage: Stage) -> None:
    rascal, welcome = await stage.inside()
    rascal.write(frame(encode(Ping(1, 0)))[:5])
    await rascal.drain()
    rascal.go()
    observer = stage.observer
    await observer.until("somebody away", lambda: observer.everyone().get(welcome.avatar, (0, 0, 0))[2] & 0x40)
