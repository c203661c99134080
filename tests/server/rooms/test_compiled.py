"""A whole room, compiled and on numpy alone: its clients are sent the same bytes.

That each client's view is the server's is shown by the snapshot tests, which compare both forms tick by tick as well.
"""

from __future__ import annotations

import hashlib
from random import Random
from typing import Any

import pytest

from benchmarks.stages import Rehearsal
from sim.shared_library import unbuilt


@pytest.mark.parametrize(("kind", "people", "ticks"), [("office", 40, 250), ("crowd", 25, 120), ("office", 300, 30)])
def test_both_forms_send_every_client_the_same_bytes(kind: str, people: int, ticks: int, seed: int) -> None:
    if unbuilt():
        pytest.skip("there are no compiled passes on this machine: tests/packaging/test_client_build.py says why")
    sent = [
        everything_sent(Rehearsal(people, kind, 20, seed, compiled=compiled), ticks, Random(seed))
        for compiled in (True, False)
    ]
    assert sent[0] == sent[1]


def everything_sent(rehearsal: Rehearsal, ticks: int, random: Random) -> list[str]:
    """A digest by client of all snapshots that it was sent; events hold random tokens and are left out. Now and then
    somebody's page is hidden, or seen again."""
    digests = [hashlib.sha256() for _ in rehearsal.clients]
    for client, digest in zip(rehearsal.clients, digests, strict=True):
        outbox = client.connection.outbox
        put = outbox.put_snapshot

        def take(message: bytes, put: Any = put, digest: Any = digest) -> bool:
            digest.update(message)
            return bool(put(message))

        outbox.put_snapshot = take  # type: ignore[method-assign]
    room = rehearsal.room
    for _ in range(ticks):
        room.delivery.rest(random.choice(rehearsal.clients).session.avatar, rests=random.random() < 0.6)
        rehearsal._tick()
    assert rehearsal.room.world.is_compiled == rehearsal.room.world.config.compiled
    return [digest.hexdigest() for digest in digests]
