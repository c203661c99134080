"""What section 7.3 asks of a server's messages, beyond the form of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .wire import FEATURE_SFU, Message

if TYPE_CHECKING:
    from .checker import SessionChecker


class SfuRules:
    """One session's plans and slots."""

    def __init__(self, checker: SessionChecker) -> None:
        self._checker = checker
        self.plans = self.slots = 0
        self.routes: dict[int, int] = {}
        self.session = 0
        self._greeted = False
        self._epoch: int | None = None
        self._slots_epoch: int | None = None

    def begin(self) -> None:
        """The client forgets everything (continuity 0 and 2)."""
        self._greeted, self._epoch, self._slots_epoch = False, None, None
        self.routes, self.session = {}, 0

    def receive(self, m: Message) -> None:
        """One of the kinds 96 to 100."""
        welcome = self._checker.welcome
        assert welcome is not None
        if not welcome["features"] & FEATURE_SFU:
            self._violation(f"{m.name} without the feature `sfu`", "1.1")
        getattr(self, f"_on_{m.name.lower()}")(m)

    def _on_backend(self, m: Message) -> None:
        self._greeted = True
        if (m["backend"] == 3) != (m["url"] is not None):
            self._violation("url and token go with LiveKit, and with it alone")

    def _on_plan(self, m: Message) -> None:
        self.plans += 1
        if not self._greeted:
            self._violation("PLAN before BACKEND")
        if self._epoch is not None and m["epoch"] != self._epoch + 1:
            self._violation(f"epoch {m['epoch']} after {self._epoch}")
        self._epoch = m["epoch"]
        if m["session"] != self.session:
            self.session, self._slots_epoch = m["session"], None
        routes = dict(m["routes"])
        if len(routes) != len(m["routes"]):
            self._violation("a link is twice in PLAN")
        if strange := {route for route in routes.values() if route not in (1, 2, 3)}:
            self._violation(f"routes {sorted(strange)}")
        for number, route in routes.items():
            before = self.routes.get(number, 1)
            if number in self._checker.links.values() and {before, route} == {1, 2}:
                self._violation(f"link {number} goes from route {before} to {route} in one step")
        self.routes = routes

    def _on_described(self, m: Message) -> None:
        if m["session"] != self.session:
            self._violation(f"DESCRIBED of session {m['session']}, PLAN says {self.session}")
        if (m["form"] == 2) != (m["sdp"] == ""):
            self._violation("an sdp goes with offers and answers, and with them alone")

    def _on_slots(self, m: Message) -> None:
        self.slots += 1
        if m["session"] != self.session:
            self._violation(f"SLOTS of session {m['session']}, PLAN says {self.session}")
        if self._slots_epoch is not None and m["epoch"] != self._slots_epoch + 1:
            self._violation(f"epoch {m['epoch']} of SLOTS after {self._slots_epoch}")
        self._slots_epoch = m["epoch"]
        sections = [(leg, mid) for leg, mid, *_ in m["slots"]]
        sources = [(avatar, source) for _, _, avatar, source, _ in m["slots"]]
        if len(set(sections)) != len(sections) or len(set(sources)) != len(sources):
            self._violation("a section or a source is twice in SLOTS")

    def _on_quality(self, m: Message) -> None:
        if (m["level"] == 0) != (m["reason"] == 0):
            self._violation("a level below the best has a reason, and the best has none")

    def _violation(self, text: str, section: str = "7.3") -> None:
        self._checker._violation(section, text)
