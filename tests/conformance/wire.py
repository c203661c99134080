"""The client's side of the wire: server messages decoded to exhaustion, client messages encoded (STANDARD.md 1-5)."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgpack  # type: ignore[import-untyped]

MAX_TO_SERVER = 4_096
MAX_SIGNAL = 16_384
LARGE = (b"\x94\x08", b"\x96\x07", b"\x95\x4c")
"""How messages begin that may have so many bytes (section 1)."""
MAX_TO_CLIENT = 1 << 20
MAX_COURSES = 32
FEATURE_CHECK = 1
FEATURE_PROXIMITY = 2
FEATURE_MEDIA = 4
FEATURE_PEOPLE = 8
FEATURE_CHAT = 16
FEATURE_PLACES = 32
FEATURE_OBJECTS = 64
FEATURE_SFU = 128
FEATURE_DATAGRAMS = 512
FEATURE_REST = 1024


class Malformed(Exception):  # noqa: N818 - the standard's word
    """A message against the standard; the text begins with the section that it breaks."""

    def __init__(self, section: str, what: str) -> None:
        super().__init__(f"section {section}: {what}")
        self.section = section


@dataclass(frozen=True)
class Message:
    """One decoded server message: its name in section 2 and its fields by the standard's names."""

    name: str
    values: dict[str, Any]

    def __getitem__(self, field: str) -> Any:
        return self.values[field]


Check = Callable[[str, str, Any], Any]
"""(section, path of the field, raw value) to the parsed value; raises Malformed."""


def _kind_of(value: Any) -> str:
    names = {int: "integer", str: "str", bytes: "bin", bool: "bool", list: "array", type(None): "nil"}
    return names.get(type(value), type(value).__name__)


def uint(low: int = 0, high: int = 0xFFFFFFFF) -> Check:
    def check(section: str, path: str, value: Any) -> int:
        if type(value) is not int:  # bool is an int to Python, not on the wire
            raise Malformed(section, f"{path} is a {_kind_of(value)}, not an integer")
        if not low <= value <= high:
            raise Malformed(section, f"{path} is {value}, outside {low}..{high}")
        return value

    return check


def text(low: int = 0, high: int = MAX_TO_CLIENT, pattern: str | None = None) -> Check:
    def check(section: str, path: str, value: Any) -> str:
        if type(value) is not str:
            raise Malformed(section, f"{path} is a {_kind_of(value)}, not a str")
        size = len(value.encode())
        if not low <= size <= high:
            raise Malformed(section, f"{path} has {size} bytes, outside {low}..{high}")
        if pattern is not None and not re.fullmatch(pattern, value):
            raise Malformed(section, f"{path} is {value!r}, which does not match {pattern}")
        return value

    return check


def one_of(*allowed: str) -> Check:
    def check(section: str, path: str, value: Any) -> str:
        if type(value) is not str or value not in allowed:
            raise Malformed(section, f"{path} is {value!r}, not one of {', '.join(allowed)}")
        return value

    return check


def boolean(section: str, path: str, value: Any) -> bool:
    if type(value) is not bool:
        raise Malformed(section, f"{path} is a {_kind_of(value)}, not a bool")
    return value


def blob(size: int) -> Check:
    def check(section: str, path: str, value: Any) -> bytes:
        if type(value) is not bytes or len(value) != size:
            raise Malformed(section, f"{path} is not a bin of {size} bytes")
        return value

    return check


def records(size: int, parse: Callable[[str, str, bytes], Any]) -> Check:
    """A bin that is a whole number of records of `size` bytes."""

    def check(section: str, path: str, value: Any) -> list[Any]:
        if type(value) is not bytes:
            raise Malformed(section, f"{path} is a {_kind_of(value)}, not a bin")
        if len(value) % size:
            raise Malformed(section, f"{path} has {len(value)} bytes, not a multiple of {size}")
        return [parse(section, f"{path}[{i // size}]", value[i : i + size]) for i in range(0, len(value), size)]

    return check


def nilable(inner: Check) -> Check:
    return lambda section, path, value: None if value is None else inner(section, path, value)


def array(*items: Check) -> Check:
    def check(section: str, path: str, value: Any) -> tuple[Any, ...]:
        if type(value) is not list or len(value) != len(items):
            raise Malformed(section, f"{path} is not an array of {len(items)}")
        return tuple(item(section, f"{path}[{i}]", v) for i, (item, v) in enumerate(zip(items, value, strict=True)))

    return check


