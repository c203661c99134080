"""One object in a running room: what is stored of it, how it stands now, and what is to be told of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec

from server.objects.kind import ObjectType, Surroundings
from server.store.objects import StoredObject


@dataclass(eq=False, slots=True)
class Thing:
    """`config`: the type's Struct. `state`: JSON; replaced, never changed in place. `area`: the private area in which
    it stands, 0: none. `unsaved`: the state differs from the database's. `told`: events that wait to be sent."""

    stored: StoredObject
    kind: ObjectType[Any]
    config: Any
    state: dict[str, Any]
    area: int
    surroundings: Surroundings
    unsaved: bool = False
    changed: bool = False
    told: list[str] = field(default_factory=list)

    def change(self, **state: object) -> None:
        """Go over into another state: these fields, the others as before."""
        self.state = {**self.state, **state}
        self.unsaved = self.changed = True

    def tell(self, **event: object) -> None:
        """Tell everybody of something that leaves no trace."""
        self.told.append(msgspec.json.encode(event).decode())
