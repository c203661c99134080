"""Golden vectors: recorded proof of STANDARD.md, written by `python -m protocol.vectors`.

client.json, server.json    valid messages: name, hex, and the decoded array with every bin as {"bin": hex}
malformed.json              bytes that must be refused: name, which side sent them, hex, close code
session.jsonl               a session over a reliable transport; session_datagram.jsonl: over one that loses,
                            repeats and reorders. The first line is the room; each further line is one message from
                            the server and, for a SNAPSHOT, what the client must know afterwards
"""
