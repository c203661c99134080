"""Bots: they join a room, walk about, and measure what the server does for them."""
