"""Who is sent what (STANDARD.md section 9.1) and who may write what. Pure: chat asks, nobody else decides."""

from __future__ import annotations

from protocol.constants import Channel
from server.rooms.roles import Right, may
from server.store.members import Standing


def is_sent(channel: Channel, *, linked: bool, area_of_sender: int, area_of_other: int) -> bool:
    """Whether somebody else in the room is sent a message of the channel. Areas: 0 = the open floor."""
    if channel is Channel.NEARBY:
        return linked or (area_of_sender != 0 and area_of_sender == area_of_other)
    return channel in (Channel.ROOM, Channel.ANNOUNCEMENT)


def refusal(channel: Channel, standing: Standing) -> str | None:
    """Why somebody may not write in a channel of a room, as a code of section 9.2; None: they may."""
    if standing.is_muted:
        return "muted"
    if channel is Channel.ANNOUNCEMENT and not may(standing.role, Right.ANNOUNCE):
        return "not_allowed"
    return None


def may_write_directly(
    *, same_room: bool, sender_is_guest: bool, receiver_is_guest: bool, answers: bool, receiver_is_disabled: bool
) -> bool:
    """Whether somebody may write to somebody else. `answers`: the other wrote to them before."""
    if receiver_is_disabled:
        return False
    return same_room or answers or not (sender_is_guest or receiver_is_guest)
