"""Whiteboards over real connections: many writers, nothing lost, nothing taken that is none of theirs."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from protocol.constants import CloseCode
from tests.server.live.conftest import Office, Someone
from tests.server.live.documents import Pen

MEETING_ROOM = 2
"""The office's area in which the topmost of its whiteboards stands."""


async def board_of(owner: Someone, room: str) -> str:
    """The first whiteboard of an office."""
    objects = (await owner.call("GET", f"/api/rooms/{room}/objects"))["objects"]
    return str(next(entry["id"] for entry in objects if entry["type"] == "whiteboard"))


async def make_member(owner: Someone, room: str, person: Someone) -> None:
    await owner.call("PUT", f"/api/rooms/{room}/members/{person.id}", {"role": "member"})


@pytest.fixture
async def board(office: Office) -> tuple[Someone, str, str]:
    owner = await office.account()
    room = await office.room(owner)
    return owner, room, await board_of(owner, room)


async def test_twenty_writers_at_once_lose_no_stroke(office: Office, board: tuple[Someone, str, str]) -> None:
    owner, room, whiteboard = board
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    pens = [await Pen.open(owner, room, whiteboard) for _ in range(20)]

    async def scribble(number: int, pen: Pen) -> None:
        for stroke in range(30):
            await pen.draw(f"{number}-{stroke}", {"points": [chance.random() for _ in range(8)]})
            if chance.random() < 0.2:
                await pen.draw("shared", {"by": number, "version": stroke})
            if chance.random() < 0.3:
                await asyncio.sleep(0)

    await asyncio.gather(*(scribble(number, pen) for number, pen in enumerate(pens)))
    for pen in pens:
        await pen.until_saved()
    expected = {f"{number}-{stroke}" for number in range(20) for stroke in range(30)} | {"shared"}
    for pen in pens:
        await pen.until(lambda pen=pen: pen.strokes().keys() == expected)
    assert all(pen.strokes() == pens[0].strokes() for pen in pens)
    # What is kept is the same, for somebody who comes when nobody else is there any more.
    for pen in pens:
        await pen.close()
    late = await Pen.open(owner, room, whiteboard)
    assert late.strokes() == pens[0].strokes()
    await late.close()


async def test_who_comes_back_brings_what_they_drew_meanwhile(board: tuple[Someone, str, str]) -> None:
    owner, room, whiteboard = board
    first, second = await Pen.open(owner, room, whiteboard), await Pen.open(owner, room, whiteboard)
    await first.draw("a", 1)
    await second.until(lambda: "a" in second.strokes())
    await first.close()
    first.elements["b"] = 2
    await second.draw("c", 3)
    again = await Pen.open(owner, room, whiteboard, known=first)
    await again.until(lambda: again.strokes() == {"a": 1, "b": 2, "c": 3})
    await second.until(lambda: second.strokes() == {"a": 1, "b": 2, "c": 3})
    await again.until_saved()


async def test_bytes_that_are_no_update_end_the_connection_and_nothing_else(
    office: Office, board: tuple[Someone, str, str]
) -> None:
    owner, room, whiteboard = board
    honest, rascal = await Pen.open(owner, room, whiteboard), await Pen.open(owner, room, whiteboard)
    await honest.draw("a", 1)
    for nonsense in (b"\xff" * 40, b"\x00\x01\x02", b"not an update at all"):
        await rascal.send_raw(nonsense)
        await rascal.until(lambda rascal=rascal: rascal.goodbye is not None)
        assert rascal.goodbye is not None
        assert rascal.goodbye.code == CloseCode.MALFORMED
        rascal = await Pen.open(owner, room, whiteboard)
    await honest.draw("b", 2)
    await honest.until_saved()
    assert rascal.opened is not None
    await rascal.until(lambda: rascal.strokes() == {"a": 1, "b": 2})


async def test_an_update_that_builds_on_what_is_not_there_is_refused(board: tuple[Someone, str, str]) -> None:
    owner, room, whiteboard = board
    rascal = await Pen.open(owner, room, whiteboard)
    rascal.elements["a"] = 1
    rascal.elements["b"] = 2
    later = rascal._made[1]
    await rascal.send_raw(later)
    await rascal.until(lambda: rascal.goodbye is not None)
    other = await Pen.open(owner, room, whiteboard)
    assert other.strokes() == {}


async def test_a_lost_merging_process_costs_no_stroke(office: Office, board: tuple[Someone, str, str]) -> None:
    import os
    import signal

    owner, room, whiteboard = board
    pen = await Pen.open(owner, room, whiteboard)
    await pen.draw("a", 1)
    merger = office.documents.merger
    assert merger.pid is not None
    os.kill(merger.pid, signal.SIGKILL)
    await pen.until(lambda: pen.goodbye is not None)
    pen.elements["b"] = 2
    again = await Pen.open(owner, room, whiteboard, known=pen)
    await again.until_saved()
    await again.close()
    late = await Pen.open(owner, room, whiteboard)
    assert late.strokes() == {"a": 1, "b": 2}