def many(item: Check) -> Check:
    def check(section: str, path: str, value: Any) -> list[Any]:
        if type(value) is not list:
            raise Malformed(section, f"{path} is a {_kind_of(value)}, not an array")
        return [item(section, f"{path}[{i}]", v) for i, v in enumerate(value)]

    return check


def letters(high: int) -> Check:
    """A str of 1 to `high` Unicode code points."""

    def check(section: str, path: str, value: Any) -> str:
        if not 1 <= len(text()(section, path, value)) <= high:
            raise Malformed(section, f"{path} has {len(value)} letters, outside 1..{high}")
        return str(value)

    return check


def _said_rules(m: dict[str, Any]) -> None:
    if (m["to"] is None) == (m["channel"] == 2):
        raise Malformed("9.3", "a receiver goes with channel 2, and only with it")


def _avatar(section: str, path: str, raw: bytes) -> int:
    avatar = raw[0] | raw[1] << 8
    if avatar == 0:
        raise Malformed(section, f"{path} is avatar 0; ids are 1..65535")
    return avatar


def _u16(section: str, path: str, raw: bytes) -> int:
    return raw[0] | raw[1] << 8


def _course(path: str, course: int) -> int:
    if course & 0x80:
        raise Malformed("4.1", f"{path} has course {course:#04x}, whose bit 7 is not zero")
    return course


def _course_change(section: str, path: str, raw: bytes) -> tuple[int, int, int]:
    return _avatar(section, path, raw), _course(path, raw[2]), raw[3]


def _row(section: str, path: str, raw: bytes) -> tuple[int, int, int, int]:
    x = raw[3] | raw[4] << 8 | raw[5] << 16
    y = raw[6] | raw[7] << 8 | raw[8] << 16
    return _avatar(section, path, raw), _course(path, raw[2]), x, y


def _snapshot_rules(m: dict[str, Any]) -> None:
    if m["input"] is None and m["slack"] is not None:
        raise Malformed("5.5", "slack without input")
    if m["age"] > m["tick"]:
        raise Malformed("5.5", f"the baseline is {m['age']} ticks before tick {m['tick']}")
    for avatar, _, ago in m["courses"]:
        if ago >= m["age"]:  # step 4 runs over baseline + 1 .. tick, so this course would never be set
            raise Malformed("5.5", f"course of avatar {avatar} is {ago} ticks old, the baseline {m['age']}")


def _link(section: str, path: str, raw: bytes) -> tuple[int, int, int]:
    return _avatar(section, path, raw), int.from_bytes(raw[2:6], "little"), raw[6]


def _area(section: str, path: str, raw: bytes) -> tuple[int, int, int, int]:
    return raw[0] | raw[1] << 8, raw[2], raw[3], raw[4] | raw[5] << 8


def _inside(section: str, path: str, raw: bytes) -> tuple[int, int, bool]:
    if raw[4] > 1:
        raise Malformed(section, f"{path} is neither inside nor not")
    return raw[0] | raw[1] << 8, _avatar(section, path, raw[2:]), raw[4] == 1


def _stance(section: str, path: str, raw: bytes) -> tuple[int, int, int, int]:
    return _avatar(section, path, raw), raw[2] | raw[3] << 8, raw[4] | raw[5] << 8, raw[6]


def _route(section: str, path: str, raw: bytes) -> tuple[int, int]:
    return int.from_bytes(raw[:4], "little"), raw[4]


def _slot(section: str, path: str, raw: bytes) -> tuple[int, int, int, int, int]:
    return raw[0], raw[1], raw[2] | raw[3] << 8, raw[4], raw[5]


def _hashes(section: str, path: str, value: Any) -> list[bytes]:
    hashes: list[bytes] = records(32, lambda _section, _path, raw: raw)(section, path, value)
    if len(hashes) > 4:
        raise Malformed(section, f"{path} has {len(hashes)} hashes, at most 4 are allowed")
    return hashes


UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
AVATAR = uint(1, 0xFFFF)
AVATARS = records(2, _avatar)
ENTRY = array(AVATAR, text(36, 36, UUID), text(1, 64), blob(6), uint())
OBJECT = array(
    text(36, 36, UUID), text(1, 32, r"[a-z_]{1,32}"), uint(0, 0xFFFF), uint(0, 0xFFFF), uint(1, 0xFFFF),
    uint(1, 0xFFFF), text(0, 4096), nilable(text(36, 36, UUID)),
)  # fmt: skip

