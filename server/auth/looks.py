"""A look for somebody who did not choose one, so that a room of newcomers is not a room of twins."""

from __future__ import annotations

import secrets

SKINS, HAIR_STYLES, HAIR_COLOURS, TOPS, BOTTOMS, ACCESSORIES = 8, 9, 10, 12, 8, 8
"""How many values each byte of a look has (`client_web/src/render/look.ts`); a client draws others as 0."""


def random_look() -> bytes:
    """Six bytes as STANDARD.md section 5.7 has them: always some hair, seldom an accessory."""
    below = secrets.randbelow
    accessory = below(ACCESSORIES) if below(3) == 0 else 0
    return bytes(
        (below(SKINS), 1 + below(HAIR_STYLES - 1), below(HAIR_COLOURS), below(TOPS), below(BOTTOMS), accessory)
    )
