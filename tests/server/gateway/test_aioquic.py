"""What Hallway needs of aioquic beyond its public face: a new version must be looked at before it is let in."""

from collections import deque

import aioquic
from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection


def test_it_is_the_version_that_was_looked_at() -> None:
    assert aioquic.__version__ == "1.7.2"


def test_datagrams_wait_in_a_queue_that_can_be_emptied() -> None:
    quic = QuicConnection(configuration=QuicConfiguration(is_client=True))
    quic.send_datagram_frame(b"one")
    assert quic._datagrams_pending == deque([b"one"])


def test_a_transmission_can_be_put_off_to_the_end_of_the_turn() -> None:
    assert callable(QuicConnectionProtocol._transmit_soon)
