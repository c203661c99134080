"""Rooms: the tick loop, sessions, interest, snapshots. One `Room` owns one world and everyone in it."""
