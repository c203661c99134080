"""The embedded Valkey: one `valkey-server` as a direct child, reached through a Unix socket only."""

import asyncio
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

from server.embedded.account import Account, hand_over, runnable_tree
from server.embedded.binaries import ValkeyProgram
from server.embedded.leftover import first_pid, stop_left_behind
from server.embedded.process import SupervisedProcess, spawn

OPTIONS = {
    "port": "0",  # no TCP
    "unixsocketperm": "700",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": "",  # the append-only file is the one copy on disk
    "daemonize": "no",
    "databases": "16",
    # The arguments stay readable, by which a process that was left behind is known.
    "set-proc-title": "no",
}


class Valkey(SupervisedProcess):
    """Data in `<data>/valkey`, log in `<data>/valkey.log`, socket in a short-lived folder."""

    name = "Valkey"
    stop_signals = ((signal.SIGTERM, 10.0),)

    def __init__(self, data: Path, sockets: Path, program: ValkeyProgram, account: Account | None) -> None:
        super().__init__(data / "valkey.log")
        self.folder = data / "valkey"
        self.socket = sockets / "valkey.sock"
        self._data = data
        self._program = program
        self._account = account

    @property
    def url(self) -> str:
        """For redis-py: `unix://` and the socket's path."""
        return f"unix://{quote(str(self.socket), safe='/')}"

    async def prepare(self) -> None:
        """Make the folder, and stop a Valkey that a killed server left behind."""
        if not self.folder.exists():
            self.folder.mkdir(mode=0o700)
            hand_over(self._account, self.folder)
        pid = first_pid(self._pid_file)
        if pid is not None:
            stop_left_behind(pid, self.folder, signal.SIGTERM)
            self._pid_file.unlink(missing_ok=True)
        self.socket.unlink(missing_ok=True)

    def launch(self) -> subprocess.Popen[bytes]:
        """Start `valkey-server` in the foreground."""
        server = runnable_tree(self._account, self._program.server, self._data / "programs", "valkey")
        options = OPTIONS | {"unixsocket": str(self.socket), "dir": str(self.folder), "pidfile": str(self._pid_file)}
        command: list[str | Path] = [server]
        for key, value in options.items():
            command += [f"--{key}", value]
        return spawn(
            command,
            account=self._account,
            folder=self.folder,
            log_file=self.log_file,
            end_with_parent=signal.SIGTERM,  # writes what it has and ends
        )

    async def is_ready(self, pid: int) -> bool:
        """It answers PING; while it loads its data it answers with an error instead."""
        try:
            reader, writer = await asyncio.open_unix_connection(str(self.socket))
        except OSError:
            return False
        try:
            writer.write(b"PING\r\n")
            return await reader.readline() == b"+PONG\r\n"
        except OSError:
            return False
        finally:
            writer.close()

    @property
    def _pid_file(self) -> Path:
        return self.folder / "valkey.pid"
