"""Everything that does I/O, one folder per concern."""
