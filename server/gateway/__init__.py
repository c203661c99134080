"""Transports: bytes between clients and rooms. They decide nothing."""
