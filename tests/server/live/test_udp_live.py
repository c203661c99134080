"""The state lane over WebTransport: a real QUIC client, a real server, and what strangers may try."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.bots.webtransport import WebTransportClient, WebTransportError, open_webtransport
from protocol.messages import (
    Carriers,
    Input,
    Lane,
    Ping,
    Pong,
    Probe,
    Probed,
    Quic,
    Snapshot,
    Welcome,
    decode_server_datagram,
    encode,
)

EAST = 0x10


class Datagrams:
    """A session, and what came over it."""

    def __init__(self) -> None:
        self.heard: list[Snapshot | Probed] = []
        self.news = asyncio.Event()
        self.client: WebTransportClient | None = None

    @classmethod
    async def to(cls, quic: Quic) -> Datagrams:
        datagrams = cls()
        datagrams.client = await open_webtransport(quic, "127.0.0.1", datagrams._received)
        return datagrams

    def _received(self, data: bytes) -> None:
        self.heard.append(decode_server_datagram(data))
        self.news.set()

    def send(self, message: Input | Probe) -> None:
        self.send_bytes(encode(message))

    def send_bytes(self, data: bytes) -> None:
        assert self.client is not None
        self.client.send(data)

    async def until(self, what: Callable[[list[Any]], bool]) -> None:
        async with asyncio.timeout(10):
            while not what(self.heard):
                self.news.clear()
                await self.news.wait()

    async def bind(self, carriers: Carriers) -> None:
        self.send(Probe(1, carriers.secret))
        await self.until(lambda heard: Probed(1) in heard)

    def ticks(self) -> list[int]:
        return [message.tick for message in self.heard if isinstance(message, Snapshot)]

    async def closed(self) -> None:
        assert self.client is not None
        async with asyncio.timeout(10):
            await self.client.ended.wait()


async def inside(office: Any) -> tuple[Any, Welcome, Carriers]:
    """Somebody new in a room of their own: the WebSocket, and what the server said of carriers."""
    someone = await office.account()
    socket = await someone.join(await office.room(someone))
    return socket, await socket.hear(Welcome), await socket.hear(Carriers)


async def test_snapshots_move_to_datagrams_and_back(office: Any) -> None:
    socket, _, carriers = await inside(office)
    assert carriers.eager
    assert carriers.quic is not None
    assert len(carriers.quic.hashes) == 64
    datagrams = await Datagrams.to(carriers.quic)
    await datagrams.bind(carriers)
    assert datagrams.ticks() == []
    await socket.say(encode(Lane(1)))
    # The baseline is what was acknowledged: nothing yet, so that every snapshot is whole.
    await datagrams.until(lambda heard: len(datagrams.ticks()) > 3)
    first = next(each for each in datagrams.heard if isinstance(each, Snapshot))
    assert first.age == 0
    acked = datagrams.ticks()[-1]
    datagrams.send(Input(acked, 1, 0, bytes((EAST, 0))))
    await datagrams.until(lambda heard: isinstance(heard[-1], Snapshot) and heard[-1].input == 1)
    newest = datagrams.heard[-1]
    assert isinstance(newest, Snapshot)
    assert newest.tick - newest.age == acked
    # The same INPUT again, a malformed datagram, and one above the limit: harmless.
    datagrams.send(Input(acked, 1, 0, bytes((EAST, 0))))
    datagrams.send_bytes(b"\x95\x02")
    datagrams.send_bytes(b"\x93" * 1150)
    while len(socket.heard) and isinstance(socket.heard[-1], Snapshot):
        socket.heard.pop()
    await socket.say(encode(Ping(7, acked)))
    await socket.hear(Pong)
    over_socket = [each for each in socket.heard if isinstance(each, Snapshot) and each.tick > first.tick + 5]
    assert over_socket == []
    await socket.say(encode(Lane(0)))
    back = await socket.hear(Snapshot, lambda snapshot: snapshot.tick > newest.tick)
    assert back.age < 64
    await socket.say(encode(Ping(8, back.tick)))
    await socket.hear(Pong, lambda pong: pong.token == 8)


async def test_a_carrier_that_ends_takes_the_snapshots_back_to_the_socket(office: Any) -> None:
    socket, _, carriers = await inside(office)
    assert carriers.quic is not None
    datagrams = await Datagrams.to(carriers.quic)
    await datagrams.bind(carriers)
    await socket.say(encode(Lane(1)))
    await datagrams.until(lambda _: len(datagrams.ticks()) > 1)
    newest = datagrams.ticks()[-1]
    assert datagrams.client is not None
    datagrams.client.close()
    await socket.hear(Snapshot, lambda snapshot: snapshot.tick > newest)


async def test_a_carrier_ends_with_its_connection(office: Any) -> None:
    socket, _, carriers = await inside(office)
    assert carriers.quic is not None
    datagrams = await Datagrams.to(carriers.quic)
    await datagrams.bind(carriers)
    await socket.close()
    await datagrams.closed()


async def test_a_secret_is_good_for_one_carrier_and_a_wrong_one_for_none(office: Any) -> None:
    socket, _, carriers = await inside(office)
    assert carriers.quic is not None
    own, thief, guesser = [await Datagrams.to(carriers.quic) for _ in range(3)]
    await own.bind(carriers)
    thief.send(Probe(1, carriers.secret))
    guesser.send(Probe(1, bytes(24)))
    await thief.closed()
    await guesser.closed()
    own.send(Probe(2, carriers.secret))
    await own.until(lambda heard: heard[-1] == Probed(2))
    assert thief.heard == guesser.heard == []
    await socket.close()


async def test_a_carrier_that_keeps_silent_is_closed(office: Any) -> None:
    socket, _, carriers = await inside(office)
    assert carriers.quic is not None
    silent = await Datagrams.to(carriers.quic)
    silent.send(Input(0, 0, 0, b""))
    await silent.closed()
    assert silent.heard == []
    await socket.close()


async def test_another_path_and_another_certificate_are_refused(office: Any) -> None:
    socket, _, carriers = await inside(office)
    assert carriers.quic is not None
    place = carriers.quic
    with pytest.raises(WebTransportError, match="404"):
        await open_webtransport(Quic(place.host, place.port, "/else", place.hashes), "127.0.0.1", lambda _: None)
    with pytest.raises(WebTransportError, match="certificate"):
        await open_webtransport(Quic(place.host, place.port, place.path, bytes(32)), "127.0.0.1", lambda _: None)
    await socket.close()


async def test_a_client_without_the_feature_hears_of_no_carriers(office: Any) -> None:
    someone = await office.account()
    socket = await someone.join(await office.room(someone), features=1)
    await socket.hear(Welcome)
    await socket.say(encode(Ping(1, 0)))
    await socket.hear(Pong)
    assert not [each for each in socket.heard if isinstance(each, Carriers)]
