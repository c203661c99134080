"""Single messages that must be refused."""

from collections.abc import Iterator

import msgspec

from protocol.constants import (
    CLIENT_MESSAGE_BYTES,
    SIGNAL_MESSAGE_BYTES,
    CloseCode,
)
from protocol.vectors.examples import MESSAGE, OTHER, TOKEN, USER


def malformed_examples() -> Iterator[object]:
    """Bytes that end the connection."""
    for side, cases in (("client", _bad_client()), ("server", _bad_server())):
        for name, data in cases:
            yield {"name": name, "from": side, "hex": data.hex(), "close": int(CloseCode.MALFORMED)}


def _pack(*elements: object) -> bytes:
    return msgspec.msgpack.encode(elements)


def _bad_shapes(good: bytes) -> Iterator[tuple[str, bytes]]:
    """What is wrong with any kind; `good` is a valid message of three elements whose last is a small uint."""
    yield "nothing at all", b""
    yield "a map", b"\x80"
    yield "nil", b"\xc0"
    yield "a number", b"\x05"
    yield "the byte that MessagePack never uses", b"\xc1"
    yield "an empty array", b"\x90"
    yield "a kind that is a str", _pack("2")
    yield "a kind that is a bool", _pack(True)
    yield "a kind that is a float", _pack(4.0, 1, 1)
    yield "a negative kind", _pack(-1)
    yield "kind 0", _pack(0)
    yield "kind 127", _pack(127)
    yield "kind 1000", _pack(1000)
    yield "a byte after the array", good + b"\x00"
    yield "a second message after the array", good + good
    yield "an array cut short", good[:-1]
    yield "an array with one element too many", bytes([good[0] + 1]) + good[1:] + b"\x00"
    yield "an array with one element too few", bytes([good[0] - 1]) + good[1:-1]
    yield "an array that claims four thousand million elements", b"\xdd\xff\xff\xff\xff" + good[1:]
    yield "arrays nested a thousand deep", good[:2] + b"\x91" * 1000 + b"\x01"
    yield "an extension type for a uint", good[:-1] + b"\xd4\x01\x00"
    yield "a timestamp for a uint", good[:-1] + b"\xd6\xff\x00\x00\x00\x00"
    yield "a map for a uint", good[:-1] + b"\x80"
    yield "nil for a uint", good[:-1] + b"\xc0"
    yield "a float for a uint", good[:-1] + b"\xcb\x3f\xf0\x00\x00\x00\x00\x00\x00"
    yield "a bool for a uint", good[:-1] + b"\xc3"
    yield "a str for a uint", good[:-1] + b"\xa11"
    yield "a negative uint", good[:-1] + b"\xff"


