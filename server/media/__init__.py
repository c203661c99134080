"""Who may hear and see whom, and what their clients need to connect. The media itself does not come here."""
