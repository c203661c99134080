"""Looks at all servers of an office again and again; what lies between two looks makes rates."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from dataclasses import dataclass
from typing import Any

import msgspec
from rich.console import Console
from rich.live import Live as Screen

from server.ops.live import Live
from server.ops.operator_client import OperatorClient, OperatorError

OTHERS_S = 5.0
"""How long a single look waits for what other servers say of themselves."""


class Rates(msgspec.Struct, frozen=True):
    """What a server did between two looks, a second. `cpu`, `tick_load`, `stages`: shares of one core."""

    cpu: float
    tick_load: float
    stages: dict[str, float]
    ticks: float
    ticks_dropped: float
    bytes_down: float
    snapshots: float
    snapshots_skipped: float
    shared: float
    events: float
    messages: float
    corrections: float
    proximity_events: float


@dataclass(frozen=True, slots=True)
class Look:
    """One server at one moment. `live` None: it did not answer, and `entry` is what it last said of itself."""

    entry: dict[str, Any]
    live: Live | None
    rates: Rates | None


class Fleet:
    """The servers of an office, seen through the one that was named. Methods raise `OperatorError`."""

    def __init__(self, client: OperatorClient) -> None:
        self.client = client
        self.complete = False
        """Whether every server was seen in the last look: those beside the one that answers take two seconds."""
        self._before: dict[str, Live] = {}
        self._newest: dict[str, Rates] = {}

    async def look(self) -> list[Look]:
        """Every server, the one that answers first."""
        own = await _live(self.client)
        entries = {entry["id"]: entry for entry in (await self.client.get("/api/admin/servers"))["servers"]}
        others = [entry for server_id, entry in entries.items() if server_id != own.id]
        found = {own.id: own}
        for live in await asyncio.gather(*(self._other(entry) for entry in others)):
            if live is not None:
                found[live.id] = live
        self.complete = len(found) > len(others)
        looks = [Look(entries.get(own.id, {"id": own.id, "address": own.address}), own, self._rates(own))]
        for entry in others:
            other = found.get(entry["id"])
            looks.append(Look(entry, other, self._rates(other) if other else None))
        for server_id, live in found.items():
            if server_id not in self._before or live.at_s > self._before[server_id].at_s:
                self._before[server_id] = live
        return sorted(looks, key=lambda look: (str(look.entry.get("started_at", "")), str(look.entry["id"])))

    async def _other(self, entry: dict[str, Any]) -> Live | None:
        """None: it has not told yet."""
        with contextlib.suppress(OperatorError):
            return await _live(self.client, str(entry["id"]))
        return None

    def _rates(self, now: Live) -> Rates | None:
        before = self._before.get(now.id)
        if before is None:
            return None
        if now.at_s > before.at_s:
            self._newest[now.id] = rates_between(before, now)
        return self._newest.get(now.id)


def rates_between(before: Live, now: Live) -> Rates:
    """What happened in between, a second."""
    passed = now.at_s - before.at_s
    old, new = before.totals, now.totals

    def rate(name: str) -> float:
        return round(float(getattr(new, name) - getattr(old, name)) / passed, 4)

    snapshots = new.snapshots - old.snapshots
    return Rates(
        round((now.cpu_s - before.cpu_s) / passed, 4),
        rate("tick_s"),
        {stage: round((s - old.stage_s.get(stage, 0.0)) / passed, 5) for stage, s in new.stage_s.items()},
        rate("ticks"),
        rate("ticks_dropped"),
        rate("snapshot_bytes"),
        rate("snapshots"),
        rate("snapshots_skipped"),
        round((new.snapshots_shared - old.snapshots_shared) / snapshots, 3) if snapshots else 0.0,
        rate("events"),
        rate("messages"),
        rate("corrections"),
        rate("proximity_events"),
    )


async def _live(client: OperatorClient, server: str = "") -> Live:
    try:
        return msgspec.convert(await client.get(f"/api/admin/live?server={server}"), Live)
    except msgspec.ValidationError as error:
        raise OperatorError(f"the server at {client.url} is of another version than this command ({error})") from None


async def watch(fleet: Fleet, every: float, *, once: bool, as_json: bool, console: Console | None = None) -> None:
    """Look until interrupted, or once. Raises `OperatorError` only for the first look: later ones are shown."""
    from server.ops.top_view import trouble, view

    console = console or Console()
    await fleet.look()
    await asyncio.sleep(min(every, 1.0) if once else every)
    until = time.monotonic() + OTHERS_S
    while once and time.monotonic() < until and not (await fleet.look() and fleet.complete):  # noqa: ASYNC110
        await asyncio.sleep(0.5)
    if once or as_json:
        while True:
            looks = await fleet.look()
            if as_json:
                print(json.dumps([to_json(look) for look in looks]), flush=True)  # rich would wrap it
            else:
                console.print(view(looks))
            if once:
                return
            await asyncio.sleep(every)
    with Screen(console=console, screen=True, auto_refresh=False) as screen:
        while True:
            try:
                shown = view(await fleet.look(), height=console.height)
            except OperatorError as error:
                shown = trouble(str(error))
            screen.update(shown, refresh=True)
            await asyncio.sleep(every)


def to_json(look: Look) -> dict[str, Any]:
    """For programs."""
    live = msgspec.to_builtins(look.live) if look.live else None
    rates = msgspec.to_builtins(look.rates) if look.rates else None
    return {"server": look.entry, "live": live, "rates": rates}
