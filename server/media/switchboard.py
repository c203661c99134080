"""The links of one room, and what is said along them (STANDARD.md sections 3.6, 3.7, 5.11 to 5.13 and 7.1).

    proximity, zones, sessions -> policy -> links -> LINKS to both ends
    SIGNAL -> is there that link? within the limits? -> SIGNALED

A link ends here in the moment in which the reason for it ends; from then on nothing is carried along it.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, Protocol

from protocol.constants import Continuity, Feature, Status
from protocol.messages import Links, Media, MediaState, Signal, Signaled, encode
from server.media.budget import Budget, SignalLimits
from server.media.policy import Party, Way, verdict
from server.ops.metrics import Metrics
from server.rooms.session import SCREEN, Session
from server.settings import Settings

_ROW: Final = struct.Struct("<HIB")
_FLAT: Final = 1
_HEARS_ONLY: Final = 2
_IS_HEARD_ONLY: Final = 4
_MICROPHONE: Final = 1


@dataclass(frozen=True, slots=True)
class Link:
    """What two people have between them; `number` is never used again in this room. `speaker`: the avatar who alone is
    heard along it, from a stage; 0: both are."""

    number: int
    flat: bool
    speaker: int = 0

    def carries(self, avatar: int) -> bool:
        """Whether the other end may hear and see this one."""
        return self.speaker in (0, avatar)


class LinkGuide(Protocol):
    """Who decides which way links go, and is told of them before the clients are."""

    def connected(self, session: Session, continuity: Continuity) -> None:
        """A client is there, or there again; its links follow."""

    def links_changed(self, avatars: Iterable[int]) -> None:
        """These have other links than before."""

    def media_changed(self, session: Session) -> None:
        """The person lets others hear and see something else."""

    def before_links(self, session: Session) -> None:
        """LINKS is about to be sent to this client."""


class Switchboard:
    """Links by avatar. `sessions` is the room's own; `area_of`: the conversation an avatar is in, 0 = open floor."""

    def __init__(
        self,
        sessions: Mapping[int, Session],
        area_of: Callable[[int], int],
        settings: Settings,
        metrics: Metrics,
    ) -> None:
        self._sessions, self._area_of, self._metrics = sessions, area_of, metrics
        self._limits = SignalLimits(settings.signal_rate, settings.signal_burst)
        self._backlog_bytes = settings.outbox_event_bytes // 2
        self._links: dict[int, dict[int, Link]] = {}
        self._with_media: set[int] = set()
        """Who agreed on the feature `media`, or did so last: a thousand may be asked for in a tick."""
        self._numbers = 0
        self._budgets: dict[int, Budget] = {}
        self._kept_bytes: dict[int, int] = {}
        self.guide: LinkGuide | None = None
        self.may_share: Callable[[Session], bool] = lambda session: True
        """Whether somebody may share a screen where they are; asked when they do, and tells them if not."""

    def links_of(self, avatar: int) -> Mapping[int, Link]:
        """Whom the avatar is linked with."""
        return self._links.get(avatar, {})

    def area_of(self, avatar: int) -> int:
        """What the avatar shares with those whom it talks with wherever they stand in it; 0 = the open floor."""
        return self._area_of(avatar)

    # --- what happens in the room -----------------------------------------------------------------------------------

    def review(self, avatars: Iterable[int], tick: int, *, silent: int = 0, cut: Iterable[int] = ()) -> None:
        """Something changed around these avatars: decide anew, and tell both ends of every link that changed.

        `silent`: an avatar that is told its links some other way. `cut`: others who lost a link already.
        """
        touched: set[int] = set(cut)
        for avatar in avatars:
            if not self._may_have_links(avatar):
                continue
            session = self._sessions.get(avatar)
            around = _around(session) if session is not None else set()
            for other in around | self._links.get(avatar, {}).keys():
                if self._decide(avatar, other):
                    touched |= {avatar, other}
        self._tell(touched, tick, silent)

    def review_pairs(self, pairs: Sequence[Sequence[int]], tick: int) -> None:
        """These pairs came near each other or lost each other; nothing else changed around them."""
        if not self._with_media and not self._links:
            return  # nobody speaks: so it is in most rooms, most of the time
        able = (self._with_media | self._links.keys()).intersection(chain.from_iterable(pairs))
        touched: set[int] = set()
        if able:
            for avatar, other in pairs:
                if avatar in able and other in able and self._decide(avatar, other):
                    touched |= {avatar, other}
        self._tell(touched, tick)

    def _may_have_links(self, avatar: int) -> bool:
        return avatar in self._links or avatar in self._with_media

    def _tell(self, touched: set[int], tick: int, silent: int = 0) -> None:
        """Tell these their links, but one who is told some other way."""
        if touched and self.guide is not None:
            self.guide.links_changed(touched)
        for avatar in touched - {silent}:
            session = self._sessions.get(avatar)
            if session is not None:
                self.tell_links(session, tick)

    def connected(self, session: Session, continuity: Continuity, tick: int) -> None:
        """A client is there, or there again, perhaps with other features. Unless it goes on where it was (continuity
        1), it is told its links later, with `tell_links`."""
        self._kept_bytes.pop(session.avatar, None)
        (self._with_media.add if session.wants(Feature.MEDIA) else self._with_media.discard)(session.avatar)
        if self.guide is not None:
            self.guide.connected(session, continuity)
        if continuity is Continuity.FRESH:
            self._begin_anew(session, tick)
        else:
            self.review([session.avatar], tick, silent=session.avatar if continuity is Continuity.EVENTS_LOST else 0)
        if self.guide is not None:
            self.guide.links_changed([session.avatar])

    def _begin_anew(self, session: Session, tick: int) -> None:
        """The client has no connection to anybody, so each of its links is a new one."""
        session.link_epoch = 0
        cut = list(self._links.get(session.avatar, ()))
        for other in cut:
            self._cut(session.avatar, other)
        self.review([session.avatar], tick, silent=session.avatar, cut=cut)
        self._set_state(session, 0, but=session)

    def reconsider(self, session: Session, tick: int) -> None:
        """The person was muted or unmuted by a moderator, or wants to be seen in another way."""
        self._set_state(session, session.media)
        if self.guide is not None:
            self.guide.media_changed(session)
        self.review([session.avatar], tick)

    def went(self, avatar: int, tick: int) -> None:
        """The avatar is gone for good, and not in `sessions` any more."""
        self.review([avatar], tick)
        self._with_media.discard(avatar)
        self._links.pop(avatar, None)
        self._budgets.pop(avatar, None)
        self._kept_bytes.pop(avatar, None)

    def moved_between_zones(self, avatars: Iterable[int], tick: int) -> None:
        """These avatars are in another zone than before."""
        self.review([avatar for avatar in avatars if avatar in self._links], tick)

    def tell_links(self, session: Session, tick: int) -> None:
        """Send the whole of somebody's links."""
        if session.wants(Feature.MEDIA):
            if self.guide is not None:
                self.guide.before_links(session)
            session.link_epoch += 1
            links = sorted(self._links.get(session.avatar, {}).items())
            rows = b"".join(_ROW.pack(other, link.number, _flags(session.avatar, link)) for other, link in links)
            session.tell(Links(tick, session.link_epoch, rows))

    # --- what clients say -------------------------------------------------------------------------------------------

    def receive_media(self, session: Session, message: Media) -> None:
        """Take note of what somebody lets others hear and see."""
        self._set_state(session, message.state)

    def relay(self, session: Session, message: Signal, now: float) -> None:
        """Carry a signal to the other end of a link, or discard and count it. `now`: s."""
        link = self.links_of(session.avatar).get(message.to)
        target = self._sessions.get(message.to)
        if link is None or link.number != message.link or target is None:
            self._refuse("signal_unlinked")
            return
        size = len(message.payload.encode())
        budget = self._budgets.setdefault(session.avatar, Budget(self._limits, now))
        if not budget.take(size, now):
            self._refuse("signal_flood")
        elif not self._has_room(target, size):
            self._refuse("signal_backlog")
        else:
            target.tell(Signaled(session.avatar, message.link, message.payload))
            # Each turn of the negotiation would else wait for a tick.
            target.flush()
            self._metrics.signals.inc()

    # --- parts ------------------------------------------------------------------------------------------------------

    def _decide(self, avatar: int, other: int) -> bool:
        """Make the link what the policy says; True if that changed it."""
        session = self._sessions.get(avatar)
        decision = None
        if session is not None:
            decision = verdict(
                self._party(avatar),
                self._party(other),
                near=other in session.near,
                from_one=other in session.heard_by or other in session.seen_by,
                from_other=other in session.hears or other in session.sees,
            )
        present = self._links.get(avatar, {}).get(other)
        if decision is None:
            if present is not None:
                self._cut(avatar, other)
            return present is not None
        speaker = {Way.BOTH: 0, Way.FROM_ONE: avatar, Way.FROM_OTHER: other}[decision.way]
        if present is None:
            self._numbers += 1
            self._metrics.links.inc()
        elif (present.flat, present.speaker) == (decision.flat, speaker):
            return False
        link = Link(self._numbers if present is None else present.number, decision.flat, speaker)
        self._links.setdefault(avatar, {})[other] = link
        self._links.setdefault(other, {})[avatar] = link
        return True

    def _cut(self, avatar: int, other: int) -> None:
        for one, two in ((avatar, other), (other, avatar)):
            mine = self._links[one]
            del mine[two]
            if not mine:
                del self._links[one]
        self._metrics.links.dec()

    def _party(self, avatar: int) -> Party:
        session = self._sessions.get(avatar)
        if session is None:
            return Party(speaks=False, area=0)
        return Party(session.wants(Feature.MEDIA), self._area_of(avatar), session.status == Status.DND)

    def _set_state(self, session: Session, state: int, but: Session | None = None) -> None:
        if session.standing.is_muted:
            state &= ~_MICROPHONE
        if state & SCREEN and not self.may_share(session):
            state &= ~SCREEN
        if session.media == state:
            return
        session.media = state
        if self.guide is not None:
            self.guide.media_changed(session)
        message = encode(MediaState(session.avatar, state))
        for other in self._sessions.values():
            if other is not but and other.wants(Feature.MEDIA):
                other.tell_encoded(message)

    def _has_room(self, target: Session, size: int) -> bool:
        """Whether the target still reads: nobody may fill up what is kept for somebody else."""
        if target.connection is not None:
            return target.connection.outbox.waiting_bytes + size <= self._backlog_bytes
        kept = self._kept_bytes.get(target.avatar, 0) + size
        if kept > self._backlog_bytes:
            return False
        self._kept_bytes[target.avatar] = kept
        return True

    def _refuse(self, why: str) -> None:
        self._metrics.discarded.labels(why).inc()


def _around(session: Session) -> set[int]:
    """Everybody with whom somebody may have a link."""
    return session.near | session.hears | session.heard_by | session.sees | session.seen_by


def _flags(avatar: int, link: Link) -> int:
    """A link as the LINKS of one end has it."""
    one_way = 0 if link.speaker == 0 else _IS_HEARD_ONLY if link.speaker == avatar else _HEARS_ONLY
    return _FLAT * link.flat | one_way
