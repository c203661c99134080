"""The wire: sans-IO sessions, messages and snapshot rows. `STANDARD.md` is the law."""
