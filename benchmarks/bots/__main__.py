"""`python -m benchmarks.bots`, the same as `hallway bots`."""

import typer

from benchmarks.bots.command import bots_command

typer.run(bots_command)
