"""One office on many processes and machines: who owns which room, where it is, and how it changes hands."""