_Rules = Callable[[dict[str, Any]], None]
KINDS: dict[int, tuple[str, str, tuple[tuple[str, Check], ...], _Rules | None]] = {
    16: ("WELCOME", "5.1", (
        ("version", uint(0, 255)), ("features", uint()), ("continuity", uint(0, 2)), ("avatar", AVATAR),
        ("tick", uint()), ("rate", uint(1)), ("events", uint()), ("resume", blob(32)), ("map_hash", text()),
        ("kinematics", array(uint(), uint(), uint(), uint())), ("interest", array(uint(1), uint())),
        ("proximity", array(uint(), uint())), ("limits", array(uint(), uint(), uint(), uint())),
        ("doors", array(uint(), records(2, _u16)))), None),
    17: ("SNAPSHOT", "5.5", (
        ("tick", uint()), ("age", uint(0, 63)), ("input", nilable(uint())), ("slack", nilable(uint(-128, 127))),
        ("world", uint()), ("home", uint()), ("gone", AVATARS), ("courses", records(4, _course_change)),
        ("rows", records(9, _row)), ("check", nilable(uint()))), _snapshot_rules),
    18: ("ROSTER", "5.2", (("entries", many(ENTRY)),), None),
    19: ("JOINED", "5.2", (("entry", ENTRY),), None),
    20: ("LEFT", "5.2", (("avatar", AVATAR), ("reason", one_of("left", "lost", "replaced", "removed"))), None),
    21: ("PROXIMITY", "5.3", (("tick", uint()), ("epoch", uint()), ("near", AVATARS), ("far", AVATARS)), None),
    22: ("DOOR", "5.4", (
        ("tick", uint()), ("door", uint(0, 0xFFFF)), ("open", boolean), ("by", uint(0, 0xFFFF))), None),
    23: ("PONG", "5.8", (("token", uint()), ("tick", uint()), ("phase", uint(0, 255))), None),
    24: ("ERROR", "5.9", (("ref", uint(0, 0xFFFF)), ("code", text(1)), ("message", text())), None),
    26: ("MEDIA_STATE", "5.11", (("avatar", AVATAR), ("state", uint(0, 7))), None),
    28: ("SIGNALED", "5.13", (("sender", AVATAR), ("link", uint()), ("payload", text(1))), None),
    30: ("PRESENCE", "5.14", (("entries", many(array(AVATAR, uint(0, 3), text(0, 320)))),), None),
    31: ("PORTAL", "5.15", (
        ("ref", uint(1, 0xFFFF)), ("portal", uint(0, 0xFFFF)), ("room_id", text(36, 36, UUID))), None),
    40: ("CHANGED", "5.16", (("what", uint(1)), ("proximity", array(uint(), uint()))), None),
    41: ("CARRIERS", "13.2", (
        ("secret", blob(24)), ("eager", boolean),
        ("quic", nilable(array(text(0, 253), uint(1, 0xFFFF), text(1, 64), _hashes))),
        ("channel", nilable(array(text(4, 32), text(22, 64), blob(32), many(text(0, 45)), uint(1, 0xFFFF))))), None),
    96: ("BACKEND", "7.3", (
        ("backend", uint(0, 3)), ("url", nilable(text(0, 512))), ("token", nilable(text(0, 4096)))), None),
    97: ("PLAN", "7.3", (("epoch", uint()), ("session", uint()), ("routes", records(5, _route))), None),
    98: ("DESCRIBED", "7.3", (
        ("session", uint()), ("leg", uint(0, 1)), ("form", uint(0, 2)), ("sdp", text(0, 65536))), None),
    99: ("SLOTS", "7.3", (("session", uint()), ("epoch", uint()), ("slots", records(6, _slot))), None),
    100: ("QUALITY", "7.3", (
        ("session", uint()), ("level", uint(0, 3)), ("reason", uint(0, 3)), ("sound", uint(0, 255)),
        ("pictures", uint(0, 255))), None),
    27: ("SAID", "9.3", (
        ("id", text(36, 36, UUID)), ("channel", uint(0, 3)), ("user_id", text(36, 36, UUID)), ("name", text(1, 64)),
        ("to", nilable(text(36, 36, UUID))), ("text", letters(2000)), ("at", uint(0, (1 << 53) - 1))), _said_rules),
    80: ("SENT", "9.3", (
        ("id", text(36, 36, UUID)), ("at", uint(0, (1 << 53) - 1)), ("heard", uint()), ("kept", boolean)), None),
    81: ("REMOVED", "9.3", (("id", text(36, 36, UUID)),), None),
    82: ("TYPING", "9.4", (("channel", uint(0, 2)), ("user_id", text(36, 36, UUID))), None),
    84: ("AREAS", "12.4", (("whole", boolean), ("areas", records(6, _area))), None),
    85: ("INSIDE", "12.4", (("whole", boolean), ("rows", records(5, _inside))), None),
    86: ("STANCES", "12.5", (("whole", boolean), ("rows", records(7, _stance))), None),
    87: ("ASKED", "12.3", (("question", uint(0, 3)), ("asker", AVATAR), ("zone", uint(0, 0xFFFF))), None),
    88: ("ANSWERED", "12.3", (
        ("question", uint(0, 3)), ("asker", AVATAR), ("zone", uint(0, 0xFFFF)), ("by", uint(0, 0xFFFF)),
        ("reply", uint(0, 2))), None),
    89: ("BARRED", "12.4", (("zone", uint(0, 0xFFFF)), ("reason", uint(0, 2))), None),
    90: ("OBJECTS", "10.3", (("entries", many(OBJECT)),), None),
    91: ("OBJECT", "10.3", (("entry", OBJECT),), None),
    92: ("OBJECT_GONE", "10.3", (("object_id", text(36, 36, UUID)),), None),
    93: ("OBJECT_STATE", "10.4", (("object_id", text(36, 36, UUID)), ("state", text(0, 4096))), None),
    94: ("OBJECT_EVENT", "10.4", (("object_id", text(36, 36, UUID)), ("event", text(0, 4096))), None),
    83: ("GESTURE", "9.5", (("gesture", uint(0, 2)), ("avatar", AVATAR), ("value", uint())), None),
    29: ("LINKS", "5.12", (("tick", uint()), ("epoch", uint()), ("links", records(7, _link))), None),
    25: ("GOODBYE", "5.10", (("code", uint(4000, 4999)), ("reason", text()), ("retry_ms", nilable(uint()))), None),
}  # fmt: skip


