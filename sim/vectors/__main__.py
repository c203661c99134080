"""Write the golden kernel vectors: `python -m sim.vectors`."""

from __future__ import annotations

import json
from pathlib import Path

from sim.vectors.blocks import make_vectors
from sim.vectors.borders import make_borders

vectors = make_vectors()
blocks = ",\n".join("  " + json.dumps(block) for block in vectors["blocks"])
path = Path(__file__).with_name("kernel.json")
path.write_text(f'{{\n "format": "{vectors["format"]}",\n "blocks": [\n{blocks}\n ]\n}}\n')
cases = sum(block["cases"] * block["ticks"] for block in vectors["blocks"])
print(f"{path.name}: {len(vectors['blocks'])} blocks, {cases:,} moves")
borders = make_borders()
path = Path(__file__).with_name("borders.json")
path.write_text(json.dumps(borders, separators=(",", ":")) + "\n")
print(f"{path.name}: {len(borders['walks'])} walks")
