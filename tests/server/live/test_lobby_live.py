"""`/ws/global` with real connections: who is around, where, how full rooms are; calls, notices and ends."""

from __future__ import annotations

from typing import Any

from protocol.constants import Status
from protocol.global_messages import (
    OFFLINE,
    Answer,
    Answered,
    Call,
    Called,
    Find,
    Found,
    Idle,
    Notice,
    People,
    Ready,
    Rooms,
    Someone,
    encode_global,
)
from protocol.messages import Error, Presence, Welcome


def entry_of(people: People, person: Any) -> Someone | None:
    return next((entry for entry in people.entries if entry.user_id == str(person.id)), None)


async def seen(socket: Any, person: Any, **fields: object) -> Someone:
    """The next entry of a person that has these values."""

    def fits(people: People) -> bool:
        entry = entry_of(people, person)
        return entry is not None and all(getattr(entry, name) == value for name, value in fields.items())

    entry = entry_of(await socket.hear(People, fits), person)
    assert entry is not None
    return entry


async def test_everybody_sees_who_is_around_where_and_in_which_mood(office: Any) -> None:
    ann, ben = await office.account("Ann"), await office.account("Ben")
    room, hidden = await office.room(ann), await office.room(ann, access="unlisted")
    watcher = await ann.look_around()
    ready = await watcher.hear(Ready)
    assert (ready.user_id, ready.status, ready.findable) == (str(ann.id), 0, True)
    assert (await watcher.hear(People)).whole
    assert (await watcher.hear(Rooms)).whole

    bens = await ben.look_around()
    assert (await seen(watcher, ben, status=0)).room_id is None
    inside = await ben.join(room)
    await inside.hear(Welcome)
    assert (await seen(watcher, ben, room_id=room)).name == "Ben"
    await watcher.hear(Rooms, lambda rooms: any((c.room_id, c.people) == (room, 1) for c in rooms.counts))
    await ben.call("PUT", "/api/presence", {"status": "busy", "text": "Deep work"})
    assert (await seen(watcher, ben, status=Status.BUSY)).text == "Deep work"
    await ben.call("PUT", "/api/presence", {"status": "available", "findable": False})
    assert (await seen(watcher, ben, status=Status.AVAILABLE)).room_id is None
    await inside.close()

    # In an unlisted room Ben sees Ann nowhere, as it is not for him to know of it.
    anns = await ann.join(hidden)
    await anns.hear(Welcome)
    await seen(watcher, ann, room_id=hidden)
    await bens.say(encode_global(Find(1, str(ann.id))))
    assert (await bens.hear(Error)).code == "not_found"
    await ben.call("POST", f"/api/rooms/{room}/leave")
    await bens.close()
    await seen(watcher, ben, status=OFFLINE)


async def test_who_is_idle_everywhere_is_away_also_in_the_room(office: Any) -> None:
    ann, ben = await office.account(), await office.account()
    room = await office.room(ann)
    inside = await ann.join(room)
    await inside.hear(Welcome)
    await (await ben.join(room)).hear(Welcome)
    first, second = await ben.look_around(), await ben.look_around()
    await first.hear(Rooms)
    await second.hear(Rooms)
    await first.say(encode_global(Idle(True)))
    await second.say(encode_global(Idle(True)))
    away = await inside.hear(Presence, lambda presence: bool(presence.entries))
    assert away.entries[0].status == Status.AWAY
    assert (await first.hear(Ready)).status == Status.AWAY
    await second.say(encode_global(Idle(False)))
    assert (await inside.hear(Presence)).entries[0].status == Status.AVAILABLE
    await ben.call("PUT", "/api/presence", {"status": "dnd"})
    assert (await inside.hear(Presence)).entries[0].status == Status.DND


async def test_somebody_is_found_called_and_answers(office: Any) -> None:
    ann, ben = await office.account("Ann"), await office.account("Ben")
    room = await office.room(ann, name="Kitchen")
    anns, bens = await ann.look_around(), await ben.look_around()
    await bens.hear(Rooms)
    await anns.hear(Rooms)

    async def call(ref: int) -> None:
        await anns.say(encode_global(Call(ref, str(ben.id), "Coffee?")))

    await call(1)
    refusal = await anns.hear(Error)
    assert (refusal.ref, refusal.code) == (1, "not_inside")
    await (await ann.join(room)).hear(Welcome)
    await call(2)
    assert await bens.hear(Called) == Called(str(ann.id), "Ann", room, "Kitchen", "Coffee?")
    await call(3)
    assert (await anns.hear(Error)).code == "too_fast"
    await bens.say(encode_global(Answer(str(ann.id), True)))
    assert await anns.hear(Answered) == Answered(str(ben.id), "Ben", True)
    await bens.say(encode_global(Find(4, str(ann.id))))
    assert await bens.hear(Found) == Found(4, str(ann.id), room, "Kitchen")
    await ben.call("PUT", "/api/presence", {"status": "dnd"})
    await bens.hear(Ready, lambda ready: ready.status == Status.DND)
    await call(5)
    assert (await anns.hear(Error)).code == "do_not_disturb"


async def test_guests_see_only_themselves_and_cannot_call(office: Any) -> None:
    ann, guest = await office.account(), await office.guest()
    anns, guests = await ann.look_around(), await guest.look_around()
    await anns.hear(Rooms)
    await seen(anns, guest, status=0)
    for message in (Find(1, str(ann.id)), Call(2, str(ann.id), "")):
        await guests.say(encode_global(message))
        assert (await guests.hear(Error)).code == "not_allowed"
    heard = [entry for m in guests.heard if isinstance(m, People) for entry in m.entries]
    assert {entry.user_id for entry in heard} <= {str(guest.id)}


async def test_notices_reach_everybody_and_log_outs_end_the_connection(office: Any) -> None:
    operator, ann = await office.account(), await office.account()
    await office.services.users.set_operator(operator.id, True)
    anns = await ann.look_around()
    await anns.hear(Rooms)
    await operator.call("POST", "/api/admin/notice", {"text": "Restart at noon"})
    assert await anns.hear(Notice) == Notice(0, "Restart at noon")
    await ann.call("POST", "/api/auth/logout")
    assert await anns.end() == 4013
    assert await (await ann.look_around()).end() == 4016
    assert await (await ann.look_around("x" * 40)).end() == 4016


async def test_what_the_standard_does_not_allow_ends_the_connection(office: Any) -> None:
    ann = await office.account()
    for data in (encode_global(Idle(True)), b"\xc1", b"\x91\x20"):
        url = ann.base.replace("http", "ws") + "/ws/global"
        async with ann._http.ws_connect(url, protocols=("hallway.global.v1",)) as socket:
            await socket.send_bytes(data)
            await socket.receive()
            closing = await socket.receive()
            assert closing.data == 4001
    async with ann._http.get(ann.base + "/ws/global") as answer:
        assert answer.status == 400
