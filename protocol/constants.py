"""Numbers of the wire: kinds, close codes, features and limits. Each cites its section of STANDARD.md."""

from enum import IntEnum, IntFlag
from typing import Final

SUBPROTOCOL: Final = "hallway.v1"
MINOR_VERSION: Final = 0
"""Highest minor version this package speaks (section 1.1)."""


class Kind(IntEnum):
    """First element of every message (section 2)."""

    HELLO = 1
    INPUT = 2
    ACT = 3
    PING = 4
    LEAVE = 5
    MEDIA = 6
    SAY = 7
    SIGNAL = 8
    LANE = 9
    PROBE = 10
    REST = 11
    WELCOME = 16
    SNAPSHOT = 17
    ROSTER = 18
    JOINED = 19
    LEFT = 20
    PROXIMITY = 21
    DOOR = 22
    PONG = 23
    ERROR = 24
    GOODBYE = 25
    MEDIA_STATE = 26
    SAID = 27
    SIGNALED = 28
    LINKS = 29
    PRESENCE = 30
    PORTAL = 31
    CHANGED = 40
    CARRIERS = 41
    PROBED = 42
    TYPE = 64
    REACT = 65
    HAND = 66
    WAVE = 67
    ANSWER = 68
    USE = 72
    DESCRIBE = 76
    CANDIDATE = 77
    DELIVERY = 78
    VIEW = 79
    SENT = 80
    REMOVED = 81
    TYPING = 82
    GESTURE = 83
    AREAS = 84
    INSIDE = 85
    STANCES = 86
    ASKED = 87
    ANSWERED = 88
    BARRED = 89
    OBJECTS = 90
    OBJECT = 91
    OBJECT_GONE = 92
    OBJECT_STATE = 93
    OBJECT_EVENT = 94
    BACKEND = 96
    PLAN = 97
    DESCRIBED = 98
    SLOTS = 99
    QUALITY = 100
    HEALTH = 102


CLIENT_KINDS: Final = frozenset(
    {Kind.HELLO, Kind.INPUT, Kind.ACT, Kind.PING, Kind.LEAVE, Kind.MEDIA, Kind.SIGNAL}
    | {Kind.DESCRIBE, Kind.CANDIDATE, Kind.DELIVERY, Kind.VIEW, Kind.HEALTH}
    | {Kind.SAY, Kind.TYPE, Kind.REACT, Kind.HAND, Kind.WAVE, Kind.ANSWER, Kind.USE, Kind.LANE, Kind.REST}
)
DATAGRAM_KINDS: Final = frozenset({Kind.PROBE, Kind.PROBED})
"""Kinds that stand in datagrams alone (section 13)."""
SERVER_KINDS: Final = frozenset(Kind) - CLIENT_KINDS - DATAGRAM_KINDS
STATE_LANE: Final = frozenset({Kind.INPUT, Kind.SNAPSHOT})
"""Kinds of which the latest wins; every other kind is reliable and ordered (section 1)."""
COUNTED_KINDS: Final = SERVER_KINDS - {Kind.SNAPSHOT, Kind.WELCOME, Kind.GOODBYE}
"""Kinds that both ends count for a resume (section 6.2)."""


class CloseCode(IntEnum):
    """WebSocket close codes of GOODBYE (section 5.10)."""

    INTERNAL = 4000
    MALFORMED = 4001
    VERSION = 4002
    HELLO_TIMEOUT = 4003
    TICKET = 4004
    RESUME = 4005
    REPLACED = 4006
    CLOSED = 4007
    FLOOD = 4008
    STALLED = 4009
    LEFT = 4010
    FULL = 4011
    RESTART = 4012
    ENDED = 4013
    KICKED = 4014
    BANNED = 4015


RESUMABLE: Final = frozenset({CloseCode.INTERNAL, CloseCode.STALLED})
"""Close codes after which the session may be resumed; so may one that closed without GOODBYE."""
HELLO_REFUSALS: Final = frozenset(
    {CloseCode.VERSION, CloseCode.TICKET, CloseCode.RESUME, CloseCode.FULL, CloseCode.RESTART, CloseCode.BANNED}
)
"""What a HELLO may be refused with (section 6.1)."""


class Feature(IntFlag):
    """Feature bits of HELLO and WELCOME (section 1.1)."""

    CHECK = 1 << 0
    PROXIMITY = 1 << 1
    MEDIA = 1 << 2
    PEOPLE = 1 << 3
    CHAT = 1 << 4
    PLACES = 1 << 5
    OBJECTS = 1 << 6
    SFU = 1 << 7
    HEALTH = 1 << 8
    DATAGRAMS = 1 << 9
    REST = 1 << 10


