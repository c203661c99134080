"""What is written in one room (STANDARD.md sections 9.1 to 9.4).

    SAY -> said before? within the limits? allowed? -> SAID to those who may read it
                                                    -> the writer, if the room keeps it -> SENT

What may be lost is not kept; what is kept is acknowledged only when it is in the database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from protocol.constants import Channel, Feature
from protocol.messages import Error, Removed, Said, Say, Sent, Type, Typing, encode
from protocol.token_bucket import TokenBucket
from server.chat import policy
from server.chat.recent import Known, RecentMessages
from server.chat.writer import MessageWriter, Outcome
from server.ops.metrics import Metrics
from server.rooms.parts import Handler, Part
from server.rooms.session import Session
from server.store.messages import Message
from server.store.rooms import Room as StoredRoom

if TYPE_CHECKING:
    from server.rooms.room import Room

SAY_S, SAY_BURST = 1, 10
TYPE_S, TYPE_BURST = 1, 3
RECENT = 1_000
"""Messages of a room that are known without the database."""

REFUSALS = {
    "muted": "A moderator muted you in this room: you can read, but not write.",
    "not_allowed": "Only moderators can make announcements.",
    "duplicate": "This message could not be sent. Write it again.",
    "not_kept": "The history cannot be written at present. Try again in a minute.",
    "too_fast": "You are writing very fast. Wait a moment, then try again.",
}


@dataclass(slots=True)
class _Budgets:
    say: TokenBucket = field(default_factory=lambda: TokenBucket(SAY_S, SAY_BURST, 0.0))
    type: TokenBucket = field(default_factory=lambda: TokenBucket(TYPE_S, TYPE_BURST, 0.0))


class RoomChat(Part):
    """The chat of one room. `clock()`: s since 1970."""

    limits_itself = True

    def __init__(self, room: Room, writer: MessageWriter, metrics: Metrics, clock: Callable[[], float]) -> None:
        super().__init__(room)
        self._writer, self._metrics, self._clock = writer, metrics, clock
        self.is_kept = False
        self._recent = RecentMessages(RECENT)
        self._budgets: dict[UUID, _Budgets] = {}
        self._last_at = 0

    # --- server.rooms.parts.Part ------------------------------------------------------------------------------------

    def handlers(self) -> Mapping[type, Handler]:
        return {Say: self._say, Type: self._type}

    def configure(self, stored: StoredRoom) -> None:
        self.is_kept = stored.chat_kept

    def went(self, session: Session) -> None:
        self._budgets.pop(session.claims.user_id, None)

    # --- what the REST interface asks -------------------------------------------------------------------------------

    def author_of(self, message_id: UUID) -> tuple[UUID, str] | None:
        """Who wrote a message that is still known here: (id, name)."""
        known = self._recent.get(message_id)
        return (known.author, known.name) if known else None

    def tell_removed(self, message_id: UUID) -> None:
        """The message is gone: everybody inside takes it away, at once."""
        self._recent.forget(message_id)
        self.room.tell_all(Feature.CHAT, encode(Removed(str(message_id))))
        for session in self.room.sessions.values():
            session.flush()

    # --- what clients say -------------------------------------------------------------------------------------------

    def _say(self, session: Session, message: Say) -> None:
        message_id, channel = UUID(message.id), Channel(message.channel)
        known = self._recent.get(message_id)
        if not self._budget(session).say.take(self.room.now):
            self._refuse(session, message, "too_fast")
        elif known is not None:
            self._say_again(session, message, known)
        elif (code := policy.refusal(channel, session.standing)) is not None:
            self._refuse(session, message, code)
        elif self._keeps(channel) and not self._writer.has_room(self.room.id):
            self._refuse(session, message, "not_kept")
        else:
            self._take(session, message, message_id, channel)

    def _take(self, session: Session, message: Say, message_id: UUID, channel: Channel) -> None:
        claims = session.claims
        # The order of a conversation does not turn round because somebody sets the clock.
        self._last_at = at = max(self._last_at, int(self._clock() * 1000))
        said = encode(Said(message.id, message.channel, str(claims.user_id), claims.name, None, message.text, at))
        audience = self.audience(session, channel)
        for other in audience:
            other.tell_encoded(said)
        self._metrics.events.inc(len(audience))
        self._metrics.chat_messages.labels(channel.name.lower()).inc()
        kept = self._keeps(channel)
        known = Known(claims.user_id, claims.name, at, len(audience), kept)
        self._recent.add(message_id, known)
        if not kept:
            self._acknowledge(message_id, known)
            return
        self._writer.put(
            Message(
                id=message_id,
                sender_id=claims.user_id,
                sender_name=claims.name,
                channel=channel,
                text=message.text,
                at=datetime.fromtimestamp(at / 1000, UTC),
                room_id=self.room.id,
                epoch=self.room.epoch,
            ),
            lambda outcome: self._settle(message, message_id, known, outcome),
        )

    def _say_again(self, session: Session, message: Say, known: Known) -> None:
        """The client does not know what became of it."""
        if known.author != session.claims.user_id:
            self._refuse(session, message, "duplicate")
        elif known.settled:
            session.tell(Sent(message.id, known.at, known.heard, known.kept))

    def _settle(self, message: Say, message_id: UUID, known: Known, outcome: Outcome) -> None:
        if outcome is Outcome.SAVED:
            self._acknowledge(message_id, known)
        elif outcome is Outcome.REFUSED:
            self._recent.forget(message_id)
            session = self.room.session_of(known.author)
            if session is not None:
                self._refuse(session, message, "duplicate")
                session.flush()

    def _acknowledge(self, message_id: UUID, known: Known) -> None:
        known.settled = True
        session = self.room.session_of(known.author)
        if session is not None and session.wants(Feature.CHAT):
            session.tell(Sent(str(message_id), known.at, known.heard, known.kept))
            session.flush()

    def _type(self, session: Session, message: Type) -> None:
        channel = Channel(message.channel)
        if not self._budget(session).type.take(self.room.now):
            self._metrics.discarded.labels("typing").inc()
        elif policy.refusal(channel, session.standing) is None:
            typing = encode(Typing(message.channel, str(session.claims.user_id)))
            for other in self.audience(session, channel):
                other.tell_encoded(typing)

    # --- who reads it -----------------------------------------------------------------------------------------------

    def audience(self, session: Session, channel: Channel) -> list[Session]:
        """Everybody else who is sent what the session's person writes in the channel now."""
        switchboard = self.room.switchboard
        area, linked = switchboard.area_of(session.avatar), switchboard.links_of(session.avatar)
        return [
            other
            for other in self.room.sessions.values()
            if other is not session
            and other.wants(Feature.CHAT)
            and policy.is_sent(
                channel,
                linked=other.avatar in linked,
                area_of_sender=area,
                area_of_other=switchboard.area_of(other.avatar),
            )
        ]

    def _keeps(self, channel: Channel) -> bool:
        return self.is_kept and channel is not Channel.NEARBY

    def _budget(self, session: Session) -> _Budgets:
        return self._budgets.setdefault(session.claims.user_id, _Budgets())

    def _refuse(self, session: Session, message: Say, code: str) -> None:
        self._metrics.discarded.labels("say").inc()
        session.tell(Error(message.ref, code, REFUSALS[code]))
