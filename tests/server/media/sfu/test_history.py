import ctypes
import mmap

import pytest

from server.media.sfu.history import HISTORY_PACKETS, History, SharedHistory
from server.media.sfu.rtp import RtpPacket
from server.media.sfu.srtp import MAX_BYTES
from server.media.sfu.vp8 import parse_vp8


@pytest.mark.parametrize("kind", [History, SharedHistory])
def test_what_was_kept_is_there_until_another_comes_to_its_place_or_all_is_forgotten(
    kind: type[History | SharedHistory],
) -> None:
    history = kind()

    def payload(number: int) -> bytes:
        return b"\x10\x01" + number.to_bytes(4, "big") * 300

    for number in range(65_000, 65_000 + 2 * HISTORY_PACKETS):
        packet = RtpPacket(96, number % 2 == 0, number & 0xFFFF, 90 * number, 7, {}, payload(number))
        history.put(packet, parse_vp8(packet.payload))
    assert history.get(65_000) is None
    newest = (65_000 + 2 * HISTORY_PACKETS - 1) & 0xFFFF
    for back in range(HISTORY_PACKETS):
        kept = history.get((newest - back) & 0xFFFF)
        assert kept is not None
        number = 65_000 + 2 * HISTORY_PACKETS - 1 - back
        assert (kept[0].marker, kept[0].timestamp, kept[0].payload) == (number % 2 == 0, 90 * number, payload(number))
        assert kept[1] == parse_vp8(payload(number))
    history.clear()
    assert all(history.get(number) is None for number in range(0, 1 << 16, 17))
    assert history.get(newest) is None


@pytest.mark.skipif(not hasattr(mmap, "MADV_REMOVE"), reason="this system takes no memory back")
def test_what_is_forgotten_is_given_back_to_the_system() -> None:
    history = SharedHistory()
    for number in range(HISTORY_PACKETS):
        history.put(RtpPacket(96, False, number, 0, 7, {}, b"\x10\x01" + b"picture" * 200), None)
    size = HISTORY_PACKETS * MAX_BYTES
    assert ctypes.string_at(history.bodies, size).count(b"picture") == 200 * HISTORY_PACKETS
    history.clear()
    assert ctypes.string_at(history.bodies, size) == bytes(size)
    packet = RtpPacket(96, False, 5, 0, 7, {}, b"\x10\x01again")
    history.put(packet, None)
    kept = history.get(5)
    assert kept is not None
    assert kept[0].payload == packet.payload