ALL_FEATURES: Final = int(
    Feature.CHECK
    | Feature.PROXIMITY
    | Feature.MEDIA
    | Feature.PEOPLE
    | Feature.CHAT
    | Feature.PLACES
    | Feature.OBJECTS
    | Feature.SFU
    | Feature.HEALTH
    | Feature.DATAGRAMS
    | Feature.REST
)
WALKER_FEATURES: Final = int(Feature.CHECK | Feature.PROXIMITY)
"""What a client offers that neither hears nor speaks."""


class Verb(IntEnum):
    """What an ACT does (section 3.3)."""

    DOOR = 1
    SIT = 2
    PORTAL = 3
    LOCK = 4
    UNLOCK = 5
    KNOCK = 6
    WHISPER = 7
    HUSH = 8
    GHOST = 9
    FOLLOW = 10
    LEAD = 11
    CALL = 12


PLACE_VERBS: Final = frozenset(Verb) - {Verb.DOOR, Verb.SIT, Verb.PORTAL}
"""Those that need the feature `places` (section 12.2)."""


class Continuity(IntEnum):
    """What WELCOME says about the session's past (section 5.1)."""

    FRESH = 0
    RESUMED = 1
    EVENTS_LOST = 2


class EntryFlag(IntFlag):
    """Flags of a roster entry (section 5.2)."""

    GUEST = 1 << 0
    BOT = 1 << 1
    MUTED = 1 << 2
    MICROPHONE = 1 << 8
    CAMERA = 1 << 9
    SCREEN = 1 << 10


ROLE_SHIFT: Final = 3
"""Where the three bits of the role stand in the flags of an entry (section 5.2)."""
MEDIA_SHIFT: Final = 8
"""Where MEDIA's three bits stand in the flags of an entry (section 5.2)."""


class Status(IntEnum):
    """How somebody wants to be seen (section 5.14)."""

    AVAILABLE = 0
    BUSY = 1
    AWAY = 2
    DND = 3


class Question(IntEnum):
    """What somebody is asked for: ASKED, ANSWER and ANSWERED (section 12.3)."""

    KNOCK = 0
    WHISPER = 1
    LEAD = 2
    CALL = 3


class Reply(IntEnum):
    """`ANSWERED.reply` (section 12.3)."""

    NO = 0
    YES = 1
    NOBODY = 2


class AreaFlag(IntFlag):
    """Flags of an area (section 12.4)."""

    LOCKABLE = 1 << 0
    LOCKED = 1 << 1


class LinkFlag(IntFlag):
    """Flags of a link (section 5.12)."""

    FLAT = 1 << 0
    HEARS_ONLY = 1 << 1
    IS_HEARD_ONLY = 1 << 2


class Change(IntFlag):
    """What CHANGED says has changed (section 5.16)."""

    SETTINGS = 1 << 0
    PORTALS = 1 << 1


# Course byte (section 4.1)
DIRECTION_MASK: Final = 0x0F
GAIT_MASK: Final = 0x30
GAIT_STAND: Final = 0x00
GAIT_WALK: Final = 0x10
GAIT_RUN: Final = 0x20
GAIT_SIT: Final = 0x30
COURSE_AWAY: Final = 0x40
CLIENT_COURSE_END: Final = 0x30
"""A client may send any course byte below this one: gaits 0 to 2, bits 6 and 7 zero (section 3.2)."""

# Limits (sections 1, 3 and 6.3)
CLIENT_MESSAGE_BYTES: Final = 4_096
SIGNAL_MESSAGE_BYTES: Final = 16_384
"""A whole SIGNAL: a description of a connection is larger than anything else that a client says (section 3.7)."""
LARGE_MESSAGES: Final[dict[bytes, int]] = {
    b"\x94\x08": SIGNAL_MESSAGE_BYTES,
    b"\x95\x4c": SIGNAL_MESSAGE_BYTES,
    b"\x96\x07": SIGNAL_MESSAGE_BYTES,
}
"""First two bytes, array and kind, of the client's messages that may be larger than 4,096 bytes, and their limits."""
SERVER_MESSAGE_BYTES: Final = 1 << 20
DATAGRAM_BYTES: Final = 1_100
UINT16_MAX: Final = 0xFFFF
UINT32_MAX: Final = 0xFFFF_FFFF
UINT53_MAX: Final = (1 << 53) - 1
MAX_COURSES: Final = 32
"""Courses in one INPUT, and courses waiting at the server."""
REPEATED_COURSES: Final = 3
"""Least number of its last courses that a client repeats over datagrams until they are covered."""
RESUME_TOKEN_BYTES: Final = 32
LOOK_BYTES: Final = 6
PRESENCE_TEXT_BYTES: Final = 320
MAX_BASELINE_AGE: Final = 63
RING_TICKS: Final = 64
HELLO_TIMEOUT_S: Final = 5.0
MESSAGE_RATE: Final = 120
MESSAGE_BURST: Final = 240
FLOOD_FACTOR: Final = 10
FLOOD_WINDOW_S: Final = 10.0
EVENT_LOG_BYTES: Final = 256 * 1024
IDLE_INPUT_INTERVAL_S: Final = 0.5
"""A client whose course does not change sends at most two INPUT a second."""
DATAGRAM_INPUT_INTERVAL_S: Final = 0.1
"""How soon a client over datagrams acknowledges again, or repeats what is not covered (section 13.4)."""