def unpack(data: bytes) -> list[Any]:
    """One MessagePack array of at least a kind, and nothing after it (section 1)."""
    unpacker = msgpack.Unpacker(raw=False, strict_map_key=True, max_buffer_size=max(len(data), 1))
    unpacker.feed(data)
    try:
        value = unpacker.unpack()
    except Exception as error:
        raise Malformed("1", f"not MessagePack: {type(error).__name__} {error}") from error
    if unpacker.tell() != len(data):
        raise Malformed("1", f"{len(data) - unpacker.tell()} bytes after the array")
    if type(value) is not list or not value or type(value[0]) is not int:
        raise Malformed("1", "not an array that begins with a kind")
    return value


def decode(data: bytes) -> Message:
    """The message in one WebSocket binary message from the server. Raises Malformed with the section broken."""
    if len(data) > MAX_TO_CLIENT:
        raise Malformed("1", f"{len(data)} bytes, above {MAX_TO_CLIENT}")
    kind, *fields = unpack(data)
    if kind not in KINDS:
        raise Malformed("2", f"unknown kind {kind}")
    name, section, definition, rules = KINDS[kind]
    if len(fields) != len(definition):
        raise Malformed(section, f"{name} has {len(fields) + 1} elements, not {len(definition) + 1}")
    values = {
        field: check(section, f"{name}.{field}", value)
        for (field, check), value in zip(definition, fields, strict=True)
    }
    if rules is not None:
        rules(values)
    return Message(name, values)


# Client to server. A caller's error is an AssertionError; it never becomes bytes.


def _fits(value: int, high: int = 0xFFFFFFFF, low: int = 0) -> bool:
    return type(value) is int and low <= value <= high


def _packed(*message: Any) -> bytes:
    data: bytes = msgpack.packb(list(message), use_bin_type=True)
    assert len(data) <= (MAX_SIGNAL if data[:2] in LARGE else MAX_TO_SERVER), "section 1"
    return data


def hello(
    *, ticket: str | None = None, resume: bytes | None = None, events_seen: int = 0,
    version: int = 0, features: int = FEATURE_CHECK | FEATURE_PROXIMITY, agent: str = "hallway-checker",
) -> bytes:  # fmt: skip
    assert (ticket is None) != (resume is None), "section 3.1: exactly one of ticket and resume"
    assert ticket is None or (20 <= len(ticket.encode()) <= 128 and events_seen == 0), "section 3.1"
    assert resume is None or len(resume) == 32, "section 3.1"
    assert all((_fits(version, 255), _fits(features), _fits(events_seen))), "section 3.1"
    assert len(agent.encode()) <= 64, "section 3.1"
    return _packed(1, version, features, ticket, resume, events_seen, agent)


