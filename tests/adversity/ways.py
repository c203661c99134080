"""Ways through the meeting template, from its first spawn point."""

from tests.adversity.visitor import EAST, SOUTH, UNITS_PER_PX, Visitor

GLASS_DOOR = 2
"""A door that stands open, 16 x 64 px, straight east of the entrance."""
GLASS_DOOR_LEFT, GLASS_DOOR_RIGHT = 584, 600
GLASS_DOOR_MIDDLE = 480


async def to_the_glass_door(visitor: Visitor) -> int:
    """Go from the first spawn point to within reach of the glass door, not into it; the door's id."""
    await visitor.walk_until(SOUTH, lambda here: here.y >= GLASS_DOOR_MIDDLE * UNITS_PER_PX)
    await visitor.walk_until(EAST, lambda here: here.x >= (GLASS_DOOR_LEFT - 56) * UNITS_PER_PX)
    assert visitor.here.x < (GLASS_DOOR_LEFT - 9) * UNITS_PER_PX
    return GLASS_DOOR
