"""Which way each link goes: directly, or through the SFU (STANDARD.md section 7.3). Pure; `now` is in s.

    links, pictures, what arrives, is there an SFU? -> who has too many links -> target of each link -> route

Make before break: a link whose target changed goes both ways until both ends have said that the new one delivers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from protocol.constants import PathFlag, Route

BACK_S: Final = 10.0
"""How long somebody must have had few enough links before theirs go the direct way again."""
RETRY_S: Final = 60.0
LONGEST_RETRY_S: Final = 960.0
"""A direct way that was given up is tried again after a while that doubles: what was in its way may have been a busy
computer; sound comes through the SFU meanwhile."""


@dataclass(frozen=True, slots=True)
class DirectLimits:
    """Most links that one person has directly: while one of them shows a picture, and while all only talk. 0: none."""

    video: int = 4
    sound: int = 6

    def most(self, pictures: bool) -> int:
        """What holds now."""
        return self.video if pictures else self.sound


@dataclass(frozen=True, slots=True)
class PlannedLink:
    """What the plan needs to know of a link between two avatars. `able`: both clients agreed on `sfu`."""

    number: int
    one: int
    other: int
    able: bool


@dataclass(slots=True)
class _Person:
    links: dict[int, PlannedLink] = field(default_factory=dict)
    crowded: bool = False
    calm_since: float | None = None
    paths: Mapping[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class _GivenUp:
    """`until`: when the direct way is tried again; None: it is tried now, or was with success."""

    wait_s: float
    until: float | None


class Planner:
    """The plan of one room. Every method that changes something returns the avatars whose plan is another one now."""

    def __init__(self, limits: DirectLimits) -> None:
        self._limits = limits
        self._people: dict[int, _Person] = {}
        self._routes: dict[int, Route] = {}
        self._links: dict[int, PlannedLink] = {}
        self._pictures: set[int] = set()
        self._given_up: dict[int, _GivenUp] = {}
        self.available = False
        """Whether there is an SFU."""

    # --- what is asked ----------------------------------------------------------------------------------------------

    def routes_of(self, avatar: int) -> dict[int, Route]:
        """Route by link number, of the links that do not simply go the direct way."""
        person = self._people.get(avatar)
        found = {} if person is None else {number: self._routes[number] for number in person.links}
        return {number: route for number, route in found.items() if route is not Route.DIRECT}

    def has(self, number: int) -> bool:
        """Whether there is such a link now."""
        return number in self._links

    def route(self, number: int) -> Route:
        """Of one link."""
        return self._routes.get(number, Route.DIRECT)

    def needs_leg(self, avatar: int) -> bool:
        """Whether a link of theirs goes through the SFU, or the next one would: so the leg is there in time."""
        person = self._people.get(avatar)
        if person is None or not self.available or not any(link.able for link in person.links.values()):
            return False
        if any(self._routes[number] is not Route.DIRECT for number in person.links):
            return True
        return len(person.links) >= self._limits.most(self._sees_pictures(avatar, person))

    def partners(self, avatar: int) -> list[PlannedLink]:
        """The links that go through the SFU now."""
        person = self._people.get(avatar)
        if person is None:
            return []
        return [link for number, link in person.links.items() if self._routes[number] is not Route.DIRECT]

    # --- what happens -----------------------------------------------------------------------------------------------

    def set_links(self, avatar: int, links: Iterable[PlannedLink], now: float) -> set[int]:
        """These are all links that the avatar has now."""
        new = {link.number: link for link in links}
        old = self._people[avatar].links if avatar in self._people else {}
        touched = {avatar}
        renamed: set[int] = set()
        for number in old.keys() - new.keys():
            link = self._links.pop(number, None)
            route = self._routes.pop(number, Route.DIRECT)
            self._given_up.pop(number, None)
            if link is not None:
                if route is not Route.DIRECT:
                    renamed |= {link.one, link.other}
                for end in (link.one, link.other):
                    touched.add(end)
                    self._forget_link(end, number)
        for number, link in new.items():
            self._links[number] = link
            for end in (link.one, link.other):
                person = self._people.setdefault(end, _Person())
                if person.links.get(number) != link:
                    touched.add(end)
                    person.links[number] = link
        return renamed | self._settle(touched, now)

    def show_picture(self, avatar: int, shows: bool, now: float) -> set[int]:
        """The avatar switched camera or screen on, or everything off."""
        if shows == (avatar in self._pictures):
            return set()
        (self._pictures.add if shows else self._pictures.discard)(avatar)
        return self._settle(self._around(avatar), now)

    def deliver(self, avatar: int, paths: Mapping[int, int], now: float) -> set[int]:
        """What arrives at the avatar: `PathFlag` bits by link number."""
        person = self._people.get(avatar)
        if person is None:
            return set()
        person.paths = {number: bits for number, bits in paths.items() if number in person.links}
        for number, bits in person.paths.items():
            if bits & PathFlag.GIVEN_UP and not bits & PathFlag.DIRECT:
                self._give_up(number, now)
        return self._settle(self._around(avatar), now)

    def lost_leg(self, avatar: int) -> None:
        """What the avatar said of the SFU means nothing any more."""
        person = self._people.get(avatar)
        if person is not None:
            person.paths = {number: bits & ~PathFlag.SFU for number, bits in person.paths.items()}

    def set_available(self, available: bool, now: float) -> set[int]:
        """There is an SFU, or none any more: then everything goes the direct way at once."""
        if available == self.available:
            return set()
        self.available = available
        if not available:
            changed = {
                end for number in self._routes for end in self._ends(number) if self.route(number) != Route.DIRECT
            }
            self._routes = dict.fromkeys(self._routes, Route.DIRECT)
            for person in self._people.values():
                person.paths = {}
            return changed
        return self._settle(self._people.keys(), now)

    def forget(self, avatar: int, now: float) -> set[int]:
        """The avatar is gone for good."""
        changed = self.set_links(avatar, (), now)
        self._people.pop(avatar, None)
        self._pictures.discard(avatar)
        return changed - {avatar}

    def handle_timer(self, now: float) -> set[int]:
        """To be called every second or so: who had few links for long enough goes back to the direct way, and one that
        was given up long enough ago is tried again."""
        waiting = {avatar for avatar, person in self._people.items() if person.calm_since is not None}
        for number, given_up in self._given_up.items():
            if given_up.until is not None and now >= given_up.until:
                given_up.until = None
                waiting |= self._ends(number)
        return self._settle(waiting, now)

    # --- parts ------------------------------------------------------------------------------------------------------

    def _give_up(self, number: int, now: float) -> None:
        """The direct way of a link was tried long enough."""
        before = self._given_up.get(number)
        if before is None:
            self._given_up[number] = _GivenUp(RETRY_S, now + RETRY_S)
        elif before.until is None:
            before.wait_s = min(before.wait_s * 2, LONGEST_RETRY_S)
            before.until = now + before.wait_s

    def _is_given_up(self, number: int) -> bool:
        given_up = self._given_up.get(number)
        return given_up is not None and given_up.until is not None

    def _settle(self, avatars: Iterable[int], now: float) -> set[int]:
        """Decide anew for these, and for the links that they have."""
        numbers: set[int] = set()
        for avatar in avatars:
            person = self._people.get(avatar)
            if person is not None:
                self._count(avatar, person, now)
                numbers |= person.links.keys()
        changed: set[int] = set()
        for number in numbers:
            before = self._routes.get(number)
            after = self._next(self._links[number], before)
            if after is not before:
                self._routes[number] = after
                self._retire(number, after)
                if before is not None or after is not Route.DIRECT:
                    changed |= self._ends(number)
        return changed

    def _count(self, avatar: int, person: _Person, now: float) -> None:
        """Whether the person has too many links for the direct way, with hysteresis and dwell."""
        count = len(person.links)
        most = self._limits.most(self._sees_pictures(avatar, person))
        if count > most:
            person.crowded, person.calm_since = True, None
        elif count == 0:
            person.crowded, person.calm_since = False, None
        elif person.crowded and count < most:
            if person.calm_since is None:
                person.calm_since = now
            elif now - person.calm_since >= BACK_S:
                person.crowded, person.calm_since = False, None
        else:
            person.calm_since = None

    def _next(self, link: PlannedLink, route: Route | None) -> Route:
        crowded = self._people[link.one].crowded or self._people[link.other].crowded
        wanted = self.available and link.able and (crowded or self._is_given_up(link.number))
        target = Route.SFU if wanted else Route.DIRECT
        if route is None or route is target:
            return target
        if not (self.available and link.able):
            return Route.DIRECT
        bit = PathFlag.SFU if target is Route.SFU else PathFlag.DIRECT
        ends = (self._people[link.one], self._people[link.other])
        return target if all(end.paths.get(link.number, 0) & bit for end in ends) else Route.BOTH

    def _retire(self, number: int, route: Route) -> None:
        """What was said of a path that is taken away does not hold for the next time that it is made."""
        for end in self._ends(number):
            paths = self._people[end].paths
            if number in paths:
                kept = paths[number] & (route | PathFlag.GIVEN_UP)
                self._people[end].paths = {**paths, number: kept}

    def _sees_pictures(self, avatar: int, person: _Person) -> bool:
        if avatar in self._pictures:
            return True
        return any(end in self._pictures for link in person.links.values() for end in (link.one, link.other))

    def _around(self, avatar: int) -> set[int]:
        person = self._people.get(avatar)
        return {avatar} if person is None else {avatar, *(end for n in person.links for end in self._ends(n))}

    def _ends(self, number: int) -> set[int]:
        link = self._links[number]
        return {link.one, link.other}

    def _forget_link(self, avatar: int, number: int) -> None:
        person = self._people.get(avatar)
        if person is not None:
            person.links.pop(number, None)
            if number in person.paths:
                person.paths = {each: bits for each, bits in person.paths.items() if each != number}
