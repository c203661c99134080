"""What can go wrong when Hallway starts its own databases.

EmbeddedError              the text says what happened and what to do; the start ends with it
    FolderInUse            another server has the data folder
    FolderUnusable         the data folder cannot be made, written or entered
    ProgramMissing         no program to run, or this system has none
    StartFailed            a child process ended or did not become ready
"""


class EmbeddedError(Exception):
    """An own PostgreSQL or Valkey cannot be started; the text is for the operator."""


class FolderInUse(EmbeddedError):  # noqa: N818 - says what is the case, as the others do
    """Another server holds the lock of the data folder."""


class FolderUnusable(EmbeddedError):  # noqa: N818
    """The data folder cannot be made, written, or entered by the user that the children run as."""


class ProgramMissing(EmbeddedError):  # noqa: N818
    """PostgreSQL or Valkey is not installed, or does not exist for this operating system."""


class StartFailed(EmbeddedError):  # noqa: N818
    """A child process ended while it was starting, or was not ready in time."""
