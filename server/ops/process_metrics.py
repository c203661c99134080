"""The metrics of all processes of one `hallway serve`, whichever of them is asked.

They share one port, so Prometheus reaches any of them: one alone would tell of itself, and of another one the next
time. So whoever is asked asks the others, and tells each one's figures with the process's id as a label.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout, UnixConnector

from server.cluster.registry import Process

log = structlog.get_logger()

PATH = "/internal/metrics"
"""Where a process tells of itself alone."""
TIMEOUT_S = 2.0
_SAMPLE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+.*)")
_FAMILY = re.compile(r"# (?:HELP|TYPE) (\S+)")


async def others(processes: Sequence[Process]) -> dict[str, str]:
    """The pages of these processes, by id. One that does not answer in time is left out: its series end there."""
    pages = await asyncio.gather(*map(_page_of, processes))
    return {process.id: page for process, page in zip(processes, pages, strict=True) if page is not None}


async def _page_of(process: Process) -> str | None:
    try:
        async with (
            ClientSession(connector=UnixConnector(process.socket), timeout=ClientTimeout(TIMEOUT_S)) as http,
            http.get(f"http://process{PATH}") as answer,
        ):
            return await answer.text() if answer.status == 200 else None
    except (ClientError, OSError, TimeoutError) as error:
        log.debug("a process does not tell its metrics", process=process.id, why=str(error))
        return None


def merged(pages: Mapping[str, str]) -> str:
    """One page of several, by process id. What belongs to one metric stands together, as the format asks for."""
    heads: dict[str, list[str]] = {}
    samples: dict[str, list[str]] = {}
    for process, page in pages.items():
        family = ""
        for line in page.splitlines():
            if line.startswith("#"):
                head = _FAMILY.match(line)
                family = head[1] if head else family
                known = heads.setdefault(family, [])
                if line not in known:
                    known.append(line)
            elif sample := _SAMPLE.fullmatch(line):
                name, labels, rest = sample.groups()
                own = f'process="{process}"' + (f",{labels}" if labels else "")
                samples.setdefault(family, []).append(f"{name}{{{own}}} {rest}")
    lines = [line for family, head in heads.items() for line in (*head, *samples.get(family, ()))]
    return "\n".join(lines) + "\n"
