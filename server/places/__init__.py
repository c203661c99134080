"""Areas, whisper bubbles and what people in a room ask each other for (STANDARD.md section 12)."""
