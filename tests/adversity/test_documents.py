"""A whiteboard on a server that is killed: what was acknowledged is there, and what was not comes with its author."""

from __future__ import annotations

from typing import Any

from aiohttp import ClientSession

from benchmarks.bots.api import Api
from tests.adversity.server_process import ServerProcess
from tests.server.live.conftest import Someone
from tests.server.live.documents import Pen


async def test_a_killed_server_loses_no_acknowledged_stroke(server: ServerProcess, api: Api, owner: str) -> None:
    room = str(await api.create_room(owner, "office", 20))
    async with ClientSession() as http:
        someone = Someone(http, server.url)
        someone.token = owner
        objects = (await someone.call("GET", f"/api/rooms/{room}/objects"))["objects"]
        board = next(entry["id"] for entry in objects if entry["type"] == "whiteboard")
        pens = [await Pen.open(someone, room, board) for _ in range(3)]
        acknowledged: dict[str, Any] = {}
        for round_ in range(20):
            for number, pen in enumerate(pens):
                await pen.draw(f"{number}-{round_}", {"round": round_})
            if round_ % 5 == 4:
                for number, pen in enumerate(pens):
                    await pen.until_saved()
                    acknowledged |= {f"{number}-{each}": {"round": each} for each in range(round_ + 1)}
        for number, pen in enumerate(pens):
            await pen.draw(f"{number}-last", {"round": -1})
        server.kill()
        server.start()
        late = await Pen.open(someone, room, board)
        assert late.strokes().items() >= acknowledged.items()
        # Whoever drew the last strokes comes back with them, saved or not.
        again = [await Pen.open(someone, room, board, known=pen) for pen in pens]
        for pen in again:
            await pen.until_saved()
        await late.until(lambda: {f"{number}-last" for number in range(3)} <= late.strokes().keys())
        for pen in (*again, late):
            await pen.close()
