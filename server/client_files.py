"""Where the built browser client is."""

from pathlib import Path

SERVER = Path(__file__).resolve().parent


def client_root(server: Path = SERVER) -> Path | None:
    """The folder with the client's `index.html`: the checkout's own build, else the one inside the installed package.

    None if there is neither, which means that the client was not built.
    """
    source = server.parent / "client_web"
    for folder in (source / "dist" if (source / "package.json").is_file() else None, server / "client_dist"):
        if folder is not None and (folder / "index.html").is_file():
            return folder
    return None
