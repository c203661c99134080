"""What people write to one another, across rooms (STANDARD.md sections 8 and 9).

Directs go over `/ws/global`, whether the two are in one room or not; whoever is not there finds them in the history.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from protocol.constants import Channel
from protocol.global_messages import CHAT_VERSION, encode_global
from protocol.messages import Error, Said, Say, Sent, Type, Typing
from protocol.token_bucket import TokenBucket
from server.chat import policy
from server.chat.recent import Known, RecentMessages
from server.chat.room_chat import SAY_BURST, SAY_S, TYPE_BURST, TYPE_S
from server.chat.writer import MessageWriter, Outcome
from server.ops.metrics import Metrics
from server.rooms.elsewhere import Elsewhere, Nowhere
from server.store.errors import StoreUnavailable
from server.store.messages import Message
from server.store.users import User

if TYPE_CHECKING:
    from server.rooms.lobby import Viewer

RECENT = 10_000
BUDGETS = 10_000
"""People whose limits are remembered; above that, those who wrote longest ago start with full ones."""

REFUSALS = {
    "not_allowed": "You cannot write to this person.",
    "not_found": "This person does not exist any more.",
    "duplicate": "This message could not be sent. Write it again.",
    "not_kept": "Messages cannot be kept at present. Try again in a minute.",
    "too_fast": "You are writing very fast. Wait a moment, then try again.",
}


class Around(Protocol):
    """Who is where; `server.rooms.directory.LocalRooms` in a running server."""

    def rooms_of(self, user_id: UUID) -> list[UUID]:
        """The rooms in which the person has an avatar."""
        ...

    def viewers_of(self, user_id: UUID) -> Collection[Viewer]:
        """The person's connections to `/ws/global`."""
        ...


class History(Protocol):
    """`server.store.messages.Messages` in a running server."""

    async def has_written(self, sender: UUID, receiver: UUID) -> bool:
        """Whether one wrote to the other directly. Raises `StoreUnavailable`."""
        ...


class People(Protocol):
    """`server.store.users.Users` in a running server."""

    async def get(self, user_id: UUID) -> User | None:
        """The person. Raises `StoreUnavailable`."""
        ...