async def test_everybody_sees_who_draws_and_where(board: tuple[Someone, str, str]) -> None:
    owner, room, whiteboard = board
    first, second = await Pen.open(owner, room, whiteboard), await Pen.open(owner, room, whiteboard)
    await first.until(lambda: first.editors is not None and len(first.editors.entries) == 2)
    await first.point('{"x":1,"y":2}')
    assert first.opened is not None
    number = first.opened.editor
    await second.until(lambda: number in second.cursors)
    assert second.cursors[number] == '{"x":1,"y":2}'
    third = await Pen.open(owner, room, whiteboard)
    await third.until(lambda: number in third.cursors)
    await first.close()
    await second.until(lambda: second.editors is not None and len(second.editors.entries) == 2)


async def test_a_board_may_be_for_members_to_draw_and_for_others_to_see(office: Office) -> None:
    owner, member, guest = await office.account(), await office.account(), await office.guest()
    room = await office.room(owner)
    whiteboard = await board_of(owner, room)
    await make_member(owner, room, member)
    await owner.call("PUT", f"/api/rooms/{room}/objects/{whiteboard}", {"config": {"edit_role": "moderator"}})
    pen = await Pen.open(member, room, whiteboard)
    assert pen.opened is not None
    assert not pen.opened.may_edit
    await pen.draw("a", 1)
    await pen.until(lambda: bool(pen.errors))
    assert pen.errors[0].code == "not_allowed"
    # Raised while they look: they come again, and may draw.
    await owner.call("PUT", f"/api/rooms/{room}/objects/{whiteboard}", {"config": {"edit_role": "member"}})
    await pen.until(lambda: pen.goodbye is not None)
    pen = await Pen.open(member, room, whiteboard)
    assert pen.opened is not None
    assert pen.opened.may_edit
    # Guests come as far as the board itself, and only when they stand before it.
    path = f"/api/rooms/{room}/objects/{whiteboard}/open"
    status, problem = await guest.attempt("POST", path, {"via": "page"})
    assert (status, problem["code"]) == (403, "role_too_low")
    await guest.join(room)
    status, problem = await guest.attempt("POST", path, {"via": "object"})
    assert (status, problem["code"]) == (409, "out_of_reach")


async def test_whoever_is_no_member_any_more_is_sent_away(office: Office) -> None:
    owner, member = await office.account(), await office.account()
    room = await office.room(owner)
    objects = (await owner.call("GET", f"/api/rooms/{room}/objects"))["objects"]
    boards = [entry for entry in objects if entry["type"] == "whiteboard"]
    whiteboard = min(boards, key=lambda entry: int(entry["y"]))["id"]
    await make_member(owner, room, member)
    pen = await Pen.open(member, room, whiteboard)
    # It stands in a meeting room; who may not go there does not read it as a page either.
    await owner.call("PUT", f"/api/rooms/{room}", {"areas": [{"zone": MEETING_ROOM, "min_role": "admin"}]})
    await office.documents.look_again()
    await pen.until(lambda: pen.goodbye is not None)
    path = f"/api/rooms/{room}/objects/{whiteboard}/open"
    status, problem = await member.attempt("POST", path, {"via": "page"})
    assert (status, problem["code"]) == (403, "role_too_low")
    await owner.call("PUT", f"/api/rooms/{room}", {"areas": []})
    pen = await Pen.open(member, room, whiteboard)
    await owner.call("DELETE", f"/api/rooms/{room}/members/{member.id}")
    await office.documents.look_again()
    await pen.until(lambda: pen.goodbye is not None)
    own = await Pen.open(owner, room, whiteboard)
    await owner.call("DELETE", f"/api/rooms/{room}/objects/{whiteboard}")
    await own.until(lambda: own.goodbye is not None)


async def test_many_updates_are_compacted(office: Office, board: tuple[Someone, str, str], monkeypatch: Any) -> None:
    monkeypatch.setattr("server.documents.document.COMPACT_UPDATES", 20)
    owner, room, whiteboard = board
    pen = await Pen.open(owner, room, whiteboard)
    for number in range(60):
        await pen.draw("same", {"version": number})
        await pen.until_saved()
    kept = await office.services.db.fetchval("SELECT count(*) FROM document_updates")
    assert kept < 40
    await pen.close()
    late = await Pen.open(owner, room, whiteboard)
    assert late.strokes() == {"same": {"version": 59}}


@pytest.mark.parametrize("more_settings", [{"document_max_mb": 1}])
async def test_a_full_board_says_so_and_takes_removals(office: Office, board: tuple[Someone, str, str]) -> None:
    owner, room, whiteboard = board
    pen = await Pen.open(owner, room, whiteboard)
    for number in range(10):
        await pen.draw(f"big {number}", "x" * 120_000)
        if pen.errors:
            break
    await pen.until(lambda: bool(pen.errors))
    assert pen.errors[0].code == "document_full"
    again = await Pen.open(owner, room, whiteboard)
    del again.elements["big 0"]
    await again.flush()
    await again.until_saved()
    assert not again.errors
