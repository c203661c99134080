"""The whole SFU in memory: who gets what, losses on both sides, switches, limits and strangers; in virtual time."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from protocol.constants import LegState, Level, Source
from server.media.sfu import rtcp
from server.media.sfu.control import Answer, Changed, Close, Limited, Look, Publish
from server.media.sfu.copies import compiled_copies
from server.media.sfu.ice_lite import SILENT_S
from server.media.sfu.rtp import RtpPacket
from server.media.sfu.sequence import ahead
from server.media.sfu.stream import MISSING_S
from server.media.sfu.vp8 import parse_vp8
from tests.server.media.sfu.memory import Client, Net, opus, vp8


@pytest.fixture(params=[False, True], ids=["one by one", "at once"], autouse=True)
def both_forms(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param and compiled_copies(lambda _: None) is None:
        pytest.skip("no compiled form here")
    monkeypatch.setattr(Net, "at_once", request.param)


def conversation(people: int) -> tuple[Net, list[Client]]:
    """Everybody hears everybody."""
    net = Net()
    clients = [net.client(leg) for leg in range(1, people + 1)]
    for leg in range(1, people + 1):
        net.hear(leg, *(other for other in range(1, people + 1) if other != leg))
    return net, clients


def states(net: Net, leg: int) -> list[int]:
    return [each.state for each in net.notices if isinstance(each, Changed) and each.leg == leg]


def test_sound_goes_to_all_who_hear_it_and_to_nobody_else() -> None:
    net, (ana, bo, cem) = conversation(3)
    net.hear(3)
    ana.send(opus(1))
    mid = net.slots(2)[1, Source.MICROPHONE]
    assert [packet.payload for packet in bo.slot(mid)] == [b"sound"]
    assert cem.received == []
    assert ana.received == []


def test_what_is_not_published_goes_nowhere_from_that_moment_on() -> None:
    net, (ana, bo) = conversation(2)
    ana.send(opus(1))
    net.sfu.receive_order(Publish(1, 0), net.now)
    ana.send(opus(2))
    assert len(bo.received) == 1
    assert net.slots(2) == {}


def test_a_closed_leg_is_not_heard_and_its_packets_are_counted_as_a_strangers() -> None:
    net, (ana, bo) = conversation(2)
    ana.send(opus(1))
    net.sfu.receive_order(Close(1), net.now)
    ana.send(opus(2))
    assert len(bo.received) == 1
    assert net.sfu.figures(net.now + 1, busy=0, unsent=0, sent_bytes=0).refused == 1


def test_everybody_is_known_to_listeners_who_came_before_them() -> None:
    net = Net()
    bo = net.client(2)
    net.hear(2, 1)
    ana = net.client(1)
    ana.send(opus(1))
    assert len(bo.received) == 1


def test_a_lost_packet_is_asked_of_the_sender_every_60_ms_until_it_comes() -> None:
    net, (ana, bo) = conversation(2)
    for sequence in (1, 2, 4):
        ana.send(vp8(Source.CAMERA, sequence, sequence, key=sequence == 1))
    net.pass_time(0.2)
    nacks = [each for each in ana.feedback if isinstance(each, rtcp.Nack)]
    assert [nack.sequences for nack in nacks] == [[3]] * 4
    ana.send(vp8(Source.CAMERA, 3, 3))
    net.pass_time(0.5)
    assert len([each for each in ana.feedback if isinstance(each, rtcp.Nack)]) == 4
    mid = net.slots(2)[1, Source.CAMERA]
    sequences = [packet.sequence for packet in bo.slot(mid)]
    assert [ahead(sequence, sequences[0]) for sequence in sequences] == [0, 1, 3, 2]


def test_a_lost_packet_is_sent_again_to_whoever_asks_with_the_same_bytes() -> None:
    net, (ana, bo) = conversation(2)
    passing: list[RtpPacket] = []

    def lost(packet: RtpPacket) -> bool:
        passing.append(packet)
        return len(passing) in (4, 10)

    bo.lost = lost
    for sequence in range(1, 20):
        ana.send(vp8(Source.CAMERA, sequence, sequence, key=sequence == 1))
    mid = net.slots(2)[1, Source.CAMERA]
    assert len(bo.slot(mid)) == 17
    bo.say(rtcp.pack_nack(1, bo.ssrc_of(mid), [passing[3].sequence, passing[9].sequence]))
    assert passing[-2:] == [passing[3], passing[9]]
    assert [parse_vp8(packet.payload).picture_id for packet in bo.slot(mid)[-2:]] == [3, 9]  # type: ignore[union-attr]


def test_one_client_can_not_make_the_sfu_send_without_end() -> None:
    net, (ana, bo) = conversation(2)
    for sequence in range(1, 500):
        ana.send(vp8(Source.CAMERA, sequence, sequence, key=sequence == 1))
    mid = net.slots(2)[1, Source.CAMERA]
    numbers = [packet.sequence for packet in bo.slot(mid)]
    before = bo.arrived
    for _ in range(20):
        bo.say(rtcp.pack_nack(1, bo.ssrc_of(mid), numbers[-400:]))
    assert bo.arrived - before <= 600


def test_three_percent_loss_each_way_leaves_no_hole_longer_than_300_ms(random_source: random.Random) -> None:
    """Every packet is lost with a chance of 3 % on each way, retransmissions and requests included."""
    net, (ana, bo) = conversation(2)
    arrived: dict[int, float] = {}
    missing: dict[int, float] = {}

    def lost(_: object) -> bool:
        return random_source.random() < 0.03

    bo.lost = lost
    newest, seen, keys = 0, 0, {1, 500, 1000}
    for sequence in range(1, 1500):
        net.pass_time(0.02)
        if sequence % 100 == 0:
            ana.check()
            bo.check()
        wanted = [sequence]
        for said in ana.feedback:
            if isinstance(said, rtcp.Nack) and random_source.random() >= 0.03:
                wanted += said.sequences
            elif isinstance(said, rtcp.KeyframeRequest) and random_source.random() >= 0.03:
                # Of the very first one nobody knows that it was lost.
                keys.add(sequence)
        ana.feedback.clear()
        for each in wanted:
            if random_source.random() >= 0.03:
                ana.send(vp8(Source.CAMERA, each, each, key=each in keys))
        for packet in bo.received[seen:]:
            descriptor = parse_vp8(packet.payload)
            assert descriptor is not None
            arrived.setdefault(packet.sequence, net.now)
            if newest:
                for gap in range(1, max(0, ahead(packet.sequence, newest))):
                    missing[(newest + gap) & 0xFFFF] = net.now
                newest = packet.sequence if ahead(packet.sequence, newest) > 0 else newest
            else:
                newest = packet.sequence
            missing.pop(packet.sequence, None)
        seen = len(bo.received)
        late = [number for number, since in missing.items() if net.now - since > 0.3]
        assert late == [], f"holes at {net.now:.2f}"
        if missing and sequence % 2 == 0 and random_source.random() >= 0.03:
            bo.say(rtcp.pack_nack(1, bo.ssrc_of(20), sorted(missing)))
    assert len(arrived) > 1450


def test_a_picture_begins_with_a_keyframe_and_asks_for_it_at_most_every_300_ms() -> None:
    net, (ana, bo) = conversation(2)
    for sequence in range(1, 51):
        ana.send(vp8(Source.CAMERA, sequence, sequence))
        net.pass_time(0.02)
    assert bo.received == []
    requests = [each for each in ana.feedback if isinstance(each, rtcp.KeyframeRequest)]
    assert 3 <= len(requests) <= 4, "in one second"
    ana.send(vp8(Source.CAMERA, 51, 51, key=True))
    ana.send(vp8(Source.CAMERA, 52, 52))
    assert len(bo.received) == 2


def test_a_slot_that_changes_hands_is_one_stream_without_a_seam() -> None:
    net, (ana, bo, cem) = conversation(3)
    net.sfu.receive_order(Look(3, 1, ((1, 1, 2),)), net.now)
    for sequence in range(1, 31):
        net.pass_time(0.04)
        ana.send(vp8(Source.CAMERA, sequence, sequence, key=sequence == 1))
        bo.send(vp8(Source.CAMERA, 9000 + sequence, 500 + sequence, key=sequence % 20 == 1))
    net.sfu.receive_order(Look(3, 1, ((2, 1, 2),)), net.now)
    for sequence in range(31, 61):
        net.pass_time(0.04)
        ana.send(vp8(Source.CAMERA, sequence, sequence))
        bo.send(vp8(Source.CAMERA, 9000 + sequence, 500 + sequence, key=sequence % 20 == 1))
    sent = cem.slot(20)
    assert len(sent) == 30 + 20
    numbers = [parse_vp8(packet.payload) for packet in sent]
    for (one, first), (other, second) in pairwise(zip(sent, numbers, strict=True)):
        assert ahead(other.sequence, one.sequence) == 1
        assert 0 < (other.timestamp - one.timestamp) % (1 << 32) < 90_000 * 2
        assert first is not None
        assert second is not None
        assert first.picture_id is not None
        assert second.picture_id is not None
        assert (second.picture_id - first.picture_id) & 0x7FFF == 1


def test_of_whom_nothing_comes_has_no_slot_that_others_would_wait_for() -> None:
    """Their laptop was closed: whoever finds their slot silent would think that the own connection brings nothing."""
    net, (ana, bo) = conversation(2)
    ana.send(opus(1))
    net.pass_time(MISSING_S - 0.2)
    assert (1, Source.MICROPHONE) in net.slots(2)
    net.pass_time(0.5)
    assert net.slots(2) == {}
    ana.send(opus(2))
    mid = net.slots(2)[1, Source.MICROPHONE]
    assert len(bo.slot(mid)) == 2


def test_who_switches_the_microphone_on_has_a_slot_before_anything_comes() -> None:
    net, (ana, _) = conversation(2)
    ana.send(opus(1))
    net.sfu.receive_order(Publish(1, 0), net.now)
    net.pass_time(2 * MISSING_S)
    net.sfu.receive_order(Publish(1, 1), net.now)
    assert (1, Source.MICROPHONE) in net.slots(2)
    net.pass_time(MISSING_S / 2)
    assert (1, Source.MICROPHONE) in net.slots(2)


def test_the_loudest_have_the_slots_when_there_are_more_than_sixteen() -> None:
    net, clients = conversation(20)
    for sequence in range(1, 151):
        net.pass_time(0.02)
        for number, client in enumerate(clients, 1):
            loud = number in (18, 19, 20)
            client.send(opus(sequence, level=15 if loud else 100, ssrc=number))
    seated = {leg for leg, _ in net.slots(1)}
    assert seated >= {18, 19, 20}
    assert len(seated) == 16


def test_reports_say_loss_and_the_clock_of_the_slot() -> None:
    net, (ana, bo) = conversation(2)
    for sequence in range(1, 101):
        net.pass_time(0.02)
        if sequence % 5:
            ana.send(opus(sequence))
        if sequence == 50:
            ana.say(rtcp.pack_sender_report(rtcp.SenderReport(5, 1 << 60, 50 * 960, 50, 250)))
    blocks = [each for each in ana.feedback if isinstance(each, rtcp.ReceiverBlock)]
    assert abs(blocks[-1].fraction / 256 - 0.2) < 0.04
    assert blocks[-1].last == (1 << 60) >> 16 & 0xFFFF_FFFF
    reports = [each for each in bo.feedback if isinstance(each, rtcp.SenderReport)]
    mid = net.slots(2)[1, Source.MICROPHONE]
    assert reports[-1].ssrc == bo.ssrc_of(mid)
    newest = bo.slot(mid)[-1]
    assert abs(ahead(reports[-1].timestamp, newest.timestamp, 32)) < 48_000
    assert reports[-1].packets <= len(bo.slot(mid))


def test_a_client_that_loses_much_gets_fewer_pictures_and_hears_why() -> None:
    net, (ana, bo) = conversation(2)
    for sequence in range(1, 250):
        net.pass_time(0.02)
        ana.send(vp8(Source.CAMERA, sequence, sequence, key=sequence == 1))
        if sequence % 25 == 0:
            block = rtcp.ReceiverBlock(bo.ssrc_of(20), 80, 9, sequence, 0, 0, 0)
            bo.say(rtcp.pack_receiver_report(1, [block]))
    limits = [each for each in net.notices if isinstance(each, Limited)]
    assert [(each.leg, each.level, each.reason) for each in limits] == [(2, 1, 2)]


def test_above_its_limit_the_worker_takes_pictures_and_never_sound() -> None:
    net = Net(packets_s=100)
    clients = [net.client(leg) for leg in (1, 2, 3)]
    for leg in (1, 2, 3):
        net.hear(leg, *({1, 2, 3} - {leg}))
    for second in range(6):
        for number in range(50):
            net.pass_time(0.02)
            at = second * 50 + number + 1
            for client in clients:
                client.send(vp8(Source.CAMERA, at, at, key=at % 10 == 1, ssrc=70 + client.leg))
                client.send(opus(at, ssrc=50 + client.leg))
        net.sfu.figures(net.now, busy=0.1, unsent=0, sent_bytes=0)
    levels = [each.level for each in net.notices if isinstance(each, Limited) and each.leg == 1]
    assert levels == [Level.FEWER_PICTURES, Level.SOUND_ONLY]
    assert {source for _, source in net.slots(1)} == {Source.MICROPHONE}


def test_a_stranger_gets_nothing_and_changes_nothing() -> None:
    net, (ana, bo) = conversation(2)
    stranger = ("203.0.113.9", 9)
    for data in (b"", b"\x00", b"\x80" * 40, b"\x16\xfe\xfd" + bytes(40), b"\xff" * 200, opus(1)):
        net.to_sfu(data, stranger)
    ana.check(password="guess", address=stranger)
    assert net.unsent == []
    ana.check(address=("198.51.100.1", 40_001))
    ana.send(opus(1))
    assert len(bo.received) == 1


def test_a_client_that_moves_to_another_network_is_followed() -> None:
    _net, (ana, bo) = conversation(2)
    bo.check(address=("203.0.113.50", 1234))
    ana.send(opus(1))
    assert len(bo.received) == 1
    bo.send(opus(1))
    assert len(ana.received) == 1


def test_addresses_without_end_are_forgotten_again() -> None:
    net, (ana, _) = conversation(2)
    for port in range(500):
        ana.check(address=("203.0.113.50", 1000 + port))
    assert len(net.sfu._by_address) <= 18


def test_a_handshake_that_is_faster_than_the_answer_is_not_lost() -> None:
    net = Net()
    client = net.offered(1)
    client.connect()
    assert not client.connected
    net.sfu.receive_order(Answer(1, client.answer()), net.now)
    assert client.connected
    assert states(net, 1) == [LegState.CONNECTED]


def test_another_certificate_than_promised_gets_no_keys() -> None:
    net = Net()
    client = net.offered(1)
    net.sfu.receive_order(Answer(1, client.answer(fingerprint=":".join(["00"] * 32))), net.now)
    client.connect()
    assert states(net, 1) == [LegState.CONNECTING, LegState.FAILED]


def test_a_client_that_falls_silent_is_gone_after_a_while() -> None:
    net, _ = conversation(2)
    net.pass_time(SILENT_S + 1)
    assert states(net, 1)[-1] == LegState.FAILED


def test_an_offer_that_nobody_answers_fails() -> None:
    net = Net()
    net.offered(1)
    net.pass_time(11)
    assert states(net, 1) == [LegState.FAILED]


def layers(ana: Client, sequence: int, rids: bytes, *, key: bool = False) -> None:
    """One frame in these layers of the camera."""
    for rid, ssrc, size in ((b"l", 70, 100), (b"h", 71, 1000)):
        if rid in rids:
            data = bytearray(vp8(Source.CAMERA, sequence, sequence, key=key, ssrc=ssrc, size=size))
            data[0] = 0x90
            ana.send(bytes(data[:12]) + b"\xbe\xde\x00\x01" + bytes([0x20, rid[0], 0, 0]) + bytes(data[12:]))


def test_a_layer_that_the_browser_stops_is_replaced_by_the_other() -> None:
    net = Net(simulcast=True)
    ana, bo = net.client(1), net.client(2)
    net.hear(2, 1)
    net.sfu.receive_order(Look(2, 6, ((1, 1, 2),)), net.now)
    for sequence in range(1, 200):
        net.pass_time(0.02)
        layers(ana, sequence, b"lh" if sequence < 100 else b"l", key=sequence % 40 == 1)
    sizes = [len(packet.payload) for packet in bo.slot(20)]
    assert sizes[90] == 1006
    assert sizes[-1] == 106
    assert len(sizes) > 110


@pytest.mark.parametrize("large", [False, True])
def test_of_two_layers_the_one_that_is_wanted_is_sent(large: bool) -> None:
    net = Net(simulcast=True)
    ana, bo = net.client(1), net.client(2)
    net.hear(2, 1)

    net.sfu.receive_order(Look(2, 6, ((1, 1, 1),)), net.now)
    for sequence in range(1, 20):
        layers(ana, sequence, b"lh", key=sequence == 1)
    assert {len(packet.payload) for packet in bo.slot(20)[2:]} == {106}
    if large:
        net.sfu.receive_order(Look(2, 6, ((1, 1, 2),)), net.now)
        layers(ana, 20, b"lh")
        assert len(bo.slot(20)[-1].payload) == 106, "until there is a keyframe of the other"
        layers(ana, 21, b"lh", key=True)
        assert len(bo.slot(20)[-1].payload) == 1006
        sequences = [packet.sequence for packet in bo.slot(20)]
        assert all(ahead(b, a) == 1 for a, b in pairwise(sequences))
