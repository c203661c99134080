"""The real nginx, as a process of a test's own: without root, in a folder of its own."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")
START_S = 15.0

MAIN = """\
{modules}
pid {folder}/nginx.pid;
daemon off;
master_process off;
error_log stderr warn;
events {{ worker_connections 512; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/hallway.conf;
}}
"""


def judged(folder: Path, config: str) -> str:
    """What `nginx -t` says against a file for conf.d; "" if it takes it."""
    done = subprocess.run(
        [str(NGINX), "-t", "-q", "-e", "stderr", "-c", str(written(folder, config))],
        capture_output=True,
        text=True,
        timeout=20,
    )
    return "" if done.returncode == 0 else done.stderr or f"code {done.returncode}"


def written(folder: Path, config: str) -> Path:
    """A whole configuration around the file for conf.d."""
    (folder / "hallway.conf").write_text(config)
    main = folder / "nginx.conf"
    main.write_text(MAIN.format(folder=folder, modules=""))
    return main


@contextmanager
def running_nginx(folder: Path, config: str, port: int) -> Iterator[None]:
    """nginx with this file in its conf.d, listening on the port."""
    with (folder / "stderr").open("ab") as log:
        process = subprocess.Popen(
            [str(NGINX), "-e", "stderr", "-c", str(written(folder, config))],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        deadline = time.monotonic() + START_S
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"nginx did not start:\n{(folder / 'stderr').read_text()}")
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
