"""Installs Hallway from this checkout, editable, into the environment of the Python that runs this.

    python .ci/install.py [EXTRA ...]

As `pip install --editable '.[EXTRA]'`, but what it needs is fetched and unpacked while the browser client is being
built: neither waits for the other, and each takes about as long.
"""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]


def main() -> int:
    """The exit code: 0, or that of the one which failed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [*project["dependencies"]]
    for extra in sys.argv[1:]:
        needed += project["optional-dependencies"][extra]
    # Two pips in one environment do not meet: they have no file in common.
    with subprocess.Popen([*PIP, *needed]) as libraries:  # noqa: S603
        client = subprocess.run([*PIP, "--no-deps", "--editable", str(ROOT)], check=False)  # noqa: S603
    return client.returncode or libraries.returncode


if __name__ == "__main__":
    sys.exit(main())
