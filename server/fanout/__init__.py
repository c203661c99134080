"""Fan-out of large rooms: connections of a room held by other processes than the one that simulates it.

    client <-> gateway process <-> owner of the room

The owner keeps the world, the sessions and what each client is known to have. A gateway cuts frames, puts snapshots
together from the blocks that the owner hands it once a tick, and writes them. `docs/architecture.md` tells the whole.
"""
