"""The state lane over an unreliable data channel: a real WebRTC client (aiortc) and a real server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.bots.datachannel import DataChannelClient, open_datachannel
from protocol.messages import (
    Carriers,
    DataChannel,
    Input,
    Lane,
    Probe,
    Probed,
    Snapshot,
    Welcome,
    decode_server_datagram,
    encode,
)

EAST = 0x10
PATIENCE_S = 20.0


class Channel:
    """A data channel, and what came over it."""

    def __init__(self) -> None:
        self.heard: list[Snapshot | Probed] = []
        self._news = asyncio.Event()
        self.client: DataChannelClient | None = None

    async def open(self, terms: DataChannel) -> Channel:
        self.client = await open_datachannel(terms, "127.0.0.1", self._received)
        return self

    def _received(self, data: bytes) -> None:
        self.heard.append(decode_server_datagram(data))
        self._news.set()

    def send(self, data: bytes) -> None:
        assert self.client is not None
        self.client.send(data)

    async def until(self, what: Callable[[list[Any]], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not what(self.heard):
                self._news.clear()
                await self._news.wait()

    async def bind(self, carriers: Carriers) -> None:
        self.send(encode(Probe(1, carriers.secret)))
        await self.until(lambda heard: Probed(1) in heard)

    def ticks(self) -> list[int]:
        return [message.tick for message in self.heard if isinstance(message, Snapshot)]

    async def ended(self) -> None:
        assert self.client is not None
        async with asyncio.timeout(PATIENCE_S):
            await self.client.ended.wait()

    async def leave(self) -> None:
        assert self.client is not None
        await self.client.leave()


async def inside(office: Any) -> tuple[Any, Carriers, DataChannel]:
    """Somebody new in a room of their own: the WebSocket, and the carriers that the server offers."""
    someone = await office.account()
    socket = await someone.join(await office.room(someone))
    await socket.hear(Welcome)
    async with asyncio.timeout(PATIENCE_S):
        while (carriers := await socket.hear(Carriers)).channel is None:
            # It is offered once its library is loaded.
            await asyncio.sleep(0.05)
            await socket.say(encode(Lane(0)))
    return socket, carriers, carriers.channel


async def test_snapshots_move_to_a_data_channel_and_back(office: Any) -> None:
    socket, carriers, terms = await inside(office)
    channel = await Channel().open(terms)
    await channel.bind(carriers)
    assert channel.ticks() == []
    await socket.say(encode(Lane(1)))
    await channel.until(lambda _: len(channel.ticks()) > 3)
    acked = channel.ticks()[-1]
    channel.send(encode(Input(acked, 1, 0, bytes((EAST, 0)))))
    await channel.until(lambda heard: isinstance(heard[-1], Snapshot) and heard[-1].input == 1)
    newest = channel.heard[-1]
    assert isinstance(newest, Snapshot)
    assert newest.tick - newest.age == acked
    # Malformed, text's length, above the limit: harmless.
    for data in (b"\x95\x02", b"", b"\x93" * 1150):
        channel.send(data)
    await socket.say(encode(Lane(0)))
    # After LANE 0 the server closes the carrier, and offers another.
    assert (await socket.hear(Carriers)).channel != terms
    await socket.hear(Snapshot, lambda snapshot: snapshot.tick > newest.tick)
    await channel.ended()
    await channel.leave()


async def test_a_data_channel_that_ends_gives_the_snapshots_back(office: Any) -> None:
    socket, carriers, terms = await inside(office)
    channel = await Channel().open(terms)
    await channel.bind(carriers)
    await socket.say(encode(Lane(1)))
    await channel.until(lambda _: len(channel.ticks()) > 1)
    newest = channel.ticks()[-1]
    await channel.leave()
    await socket.hear(Snapshot, lambda snapshot: snapshot.tick > newest)


@pytest.mark.parametrize("secret", ["its own", "a wrong one"])
async def test_a_data_channel_ends_with_its_connection_or_a_wrong_secret(office: Any, secret: str) -> None:
    socket, carriers, terms = await inside(office)
    channel = await Channel().open(terms)
    if secret == "its own":
        await channel.bind(carriers)
        await socket.close()
    else:
        channel.send(encode(Probe(1, bytes(24))))
    await channel.ended()
    assert Probed(2) not in channel.heard
    await channel.leave()