class Directs:
    """Takes and hands on direct messages. `clock()`: s since 1970; `now()`: s, never backwards."""

    def __init__(
        self,
        around: Around,
        people: People,
        history: History,
        writer: MessageWriter,
        metrics: Metrics,
        clock: Callable[[], float] = time.time,
        now: Callable[[], float] = time.monotonic,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        """`elsewhere`: the connections at other processes."""
        self._elsewhere = elsewhere or Nowhere()
        self._around, self._people, self._history = around, people, history
        self._writer, self._metrics, self._clock, self._now = writer, metrics, clock, now
        self._recent = RecentMessages(RECENT)
        self._say: dict[UUID, TokenBucket] = {}
        self._type: dict[UUID, TokenBucket] = {}

    async def receive(self, viewer: Viewer, message: Say | Type) -> None:
        """Act on what the wire allows."""
        assert message.to is not None  # noqa: S101  (the wire: channel 2)
        receiver = UUID(message.to)
        if isinstance(message, Type):
            self._hint(viewer, receiver)
            return
        code = await self._take(viewer, message, receiver)
        if code is not None:
            self._refuse(viewer, message, code)

    # --- parts ------------------------------------------------------------------------------------------------------

    async def _take(self, viewer: Viewer, message: Say, receiver: UUID) -> str | None:
        """Hand a message on; the code of the refusal, None: it was taken, or was before."""
        message_id = UUID(message.id)
        if not self._budget(self._say, viewer.user_id, SAY_S, SAY_BURST).take(self._now()):
            return "too_fast"
        known = self._recent.get(message_id)
        if known is None:
            refused = await self._refusal(viewer, receiver)
            if refused is not None:
                return refused
            if not self._writer.has_room(None):
                return "not_kept"
            # Somebody may have said it again meanwhile.
            known = self._recent.get(message_id)
        if known is not None:
            if known.author != viewer.user_id:
                return "duplicate"
            if known.settled:
                viewer.tell(Sent(message.id, known.at, known.heard, known.kept))
            return None
        self._hand_on(viewer, message, message_id, receiver)
        return None

    async def _refusal(self, viewer: Viewer, receiver: UUID) -> str | None:
        if receiver == viewer.user_id:
            return "not_allowed"
        if set(self._around.rooms_of(viewer.user_id)) & set(self._around.rooms_of(receiver)):
            return None
        try:
            user = await self._people.get(receiver)
            if user is None:
                return "not_found"
            guests = viewer.is_guest or user.is_guest
            answers = guests and await self._history.has_written(receiver, viewer.user_id)
        except StoreUnavailable:
            return "not_kept"
        allowed = policy.may_write_directly(
            same_room=False,
            sender_is_guest=viewer.is_guest,
            receiver_is_guest=user.is_guest,
            answers=answers,
            receiver_is_disabled=user.disabled_at is not None,
        )
        return None if allowed else "not_allowed"

    def _hand_on(self, viewer: Viewer, message: Say, message_id: UUID, receiver: UUID) -> None:
        at = int(self._clock() * 1000)
        said = Said(message.id, message.channel, str(viewer.user_id), viewer.name, message.to, message.text, at)
        readers = self._chatting(receiver)
        for other in [*readers, *self._chatting(viewer.user_id)]:
            if other is not viewer:
                other.tell(said)
        self._elsewhere.say([receiver, viewer.user_id], encode_global(said), version=CHAT_VERSION)
        is_heard = bool(readers) or self._elsewhere.is_idle(receiver) is not None
        self._metrics.chat_messages.labels(Channel.DIRECT.name.lower()).inc()
        known = Known(viewer.user_id, viewer.name, at, 1 if is_heard else 0, kept=True)
        self._recent.add(message_id, known)
        self._writer.put(
            Message(
                id=message_id,
                sender_id=viewer.user_id,
                sender_name=viewer.name,
                channel=Channel.DIRECT,
                text=message.text,
                at=datetime.fromtimestamp(at / 1000, UTC),
                recipient_id=receiver,
            ),
            lambda outcome: self._settle(viewer, message, message_id, known, outcome),
        )

    def _settle(self, viewer: Viewer, message: Say, message_id: UUID, known: Known, outcome: Outcome) -> None:
        if outcome is Outcome.SAVED:
            known.settled = True
            # Whoever sent it may have come back over another connection.
            for own in self._chatting(viewer.user_id):
                own.tell(Sent(message.id, known.at, known.heard, known.kept))
        elif outcome is Outcome.REFUSED:
            self._recent.forget(message_id)
            if viewer in self._chatting(viewer.user_id):
                self._refuse(viewer, message, "not_found")

    def _hint(self, viewer: Viewer, receiver: UUID) -> None:
        """Somebody is writing: told to those who could be written to without asking the database."""
        if not self._budget(self._type, viewer.user_id, TYPE_S, TYPE_BURST).take(self._now()):
            self._metrics.discarded.labels("typing").inc()
            return
        shared = set(self._around.rooms_of(viewer.user_id)) & set(self._around.rooms_of(receiver))
        for other in self._chatting(receiver):
            if shared or not (viewer.is_guest or other.is_guest):
                other.tell(Typing(Channel.DIRECT.value, str(viewer.user_id)))
        person = self._elsewhere.person(receiver)
        if person is not None and (shared or not (viewer.is_guest or person.is_guest)):
            typing = encode_global(Typing(Channel.DIRECT.value, str(viewer.user_id)))
            self._elsewhere.say([receiver], typing, version=CHAT_VERSION)

    def _chatting(self, user_id: UUID) -> list[Viewer]:
        return [viewer for viewer in self._around.viewers_of(user_id) if viewer.version >= CHAT_VERSION]

    def _budget(self, budgets: dict[UUID, TokenBucket], user_id: UUID, rate: float, burst: float) -> TokenBucket:
        budget = budgets.pop(user_id, None)
        if budget is None:
            budget = TokenBucket(rate, burst, self._now())
        budgets[user_id] = budget
        if len(budgets) > BUDGETS:
            del budgets[next(iter(budgets))]
        return budget

    def _refuse(self, viewer: Viewer, message: Say, code: str) -> None:
        self._metrics.discarded.labels("say").inc()
        viewer.tell(Error(message.ref, code, REFUSALS[code]))
