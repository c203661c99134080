"""One person's avatar in one room: what outlives a connection (STANDARD.md section 6.1)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from protocol.constants import MEDIA_SHIFT, ROLE_SHIFT, EntryFlag, Feature
from protocol.event_log import EventLog
from protocol.input_queue import InputQueue
from protocol.messages import Entry, ServerMessage, encode
from protocol.token_bucket import TokenBucket
from server.auth.tickets import TicketClaims
from server.store.members import Standing
from server.store.presence import STATUSES

if TYPE_CHECKING:
    from server.rooms.connection import Connection


SCREEN = 4
"""The bit of `Session.media` for a shared screen (STANDARD.md section 3.6)."""
ACTS_S, ACTS_BURST = 5, 20
"""Acts and media states of one person, a second and at once (STANDARD.md section 6.3): everyone is told of each."""


@dataclass(eq=False, slots=True)
class Session:
    """An avatar and its person, with or without a connection.

    `away_since`: when the connection was lost, s of the room's clock; None while there is one.
    `features`: the bits agreed on for the newest connection. `media`: what the person lets others hear and see.
    `standing`: what they are in this room. `address`: where the newest connection comes from.
    `acts`: how often everyone may be told of what this one person does; `complaints`: how often they hear of it.
    `near`: whom they are in proximity of; `hears`, `heard_by`: whom on a stage they hear, and their audience if they
    are on one; `sees`, `seen_by`: the same of a screen that somebody shares on a screen of the room.
    `status`, `text`: how they want to be seen (STANDARD.md section 5.14).
    """

    avatar: int
    claims: TicketClaims
    inputs: InputQueue
    events: EventLog
    connection: Connection | None = None
    away_since: float | None = None
    features: int = 0
    token_hash: bytes = b""
    epoch: int = 0
    link_epoch: int = 0
    media: int = 0
    near: set[int] = field(default_factory=set)
    hears: set[int] = field(default_factory=set)
    heard_by: set[int] = field(default_factory=set)
    sees: set[int] = field(default_factory=set)
    seen_by: set[int] = field(default_factory=set)
    acts: TokenBucket = field(default_factory=lambda: TokenBucket(ACTS_S, ACTS_BURST, 0.0))
    complaints: TokenBucket = field(default_factory=lambda: TokenBucket(1, 1, 0.0))
    standing: Standing = field(default_factory=Standing)
    address: str | None = None
    status: int = 0
    text: str = ""
    _encoded: tuple[TicketClaims, Standing, int, list[msgspec.Raw]] | None = None
    """What the entry was last encoded from, and its bytes without and with the feature `people`."""

    def new_token(self) -> bytes:
        """Make the next resume token, good once; only its hash is kept."""
        token = secrets.token_bytes(32)
        self.token_hash = hash_token(token)
        return token

    def introduce(self, standing: Standing | None, address: str | None) -> None:
        """Take over what is known of a newcomer; None: a guest like any other."""
        self.address = address
        if standing is not None:
            self.standing = standing
            self.status, self.text = STATUSES.index(standing.status), standing.text

    def entry(self, *, people: bool) -> Entry:
        """The person's line in the roster, for clients that agreed on the feature `people` or did not."""
        claims = self.claims
        flags = (EntryFlag.GUEST if claims.is_guest else 0) | (EntryFlag.BOT if claims.is_bot else 0)
        flags |= self.media << MEDIA_SHIFT
        if people:
            flags |= self.standing.role << ROLE_SHIFT | (EntryFlag.MUTED if self.standing.is_muted else 0)
        return Entry(self.avatar, str(claims.user_id), claims.name, claims.look, flags)

    def encoded_entry(self, *, people: bool) -> msgspec.Raw:
        """As `entry`, its bytes. They are kept: everybody who comes is told everybody's."""
        known = self._encoded
        if known is None or known[0] is not self.claims or known[1] is not self.standing or known[2] != self.media:
            both = [msgspec.Raw(_encoder.encode(self.entry(people=knows))) for knows in (False, True)]
            known = self._encoded = (self.claims, self.standing, self.media, both)
        return known[3][people]

    @property
    def shares_screen(self) -> bool:
        """Whether the others are let see the person's screen."""
        return bool(self.media & SCREEN)

    def tell(self, message: ServerMessage) -> None:
        """Send an event of the person's own."""
        self.tell_encoded(encode(message))

    def tell_encoded(self, message: bytes) -> None:
        """Send an event whose bytes many sessions share. Without a connection it is kept for the resume."""
        if self.connection is not None:
            self.connection.send_event(message)
        else:
            self.events.append(message)

    def tell_each(self, messages: Sequence[bytes]) -> None:
        """As `tell_encoded`, several at once."""
        if self.connection is not None:
            self.connection.send_events(messages)
        else:
            self.events.extend(messages)

    def flush(self) -> None:
        """Let what was told go out now instead of with the next tick."""
        if self.connection is not None:
            self.connection.outbox.flush()

    def wants(self, feature: Feature) -> bool:
        """Whether both ends agreed on the feature. Someone away is assumed to come back as they left."""
        # Not `&`: that makes a Feature first, which takes ten times as long, and this is asked a thousand times a tick.
        return int.__and__(self.features, feature) != 0


_encoder = msgspec.msgpack.Encoder()


def hash_token(token: bytes) -> bytes:
    """What is kept of a resume token."""
    return hashlib.sha256(token).digest()
