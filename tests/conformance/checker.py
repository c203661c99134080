"""Is what a server sent legal? One session, fed message by message, over as many connections as it was resumed on.

    .venv/bin/python -m tests.conformance.checker map.json connection1.capture [connection2.capture ...]

A capture is the server's messages of one connection in order, each behind its length as u32 little-endian.
A *violation* breaks STANDARD.md; a *remark* is odd, but the standard does not forbid it.
"""

from __future__ import annotations

import json
import struct
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from .sfu_rules import SfuRules
from .snapshots import Doors, Outcome, Snapshots
from .wire import (
    FEATURE_CHECK,
    FEATURE_MEDIA,
    FEATURE_PEOPLE,
    FEATURE_PROXIMITY,
    FEATURE_SFU,
    Malformed,
    Message,
    decode,
)
from .world import Grid, Kinematics, PublicMap

NOT_EVENTS = {"WELCOME", "SNAPSHOT", "GOODBYE"}
"""Kinds that the event counter leaves out (section 6.2): the state lane, WELCOME and GOODBYE."""

ERROR_CODES = {"unknown_target", "out_of_reach", "occupied", "not_allowed", "too_fast"}
GOODBYE_CODES = set(range(4000, 4016))
GREETING_ONLY = {4002, 4003, 4004, 4005, 4011}
LIVE_ONLY = {4006, 4009, 4010, 4014}
SFU_KINDS = {"BACKEND", "PLAN", "DESCRIBED", "SLOTS", "QUALITY"}
PEOPLE_FLAGS = 0b111100
"""Bits of an entry's flags that need the feature `people`: muted, and the role (section 5.2)."""


class ConnectionState(Enum):
    GREETING = "GREETING"
    LIVE = "LIVE"
    CLOSED = "CLOSED"


@dataclass(frozen=True)
class Finding:
    """What is wrong with which message (counted from 0 over all connections)."""

    message: int
    section: str
    text: str

    def __str__(self) -> str:
        return f"message {self.message}: section {self.section}: {self.text}"


