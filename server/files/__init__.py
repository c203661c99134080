"""Pictures and PDFs that people put up in rooms: what they are, and how they are handed out."""
