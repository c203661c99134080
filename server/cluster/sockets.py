"""Sockets of rooms and documents, brought to the process that owns the room.

owner is            the connection
here, or nobody     stays
on this computer    is passed: costs nothing afterwards (`passing`); with TLS it is relayed (`relay`)
elsewhere, named    stays, and is refused in words that make the client ask the REST interface where to go
elsewhere           is relayed: no proxy in front could have brought it there

Where rooms are spread (`fanout_people`), a room's connection stays if its owner is elsewhere: `server.fanout.hub`.
"""

from __future__ import annotations

from uuid import UUID

import structlog
from aiohttp import web
from redis.exceptions import RedisError

from server.auth.address import client_address
from server.cluster.errors import ClusterError
from server.cluster.forward import Forwarder
from server.cluster.guide import Guide
from server.cluster.metrics import ClusterMetrics
from server.cluster.passing import Passed, can_be_passed, head_of, pass_to
from server.cluster.registry import Process
from server.cluster.relay import relay
from server.cluster.signature import HEADER
from server.settings import Settings

log = structlog.get_logger()


class SocketGuide:
    """`bring` is asked before a socket is accepted."""

    def __init__(self, settings: Settings, guide: Guide, forwarder: Forwarder, metrics: ClusterMetrics) -> None:
        self._settings, self._guide, self._forwarder, self._metrics = settings, guide, forwarder, metrics

    async def bring(self, request: web.Request, room_id: UUID, *, is_rooms: bool = False) -> Passed | None:
        """Bring the connection where the room is; None: go on with it here. `is_rooms`: it is the room's own, not one
        of something in it."""
        said = self._forwarder.said(request)
        me = self._guide.me
        try:
            if said is not None:
                owner = self._guide.registry.known.get(said.to)
            else:
                # A Redis that came back empty knows of no owner until they have put their leases back.
                owner = await self._guide.find(room_id) or self._guide.last(room_id)
            if request.transport is None:  # the client did not wait
                return Passed()
            if owner is None or owner.id == me.id:
                return None
            return await self._bring(request, owner, stays=is_rooms and self._settings.fanout_people > 0)
        except (ClusterError, RedisError, OSError, TimeoutError) as error:
            log.debug("a socket could not be brought to its room", room=str(room_id), why=str(error))
            return None

    def beside(self) -> int:
        """How many connections to rooms the other workers of this server have, as they said within the last second."""
        return sum(process.connections for process in self._guide.registry.here() if process.id != self._guide.me.id)

    async def _bring(self, request: web.Request, owner: Process, *, stays: bool) -> Passed | None:
        client = client_address(request, self._settings)
        head = head_of(request, (HEADER, self._forwarder.signed(request.method, request.raw_path, owner, client)))
        is_near = owner.machine == self._guide.me.machine
        if is_near and owner.passing and can_be_passed(request):
            return pass_to(owner.passing, request, head)
        if is_near and owner.socket:
            self._metrics.relayed.inc()
            return await relay(request, owner.socket, head, unix=True)
        if not is_near and owner.url and not owner.name and not stays:
            self._metrics.relayed.inc()
            return await relay(request, owner.url, head, unix=False)
        return None
