"""`python -m tests.e2e.pictures FOLDER`: starts a server of its own, opens everything, takes pictures."""

from __future__ import annotations

import argparse
import asyncio
import shutil
from pathlib import Path

from playwright.async_api import Error

from tests.adversity.server_process import running_server
from tests.adversity.visitor import PatientApi
from tests.conftest import open_folder
from tests.e2e.chromium import chromium
from tests.e2e.pictures import beside, inside, outside, together
from tests.e2e.pictures.sheets import contact_sheets
from tests.e2e.pictures.studio import SIZES, Scene, Studio

SCENES: tuple[Scene, ...] = (*outside.SCENES, *inside.SCENES, *beside.SCENES, *together.SCENES)
FLAGS = (
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
)
WEBGL = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader")


def name_of(scene: Scene) -> str:
    """As it is chosen on the command line."""
    return str(getattr(scene, "__name__", ""))


async def run(options: argparse.Namespace) -> int:
    """How many scenes failed."""
    failed = 0
    sizes = [size for size in SIZES if options.size in (size.name, "both")]
    scenes = [scene for scene in SCENES if not options.scenes or name_of(scene) in options.scenes]
    more = (*FLAGS, *(WEBGL if options.renderer == "webgl" else ()))
    # Everybody comes from one address here.
    generous = {"REGISTRATIONS_ADDRESS_PER_HOUR": 1000, "GUESTS_ADDRESS_PER_MINUTE": 1000}
    with open_folder() as maps, running_server(TEMPLATES_DIR=beside.write_maps(maps), **generous) as server:
        async with chromium(shutil.which("chromium"), *more) as browser, PatientApi(server.url) as api:
            for size in sizes:
                studio = Studio(browser, server, api, options.folder, size, options.renderer)
                for scene in scenes:
                    try:
                        await scene(studio)
                    except (Error, AssertionError, TimeoutError, KeyError) as error:
                        failed += 1
                        print(f"{size.name}, {name_of(scene)}: {str(error).splitlines()[0]}", flush=True)
                    finally:
                        await studio.close()
                    print(f"{size.name}, {name_of(scene)}: {len(studio.taken)} pictures so far", flush=True)
    for sheet in contact_sheets(options.folder):
        print(sheet)
    return failed


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.pictures", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("scenes", nargs="*", help=f"some of {', '.join(map(name_of, SCENES))}; all by default")
    parser.add_argument("--size", default="both", choices=("both", *(size.name for size in SIZES)))
    parser.add_argument("--renderer", default="canvas", choices=("canvas", "webgl"))
    raise SystemExit(1 if asyncio.run(run(parser.parse_intermixed_args())) else 0)


if __name__ == "__main__":
    main()