def _bad_client() -> Iterator[tuple[str, bytes]]:
    yield from _bad_shapes(_pack(4, 1, 1))
    yield "a kind of the server", _pack(23, 1, 1, 1)
    yield "the reserved kind 15", _pack(15)
    yield "more than 4096 bytes", _pack(1, 0, 0, "t" * 20, None, 0, "a" * CLIENT_MESSAGE_BYTES)
    ticket = "t" * 20
    yield "hello with version 256", _pack(1, 256, 0, ticket, None, 0, "")
    yield "hello with features of 33 bits", _pack(1, 0, 1 << 32, ticket, None, 0, "")
    yield "hello with neither ticket nor resume", _pack(1, 0, 0, None, None, 0, "")
    yield "hello with both ticket and resume", _pack(1, 0, 0, ticket, TOKEN, 0, "")
    yield "hello with a ticket of 19 bytes", _pack(1, 0, 0, "t" * 19, None, 0, "")
    yield "hello with a ticket of 129 bytes", _pack(1, 0, 0, "t" * 129, None, 0, "")
    yield "hello with a ticket of 130 bytes in 65 letters", _pack(1, 0, 0, "é" * 65, None, 0, "")
    yield "hello with a ticket in a bin", _pack(1, 0, 0, b"t" * 20, None, 0, "")
    yield "hello with a resume token of 31 bytes", _pack(1, 0, 0, None, TOKEN[:31], 0, "")
    yield "hello with a resume token of 33 bytes", _pack(1, 0, 0, None, TOKEN + b"x", 0, "")
    yield "hello with a resume token in a str", _pack(1, 0, 0, None, "r" * 32, 0, "")
    yield "hello with a ticket and events_seen", _pack(1, 0, 0, ticket, None, 1, "")
    yield "hello with an agent of 65 bytes", _pack(1, 0, 0, ticket, None, 0, "a" * 65)
    yield "hello with an agent of 66 bytes in 33 letters", _pack(1, 0, 0, ticket, None, 0, "é" * 33)
    yield "hello whose agent is not UTF-8", b"\x97\x01\x00\x00\xb4" + b"t" * 20 + b"\xc0\x00\xa2\xff\xfe"
    yield "hello whose agent is a surrogate", b"\x97\x01\x00\x00\xb4" + b"t" * 20 + b"\xc0\x00\xa3\xed\xa0\x80"
    yield "hello without its agent", _pack(1, 0, 0, ticket, None, 0)
    yield "input with an ack of 33 bits", _pack(2, 1 << 32, 1, 0, b"")
    yield "input with a seq of 64 bits", _pack(2, 0, 1 << 63, 0, b"")
    yield "input with half a course", _pack(2, 1, 1, 0, b"\x10")
    yield "input with 33 courses", _pack(2, 1, 99, 9, b"\x10\x00" * 33)
    yield "input with more courses than numbers", _pack(2, 1, 1, 9, b"\x10\x00\x10\x00")
    yield "input with a course but no number", _pack(2, 1, 0, 9, b"\x10\x00")
    yield "input whose newest course comes before itself", _pack(2, 1, 5, 9, b"\x10\x01")
    yield "input whose before falls", _pack(2, 1, 5, 9, b"\x10\x00\x10\x03\x10\x02")
    yield "input for the next tick with a before", _pack(2, 1, 5, 0, b"\x10\x00\x10\x01")
    yield "input with gait sit", _pack(2, 1, 5, 9, b"\x30\x00")
    yield "input with an older course of gait sit", _pack(2, 1, 5, 9, b"\x10\x00\x3f\x01")
    yield "input with course bit 6", _pack(2, 1, 5, 9, b"\x50\x00")
    yield "input with course bit 7", _pack(2, 1, 5, 9, b"\x90\x00")
    yield "input with courses in a str", _pack(2, 1, 5, 9, "\x10\x00")
    yield "input with courses in an array", _pack(2, 1, 5, 9, [16, 0])
    yield "act with ref 0", _pack(3, 0, 1, 1)
    yield "act with a ref of 17 bits", _pack(3, 1 << 16, 1, 1)
    yield "act with verb 0", _pack(3, 1, 0, 1)
    yield "act with verb 13", _pack(3, 1, 13, 1)
    yield "answer to question 4", _pack(68, 4, 1, 0, True)
    yield "answer to avatar 0", _pack(68, 0, 0, 0, True)
    yield "answer with a number for yes", _pack(68, 0, 1, 0, 1)
    yield "act with a target of 17 bits", _pack(3, 1, 1, 1 << 16)
    yield "ping with a token of 33 bits", _pack(4, 1 << 32, 0)
    yield "leave with a reason", _pack(5, "bye")
    yield "media with a fourth bit", _pack(6, 8)
    yield "media of somebody else", _pack(6, 2, 1)
    yield "signal to avatar 0", _pack(8, 0, 1, "x")
    yield "signal with a link of 33 bits", _pack(8, 1, 1 << 32, "x")
    yield "signal without a payload", _pack(8, 1, 1, "")
    yield "signal with a payload in a bin", _pack(8, 1, 1, b"x")
    yield "signal of more than 16384 bytes", _pack(8, 1, 1, "a" * SIGNAL_MESSAGE_BYTES)
    yield "describe leg 2", _pack(76, 1, 2, 1, "v=0")
    yield "describe with form 2", _pack(76, 1, 0, 2, "v=0")
    yield "describe without an sdp", _pack(76, 1, 0, 1, "")
    yield "describe with more than 16384 bytes", _pack(76, 1, 0, 1, "a" * SIGNAL_MESSAGE_BYTES)
    yield "describe above 4096 bytes in a wide array", b"\xdc\x00\x05" + _pack(76, 1, 0, 1, "a" * 4096)[1:]
    yield "candidate of 513 bytes", _pack(77, 1, 0, "a" * 513)
    yield "candidate of 514 bytes in 257 letters", _pack(77, 1, 0, "é" * 257)
    yield "candidate in a bin", _pack(77, 1, 0, b"a")
    yield "delivery with state 4", _pack(78, 1, 4, b"")
    yield "delivery with a row of 4 bytes", _pack(78, 1, 2, bytes(4))
    yield "delivery of 801 links", _pack(78, 1, 2, bytes(4005))
    yield "health with a row of 9 bytes", _pack(102, 0, 0, 0, bytes(9))
    yield "health of 65 links", _pack(102, 0, 0, 0, bytes(650))
    yield "health with 256 repairs", _pack(102, 256, 0, 0, b"")
    yield "lane 2", _pack(9, 2)
    yield "lane without a carrier", _pack(9)
    yield "rest that is a number", _pack(11, 1)
    yield "rest without a word", _pack(11)
    yield "a probe on the event lane", _pack(10, 1, bytes(24))
    yield "view of seven pictures", _pack(79, 7, b"")
    yield "view with a row of 3 bytes", _pack(79, 6, bytes(3))
    yield "view with 65 wishes", _pack(79, 6, bytes(260))
    yield "say with ref 0", _pack(7, 0, MESSAGE, 1, None, "x")
    yield "say with an id that is no UUID", _pack(7, 1, "1", 1, None, "x")
    yield "say in channel 4", _pack(7, 1, MESSAGE, 4, None, "x")
    yield "say to the room and to somebody", _pack(7, 1, MESSAGE, 1, OTHER, "x")
    yield "say to one person and to nobody", _pack(7, 1, MESSAGE, 2, None, "x")
    yield "say nothing", _pack(7, 1, MESSAGE, 1, None, "")
    yield "say blanks", _pack(7, 1, MESSAGE, 1, None, " \n\t\u00a0")
    yield "say 2001 letters", _pack(7, 1, MESSAGE, 1, None, "x" * 2001)
    yield "say a zero character", _pack(7, 1, MESSAGE, 1, None, "a\x00b")
    yield "say an escape character", _pack(7, 1, MESSAGE, 1, None, "a\x1b[2J")
    yield "say something in a bin", _pack(7, 1, MESSAGE, 1, None, b"x")
    yield "say above 4096 bytes in a wide array", b"\xdc\x00\x06" + _pack(7, 1, MESSAGE, 1, None, "é" * 2050)[1:]
    yield "type an announcement", _pack(64, 3, None)
    yield "type to the room and to somebody", _pack(64, 1, OTHER)
    yield "react with 256", _pack(65, 1, 256)
    yield "react with an emoji", _pack(65, 1, "\U0001f388")
    yield "hand that is 1 instead of true", _pack(66, 1, 1, 0)
    yield "wave at avatar 0", _pack(67, 1, 0)
    yield "use with ref 0", _pack(72, 0, MESSAGE, "take", "")
    yield "use by number", _pack(72, 1, 7, "take", "")
    yield "use without an action", _pack(72, 1, MESSAGE, "", "")
    yield "use with an action in capitals", _pack(72, 1, MESSAGE, "TAKE", "")
    yield "use with an action of 33 letters", _pack(72, 1, MESSAGE, "a" * 33, "")
    yield "use with a value of 3001 bytes", _pack(72, 1, MESSAGE, "show", "x" * 3001)
    yield "use with a value of 3002 bytes in 1501 letters", _pack(72, 1, MESSAGE, "show", "é" * 1501)
    yield "use with nil instead of a value", _pack(72, 1, MESSAGE, "take", None)
    yield "signal above 4096 bytes in a wide array", b"\xdc\x00\x04" + _pack(8, 1, 1, "a" * CLIENT_MESSAGE_BYTES)[1:]


