import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from redis.asyncio import Redis

from server.auth.errors import ReusedTokenError, TokenError
from server.auth.tokens import GRACE_S, Claims, Origin, Tokens

KEY = "k" * 40
USER = UUID("11111111-2222-3333-4444-555555555555")


class Clock:
    def __init__(self) -> None:
        self.offset = 0.0

    def __call__(self) -> float:
        return time.time() + self.offset


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(redis: Redis, clock: Clock) -> Tokens:
    return Tokens(redis, KEY, clock=clock)


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    good = {"type": "access", "sub": str(USER), "aud": "hallway", "iat": now, "exp": now + 60, "jti": "a", "sid": "s"}
    return {name: value for name, value in (good | changes).items() if value is not None}


def segment(value: object) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")


def signed_by_hand(header: dict[str, Any], payload: dict[str, Any]) -> str:
    text = segment(header) + b"." + segment(payload)
    signature = base64.urlsafe_b64encode(hmac.digest(KEY.encode(), text, hashlib.sha256)).rstrip(b"=")
    return (text + b"." + signature).decode()


FORGERIES: dict[str, Callable[[], str]] = {
    "no algorithm": lambda: jwt.encode(claims(), None, algorithm="none"),
    "no algorithm, in capitals": lambda: (
        segment({"alg": "NONE", "typ": "JWT"}) + b"." + segment(claims()) + b"."
    ).decode(),
    "another key": lambda: jwt.encode(claims(), "x" * 40, algorithm="HS256"),
    "another algorithm": lambda: jwt.encode(claims(), KEY * 2, algorithm="HS512"),
    "expired": lambda: jwt.encode(claims(iat=1, exp=2), KEY),
    "from the future": lambda: jwt.encode(claims(iat=int(time.time()) + 500), KEY),
    "another audience": lambda: jwt.encode(claims(aud="elsewhere"), KEY),
    "many audiences": lambda: jwt.encode(claims(aud=["hallway", "elsewhere"]), KEY),
    "a refresh token": lambda: jwt.encode(claims(type="refresh", gen=1), KEY),
    "unknown crit": lambda: signed_by_hand({"alg": "HS256", "typ": "JWT", "crit": ["exp"]}, claims()),
    "unknown crit, with what it names": lambda: signed_by_hand(
        {"alg": "HS256", "typ": "JWT", "crit": ["x"], "x": 1}, claims()
    ),
    "empty crit": lambda: signed_by_hand({"alg": "HS256", "typ": "JWT", "crit": []}, claims()),
    "a key of its own": lambda: signed_by_hand(
        {"alg": "HS256", "typ": "JWT", "jwk": {"kty": "oct", "k": "a"}}, claims()
    ),
    "an asymmetric algorithm": lambda: signed_by_hand({"alg": "RS256", "typ": "JWT"}, claims()),
    "another type of token": lambda: signed_by_hand({"alg": "HS256", "typ": "at+jwt"}, claims()),
    "not signed at all": lambda: jwt.encode(claims(), KEY).rpartition(".")[0] + ".",
    "an expiry that is text": lambda: signed_by_hand({"alg": "HS256", "typ": "JWT"}, claims(exp="never")),
    "not good yet": lambda: jwt.encode(claims(nbf=int(time.time()) + 500), KEY),
    "a key id": lambda: jwt.encode(claims(), KEY, headers={"kid": "../../etc"}),
    "no exp": lambda: jwt.encode(claims(exp=None), KEY),
    "no iat": lambda: jwt.encode(claims(iat=None), KEY),
    "no sub": lambda: jwt.encode(claims(sub=None), KEY),
    "no aud": lambda: jwt.encode(claims(aud=None), KEY),
    "no jti": lambda: jwt.encode(claims(jti=None), KEY),
    "no type": lambda: jwt.encode(claims(type=None), KEY),
    "no session": lambda: jwt.encode(claims(sid=None), KEY),
    "a subject that is no id": lambda: jwt.encode(claims(sub="root"), KEY),
    "a session that is a number": lambda: jwt.encode(claims(sid=7), KEY),
    "a payload that is a list": lambda: signed_by_hand({"alg": "HS256", "typ": "JWT"}, [1]),  # type: ignore[arg-type]
    "empty": lambda: "",
    "text": lambda: "a.b.c",
    "not ASCII": lambda: "é.ü.ñ",
    "enormous": lambda: "a" * 100_000,
}


def test_the_token_that_the_forgeries_are_made_from_is_good(tokens: Tokens) -> None:
    assert tokens.read_access(jwt.encode(claims(), KEY)) == Claims(USER, "s")


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_access_token_is_refused(tokens: Tokens, name: str) -> None:
    with pytest.raises(TokenError):
        tokens.read_access(FORGERIES[name]())


async def test_an_access_token_names_its_user_and_its_log_in(tokens: Tokens) -> None:
    pair = await tokens.begin(USER)
    assert tokens.read_access(pair.access) == Claims(USER, pair.session_id)
    assert await tokens.confirm(tokens.read_access(pair.access))


