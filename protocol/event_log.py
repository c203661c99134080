"""What a session has said on the event lane, kept for a resume (section 6.2)."""

from collections import deque
from collections.abc import Callable, Collection, Sequence

from protocol.constants import EVENT_LOG_BYTES


class EventLog:
    """The newest event-lane messages of one session, encoded, bounded in bytes.

    Message k (from 0) raised the counter from k to k + 1. WELCOME, GOODBYE and SNAPSHOT never come here. The bytes of
    an event that goes to many clients are shared by their logs.
    """

    __slots__ = ("_acks", "_bytes", "_kept", "_limit", "_mark", "_marked_tick", "_now", "_row", "count")

    def __init__(self, limit: int = EVENT_LOG_BYTES, count: int = 0) -> None:
        """`limit`: bytes; `count`: the counter to start from."""
        self._limit = limit
        self._kept: deque[bytes] = deque()
        self._bytes = 0
        self.count = count
        """Event-lane messages so far."""
        self._marked_tick = self._mark = 0
        """A snapshot of that tick, or a later one, goes out behind so many messages."""
        self._acks: Sequence[int] | None = None
        self._row, self._now = 0, _never

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def first(self) -> int:
        """Counter before the oldest message kept."""
        return self.count - len(self._kept)

    def append(self, data: bytes) -> None:
        """Count and keep a message; the oldest go when the limit is passed, even this one if it alone is larger."""
        self._kept.append(data)
        self._bytes += len(data)
        self.count += 1
        self._trim()

    def extend(self, messages: Collection[bytes]) -> None:
        """As `append`, one after the other."""
        self._kept.extend(messages)
        self._bytes += sum(map(len, messages))
        self.count += len(messages)
        self._trim()

    def _trim(self) -> None:
        while self._bytes > self._limit:
            self._bytes -= len(self._kept.popleft())
        acks = self._acks
        if acks is not None and (ack := acks[self._row]) >= self._marked_tick:
            self.acknowledge(ack, self._now())

    def forget(self, events_seen: int) -> None:
        """The client is known to have `events_seen` messages: it will not ask for them."""
        for _ in range(min(events_seen, self.count) - self.first):
            self._bytes -= len(self._kept.popleft())

    def acknowledge(self, ack: int, now: int) -> None:
        """The client says in tick `now` that it applied snapshot `ack`. Where both lanes share a connection, it has all
        that was said before that snapshot. Remembers one such place at a time, so what is kept is that of the last two
        acknowledgements."""
        if ack >= self._marked_tick:
            self.forget(self._mark)
            self._marked_tick, self._mark = now + 1, self.count

    def watch(self, acks: Sequence[int] | None, row: int = 0, now: Callable[[], int] | None = None) -> None:
        """From now on nobody tells it what is acknowledged: whenever something is said, the newest such snapshot is in
        `acks[row]`, and `now()` is the tick. None: it is told again."""
        self._acks, self._row, self._now = acks, row, now or _never

    def hold(self, now: int) -> None:
        """Snapshots up to tick `now` say nothing about events: they may have taken another way."""
        self._marked_tick, self._mark = now + 1, 0

    def since(self, events_seen: int) -> list[bytes] | None:
        """The messages that a client which has `events_seen` of them misses.

        None: some are gone, or the client claims more than there were; the answer is continuity 2.
        """
        missed = self.count - events_seen
        if missed < 0 or missed > len(self._kept):
            return None
        return [self._kept[k] for k in range(len(self._kept) - missed, len(self._kept))]


def _never() -> int:
    return 0
