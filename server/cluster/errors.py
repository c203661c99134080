"""Errors of the cluster.

ClusterError
├── OwnedElsewhere    another process owns the room
└── Unsettled         the leases are being sorted out after an outage: ask again in a moment
OtherKey              servers of one office sign with different keys: the start ends with it
"""

from __future__ import annotations


class ClusterError(Exception):
    """Why this process can not open a room at present. The text is for people; asking again helps."""


class OwnedElsewhere(ClusterError):  # noqa: N818 - a state of the world, as its readers say it
    """Another process owns the room. `holder`: which; None: somebody who was faster a moment ago."""

    def __init__(self, holder: str | None) -> None:
        super().__init__("This room is on another server just now. Try again in a moment.")
        self.holder = holder


class Unsettled(ClusterError):  # noqa: N818
    """After an outage of Redis owners get a moment to say what is theirs before anybody takes a room."""

    def __init__(self) -> None:
        super().__init__("The servers are finding together again after an outage. Try again in a moment.")


class OtherKey(Exception):  # noqa: N818
    """A server of this office signs with another key. `who`: one such. The text is for the operator."""

    def __init__(self, who: str) -> None:
        super().__init__(
            f"the server {who} of this office signs with another key: log-ins and what servers say to each other would "
            "not hold from one to the other. Give all of them the same HALLWAY_SECRET_KEY; the key of a server that "
            "made its own is in the file secret_key in its data folder"
        )