async def test_an_access_token_cannot_refresh(tokens: Tokens) -> None:
    pair = await tokens.begin(USER)
    with pytest.raises(TokenError):
        await tokens.refresh(pair.access)


async def test_refreshing_keeps_the_log_in_and_hands_out_another_token(tokens: Tokens) -> None:
    first = await tokens.begin(USER)
    second = await tokens.refresh(first.refresh)
    assert (second.user_id, second.session_id) == (USER, first.session_id)
    assert second.refresh != first.refresh
    assert (await tokens.refresh(second.refresh)).session_id == first.session_id


async def test_using_a_refresh_token_again_ends_its_family(tokens: Tokens, clock: Clock) -> None:
    first = await tokens.begin(USER)
    second = await tokens.refresh(first.refresh)
    clock.offset = GRACE_S + 1
    with pytest.raises(ReusedTokenError):
        await tokens.refresh(first.refresh)
    with pytest.raises(TokenError):
        await tokens.refresh(second.refresh)
    assert not await tokens.confirm(tokens.read_access(second.access))


async def test_a_token_two_generations_old_has_no_grace(tokens: Tokens) -> None:
    first = await tokens.begin(USER)
    second = await tokens.refresh(first.refresh)
    await tokens.refresh(second.refresh)
    with pytest.raises(ReusedTokenError):
        await tokens.refresh(first.refresh)


async def test_pages_that_refresh_together_all_stay_logged_in(tokens: Tokens, clock: Clock) -> None:
    first = await tokens.begin(USER)
    together = await asyncio.gather(*(tokens.refresh(first.refresh) for _ in range(20)))
    generations = {jwt.decode(pair.refresh, options={"verify_signature": False})["gen"] for pair in together}
    assert generations == {2}
    clock.offset = GRACE_S + 1
    assert await tokens.refresh(together[7].refresh)


async def test_a_copy_taken_within_the_grace_is_found_out(tokens: Tokens, clock: Clock) -> None:
    first = await tokens.begin(USER)
    owner = await tokens.refresh(first.refresh)
    thief = await tokens.refresh(first.refresh)
    clock.offset = GRACE_S + 1
    await tokens.refresh(thief.refresh)
    clock.offset += GRACE_S + 1
    with pytest.raises(ReusedTokenError):
        await tokens.refresh(owner.refresh)


async def test_a_family_that_redis_remembers_wrongly_goes_on(tokens: Tokens, redis: Redis) -> None:
    pair = await tokens.begin(USER)
    for _ in range(3):
        pair = await tokens.refresh(pair.refresh)
    await redis.hset(f"hallway:family:{pair.session_id}", "generation", 2)
    pair = await tokens.refresh(pair.refresh)
    assert await tokens.refresh(pair.refresh)


async def test_logging_out_ends_the_log_in_and_no_other(tokens: Tokens) -> None:
    here, there = await tokens.begin(USER), await tokens.begin(USER)
    await tokens.end(tokens.read_access(here.access))
    with pytest.raises(TokenError):
        await tokens.refresh(here.refresh)
    assert not await tokens.confirm(tokens.read_access(here.access))
    assert await tokens.refresh(there.refresh)


async def test_all_log_ins_of_a_user_can_be_ended(tokens: Tokens) -> None:
    user, other = uuid4(), uuid4()
    pairs = [await tokens.begin(user) for _ in range(3)]
    bystander = await tokens.begin(other)
    assert sorted(await tokens.end_all(user)) == sorted(pair.session_id for pair in pairs)
    for pair in pairs:
        assert not await tokens.confirm(tokens.read_access(pair.access))
    assert await tokens.confirm(tokens.read_access(bystander.access))


async def test_log_ins_are_listed_with_where_they_come_from_and_when_they_were_used(
    tokens: Tokens, clock: Clock
) -> None:
    user = uuid4()
    first = await tokens.begin(user, Origin("password", "203.0.113.7", "Firefox"))
    clock.offset = 10
    second = await tokens.begin(user)
    clock.offset = 20
    await tokens.refresh(first.refresh)
    newest, older = await tokens.log_ins(user)
    assert (newest.session_id, older.session_id) == (first.session_id, second.session_id)
    assert newest.origin == Origin("password", "203.0.113.7", "Firefox")
    assert newest.last_used_at - newest.created_at == pytest.approx(20, abs=2)
    assert older.last_used_at == older.created_at
    assert await tokens.log_ins(uuid4()) == []


async def test_all_log_ins_but_one_can_be_ended(tokens: Tokens) -> None:
    user = uuid4()
    kept, ended = await tokens.begin(user), await tokens.begin(user)
    assert await tokens.end_all(user, keep=kept.session_id) == [ended.session_id]
    assert [log_in.session_id for log_in in await tokens.log_ins(user)] == [kept.session_id]
    assert await tokens.confirm(Claims(user, kept.session_id))
    assert not await tokens.confirm(Claims(user, ended.session_id))
    assert await tokens.end_all(user, keep=kept.session_id) == []
