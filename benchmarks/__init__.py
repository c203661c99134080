"""Bots and benchmark scenarios."""
