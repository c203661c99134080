"""Documents that many people write at once: relayed, merged in a process of their own, and kept.

client -> DocumentSession -> Document -> DocumentWorker (pycrdt) -> everybody else, and the database -> SAVED
"""