# What people write (section 9)
CHAT_LETTERS: Final = 2_000
"""Unicode code points of one message."""
REACTIONS: Final = 12
"""Reactions that have a picture (section 9.5)."""


class Channel(IntEnum):
    """Who may read a message (section 9.1)."""

    NEARBY = 0
    ROOM = 1
    DIRECT = 2
    ANNOUNCEMENT = 3


class Gesture(IntEnum):
    """`GESTURE.gesture`."""

    REACTION = 0
    WAVE = 1
    HAND = 2


# Bytes of one packed row
COURSE_ROW_BYTES: Final = 4
FULL_ROW_BYTES: Final = 9
ID_BYTES: Final = 2
LINK_ROW_BYTES: Final = 7
INPUT_COURSE_BYTES: Final = 2
ROUTE_ROW_BYTES: Final = 5
PATH_ROW_BYTES: Final = 5
WANT_ROW_BYTES: Final = 4
SLOT_ROW_BYTES: Final = 6
AREA_ROW_BYTES: Final = 6
INSIDE_ROW_BYTES: Final = 5
STANCE_ROW_BYTES: Final = 7


# Through an SFU (section 7.3)
class BackendKind(IntEnum):
    """`BACKEND.backend`."""

    NONE = 0
    BUILT_IN = 1
    JANUS = 2
    LIVEKIT = 3


class Route(IntEnum):
    """Which way a link goes."""

    DIRECT = 1
    SFU = 2
    BOTH = 3


class Description(IntEnum):
    """`form` of DESCRIBE and DESCRIBED."""

    OFFER = 0
    ANSWER = 1
    WANTED = 2


class Source(IntEnum):
    """What a slot holds of its person."""

    MICROPHONE = 0
    CAMERA = 1
    SCREEN = 2
    SCREEN_SOUND = 3


class LegState(IntEnum):
    """`DELIVERY.state`."""

    NONE = 0
    CONNECTING = 1
    CONNECTED = 2
    FAILED = 3


class PathFlag(IntFlag):
    """Bits of a path in DELIVERY."""

    DIRECT = 1 << 0
    SFU = 1 << 1
    GIVEN_UP = 1 << 2


class Level(IntEnum):
    """`QUALITY.level`."""

    FULL = 0
    FEWER_PICTURES = 1
    SOUND_ONLY = 2
    NOTHING = 3


class Reason(IntEnum):
    """`QUALITY.reason`."""

    NONE = 0
    SERVER_LOAD = 1
    NETWORK = 2
    SFU_AWAY = 3


SERVER_SDP_BYTES: Final = 65_536
CANDIDATE_BYTES: Final = 512
BACKEND_URL_BYTES: Final = 512
BACKEND_TOKEN_BYTES: Final = 4_096
MAX_PATHS: Final = 800
MAX_WANTS: Final = 64
MAX_SOUNDS: Final = 16
"""Sound slots of a leg."""
MAX_PICTURES: Final = 6
"""Picture slots of a leg."""

OBJECT_JSON_BYTES: Final = 4096
"""The configuration, the state or an event of an object (section 10.3)."""
OBJECT_VALUE_BYTES: Final = 3000
"""What comes with a USE (section 10.2)."""
HEALTH_ROW_BYTES: Final = 10
MAX_HEALTH_ROWS: Final = 64
"""Links in one HEALTH (section 7.4)."""

# The state lane over datagrams (section 13)
CARRIER_SECRET_BYTES: Final = 24
FINGERPRINT_BYTES: Final = 32
MAX_CARRIER_HASHES: Final = 4
MAX_CARRIER_ADDRESSES: Final = 8
DATAGRAM_RATE: Final = 60
DATAGRAM_BURST: Final = 120
"""Datagrams that one client may send a second, and at once."""
