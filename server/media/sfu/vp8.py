"""The payload descriptor of VP8 (RFC 7741 section 4.2): the numbers that a receiver expects to go on without a gap."""

from __future__ import annotations

from typing import Final, NamedTuple

MAX_DESCRIPTOR_BYTES: Final = 6


class Vp8Descriptor(NamedTuple):
    """What a packet says of its place. `picture_id`: 7 or 15 bits wide; None: not given. `tl0`: TL0PICIDX. `keyframe`:
    the packet begins a frame that can be decoded by itself. `begins`: it begins a frame. `picture_at`, `tl0_at`: where
    the numbers stand."""

    keyframe: bool
    begins: bool
    picture_id: int | None
    wide: bool
    tl0: int | None
    picture_at: int
    tl0_at: int


def parse_vp8(payload: bytes) -> Vp8Descriptor | None:
    """The descriptor at the start of a payload; None: it is cut short."""
    if not payload:
        return None
    first = payload[0]
    at = 1
    picture_id: int | None = None
    tl0: int | None = None
    wide = False
    picture_at = tl0_at = 0
    try:
        if first & 0x80:
            flags = payload[1]
            at = 2
            if flags & 0x80:
                picture_at = at
                wide = payload[at] >= 0x80
                if wide:
                    picture_id = (payload[at] & 0x7F) << 8 | payload[at + 1]
                    at += 2
                else:
                    picture_id = payload[at]
                    at += 1
            if flags & 0x40:
                tl0_at, tl0 = at, payload[at]
                at += 1
            if flags & 0x30:
                at += 1
        begins = bool(first & 0x10) and not first & 0x07
        keyframe = begins and not payload[at] & 0x01
    except IndexError:
        return None
    return Vp8Descriptor(keyframe, begins, picture_id, wide, tl0, picture_at, tl0_at)


def patch_vp8(payload: bytes, descriptor: Vp8Descriptor, picture_id: int, tl0: int) -> bytes:
    """The payload with these numbers in the places of its own, where it has such."""
    if descriptor.picture_id is None and descriptor.tl0 is None:
        return payload
    # Only the descriptor is copied twice.
    patched = bytearray(payload[:MAX_DESCRIPTOR_BYTES])
    if descriptor.picture_id is not None:
        at = descriptor.picture_at
        if descriptor.wide:
            patched[at] = 0x80 | picture_id >> 8 & 0x7F
            patched[at + 1] = picture_id & 0xFF
        else:
            patched[at] = picture_id & 0x7F
    if descriptor.tl0 is not None:
        patched[descriptor.tl0_at] = tl0 & 0xFF
    return bytes(patched) + payload[MAX_DESCRIPTOR_BYTES:]
