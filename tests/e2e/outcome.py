"""How a test ended, for the fixtures that clean up after it."""

from __future__ import annotations

from collections.abc import Generator

import pytest

_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep how it ended."""
    report = yield
    if call.when == "call":
        item.stash[_FAILED] = report.failed
    return report


def has_failed(test: pytest.Item) -> bool:
    """Whether the test failed, or did not come to its end."""
    return test.stash.get(_FAILED, True)
