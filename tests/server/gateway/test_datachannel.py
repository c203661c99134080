"""Data channels in memory: a client with OpenSSL and aiortc on its side, and what strangers and liars may try."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from random import Random
from struct import pack

import aiortc
import pytest
from aioice import stun
from aiortc.rtcdatachannel import RTCDataChannel, RTCDataChannelParameters
from aiortc.rtcsctptransport import DataChunk, RTCSctpTransport
from OpenSSL import SSL

from protocol.messages import Probe, Probed, encode
from server.dtls import Identity
from server.gateway.carriers import Carriers
from server.gateway.datachannel import STRANGERS_BURST, DataChannels
from server.media.sfu.dtls import SRTP_PROFILES
from server.media.sfu.ice_lite import Address, Credentials
from server.ops.metrics import Metrics
from tests.server.gateway.test_carriers import Desk

SEED = int(os.environ.get("TEST_SEED", "0")) or Random().randrange(1 << 30)
HOME: Address = ("192.0.2.1", 4000)
FIRST, LAST, UNORDERED = 2, 1, 4


class Harbour:
    """The server's side: a socket that keeps what is sent, by address."""

    def __init__(self, most: int = 4) -> None:
        self.desk = Desk()
        self.metrics: Metrics = self.desk.metrics
        self.carriers: Carriers = self.desk.carriers
        self.sent: dict[Address, list[bytes]] = {}
        self.channels = DataChannels(self.carriers, self.metrics, most, self._send)

    def _send(self, data: bytes, address: Address) -> None:
        self.sent.setdefault(address, []).append(data)

    def take(self, address: Address) -> list[bytes]:
        return self.sent.pop(address, [])

    def refused(self, why: str) -> float:
        return float(self.metrics.refused_carriers.labels(why)._value.get())


@pytest.fixture
async def harbour() -> Harbour:
    harbour = Harbour()
    await harbour.channels.load()
    return harbour


def check(credentials: Credentials, *, password: str | None = None, fragment: str | None = None) -> bytes:
    """A connectivity check as a browser sends it."""
    name = f"{fragment or credentials.fragment}:mine"
    request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, os.urandom(12), {"USERNAME": name, "PRIORITY": 1})
    request.attributes["USE-CANDIDATE"] = None
    request.add_message_integrity((password or credentials.password).encode())
    return bytes(request)


class _Records:
    """What aiortc takes for its DTLS transport."""

    state = "connected"
    _role = "client"

    def __init__(self, client: Client) -> None:
        self._client = client

    def _register_data_receiver(self, _receiver: object) -> None: ...

    def _unregister_data_receiver(self, _receiver: object) -> None: ...

    async def _send_data(self, data: bytes) -> None:
        self._client.send_record(data)


class Client:
    """A browser at an address: checks, handshake, SCTP and a channel, all over `harbour`."""

    def __init__(self, harbour: Harbour, address: Address = HOME) -> None:
        self.harbour, self.address = harbour, address
        self.credentials = harbour.channels.offer()
        self.heard: list[bytes] = []
        context = Identity(SRTP_PROFILES)._context
        self._dtls = SSL.Connection(context, None)
        self._dtls.set_connect_state()
        self._dtls.set_ciphertext_mtu(1200)
        self.sctp = RTCSctpTransport(_Records(self))  # type: ignore[arg-type]
        self.channel: RTCDataChannel | None = None

    async def connect(self) -> Client:
        """Up to the open association."""
        self.harbour.channels.receive_check(check(self.credentials), self.address)
        assert len(self.harbour.take(self.address)) == 1
        for _ in range(8):
            try:
                self._dtls.do_handshake()
                break
            except SSL.WantReadError:
                self._exchange()
        await self.sctp.start(None, 5000)
        await self.settle()
        return self

    async def open(self, *, ordered: bool = False, retransmits: int | None = 0) -> Client:
        """And a channel in it."""
        await self.connect()
        terms = RTCDataChannelParameters("state", ordered=ordered, maxRetransmits=retransmits)
        self.channel = RTCDataChannel(self.sctp, terms)
        self.channel.on("message", self.heard.append)
        await self.settle()
        return self

    def send_record(self, record: bytes) -> None:
        self._dtls.send(record)
        self._flush()

    async def settle(self) -> None:
        """Until nobody has anything to say."""
        for _ in range(12):
            await asyncio.sleep(0)
            for record in self._exchange():
                await self.sctp._handle_data(record)

    @property
    def is_connected(self) -> bool:
        return self.harbour.channels.count > 0

    def _flush(self) -> None:
        while True:
            try:
                data = self._dtls.bio_read(1500)
            except SSL.Error:
                return
            for at in self._borders(data):
                self.harbour.channels.receive_record(at, self.address)

    @staticmethod
    def _borders(data: bytes) -> Iterator[bytes]:
        at = 0
        while at + 13 <= len(data):
            end = at + 13 + int.from_bytes(data[at + 11 : at + 13], "big")
            yield data[at:end]
            at = end

    def _exchange(self) -> list[bytes]:
        self._flush()
        records: list[bytes] = []
        for datagram in self.harbour.take(self.address):
            self._dtls.bio_write(datagram)
            try:
                while True:
                    records.append(self._dtls.recv(16_384))
            except SSL.Error:
                continue
        return records

    async def say(self, chunk: DataChunk) -> None:
        """A chunk of one's own making."""
        await self.sctp._send_chunk(chunk)
        await self.settle()


