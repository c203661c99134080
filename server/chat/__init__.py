"""What people write: who may read it, how it becomes history, and gestures (STANDARD.md section 9, docs/chat.md)."""
