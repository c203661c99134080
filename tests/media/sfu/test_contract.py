"""What the SFU needs of the libraries beneath it, also of parts that are not promised to anybody: when one of these
fails after an upgrade, look at the module that is named before looking anywhere else."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

import pylibsrtp
import pytest
from aioice import stun
from OpenSSL import SSL
from pylibsrtp import Policy, Session

from server.dtls import Identity
from server.media.sfu import dtls, srtp


def test_the_versions_are_those_that_were_tried() -> None:
    assert version("aioice") == "0.13.0"
    assert version("pylibsrtp") == "1.0.0"


def test_the_worker_needs_no_codec() -> None:
    """It never decodes: neither aiortc nor FFmpeg is even loaded. `server/media/sfu/worker.py`"""
    code = "import sys, server.media.sfu.worker; print(sorted({'av', 'aiortc', 'numpy'} & sys.modules.keys()))"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert loaded.stdout.strip() == "[]"


def test_stun_is_parsed_before_its_integrity_is_known() -> None:
    """`server/media/sfu/ice_lite.py` finds the leg by the name, and then asks with that leg's password."""
    message = stun.Message(
        stun.Method.BINDING, stun.Class.REQUEST, attributes={"USERNAME": "a:b", "USE-CANDIDATE": None}
    )
    message.add_message_integrity(b"secret")
    parsed = stun.parse_message(bytes(message))
    assert parsed.attributes["USERNAME"] == "a:b"
    assert "USE-CANDIDATE" in parsed.attributes
    assert parsed.check_message_integrity(b"secret")
    assert not parsed.check_message_integrity(b"other")
    with pytest.raises(ValueError, match="STUN"):
        stun.parse_message(b"\x00\x01\x00\x08" + bytes(16))


def test_an_answer_to_a_check_has_the_mapped_address_of_both_families() -> None:
    for address in (("192.0.2.1", 1), ("2001:db8::1", 65_535)):
        message = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, attributes={"XOR-MAPPED-ADDRESS": address})
        assert stun.parse_message(bytes(message)).attributes["XOR-MAPPED-ADDRESS"] == address


def test_openssl_speaks_dtls_over_memory_and_exports_keys() -> None:
    """`server/dtls.py`, `server/media/sfu/dtls.py`"""
    for name in ("DTLSv1_get_timeout", "DTLSv1_handle_timeout", "export_keying_material", "get_selected_srtp_profile"):
        assert hasattr(SSL.Connection, name)
    connection = Identity(dtls.SRTP_PROFILES).accept()
    with pytest.raises(SSL.WantReadError):
        connection.do_handshake()
    with pytest.raises(SSL.Error):
        connection.bio_read(1)


def test_aes_gcm_is_there_and_comes_first() -> None:
    assert [profile.name for profile in dtls._PROFILES] == [b"SRTP_AEAD_AES_128_GCM", b"SRTP_AES128_CM_SHA1_80"]


@pytest.mark.parametrize("profile", [Policy.SRTP_PROFILE_AEAD_AES_128_GCM, Policy.SRTP_PROFILE_AES128_CM_SHA1_80])
def test_the_same_number_may_be_sent_again_and_a_late_packet_is_taken(profile: int) -> None:
    """NACK: what was lost is sent again with its number, many numbers later."""
    key = bytes(range(30))[: 28 if profile == Policy.SRTP_PROFILE_AEAD_AES_128_GCM else 30]
    policies = [Policy(key, kind, srtp_profile=profile) for kind in (Policy.SSRC_ANY_OUTBOUND, Policy.SSRC_ANY_INBOUND)]
    for policy in policies:
        policy.allow_repeat_tx, policy.window_size = True, dtls.REPLAY_WINDOW
    out, back = Session(policies[0]), Session(policies[1])
    packets = [b"\x80\x60" + n.to_bytes(2, "big") + bytes(8) + b"payload" for n in range(900)]
    sealed = [out.protect(packet) for packet in packets]
    assert out.protect(packets[899]) == sealed[899]
    assert out.protect(packets[10]) == sealed[10]
    assert back.unprotect(sealed[899]) == packets[899]
    assert back.unprotect(sealed[10]) == packets[10], "889 numbers late"


@pytest.mark.parametrize("profile", [Policy.SRTP_PROFILE_AEAD_AES_128_GCM, Policy.SRTP_PROFILE_AES128_CM_SHA1_80])
def test_what_goes_out_is_encrypted_by_the_librarys_own_parts_as_the_library_does_it(profile: int) -> None:
    """`server/media/sfu/srtp.py` takes `pylibsrtp._binding` and `Session._srtp`."""
    policy = Policy(
        bytes(range(28 if profile == Policy.SRTP_PROFILE_AEAD_AES_128_GCM else 30)),
        Policy.SSRC_ANY_OUTBOUND,
        srtp_profile=profile,
    )
    ours, theirs = srtp.Outbound(policy), Session(policy)
    for number, size in enumerate((0, 1, 1100, srtp.MAX_BYTES - 12)):
        packet = b"\x80\x60" + number.to_bytes(2, "big") + bytes(8) + bytes(size)
        if size < 1300:
            assert ours.protect(packet) == theirs.protect(packet)
        else:
            assert len(ours.protect(packet)) > len(packet), "longer ones than the library takes"
    with pytest.raises(pylibsrtp.Error):
        ours.protect(b"no packet")
    with pytest.raises(ValueError, match="too long"):
        ours.protect(bytes(srtp.MAX_BYTES + 1))
    report = b"\x80\xc9\x00\x01\x00\x00\x00\x01"
    assert ours.protect_rtcp(report) == theirs.protect_rtcp(report)
