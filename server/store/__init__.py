"""What is kept: PostgreSQL (accounts, rooms, positions) and Redis (what servers share and may lose)."""
