"""Forged, stolen, old and doubled tickets and tokens; HELLOs that are none."""

import secrets

import pytest

from protocol.client_session import ClientSession
from protocol.constants import CloseCode
from protocol.messages import Goodbye, Hello, Welcome, encode
from tests.abuse.conftest import TICKET_S, Stage
from tests.abuse.rascal import Rascal
from tests.adversity.visitor import Guests


async def code_of(rascal: Rascal) -> int | None:
    """How a HELLO was refused."""
    ending = await rascal.ended()
    assert ending.goodbye == ending.close
    assert ending.of(Welcome) == []
    return ending.goodbye


async def try_ticket(stage: Stage, ticket: str) -> int | None:
    rascal = await stage.outside()
    rascal.say(ClientSession().connect(ticket))
    return await code_of(rascal)


async def try_token(stage: Stage, token: bytes) -> int | None:
    rascal = await stage.outside()
    rascal.say(encode(Hello(0, 3, None, token, 0, "rascal")))
    return await code_of(rascal)


async def test_a_ticket_is_good_once_here_and_for_a_short_time(stage: Stage) -> None:
    api, room = stage.guests.api, stage.guests.room
    token = await api.guest("Rascal")
    other = await Guests.of(api, stage.owner)
    old = (await api.join(room, token)).ticket
    issued = stage.observer.tick
    elsewhere = (await api.join(other.room, token)).ticket
    once = (await api.join(room, token)).ticket
    rascal = await stage.outside()
    rascal.say(ClientSession().connect(once))
    await rascal.hears(Welcome)
    rascal.go()
    assert await try_ticket(stage, once) == CloseCode.TICKET, "used"
    assert await try_ticket(stage, elsewhere) == CloseCode.TICKET, "for another room"
    assert await try_ticket(stage, elsewhere) == CloseCode.TICKET, "and not even kept for that one"
    assert await try_ticket(stage, secrets.token_urlsafe(24)) == CloseCode.TICKET, "made up"
    assert await try_ticket(stage, old[:-1] + ("A" if old[-1] != "A" else "B")) == CloseCode.TICKET, "almost right"
    await stage.observer.reach(issued + (TICKET_S + 1) * stage.observer.welcome.rate)
    assert await try_ticket(stage, old) == CloseCode.TICKET, "expired"


async def test_two_sockets_with_one_ticket_are_one_person(stage: Stage) -> None:
    entry = await stage.guests.api.join(stage.guests.room, await stage.guests.api.guest("Rascal"))
    rascals = [await stage.outside() for _ in range(8)]
    for rascal in rascals:
        rascal.say(ClientSession().connect(entry.ticket))
    await rascals[0].drain()
    for rascal in rascals:
        await rascal.hears_either(Welcome, Goodbye)
    assert sum(bool(rascal.ending.of(Welcome)) for rascal in rascals) == 1
    assert {rascal.ending.goodbye for rascal in rascals} == {None, CloseCode.TICKET}
    for rascal in rascals:
        rascal.go()


async def test_a_resume_token_is_good_once_and_in_its_room(stage: Stage) -> None:
    victim = await stage.guests.enter()
    token = victim.session.resume_token
    assert token is not None
    assert await try_token(stage, secrets.token_bytes(32)) == CloseCode.RESUME, "made up"
    assert await try_token(stage, token[:-1] + bytes((token[-1] ^ 1,))) == CloseCode.RESUME, "almost right"
    elsewhere = await Guests.of(stage.guests.api, stage.owner)
    await elsewhere.enter()
    stranger = await Rascal.connect(stage.server.url, elsewhere.room)
    stranger.say(encode(Hello(0, 3, None, token, 0, "rascal")))
    assert await code_of(stranger) == CloseCode.RESUME, "of another room"
    victim.drop()
    await victim.end()
    await victim.resume()
    assert victim.closed is None
    assert await try_token(stage, token) == CloseCode.RESUME, "used"
    assert victim.closed is None, "and whoever has the new one stays"
    elsewhere.go()


async def test_events_seen_that_cannot_be_bring_everything_anew(stage: Stage) -> None:
    victim = await stage.guests.enter()
    victim.drop()
    await victim.end()
    victim.session.events = 2**32 - 1
    await victim.resume()
    assert (victim.closed, victim.session.continuity) == (None, 2)
    assert victim.roster.keys() >= {stage.observer.avatar, stage.walker.avatar, victim.avatar}


@pytest.mark.parametrize(
    "hello",
    [
        Hello(0, 3, None, None, 0, ""),
        Hello(0, 3, "t" * 24, bytes(32), 0, ""),
        Hello(0, 3, "t" * 19, None, 0, ""),
        Hello(0, 3, "t" * 24, None, 1, ""),
        Hello(0, 3, "t" * 24, None, 0, "a" * 65),
        Hello(0, 3, None, bytes(31), 0, ""),
    ],
    ids=["nothing", "both", "short ticket", "events with a ticket", "long agent", "short token"],
)
async def test_a_malformed_hello_ends_the_connection(stage: Stage, hello: Hello) -> None:
    rascal = await stage.outside()
    rascal.say(encode(hello))
    assert await code_of(rascal) == CloseCode.MALFORMED


async def test_a_second_hello_ends_the_connection(stage: Stage) -> None:
    rascal, _ = await stage.inside()
    rascal.say(encode(Hello(0, 3, "t" * 24, None, 0, "")))
    assert (await rascal.ended()).goodbye == CloseCode.MALFORMED


async def test_who_talks_before_the_answer_is_sent_away_and_leaves_nothing_behind(stage: Stage) -> None:
    for _ in range(5):
        entry = await stage.guests.api.join(stage.guests.room, await stage.guests.api.guest("Rascal"))
        rascal = await stage.outside()
        hello = ClientSession().connect(entry.ticket)
        rascal.say(hello, hello, b"\x91\x05")
        assert (await rascal.ended()).goodbye == CloseCode.MALFORMED
    observer = stage.observer
    await observer.until("nobody else", lambda: len(observer.roster) == 2)
