"""The settings as documentation, made from the texts in `server/settings.py`.

`python -m server.config_docs docs/configuration.md` writes the page; a test compares it.
"""

import ast
import itertools
import sys
from functools import cache
from pathlib import Path

from server import settings as settings_module
from server.config import allowed_text, flag_of, variable_of
from server.settings import FIELDS, SECRET_FIELDS, Settings, shown_value

HEAD = """# Configuration

<!-- Made from server/settings.py by `make docs`; change the texts there. -->

Every setting can be a command line flag, an environment variable, or a key of a TOML file; a flag wins over the
environment, the environment over the file, the file over the default. A secret has no flag, since everyone on the
computer can read those. The file is named with `--config FILE` or `HALLWAY_CONFIG`. `DATABASE_URL` and `REDIS_URL` are
read too. An empty variable counts as not set. `hallway config` prints what is in force and where each value came from.

```toml
# hallway.toml
host = "0.0.0.0"
port = 8080
tick_rate = 30
```
"""


@cache
def descriptions() -> dict[str, str]:
    """The text under each field, on one line."""
    body = _class_body()
    texts: dict[str, str] = {}
    for field, following in itertools.pairwise(body):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(following, ast.Expr)
            and isinstance(following.value, ast.Constant)
        ):
            texts[field.target.id] = " ".join(str(following.value.value).split())
    return texts


def metavar(field: str) -> str:
    """What stands for a flag's value in the help."""
    allowed = allowed_text(field)
    if allowed.startswith("one of "):
        return allowed.removeprefix("one of ").replace(", ", "|")
    if "address" in allowed:
        return "URL"
    return "NUMBER" if "number" in allowed else "PATH" if "path" in allowed else "TEXT"


def sections() -> list[tuple[str, list[str]]]:
    """The fields in order, under the headings that stand as comments between them."""
    lines = Path(settings_module.__file__).read_text(encoding="utf-8").split("\n")
    found: list[tuple[str, list[str]]] = []
    previous = 0
    for node in _class_body():
        headings = [line.strip() for line in lines[previous : node.lineno - 1] if line.startswith("    # ")]
        previous = node.end_lineno or node.lineno
        if headings:
            found.append((headings[0].removeprefix("# "), []))
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[-1][1].append(node.target.id)
    return found


def markdown() -> str:
    """The whole page."""
    defaults = Settings()
    parts = [HEAD]
    for title, fields in sections():
        parts.append(f"\n## {title}\n")
        for field in fields:
            default = "a folder of the system, see below" if field == "data_dir" else shown_value(defaults, field)
            flag = "" if field in SECRET_FIELDS else f"`{flag_of(field)}` · "
            parts.append(
                f"\n### `{field}`\n\n{flag}`{variable_of(field)}` · "
                f"{allowed_text(field)} · default: {default}\n\n{descriptions()[field]}\n"
            )
    parts.append(
        "\n## The data folder's default\n\n| run as | folder |\n|---|---|\n"
        "| root | `/var/lib/hallway` |\n"
        "| another user, Linux | `$XDG_DATA_HOME/hallway`, else `~/.local/share/hallway` |\n"
        "| another user, macOS | `~/Library/Application Support/hallway` |\n"
    )
    return "".join(parts)


def _class_body() -> list[ast.stmt]:
    tree = ast.parse(Path(settings_module.__file__).read_text(encoding="utf-8"))
    classes = {node.name: node.body for node in tree.body if isinstance(node, ast.ClassDef)}
    return classes[Settings.__name__]


def main() -> None:
    """Write the page to the file that is named, or print it."""
    missing = set(FIELDS) - set(descriptions())
    if missing:
        raise SystemExit(f"settings without a text under them: {', '.join(sorted(missing))}")
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(markdown(), encoding="utf-8")
    else:
        sys.stdout.write(markdown())


if __name__ == "__main__":
    main()