async def test_a_probe_over_a_channel_binds_and_snapshots_come_the_newest_first(harbour: Harbour) -> None:
    berth = harbour.desk.visitor()
    client = await Client(harbour).open()
    assert client.channel is not None
    client.channel.send(encode(Probe(7, berth.secret)))
    await client.settle()
    assert client.heard == [encode(Probed(7))]
    assert berth.carrier is not None
    for number in range(3):
        berth.carrier.send_snapshot(bytes([number]))
    await client.settle()
    # In one turn of the loop the newest replaces those that wait.
    assert client.heard[1:] == [b"\x02"]
    assert harbour.metrics.datagrams_dropped._value.get() == 2
    harbour.channels.withdraw(client.credentials)
    assert not client.is_connected
    assert harbour.carriers.on_datagrams == 0


@pytest.mark.parametrize(
    "forged", [{"password": "p" * 32}, {"fragment": "0" * 16}], ids=["a wrong password", "an unknown fragment"]
)
async def test_strangers_get_no_answer(harbour: Harbour, forged: dict[str, str]) -> None:
    harbour.channels.receive_check(check(harbour.channels.offer(), **forged), HOME)
    assert (harbour.sent, harbour.channels.count, harbour.desk.discarded()) == ({}, 0, 1)


async def test_noise_is_discarded_and_never_answered(harbour: Harbour) -> None:
    print(f"TEST_SEED={SEED}")
    random = Random(SEED)
    credentials = harbour.channels.offer()
    good = check(credentials)
    for _ in range(300):
        noise = bytearray(good if random.random() < 0.5 else random.randbytes(random.randrange(1, 1500)))
        for _ in range(random.randrange(1, 6)):
            noise[random.randrange(len(noise))] = random.randrange(256)
        if bytes(noise) != good:
            harbour.channels.receive_check(bytes(noise), HOME)
            harbour.channels.receive_record(bytes(noise), HOME)
    # A change behind the integrity is not covered by it: only such a check may have been taken for the real one.
    assert sum(map(len, harbour.sent.values())) <= harbour.channels.count * 300


async def test_a_flood_of_strangers_is_bounded_and_those_inside_are_not_in_its_way(harbour: Harbour) -> None:
    client = await Client(harbour).open()
    stranger = harbour.channels.offer()
    for number in range(3 * STRANGERS_BURST):
        harbour.channels.receive_check(check(stranger, password="x" * 32), ("198.51.100.1", 1024 + number))
    assert ("198.51.100.1", 1024) not in harbour.sent
    harbour.channels.receive_check(check(client.credentials), HOME)
    assert len(harbour.take(HOME)) == 1


async def test_no_more_are_let_in_than_may(harbour: Harbour) -> None:
    for number in range(5):
        harbour.channels.receive_check(check(harbour.channels.offer()), ("192.0.2.1", 5000 + number))
    assert harbour.channels.count == 4
    assert harbour.refused("full") == 1


