"""Whether this server takes newcomers, beside what its databases say: what a drain changes and health tells."""

from __future__ import annotations

DRAINING = "This server is being stopped and takes nobody new. Those inside are handed over."


class Readiness:
    """One per server. It is made when the server is open, and can only go one way."""

    def __init__(self) -> None:
        self._draining = False

    @property
    def is_draining(self) -> bool:
        """Whether load balancers should bring nobody new."""
        return self._draining

    def drain(self) -> None:
        """Say not ready from now on; the process stays alive."""
        self._draining = True
