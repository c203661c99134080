"""Fixtures that every package with a real server has: its `server` is whatever the package makes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from benchmarks.bots.api import Api
from tests.adversity.server_process import ServerProcess
from tests.adversity.visitor import PatientApi, new_account
from tests.conftest import run


@pytest.fixture(scope="package")
def owner(server: ServerProcess) -> str:
    """The access token of an account that may open rooms."""
    return run(new_account(server.url))


@pytest.fixture
async def api(server: ServerProcess) -> AsyncIterator[Api]:
    """The server's REST interface."""
    async with PatientApi(server.url) as api:
        yield api
