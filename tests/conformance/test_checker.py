"""The checker against bytes written by hand from STANDARD.md; nothing here is made by an encoder."""

from __future__ import annotations

import base64
import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from . import wire
from .checker import SessionChecker, check, main, read_capture
from .snapshots import Outcome
from .wire import Malformed, decode
from .world import Avatar, Grid, Kinematics, PublicMap, Raster, checksum, step

RESUME = "c420" + "ab" * 32
USER = "d924" + b"00000000-0000-4000-8000-000000000001".hex()
LOOK = "c406010203040506"
ANN = f"95 07 {USER} a3416e6e {LOOK} 01"  # avatar 7, "Ann", guest
BOB = f"95 09 {USER} a3426f62 {LOOK} 02"  # avatar 9, "Bob", bot


def wire_bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace(" ", ""))


def welcome(
    continuity: int = 0, events: str = "00", resume: str = RESUME, features: str = "03", world: str = "05"
) -> bytes:
    return wire_bytes(
        f"9f 10 00 {features} {continuity:02x} 07"  # 15 elements, WELCOME, version 0, avatar 7
        f"cd03e8 14 {events} {resume} a26d31"  # tick 1000, rate 20, map_hash "m1"
        "94 cd0400 cd0800 cd0600 cd0400"  # walk 1024, run 2048, half 1536 x 1024
        "92 cc80 01  92 60 70  94 0a 28 1e cc c8".replace(" ", "")  # cell 128, radius 1; 96, 112; 10, 40, 30, 200
        + f"92 {world} c4020300"  # world 5, door 3 is open
    )


def snapshot(tick: str = "cd03e8", rest: str = "00 00 c0 05 00 c400 c400 c409 0700 05 000a00 000a00 c0") -> bytes:
    return wire_bytes(f"9b 11 {tick} {rest}")


ROSTER = wire_bytes(f"92 12 92 {ANN} {BOB}")
PROXIMITY = wire_bytes("95 15 cd03e8 01 c4020900 c400")

BY_HAND = {
    "SNAPSHOT": (
        snapshot("ce000f4240", "02 07 d0fd 05 cc ff c4020c01 c404090015 01 c40907 00 25 010203 0a0b0c ceffffffff"),
        {"tick": 1_000_000, "age": 2, "input": 7, "slack": -3, "world": 5, "home": 255, "gone": [0x010C],
         "courses": [(9, 0x15, 1)], "rows": [(7, 0x25, 0x030201, 0x0C0B0A)], "check": 0xFFFFFFFF},
    ),
    "JOINED": (
        wire_bytes(f"92 13 {ANN}"),
        {"entry": (7, "00000000-0000-4000-8000-000000000001", "Ann", bytes([1, 2, 3, 4, 5, 6]), 1)},
    ),
    "LEFT": (wire_bytes("93 14 09 a46c6f7374"), {"avatar": 9, "reason": "lost"}),
    "PROXIMITY": (PROXIMITY, {"tick": 1000, "epoch": 1, "near": [9], "far": []}),
    "DOOR": (wire_bytes("95 16 cd03e9 03 c2 07"), {"tick": 1001, "door": 3, "open": False, "by": 7}),
    "PONG": (wire_bytes("94 17 ceffffffff cd03e9 cc80"), {"token": 0xFFFFFFFF, "tick": 1001, "phase": 128}),
    "ERROR": (
        wire_bytes("94 18 05 a86f63637570696564 a3746f6f"),
        {"ref": 5, "code": "occupied", "message": "too"},
    ),
    "GOODBYE": (wire_bytes("94 19 cd0fac a0 cd03e8"), {"code": 4012, "reason": "", "retry_ms": 1000}),
}  # fmt: skip


@pytest.mark.parametrize("name", BY_HAND)
def test_each_kind_is_decoded_to_its_fields(name: str) -> None:
    data, values = BY_HAND[name]
    message = decode(data)
    assert (message.name, message.values) == (name, values)


def test_a_welcome_is_decoded() -> None:
    message = decode(welcome())
    assert message["kinematics"] == (1024, 2048, 1536, 1024)
    assert message["limits"] == (10, 40, 30, 200)
    assert message["doors"] == (5, [3])


def test_a_roster_holds_entries() -> None:
    assert [entry[2] for entry in decode(ROSTER)["entries"]] == ["Ann", "Bob"]