def _bad_server() -> Iterator[tuple[str, bytes]]:
    yield from _bad_shapes(_pack(23, 1, 1, 1))
    yield "a kind of the client", _pack(4, 1, 1)
    yield "the reserved kind 127", _pack(127)
    yield "pong with phase 256", _pack(23, 1, 1, 256)
    yield "snapshot with age 64", _pack(17, 9, 64, None, None, 0, 0, b"", b"", b"", None)
    yield "snapshot with slack 128", _pack(17, 9, 1, 1, 128, 0, 0, b"", b"", b"", None)
    yield "snapshot with slack -129", _pack(17, 9, 1, 1, -129, 0, 0, b"", b"", b"", None)
    yield "snapshot with slack but no input", _pack(17, 9, 1, None, 1, 0, 0, b"", b"", b"", None)
    yield "snapshot with half an id", _pack(17, 9, 1, None, None, 0, 0, b"\x01", b"", b"", None)
    yield "snapshot with three quarters of a course", _pack(17, 9, 1, None, None, 0, 0, b"", b"\x01\x00\x10", b"", None)
    yield "snapshot with a row of 8 bytes", _pack(17, 9, 1, None, None, 0, 0, b"", b"", bytes(8), None)
    yield "snapshot without its checksum", _pack(17, 9, 1, None, None, 0, 0, b"", b"", b"")
    yield "roster of a number", _pack(18, [1])
    yield "roster with an entry cut short", _pack(18, [[1, USER, "Ada", bytes(6)]])
    yield "joined with avatar 0", _pack(19, [0, USER, "Ada", bytes(6), 0])
    yield "joined with a user id that is no UUID", _pack(19, [1, "ada", "Ada", bytes(6), 0])
    yield "joined without a name", _pack(19, [1, USER, "", bytes(6), 0])
    yield "joined with a name of 65 bytes", _pack(19, [1, USER, "a" * 65, bytes(6), 0])
    yield "joined with a name of 66 bytes in 33 letters", _pack(19, [1, USER, "é" * 33, bytes(6), 0])
    yield "joined with a look of 5 bytes", _pack(19, [1, USER, "Ada", bytes(5), 0])
    yield "joined with an entry too long", _pack(19, [1, USER, "Ada", bytes(6), 0, 0])
    yield "left for an unknown reason", _pack(20, 1, "bored")
    yield "left by avatar 0", _pack(20, 0, "left")
    yield "proximity with half an id", _pack(21, 1, 1, b"\x01", b"")
    yield "door that is 1 instead of true", _pack(22, 1, 1, 1, 0)
    yield "error with a ref of 17 bits", _pack(24, 1 << 16, "occupied", "")
    yield "error whose code is a number", _pack(24, 0, 1, "")
    yield "goodbye with a negative wait", _pack(25, 4012, "", -1)
    yield "goodbye without a reason", _pack(25, 4012, None, None)
    yield "media of avatar 0", _pack(26, 0, 1)
    yield "media with a fourth bit", _pack(26, 1, 8)
    yield "signal from avatar 0", _pack(28, 0, 1, "x")
    yield "signal without a payload", _pack(28, 1, 1, "")
    yield "areas with a row of 5 bytes", _pack(84, True, bytes(5))
    yield "areas that are 1 instead of whole", _pack(84, 1, b"")
    yield "inside with a row of 4 bytes", _pack(85, True, bytes(4))
    yield "stances with a row of 6 bytes", _pack(86, True, bytes(6))
    yield "asked by avatar 0", _pack(87, 1, 0, 0)
    yield "asked question 4", _pack(87, 4, 1, 0)
    yield "answered with reply 3", _pack(88, 0, 1, 0, 1, 3)
    yield "barred for reason 3", _pack(89, 1, 3)
    yield "links with a row of 6 bytes", _pack(29, 1, 1, bytes(6))
    yield "presence of avatar 0", _pack(30, [[0, 1, ""]])
    yield "presence with an unknown status", _pack(30, [[1, 4, ""]])
    yield "presence with a text of 321 bytes", _pack(30, [[1, 1, "x" * 321]])
    yield "presence with a text of 81 letters of 4 bytes", _pack(30, [[1, 1, "🎈" * 81]])
    yield "portal to something that is no UUID", _pack(31, 1, 1, "office")
    yield "backend 4", _pack(96, 4, None, None)
    yield "backend with a url of 514 bytes in 257 letters", _pack(96, 3, "é" * 257, None)
    yield "backend with a token of 4097 bytes", _pack(96, 3, None, "a" * 4097)
    yield "plan with a row of 4 bytes", _pack(97, 1, 1, bytes(4))
    yield "described with leg 2", _pack(98, 1, 2, 0, "")
    yield "described with form 3", _pack(98, 1, 0, 3, "")
    yield "described with an sdp of 65538 bytes in 32769 letters", _pack(98, 1, 0, 0, "é" * 32769)
    yield "slots with a row of 5 bytes", _pack(99, 1, 1, bytes(5))
    yield "carriers with a secret of 23 bytes", _pack(41, bytes(23), True, None, None)
    yield "carriers with half a hash", _pack(41, bytes(24), True, ["", 1, "/", bytes(16)], None)
    yield "carriers with five hashes", _pack(41, bytes(24), True, ["", 1, "/", bytes(160)], None)
    yield "carriers at port 0", _pack(41, bytes(24), True, ["", 0, "/", b""], None)
    yield "carriers with a short fragment", _pack(41, bytes(24), True, None, ["abc", "p" * 22, bytes(32), [], 1])
    yield "a probe's answer on the event lane", _pack(42, 1)
    yield "quality with level 4", _pack(100, 1, 4, 0, 8, 6)
    yield "quality with reason 4", _pack(100, 1, 0, 4, 8, 6)
    yield "quality with 256 sounds", _pack(100, 1, 0, 0, 256, 6)
    yield "said without an id", _pack(27, "", 1, USER, "Ada", None, "x", 1)
    yield "said by nobody", _pack(27, MESSAGE, 1, USER, "", None, "x", 1)
    yield "said with a name of 66 bytes in 33 letters", _pack(27, MESSAGE, 1, USER, "é" * 33, None, "x", 1)
    yield "said to the room and to somebody", _pack(27, MESSAGE, 1, USER, "Ada", OTHER, "x", 1)
    yield "said at a time of 54 bits", _pack(27, MESSAGE, 1, USER, "Ada", None, "x", 1 << 53)
    yield "said in 8001 bytes", _pack(27, MESSAGE, 1, USER, "Ada", None, "x" * 8001, 1)
    yield "sent and kept by 1 instead of true", _pack(80, MESSAGE, 1, 0, 1)
    yield "removed by number", _pack(81, 1)
    yield "typing in channel 3", _pack(82, 3, USER)
    yield "gesture 3", _pack(83, 3, 1, 0)
    yield "gesture of avatar 0", _pack(83, 0, 0, 0)
    yield "an object without a width", _pack(91, [MESSAGE, "note", 0, 0, 0, 24, "{}", None])
    yield "an object of a type with a space", _pack(91, [MESSAGE, "a note", 0, 0, 24, 24, "{}", None])
    yield "an object with a configuration of 4098 bytes", _pack(91, [MESSAGE, "note", 0, 0, 1, 1, "é" * 2049, None])
    yield "an object by nobody's name", _pack(91, [MESSAGE, "note", 0, 0, 1, 1, "{}", "Ada"])
    yield "objects of which one has no place", _pack(90, [[MESSAGE, "note", "{}", None]])
    yield "an object gone by number", _pack(92, 1)
    yield "a state that is a map", _pack(93, MESSAGE, {"page": 1})
    yield "an event of 4097 bytes", _pack(94, MESSAGE, "x" * 4097)
    yield "nothing changed", _pack(40, 0, [96, 128])
    yield "changed without radii", _pack(40, 1)
    yield (
        "welcome with a resume token of 16 bytes",
        _pack(16, 0, 3, 0, 1, 1, 30, 0, bytes(16), "", [1, 1, 1, 1], [256, 2], [1, 2], [1, 1, 1, 1], [0, b""]),
    )
    yield (
        "welcome with continuity 3",
        _pack(16, 0, 3, 3, 1, 1, 30, 0, TOKEN, "", [1, 1, 1, 1], [256, 2], [1, 2], [1, 1, 1, 1], [0, b""]),
    )
    yield (
        "welcome with kinematics cut short",
        _pack(16, 0, 3, 0, 1, 1, 30, 0, TOKEN, "", [1, 1, 1], [256, 2], [1, 2], [1, 1, 1, 1], [0, b""]),
    )
    yield (
        "welcome with half a door",
        _pack(16, 0, 3, 0, 1, 1, 30, 0, TOKEN, "", [1, 1, 1, 1], [256, 2], [1, 2], [1, 1, 1, 1], [0, b"\x01"]),
    )
