"""Who someone is: passwords, tokens, one-use tickets for connections."""
