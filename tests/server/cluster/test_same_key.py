"""Servers of one office have one key, and whoever comes with another does not start."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest
from redis.asyncio import Redis

from server.app import started
from server.cluster import same_key
from server.cluster.errors import OtherKey
from server.cluster.registry import Process, processes
from server.cluster.same_key import fingerprint, require_same_key, strangers
from server.config import load_settings
from server.doctor import check_secret_key

OURS, THEIRS = "k" * 40, "o" * 40


def test_a_fingerprint_is_that_of_one_key_and_tells_nothing_of_it() -> None:
    assert fingerprint(OURS) == fingerprint(OURS) != fingerprint(THEIRS)
    assert OURS[:8] not in fingerprint(OURS)


def test_who_does_not_say_what_they_sign_with_is_no_stranger() -> None:
    older = Process(id="older", machine="older")
    same, other = (Process(id=key, machine=key, key=fingerprint(key)) for key in (OURS, THEIRS))
    assert strangers(fingerprint(OURS), [older, same, other]) == [other]


async def test_a_server_that_was_killed_just_now_is_waited_for(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = Process(id="gone", machine="gone", key=fingerprint(THEIRS))
    await redis.zadd("hallway:processes", {"gone": 1})
    await redis.set("hallway:process:gone", msgspec.msgpack.encode(gone), px=300)
    await require_same_key(redis, OURS)
    await redis.set("hallway:process:gone", msgspec.msgpack.encode(gone))
    monkeypatch.setattr(same_key, "PATIENCE_S", 0.0)
    with pytest.raises(OtherKey, match=r"the server gone .* HALLWAY_SECRET_KEY"):
        await require_same_key(redis, OURS)


async def test_a_server_with_another_key_does_not_start_and_the_doctor_says_why(
    fresh_database: str, fresh_redis: str, redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(same_key, "PATIENCE_S", 0.0)
    shared = {"port": 0, "database_url": fresh_database, "redis_url": fresh_redis, "data_dir": tmp_path}
    first = load_settings({"HALLWAY_SECRET_KEY": OURS, "HALLWAY_SERVER_NAME": "one"}, flags=shared)
    second = load_settings({"HALLWAY_SECRET_KEY": THEIRS, "HALLWAY_SERVER_NAME": "two"}, flags=shared)
    without = load_settings({}, flags=shared)
    async with started(first):
        assert [process.key for process in await processes(redis)] == [fingerprint(OURS)]
        with pytest.raises(OtherKey, match="the server one "):
            async with started(second):
                pass
        same, other, none = [await asyncio.to_thread(check_secret_key, each) for each in (first, second, without)]
        assert not same.is_problem
        assert same.text == "the same for all 1 running processes"
        for finding in (other, none):
            assert finding.text == "another one than that of one"
            assert "HALLWAY_SECRET_KEY" in finding.advice
    alone = await asyncio.to_thread(check_secret_key, without)
    assert not alone.is_problem
    assert "need it" in alone.text