@pytest.mark.parametrize("name", [*BY_HAND, "ROSTER", "WELCOME"])
def test_every_byte_counts(name: str) -> None:
    data = {"ROSTER": ROSTER, "WELCOME": welcome()}.get(name) or BY_HAND[name][0]
    for cut in range(len(data)):
        with pytest.raises(Malformed):
            decode(data[:cut])
    with pytest.raises(Malformed, match="1 bytes after the array"):
        decode(data + b"\x00")


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("c1", "1"), ("00", "1"), ("90", "1"), ("80", "1"), ("91 c0", "1"), ("91 c3", "1"),
        ("91 7f", "2"), ("91 01", "2"), ("91 0f", "2"),
        ("92 17 00", "5.8"),  # too short
        ("95 17 00 00 00 00", "5.8"),  # too long
        ("94 17 00 00 cd0100", "5.8"),  # phase 256
        ("94 17 ff 00 00", "5.8"),  # token -1
        ("94 17 c3 00 00", "5.8"),  # a bool is no uint
        ("94 17 cb3ff0000000000000 00 00", "5.8"),  # a float is no uint
        ("94 17 d60100000001 00 00", "5.8"),  # an extension
        ("94 17 81 a161 01 00 00", "5.8"),  # a map
        ("93 14 00 a46c656674", "5.2"),  # avatar 0
        ("93 14 ce00010000 a46c656674", "5.2"),  # avatar 65536
        ("93 14 01 a3627965", "5.2"),  # reason "bye"
        ("93 14 01 c4046c656674", "5.2"),  # a bin is no str
        ("93 14 01 a1ff", "1"),  # not UTF-8
        (f"92 13 95 07 {USER} a0 {LOOK} 01", "5.2"),  # empty name
        (f"92 13 95 07 {USER} d941 {'41' * 65} {LOOK} 01", "5.2"),  # 65 bytes of name
        (f"92 13 95 07 {USER} a141 c405 0102030405 01", "5.2"),  # a look of 5 bytes
        (f"92 13 95 07 a3616263 a141 {LOOK} 01", "5.2"),  # not a UUID
        ("95 15 01 01 c40109 c400", "5.3"),  # half an id
        ("95 15 01 01 c4020000 c400", "5.3"),  # avatar 0
        ("95 16 01 03 01 00", "5.4"),  # open is 1, not true
        ("95 16 01 ce00010000 c3 00", "5.4"),  # door 65536
        ("9b 11 64 cc40 c0 c0 05 00 c400 c400 c400 c0", "5.5"),  # age 64
        ("9b 11 05 06 c0 c0 05 00 c400 c400 c400 c0", "5.5"),  # the baseline is before tick 0
        ("9b 11 64 01 c0 00 05 00 c400 c400 c400 c0", "5.5"),  # slack without input
        ("9b 11 64 01 01 cc80 05 00 c400 c400 c400 c0", "5.5"),  # slack 128
        ("9b 11 64 02 c0 c0 05 00 c400 c403 010000 c400 c0", "5.5"),  # 3 bytes of course
        ("9b 11 64 02 c0 c0 05 00 c400 c404 01008000 c400 c0", "4.1"),  # bit 7
        ("9b 11 64 02 c0 c0 05 00 c400 c404 01000002 c400 c0", "5.5"),  # never set: older than the baseline
        ("9b 11 64 02 c0 c0 05 00 c400 c400 c408 0100000000000000 c0", "5.5"),  # 8 bytes of row
        ("94 18 ce00010000 a161 a0", "5.9"),  # ref 65536
        ("94 19 cd0f9f a0 c0", "5.10"),  # code 3999
        ("94 19 cd0fa0 c0 c0", "5.10"),  # no reason
    ],
)  # fmt: skip
def test_a_message_against_the_standard_is_malformed(text: str, section: str) -> None:
    with pytest.raises(Malformed) as caught:
        decode(wire_bytes(text))
    assert caught.value.section == section


def test_a_message_above_the_limit_is_malformed() -> None:
    with pytest.raises(Malformed, match="section 1:"):
        decode(b"\x94\x19\xcd\x0f\xac\xdb\x00\x10\x00\x00" + b"a" * (1 << 20) + b"\xc0")


