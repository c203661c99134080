"""What a leg of the built-in SFU looks like in SDP: one offer, always of the same form, and the little its answer says.

The sections stand in STANDARD.md section 7.3. Because the server says everything, an answer holds four values of
interest, and nothing else of it is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from protocol.constants import MAX_PICTURES, MAX_SOUNDS, Source
from server.media.sfu.ice_lite import Address, Credentials

PAYLOAD_TYPES: Final = {Source.MICROPHONE: 111, Source.CAMERA: 96, Source.SCREEN: 98, Source.SCREEN_SOUND: 110}
"""By source, so that a packet says what it is by its payload type alone."""
SOURCE_OF: Final = {payload_type: source for source, payload_type in PAYLOAD_TYPES.items()}
SOUND_PAYLOAD: Final = 111
PICTURE_PAYLOAD: Final = 96
SOUND_MIDS: Final = range(4, 4 + MAX_SOUNDS)
PICTURE_MIDS: Final = range(4 + MAX_SOUNDS, 4 + MAX_SOUNDS + MAX_PICTURES)
LEVEL_EXTENSION: Final = 1
RID_EXTENSION: Final = 2
MID_EXTENSION: Final = 3
START_KBIT: Final = 600
_FEEDBACK: Final = ("goog-remb", "ccm fir", "nack", "nack pli")
_MAX_LINES: Final = 2000


@dataclass(frozen=True, slots=True)
class Offer:
    """What an offer is made of. `slots`: SSRC by mid, of mid 4 and up. `simulcast`: ask for two layers of a camera."""

    credentials: Credentials
    fingerprint: str
    addresses: tuple[Address, ...]
    slots: dict[int, int]
    simulcast: bool = False

    def text(self) -> str:
        """The SDP."""
        mids = [0, 1, 2, 3, *SOUND_MIDS, *PICTURE_MIDS]
        lines = [
            "v=0",
            "o=- 1 1 IN IP4 0.0.0.0",
            "s=-",
            "t=0 0",
            "a=ice-lite",
            "a=group:BUNDLE " + " ".join(map(str, mids)),
            "a=msid-semantic: WMS *",
        ]
        for mid in mids:
            lines += self._section(mid)
        return "\r\n".join(lines) + "\r\n"

    def _section(self, mid: int) -> list[str]:
        sends = mid > 3
        source = Source(mid) if not sends else None
        is_sound = mid in SOUND_MIDS or source in (Source.MICROPHONE, Source.SCREEN_SOUND)
        slot_payload = SOUND_PAYLOAD if is_sound else PICTURE_PAYLOAD
        payload_type = slot_payload if source is None else PAYLOAD_TYPES[source]
        lines = [
            f"m={'audio' if is_sound else 'video'} 9 UDP/TLS/RTP/SAVPF {payload_type}",
            "c=IN IP4 0.0.0.0",
            "a=rtcp:9 IN IP4 0.0.0.0",
            f"a=ice-ufrag:{self.credentials.fragment}",
            f"a=ice-pwd:{self.credentials.password}",
            f"a=fingerprint:sha-256 {self.fingerprint}",
            "a=setup:actpass",
            f"a=mid:{mid}",
            f"a={'sendonly' if sends else 'recvonly'}",
            "a=rtcp-mux",
        ]
        if is_sound:
            stereo = ";stereo=1" if source is Source.SCREEN_SOUND else ""
            lines += [
                f"a=rtpmap:{payload_type} opus/48000/2",
                f"a=fmtp:{payload_type} minptime=10;useinbandfec=1{stereo}",
            ]
        else:
            lines.append(f"a=rtpmap:{payload_type} VP8/90000")
            lines += [f"a=rtcp-fb:{payload_type} {feedback}" for feedback in _FEEDBACK]
            if not sends:
                lines.append(f"a=fmtp:{payload_type} x-google-start-bitrate={START_KBIT}")
        if sends:
            lines += [f"a=msid:slot{mid} slot{mid}", f"a=ssrc:{self.slots[mid]} cname:hallway"]
        elif is_sound:
            lines.append(f"a=extmap:{LEVEL_EXTENSION} urn:ietf:params:rtp-hdrext:ssrc-audio-level")
        if source is Source.CAMERA and self.simulcast:
            lines += [
                f"a=extmap:{RID_EXTENSION} urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
                f"a=extmap:{MID_EXTENSION} urn:ietf:params:rtp-hdrext:sdes:mid",
                "a=rid:l recv",
                "a=rid:h recv",
                "a=simulcast:recv l;h",
            ]
        # In each section, although they are bundled: some clients read those of the last one.
        lines += [_candidate(index, address) for index, address in enumerate(self.addresses)]
        return [*lines, "a=end-of-candidates"]


def _candidate(index: int, address: Address) -> str:
    host, port = address
    # RFC 8445 section 5.1.2.1: host candidates, IPv6 before IPv4.
    preference = 65535 - index - (0 if ip_address(host).version == 6 else 1000)
    priority = 126 << 24 | preference << 8 | 255
    return f"a=candidate:{index + 1} 1 udp {priority} {host} {port} typ host"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client's answer says of how it connects."""

    fragment: str
    password: str
    fingerprint: str


_FRAGMENT: Final = re.compile(r"[A-Za-z0-9+/]{4,256}")
_PASSWORD: Final = re.compile(r"[A-Za-z0-9+/]{22,256}")
_FINGERPRINT: Final = re.compile(r"(?:[0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2}")


def parse_answer(text: str) -> Answer | None:
    """The answer to an `Offer`; None: it can not be used. It is bundled: the first of each attribute counts for all."""
    lines = text.splitlines()
    if len(lines) > _MAX_LINES:
        return None
    found: dict[str, str] = {}
    for line in lines:
        if line.startswith("a="):
            name, _, value = line[2:].partition(":")
            if name == "fingerprint":
                algorithm, _, value = value.partition(" ")
                if algorithm.lower() != "sha-256":
                    continue
            found.setdefault(name, value.strip())
    fragment, password = found.get("ice-ufrag", ""), found.get("ice-pwd", "")
    fingerprint = found.get("fingerprint", "")
    # The server waits to be greeted: a client that waits, too, would wait for ever.
    if found.get("setup") != "active" or "ice-lite" in found:
        return None
    if not (_FRAGMENT.fullmatch(fragment) and _PASSWORD.fullmatch(password) and _FINGERPRINT.fullmatch(fingerprint)):
        return None
    return Answer(fragment, password, fingerprint)
