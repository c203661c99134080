"""What people are and may do in a running room, and what its rulers change while it runs.

Settings, roles, mutes and presence come from the database through the directory; portals answer those who stand in
them. Everything is felt at once: by the world as commands of the next tick, by clients as events (STANDARD.md sections
4.4, 5.2 and 5.14 to 5.16).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from uuid import UUID

from protocol.constants import Change, Feature
from protocol.messages import Act, Changed, Entry, Error, Joined, Mood, Portal, Presence, Radii, Roster, encode
from server.rooms.roles import Role
from server.rooms.session import Session
from server.settings import Settings
from server.store.members import Standing
from server.store.portals import Portal as StoredPortal
from server.store.rooms import Room as StoredRoom

if TYPE_CHECKING:
    from server.rooms.room import Room


@dataclass(frozen=True, slots=True)
class Rules:
    """The part of a room's settings that its world lives by. Radii in px; `areas`: zone id to the least role."""

    join_px: int
    leave_px: int
    areas: dict[int, Role]

    @classmethod
    def of(cls, settings: Settings, stored: StoredRoom | None = None) -> Rules:
        """A room's own join radius keeps the proportion to the leave radius that the server's settings have."""
        join_px, leave_px = settings.proximity_join_px, settings.proximity_leave_px
        if stored is None or stored.proximity_px is None:
            return cls(join_px, leave_px, stored.areas if stored else {})
        own = stored.proximity_px
        return cls(own, -(-own * leave_px // join_px), stored.areas)


class Governance:
    """The rulers' side of one room."""

    def __init__(self, room: Room, settings: Settings) -> None:
        self._room, self._settings = room, settings
        self.rules = Rules.of(settings)
        self.name = ""
        self.is_public = False
        self._portals: dict[int, StoredPortal] = {}

    @property
    def radii(self) -> Radii:
        """Proximity's radii as the wire has them."""
        return Radii(self.rules.join_px, self.rules.leave_px)

    # --- what the directory says ------------------------------------------------------------------------------------

    def open_with(self, stored: StoredRoom, portals: Sequence[StoredPortal]) -> None:
        """Take the stored settings before anybody is here."""
        self._portals = {portal.number: portal for portal in portals}
        self._room.change_capacity(stored.max_capacity)
        self._take(stored)

    def change_settings(self, stored: StoredRoom) -> None:
        """The room's settings were changed. People who are inside stay, also above a smaller capacity."""
        self._room.change_capacity(stored.max_capacity)
        self._take(stored)
        self._tell_change(Change.SETTINGS)

    def change_portals(self, portals: Sequence[StoredPortal]) -> None:
        """These are the room's portals from now on."""
        self._portals = {portal.number: portal for portal in portals}
        self._tell_change(Change.PORTALS)

    def change_standing(self, user_id: UUID, standing: Standing) -> None:
        """Somebody has another role, or was muted or unmuted."""
        session = self._room.session_of(user_id)
        if session is None:
            return
        before, session.standing = session.standing, standing
        if before.role is not standing.role:
            self._room.commands.ranks.append((session.avatar, standing.role))
        if (before.role, before.is_muted) != (standing.role, standing.is_muted):
            self._room.reconsider_media(session)
            self.tell_entry(session)

    def change_presence(self, user_id: UUID, status: int, text: str) -> None:
        """Somebody wants to be seen in another way."""
        session = self._room.session_of(user_id)
        if session is None or (session.status, session.text) == (status, text):
            return
        session.status, session.text = status, text
        self._room.reconsider_media(session)
        self._broadcast(encode(Presence((Mood(session.avatar, status, text),))))

    # --- what the room says -----------------------------------------------------------------------------------------

    def settle(self, newcomers: Sequence[Session], others: Iterable[Session]) -> None:
        """Newcomers get the rank of their role, and the others get to know them."""
        if not newcomers:
            return
        self._room.commands.ranks.extend((session.avatar, session.standing.role) for session in newcomers)
        spellings = [[encode(Joined(session.entry(people=knows))) for session in newcomers] for knows in (False, True)]
        if moods := _moods(newcomers):
            spellings[True].append(encode(Presence(moods)))
        for other in others:
            other.tell_each(spellings[other.wants(Feature.PEOPLE)])

    def tell_roster(self, sessions: Sequence[Session]) -> None:
        """Tell these clients who everybody is and how they want to be seen."""
        everyone = self._room.sessions.values()
        spellings: dict[bool, list[bytes]] = {}
        for session in sessions:
            knows = session.wants(Feature.PEOPLE)
            if knows not in spellings:
                # Bytes that are there already, in the place of the same entries.
                entries = cast("tuple[Entry, ...]", tuple(other.encoded_entry(people=knows) for other in everyone))
                spellings[knows] = [encode(Roster(entries))]
                if knows:
                    spellings[knows].append(encode(Presence(_moods(everyone))))
            session.tell_each(spellings[knows])

    def tell_entry(self, session: Session) -> None:
        """Tell everybody who one person is; without the feature `people` the flags say less."""
        spellings = [encode(Joined(session.entry(people=knows))) for knows in (False, True)]
        for other in self._room.sessions.values():
            other.tell_encoded(spellings[other.wants(Feature.PEOPLE)])

    def use_portal(self, session: Session, message: Act) -> None:
        """Answer somebody who asks where a portal leads."""
        portal = self._portals.get(message.target)
        if portal is None:
            session.tell(Error(message.ref, "unknown_target", "There is no portal like that here."))
        elif not self._room.world.reaches(session.avatar, (portal.x, portal.y, portal.w, portal.h)):
            session.tell(Error(message.ref, "out_of_reach", "That portal is too far away. Step closer."))
        else:
            session.tell(Portal(message.ref, portal.number, str(portal.target_id)))

    # --- parts ------------------------------------------------------------------------------------------------------

    def _take(self, stored: StoredRoom) -> None:
        self.name, self.is_public = stored.name, stored.is_public
        for part in self._room.parts:
            part.configure(stored)
        before, self.rules = self.rules, Rules.of(self._settings, stored)
        rules = self.rules
        commands = self._room.commands
        if (before.join_px, before.leave_px) != (rules.join_px, rules.leave_px):
            commands.radii = (rules.join_px, rules.leave_px)
        if before.areas != rules.areas:
            commands.areas = {zone: int(role) for zone, role in rules.areas.items()}

    def _tell_change(self, what: Change) -> None:
        self._broadcast(encode(Changed(int(what), self.radii)))

    def _broadcast(self, message: bytes) -> None:
        """To everybody who agreed on the feature `people`."""
        for session in self._with_people():
            session.tell_encoded(message)

    def _with_people(self) -> Iterable[Session]:
        return (session for session in self._room.sessions.values() if session.wants(Feature.PEOPLE))


def _moods(sessions: Iterable[Session]) -> tuple[Mood, ...]:
    """How those of them want to be seen who are not simply available."""
    return tuple(Mood(other.avatar, other.status, other.text) for other in sessions if other.status or other.text)