class SessionChecker:
    """The client's end of one session. connect(), then receive() for each message; then look at violations."""

    def __init__(self, public_map: PublicMap, *, version: int = 0, features: int = 3, reliable: bool = True) -> None:
        self._map = public_map
        self._offer = (version, features)
        self._reliable = reliable
        self.state = ConnectionState.CLOSED
        self.violations: list[Finding] = []
        self.remarks: list[Finding] = []
        self.connections = 0
        self.messages = 0
        self.events = 0
        self.sums_checked = 0
        self.outcomes: Counter[Outcome] = Counter()
        self.roster: dict[int, tuple[object, ...]] = {}
        self.near: set[int] = set()
        self.welcome: Message | None = None
        self.snapshots: Snapshots | None = None
        self.doors = Doors(0, 0, frozenset())
        self._opening: list[str] = []
        self._epoch: int | None = None
        self._tokens: set[bytes] = set()
        self._forgot = False
        self._welcome_open: frozenset[int] | None = None
        self._newest_tick = 0
        self._input = 0
        self._left_near: set[int] = set()
        self.links: dict[int, int] = {}
        self.signals = 0
        self._past_links: set[int] = set()
        self._link_epoch: int | None = None
        self.sfu = SfuRules(self)

    def connect(self) -> None:
        """A new connection on which HELLO was sent."""
        self.state = ConnectionState.GREETING
        self.connections += 1

    def receive(self, data: bytes) -> Message | None:
        """One message; None if it was malformed or came in the wrong state."""
        try:
            message = decode(data)
        except Malformed as error:
            self._violation(error.section, str(error).partition(": ")[2])
            self.state = ConnectionState.CLOSED
            self.messages += 1
            return None
        legal = self._legal_here(message.name)
        if legal:
            if message.name not in NOT_EVENTS:
                self.events += 1
            self._in_order(message.name)
            if message.name in SFU_KINDS:
                self.sfu.receive(message)
            else:
                getattr(self, f"_on_{message.name.lower()}")(message)
        self.messages += 1
        return message if legal else None

    def _violation(self, section: str, text: str) -> None:
        self.violations.append(Finding(self.messages, section, text))

    def _remark(self, section: str, text: str) -> None:
        self.remarks.append(Finding(self.messages, section, text))

    def _legal_here(self, name: str) -> bool:
        if self.state is ConnectionState.CLOSED:
            self._violation("6.1", f"{name} in CLOSED")
            return False
        greets = self.state is ConnectionState.GREETING
        if name != "GOODBYE" and (name == "WELCOME") != greets:
            self._violation("6.1", f"{name} in {self.state.name}")
            self.state = ConnectionState.CLOSED
            return False
        return True

    def _in_order(self, name: str) -> None:
        """WELCOME, ROSTER, PRESENCE, PROXIMITY, LINKS, SNAPSHOT open a connection in this order (section 6.1)."""
        if name == "GOODBYE" or name == "WELCOME":
            return
        if self._opening and name == self._opening[0]:
            self._opening.pop(0)
        elif name in self._opening:
            self._violation("6.1", f"{name} before {self._opening[0]}")
            self._opening = []
        elif self._opening and self._opening != ["SNAPSHOT"]:
            self._remark("6.1", f"{name} before {self._opening[0]}")

    def _on_welcome(self, m: Message) -> None:
        self.state = ConnectionState.LIVE
        previous, self.welcome = self.welcome, m
        if m["version"] > self._offer[0] or m["version"] > 0:
            self._violation("1.1", f"version {m['version']} was not offered, or is not of this page")
        if m["features"] & ~self._offer[1]:
            self._violation("1.1", f"features {m['features']:#x} are more than the offered {self._offer[1]:#x}")
        if m["resume"] in self._tokens:
            self._violation("6.2", "the resume token was used before")
        self._tokens.add(m["resume"])
        now_open = frozenset(m["doors"][1])
        if unknown := now_open - set(self._map.doors):
            self._violation("5.1", f"doors {sorted(unknown)} are open but not on the map")
        if len(now_open) != len(m["doors"][1]):
            self._violation("5.1", "a door is listed twice")
        if m["continuity"] and previous is None:
            self._violation("5.1", f"continuity {m['continuity']} in a fresh session")
        resumed = bool(m["continuity"]) and previous is not None and self.snapshots is not None
        if resumed and previous is not None and m["avatar"] != previous["avatar"]:
            self._violation("6.1", f"the resumed session has avatar {m['avatar']}, it had {previous['avatar']}")
        self._welcome_open = None
        if resumed and m["continuity"] == 1:
            if m["events"] != self.events:
                self._violation("6.2", f"the event counter is {self.events}, WELCOME says {m['events']}")
            self._welcome_open = now_open
        else:
            self._begin(m, now_open, keep=resumed)
        self.events = m["events"]
        proximity = ["PROXIMITY"] if m["features"] & FEATURE_PROXIMITY else []
        links = ["LINKS"] if m["features"] & FEATURE_MEDIA else []
        presence = ["PRESENCE"] if m["features"] & FEATURE_PEOPLE else []
        sfu = ["BACKEND", "PLAN"] if m["features"] & FEATURE_SFU else []
        whole = ["ROSTER", *presence, *proximity, *sfu, *links, "SNAPSHOT"]
        self._opening = ["SNAPSHOT"] if m["continuity"] == 1 else whole

    def _begin(self, m: Message, now_open: frozenset[int], *, keep: bool) -> None:
        """Nothing of before holds, except (keep) states that no unknown door change lies behind."""
        self.roster, self.near, self._left_near, self._epoch = {}, set(), set(), None
        self.links, self._past_links, self._link_epoch = {}, set(), None
        self.sfu.begin()
        if keep and m["doors"][0] == self.doors.newest_world and now_open == self.doors.open_at(m["tick"]):
            return
        self.doors = Doors(m["tick"], m["doors"][0], now_open)
        grid = Grid.of(self._map.width_px, *m["interest"])
        self.snapshots = Snapshots(self._map, Kinematics(*m["kinematics"]), grid, reliable=self._reliable)
        self._forgot, self._newest_tick = keep, m["tick"]
        self._input = self._input if keep else 0

    def _on_snapshot(self, m: Message) -> None:
        assert self.snapshots is not None
        assert self.welcome is not None
        self._after_missed_events()
        if m["check"] is not None and not self.welcome["features"] & FEATURE_CHECK:
            self._violation("1.1", "a checksum without the feature `check`")
        outcome = self.snapshots.apply(m, self.doors)
        self.outcomes[outcome] += 1
        if outcome is Outcome.WRONG_SUM:
            self._forgot = True
            computed = self.snapshots.expected_sum
            self._violation("5.6", f"tick {m['tick']}: check {m['check']:#x}, computed {computed:#x}")
        elif outcome is Outcome.NO_BASELINE and not self._forgot:
            self._violation("5.5", f"tick {m['tick']}: no client can have the state at {m['tick'] - m['age']}")
        elif outcome is not Outcome.APPLIED:
            self._remark("5.5", f"tick {m['tick']} is discarded: {outcome.value}")
        else:
            self._applied(m)

    def _applied(self, m: Message) -> None:
        assert self.snapshots is not None
        assert self.snapshots.newest is not None
        assert self.welcome is not None
        self._forgot = False
        self.sums_checked += m["check"] is not None
        if m["tick"] >= self.doors.tick and m["world"] != self.doors.world_at(m["tick"]):
            known = self.doors.world_at(m["tick"])
            self._violation("5.5", f"tick {m['tick']}: world {m['world']}, by the DOOR messages it is {known}")
        if m["tick"] - self._newest_tick > self.welcome["limits"][1] > 0:
            self._remark("5.5", f"no snapshot for {m['tick'] - self._newest_tick} ticks")
        if m["input"] is not None and m["input"] < self._input:
            self._violation("5.5", f"input falls from {self._input} to {m['input']}")
        for what in ("gone", "rows"):
            ids = [row if what == "gone" else row[0] for row in m[what]]
            if len(ids) != len(set(ids)):
                self._remark("5.5", f"an avatar twice in {what}")
        if self.welcome["avatar"] not in self.snapshots.newest.avatars:
            self._remark("5.5", "the own avatar is not in the snapshot")
        for avatar_id, _, x, y in m["rows"]:
            if not self.snapshots.grid.in_interest(self.snapshots.grid.cell(x, y), m["home"]):
                self._remark("5.5", f"the row of avatar {avatar_id} is outside the interest set")
        self._newest_tick = max(self._newest_tick, m["tick"])
        self._input = m["input"] if m["input"] is not None else self._input

    def _after_missed_events(self) -> None:
        """The missed DOORs must lead to what WELCOME said of its tick (continuity 1)."""
        if self._welcome_open is None or self.welcome is None:
            return
        tick, world = self.welcome["tick"], self.welcome["doors"][0]
        if self.doors.open_at(tick) != self._welcome_open or self.doors.world_at(tick) != world:
            self._violation("5.1", "the doors of WELCOME are not what the DOOR messages make them")
        self._welcome_open = None

    def _on_roster(self, m: Message) -> None:
        self.roster = {entry[0]: entry for entry in m["entries"]}
        if len(self.roster) != len(m["entries"]):
            self._violation("5.2", "an avatar is twice in the ROSTER")
        for entry in m["entries"]:
            self._check_flags(entry)

    def _on_joined(self, m: Message) -> None:
        self._check_flags(m["entry"])
        self.roster[m["entry"][0]] = m["entry"]

    def _check_flags(self, entry: Sequence[Any]) -> None:
        assert self.welcome is not None
        if entry[4] & PEOPLE_FLAGS and not self.welcome["features"] & FEATURE_PEOPLE:
            self._violation("5.2", f"flags {entry[4]:#b} of avatar {entry[0]} without the feature `people`")
        if entry[4] >> 3 & 7 > 5:
            self._violation("5.2", f"flags {entry[4]:#b} of avatar {entry[0]}: there is no such role")

    def _on_presence(self, m: Message) -> None:
        self._needs_people("PRESENCE")
        for avatar, *_ in m["entries"]:
            if avatar not in self.roster:
                self._violation("5.14", f"PRESENCE of avatar {avatar}, who is not in the roster")

    def _on_portal(self, m: Message) -> None:
        self._needs_people("PORTAL")

    def _on_changed(self, m: Message) -> None:
        self._needs_people("CHANGED")

    def _needs_people(self, name: str) -> None:
        assert self.welcome is not None
        if not self.welcome["features"] & FEATURE_PEOPLE:
            self._violation("1.1", f"{name} without the feature `people`")

    def _on_left(self, m: Message) -> None:
        avatar = m["avatar"]
        if self.roster.pop(avatar, None) is None:
            self._violation("5.2", f"LEFT of avatar {avatar}, who is not in the roster")
        if avatar in self.near:
            self.near.remove(avatar)
            self._left_near.add(avatar)

    def _on_media_state(self, m: Message) -> None:
        if self._has_media("MEDIA_STATE") and m["avatar"] not in self.roster:
            self._violation("5.11", f"MEDIA_STATE of avatar {m['avatar']}, who is not in the roster")

    def _on_links(self, m: Message) -> None:
        if not self._has_media("LINKS"):
            return
        if self._link_epoch is not None and m["epoch"] != self._link_epoch + 1:
            self._violation("5.12", f"epoch {m['epoch']} after {self._link_epoch}")
        self._link_epoch = m["epoch"]
        links = {avatar: number for avatar, number, _ in m["links"]}
        if len(links) != len(m["links"]) or len(set(links.values())) != len(links):
            self._violation("5.12", "an avatar or a number is twice in LINKS")
        if stray := set(links) - self.near:
            self._violation("7.1", f"linked with {sorted(stray)}, who are not near")
        for number in set(links.values()) - set(self.links.values()):
            if number in self._past_links:
                self._violation("5.12", f"the link number {number} is used again")
        self._past_links |= set(links.values())
        self.links = links

    def _on_signaled(self, m: Message) -> None:
        self.signals += 1
        if self._has_media("SIGNALED") and self.links.get(m["sender"]) != m["link"]:
            self._violation("5.13", f"SIGNALED along link {m['link']}, which there is not")

    def _has_media(self, name: str) -> bool:
        assert self.welcome is not None
        if not self.welcome["features"] & FEATURE_MEDIA:
            self._violation("1.1", f"{name} without the feature `media`")
            return False
        return True

    def _on_proximity(self, m: Message) -> None:
        assert self.welcome is not None
        if not self.welcome["features"] & FEATURE_PROXIMITY:
            self._violation("1.1", "PROXIMITY without the feature `proximity`")
        if self._epoch is not None and m["epoch"] != self._epoch + 1:
            self._violation("5.3", f"epoch {m['epoch']} after {self._epoch}")
        self._epoch = m["epoch"]
        near, far = set(m["near"]), set(m["far"])
        if near & far or near & self.near:
            self._violation("5.3", f"avatars {sorted(near & far | near & self.near)} come near twice, or near and far")
        if stray := far - self.near - self._left_near:
            self._violation("5.3", f"avatars {sorted(stray)} go far, but were not near")
        if self.welcome["avatar"] in near | far:
            self._violation("5.3", "the own avatar in PROXIMITY")
        if unknown := near - set(self.roster):
            self._remark("5.3", f"avatars {sorted(unknown)} are near, but not in the roster")
        self.near = (self.near | near) - far
        self._left_near -= far

    def _on_door(self, m: Message) -> None:
        assert self.welcome is not None
        if m["door"] not in self._map.doors:
            self._violation("5.4", f"door {m['door']} is not on the map")
        if self.doors.changes and m["tick"] < self.doors.changes[-1][0]:
            self._remark("5.4", f"DOOR of tick {m['tick']} after one of {self.doors.changes[-1][0]}")
        if m["tick"] <= self.doors.tick:
            self._violation("5.4", f"DOOR of tick {m['tick']} is already in the doors of tick {self.doors.tick}")
        if (m["door"] in self.doors.open_at(m["tick"])) == m["open"]:
            self._remark("5.4", f"door {m['door']} already is {'open' if m['open'] else 'shut'}")
        self.doors.change(m["tick"], m["door"], m["open"])

    def _on_pong(self, m: Message) -> None:
        assert self.welcome is not None
        if m["tick"] < self.welcome["tick"] and self.welcome["continuity"] != 1:
            self._remark("5.8", f"PONG of tick {m['tick']}, before WELCOME's {self.welcome['tick']}")

    def _on_error(self, m: Message) -> None:
        if m["code"] not in ERROR_CODES:
            self._violation("5.9", f"unknown code {m['code']!r}")

    def _on_goodbye(self, m: Message) -> None:
        impossible = LIVE_ONLY if self.state is ConnectionState.GREETING else GREETING_ONLY
        if m["code"] not in GOODBYE_CODES or m["code"] in impossible:
            self._violation("5.10", f"GOODBYE {m['code']} in {self.state.name}")
        self.state = ConnectionState.CLOSED


def read_capture(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        (size,) = struct.unpack_from("<I", data, at)
        yield data[at + 4 : at + 4 + size]
        at += 4 + size


def check(public_map: PublicMap, connections: Sequence[Sequence[bytes]], **offer: int) -> SessionChecker:
    """A whole session; one sequence of messages for each connection of it."""
    checker = SessionChecker(public_map, version=offer.get("version", 0), features=offer.get("features", 3))
    for messages in connections:
        checker.connect()
        for message in messages:
            checker.receive(message)
    return checker


def main(map_file: str, *captures: str) -> int:
    public_map = PublicMap.from_json(json.loads(Path(map_file).read_text()))
    checker = check(public_map, [list(read_capture(Path(name).read_bytes())) for name in captures])
    for finding in checker.remarks:
        print("remark   ", finding)
    for finding in checker.violations:
        print("VIOLATION", finding)
    print(f"{checker.messages} messages, {checker.events} events, {checker.sums_checked} checksums matched")
    return 1 if checker.violations else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