@given(st.sampled_from([*(data for data, _ in BY_HAND.values()), ROSTER, welcome()]), st.data())
def test_damaged_bytes_are_decoded_or_malformed_and_nothing_else(data: bytes, draw: st.DataObject) -> None:
    damaged = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 4))):
        damaged[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    with contextlib.suppress(Malformed):
        assert decode(bytes(damaged)).name


def test_client_messages_are_encoded() -> None:
    assert wire.hello(ticket="t" * 20, agent="x") == wire_bytes(f"97 01 00 03 b4 {'74' * 20} c0 00 a178")
    assert wire.hello(resume=bytes(32), events_seen=9, agent="") == wire_bytes(f"97 01 00 03 c0 c420 {'00' * 32} 09 a0")
    assert wire.move(ack=1000, seq=2, tick=1003, courses=[(0x14, 0), (0x00, 1)]) == wire_bytes(
        "95 02 cd03e8 02 cd03eb c404 14000001"
    )
    assert wire.move(ack=0, seq=0) == wire_bytes("95 02 00 00 00 c400")
    assert wire.act(ref=1, verb=2, target=300) == wire_bytes("94 03 01 02 cd012c")
    assert wire.ping(token=200, ack=1) == wire_bytes("93 04 ccc8 01")
    assert wire.leave() == wire_bytes("91 05")


@pytest.mark.parametrize(
    "courses", [[(0x30, 0)], [(0x50, 0)], [(0x10, 1)], [(0x10, 0), (0x10, 2), (0x10, 1)], [(0x10, 0)] * 4]
)
def test_a_caller_cannot_send_an_illegal_course(courses: list[tuple[int, int]]) -> None:
    with pytest.raises(AssertionError):
        wire.move(ack=0, seq=3, tick=50, courses=courses)


KINEMATICS = Kinematics(1024, 2048, 1536, 1024)


def a_map() -> PublicMap:
    """8 x 8 tiles (256 px); a wall in raster column 10 from row 0 to 15; door 3 in it at rows 16 and 17."""
    bits = bytearray(32 * 32 // 8)
    for row in range(16):
        bits[(row * 32 + 10) // 8] |= 1 << ((row * 32 + 10) % 8)
    doors = [{"id": 3, "x": 80, "y": 128, "w": 8, "h": 16, "open": False}]
    return PublicMap.from_json({"width": 8, "height": 8, "solid": base64.b64encode(bits).decode(), "doors": doors})


def stepped(course: int, x: int, y: int, *, door_open: bool = True) -> tuple[int, int]:
    after = step(Avatar(course, x, y), KINEMATICS, Raster(a_map(), frozenset({3}) if door_open else frozenset()))
    return after.x, after.y


def test_a_walk_east_moves_by_the_walking_speed() -> None:
    assert stepped(0x10, 5000, 5000) == (6024, 5000)


def test_south_is_where_y_grows_and_south_east_is_rounded() -> None:
    assert stepped(0x14, 5000, 5000) == (5000, 6024)
    assert stepped(0x12, 5000, 5000) == (5724, 5724)  # (1024 * 181 + 128) >> 8 = 724
    assert stepped(0x1A, 9000, 9000) == (8276, 8276)


def test_standing_and_sitting_avatars_do_not_move() -> None:
    assert stepped(0x00, 5000, 5000) == stepped(0x30, 5000, 5000) == (5000, 5000)


def test_a_wall_stops_flush_on_both_of_its_sides() -> None:
    assert stepped(0x10, 20480 - 1536 - 100, 5000) == (20480 - 1536, 5000)  # the wall begins at 10 * 2048
    assert stepped(0x18, 22528 + 1536 + 100, 5000) == (22528 + 1536, 5000)


def test_the_map_ends_in_solid() -> None:
    assert stepped(0x28, 1600, 5000) == (1536, 5000)
    assert stepped(0x2C, 5000, 1100) == (5000, 1024)


def test_a_shut_door_is_a_wall() -> None:
    y = 16 * 2048 + 2048  # in the middle of the door's two rows
    assert stepped(0x10, 18944, y, door_open=True) == (19968, y)
    assert stepped(0x10, 18944, y, door_open=False) == (18944, y)


def test_cells_are_counted_in_rows_and_interest_is_a_square_of_them() -> None:
    grid = Grid.of(1000, 128, 1)
    assert grid.cols == 8
    assert grid.cell(128 * 256, 127 * 256) == 1
    assert grid.cell(0, 128 * 256) == 8
    assert [cell for cell in range(24) if grid.in_interest(cell, 8)] == [0, 1, 8, 9, 16, 17]


def sum_of(avatar: int, course: int, x: int, y: int) -> int:
    h = (avatar * 0x9E3779B1 + x * 0x85EBCA6B + y * 0xC2B2AE35 + course * 0x27D4EB2F) % 2**32
    return (h ^ h >> 15) * 0x2C1B3C6D % 2**32


def test_the_sum_of_several_avatars_is_the_sum_of_their_sums() -> None:
    assert checksum({1: Avatar(0, 0, 0)}) == sum_of(1, 0, 0, 0)
    two = {7: Avatar(5, 2560, 2560), 9: Avatar(16, 5000, 5000)}
    assert checksum(two) == (sum_of(7, 5, 2560, 2560) + sum_of(9, 16, 5000, 5000)) % 2**32
    assert checksum({}) == 0


OPENING = [welcome(), ROSTER, PROXIMITY, snapshot()]


def sections(checker: SessionChecker) -> list[str]:
    return [finding.section for finding in checker.violations]


def test_an_opening_in_order_is_legal() -> None:
    checker = check(a_map(), [OPENING])
    assert not checker.violations
    assert not checker.remarks
    assert checker.events == 2  # ROSTER and PROXIMITY; not WELCOME, not SNAPSHOT


def test_a_delta_walks_everyone_and_its_checksum_is_verified() -> None:
    """Avatar 7 stands at (2560, 2560) at tick 1000; from tick 1002 on it walks east; the delta describes 1003."""
    x = 2560 + 2 * 1024
    good = snapshot("cd03eb", f"03 01 00 05 00 c400 c404 07001001 c400 ce{sum_of(7, 0x10, x, 2560):08x}")
    bad = snapshot("cd03eb", f"03 01 00 05 00 c400 c404 07001001 c400 ce{sum_of(7, 0x10, x + 1, 2560):08x}")
    checker = check(a_map(), [[*OPENING, good]])
    assert not checker.violations
    assert checker.sums_checked == 1
    assert checker.snapshots is not None
    assert checker.snapshots.newest is not None
    assert checker.snapshots.newest.avatars == {7: Avatar(0x10, x, 2560)}
    assert sections(check(a_map(), [[*OPENING, bad]])) == ["5.6"]


def test_a_newest_state_is_advanced_to_a_baseline_that_was_never_sent() -> None:
    """Walking since 1001; the delta of 1004 is against 1002, of which there was no snapshot."""
    first = snapshot("cd03e9", "01 c0 c0 05 00 c400 c404 07001000 c400 c0")
    later = snapshot("cd03ec", f"02 c0 c0 05 00 c400 c400 c400 ce{sum_of(7, 0x10, 2560 + 4 * 1024, 2560):08x}")
    assert not check(a_map(), [[*OPENING, first, later]]).violations


def test_a_baseline_that_nobody_has_is_a_violation() -> None:
    first = snapshot("cd03ec", "04 c0 c0 05 00 c400 c400 c400 c0")
    later = snapshot("cd03ed", "02 c0 c0 05 00 c400 c400 c400 c0")  # 1003: older than the newest, never held
    assert sections(check(a_map(), [[*OPENING, first, later]])) == ["5.5"]
    assert sections(check(a_map(), [[*OPENING[:3], later]])) == ["5.5"]


def test_who_walks_out_of_the_interest_set_is_forgotten() -> None:
    """Cells of 128 px on 256 px of map: with radius 1 nothing is ever outside, so home is a far cell."""
    delta = snapshot("cd03e9", "01 c0 c0 05 06 c400 c400 c400 00")
    checker = check(a_map(), [[*OPENING, delta]])
    assert not checker.violations
    assert [str(remark) for remark in checker.remarks] == [
        "message 4: section 5.5: the own avatar is not in the snapshot"
    ]


def test_a_snapshot_with_an_unknown_world_revision_is_discarded() -> None:
    checker = check(a_map(), [[*OPENING, snapshot("cd03e9", "01 c0 c0 06 00 c400 c400 c400 c0")]])
    assert checker.outcomes[Outcome.WORLD_AHEAD] == 1


def test_a_door_raises_the_revision_and_shuts_at_its_tick() -> None:
    door = wire_bytes("95 16 cd03e9 03 c2 07")  # tick 1001, door 3 shuts
    current = snapshot("cd03e9", "01 c0 c0 06 00 c400 c400 c400 c0")
    stale = snapshot("cd03e9", "01 c0 c0 05 00 c400 c400 c400 c0")
    checker = check(a_map(), [[*OPENING, door, current]])
    assert not checker.violations
    assert checker.doors.open_at(1000) == {3}
    assert checker.doors.open_at(1001) == frozenset()
    assert sections(check(a_map(), [[*OPENING, door, stale]])) == ["5.5"]


@pytest.mark.parametrize(
    ("messages", "section"),
    [
        ([ROSTER], "6.1"),  # before WELCOME
        ([*OPENING, welcome()], "6.1"),  # WELCOME twice
        ([welcome(), snapshot(), ROSTER, PROXIMITY], "6.1"),
        ([*OPENING, BY_HAND["GOODBYE"][0], ROSTER], "6.1"),  # after GOODBYE
        ([welcome(features="01"), ROSTER, PROXIMITY], "1.1"),  # a feature not agreed
        ([welcome(features="07")], "1.1"),  # a feature not offered
        ([welcome(continuity=2)], "5.1"),  # nothing to continue
        ([*OPENING, wire_bytes("93 14 08 a46c6f7374")], "5.2"),  # LEFT of nobody
        ([*OPENING, wire_bytes("95 15 cd03e9 03 c400 c400")], "5.3"),  # epoch 3 after 1
        ([*OPENING, wire_bytes("95 15 cd03e9 02 c400 c4020800")], "5.3"),  # far, never near
        ([*OPENING, wire_bytes("95 16 cd03e9 04 c2 07")], "5.4"),  # no such door
        ([*OPENING, wire_bytes("94 18 00 a178 a0")], "5.9"),  # no such code
        ([*OPENING, wire_bytes("94 19 cd0fa4 a0 c0")], "5.10"),  # 4004 after WELCOME
        ([wire_bytes("94 19 cd0faa a0 c0")], "5.10"),  # 4010 before WELCOME
    ],
)
def test_a_step_against_the_state_tables_is_a_violation(messages: list[bytes], section: str) -> None:
    assert section in sections(check(a_map(), [messages]))


def test_a_goodbye_before_welcome_is_legal() -> None:
    checker = check(a_map(), [[wire_bytes("94 19 cd0fa4 a0 c0")]])
    assert not checker.violations


def test_a_malformed_message_closes_the_connection() -> None:
    checker = check(a_map(), [[*OPENING, b"\xc1", ROSTER]])
    assert sections(checker) == ["1", "6.1"]


SECOND = "c420" + "cd" * 32
DELTA = snapshot("cd03e9", "01 c0 c0 05 00 c400 c400 c400 c0")


def test_a_resume_continues_the_count_and_the_states() -> None:
    checker = check(a_map(), [OPENING, [welcome(1, "02", SECOND), BY_HAND["PONG"][0], DELTA]])
    assert not checker.violations
    assert checker.events == 3


def test_a_resume_with_another_count_or_an_old_token_is_a_violation() -> None:
    assert sections(check(a_map(), [OPENING, [welcome(1, "03", SECOND)]])) == ["6.2"]
    assert sections(check(a_map(), [OPENING, [welcome(1, "02", RESUME)]])) == ["6.2"]


def test_a_lossy_resume_brings_roster_and_proximity_whole() -> None:
    again = [welcome(2, "09", SECOND), ROSTER, wire_bytes("95 15 cd03e8 05 c4020900 c400"), DELTA]
    checker = check(a_map(), [OPENING, again])
    assert not checker.violations
    assert checker.events == 11


def test_missed_doors_lead_to_the_doors_of_the_welcome() -> None:
    """The revision in WELCOME already counts the DOORs that follow it, if they are not after its tick."""
    later = welcome(1, "02", SECOND, world="06").hex()
    back = wire_bytes(later.replace("cd03e814", "cd03f214").replace("c4020300", "c400"))  # tick 1010, all shut
    door = wire_bytes("95 16 cd03ea 03 c2 00")
    delta = snapshot("cd03f2", "0a c0 c0 06 00 c400 c400 c400 c0")
    assert not check(a_map(), [OPENING, [back, door, delta]]).violations
    assert "5.1" in sections(check(a_map(), [OPENING, [back, delta]]))


def test_a_capture_is_messages_behind_their_lengths() -> None:
    assert list(read_capture(b"\x01\x00\x00\x00a\x02\x00\x00\x00bc")) == [b"a", b"bc"]


def test_the_command_says_whether_captures_are_legal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    solid = base64.b64encode(bytes(32 * 32 // 8)).decode()
    doors = [{"id": 3, "x": 80, "y": 128, "w": 8, "h": 16, "open": False}]
    map_file, good, bad = tmp_path / "map.json", tmp_path / "good.capture", tmp_path / "bad.capture"
    map_file.write_text(json.dumps({"width": 8, "height": 8, "solid": solid, "doors": doors}))
    good.write_bytes(b"".join(len(m).to_bytes(4, "little") + m for m in OPENING))
    bad.write_bytes(b"".join(len(m).to_bytes(4, "little") + m for m in OPENING[1:]))
    assert main(str(map_file), str(good)) == 0
    assert "4 messages, 2 events" in capsys.readouterr().out
    assert main(str(map_file), str(bad)) == 1
    assert "VIOLATION message 0: section 6.1: ROSTER in GREETING" in capsys.readouterr().out
