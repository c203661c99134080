"""What can stand in a room and be used: one folder a type, found by itself (docs/objects.md says how to add one)."""
