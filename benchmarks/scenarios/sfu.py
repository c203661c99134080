"""What the built-in SFU spends on each packet that it hands on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Final

from benchmarks.results import Figure, Point
from benchmarks.scenarios.scenario import Scenario

TARGET_US: Final = 12.0
CASES: Final = ((5, True), (10, True), (20, True), (20, False))


def measure(short: bool) -> Iterator[Point]:
    """People who all hear, and maybe see, all others."""
    from benchmarks import sfu  # needs the SFU's own packages

    for people, pictures in ((3, True),) if short else CASES:
        found = asyncio.run(sfu.measure(people, 1.0 if short else 8.0, pictures=pictures))
        figures = {
            "packet_us": Figure(
                float(found["us_per_forwarded_packet"]),
                "us of CPU a forwarded packet",
                "less",
                None if short else TARGET_US,
            ),
            "worker": Figure(float(found["worker_cpu_share"]), "of a core"),
            "forwarded_s": Figure(float(found["forwarded_per_s"]), "packets a second", ""),
            "unsent": Figure(float(found["unsent"]), "packets"),
        }
        yield Point({"media": "sound and picture" if pictures else "sound", "people": people}, figures)


SCENARIO: Final = Scenario(
    "sfu",
    "Forwarding sound and picture",
    "A real worker with DTLS and SRTP and people who all hear and see all others; CPU of the worker for each packet "
    "that it handed on, decryption of what comes in included.",
    measure,
)