def move(*, ack: int, seq: int, tick: int = 0, courses: Sequence[tuple[int, int]] = ()) -> bytes:
    """INPUT. courses: newest first, (course, before)."""
    assert all(map(_fits, (ack, seq, tick))), "section 3.2"
    assert len(courses) <= min(MAX_COURSES, seq), "section 3.2: at most 32 courses, and at most seq"
    before = [0, *(b for _, b in courses)]
    assert not courses or courses[0][1] == 0, "section 3.2: before of entry 0 is 0"
    assert before == sorted(before), "section 3.2: before never falls"
    assert before[-1] <= (255 if tick else 0), "section 3.2: a byte; with tick 0 every before is 0"
    assert all(course < 0x40 and course >> 4 < 3 for course, _ in courses), "section 3.2: gait 0, 1 or 2 only"
    return _packed(2, ack, seq, tick, b"".join(struct.pack("<BB", *entry) for entry in courses))


def act(*, ref: int, verb: int, target: int) -> bytes:
    assert all((_fits(ref, 0xFFFF, 1), 1 <= verb <= 12, _fits(target, 0xFFFF))), "section 3.3"
    return _packed(3, ref, verb, target)


def ping(*, token: int, ack: int) -> bytes:
    assert all((_fits(token), _fits(ack))), "section 3.4"
    return _packed(4, token, ack)


def leave() -> bytes:
    return _packed(5)


def rest(*, rests: bool) -> bytes:
    return _packed(11, rests)


def media(*, state: int) -> bytes:
    assert _fits(state, 7), "section 3.6"
    return _packed(6, state)


def signal(*, to: int, link: int, payload: str) -> bytes:
    assert all((_fits(to, 0xFFFF, 1), _fits(link), payload)), "section 3.7"
    return _packed(8, to, link, payload)


def delivery(*, session: int, state: int, paths: Sequence[tuple[int, int]]) -> bytes:
    assert all((_fits(session), _fits(state, 3), len(paths) <= 800)), "section 7.3"
    rows = b"".join(link.to_bytes(4, "little") + bytes([bits]) for link, bits in paths)
    return _packed(78, session, state, rows)


def view(*, most: int, wants: Sequence[tuple[int, int, int]]) -> bytes:
    assert all((_fits(most, 6), len(wants) <= 64)), "section 7.3"
    return _packed(79, most, b"".join(who.to_bytes(2, "little") + bytes([source, size]) for who, source, size in wants))


def describe(*, session: int, leg: int, form: int, sdp: str) -> bytes:
    assert all((_fits(session), _fits(leg, 1), _fits(form, 1), sdp)), "section 7.3"
    return _packed(76, session, leg, form, sdp)


def say(*, ref: int, id: str, channel: int, text: str) -> bytes:
    assert all((_fits(ref, 0xFFFF, 1), re.fullmatch(UUID, id), channel in (0, 1, 3))), "section 9.2"
    assert 1 <= len(text) <= 2000, "section 9.2"
    return _packed(7, ref, id, channel, None, text)


def answer(*, question: int, asker: int, zone: int, accepts: bool) -> bytes:
    assert all((_fits(question, 3), _fits(asker, 0xFFFF, 1), _fits(zone, 0xFFFF))), "section 12.3"
    return _packed(68, question, asker, zone, accepts)


def use(*, ref: int, object_id: str, action: str, value: str = "") -> bytes:
    assert all((_fits(ref, 0xFFFF, 1), re.fullmatch(UUID, object_id), re.fullmatch("[a-z_]{1,32}", action)))
    assert len(value.encode()) <= 3000, "section 10.2"
    return _packed(72, ref, object_id, action, value)


def react(*, ref: int, reaction: int) -> bytes:
    assert all((_fits(ref, 0xFFFF, 1), _fits(reaction, 255))), "section 9.5"
    return _packed(65, ref, reaction)


def hand(*, ref: int, up: bool, avatar: int = 0) -> bytes:
    assert all((_fits(ref, 0xFFFF, 1), _fits(avatar, 0xFFFF))), "section 9.5"
    return _packed(66, ref, up, avatar)
