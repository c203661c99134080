"""What people wrote, as the interface shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from msgspec import Meta, Struct

from protocol.constants import Channel
from server.store.messages import PAGE
from server.store.messages import Conversation as StoredConversation
from server.store.messages import Message as StoredMessage

ChannelName = Literal["room", "direct", "announcement"]

_NAMES: dict[Channel, ChannelName] = {
    Channel.ROOM: "room",
    Channel.DIRECT: "direct",
    Channel.ANNOUNCEMENT: "announcement",
}


class MessagesQuery(Struct, frozen=True):
    """`before`: the `next` of the page before. `q`: words, or beginnings of words, that messages must have."""

    before: Annotated[int, Meta(ge=1, le=(1 << 63) - 1)] | None = None
    q: Annotated[str, Meta(max_length=100)] = ""


class Message(Struct, frozen=True):
    """`id` is what the sender's client chose. `text` is plain text, and shown as such."""

    id: UUID
    channel: ChannelName
    user_id: UUID
    name: str
    to: UUID | None
    text: str
    at: datetime

    @classmethod
    def of(cls, message: StoredMessage) -> Self:
        return cls(
            message.id,
            _NAMES[message.channel],
            message.sender_id,
            message.sender_name,
            message.recipient_id,
            message.text,
            message.at,
        )


class MessagePage(Struct, frozen=True):
    """Newest first. `next` goes into `before` of the next request; null: there is no more. `kept` false: the room
    keeps nothing."""

    messages: list[Message]
    next: int | None
    kept: bool = True

    @classmethod
    def of(cls, page: list[StoredMessage]) -> Self:
        more = page[-1].seq if len(page) == PAGE else None
        return cls([Message.of(message) for message in page], more)


class Conversation(Struct, frozen=True):
    """What one wrote with somebody directly. `unread`: how many of theirs one has not read."""

    user_id: UUID
    name: str
    is_guest: bool
    unread: int
    newest: Message

    @classmethod
    def of(cls, conversation: StoredConversation) -> Self:
        return cls(
            conversation.other_id,
            conversation.other_name,
            conversation.other_is_guest,
            conversation.unread,
            Message.of(conversation.newest),
        )


class ConversationList(Struct, frozen=True):
    """Whom one wrote with last comes first."""

    conversations: list[Conversation]
