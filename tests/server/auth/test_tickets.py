import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from server.auth.tickets import TicketClaims, Tickets
from server.auth.tokens import Claims, Tokens
from server.store.users import User

ROOM = uuid4()
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ANNA = User(uuid4(), "a@example.org", "Anna", "hash", {"look": [1, 2, 3, 4, 5, 6]}, False, NOW, NOW)


@pytest.fixture
def tokens(redis: Redis) -> Tokens:
    return Tokens(redis, "k" * 40)


@pytest.fixture
async def session(tokens: Tokens) -> str:
    """The id of a log-in of Anna's that stands."""
    return (await tokens.begin(ANNA.id)).session_id


@pytest.fixture
def tickets(redis: Redis) -> Tickets:
    return Tickets(redis)


async def test_a_ticket_says_who_may_enter_what(tickets: Tickets, session: str) -> None:
    ticket = await tickets.issue(ROOM, ANNA, session, is_bot=True)
    assert 20 <= len(ticket) <= 128
    assert await tickets.redeem(ticket, ROOM) == TicketClaims(
        ANNA.id, ROOM, session, "Anna", bytes([1, 2, 3, 4, 5, 6]), is_guest=False, is_bot=True
    )


async def test_of_a_hundred_that_show_one_ticket_one_gets_in(tickets: Tickets, session: str) -> None:
    ticket = await tickets.issue(ROOM, ANNA, session)
    outcomes = await asyncio.gather(*(tickets.redeem(ticket, ROOM) for _ in range(100)))
    assert sum(outcome is not None for outcome in outcomes) == 1


async def test_a_ticket_opens_no_other_room_and_is_used_up_by_trying(tickets: Tickets, session: str) -> None:
    ticket = await tickets.issue(ROOM, ANNA, session)
    assert await tickets.redeem(ticket, uuid4()) is None
    assert await tickets.redeem(ticket, ROOM) is None


async def test_a_ticket_is_void_once_the_log_in_it_comes_from_has_ended(
    tickets: Tickets, tokens: Tokens, session: str
) -> None:
    ticket = await tickets.issue(ROOM, ANNA, session)
    await tokens.end(Claims(ANNA.id, session))
    assert await tickets.redeem(ticket, ROOM) is None


@pytest.mark.parametrize("ticket", ["", "x" * 43, "é" * 20, "\0" * 20])
async def test_an_unknown_ticket_opens_nothing(tickets: Tickets, ticket: str) -> None:
    assert await tickets.redeem(ticket, ROOM) is None


async def test_a_ticket_expires(tickets: Tickets, redis: Redis) -> None:
    await redis.flushdb()
    await tickets.issue(ROOM, ANNA, "session")
    [key] = await redis.keys("hallway:ticket:*")
    assert 0 < await redis.ttl(key) <= 30


async def test_redis_does_not_hold_the_ticket_itself(tickets: Tickets, redis: Redis) -> None:
    await redis.flushdb()
    ticket = await tickets.issue(ROOM, ANNA, "session")
    [key] = await redis.keys("*")
    assert ticket.encode() not in key
    assert ticket.encode() not in (await redis.get(key) or b"")
