"""What an owner and a gateway say to each other, and how it is framed: a length (u32, little-endian), then MessagePack.

    gateway -> owner   OPENED, HEARD, CONTROL, BLOCKED, CLEARED, CLOSED
    owner -> gateway   ROOM, SAID, TICK, PONG, CLOSE, ABORT

`client` is the number that the gateway gave a connection; it is good for one link, and never used again on it. Arrays
travel as the bytes of numpy's little-endian columns, so that neither end loops over clients to pack them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import msgspec

VERSION: Final = 1
"""Both ends are of the same release, except for a moment while workers are replaced; then they do not link."""
MAX_BYTES: Final = 64 << 20
"""A longer message is none of ours."""
_LENGTH_BYTES: Final = 4


class FanoutError(Exception):
    """What the other end sent is not what the two have agreed on; the link ends."""


class _Message(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """All of them are arrays that begin with a number."""


# --- a gateway says -------------------------------------------------------------------------------------------------


class Opened(_Message, frozen=True, tag=1):
    """Somebody connected. `room_id`: 16 bytes. `address`: IP address of their computer, None: not known."""

    client: int
    room_id: bytes
    address: str | None


class Heard(_Message, frozen=True, tag=2):
    """Whole binary messages, in the order in which they came: `data[i]` is `clients[i]`'s."""

    clients: list[int]
    data: list[bytes]


class Control(_Message, frozen=True, tag=3):
    """Anything else that a client sent. `kind`: 0 a text message, 1 PING, 2 PONG."""

    client: int
    kind: int
    data: bytes


class Blocked(_Message, frozen=True, tag=4):
    """A connection takes no more bytes; so many are unsent."""

    client: int
    unsent: int


class Cleared(_Message, frozen=True, tag=5):
    """It takes them again."""

    client: int


class Closed(_Message, frozen=True, tag=6):
    """It is gone. `code`: of the WebSocket."""

    client: int
    code: int


# --- an owner says --------------------------------------------------------------------------------------------------


class Room(_Message, frozen=True, tag=17):
    """The cells of a room, before its first TICK. Lengths in px."""

    room: int
    width_px: int
    height_px: int
    cell_px: int
    radius_px: int


class Said(_Message, frozen=True, tag=18):
    """Events, each message once. `clients[i]` gets `counts[i]` of `indices`, which say which of `messages`."""

    messages: list[bytes]
    clients: list[int]
    counts: list[int]
    indices: list[int]


class Block(_Message, frozen=True):
    """The rows of one table, by cell. `starts`: u32[cells + 1], where each cell's rows begin; empty: no rows."""

    packed: bytes
    starts: bytes


class Since(_Message, frozen=True):
    """What happened since one baseline, as one visibility class sees it (`server.rooms.snapshots.Delta`)."""

    baseline: int
    class_bit: int
    gone: Block
    courses: Block
    rows: Block
    entered: Block


class Whole(_Message, frozen=True):
    """What one visibility class sees. `rows`: everybody, or nobody if no client needs it. `sums`: u64[cells + 1]."""

    class_bit: int
    rows: Block
    sums: bytes


class Blocks(_Message, frozen=True):
    """One tick of a room, cut by cell: the same bytes for every gateway.

    groups: i32[n, 5]: baseline, home then, home now, visibility class, wants checksums.
    """

    tick: int
    revision: int
    stirred: int
    check_due: bool
    since: list[Since]
    wholes: list[Whole]
    groups: bytes


class Tick(_Message, frozen=True, tag=19):
    """What a gateway tells its clients of a tick.

    blocks: the bytes of `Blocks`. sizes: u32[groups], how many of the clients are in each group. clients: u32[n], those
    of a group next to each other, in the order of groups. acts: u8[n]: 1: an input of theirs was applied since their
    baseline. seqs: u32[acts], which. slacks: i16[acts], how many ticks early it was.
    """

    room: int
    blocks: bytes
    sizes: bytes
    clients: bytes
    acts: bytes
    seqs: bytes
    slacks: bytes


class Pong(_Message, frozen=True, tag=20):
    """Answer a PING."""

    client: int
    data: bytes


class Close(_Message, frozen=True, tag=21):
    """End a connection once all that was said is out."""

    client: int
    code: int
    reason: str


class Abort(_Message, frozen=True, tag=22):
    """Drop a connection at once."""

    client: int


FromGateway: TypeAlias = Opened | Heard | Control | Blocked | Cleared | Closed
FromOwner: TypeAlias = Room | Said | Tick | Pong | Close | Abort

_encoder = msgspec.msgpack.Encoder()
_blocks = msgspec.msgpack.Decoder(Blocks)


def encoded_blocks(blocks: Blocks) -> bytes:
    """The bytes that every gateway gets."""
    return _encoder.encode(blocks)


def decoded_blocks(data: bytes) -> Blocks:
    """Raises `FanoutError`."""
    try:
        return _blocks.decode(data)
    except msgspec.MsgspecError as error:
        raise FanoutError(str(error)) from error


def framed(messages: Sequence[FromGateway | FromOwner]) -> bytes:
    """The bytes of these messages, one after the other."""
    parts: list[bytes] = []
    for message in messages:
        data = _encoder.encode(message)
        parts += (len(data).to_bytes(_LENGTH_BYTES, "little"), data)
    return b"".join(parts)


class Incoming:
    """Cuts what arrives into messages. `kinds`: `FromGateway` or `FromOwner`."""

    def __init__(self, kinds: Any) -> None:
        self._decoder: msgspec.msgpack.Decoder[Any] = msgspec.msgpack.Decoder(kinds)
        self._rest = bytearray()

    def receive(self, data: bytes) -> list[Any]:
        """The messages that are whole now. Raises `FanoutError`."""
        rest = self._rest
        rest += data
        found, place = [], 0
        while len(rest) - place >= _LENGTH_BYTES:
            size = int.from_bytes(rest[place : place + _LENGTH_BYTES], "little")
            if size > MAX_BYTES:
                raise FanoutError(f"a message of {size} bytes")
            end = place + _LENGTH_BYTES + size
            if end > len(rest):
                break
            try:
                found.append(self._decoder.decode(bytes(memoryview(rest)[place + _LENGTH_BYTES : end])))
            except msgspec.MsgspecError as error:
                raise FanoutError(str(error)) from error
            place = end
        del rest[:place]
        return found
