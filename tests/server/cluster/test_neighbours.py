"""People at two servers know of each other: who is where, calls, direct messages, looks and presence."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

from protocol.constants import Channel
from protocol.global_messages import (
    CHAT_VERSION,
    Answer,
    Answered,
    Call,
    Called,
    Find,
    Found,
    People,
    Rooms,
    encode_global,
)
from protocol.messages import Joined, Presence, Said, Say, Sent, Welcome
from tests.server.cluster.test_two_servers import elsewhere, offices, runs  # noqa: F401
from tests.server.live.conftest import PATIENCE_S, Office, Socket


def seen(people: People, user_id: UUID) -> Any:
    """Somebody's entry, if there is one."""
    return next((entry for entry in people.entries if entry.user_id == str(user_id)), None)


def knows(window: Socket, user_id: UUID, room: str | None = None) -> bool:
    """Whether somebody's window was told of a person, last in this room."""
    told = [entry for message in window.heard if isinstance(message, People) if (entry := seen(message, user_id))]
    return bool(told) and (room is None or told[-1].room_id == room)


async def test_who_is_at_the_other_server_is_seen_found_called_and_written_to(
    offices: tuple[Office, Office],  # noqa: F811
) -> None:
    ann, ben = await offices[0].account("Ann"), await offices[1].account("Ben")
    room = await offices[0].room(ann, is_public=True)
    anns, bens = [await person.look_around(version=CHAT_VERSION) for person in (ann, ben)]
    inside = await ann.join(room)
    await inside.hear(Welcome)
    await bens.hear(People, lambda message: bool((entry := seen(message, ann.id)) and entry.room_id == room))
    await bens.hear(Rooms, lambda message: (room, 1) in [(count.room_id, count.people) for count in message.counts])

    await bens.say(encode_global(Find(1, str(ann.id))))
    assert (await bens.hear(Found)).room_id == room

    # Nobody is called of whom the server has not heard yet; nor by somebody of whom it has not heard that they are in a
    # room, which may be one of the other server's.
    async with asyncio.timeout(PATIENCE_S):
        while not (knows(anns, ben.id) and knows(anns, ann.id, room)):
            await anns.hear(People)
    await anns.say(encode_global(Call(2, str(ben.id), "Come over")))
    called = await bens.hear(Called)
    assert (called.user_id, called.room_id, called.text) == (str(ann.id), room, "Come over")
    await bens.say(encode_global(Answer(str(ann.id), True)))
    assert (await anns.hear(Answered)).accepts

    await anns.say(encode_global(Say(3, str(uuid4()), Channel.DIRECT.value, str(ben.id), "hello there")))
    assert (await bens.hear(Said)).text == "hello there"
    assert (await anns.hear(Sent)).heard == 1


async def test_what_somebody_changes_at_one_server_is_seen_in_rooms_of_the_other(
    offices: tuple[Office, Office],  # noqa: F811
) -> None:
    ann = await offices[0].account("Ann")
    for _ in range(2):
        room = await offices[0].room(ann)
        watcher, socket = await offices[1].guest(), await ann.join(room)
        await socket.hear(Welcome)
        watching = await watcher.join(room)
        await watching.hear(Welcome)
        asked = offices[1] if runs(offices[0], room) else offices[0]
        boss = elsewhere(ann, asked)
        await boss.call("PUT", "/api/presence", {"status": "busy", "text": "Writing", "findable": True})
        await watching.hear(Presence, lambda message: any(mood.text == "Writing" for mood in message.entries))
        name = f"Ann{uuid4().hex[:8]}"
        await boss.call("PUT", f"/api/users/{ann.id}", {"username": name})
        await watching.hear(Joined, lambda message, name=name: message.entry.name == name)
        await boss.call("PUT", "/api/presence", {"status": "available", "text": "", "findable": True})
        await watching.hear(Presence)
