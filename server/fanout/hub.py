"""This process as the owner of large rooms, and as a gateway of those that others own.

connection -> owner --room is large--> passed to a gateway -> its line to the owner
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from functools import partial
from typing import cast
from uuid import UUID

import structlog
from aiohttp import web
from redis.exceptions import RedisError

from server.auth.address import client_address
from server.cluster.errors import ClusterError
from server.cluster.forward import Forwarder
from server.cluster.guide import Guide
from server.cluster.passing import Passed, can_be_passed, head_of, pass_to
from server.cluster.registry import Process
from server.cluster.signature import HEADER
from server.fanout.conversation import converse
from server.fanout.dial import PATH, UPGRADED, dial
from server.fanout.gate import Gate, Seat
from server.fanout.gateway import Bounds, Gateway
from server.fanout.line import Line
from server.fanout.messages import VERSION, FanoutError, FromGateway, FromOwner
from server.fanout.metrics import FanoutMetrics
from server.fanout.remote import RemoteGuest
from server.fanout.under_way import UnderWay
from server.gateway.websocket import Converse, RoomGateway
from server.ops.metrics import Metrics
from server.rooms.directory import LocalRooms
from server.settings import Settings

log = structlog.get_logger()

LOOK_AGAIN_S = 0.05
"""How soon a client that took no bytes is looked at again."""


class FanoutHub:
    """Implements `server.gateway.websocket.Spread`. `sockets`: takes the rooms' connections here."""

    def __init__(
        self,
        settings: Settings,
        guide: Guide,
        forwarder: Forwarder,
        rooms: LocalRooms,
        sockets: RoomGateway,
        metrics: Metrics,
    ) -> None:
        self._settings, self._guide, self._forwarder = settings, guide, forwarder
        self._rooms, self._sockets, self._metrics = rooms, sockets, metrics
        self._fanout_metrics = FanoutMetrics(metrics.registry)
        self._gates: dict[Gate, Line] = {}
        self._gateways: dict[str, asyncio.Task[tuple[Gateway, Line]]] = {}
        self._under_way = UnderWay(time.monotonic)

    def add_routes(self, app: web.Application) -> None:
        """Mount what gateways dial."""
        app.router.add_get(PATH, self._accept)

    async def stop(self) -> None:
        """End all lines; what was said on them before is sent."""
        for line in list(self._gates.values()):
            line.close()
        for opening in list(self._gateways.values()):
            if opening.done() and not opening.cancelled() and opening.exception() is None:
                gateway, line = opening.result()
                gateway.drop_all()
                line.close()
        await asyncio.sleep(0)

    async def place(self, request: web.Request, room_id: UUID) -> web.StreamResponse | Converse | None:
        """Give away a connection of a large room, or find its owner if it was given to us."""
        loop = self._rooms.opened(room_id)
        if loop is not None:
            least = self._settings.fanout_people
            return self._give_away(request) if least and self._sockets.held[room_id] >= least else None
        said, me = self._forwarder.said(request), self._guide.me
        if said.to != me.id if said is not None else not self._settings.fanout_people:
            return None
        try:
            owner = await self._guide.find(room_id)
        except (ClusterError, RedisError, OSError, TimeoutError):
            return None  # its HELLO is answered with what to do
        if owner is None or owner.id == me.id or (said is None and owner.machine == me.machine):
            return None
        try:
            gateway = await self._gateway_of(owner)
        except (FanoutError, OSError, TimeoutError) as error:
            # Whoever comes back to a place that is kept tries again, and does not lose it.
            log.warning("no line to the owner of a room", room=str(room_id), why=str(error))
            raise web.HTTPServiceUnavailable(text="the room does not answer", headers={"Retry-After": "1"}) from error
        return partial(converse, gateway, self._settings, room_id)

    def server_for(self, room_id: UUID) -> str | None:
        """The name of the server through which the next one comes into a room; None: this one, or whichever."""
        loop, least = self._rooms.opened(room_id), self._settings.fanout_people
        if loop is None or not least:
            return None
        if len(loop.room.sessions) + self._under_way.count(str(room_id)) < least:
            self._under_way.add(str(room_id))
            return None
        me, known = self._guide.me, self._guide.registry.known
        held: dict[str, int] = {}
        for each in known.values():
            if each.name and not each.is_draining:
                held.setdefault(each.name, self._under_way.count(f"at {each.name}"))
        elsewhere = 0
        for gate in self._gates:
            process = known.get(gate.name)
            if process is not None and process.machine != me.machine:
                elsewhere += len(gate)
                if process.name in held:
                    held[process.name] += len(gate)
        if me.name in held:
            held[me.name] += len(loop.room.sessions) - elsewhere
        chosen = min(held, key=lambda name: held[name], default=None)
        if chosen is not None:
            self._under_way.add(f"at {chosen}")
        return chosen

    # --- as an owner ------------------------------------------------------------------------------------------------

    def _give_away(self, request: web.Request) -> web.StreamResponse | None:
        """To the gateway with the fewest of ours; None: there is none that takes it."""
        if not can_be_passed(request):
            return None
        client = client_address(request, self._settings)
        for process in self._gateways_by_load():
            signed = self._forwarder.signed(request.method, request.raw_path, process, client)
            try:
                passed = pass_to(process.passing, request, head_of(request, (HEADER, signed)))
            except OSError as error:
                log.debug("a connection could not be passed to a gateway", gateway=process.id, why=str(error))
                continue
            self._under_way.add(process.id)
            self._fanout_metrics.passed.inc()
            return passed
        return None

    def _gateways_by_load(self) -> Sequence[Process]:
        me, near = self._guide.me, self._guide.registry.here()
        candidates = [each for each in near if each.id != me.id and each.passing and not each.is_draining]
        held = {each.id: self._under_way.count(each.id) for each in candidates}
        for gate in self._gates:
            if gate.name in held:
                held[gate.name] += len(gate)
        return sorted(candidates, key=lambda each: (held[each.id], each.connections))

    async def _accept(self, request: web.Request) -> web.StreamResponse:
        """A gateway dials."""
        said, name = self._forwarder.said(request), request.query.get("from", "")
        if said is None or not name:
            raise web.HTTPNotFound
        if said.to != self._guide.me.id:
            return self._hand_on(request, said.to)
        if request.query.get("version") != str(VERSION):
            raise web.HTTPConflict(text="another version of the line")
        transport = cast(asyncio.Transport, request.transport)
        gate = Gate(name, partial(self._welcome, name), self._settings.fanout_queue_bytes)
        line = Line(gate, FromGateway)
        gate.unsent, gate.give_up = lambda: line.unsent, line.abort
        self._gates[gate] = line
        self._fanout_metrics.watch(gate)
        transport.set_protocol(line)
        transport.write(UPGRADED)
        line.connection_made(transport)
        transport.resume_reading()
        log.info("a gateway is there", gateway=name)
        try:
            await line.ended.wait()
        finally:
            log.info("a gateway is gone", gateway=name)
            self._gates.pop(gate, None)
            if not any(other.name == name for other in self._gates):
                self._fanout_metrics.forget(gate)
            transport.close()
        return Passed()

    def _hand_on(self, request: web.Request, process_id: str) -> web.StreamResponse:
        """Another server dialled a worker beside this one: both accept from the same port."""
        sibling = next((each for each in self._guide.registry.here() if each.id == process_id), None)
        if sibling is None or not sibling.passing or not can_be_passed(request):
            raise web.HTTPServiceUnavailable
        try:
            return pass_to(sibling.passing, request, head_of(request))
        except OSError as error:
            raise web.HTTPServiceUnavailable from error

    def _welcome(self, name: str, seat: Seat, room_id: UUID, address: str | None) -> RemoteGuest:
        self._under_way.arrived(name)
        process = self._guide.registry.known.get(name)
        if process is not None and process.name:
            self._under_way.arrived(f"at {process.name}")
        return RemoteGuest(self._sockets, seat, room_id, address)

    # --- as a gateway -----------------------------------------------------------------------------------------------

    async def _gateway_of(self, owner: Process) -> Gateway:
        """The line to an owner, dialled if need be. Raises as `dial`."""
        opening = self._gateways.get(owner.id)
        if opening is None:
            opening = self._gateways[owner.id] = asyncio.create_task(self._dial(owner))
        try:
            gateway, _ = await asyncio.shield(opening)
        except BaseException:
            if opening.done():
                self._gateways.pop(owner.id, None)
            raise
        return gateway

    async def _dial(self, owner: Process) -> tuple[Gateway, Line]:
        settings = self._settings
        bounds = Bounds(settings.write_buffer_high, settings.write_buffer_high + settings.outbox_event_bytes)
        later = partial(asyncio.get_running_loop().call_later, LOOK_AGAIN_S)
        gateway = Gateway(bounds, self._metrics, lambda: self._forget(owner), later)
        line = Line(gateway, FromOwner)
        target = f"{PATH}?from={self._guide.me.id}&version={VERSION}"
        where = owner.socket if owner.machine == self._guide.me.machine else owner.url
        await dial(where, target, (HEADER, self._forwarder.signed("GET", target, owner, "unknown")), line)
        return gateway, line

    def _forget(self, owner: Process) -> None:
        self._gateways.pop(owner.id, None)