async def test_noise_on_an_open_handshake_ends_nothing_but_itself(harbour: Harbour) -> None:
    print(f"TEST_SEED={SEED}")
    random = Random(SEED)
    good = await Client(harbour).open()
    other = ("192.0.2.2", 4000)
    harbour.channels.receive_check(check(harbour.channels.offer()), other)
    for _ in range(300):
        harbour.channels.receive_record(
            bytes([random.choice((20, 21, 22, 23, 25)), 254, 253]) + random.randbytes(60), other
        )
    assert good.channel is not None
    berth = harbour.desk.visitor()
    good.channel.send(encode(Probe(1, berth.secret)))
    await good.settle()
    assert good.heard == [encode(Probed(1))]


@pytest.mark.parametrize(("ordered", "retransmits"), [(True, 0), (False, None), (False, 3)])
async def test_another_kind_of_channel_is_refused(harbour: Harbour, ordered: bool, retransmits: int | None) -> None:
    client = await Client(harbour).open(ordered=ordered, retransmits=retransmits)
    assert not client.is_connected
    assert harbour.refused("channel") == 1


async def test_a_second_channel_is_refused(harbour: Harbour) -> None:
    client = await Client(harbour).open()
    RTCDataChannel(client.sctp, RTCDataChannelParameters("more", ordered=False, maxRetransmits=0))
    await client.settle()
    assert not client.is_connected


def chunk(client: Client, *, stream: int, flags: int, size: int, skip: int = 0) -> DataChunk:
    """The next chunk of a client's, or one some numbers later."""
    made = DataChunk()
    made.flags, made.stream_id, made.stream_seq, made.protocol = flags | UNORDERED, stream, 0, 53
    made.user_data = bytes(size)
    client.sctp._local_tsn = (client.sctp._local_tsn + skip) & 0xFFFF_FFFF
    made.tsn = client.sctp._local_tsn
    client.sctp._local_tsn = (made.tsn + 1) & 0xFFFF_FFFF
    return made


@pytest.mark.parametrize("lie", ["streams", "endless", "gaps"])
async def test_what_would_fill_the_servers_memory_ends_the_carrier(harbour: Harbour, lie: str) -> None:
    client = await Client(harbour).open()
    for number in range(400):
        if lie == "streams":
            made = chunk(client, stream=100 + number, flags=FIRST | LAST, size=1)
        elif lie == "endless":
            made = chunk(client, stream=0, flags=0 if number else FIRST, size=1000)
        else:
            made = chunk(client, stream=0, flags=FIRST | LAST, size=1, skip=1)
        await client.say(made)
        if not client.is_connected:
            break
    assert not client.is_connected, f"{number} chunks were taken"
    assert harbour.refused("channel") == 1


@pytest.mark.parametrize(
    "payload",
    [b"", b"\x03", pack("!BBHLHH", 3, 0x81, 0, 0, 60_000, 60_000), pack("!BBHLHH", 3, 0x81, 0, 0, 2, 0) + b"\xff\xfe"],
)
async def test_malformed_openings_of_a_channel_end_at_most_that_carrier(harbour: Harbour, payload: bytes) -> None:
    client = await Client(harbour).connect()
    made = chunk(client, stream=0, flags=FIRST | LAST, size=0)
    made.protocol, made.user_data = 50, payload or b"\x03"
    await client.sctp._send_chunk(made)
    assert harbour.channels.count in (0, 1)


async def test_a_client_that_goes_is_forgotten(harbour: Harbour) -> None:
    client = await Client(harbour).open()
    await client.sctp.stop()
    await client.settle()
    assert not client.is_connected


# --- what Hallway needs of aiortc beyond its public face: a new version must be looked at before it is let in --------


def test_it_is_the_version_that_was_looked_at() -> None:
    assert aiortc.__version__ == "1.16.0"


async def test_aiortc_has_the_names_that_are_used() -> None:
    sctp = RTCSctpTransport(_Records(None))  # type: ignore[arg-type]
    for name in ("_advertised_rwnd", "_inbound_streams", "_sack_misordered", "_sack_duplicates", "_outbound_queue"):
        assert hasattr(sctp, name), name
    assert callable(sctp._handle_data)
