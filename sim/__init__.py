"""The world: pure, integer, deterministic. No socket, no clock, no database."""
