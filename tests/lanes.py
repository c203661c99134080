"""Which process takes which file when several share the tests: browsers in one lane, everything else beside it.

Pages keep a processor busy, and what they hear depends on time; the rest mostly waits, for a server to start or for
people to walk. So one process goes through the browser files in their order, and the others through the rest. Whoever
has finished helps with the other lane, from its end, where no file listens to sound.
"""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

BROWSERS = "tests/e2e/"


class Lanes(LoadFileScheduling):
    """A unit of work is a file, as in xdist's own `--dist loadfile`; only the order differs."""

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False
        self._pages: WorkerController | None = None
        """Whose lane the browsers are."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        if self._pages is None or self._pages not in self.assigned_work:
            self._pages = node
        is_pages = node is self._pages
        own = [name for name in self.workqueue if name.startswith(BROWSERS) == is_pages]
        # xdist takes the first in the queue.
        self.workqueue.move_to_end(own[0] if own else next(reversed(self.workqueue)), last=False)
        super()._assign_work_unit(node)
