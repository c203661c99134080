"""A server that starts its databases, says so in JSON, and waits to be killed. Run by test_crash.py.

Arguments: the data folder, and "untied" for children that the system does not end with their parent, as on macOS.
"""

import asyncio
import json
import sys

from server.config import load_settings
from server.embedded import EmbeddedServices, process


async def main() -> None:
    if "untied" in sys.argv:
        process._libc = None
    async with EmbeddedServices(load_settings({}, flags={"data_dir": sys.argv[1]})) as services:
        assert services.postgres is not None
        assert services.valkey is not None
        started = {
            "database_url": services.database_url,
            "redis_url": services.redis_url,
            "pids": [services.postgres.pid, services.valkey.pid],
        }
        print(json.dumps(started), flush=True)
        await asyncio.Event().wait()


asyncio.run(main())
