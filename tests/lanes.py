"""Which process takes which file when several share the tests: browsers in one lane, everything else beside it.

Pages keep a processor busy, and what they hear depends on time; the rest mostly waits, for a server to start or for
people to walk. So one process goes through the browser files in their order, and the others through the rest. Whoever
has finished helps with the other lane, from its end, where no file listens to sound; and test by test, so that both
are done at the same time.
"""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

BROWSERS = "tests/e2e/"
SOUND = BROWSERS + "test_media"


class Lanes(LoadFileScheduling):
    """A unit of work is a file, as in xdist's own `--dist loadfile`, or a single test where pages are handed on
    from one to the next whatever their file."""

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False
        self._pages: WorkerController | None = None
        """Whose lane the browsers are."""

    def _split_scope(self, nodeid: str) -> str:
        is_alone = nodeid.startswith(BROWSERS) and not nodeid.startswith(SOUND)
        return nodeid if is_alone else super()._split_scope(nodeid)

    def _assign_work_unit(self, node: WorkerController) -> None:
        if self._pages is None or self._pages not in self.assigned_work:
            self._pages = node
        is_pages = node is self._pages
        own = [name for name in self.workqueue if name.startswith(BROWSERS) == is_pages]
        # xdist takes the first in the queue.
        self.workqueue.move_to_end(own[0] if own else next(reversed(self.workqueue)), last=False)
        super()._assign_work_unit(node)

    def _reschedule(self, node: WorkerController) -> None:
        # One test that runs and the next: what waits in one process cannot be taken by the other.
        if not self.workqueue or self._pending_of(self.assigned_work[node]) < 2:
            super()._reschedule(node)
