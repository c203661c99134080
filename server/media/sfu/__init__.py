"""The built-in SFU: a process of its own that hands encoded media on. It never decodes, and knows no room and no map.

    UDP datagram -> Forwarder -> Leg (ICE, DTLS, SRTP) -> Source -> Slot (rewriter) -> Leg -> UDP datagram

Everything but `worker` is sans-IO: bytes and time in, bytes out.
"""
