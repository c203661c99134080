"""The whole state of a world between two steps, as JSON's types: from it the world goes on as if nothing had happened.

Not in it: what the configuration and the map decide, and the crossings of past ticks, which no step looks at
(`World.crossings_since` of a restored world knows nothing older).
"""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.world import World


def state_of(world: World) -> dict[str, Any]:
    """What `restore` needs: every array and number of the world and of its parts, by part and attribute."""
    return {
        part: {name: packed for name, value in vars(owner).items() if (packed := _packed(value)) is not None}
        for part, owner in _parts(world).items()
    }


def restore(world: World, state: dict[str, Any]) -> None:
    """Put a world that was made from the same configuration and map, with the doors as they stood, into this state.
    ValueError, KeyError or TypeError if it is not the state of such a world."""
    for part, owner in _parts(world).items():
        # What a new world does not have lives within one step only.
        own = {name: value for name, value in vars(owner).items() if _packed(value) is not None}
        if missing := own.keys() - state[part].keys():
            raise ValueError(f"the state of {part} is of another version: without {sorted(missing)}")
        for name, present in own.items():
            value = _unpacked(state[part][name], present, f"{part}.{name}")
            if isinstance(value, np.ndarray) and value.shape == present.shape:
                present[...] = value  # others may know the array itself
            else:
                setattr(owner, name, value)


def _parts(world: World) -> dict[str, Any]:
    return {
        "world": world,
        "areas": world.areas,
        "bubbles": world.bubbles,
        "hearing": world.hearing,
        "proximity": world.proximity,
    }


def _packed(value: Any) -> Any:
    """None: it is no state, or made of others."""
    if isinstance(value, np.ndarray):
        data = base64.b64encode(zlib.compress(np.ascontiguousarray(value).tobytes())).decode()
        return {"dtype": value.dtype.str, "shape": list(value.shape), "data": data}
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, tuple) and all(isinstance(item, np.ndarray) for item in value):
        return {"columns": [_packed(item) for item in value]}
    if isinstance(value, dict) and all(isinstance(key, tuple) and isinstance(item, int) for key, item in value.items()):
        return {"pairs": [[*key, item] for key, item in sorted(value.items())]}
    return None


def _unpacked(packed: Any, present: Any, name: str) -> Any:
    """`present`: what a new world has in this place."""
    if isinstance(present, np.ndarray):
        column = _array(packed)
        if (column.dtype, column.ndim) != (present.dtype, present.ndim):
            raise ValueError(f"{name} is {column.dtype}[{column.ndim}], not {present.dtype}[{present.ndim}]")
        # A column by avatar or by zone has its length from the world; lists of pairs grow.
        if len(present) and column.ndim == 1 and column.shape != present.shape:
            raise ValueError(f"{name} has {len(column)} rows, not {len(present)}")
        return column
    if isinstance(present, tuple):
        return tuple(_array(column) for column in packed["columns"])
    if isinstance(present, dict):
        return {(int(a), int(b)): int(value) for a, b, value in packed["pairs"]}
    return type(present)(packed)


def _array(packed: Any) -> NDArray[Any]:
    dtype = np.dtype(packed["dtype"])
    if dtype.kind not in "biuf":
        raise ValueError("an array of something else than numbers")
    try:
        raw = zlib.decompress(base64.b64decode(packed["data"], validate=True))
    except zlib.error as error:
        raise ValueError(str(error)) from None
    return np.frombuffer(raw, dtype).reshape(packed["shape"]).copy()
